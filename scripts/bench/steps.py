"""Where the time goes while a sheet is printed, in words that tell what is being done."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from cProfile import Profile
from enum import StrEnum
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.logger import PROGRESS_LOGGER

from bench.notes import Notes
from bench.printing import print_notes
from cheatdeck.typeset import Paper

# A function of the profiler: file, line, name. What it knows of each: calls, own time, whole time and callers.
_Function = tuple[str, int, str]
_Calls = tuple[int, int, float, float]
_Facts = tuple[int, int, float, float, dict[_Function, _Calls]]

_PACKAGE = Path(weasyprint.__file__).parent
# As many calls lie between what helps, such as sizes and styles, and what it helps with.
_DEPTH = 12


class Step(StrEnum):
    """What is done while a sheet is printed."""

    WRITING = "writing the HTML (Jinja)"
    READING = "reading HTML and CSS, matching styles"
    BOXES = "building boxes"
    BLOCKS = "columns, blocks and tables"
    LINES = "breaking lines"
    NUMBERS = "again, once page numbers are known; margins"
    DRAWING = "drawing"
    FONTS = "fonts"
    PDF = "writing the PDF, its tags"


# When each begins, as WeasyPrint tells of its progress; the last step of another phase is over by then.
_BEGINS = {"Step 1": Step.READING, "Step 4": Step.BOXES, "Step 5 - Creating layout - Page": Step.BLOCKS,
           "Step 5 - Creating layout - Repagination": Step.NUMBERS, "Step 6": Step.PDF}  # fmt: skip
# In which phase the functions of which files do something else than the phase is called for.
_FILES = {
    (Step.READING, "text/fonts.py"): Step.FONTS,
    (Step.BLOCKS, "layout/inline.py"): Step.LINES,
    (Step.BLOCKS, "text/"): Step.LINES,
    (Step.PDF, "draw/"): Step.DRAWING,
    (Step.PDF, "svg/"): Step.DRAWING,
    (Step.PDF, "stacking.py"): Step.DRAWING,
    (Step.PDF, "pdf/fonts.py"): Step.FONTS,
    (Step.PDF, "text/fonts.py"): Step.FONTS,
}
# What helps with everything: it belongs to what calls it.
_HELPERS = ("css/", "formatting_structure/", "layout/percent.py", "layout/min_max.py", "layout/preferred.py")


def shares(notes: Notes) -> dict[Step, float]:
    """Print notes under the profiler; return the share of each step, which is of 1 in all."""
    phases = _Phases()
    PROGRESS_LOGGER.addHandler(phases)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    phases.enter(Step.WRITING)
    print_notes(notes, Paper.A4)
    phases.leave()
    spent: dict[Step, float] = defaultdict(float)
    for phase, profile in phases.profiles.items():
        for step, seconds in _spent(phase, profile).items():
            spent[step] += seconds
    return {step: spent[step] / sum(spent.values()) for step in Step}


class _Phases(logging.Handler):
    """Gives each phase a profile of its own, as WeasyPrint tells of its progress."""

    def __init__(self) -> None:
        super().__init__()
        self.profiles: dict[Step, Profile] = {}

    def enter(self, phase: Step) -> None:
        """Begin a phase, and end the one before."""
        self.leave()
        self.profiles[phase] = Profile()
        self.profiles[phase].enable()

    def leave(self) -> None:
        """End the phase."""
        for profile in self.profiles.values():
            profile.disable()

    def emit(self, record: logging.LogRecord) -> None:
        order = list(Step)
        for start, phase in _BEGINS.items():
            # Pages are laid out in several phases; none comes a second time.
            if record.getMessage().startswith(start) and order.index(phase) > max(map(order.index, self.profiles)):
                self.enter(phase)


def _spent(phase: Step, profile: Profile) -> dict[Step, float]:
    """Return the seconds of each step in a phase."""
    profile.create_stats()
    stats: Any = profile.stats  # its types take seconds for whole numbers
    facts: Mapping[_Function, _Facts] = stats
    own = {function: _step(phase, function[0]) for function in facts}
    parts = {function: {step: 1.0} if step else {} for function, step in own.items()}
    for _ in range(_DEPTH):
        parts |= {function: _mixed(facts[function][4], parts) for function, step in own.items() if not step}
    spent: dict[Step, float] = defaultdict(float)
    for function, (_, _, seconds, _, _) in facts.items():
        spent[phase] += seconds * (1 - sum(parts[function].values()))
        for step, part in parts[function].items():
            spent[step] += seconds * part
    return spent


def _step(phase: Step, file: str) -> Step | None:
    """Return what a file's functions do in a phase; None where that is what their callers do."""
    path = Path(file)
    if not path.is_relative_to(_PACKAGE):
        return None
    name = path.relative_to(_PACKAGE).as_posix()
    for (where, start), step in _FILES.items():
        if where is phase and name.startswith(start):
            return step
    return None if name.startswith(_HELPERS) else phase


def _mixed(callers: Mapping[_Function, _Calls], parts: Mapping[_Function, Mapping[Step, float]]) -> dict[Step, float]:
    """Return the parts of a function that does what its callers do, each as much as it was busy for it."""
    whole = sum(seconds for _, _, _, seconds in callers.values()) or 1
    mixed: dict[Step, float] = defaultdict(float)
    for caller, (_, _, _, seconds) in callers.items():
        for step, part in parts.get(caller, {}).items():
            mixed[step] += part * seconds / whole
    return mixed
