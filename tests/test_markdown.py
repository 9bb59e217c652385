"""Markdown as the reader of plain HTML gets it; what becomes of each piece stands in tests/markdown."""

import posixpath
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it.utils import read_fixture_file

from cheatdeck.command import main
from cheatdeck.frontmatter import read_front_matter
from cheatdeck.markdown.convert import DEEPEST, LONGEST, to_html
from cheatdeck.model import Span
from cheatdeck.plain.soup import AnyPage
from cheatdeck.problems import Problem
from cheatdeck.source import SourceText
from cheatdeck.vault import Vault, in_order, title_of

FIXTURES = Path(__file__).parent / "markdown"
# The files around the notes in the fixtures: addresses of pages and pictures, and a table.
WAX = "02-Wax 0123456789abcdef0123456789abcdef.md"
ADDRESSES = {"Bees": "Bees.md", "sub/Bees.md": "sub/Bees.md", "hive.png": "pictures/the hive.png", WAX: "wax.md"}
TABLE = 'Kind,Number\nqueen,1\n"worker, <young>","20,000\nin June"\n'
TABLE_NAME = "Bees 0123456789abcdef0123456789abcdef/Kinds of bees 0123456789abcdef0123456789abcdef.csv"
CASES = [
    pytest.param(text, expected, id=f"{path.stem}-{title}")
    for path in sorted(FIXTURES.glob("*.txt"))
    for _, title, text, expected in read_fixture_file(path)
]


def page(text: str, file: str = "note.md", tables: dict[str, str] | None = None) -> tuple[str, list[Problem]]:
    html, problems = to_html(SourceText.of(file, text), ADDRESSES.get, (tables or {TABLE_NAME: TABLE}).get)
    return html, list(problems)


def body(text: str) -> str:
    html, problems = page(text)
    assert problems == []
    return html[html.index("<body>\n") + len("<body>\n") : html.index("</body>")]


def told(text: str, tables: dict[str, str] | None = None) -> list[str]:
    """Return the problems of a text, each with line, column and code."""
    return [f"{p.span.line}:{p.span.column} {p.code} {p.message}" for p in page(text, tables=tables)[1]]


def title(text: str, file: str) -> str:
    found = re.search("<title>(.*)</title>", page(text, file)[0])
    assert found
    return found[1]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_markdown_becomes_html(text: str, expected: str) -> None:
    assert expected == body(text)


def test_a_page_has_its_title_from_the_front_matter_or_the_files_name() -> None:
    assert title("---\ntitle: Bees & wasps\n---\n# Bees\n", "notes/b.md") == "Bees &amp; wasps"
    assert title("# Bees\n", "notes/02-Honey bees.md") == "Honey bees"
    assert title("", "notes/Bees 0123456789abcdef0123456789abcdef.md") == "Bees"


def test_the_page_is_whole() -> None:
    assert page("Bees", "bees.md")[0] == (
        '<!doctype html>\n<html>\n<head><meta charset="utf-8"><title>bees</title></head>\n<body>\n'
        '<p data-line="1">Bees</p>\n</body>\n</html>\n'
    )


def test_lines_are_those_of_the_file() -> None:
    text = "---\ntitle: Bees\naliases: [hive]\n---\n# Bees\n\n- queen\n\n  > Q: Who?\n  > A: She\n"
    tags = BeautifulSoup(page(text)[0], "html.parser").select("[data-line]")
    assert [(tag.name, tag["data-line"]) for tag in tags] == [
        ("h1", "5"), ("ul", "7"), ("li", "7"), ("p", "7"), ("blockquote", "9"),
        ("dl", "9"), ("div", "9"), ("dt", "9"), ("dd", "10"),
    ]  # fmt: skip


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = "---\ntitle: Bees\n---\n# Bees\n\n| a | b |\n|---|---|\n| c | d |\n\nQ: Who?\nA: She\n"
    assert page("\N{BYTE ORDER MARK}" + text.replace("\n", "\r\n")) == page(text)


def test_every_block_has_its_line() -> None:
    blocks = re.compile(r"<(?!/|t[dh]\b)(h\d|p|[uo]l|li|dl|dt|dd|div|table|tr|pre|blockquote|hr|details)\b([^>]*)>")
    without = [
        found[0]
        for _, _, text, _ in (case for path in FIXTURES.glob("*.txt") for case in read_fixture_file(path))
        for found in blocks.finditer(page(text)[0])
        if "data-line" not in found[2]
    ]
    assert without == []


# Each word of these stands on the line that it names.
PLACES = {
    "paragraphs": "L1 L1\nL2 [L2](a) and\n**L3** `L3\nL4`\n*L5\n==L6== L6*  \nL7\n\nL9 $L9\nL10$ <b>L10</b>\n[L11](a)",
    "comments": "L1 %%\n%% <b>L2</b> <!--\n--> <b>L3</b>\n\n<div>\n<!--\n--> L7 <i>L7</i>\n<b>L8</b></div>\n",
    "items": "- L1\n  [L2](a)\n  - L3\n\n    L5\n    **L6**\n- L7\n  ```\n  code\n  ```\n  L11  \n  L12\n- [ ] L13",
    "rows": "L1\n\n| L3 | *L3* |\n|---|---|\n| *L5* | L5 |\n| L6 | **L6** |\n\nL8",
    "quotes": "> L1\n> **L2**\n>\n> > [!note] L4\n> > *L5*\n> > **L6**\n\n<aside>\nL9 *L9*\n\n*L11*\n</aside>\n",
    "questions": "Q: L1\n*L2*\nA: L3\n*L4*\n\nL6\n: L7\n  *L8*\n\n<details>\n<summary>L11</summary>\n\nL13 <b>L13</b>",
    "footnotes": "L1[^a]\n*L2*^[L2\n*L3*] *L3*\n\n[^a]: L5\n    *L6*\n\n## L8\n\nL10 ^[L10] *L10*",
    "HTML": "<p>L1<br>\nL2 <b>L2</b><br>L2\n<br>L3\n\n<ul>\n<li>L6\n<style>\n</style><li>L8 <b>L8</b></ul>\n",
}


@pytest.mark.parametrize("name", PLACES)
def test_what_stands_within_a_block_has_its_own_line(name: str) -> None:
    origin = SourceText.of("note.md", PLACES[name])
    read = AnyPage(SourceText.of("note.md", page(PLACES[name])[0]), origin)
    words = [(text, read.span(text)) for text in read.soup.find_all(string=re.compile(r"^\s*L\d"))]
    assert len(words) > 4
    assert [(text.split()[0], span.line) for text, span in words if f"L{span.line}" != text.split()[0]] == []


def test_broken_links_and_pictures_are_told_where_they_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "# T\n\nBees\nand a [link](gone.md)\nand ![p](gone.png)\n\n- item\n  more\n  a [link](gone.md)\n"
    (tmp_path / "notes.md").write_text(text, encoding="utf-8")
    main(["check", str(tmp_path / "notes.md")])
    found = re.findall(r"notes\.md:(\d+):1: (W\d+)", capsys.readouterr().err)
    assert found == [("4", "W072"), ("5", "W073"), ("9", "W072")]


# What is wrong with notes


def test_files_that_are_not_there() -> None:
    text = "Bees ![[wasp.png]]\nand\n![[Wasps|all of them]]\n\n[Kinds](kinds.csv)\n"
    assert told(text) == [
        '1:6 N042 no file "wasp.png" to show here',
        '3:1 N042 no file "Wasps" to show here',
        '5:1 N042 no table "kinds.csv"',
    ]
    assert "Bees wasp.png\nand\nall of them" in page(text)[0]
    assert '<a href="kinds.csv">Kinds</a>' in page(text)[0]


def test_a_file_whose_name_is_no_text_has_an_address() -> None:
    html, _ = to_html(SourceText.of("note.md", "[[Bees]]"), lambda _: "\udcff.md", lambda _: None)
    assert '<a href="%FF.md">Bees</a>' in html


def test_a_problem_is_at_its_place() -> None:
    _, problems = page("Bees\n![[wasp.png]]\n")
    assert [problem.span for problem in problems] == [Span("note.md", 2, 1, len("![[wasp.png]]"))]


def test_what_is_told_twice_has_two_places() -> None:
    text = "`![[wasp.png]]`\nBees ![[wasp.png]]\nA <textarea>\n`a\nb` ^[note\nof it]\na <textarea> ![[wasp.png]]"
    assert told(text) == [
        '2:6 N042 no file "wasp.png" to show here',
        "3:3 N021 <textarea> is never closed",
        "7:3 N021 <textarea> is never closed",
        '7:14 N042 no file "wasp.png" to show here',
    ]


def test_a_table_that_is_none() -> None:
    assert told("[Kinds](kinds.csv)", {"kinds.csv": "a," + "b" * 200_000}) == [
        '1:1 C001 "kinds.csv" is no table: field larger than field limit (131072)'
    ]
    assert told("[Kinds](kinds.csv)", {"kinds.csv": ""}) == []


def test_cells_without_a_column() -> None:
    text = "> | a | b |\n> |---|---|\n> | c | d | e *f* |\n> | `g | h` |\n"
    assert told(text) == ['3:1 N039 no column for "e *f*"']


SWALLOWING = {
    "<!-- bees\n\nand *wasps*": "a comment is never closed",
    "<div>bees <!--\n\n*wasps*</div>": "a comment is never closed",
    "<script>\nbees and *wasps*": "<script> is never closed",
    "<div>bees<style></div>\n\nwasps": "<style> is never closed",
    "bees <textarea> and *wasps*": "<textarea> is never closed",
    "<plaintext>bees</plaintext> wasps": "<plaintext> is never closed",
}


@pytest.mark.parametrize("text", SWALLOWING)
def test_what_would_swallow_the_rest_of_a_page_is_text(text: str) -> None:
    html, problems = page(f"Ants\n\n{text}\n\nthe end")
    assert [(problem.span.line, problem.message) for problem in problems] == [(3, SWALLOWING[text])]
    shown = BeautifulSoup(html, "html.parser").get_text()
    assert [word for word in ("bees", "wasps", "the end") if word not in shown] == []


# Notes that mean no good


NESTED = {
    "quotes": "> " * 10_000 + "bees",
    "lists": "- " * 10_000 + "bees",
    "lists, line by line": "".join(f"{'  ' * depth}- bees\n" for depth in range(500)),
    "answers": "".join(f"{' ' * depth}Q: Who?\n{' ' * depth}A: bees\n" for depth in range(500)),
    "definitions": "bees\n" + ": " * 10_000 + "bees",
    "footnotes": "[^1]: " * 10_000 + "bees[^1]",
    "brackets": "[" * 10_000 + "bees" + "](a)" * 10_000,
    "footnotes in text": "^[" * 10_000 + "bees" + "]" * 10_000,
    "emphasis": "*bees **" * 10_000 + "bees" + "** bees*" * 10_000,
    "deletions": "{{c1::" * 10_000 + "bees" + "}}" * 10_000,
    "marks": "==a *" * 10_000 + "bees" + "* a==" * 10_000,
    "callouts": "<aside>" * 10_000 + "bees" + "</aside>" * 10_000,
}


@pytest.mark.parametrize("nested", NESTED)
def test_what_is_nested_too_deep_is_told_and_does_not_come_out_deep(nested: str) -> None:
    html, problems = page(f"# Bees\n\n{NESTED[nested]}\n")
    assert {problem.code for problem in problems} <= {"N021"}
    depth = deepest = 0
    for tag in re.finditer(r"<(/?)(?!br|hr|img|meta|!)[a-z]", html):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    assert deepest <= 2 * DEEPEST + 10
    assert problems or html.count("bees") >= NESTED[nested].count("bees")


def test_a_note_too_long_is_not_read() -> None:
    assert told("bees " * (50_000_000 // 5)) == ["1:1 C001 the note is too long: 50,000,000 characters"]
    assert told("bees " * (LONGEST // 5) + "!") == [f"1:1 C001 the note is too long: {LONGEST + 1:,} characters"]


SLOW = {
    "no end of a comment": "<div><!--" * 20_000,
    "no end of a script": "<div><script>" * 20_000,
    "no end of an attribute": "<div><a b='" * 20_000,
    "no end of a deletion": "{{c1::" * 20_000,
    "no end of math": r"\(" * 20_000,
    "no end of lines of math": "\\[\n" * 20_000,
    "no end of a callout": "<aside>\n" * 20_000,
    "no end of an Obsidian comment": "%%a\n" * 20_000,
    "no answer": "Q: a\n" * 20_000,
    "no link": "[[" * 20_000,
    "ids of one block": "bees\n\n" + "^bees\n\n" * 10_000,
    "ids in one row": "|a" * 2_000 + "|\n" + "|-" * 2_000 + "|\n" + "|b {#b}" * 2_000 + "|",
}


@pytest.mark.parametrize("slow", SLOW)
def test_what_is_written_to_be_slow_is_read(slow: str) -> None:
    # None of these comes to an end if the time grows with the square of the length.
    html, _ = page(SLOW[slow])
    assert html.endswith("</body>\n</html>\n")


def test_a_nul_is_told() -> None:
    html, problems = page("# Bees\n\nBees \0 dance\n")
    assert [(p.span, p.code) for p in problems] == [(Span("note.md", 3, 6), "C001")]
    assert "Bees \N{REPLACEMENT CHARACTER} dance" in html


def test_what_nobody_writes_stays_text() -> None:
    text = "\N{RIGHT-TO-LEFT OVERRIDE}蜂🐝" + "w" * 20_000
    assert body(text) == f'<p data-line="1">{text}</p>\n'


# Notes of each kind, as people have them


def notes(folder: Path) -> dict[str, str]:
    """Return the pages of a folder's notes by their titles, in the order of reading."""
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8-sig")
        for path in folder.rglob("*")
        if path.suffix in {".md", ".csv"}
    }
    pictures = [path.relative_to(folder).as_posix() for path in folder.rglob("*.png")]
    sources = {name: SourceText.of(name, text) for name, text in texts.items() if name.endswith(".md")}
    vault = Vault.of([*texts, *pictures], {name: read_front_matter(each)[0].aliases for name, each in sources.items()})

    def page_of(name: str) -> str:
        def read(table: str) -> str | None:
            address = vault.resolve(name, table)
            return texts[posixpath.join(posixpath.dirname(name), address)] if address else None

        html, problems = to_html(sources[name], lambda link: vault.resolve(name, link), read)
        assert problems == ()
        return html

    return {title_of(name): page_of(name) for name in in_order(sources)}


def counted(html: str) -> dict[str, int]:
    soup = BeautifulSoup(html, "html.parser")
    wanted = ("h2", "table", "mark", "dl > div", "blockquote", "details", "pre.mermaid", "img", "a", ".footnote")
    return {name: len(found) for name in wanted if (found := soup.select(name))}


def test_one_long_file() -> None:
    folder = FIXTURES.parent / "notes_markdown"
    text = (folder / "lighthouses.md").read_text(encoding="utf-8")
    html, problems = page(text, "lighthouses.md")
    assert problems == []
    assert counted(html) == {
        "h2": 8, "table": 3, "mark": 7, "dl > div": 3, "blockquote": 2, "details": 1, "pre.mermaid": 1, ".footnote": 2,
        "img": 1, "a": 2,
    }  # fmt: skip


def test_a_folder_of_obsidian() -> None:
    pages = notes(FIXTURES.parent / "notes_markdown" / "bees")
    assert {title: counted(html) for title, html in pages.items()} == {
        "Home": {"h2": 1, "mark": 2, "img": 1, "a": 3},
        "The waggle dance": {"mark": 1, "blockquote": 2, "pre.mermaid": 1, "a": 1, ".footnote": 1},
        "Who lives in a hive": {"h2": 3, "table": 1, "mark": 2, "dl > div": 2, "blockquote": 1, "img": 1, "a": 3},
        "Varroa": {"h2": 1, "table": 1, "mark": 1, "blockquote": 1, "img": 1, "a": 3},
    }
    assert '<img src="../hive.png" alt="hive">' in pages["Varroa"]
    assert '<a href="../Who%20lives%20in%20a%20hive.md">who lives there</a>' in pages["Varroa"]
    assert '<a href="hive/Varroa.md#how-it-is-found">Varroa &gt; How it is found</a>' in pages["Home"]
    assert "beekeeper" not in pages["Who lives in a hive"]


def test_an_export_of_notion() -> None:
    pages = notes(FIXTURES.parent / "notes_markdown" / "tea")
    assert {title: counted(html) for title, html in pages.items()} == {
        "Tea": {"h2": 3, "table": 2, "blockquote": 2, "details": 1, "pre.mermaid": 1, "img": 1, "a": 1},
        "Green tea": {},
        "Oolong": {"table": 1, "a": 1},
    }
    assert "<caption>Kinds of tea</caption>\n<thead>\n" in pages["Tea"]
    assert "<td>Oolong</td><td>in part</td><td>China, Taiwan</td>" in pages["Tea"]
