"""Fuzzes notes that were not written for cheatdeck: read, made into cards and sheets, nothing lost, nothing active."""

import contextlib
import io
import re
from html import unescape
from pathlib import Path
from unittest.mock import patch
from zlib import crc32

import nh3
from anki.collection import Collection
from bs4 import BeautifulSoup

from cheatdeck import diagrams, ledger, pipeline
from cheatdeck.cards import Note, make_notes
from cheatdeck.command import BUILT, PROBLEMS, main
from cheatdeck.deck import Deck, Faces, build_deck, note_types
from cheatdeck.edition import Edition
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Checked
from cheatdeck.plain import soup
from cheatdeck.preview import render_preview
from cheatdeck.sheet import render_sheet
from cheatdeck.typeset import Paper, render_pdf
from collection import import_package
from harmless import ADDRESSES_OF_ITS_OWN, PAGE_OF_ITS_OWN, assert_harmless
from plain_texts import Page

TEMPLATES = Paths.of(Path(), Path()).templates
EDITION = Edition("0.1.0", 1_700_000_000, dated=True)
# An import takes a third of a second, a sheet a second to lay out.
IMPORTED, LAID_OUT = 6, 30
_FACES = Faces.read(TEMPLATES / "cards")
# What may stand in a field, for a sanitizer that knows nothing of cheatdeck.
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "dfn", "div", "dl", "dt", "em", "i", "img", "kbd",
    "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    "wbr",
}  # fmt: skip
_ATTRIBUTES = {"*": {"class", "title"}, "a": {"href"}, "img": {"src", "alt"}, "th": {"scope"}}
_WORD = re.compile(r"w\d+q")


def anybodys(page: Page, folder: Path) -> None:
    """Check a file as people do, and make of it what a build makes; diagrams are not drawn."""
    folder.mkdir(parents=True)
    (folder / page.name).write_text(page.text, encoding="utf-8", errors="surrogatepass", newline="")
    (folder / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    paths = Paths.of(folder / page.name, folder / "out")
    with patch.object(diagrams, "draw", return_value=({}, [])), patch.object(soup, "_SHOWN_WORDS", 10_000):
        _said(paths)
        checked = pipeline.check(paths, lambda _: None)
    book, photos = checked.notebook, checked.photos
    notes = make_notes(book, {}, {})
    media = {name: photo.data for name, photo in photos.items()}
    deck = Deck(book.settings, notes, note_types(book.settings, _FACES), media)
    for note in notes:
        _harmless(note)
    html = render_sheet(book, {}, EDITION, TEMPLATES / "sheet")
    preview = render_preview(book, deck, {}, EDITION, TEMPLATES)
    assert_harmless(html)
    assert_harmless(preview, own=PAGE_OF_ITS_OWN, addresses=ADDRESSES_OF_ITS_OWN)
    _whole(page, html, checked)
    number = crc32(page.text.encode(errors="surrogatepass"))
    if number % IMPORTED == 0:
        _import(deck, folder)
    if number % LAID_OUT == 0:
        render_pdf(html, list(photos.values()), Paper.A4)


def _said(paths: Paths) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["check", str(paths.notebook), "--out", str(paths.out)])
    assert code in {BUILT, PROBLEMS}
    assert err.getvalue() or code == BUILT


def _harmless(note: Note) -> None:
    for field in (note.front, note.back, note.extra):
        assert_harmless(field)
        cleaned = nh3.clean(field, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None, url_schemes={"http", "https"})
        if _shape(cleaned) != _shape(field):
            raise AssertionError(field)


def _shape(html: str) -> list[tuple[str, dict[str, object]]]:
    return [(tag.name, dict(tag.attrs)) for tag in BeautifulSoup(html, "html.parser").select("*")]


def _whole(page: Page, html: str, checked: Checked) -> None:
    """Each word stands on the sheet, or is said to be left out."""
    shown = {*_WORD.findall(unescape(re.sub(r"<[^>]*>", "", html))), *_WORD.findall(checked.notebook.settings.title)}
    said = {word for problem in checked.warnings for word in _WORD.findall(problem.message)}
    if lost := [word for word in page.words if word not in shown | said]:
        raise AssertionError(lost)


def _import(deck: Deck, folder: Path) -> None:
    package = folder / "small.apkg"
    package.write_bytes(build_deck(deck, ledger.ship({}, deck.things(), 1).ledger, 1))
    learner = Collection(str(folder / "collection.anki2"))
    try:
        assert import_package(learner, package).new == len(deck.notes)
        for card in map(learner.get_card, learner.find_cards("")):
            assert_harmless(card.question())
            assert_harmless(card.answer())
            assert not card.question_av_tags()
            assert not card.answer_av_tags()
        assert list(learner.media.check().missing) == []
    finally:
        learner.close()
