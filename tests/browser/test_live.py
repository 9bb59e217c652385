"""The preview while notes are edited: what is saved is on the page, and what is broken is told there."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cheatdeck.live import site_of
from cheatdeck.paths import Paths
from cheatdeck.serve import keep_fresh, served
from notes import page, write_notebook

Opener = Callable[..., Page]
QUESTION = '<dl><div id="{0}"><dt>{1}</dt><dd>An answer</dd></div></dl>'


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    body = QUESTION.format("first", "What is first?") + QUESTION.format("second", "What is second?")
    return write_notebook(tmp_path / "notes", chapter_1=page(body), chapter_2=page("<p>Text</p>", "two", "Two"))


@pytest.fixture
def address(notebook: Path, tmp_path: Path) -> Iterator[str]:
    """The notebook, served, and made anew as its files change."""
    paths = Paths.of(notebook, tmp_path / "out")
    stop, site = threading.Event(), site_of(paths, lambda _: None)
    watcher = threading.Thread(target=keep_fresh, args=(site, [notebook], paths.out, lambda _: None, stop))
    watcher.start()
    with served(site, 0) as found:
        yield found
    stop.set()
    watcher.join()


def edit(notebook: Path, old: str, new: str) -> None:
    chapter = notebook / "01.html"
    text = chapter.read_text(encoding="utf-8")
    assert old in text
    chapter.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edit_is_on_the_open_card_at_once(opened: Opener, notebook: Path, address: str) -> None:
    shown = opened("#second", at=address)
    shown.get_by_role("button", name="Show answer").click()
    edit(notebook, "What is second?", "What is not first?")
    expect(shown.locator("#open_ .back")).to_contain_text("What is not first?")
    expect(shown.locator("#open_ .back")).to_be_visible()
    assert shown.url.endswith("#second")


def test_a_mistake_is_told_with_its_place_and_the_last_page_stays(opened: Opener, notebook: Path, address: str) -> None:
    shown = opened("#second", at=address)
    edit(notebook, '<div id="second">', '<div id="first">')
    report = shown.get_by_role("alert").locator("pre")
    expect(report).to_contain_text("01.html:5:", timeout=10_000)
    expect(report).to_contain_text('N012 duplicate id "first"')
    expect(report).to_contain_text("hint: ")
    expect(shown.locator("#open_ .front")).to_contain_text("What is second?")
    edit(notebook, "What is second?", "What is third?")
    expect(report).to_contain_text("What is third?")
    edit(notebook, '</dl><dl><div id="first">', '</dl><dl><div id="third">')
    expect(shown.get_by_role("alert")).to_be_hidden()
    expect(shown.locator("#third")).to_contain_text("What is third?")


def test_a_notebook_that_is_broken_from_the_start_comes_up_when_it_is_mended(opened: Opener, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "broken", chapter_1=page(QUESTION.format("first", "") * 2))
    site = site_of(Paths.of(notebook, tmp_path / "out"), lambda _: None)
    with served(site, 0) as found:
        shown = opened(at=found)
        expect(shown.locator("pre")).to_contain_text("N012 duplicate id")
        edit(notebook, QUESTION.format("first", "") * 2, QUESTION.format("first", "Why?"))
        site.renew()
        expect(shown.locator("#open_ .front")).to_contain_text("Why?")
