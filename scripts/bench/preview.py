"""The preview of the notes in source/: how soon it opens, answers a key, and shows an edit."""

import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

from bench.measure import MEGABYTE, Promise, say, table
from bench.printing import find_chromium
from cheatdeck import pipeline
from cheatdeck.live import site_of
from cheatdeck.paths import Paths
from cheatdeck.problems import NotesError
from cheatdeck.serve import keep_fresh, served

SOURCE = Path("source")
ROUNDS = 5
SIZE: ViewportSize = {"width": 1200, "height": 800}
WORDS = ("dead letter queue", "iops", "s3 kms", "which header")

# What counts as kept.
MOST_TO_OPEN = 1.5
MOST_FOR_A_KEY = 0.05
MOST_OF_A_BUILD = 0.2

# From the first byte until all was loaded and its scripts ran.
_OPENED = "performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"
# One more letter, until what it changes is on the screen.
_KEY = """async (letter) => {
    const field = document.getElementById('search_');
    const start = performance.now();
    field.value += letter;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    document.body.getBoundingClientRect();
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return (performance.now() - start) / 1000;
}"""
_CLEAR = "() => { document.querySelector('.search').reset(); }"
_EDITED = "(words) => document.body?.textContent.includes(words)"


def preview() -> list[Promise]:
    """Measure the preview in Chromium: opening, keys in the search field, and an edit against a whole build.

    Raises SystemExit where the notes in source/ cannot be built, or there is no Chromium.
    """
    chromium = find_chromium()
    if chromium is None:
        sys.exit("There is no Chromium. On Debian: apt-get install chromium.")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        notebook = Path(shutil.copytree(SOURCE, Path(name, "notes")))
        paths, whole = Paths.of(notebook, Path(name, "out")), Paths.of(notebook, Path(name, "whole"))
        cards, build = _built(whole)
        file = whole.out / "preview" / "index.html"
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        openings, keys = _opened(browser, file.as_uri())
        shutil.copytree(whole.cache, paths.cache)
        edit = statistics.median(_edits(browser, paths))
        browser.close()
        print(f"{cards:,} cards, a page of {file.stat().st_size / MEGABYTE:.1f} MB, in Chromium; medians.\n")
    opening, key = statistics.median(openings), statistics.median(keys)
    table(
        ["what", "seconds", "whole build = 1"],
        [
            [what, f"{seconds:.3f}", f"{seconds / build:.3f}"]
            for what, seconds in (
                ("the page opens", opening),
                ("a key in the search field", key),
                ("the slowest key", max(keys)),
                ("an edit of a chapter is on the screen", edit),
                ("a whole build, diagrams drawn before", build),
            )
        ],
    )
    return [
        Promise(f"the page opens within {MOST_TO_OPEN} s", opening <= MOST_TO_OPEN),
        Promise(f"a key is answered within {MOST_FOR_A_KEY * 1000:.0f} ms", key <= MOST_FOR_A_KEY),
        Promise(f"an edit takes at most {MOST_OF_A_BUILD} of a whole build", edit <= MOST_OF_A_BUILD * build),
    ]


def _built(paths: Paths) -> tuple[int, float]:
    """Build a notebook once its diagrams are drawn; return how many cards it has, and the seconds it took."""
    say("a whole build …")
    try:
        pipeline.check(paths, say)
        start = time.perf_counter()
        manifest = pipeline.build(paths, say).manifest
    except NotesError as error:
        sys.exit(f"{error}\n`nox -s build` tells more.")
    return manifest["counts"]["cards"], time.perf_counter() - start


def _opened(browser: Browser, address: str) -> tuple[list[float], list[float]]:
    """Return the seconds until the page is there, and those that each key takes."""
    say("opening the page, and keys …")
    openings: list[float] = []
    keys: list[float] = []
    for _ in range(ROUNDS):
        page = browser.new_page(viewport=SIZE)
        page.goto(address, wait_until="load")
        openings.append(page.evaluate(_OPENED))
        keys += _keys(page)
        page.close()
    return openings, keys


def _keys(page: Page) -> Iterator[float]:
    """Yield the seconds that each letter of some words takes."""
    for words in WORDS:
        page.evaluate(_CLEAR)
        page.wait_for_timeout(100)
        for letter in words:
            yield float(page.evaluate(_KEY, letter))


def _edits(browser: Browser, paths: Paths) -> list[float]:
    """Return the seconds from saving a chapter until the new text is in the page."""
    say("edits …")
    page = browser.new_page(viewport=SIZE)
    chapter = max(paths.notebook.glob("*.html"), key=lambda path: path.stat().st_size)
    text = chapter.read_text(encoding="utf-8")
    taken = []
    with _fresh(paths) as address:
        page.goto(address, wait_until="load")
        for number in range(ROUNDS):
            words = f"Edit {number} of the bench"
            start = time.perf_counter()
            chapter.write_text(text.replace("</h1>", f" {words}</h1>", 1), encoding="utf-8")
            _wait_for(page, words)
            taken.append(time.perf_counter() - start)
    return taken


def _wait_for(page: Page, words: str) -> None:
    # While the page reloads, there is nothing to ask.
    found = False
    while not found:
        with suppress(Error):
            found = bool(page.evaluate(_EDITED, words))
        page.wait_for_timeout(20)


@contextmanager
def _fresh(paths: Paths) -> Iterator[str]:
    """Serve a notebook, made anew as its files change."""
    stop, site = threading.Event(), site_of(paths, lambda _: None)
    watcher = threading.Thread(target=keep_fresh, args=(site, [paths.notebook], paths.out, lambda _: None, stop))
    watcher.start()
    with served(site, 0) as address:
        yield address
    stop.set()
    watcher.join()
