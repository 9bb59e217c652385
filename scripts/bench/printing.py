"""Ways to print a sheet, each measured in the process that calls it."""

import gc
import logging
import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pymupdf_fonts

from bench.measure import peak
from bench.notes import Notes
from cheatdeck.diagrams import FONT_FILES, font_bytes
from cheatdeck.edition import Edition
from cheatdeck.paths import Paths
from cheatdeck.sheet import render_sheet
from cheatdeck.typeset import FONTS, Paper, render_pdf

# Always the same, so that each run prints the same sheet of the same notes.
EDITION = Edition("1.0.0", 1_700_000_000, dated=True)
SHEET, EMPTY = "sheet.html", "empty.html"


@dataclass(frozen=True, slots=True)
class Cost:
    """What it took to print a sheet: seconds, the peak of memory, and what came of it.

    A busy machine hardly changes the seconds of the processor, and what runs at the same time it changes alike. The
    slowest page is one whose columns are made even: it is laid out until they are, which takes a few times or many.
    """

    clock: float
    processor: float
    garbage: float
    slowest: float
    peak: int
    pages: int
    size: int

    @property
    def page(self) -> float:
        """The processor's seconds for each page."""
        return self.processor / self.pages

    @property
    def others(self) -> float:
        """The processor's seconds without those for the slowest page."""
        return self.processor - self.slowest


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure; pages and bytes are always the same."""
    return Cost(
        statistics.median(cost.clock for cost in costs),
        statistics.median(cost.processor for cost in costs),
        statistics.median(cost.garbage for cost in costs),
        statistics.median(cost.slowest for cost in costs),
        max(cost.peak for cost in costs),
        costs[0].pages,
        costs[0].size,
    )


def sheet_html(notes: Notes) -> str:
    """Return the sheet as the build hands it to WeasyPrint."""
    return render_sheet(notes.book, notes.pictures, EDITION, Paths.of(Path(), Path()).templates / "sheet")


def ours(notes: Notes, paper: Paper) -> Cost:
    """Print a sheet as the build does."""
    return _cost(lambda: print_notes(notes, paper))


def both(notes: Notes) -> Cost:
    """Print a sheet on both papers at once, in two processes, as the build does; return what the longer one took."""
    with ProcessPoolExecutor(len(Paper), get_context("spawn")) as pool:
        return max(pool.map(partial(ours, notes), Paper), key=lambda cost: cost.clock)


def print_notes(notes: Notes, paper: Paper) -> bytes:
    """Return what the build makes of notes."""
    return render_pdf(sheet_html(notes), list(notes.pictures.values()), paper).data


def bare(folder: Path, paper: Paper) -> Cost:
    """Print the sheet in a folder with WeasyPrint alone, as its documentation shows it."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 - not needed for --help

    def work() -> bytes:
        style = CSS(string=f"@page {{ size: {paper} }}")
        return bytes(HTML(filename=folder / SHEET).write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1"))

    return _cost(work)


def chromium(folder: Path, name: str) -> Cost:
    """Print a page in a folder with Chromium, its start included; processor and peak are those of this process."""
    program, pdf = find_chromium(), folder / f"{name}.pdf"
    assert program
    # Without its sandbox it also runs in containers; it loads nothing but what this project made.
    command = (program, "--headless", "--no-sandbox", f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer",
               f"--print-to-pdf={pdf}", (folder / name).as_uri())  # fmt: skip

    def work() -> bytes:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed words
        return pdf.read_bytes()

    return _cost(work)


def find_chromium() -> str | None:
    """Return where Chromium is: on PATH, or where the variable CHROMIUM says."""
    return shutil.which(os.environ.get("CHROMIUM") or "chromium")


def spread(notes: Notes, paper: Paper, folder: Path) -> None:
    """Write the sheet into a folder with all that it needs, so that any program can print it."""
    html = sheet_html(notes).replace("asset:", "")
    head = f"<style>@page {{ size: {paper} }}</style></head>"
    (folder / SHEET).write_text(html.replace("</head>", head), encoding="utf-8")
    (folder / EMPTY).write_text("<!doctype html><title>Empty</title>", encoding="utf-8")
    for picture in notes.pictures.values():
        (folder / picture.file_name).write_text(picture.svg, encoding="utf-8")
    for name in FONTS.values():
        (folder / f"{name}.ttf").write_bytes(pymupdf_fonts.myfont(name))
    for file in FONT_FILES.values():
        (folder / file).write_bytes(font_bytes(file))


def changed(notes: Notes, changes: Sequence[tuple[str, str]]) -> Cost:
    """Print a sheet as the build would, after changes of its HTML and CSS: what to look for, and what to put there."""
    html = sheet_html(notes)
    for pattern, words in changes:
        html, count = re.subn(pattern, words, html)
        assert count, f"nothing there to change: {pattern}"
    return _cost(lambda: render_pdf(html, list(notes.pictures.values()), Paper.A4).data)


def _cost(work: Callable[[], bytes]) -> Cost:
    from weasyprint.logger import PROGRESS_LOGGER  # noqa: PLC0415 - a build that prints several sheets loads it once

    pages = _Pages()
    PROGRESS_LOGGER.setLevel(logging.INFO)
    PROGRESS_LOGGER.addHandler(pages)
    with _garbage() as spent:
        clock, processor = time.perf_counter(), time.process_time()
        pdf = work()
        clock, processor = time.perf_counter() - clock, time.process_time() - processor
    with pikepdf.open(BytesIO(pdf)) as read:
        count = len(read.pages)
    return Cost(clock, processor, sum(spent), pages.slowest, peak(), count, len(pdf))


class _Pages(logging.Handler):
    """Notes when a page is begun, and whatever comes next, as WeasyPrint tells of its progress."""

    def __init__(self) -> None:
        super().__init__()
        self._told: list[tuple[float, bool]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._told.append((time.process_time(), " - Page " in record.getMessage()))

    @property
    def slowest(self) -> float:
        """The processor's seconds for the page that took most."""
        return max((end - start for (start, is_page), (end, _) in pairwise(self._told) if is_page), default=0)


@contextmanager
def _garbage() -> Iterator[list[float]]:
    """Give the seconds that Python spends on looking for garbage, as they come."""
    spent: list[float] = []
    started = 0.0

    def note(phase: str, _: object) -> None:
        nonlocal started
        if phase == "start":
            started = time.process_time()
        else:
            spent.append(time.process_time() - started)

    gc.callbacks.append(note)
    try:
        yield spent
    finally:
        gc.callbacks.remove(note)
