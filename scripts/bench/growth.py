"""A whole build of the notes in source/, and of notes that are several times as long."""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.copies import copied
from bench.made_up import TIME
from bench.measure import Promise, fresh, megabytes, peak, say, table
from bench.notes import checked
from bench.printing import EDITION
from cheatdeck.cards import make_notes
from cheatdeck.deck import Deck, Faces, build_deck, note_types
from cheatdeck.ledger import ship
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Checked
from cheatdeck.preview import render_preview

SOURCE, BUILD_FOLDER = Path("source"), Path("build")
TIMES = (1, 4, 16)
READING, DECK, PREVIEW, SHEETS, BUILD = "reading and checking", "deck", "preview", "both sheets", "whole build"

# What counts as kept, as ratios: for each of the notes, against the fewest. What grows with the square takes 16 times.
MOST_TIME = 1.5
MOST_MEMORY = 1.0


@dataclass(frozen=True, slots=True)
class Cost:
    """The processor's seconds for a part of a build, and the most bytes that a process has held meanwhile."""

    processor: float
    peak: int


def growth() -> list[Promise]:
    """Measure a whole build for one paper, and its parts, as notes grow.

    Raises SystemExit where the notes in source/ cannot be built.
    """
    try:
        return _measured()
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr)


def _measured() -> list[Promise]:
    with tempfile.TemporaryDirectory() as name:
        out = Path(name, "out")
        say("diagrams …")
        fresh(reading, SOURCE, BUILD_FOLDER)
        shutil.copytree(Paths.of(SOURCE, BUILD_FOLDER).cache, Paths.of(SOURCE, out).cache)
        costs = {}
        for times in TIMES:
            say(f"{times} times the notes …")
            costs[times] = _costs(copied(SOURCE, times, Path(name, f"notes-{times}")), out)
    once = costs[TIMES[0]]
    print(
        "Several times the notes, under other ids; diagrams were drawn before. The sheet is what the others leave of a"
    )
    print("whole build; memory is that of the process that takes most.\n")
    table(
        ["what", "notes", "processor seconds", "once = 1", "MB of memory", "once = 1"],
        [
            [part, f"{times}×", f"{cost.processor:.1f}", f"{cost.processor / once[part].processor:.1f}",
             megabytes(cost.peak), f"{cost.peak / once[part].peak:.1f}"]
            for part in once
            for times in TIMES
            for cost in [costs[times][part]]
        ],
    )  # fmt: skip
    most, whole = TIMES[-1], costs[TIMES[-1]][BUILD]
    return [
        Promise(
            f"a build of {most} times the notes takes at most {MOST_TIME * most:.0f} times as long",
            whole.processor <= MOST_TIME * most * once[BUILD].processor,
        ),
        Promise(
            f"a build of {most} times the notes takes at most {MOST_MEMORY * most:.0f} times the memory",
            whole.peak <= MOST_MEMORY * most * once[BUILD].peak,
        ),
    ]


def _costs(notes: Path, out: Path) -> Mapping[str, Cost]:
    """Return what each part of a build takes, each in a process of its own, and the whole."""
    costs = {}
    for part, work in ((READING, reading), (DECK, deck), (PREVIEW, preview), (BUILD, build)):
        costs[part] = fresh(work, notes, out)
        say(f"  {part}: {costs[part].processor:.1f} s, {megabytes(costs[part].peak)} MB")
    whole = costs.pop(BUILD)
    sheets = Cost(whole.processor - sum(cost.processor for cost in costs.values()), whole.peak)
    return costs | {SHEETS: sheets, BUILD: whole}


def reading(notes: Path, out: Path) -> Cost:
    """Read and check notes, and draw what diagrams were not drawn before."""
    return _cost(lambda: checked(notes, out))


def deck(notes: Path, out: Path) -> Cost:
    """Make cards of notes that were read, and a package of them."""
    read, paths = checked(notes, out), Paths.of(notes, out)

    def work() -> bytes:
        content = _content(read, paths)
        return build_deck(content, ship({}, content.things(), TIME).ledger, TIME)

    return _cost(work)


def preview(notes: Path, out: Path) -> Cost:
    """Make the page of notes that were read, and of their cards."""
    read, paths = checked(notes, out), Paths.of(notes, out)
    content = _content(read, paths)
    return _cost(lambda: render_preview(read.notebook, content, read.pictures, EDITION, paths.templates))


def _content(read: Checked, paths: Paths) -> Deck:
    settings = read.notebook.settings
    names = {key: picture.file_name for key, picture in read.pictures.items()}
    return Deck(
        settings,
        make_notes(read.notebook, names, {}),
        note_types(settings, Faces.read(paths.templates / "cards")),
        {picture.file_name: picture.data for picture in read.pictures.values()},
    )


def _cost(work: Callable[[], object]) -> Cost:
    start = time.process_time()
    work()
    return Cost(time.process_time() - start, peak())


def build(notes: Path, out: Path) -> Cost:
    """Build notes for one paper, as people do."""
    command = [sys.executable, "-m", "cheatdeck", "build", str(notes), "--out", str(out), "--paper", "a4"]
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(used.ru_utime + used.ru_stime, peak(resource.RUSAGE_CHILDREN))
