"""What is fuzzed: what each target is given, and what it does with it, which never fails but with our own errors."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from bs4 import BeautifulSoup
from hypothesis import strategies as st

from anybodys import anybodys
from cheatdeck import exceptions, ledger, quality, rules
from cheatdeck.command import PROBLEMS
from cheatdeck.files import Files
from cheatdeck.model import Kind, Notebook, plain
from cheatdeck.notebook import read_notebook
from cheatdeck.parse import parse_chapter
from cheatdeck.preview import render_preview
from cheatdeck.problems import EXCUSABLE, Code, NotesError, Problem, report
from cheatdeck.prompts import prompts
from cheatdeck.settings import Settings
from cheatdeck.sheet import render_limits, render_sheet
from cheatdeck.source import SourceText
from cheatdeck.typeset import Paper, render_pdf
from collection import seen
from harmless import assert_harmless, assert_page_harmless
from making import EDITION, TEMPLATES, check_as_people_do, deck_of, imported
from plain_texts import markdown_pages, plain_pages
from texts import Notes, csvs, notes, soups, spoilt, tomls

# A sheet takes a second to lay out.
LAID_OUT = 40


@dataclass(frozen=True)
class Target:
    """Something that is given examples, with a folder for its files; `refused` are the errors that it may raise."""

    name: str
    examples: st.SearchStrategy[Any]
    run: Callable[[Any, Path], None]
    refused: tuple[type[Exception], ...] = ()


def chapter(text: str, _: Path) -> None:
    """Read a chapter, look at it by all rules, and report what is wrong."""
    source = SourceText.of("01.html", text)
    section, problems = parse_chapter(source, 1)
    found = list(problems)
    if section:
        book = Notebook(_SETTINGS, (section,), ())
        found += [*rules.check(book), *quality.check(book)]
    for problem in exceptions.apply(found, {"01.html": text}, EXCUSABLE):
        _stands_in(problem, source)
        assert not _STEERING.search(report(problem, text))


def _stands_in(problem: Problem, source: SourceText) -> None:
    line = source.text.split("\n")[problem.span.line - 1]
    assert 1 <= problem.span.column <= len(line) + 1
    assert problem.message
    assert problem.hint


def settings(given: tuple[str, str, str], folder: Path) -> None:
    """Read notebook.toml, limits.toml and cards.csv, of which only the chapter is as it must be."""
    for name, text in zip(("notebook.toml", "limits.toml", "cards.csv"), given, strict=True):
        _write(folder / name, text)
    _write(folder / "01.html", _CHAPTER)
    files = Files(folder)
    released = ledger.read(files)
    try:
        book = read_notebook(files)
    except NotesError:
        return
    list(ledger.check(released, prompts(book), book.settings, 0))


def command(given: Notes, folder: Path) -> None:
    """Check notes as people do: each has problems that are said, or none."""
    _write_notes(given, folder)
    code, said = check_as_people_do(folder, folder / "out")
    assert bool(said) == (code == PROBLEMS)


def cards(given: Notes, folder: Path) -> None:
    """Have Anki import notes: nothing in its cards is active, and all that was written is there."""
    book = _read(given, folder)
    with imported(deck_of(book, {}), folder) as learner:
        for prompt in prompts(book):
            shown = [learner.get_card(card) for card in learner.find_cards(f"Key:{prompt.key}")]
            assert shown
            for card in shown:
                answer = _squashed(seen(card.answer()))
                assert _squashed(plain(prompt.front)) in answer
                if prompt.kind is not Kind.CLOZE:
                    assert _squashed(quality.answer_text(prompt)) in answer


def sheet(given: Notes, folder: Path) -> None:
    """Make the pages of notes: nothing in them is active, all that was written is there; some are laid out."""
    book = _read(given, folder)
    html = render_sheet(book, {}, EDITION, TEMPLATES / "sheet")
    limits = render_limits(book, EDITION, TEMPLATES / "sheet", remarks=True)
    assert_harmless(html)
    assert_harmless(limits)
    if crc32(given.chapter.encode()) % LAID_OUT == 0:
        render_pdf(html, [], Paper.A4)
        render_pdf(limits, [], Paper.LETTER)


def preview(given: Notes, folder: Path) -> None:
    """Make the page that shows all cards: nothing of the notes is active in it, and all that was written is there."""
    book = _read(given, folder)
    html = render_preview(book, deck_of(book, {}), {}, EDITION, TEMPLATES)
    assert_page_harmless(html)
    text = _squashed(BeautifulSoup(html, "html.parser").get_text())
    for section in book.sections():
        assert _squashed(plain(section.title)) in text


# Control characters, but for tabs and ends of lines, and what turns the direction of writing.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CHAPTER = '<html><body><article id="one"><h1>One</h1><p id="a">A <mark>card</mark></p></article></body></html>'
_SETTINGS = Settings("small", "Small", "0.1.0", "en", None, ("SQS", "Lambda"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")


def _write_notes(given: Notes, folder: Path) -> None:
    _write(folder / "notebook.toml", given.settings())
    _write(folder / "01.html", given.chapter)
    _write(folder / "limits.toml", given.limits)


class RefusedError(Exception):
    """Notes that break a rule, as some do by chance."""


def _read(given: Notes, folder: Path) -> Notebook:
    _write_notes(given, folder)
    files = Files(folder)
    book = read_notebook(files)
    kept = [*files.problems, *rules.check(book), *quality.check(book)]
    if any(problem.code not in EXCUSABLE - {Code.MOJIBAKE} for problem in kept):
        raise RefusedError
    return book


def _squashed(text: str) -> str:
    """Return what a text is to Anki, which composes letters, without what is not seen."""
    return re.sub(r"[\s\u200b\u2060\ufeff]+", "", unicodedata.normalize("NFC", text))


TARGETS: Iterable[Target] = (
    Target("chapter", soups, chapter),
    Target("settings", st.tuples(tomls, tomls, csvs), settings),
    Target("command", spoilt(), command),
    Target("cards", notes(), cards, (RefusedError,)),
    Target("sheet", notes(), sheet, (RefusedError,)),
    Target("preview", notes(), preview, (RefusedError,)),
    Target("plain", plain_pages, anybodys, (NotesError,)),
    Target("markdown", markdown_pages, anybodys, (NotesError,)),
)
