"""The cheat sheet of the notes in source/: against WeasyPrint alone and Chromium, with more notes, other layouts."""

import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from bench.measure import MEGABYTE, Promise, fresh, megabytes, rounds, say, table
from bench.notes import Notes, checked, first, several
from bench.printing import EMPTY, SHEET, Cost, bare, both, changed, chromium, find_chromium, median, ours, spread
from bench.steps import Step, shares
from cheatdeck.typeset import Paper, SheetError
from cheatdeck.words import counted

OURS, BARE = "cheatdeck", "WeasyPrint alone"
LETTER, BOTH, CHROMIUM, START = "letter", "both papers", "Chromium", "Chromium, an empty page"
INSTALL = "On Debian: apt-get install chromium."
TIMES = (1, 2, 4)

# A build makes so many files at once.
AT_ONCE = 2
# For so long rounds of one comparison go on, longer where small differences count; one round there is in any case.
SECONDS, MORE_SECONDS = 50, 125
# With more notes than print in so many seconds, growth and layouts are measured with the first chapters alone.
MOST_SECONDS = 30

# What counts as kept, as ratios. Work that grows with the square of the notes takes up to 4 times as long a page.
MOST_ABOVE_BARE = 1.1
MOST_A_PAGE = 1.25


# What each layout has in other words, as regular expressions and what to put there.
LAYOUTS: dict[str, tuple[tuple[str, str], ...]] = {
    OURS: (),
    "no page numbers in contents and index": ((r"target-counter\([^{}]*?, page\)", '""'),),
    "no thumb marks": ((r'<i class="thumb[^>]*></i>', ""), (r'(-middle \{ content: )""', r"\1none")),
    "last page's columns not made even": ((r"main \{ columns: 3", r"\g<0>; column-fill: auto"),),
    "two columns": ((r"main \{ columns: 3", "main { columns: 2"),),
    "one column": ((r"main \{ columns: 3", "main { columns: auto"),),
    "columns for each chapter by itself": (
        (r"main \{ columns: 3", ".block { columns: 3"),
        (r"(?s)<h1 (?=.*</main>).*?(?=<h1 |</main>)", r'<div class="block">\g<0></div>'),
    ),
    "all diagrams across the columns": ((r"</style>", r"main > figure { column-span: all } \g<0>"),),
}


def sheet() -> list[Promise]:
    """Measure the cheat sheet: against other printers, with more notes, where the time goes, what its layout costs.

    Raises SystemExit where the notes in source/ cannot be built.
    """
    try:
        return _measured()
    except SheetError as error:
        sys.exit(f"{error}\n`nox -s build` tells more.")


def _measured() -> list[Promise]:
    say("notes …")
    notes = fresh(read)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fresh(spread, notes, Paper.A4, folder)
        cost, kept = _against_bare(notes, folder)
        _against_others(notes, folder)
    part = first(notes, MOST_SECONDS / cost.processor)
    if len(part.book.chapters) < len(notes.book.chapters):
        print(f"From here on with the first {counted(len(part.book.chapters), 'chapter')} alone.\n")
    promises = [kept, _growth(part)]
    _steps(part)
    _layouts(part)
    return promises


def read() -> Notes:
    """Read the notes in source/, and draw their diagrams unless that was done before."""
    read = checked(Path("source"), Path("build"))
    return Notes(read.notebook, read.pictures)


def _against_bare(notes: Notes, folder: Path) -> tuple[Cost, Promise]:
    say("one paper, and WeasyPrint alone …")
    works = {OURS: partial(ours, notes, Paper.A4), BARE: partial(bare, folder, Paper.A4)}
    found = rounds(works, MORE_SECONDS, AT_ONCE)
    # Both ran at the same time: what disturbed one disturbed the other.
    ratio = statistics.median(mine.processor / alone.processor for mine, alone in zip(*found.values(), strict=True))
    costs = {name: median(each) for name, each in found.items()}
    assert costs[OURS].pages == costs[BARE].pages, "another sheet"
    print(f"The whole sheet on A4, from the notes, and from HTML that is ready; {_rounds(found)}.\n")
    table(
        ["way", "processor seconds", f"{BARE} = 1", "looking for garbage", "pages", "MB of PDF", "MB of memory"],
        [
            [name, f"{cost.processor:.1f}", f"{ratio if name == OURS else 1:.2f}", _percent(cost), str(cost.pages),
             f"{cost.size / MEGABYTE:.2f}", megabytes(cost.peak)]
            for name, cost in costs.items()
        ],
    )  # fmt: skip
    text = f"the whole sheet takes at most {MOST_ABOVE_BARE} times as long as {BARE} takes"
    return costs[OURS], Promise(text, ratio <= MOST_ABOVE_BARE)


def _against_others(notes: Notes, folder: Path) -> None:
    say("both papers, and Chromium …")
    works = {OURS: partial(ours, notes, Paper.A4), LETTER: partial(ours, notes, Paper.LETTER),
             BOTH: partial(both, notes)}  # fmt: skip
    if find_chromium():
        works |= {CHROMIUM: partial(chromium, folder, SHEET), START: partial(chromium, folder, EMPTY)}
    found = rounds(works, SECONDS, 1)
    costs = {name: median(each) for name, each in found.items()}
    _papers(costs, _rounds(found))
    if find_chromium():
        _against_chromium({name: costs[name] for name in (OURS, CHROMIUM, START)})
    else:
        print(f"Chromium is left out: it is not on PATH, nor where the variable CHROMIUM says. {INSTALL}\n")


def _papers(costs: Mapping[str, Cost], often: str) -> None:
    clock = costs[OURS].clock + costs[LETTER].clock
    processor = costs[OURS].processor + costs[LETTER].processor
    wanted = f"{os.getloadavg()[0]:.1f} programs wanted one of {os.cpu_count()} processors"
    print(f"Both papers; {often}. {wanted} meanwhile.\n")
    table(
        ["way", "seconds", "in turn = 1", "processor seconds, of the longer or of both", "in turn = 1"],
        [
            [name, f"{seconds:.1f}", f"{seconds / clock:.2f}", f"{busy:.1f}", f"{busy / processor:.2f}"]
            for name, seconds, busy in (
                ("at once, as the build makes them", costs[BOTH].clock, costs[BOTH].processor),
                ("in turn", clock, processor),
            )
        ],
    )


def _against_chromium(costs: Mapping[str, Cost]) -> None:
    print("The same HTML in Chromium, by the clock; it knows no page numbers in contents and index.\n")
    table(
        ["way", "seconds", f"{OURS} = 1", "pages", "MB of PDF"],
        [
            [name, f"{cost.clock:.1f}", f"{cost.clock / costs[OURS].clock:.2f}", str(cost.pages),
             f"{cost.size / MEGABYTE:.2f}"]
            for name, cost in costs.items()
        ],
    )  # fmt: skip


def _growth(notes: Notes) -> Promise:
    say(f"{', '.join(map(str, TIMES))} times the notes …")
    # The longest first, so that the others fit beside it.
    works = {times: partial(ours, several(notes, times), Paper.A4) for times in reversed(TIMES)}
    found = rounds(works, SECONDS, AT_ONCE)
    costs = {times: median(found[times]) for times in TIMES}
    once, most = costs[1], costs[TIMES[-1]]
    print("Several times the notes, under other ids.\n")
    table(
        ["notes", "pages", "processor seconds", "a page", "once = 1", "each page more", "looking for garbage",
         "MB of memory"],
        [
            [f"{times}×", str(cost.pages), f"{cost.processor:.1f}", f"{cost.page:.2f}",
             f"{cost.page / once.page:.2f}", _page_more(once, cost), _percent(cost), megabytes(cost.peak)]
            for times, cost in costs.items()
        ],
    )  # fmt: skip
    # What a sheet takes however short it is would hide growth: fewest seconds a page is what counts.
    fewer = min(cost.page for cost in costs.values() if cost is not most)
    text = f"with {TIMES[-1]} times the notes a page takes at most {MOST_A_PAGE} times as long as with fewer"
    return Promise(text, most.page <= MOST_A_PAGE * fewer)


def _steps(notes: Notes) -> None:
    say("where the time goes …")
    found = rounds({times: partial(shares, several(notes, times)) for times in TIMES[:2]}, 0, AT_ONCE)
    print("Where the time goes, as a profiler sees it: it makes much of what is many small steps.\n")
    table(
        ["step", *(f"{times}× the notes" for times in found)],
        [[step, *(f"{100 * each[0][step]:.0f} %" for each in found.values())] for step in Step],
    )


def _layouts(notes: Notes) -> None:
    say("other layouts …")
    found = rounds({name: partial(changed, notes, changes) for name, changes in LAYOUTS.items()}, MORE_SECONDS, AT_ONCE)
    costs = {name: median(each) for name, each in found.items()}
    mine = costs[OURS]
    print(f"The same sheet in other layouts; {_rounds(found)}.")
    print("The slowest page is mostly one whose columns are made even: that takes long or not as chance has it.\n")
    table(
        ["layout", "processor seconds", f"{OURS} = 1", "slowest page", f"without it, {OURS} = 1", "pages"],
        [
            [name, f"{cost.processor:.1f}", f"{cost.processor / mine.processor:.2f}", f"{cost.slowest:.1f}",
             f"{cost.others / mine.others:.2f}", str(cost.pages)]
            for name, cost in costs.items()
        ],
    )  # fmt: skip


def _rounds(found: Mapping[str, Sequence[Cost]]) -> str:
    (count,) = {len(each) for each in found.values()}
    return counted(count, "round")


def _percent(cost: Cost) -> str:
    return f"{100 * cost.garbage / cost.processor:.0f} %"


def _page_more(once: Cost, cost: Cost) -> str:
    """Return the seconds of each page more than once: what a sheet takes however short it is, is not in it."""
    more = cost.pages - once.pages
    return f"{(cost.processor - once.processor) / more:.2f}" if more else "-"
