"""Sheets as they come out of WeasyPrint, read back from the PDF."""

import pickle
import re
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

import dump
import pdf
import printed_layout as layout
from cheatdeck.diagrams import MOST_WIDTH, Picture, draw, too_large
from cheatdeck.edition import Edition
from cheatdeck.model import Diagram, Notebook
from cheatdeck.paths import Paths
from cheatdeck.rules import check
from cheatdeck.sheet import render_limits, render_sheet
from cheatdeck.typeset import FONTS, Paper, SheetError, render_fitting, render_pdf
from notes import page, read, write_notebook

TEMPLATES = Paths.of(Path(), Path()).templates / "sheet"
DATED = Edition("1.2.3", 1_700_000_000, dated=True)
FIGURE = """<figure id="picture"><pre class="mermaid">
flowchart TB
  accDescr: Left leads to right.
  A[Left] --> B[Right]
</pre><figcaption>What leads to right?</figcaption></figure>"""
BODY = f"""<p id="cloze">See &lt;this&gt; <mark>marked</mark> text, up to <data value="short">4 days</data></p>
<dl><div id="pair"><dt>What is asked?</dt><dd>An answer</dd></div></dl>
{FIGURE}
<section id="deep" data-tasks="1.2"><h2>Deeper &amp; down</h2>
<p>At most <data value="most">4 days</data>, see <a href="#pair">above</a> and <a href="02.html#two">the other</a></p>
<section id="deepest"><h3>Deepest</h3>
<details id="case"><summary>A case?</summary><p>Do this → ≤ ✓</p>
<pre><code class="language-json">{{"a": 1}}</code></pre></details>
<table><caption>Compared</caption><thead><tr><th>What</th><th>A</th></tr></thead>
<tbody><tr><th>Size</th><td>4 KB</td></tr></tbody></table>
</section></section>"""
LIMITS = """[most]
subject = "Longest stay"
value = "4 days"
kind = "maximum"
section = "deep"
note = "96 hours"
exam = "2 days"
aliases = ["short"]
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Notebook:
    folder = tmp_path_factory.mktemp("sheet") / "notes"
    two = page("<p>Second</p>", "two", "Two")
    found, problems, _ = read(write_notebook(folder, chapter_1=page(BODY), chapter_2=two, limits=LIMITS))
    assert [*problems, *check(found)] == []
    return found


@pytest.fixture(scope="module")
def pictures(notebook: Notebook, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Picture]:
    wanted = [block for block in notebook.chapters[0].blocks if isinstance(block, Diagram)]
    drawn, problems = draw(wanted, tmp_path_factory.mktemp("cache"), lambda _: None)
    assert problems == []
    return drawn


@pytest.fixture(scope="module")
def html(notebook: Notebook, pictures: dict[str, Picture]) -> str:
    return render_sheet(notebook, pictures, DATED, TEMPLATES)


@pytest.fixture(scope="module")
def sheet(html: str, pictures: dict[str, Picture]) -> bytes:
    return render_pdf(html, list(pictures.values()), Paper.A4).data


def test_every_section_has_a_bookmark_that_leads_to_its_number_and_title(sheet: bytes) -> None:
    headings = pdf.headings(sheet)
    assert [(heading.title, heading.depth) for heading in headings] == [
        ("1 One", 1),
        ("1.1 Deeper & down", 2),
        ("1.1.1 Deepest", 3),
        ("2 Two", 1),
        ("Limits", 1),
    ]
    shown = pdf.texts_at(sheet, headings, width=160)
    assert [text for heading, text in zip(headings, shown, strict=True) if not text.startswith(heading.title)] == []


def test_every_limit_has_a_row(sheet: bytes) -> None:
    assert ("1.1", "Longeststay", "4days", "96hours;exam:2days") in pdf.table_rows(sheet)


def test_a_table_whose_words_are_wider_than_a_column_stays_in_it(tmp_path: Path) -> None:
    words = ("Intelligent-Tiering", "milliseconds", "<code>com.amazonaws.vpce</code>", "unexpectedly", "availability")
    head, cells = ("".join(f"<{tag}>{word}</{tag}>" for word in words) for tag in ("th", "td"))
    table = f"<table><thead><tr>{head}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
    # Enough for the rules between columns to be there, by which they are found.
    text = "".join(f"<p>{'Text to read. ' * 40}</p>" for _ in range(24))
    notebook, _, _ = read(write_notebook(tmp_path, chapter_1=page(f"{table}{text}")))
    sheet = render_pdf(render_sheet(notebook, {}, DATED, TEMPLATES), [], Paper.A4).data
    assert layout.outside(sheet) == []
    assert [tuple(cell.replace("\N{HYPHEN}", "") for cell in row) for row in pdf.table_rows(sheet)] == [
        ("IntelligentTiering", "milliseconds", "com.amazonaws.vpce", "unexpectedly", "availability")
    ]


def test_all_text_is_there(sheet: bytes) -> None:
    text = pdf.text(sheet)
    for part in ("See <this> marked text", "What is asked?", "An answer", "A case?", "Do this → ≤ ✓", '{"a": 1}',
                 "see above and the other", "Compared", "4 KB", "Left", "Right", "What leads to right?"):  # fmt: skip
        assert part in text


def test_a_list_goes_on_with_its_numbers_behind_what_interrupts_it(tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("# T\n\n1. Build\n\n```sh\nmake\n```\n\n2. Push\n3. Tag\n", encoding="utf-8")
    book, _ = dump.read(notes)
    html = render_sheet(book, {}, DATED, TEMPLATES)
    assert re.findall("<ol.*?>", html) == ["<ol>", '<ol start="2">']
    text = pdf.text(render_pdf(html, [], Paper.A4).data)
    assert [item for item in ("1. Build", "2. Push", "3. Tag") if item not in text] == []


def test_only_fonts_of_the_package_are_used(sheet: bytes) -> None:
    families = {name.replace(" ", "").replace("-", "").lower() for name, _, _ in FONTS} | {"dejavusans"}
    used = {name.replace("-", "").lower() for name in pdf.fonts(sheet)}
    assert {name for name in used if not any(name.startswith(family) for family in families)} == set()


def test_text_is_black_and_marked_words_are_bold(sheet: bytes) -> None:
    looks = pdf.looks(sheet)
    assert looks["See"] == ("FiraGO", "black")
    assert looks["marked"] == ("FiraGO-Bold", "black")


def test_limits_and_links_lead_to_their_places(html: str) -> None:
    assert '<a class="limit short" href="#limit_most">4 days</a>' in html
    assert '<tr id="limit_most">' in html
    assert '<a href="#two">the other</a> <span class="number">2</span>' in html


def test_nothing_is_smaller_than_six_points(sheet: bytes) -> None:
    assert min(pdf.sizes(sheet)) >= 6


def test_head_and_foot_say_what_and_where(sheet: bytes) -> None:
    text = pdf.text(sheet)
    for part in (
        "A small notebook",
        "Version 1.2.3 · 2023-11-14",
        "Page 1 of 1",
        "EX-1 · 2 chapters · 4 sections · 1 limit",
    ):
        assert part in text


def test_the_sheet_is_tagged_and_has_title_and_language(sheet: bytes) -> None:
    with pdf.opened(sheet) as document:
        assert str(document.docinfo["/Title"]) == "A small notebook: cheat sheet"
        assert str(document.Root.Lang) == "en"
        assert bool(document.Root.MarkInfo.Marked)
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_pictures_have_alternative_text(sheet: bytes) -> None:
    assert pdf.alternative_texts(sheet) == ["Left leads to right."]


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_each_paper_is_laid_out_for_itself(
    html: str, pictures: dict[str, Picture], paper: Paper, size: tuple[int, int]
) -> None:
    with pdf.opened(render_pdf(html, list(pictures.values()), paper).data) as document:
        assert {(round(page.mediabox[2]), round(page.mediabox[3])) for page in document.pages} == {size}


def test_the_same_notes_give_the_same_bytes(html: str, pictures: dict[str, Picture], sheet: bytes) -> None:
    assert render_pdf(html, list(pictures.values()), Paper.A4).data == sheet


def test_a_warning_of_the_layout_stops_the_sheet(html: str, pictures: dict[str, Picture]) -> None:
    broken = html.replace('href="#pair"', 'href="#nowhere"')
    with pytest.raises(SheetError, match="nowhere"):
        render_pdf(broken, list(pictures.values()), Paper.A4)


def test_an_error_says_the_same_when_it_comes_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(SheetError("no such font")))  # noqa: S301 - made here
    assert str(error) == "The sheet cannot be laid out:\nno such font"


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "http://127.0.0.1:9/a.png", "https://example.com/a.png", "data:text/html,x", "a.png",
     "asset:other.svg"],
)  # fmt: skip
def test_nothing_is_loaded_that_was_not_handed_over(address: str) -> None:
    with pytest.raises(SheetError, match="was not handed"):
        render_pdf(f'<html lang="en"><title>t</title><img src="{address}" alt="a">', [], Paper.A4)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            "<ul><li>The name of every SQS FIFO queue ends in <strong><code>.fifo</code></strong>.</li></ul>",
            "The name of every SQS FIFO queue ends in",
        ),
        (
            """<dl><div id="a"><dt>How does user data run at each restart?</dt>
<dd>Add a cloud-config part (MIME multi-part) with <code>scripts-user, always</code></dd></div></dl>""",
            "Add a cloud-config part (MIME multi-part)",
        ),
    ],
)
def test_a_line_is_as_long_as_it_can_be_before_an_element(tmp_path: Path, body: str, line: str) -> None:
    notebook, problems, _ = read(write_notebook(tmp_path, chapter_1=page(body)))
    assert problems == []
    sheet = render_pdf(render_sheet(notebook, {}, DATED, TEMPLATES), [], Paper.A4).data
    assert [shown for shown in pdf.lines(sheet) if line in shown]
    assert "\N{ZERO WIDTH SPACE}" not in pdf.text(sheet)


def test_names_of_things_in_code_get_no_hyphens(tmp_path: Path) -> None:
    body = "".join(f"<p>{'in ' * number}needs kms:GenerateDataKeyWithoutPlaintext</p>" for number in range(4, 24))
    notebook, problems, _ = read(write_notebook(tmp_path, chapter_1=page(body)))
    assert problems == []
    sheet = render_pdf(render_sheet(notebook, {}, DATED, TEMPLATES), [], Paper.A4).data
    assert [line for line in pdf.lines(sheet) if line.endswith("\N{HYPHEN}")] == []


def test_short_sheets_fill_the_columns_of_their_contents_and_divide_long_tables(tmp_path: Path) -> None:
    rows = "".join(f"| row {number} | it says {number} |\n" for number in range(40))
    chapters = "".join(f"## Part {number}\n\nText\n\n" for number in range(8))
    (tmp_path / "notes.md").write_text(f"# T\n\n{chapters}| a | b |\n|---|---|\n{rows}", encoding="utf-8")
    notebook, _ = dump.read(tmp_path / "notes.md")
    sheet = render_pdf(render_sheet(notebook, {}, DATED, TEMPLATES), [], Paper.A4).data
    with pdfplumber.open(BytesIO(sheet)) as opened:
        words = opened.pages[0].crop((0, 40, 595, 800)).extract_words(extra_attrs=["size"])
    columns = {
        size: {round(word["x0"]) for word in words if word["text"] == text and round(word["size"], 1) == size}
        for text, size in (("Part", 7.0), ("says", 7.5))
    }
    assert {size: len(places) for size, places in columns.items()} == {7.0: 4, 7.5: 2}


WIDE = """<figure id="wide" class="wide"><pre class="mermaid">
flowchart LR
  accDescr: Six boxes in a row.
  A[First box] --> B[Second box] --> C[Third box] --> D[Fourth box] --> E[Fifth box] --> F[Sixth box]
</pre><figcaption>What follows the first?</figcaption></figure>"""


def test_a_wide_diagram_stands_across_the_columns(tmp_path: Path) -> None:
    body = f'<p>{"Before. " * 60}</p><section id="two"><h2>Two</h2>{WIDE}<p>{"After. " * 60}</p></section>'
    notebook, problems, _ = read(write_notebook(tmp_path, chapter_1=page(body)))
    wanted = [block for section in notebook.sections() for block in section.blocks if isinstance(block, Diagram)]
    pictures, refused = draw(wanted, tmp_path / "cache", lambda _: None)
    assert [*problems, *refused, *too_large(wanted, pictures)] == []
    assert pictures["wide"].width > MOST_WIDTH
    sheet = render_pdf(render_sheet(notebook, pictures, DATED, TEMPLATES), list(pictures.values()), Paper.A4).data
    column = (595 - 25.5 * 72 / 25.4) / 3
    with pdfplumber.open(BytesIO(sheet)) as opened:
        words = {word["text"]: word for page in opened.pages for word in page.extract_words(extra_attrs=["size"])}
    assert words["Sixthbox"]["x0"] - words["Firstbox"]["x0"] > 2 * column
    assert round(words["Firstbox"]["size"], 1) == 7.5
    before, after = (words[text] for text in ("Before.", "After."))
    assert before["bottom"] < words["Firstbox"]["top"] < after["top"]


def test_chapters_have_the_colors_and_marks_of_their_groups(tmp_path: Path) -> None:
    folder = write_notebook(
        tmp_path,
        chapter_1=page("<p>One</p>"),
        chapter_2=page("<p>Two</p>", "two"),
        chapter_3=page("<p>Three</p>", "three"),
    )
    with (folder / "notebook.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            '[groups.odd]\nname = "Odd"\nchapters = [1, 3]\n[groups.even]\nname = "Even"\nchapters = [2, 4]\n'
        )
    notebook, problems, _ = read(folder)
    assert problems == []
    html = render_sheet(notebook, {}, DATED, TEMPLATES)
    assert re.findall(r'<h1 id="(\w+)" class="([^"]+)"', html) == [
        ("one", "group0 hue1"), ("two", "group1 hue2"), ("three", "group0 hue1")
    ]  # fmt: skip
    assert re.findall(r'<li class="(hue\d+)">(\w+)</li>', html) == [("hue1", "Odd"), ("hue2", "Even")]
    assert re.findall(r"\.thumb\.(group\d) \{ top: ([\d.]+)% \}", html) == [("group0", "5.00"), ("group1", "55.00")]


def test_without_groups_each_chapter_has_a_color_and_a_mark_of_its_own(html: str) -> None:
    assert re.findall(r'<h1 id="(\w+)" class="([^"]+)"', html) == [("one", "group0 hue1"), ("two", "group1 hue2")]
    assert 'class="groups"' not in html


def many_limits(folder: Path, count: int) -> Notebook:
    entry = (
        '[limit-{0}]\nsubject = "Longest stay of guest {0}"\nvalue = "{0} days"\nkind = "maximum"\nsection = "one"\n'
    )
    remark = f'note = "{"a remark " * 8}of some length"\n'
    limits = "".join(entry.format(number) + remark for number in range(count))
    notebook, problems, _ = read(write_notebook(folder, chapter_1=page("<p>Text</p>"), limits=limits))
    assert problems == []
    return notebook


@pytest.mark.parametrize(("count", "shown"), [(20, {"remarks"}), (160, {"left out"})])
def test_remarks_stand_on_the_limits_sheet_as_long_as_it_is_one_sheet_of_paper(
    tmp_path: Path, count: int, shown: set[str]
) -> None:
    notebook = many_limits(tmp_path, count)
    versions = [render_limits(notebook, DATED, TEMPLATES, remarks=with_remarks) for with_remarks in (True, False)]
    printed, number = render_fitting(versions, Paper.LETTER, pages=2)
    assert printed.pages <= 2
    text = pdf.text(printed.data)
    said = {"remarks": "a remark a remark", "left out": "Remarks stand on the cheat sheet"}
    assert {what for what, words in said.items() if words in text} == shown
    assert number == (0 if "remarks" in shown else 1)
    assert len(pdf.table_rows(printed.data)) == count


def test_where_no_version_fits_it_is_the_last(tmp_path: Path) -> None:
    html = render_limits(many_limits(tmp_path, 30), DATED, TEMPLATES, remarks=False)
    printed, number = render_fitting([html, html], Paper.A4, pages=0)
    assert (printed.pages, number) == (1, 1)
