"""Fuzzes notes that were not written for cheatdeck: read, made into cards and sheets, nothing lost, nothing active."""

import re
from html import unescape
from pathlib import Path
from unittest.mock import patch
from zlib import crc32

import nh3
from bs4 import BeautifulSoup

from cheatdeck import diagrams, pipeline
from cheatdeck.cards import Note
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Checked
from cheatdeck.plain import soup
from cheatdeck.preview import render_preview
from cheatdeck.sheet import render_sheet
from cheatdeck.typeset import Paper, render_pdf
from harmless import assert_harmless, assert_page_harmless
from making import EDITION, TEMPLATES, check_as_people_do, deck_of, imported
from plain_texts import TESTS, Page

# An import takes a third of a second, a sheet a second to lay out.
IMPORTED, LAID_OUT = 6, 30
# What may stand in a field, for a sanitizer that knows nothing of cheatdeck.
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "dfn", "div", "dl", "dt", "em", "i", "img", "kbd",
    "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    "wbr",
}  # fmt: skip
_ATTRIBUTES = {"*": {"class", "title"}, "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "th": {"scope"}}
_WORD = re.compile(r"w\d+q")


def anybodys(page: Page, folder: Path) -> None:
    """Check a file as people do, and make of it what a build makes; diagrams are not drawn."""
    folder.mkdir(parents=True)
    (folder / page.name).write_text(page.text, encoding="utf-8", errors="surrogatepass", newline="")
    (folder / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "a.png").write_bytes((TESTS / "notes_plain" / "pictures" / "light.png").read_bytes())
    paths = Paths.of(folder / page.name, folder / "out")
    with patch.object(diagrams, "draw", return_value=({}, [])), patch.object(soup, "_SHOWN_WORDS", 10_000):
        check_as_people_do(paths.notebook, paths.out)
        checked = pipeline.check(paths, lambda _: None)
    book, photos = checked.notebook, checked.photos
    deck = deck_of(book, {name: photo.data for name, photo in photos.items()})
    for note in deck.notes:
        _harmless(note)
    html = render_sheet(book, {}, EDITION, TEMPLATES / "sheet")
    preview = render_preview(book, deck, {}, EDITION, TEMPLATES)
    assert_harmless(html)
    assert_page_harmless(preview)
    _whole(page, html, checked)
    number = crc32(page.text.encode(errors="surrogatepass"))
    if number % IMPORTED == 0:
        with imported(deck, folder):
            pass
    if number % LAID_OUT == 0:
        render_pdf(html, list(photos.values()), Paper.A4)


def _harmless(note: Note) -> None:
    for field in (note.front, note.back, note.extra):
        assert_harmless(field)
        cleaned = nh3.clean(
            field, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_own, link_rel=None,
            url_schemes={"http", "https"},
        )  # fmt: skip
        if _shape(cleaned) != _shape(field):
            raise AssertionError(field)


def _own(_: str, name: str, value: str) -> str | None:
    """Keep a picture's address only if it is the name of a file, which the deck brings along."""
    return value if name != "src" or re.fullmatch(r"[\w-]+\.\w+", value) else None


def _shape(html: str) -> list[tuple[str, dict[str, object]]]:
    return [(tag.name, dict(tag.attrs)) for tag in BeautifulSoup(html, "html.parser").select("*")]


def _whole(page: Page, html: str, checked: Checked) -> None:
    """Each word stands on the sheet, maybe as what describes a picture, or is said to be left out."""
    text = unescape(re.sub(r"<[^>]*>", "", html))
    shown = {*_WORD.findall(text), *_WORD.findall(checked.notebook.settings.title)}
    shown.update(word for alt in re.findall(r' alt="([^"]*)"', html) for word in _WORD.findall(alt))
    said = {word for problem in checked.warnings for word in _WORD.findall(problem.message)}
    if lost := [word for word in page.words if word not in shown | said]:
        raise AssertionError(lost)
