"""What topics share: processes of their own, medians, peaks of memory, tables, promises."""

import gc
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
K = TypeVar("K")
T = TypeVar("T")

MEGABYTE = 1_000_000
# What is long is measured less often: a busy moment hardly changes it.
MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that has to be true of what was measured, and whether it was."""

    text: str
    is_kept: bool


def medians(ready: Mapping[K, Callable[[], None]], rounds: int) -> dict[K, float]:
    """Return the median of the seconds of each way; they take turns, so that a busy moment hits all alike."""
    taken: dict[K, list[float]] = {key: [] for key in ready}
    # No way is to be slowed down by looking for garbage in what the others need.
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for key, way in ready.items():
            gc.collect()
            start = time.perf_counter()
            way()
            taken[key].append(time.perf_counter() - start)
    return {key: statistics.median(seconds) for key, seconds in taken.items()}


def fresh(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `work` does in a process of its own, with a temporary folder of its own.

    On Linux the peak of a process begins with that of its parent, so this one must do no work itself.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, get_context("spawn"), _use_temporary, (folder,)) as pool,
    ):
        return pool.submit(work, *args, **kwargs).result()


def _use_temporary(folder: str) -> None:
    tempfile.tempdir = os.environ["TMPDIR"] = folder


def rounds(works: Mapping[K, Callable[[], T]], seconds: float, at_once: int) -> dict[K, list[T]]:
    """Return what each work does, once a round, so many works at once and each in a process of its own.

    There is one round at least, and then as many as these seconds allow.
    """
    found: dict[K, list[T]] = {key: [] for key in works}
    start = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        for done in range(1, MOST_ROUNDS + 1):
            running = {key: pool.submit(fresh, work) for key, work in works.items()}
            for key, future in running.items():
                found[key].append(future.result())
            if (time.perf_counter() - start) * (done + 1) / done > seconds:
                break
    return found


def peak(who: int = resource.RUSAGE_SELF) -> int:
    """Return the most bytes that this process has held, or that one of those did that it waited for."""
    # Linux counts in kilobytes, macOS in bytes.
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print a table, numbers to the right, and an empty line after it."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    is_number = [all(cell[:1].isdigit() or cell[:1] == "-" for cell in column) for column in zip(*lines, strict=True)]
    for line in (head, *lines):
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, is_number, strict=True)
        )
        print("  ".join(cells).rstrip())
    print(flush=True)


def megabytes(count: float) -> str:
    """Return a number of bytes in megabytes, as tables show it."""
    return f"{count / MEGABYTE:.0f}"


def say(text: str) -> None:
    """Tell people how far it is."""
    print(text, file=sys.stderr, flush=True)
