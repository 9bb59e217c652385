"""Give the readers and the renderers notes that nobody expects: `nox -s fuzz -- --minutes 10`.

Each target of targets.py gets a share of the time. An example fails if it raises anything but our own errors, takes
longer than its limit, opens a file outside the notebook, or talks to somebody. It is then made as small as it can be,
and printed with the seed that finds it again: `nox -s fuzz -- --target cards --seed 17`.
"""

import argparse
import importlib
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir

from guard import Guard
from targets import TARGETS, Target

PROJECT = Path(__file__).parents[2]
# In seconds, on a machine that has other things to do.
LIMIT = 30
# Of a small round: between rounds, the clock is looked at.
EXAMPLES = 20
# In seconds: so long an example that fails is made smaller.
SMALLER = 40
# Files beside the notes, which examples name, and nothing may open.
BESIDE = ("a.png", "table.csv", "other.md")


@dataclass
class Tally:
    """How many examples a target was given, how many were refused by it, and where others failed."""

    executions: int = 0
    refused: int = 0
    found: int = 0


def main() -> int:
    """Fuzz each target for its share of the time, print what came of it, and return 1 if anything was found."""
    arguments = _arguments()
    set_hypothesis_home_dir(tempfile.gettempdir())
    # As it is loaded, it asks the system where its libraries are.
    importlib.import_module("weasyprint")
    warnings.simplefilter("error")
    targets = [target for target in TARGETS if arguments.target in {None, target.name}]
    guard = Guard(*(PROJECT / name for name in ("scripts", "templates", "tests")))
    first = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"{'target':10} {'executions':>10} {'refused':>8} {'found':>6}   first seed {first}", flush=True)
    tallies = []
    for target in targets:
        tallies.append(_fuzzed(target, guard, first, arguments.minutes * 60 / len(targets)))
        print(_row(target.name, tallies[-1]), flush=True)
    whole = Tally(*(sum(getattr(tally, name) for tally in tallies) for name in ("executions", "refused", "found")))
    print(_row("all", whole))
    return int(whole.found > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5, help="how long, for all targets (default: %(default)s)")
    parser.add_argument("--target", choices=[target.name for target in TARGETS], help="one target alone")
    parser.add_argument("--seed", type=int, help="of the first round (default: any)")
    return parser.parse_args()


def _row(name: str, tally: Tally) -> str:
    return f"{name:10} {tally.executions:10,} {tally.refused:8,} {tally.found:6}"


def _fuzzed(target: Target, guard: Guard, first: int, seconds: float) -> Tally:
    tally, known, ends = Tally(), set[str](), time.monotonic() + seconds
    for number in _rounds(first, ends):
        tried: list[object] = []
        try:
            _round(target, guard, tally, tried, number)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            place = _place(error)
            if place not in known:
                known.add(place)
                tally.found += 1
                print(f"\n{target.name}, seed {number}: {place}\n{tried[-1]!r}")
                traceback.print_exception(error, limit=-6, file=sys.stdout)
    return tally


def _rounds(first: int, ends: float) -> Iterator[int]:
    """Yield the seeds of rounds until it is late, one at least."""
    yield first
    number = first
    while time.monotonic() < ends:
        number += 1
        yield number


def _round(target: Target, guard: Guard, tally: Tally, tried: list[object], number: int) -> None:
    latest = time.monotonic() + SMALLER

    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(target.examples)
    def one(example: Any) -> None:  # noqa: ANN401 - of any target
        if time.monotonic() > latest:
            # What was found is small enough.
            return
        tally.executions += 1
        tried.append(example)
        with tempfile.TemporaryDirectory() as folder:
            notes, work = Path(folder, "notes"), Path(folder, "work")
            work.mkdir()
            for name in BESIDE:
                Path(folder, name).touch()
            try:
                with patch.object(tempfile, "tempdir", str(work)), guard.watching(LIMIT, notes, work):
                    target.run(example, notes)
            except target.refused:
                tally.refused += 1

    one()


def _place(error: Exception) -> str:
    """Return what tells one failure from another: the error's kind, and the last line of our own that raised it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "hypothesis" not in frame.filename]
    own = [frame for frame in frames if str(PROJECT) in frame.filename and "fuzz.py" not in frame.filename] or frames
    return f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].lineno}"


if __name__ == "__main__":
    sys.exit(main())
