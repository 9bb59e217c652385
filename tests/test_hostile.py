"""Notes that mean harm, or are broken as no note should be: cleaned, or refused with file, line and hint."""

import base64
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from anki.collection import Collection

from cheatdeck import files, pipeline
from cheatdeck.command import BUILT, PROBLEMS, main
from cheatdeck.edition import Edition
from cheatdeck.paths import Paths
from cheatdeck.problems import NotesError
from cheatdeck.sheet import render_limits, render_sheet
from cheatdeck.typeset import Paper
from collection import import_package, seen
from dump import blocks, card
from harmless import assert_harmless, assert_page_harmless

PRIVATE = "what only the owner of this machine may read"
BOTH = pytest.mark.parametrize("ending", ["html", "md"])


@dataclass(frozen=True)
class Said:
    """Whether notes were refused, the place and the text of each problem, and whether each came with a hint."""

    is_refused: bool
    problems: tuple[str, ...]
    has_hints: bool


def check(path: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Check notes as people do."""
    code = main(["check", str(path), "--out", str(path.parent / "out")])
    told = capsys.readouterr().err
    assert code in {BUILT, PROBLEMS}
    found = re.findall(r"^\S*?([^/\s]+:\d+):\d+: ([A-Z]\d{3} .*)$", told, re.MULTILINE)
    is_refused = re.search(r"^\d+ problems?\b", told, re.MULTILINE) is not None
    return Said(is_refused, tuple(" ".join(parts) for parts in found), told.count("\n   hint: ") == len(found))


def said(path: Path) -> list[str]:
    """Return what notes say, a line a block."""
    checked = pipeline.check(Paths.of(path, path.parent / "out"), lambda _: None)
    return [line for section in checked.notebook.sections() for line in blocks(section.blocks)]


def write(folder: Path, ending: str, text: str) -> Path:
    path = folder / f"n.{ending}"
    path.write_text(text, encoding="utf-8", newline="")
    return path


# What acts or loads, what is left of it, and what is said.
CLEANED = {
    "a script": ("<script>x()</script>", [], []),
    "a script from elsewhere": ('<script src="https://example.com/x.js"></script>', [], []),
    "a style": ("<style>@import url(https://example.com)</style>", [], []),
    "event handlers": ('<p onclick="x()">kept <b onmouseover=x()>bold</b></p>', ["kept **bold**"], []),
    "a javascript: address": (
        '<p><a href="JaVaScRiPt:x()">kept</a></p>',
        ["kept"],
        ["W072 a link that starts with javascript: was taken out, its text stays"],
    ),
    "a javascript: address with a break": (
        '<p><a href=" java&#10;script:x()">kept</a></p>',
        ["kept"],
        ["W072 a link that starts with javascript: was taken out, its text stays"],
    ),
    "a data: address": (
        '<p><a href="data:text/html,x">kept</a></p>',
        ["kept"],
        ["W072 a link that starts with data: was taken out, its text stays"],
    ),
    "a frame": ('<iframe src="https://example.com"></iframe>', [], ["W071 left out, of sheet and deck: <iframe>"]),
    "an object": ('<object data="x.swf">lost</object>', [], ["W071 left out, of sheet and deck: <object>: “lost”"]),
    "a form": (
        '<form action="https://example.com"><input name="a"><button>Go</button></form>',
        [],
        ["W071 left out, of sheet and deck: <form>: “Go”"],
    ),
    "a style that phones home": ('<p style="background: url(https://example.com)">kept</p>', ["kept"], []),
    "a refresh": ('<meta http-equiv="refresh" content="0;url=https://example.com">', [], []),
    "a base": ('<base href="https://example.com/">', [], []),
    "a picture from elsewhere": (
        '<p><img src="https://example.com/a.png" alt="told"></p>',
        ["_[told]_"],
        ["W073 a picture from elsewhere is not loaded: https://example.com/a.png"],
    ),
    "a drawing as small as an icon": (
        '<svg width=9><script>x()</script><text onclick="x()">a</text></svg>',
        [],
        ["W071 left out, of sheet and deck: <svg>: “a”"],
    ),
}


@BOTH
@pytest.mark.parametrize("name", CLEANED)
def test_what_acts_is_taken_out(name: str, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body, left, problems = CLEANED[name]
    path = write(
        tmp_path, ending, f"first\n\n{body}\n\nlast\n" if ending == "md" else f"<p>first</p>\n\n{body}\n<p>last\n"
    )
    assert check(path, capsys) == Said(
        is_refused=False, problems=tuple(f"n.{ending}:3 {problem}" for problem in problems), has_hints=True
    )
    assert said(path) == ["first", *left, "last"]


ACTIVE = (
    "<script>x()</script>",
    '<script src="https://example.com/x.js"></script>',
    "<style>@import url(https://example.com)</style>",
    "<style>p { background: url(https://example.com/p.png) }</style>",
    '<template>p { background: image-set("https://example.com/p.png" 1x) }</template>',
    '<link rel="stylesheet" href="https://example.com/x.css">',
    '<meta http-equiv="refresh" content="0;url=https://example.com">',
    '<base href="https://example.com/">',
    '<form action="https://example.com"><button>Go</button></form>',
    '<img src="https://example.com/p.png">',
    '<img src="p.png" srcset="https://example.com/p.png 2x">',
    '<p onclick="x()">a</p>',
    '<p style="background: url(https://example.com/p.png)">a</p>',
    '<a href="javascript:x()">a</a>',
    '<a href="data:text/html,x">a</a>',
)


@pytest.mark.parametrize("html", ACTIVE)
def test_what_acts_or_loads_is_found_on_cards_sheet_and_preview(html: str) -> None:
    script = (Paths.of(Path(), Path()).templates / "preview" / "preview.js").read_text(encoding="utf-8")
    page = f'<meta http-equiv="Content-Security-Policy" content="default-src x"><script>{script}</script><p>a</p>'
    assert_page_harmless(page)
    with pytest.raises(AssertionError):
        assert_page_harmless(page + html)
    assert_harmless("<p>a</p>")
    with pytest.raises(AssertionError):
        assert_harmless(f"<p>a</p>{html}")


BRACES = (
    "{{ x }} {% if x %} {# x #} <%= x %> {{c1::a}} {{#Front}} {{/Front}} {{FrontSide}} {{type:Typed}} [sound:a.mp3] "
    "[latex]x[/latex] [$]x[/$] [anki:play:q:0] a::b"
)
DRAWN = """<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40" onload="x()"><script>x()</script>
<a href="javascript:x()"><text y="9" onclick="x()">t</text></a><image href="https://example.com/a.png"/></svg>"""
DATA = "data:image/svg+xml;base64," + base64.b64encode(DRAWN.encode()).decode()
HARMFUL = f"""<h1>Braces {{{{c1::x}}}} <img src=x onerror=x()></h1>
<p><b>Term</b> is {BRACES.replace("<", "&lt;")} \\(x\\) \\[y\\] <b>end</b>: 5 km</p>
<p>שלום is a greeting: <b>peace</b>. مرحبا <b>يا عالم</b>. 日本語 🎉 <b>日本</b></p>
<p>{"x" * 3000}</p>
<p><img src="drawn.svg" alt="In a file"> <img src="{DATA}" alt="In an address"></p>
{DRAWN}
<table><tr><td onclick="x()">{{{{c1::a}}}}</td><td><a href="javascript:x()">b</a> [sound:b.mp3]</td></tr>
<tr><td>c \\(z\\)</td><td>&lt;script&gt;x()&lt;/script&gt;</td></tr></table>
"""


@BOTH
def test_nothing_that_acts_reaches_cards_sheet_or_preview(ending: str, tmp_path: Path, col: Collection) -> None:
    (tmp_path / "drawn.svg").write_text(DRAWN, encoding="utf-8")
    paths = Paths.of(write(tmp_path, ending, HARMFUL), tmp_path / "out")
    out, templates, edition = paths.out, paths.templates / "sheet", Edition("0.1.0", 1_700_000_000, dated=True)
    built = pipeline.build(paths, lambda _: None, papers=(Paper.A4,))
    assert_page_harmless((out / "preview" / "index.html").read_text(encoding="utf-8"))
    assert_harmless(render_sheet(built.checked.notebook, built.checked.pictures, edition, templates))
    assert_harmless(render_limits(built.checked.notebook, edition, templates, remarks=True))
    # In Markdown, the one in the text knows its line.
    assert len(built.checked.photos) == {"html": 1, "md": 2}[ending]
    for photo in built.checked.photos.values():
        assert re.findall(rb"script|onload|onclick|href|<image", photo.data) == []
    assert (
        import_package(col, out / f"{built.checked.notebook.settings.key}.apkg").new
        == built.manifest["counts"]["notes"]
        > 0
    )
    cards = [col.get_card(number) for number in col.find_cards("")]
    for each in cards:
        assert_harmless(each.question())
        assert_harmless(each.answer())
        assert each.question_av_tags() == each.answer_av_tags() == []
    shown = " ".join(seen(each.answer()) for each in cards).replace("\u200b", "")
    # A deletion as Anki has it is meant; all else is text.
    told = f"Term is {BRACES.replace('{{c1::a}}', 'a')} \\(x\\) \\[y\\] end: 5 km"
    assert [
        piece for piece in (told, "a b [sound:b.mp3]", "c \\(z\\) <script>x()</script>") if piece not in shown
    ] == []
    assert list(col.media.check().missing) == []


@pytest.mark.parametrize("start", ["<ul><li>x", "<blockquote>x", "<div>", "<b>x"])
def test_ten_thousand_elements_within_each_other_are_refused(
    start: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = check(write(tmp_path, "html", start * 10_000), capsys)
    problem = "n.html:1 C001 elements nested too deep"
    assert told == Said(is_refused=True, problems=(problem,), has_hints=True)


@pytest.mark.parametrize("mark", ["- ", "> "])
def test_ten_thousand_lists_or_quotes_of_markdown_are_told(
    mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = check(write(tmp_path, "md", f"first\n\n{mark * 10_000}x\n"), capsys)
    assert (told.is_refused, told.has_hints) == (False, True)
    assert "n.md:3 N021 lists or quotes nested too deep" in told.problems


@BOTH
def test_fifty_megabytes_are_refused_unread(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"n.{ending}"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    problem = f"n.{ending}:1 C001 cannot read the file: it has 50,000,000 bytes, of {files.MOST_BYTES:,} at most"
    assert check(path, capsys) == Said(is_refused=True, problems=(problem,), has_hints=True)


@BOTH
def test_a_word_without_end_is_told(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, ending, f"first\n\n{'x' * 20_000}\n" if ending == "md" else f"<p>a\n\n<p>{'x' * 20_000}")
    problem = f"n.{ending}:3 N073 a word of 20,000 letters"
    assert check(path, capsys) == Said(is_refused=False, problems=(problem,), has_hints=True)


ENCODED = {
    "UTF-16": ("<p>é</p>".encode("utf-16"), True, "C001 cannot read the file: not UTF-8 at byte 0"),
    "UTF-16 without a mark": ("<p>é</p>".encode("utf-16-le"), True, "C001 cannot read the file: not UTF-8 at byte 6"),
    "Latin-1": ("<p>é</p>".encode("latin-1"), True, "C001 cannot read the file: not UTF-8 at byte 3"),
    "UTF-8 with a mark": ("<p>é</p>".encode("utf-8-sig"), False, ""),
    "surrogates": (b"<p>\xed\xa0\x80</p>", True, "C001 cannot read the file: not UTF-8 at byte 3"),
}


@BOTH
@pytest.mark.parametrize("name", ENCODED)
def test_what_is_no_utf_8_is_refused(
    name: str, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, is_refused, problem = ENCODED[name]
    path = tmp_path / f"n.{ending}"
    path.write_bytes(data)
    assert check(path, capsys) == Said(
        is_refused, problems=(f"n.{ending}:1 {problem}",) if problem else (), has_hints=True
    )


def test_nul_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = check(write(tmp_path, "html", "<p>a\0b</p>"), capsys)
    assert told == Said(
        is_refused=False, problems=("n.html:1 N071 “�” looks like a letter in the wrong encoding",), has_hints=True
    )
    told = check(write(tmp_path, "md", "a\0b\n"), capsys)
    assert told.is_refused
    assert "n.md:1 C001 a NUL character, which no text has" in told.problems


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder for notes, beside a file that is none of theirs."""
    (tmp_path / "secret.md").write_text(f"# Secret\n\n{PRIVATE}\n", encoding="utf-8")
    (tmp_path / "secret.csv").write_text(f"a,b\n{PRIVATE},x\n", encoding="utf-8")
    (tmp_path / "secret.svg").write_text(f"<svg><text>{PRIVATE}</text></svg>", encoding="utf-8")
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\nfirst\n", encoding="utf-8")
    return folder


def out_of(notes: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[tuple[str, str]]]:
    """Check a folder; return how that ended, and what was said."""
    code = main(["check", str(notes), "--out", str(notes.parent / "out")])
    told = capsys.readouterr().err
    return code, re.findall(r"^\S*?([^/\s]+:\d+):\d+: [A-Z]\d{3} (.*)$", told, re.MULTILINE)


@pytest.mark.parametrize("name", ["link.md", "link.html"])
def test_a_note_that_leads_out_is_refused(name: str, notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (notes / name).symlink_to(notes.parent / "secret.md")
    assert out_of(notes, capsys) == (PROBLEMS, [(f"{name}:1", "cannot read the file: it leads out of the notebook")])


def test_a_note_that_is_a_pipe_is_refused(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(notes / "pipe.md")
    assert out_of(notes, capsys) == (PROBLEMS, [("pipe.md:1", "cannot read the file: it is no file")])


def test_a_folder_that_leads_out_is_not_entered(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (notes.parent / "other").mkdir()
    (notes.parent / "other" / "b.md").write_text(PRIVATE, encoding="utf-8")
    (notes / "folder").symlink_to(notes.parent / "other")
    assert out_of(notes, capsys) == (BUILT, [])
    assert said(notes) == ["first"]


# What names a file outside, what is left of it, and what is said.
LEADING_OUT = {
    "a picture": ("![p](../secret.svg)", "_[p]_", 'the picture "../secret.svg" leads out of the notebook'),
    "a picture, by its whole path": (
        "![p](/etc/passwd)",
        "_[p]_",
        'the picture "/etc/passwd" leads out of the notebook',
    ),
    "a picture behind a link": ("![p](link.svg)", "_[p]_", 'the picture "link.svg" leads out of the notebook'),
    "an embedded picture": ("![[../secret.svg]]", "../secret.svg", 'no file "../secret.svg" to show here'),
    "an embedded note": ("![[../secret.md]]", "../secret.md", 'no file "../secret.md" to show here'),
    "a table": ("[t](../secret.csv)", "t", 'no table "../secret.csv"'),
}


@pytest.mark.parametrize("name", LEADING_OUT)
def test_what_leads_out_of_the_notes_is_not_read(name: str, notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, left, problem = LEADING_OUT[name]
    (notes / "link.svg").symlink_to(notes.parent / "secret.svg")
    (notes / "a.md").write_text(f"# A\n\nfirst\n\n{text}\n", encoding="utf-8")
    _, problems = out_of(notes, capsys)
    assert problem in [text for _, text in problems]
    checked = pipeline.check(Paths.of(notes, notes.parent / "out"), lambda _: None)
    (section,) = checked.notebook.sections()
    assert list(blocks(section.blocks)) == ["first", left]
    assert list(map(card, section.cards)) == [f"question: () What is there to know about “A”? = first; {left}"]
    assert checked.photos == {}


def test_a_table_behind_a_link_that_leads_out_is_refused(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (notes / "link.csv").symlink_to(notes.parent / "secret.csv")
    (notes / "a.md").write_text("# A\n\nfirst\n\n[t](link.csv)\n", encoding="utf-8")
    code, problems = out_of(notes, capsys)
    assert code == PROBLEMS
    assert ("link.csv:1", "cannot read the file: it leads out of the notebook") in problems
    with pytest.raises(NotesError) as refused:
        said(notes)
    assert list(refused.value.texts) == [str(notes / "a.md")]


def png(width: int, height: int) -> bytes:
    """Return a PNG of one color, of which a few bytes make as many pixels as wanted."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * min(height, 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
PICTURES = {
    "text": (b"text", "a file that is no picture"),
    "HTML": (b"<html><script>x()</script></html>", "a file that is no picture"),
    "more pixels than memory": (png(60_000, 60_000), "a picture larger than 10 MB, or 40 megapixels"),
    "entities that grow": (
        f'<!DOCTYPE svg [<!ENTITY l0 "lol">{LOL}]><svg xmlns="http://www.w3.org/2000/svg">&l9;</svg>'.encode(),
        "a file that is no picture",
    ),
    "entities within": (
        b'<svg xmlns="http://www.w3.org/2000/svg"><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;</svg>',
        "an SVG that cannot be shown: it declares entities",
    ),
}


@BOTH
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_none_leaves_its_words(
    name: str, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, problem = PICTURES[name]
    (tmp_path / "a.png").write_bytes(data)
    text = "first\n\n![told](a.png)\n" if ending == "md" else '<p>first</p>\n\n<img src="a.png" alt="told">'
    path = write(tmp_path, ending, text)
    assert check(path, capsys) == Said(is_refused=False, problems=(f"n.{ending}:3 W073 {problem}",), has_hints=True)
    assert said(path) == ["first", "_[told]_"]


@pytest.mark.parametrize("alias", ["a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "a: &a [*a]", "a: [" * 3000])
def test_front_matter_that_grows_or_never_ends(alias: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "md", f"---\n{alias}\n---\n\n# A\n\nfirst\n")
    assert not check(path, capsys).is_refused
    assert said(path)[-1] == "first"


def test_entities_of_a_page_are_its_text(tmp_path: Path) -> None:
    path = write(tmp_path, "html", f'<!DOCTYPE html [<!ENTITY l0 "lol">{LOL}]>\n<p>&l9;</p>')
    assert said(path) == ["&l9;"]
