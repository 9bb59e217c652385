"""Each check of printed sheets finds what is broken: sheets that are broken on purpose, next to a sound one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

import colors
import pdf
import printed_layout as layout
import printed_order as order
import printed_paint as paint
from cheatdeck.diagrams import Picture
from cheatdeck.edition import Edition
from cheatdeck.index import entries
from cheatdeck.paths import Paths
from cheatdeck.sheet import render_sheet
from cheatdeck.typeset import Paper, render_pdf
from notes import page, read, write_notebook
from wanted import Wanted

TEMPLATES = Paths.of(Path(), Path()).templates / "sheet"
DATED = Edition("1.2.3", 1_700_000_000, dated=True)
PICTURE = Picture(
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" viewBox="0 0 200 60">'
    '<rect width="200" height="60" fill="#eef3f8"/><text x="20" y="40" font-family="FiraGO" font-size="16">Box</text>'
    "</svg>",
    200,
    60,
)
FIGURE = """<figure id="{0}"{1}><pre class="mermaid">flowchart TB
  accDescr: A box of {0}.
  A[Box]</pre><figcaption>What is in {0}?</figcaption></figure>"""
FILLER = "".join(f"<p>{number} {'Words that fill a column of the sheet. ' * 12}</p>" for number in range(25))
ONE = f"""<p class="remember">Know this.</p>
<p id="first">A first sentence, <mark>marked</mark> in one place.</p>
<p id="tiny">A tiny sentence.</p>
<p id="pale">A pale sentence.</p>
<p id="far">A sentence that does not stand where it should.</p>
<p id="under">A sentence with another on top of it.</p>
<p id="over">Another sentence.</p>
<ul><li>It was <del>so</del> <ins datetime="2025-08">such</ins>, up to <data value="most">4 days</data>.</li></ul>
<dl><div id="pair"><dt>What is asked?</dt><dd>An answer, see <a href="02.html#two">the other</a></dd></div></dl>
{FIGURE.format("narrow", "")}
{FIGURE.format("wide", ' class="wide"')}
<table><caption>compared</caption><thead><tr><th>What</th><th>A</th></tr></thead>
<tbody><tr><th>Size</th><td>4 KB</td></tr></tbody></table>
<pre><code class="language-yaml">a: 1  # note</code></pre>
<section id="deep"><h2>Deep</h2><p>A <dfn>term</dfn>.</p><section id="deeper"><h3>Deeper</h3><p>End.</p></section>
</section>"""
LIMITS = """[most]
subject = "Longest stay"
value = "4 days"
kind = "maximum"
section = "deep"
"""
CROOKED = """
#tiny { font-size: 4pt } #pale { color: #999 } #far { margin-left: -8mm } #over { margin-top: -3.5mm }
pre { margin-right: -3mm } .subtitle { margin-left: -14mm }
@page { @top-right { margin-bottom: -12mm } } main h3 { break-after: column }"""
CONFUSED = """
.contents .page::after { content: "9" } h2 { bookmark-level: none } main h1 { break-before: page }
@page { @bottom-right { content: "Page 9 of 9" } @top-left { content: "One" } @left-middle { content: none } }
.thumb.group1 { top: 60% } #last ~ .thumb { top: 80% } .thumb.group0 { border-color: #f00 }"""
HUE1, HUE2, *_ = colors.of_groups((TEMPLATES / "base.css").read_text(encoding="utf-8"))
Check = Callable[[bytes], list[str]]
Change = Callable[[pikepdf.Pdf], object]


@dataclass(frozen=True)
class Printed:
    """Notes printed as they should be: the HTML that is laid out, the words that it has to show, the sheet."""

    notes: Wanted
    html: str
    words: str
    sound: bytes

    @property
    def headings(self) -> list[tuple[int, str]]:
        return [*((section.level, section.heading) for section in self.notes.sections), (1, "Limits"), (1, "Index")]


def print_notes(folder: Path, two: str) -> Printed:
    """Print two chapters, the second one as given."""
    notebook, problems, _ = read(
        write_notebook(folder, chapter_1=page(ONE), chapter_2=page(two, "two", "Two"), limits=LIMITS)
    )
    assert problems == []
    html = render_sheet(notebook, {"narrow": PICTURE, "wide": PICTURE}, DATED, TEMPLATES)
    sound = render_pdf(html, [PICTURE], Paper.A4).data
    notes, places = Wanted(folder, DATED.label), pdf.destinations(sound)
    return Printed(notes, html, notes.sheet(lambda key: str(places[key][0] + 1), entries(notebook)), sound)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return print_notes(tmp_path_factory.mktemp("short") / "notes", "<p>Second.</p>")


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    two = f'{FILLER}<section id="last"><h2>Last</h2>{FILLER}</section>'
    return print_notes(tmp_path_factory.mktemp("long") / "notes", two)


@pytest.fixture(scope="module")
def crooked(short: Printed) -> bytes:
    """The short notes, their letters out of place, size and color."""
    return render_pdf(short.html.replace("</style>", f"{CROOKED}</style>"), [PICTURE], Paper.A4).data


@pytest.fixture(scope="module")
def confused(long: Printed) -> bytes:
    """The long notes, their pages numbered, named and marked wrongly, and one of them left empty."""
    return render_pdf(long.html.replace("</style>", f"{CONFUSED}</style>"), [PICTURE], Paper.A4).data


def found(check: Check, broken: bytes, sound: bytes) -> list[str]:
    """Return the faults that a broken sheet has and the sound one has not."""
    before = check(sound)
    return [fault for fault in check(broken) if fault not in before]


def test_all_words_of_the_sound_sheets_are_found(short: Printed, long: Printed) -> None:
    assert order.wrong_words(short.sound, short.words) == []
    assert order.wrong_words(long.sound, long.words) == []


@pytest.mark.parametrize(
    ("check", "faults"),
    [
        (
            layout.outside,
            [
                "page 1: EX-1·2chapters·4sections·1limit stands from 2.8",
                "page 1: Asentencethatdoesnotstandwhereitshould. stands from 198.5",
                "page 1: Index of head or foot stands among the text",
                "page 1: EX-1 stands at the edge of the paper",
            ],
        ),
        (layout.overlapping, ["page 1: A stands on A", "page 1: A stands on A"]),
        (lambda sheet: layout.small(sheet, 6), ["page 1: Atinysentence."]),
        (lambda sheet: layout.stranded(sheet, *order.HEADINGS), ["page 1: 1.1.1Deeper stands alone"]),
        (paint.pale, ["page 1: A… has a contrast of 2.85", "page 1: A… has a contrast of 1.81"]),
        (paint.not_black, ["page 1: Apalesentence. is (153, 153, 153)"]),
        (paint.painted_between, ["page 1: painted between 209", "page 1: painted between 215"]),
    ],
)
def test_letters_that_are_hard_to_read_are_found(
    short: Printed, crooked: bytes, check: Check, faults: list[str]
) -> None:
    actual = found(check, crooked, short.sound)
    assert [fault[: len(start)] for fault, start in zip(actual, faults, strict=True)] == faults


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (order.wrong_feet, "page 3: A small notebook · Version 1.2.3 · 2023-11-14Page 9 of 9"),
        (order.wrong_heads, 'page 3: "One" and "2 Two" instead of "2 Two" and "2 Two"'),
        (order.wrong_page_numbers, "Last9 leads to page 3"),
        (paint.empty, "page 1: 8% filled"),
    ],
)
def test_pages_that_are_numbered_named_or_filled_wrongly_are_found(
    long: Printed, confused: bytes, check: Check, fault: str
) -> None:
    assert fault in found(check, confused, long.sound)


def test_bookmarks_that_are_missing_are_found(long: Printed, confused: bytes) -> None:
    def check(sheet: bytes) -> list[str]:
        return order.wrong_bookmarks(sheet, long.headings)

    assert found(check, confused, long.sound) == [
        "no bookmark 1.1Deep at depth 2",
        "no bookmark 1.1.1Deeper at depth 3",
        "no bookmark 2.1Last at depth 2",
        "a bookmark 1.1.1Deeper at depth 2",
    ]


def test_marks_of_other_groups_and_marks_at_the_spine_are_found(long: Printed, confused: bytes) -> None:
    def check(sheet: bytes) -> list[str]:
        return paint.wrong_marks(sheet, {"1 One": (0, HUE1), "2 Two": (1, HUE2)})

    faults = found(check, confused, long.sound)
    assert [fault for fault in faults if fault.startswith("page 2: [Mark(") and "(255, 0, 0)" in fault]
    assert "page 3: something is painted at the spine" in faults


def test_marks_that_do_not_line_up_are_found(long: Printed, confused: bytes) -> None:
    def check(sheet: bytes) -> list[str]:
        return paint.wrong_marks(sheet, {"2 Two": (1, HUE2)})

    assert [fault for fault in found(check, confused, long.sound) if fault.startswith("marks of group 2 stand from")]


# The sound sheet with some of its objects changed


def changed(sheet: bytes, change: Change) -> bytes:
    with pdf.opened(sheet) as document:
        change(document)
        document.save(out := BytesIO())
    return out.getvalue()


def body(document: pikepdf.Pdf) -> pikepdf.Object:
    """Return the first page's element that holds the columns."""
    return next(kid for kid in document.Root.StructTreeRoot.K[0].K if kid.S == "/Part")


def elements(node: pikepdf.Object, kind: str) -> Iterator[pikepdf.Object]:
    """Yield the elements of a kind that stand in an element, in reading order."""
    kids = node.get("/K", pikepdf.Array())
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else ():
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if f"/{kind}" == kid.S:
                yield kid
            yield from elements(kid, kind)


def paragraphs(column: pikepdf.Object) -> list[int]:
    return [place for place, kid in enumerate(column.K) if kid.S == "/P"]


def lose(document: pikepdf.Pdf) -> None:
    column = body(document).K[0]
    del column.K[paragraphs(column)[2]]


def double(document: pikepdf.Pdf) -> None:
    column = body(document).K[0]
    column.K.append(column.K[paragraphs(column)[3]])


def swap(document: pikepdf.Pdf) -> None:
    column = body(document).K[0]
    one, other = paragraphs(column)[1:3]
    column.K[one], column.K[other] = column.K[other], column.K[one]


@pytest.mark.parametrize(
    ("change", "given", "shown"),
    [
        (lose, "tinysentence.A", ""),
        (double, "", "palesentence.A"),
        (swap, "firstsentence,markedinoneplace.Atinysenten", "tinysentence.Afirstsentence,markedinonepla"),
    ],
)
def test_words_that_are_lost_doubled_or_moved_are_found(short: Printed, change: Change, given: str, shown: str) -> None:
    (fault,) = order.wrong_words(changed(short.sound, change), short.words)
    assert f"[{given}]" in fault
    assert fault.endswith(f"is shown as [{shown}]")


def rename(kind: str, other: str) -> Change:
    """Return a change that makes the body's first element of a kind one of another."""

    def change(document: pikepdf.Pdf) -> None:
        next(elements(body(document), kind)).S = pikepdf.Name(f"/{other}")

    return change


def forget(kind: str, *path: str) -> Change:
    """Return a change that takes something off the body's first element of a kind."""

    def change(document: pikepdf.Pdf) -> None:
        owner = next(elements(body(document), kind))
        *parents, name = path
        for parent in parents:
            owner = owner[parent]
        del owner[name]

    return change


def forget_language(document: pikepdf.Pdf) -> None:
    del document.Root["/Lang"]


def lead(target: str) -> Change:
    """Return a change that lets the first link lead elsewhere."""

    def change(document: pikepdf.Pdf) -> None:
        link = document.pages[0].Annots[0]
        if target.startswith("https:"):
            del link["/Dest"]
            link.A = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=target)
        else:
            link.Dest = pikepdf.String(target)

    return change


def move_a_place(document: pikepdf.Pdf) -> None:
    places = pikepdf.NameTree(document.Root.Names.Dests)
    places["deep"] = pikepdf.Array([document.pages[0].obj, pikepdf.Name.XYZ, 0, 0, 0])


def write_untagged(document: pikepdf.Pdf) -> None:
    page = document.pages[0]
    plain = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources.Font["/Plain"] = plain
    page.contents_add(b"BT /Plain 9 Tf 90 90 Td (stray) Tj ET")


def spoil_a_font(document: pikepdf.Pdf) -> None:
    described = [thing for thing in document.objects if layout.kind_of(thing) == "/FontDescriptor"]
    del described[0]["/FontFile2"]
    for thing in document.objects:
        if layout.kind_of(thing) == "/Font" and thing.BaseFont == described[0].FontName:
            thing.BaseFont = pikepdf.Name.Arial


@pytest.mark.parametrize(
    ("check", "change", "faults"),
    [
        (order.wrong_lists, rename("LI", "P"), ["P in L, 1 times"]),
        (order.wrong_lists, rename("LBody", "P"),
         ["P in LI, 1 times", "LI without a body: • It was so in older questions"]),
        (order.wrong_tables, forget("TD", "/A", "/Headers"), ["table ComparedWhatASize4 KB: 4 KB lacks headings"]),
        (order.wrong_pictures, forget("Figure", "/Alt"), ["picture Box has no alternative text"]),
        (order.empty_elements, forget("P", "/K"), ["an empty P"]),
        (order.untagged, write_untagged, ["page 1: stray"]),
        (order.wrong_link_tags, rename("L", "Link"), ["a link to  has links within it"]),
        (order.wrong_link_tags, rename("Link", "Form"), ["1 links are tagged as Form"]),
        (lambda sheet: order.wrong_links(sheet, {"https://a.example/"}), lead("nowhere"),
         ["page 1: a link to nowhere"]),
        (lambda sheet: order.wrong_links(sheet, {"https://a.example/"}), lead("https://b.example/"),
         ["page 1: a link to https://b.example/"]),
        (lambda sheet: order.wrong_links(sheet, {"https://a.example/"}), lead("https://a.example/"), []),
        (lambda sheet: order.wrong_document(sheet, "A small notebook: cheat sheet", "en"), forget_language,
         ["no language en"]),
        (lambda sheet: layout.wrong_fonts(sheet, {"FiraGO", "Fira Mono", "Noto Sans Symbols2"}), spoil_a_font,
         ["Arial is no subset", "Arial is none of ours", "Arial is not embedded"]),
    ],
)  # fmt: skip
def test_objects_that_are_wrong_are_found(short: Printed, check: Check, change: Change, faults: list[str]) -> None:
    assert found(check, changed(short.sound, change), short.sound) == faults


def test_headings_that_skip_a_level_are_found(short: Printed) -> None:
    def check(sheet: bytes) -> list[str]:
        return order.wrong_headings(sheet, [(f"H{level}", text) for level, text in short.headings])

    assert found(check, changed(short.sound, rename("H2", "H4")), short.sound) == [
        "H2 1.1Deep is missing, or not in its place",
        "H4 1.1Deep is too many, or not in its place",
        "1.1 Deep skips a level",
    ]


def test_places_that_are_not_those_of_their_sections_are_found(short: Printed) -> None:
    def check(sheet: bytes) -> list[str]:
        return order.wrong_places(sheet, short.notes.sections)

    assert found(check, changed(short.sound, move_a_place), short.sound) == [
        "deep leads to page 1, 0 842: not to 1.1 Deep"
    ]


def test_colors_that_are_alike_in_grey_are_found() -> None:
    style = ".hue1 { --accent: #000000 } .hue3 { --accent: #ffffff } .hue2 { --accent: #0a0a0a }"
    black, grey, white = colors.of_groups(style)
    assert (black, grey, white) == ((0, 0, 0), (10, 10, 10), (255, 255, 255))
    assert colors.alike([black, grey, white], 12) == [(black, grey)]
    assert round(colors.lightness((119, 119, 119)), 1) == 50.0
    assert round(colors.contrast(white, (119, 119, 119)), 2) == 4.48
