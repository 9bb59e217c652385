"""Processes that work for this one, and end with it, however it ends."""

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")


class WorkerError(Exception):
    """A process that was ended from outside, before its work was done."""


def work(tasks: Sequence[Callable[[], _T]], most: int, scratch: Path | None = None) -> list[_T]:
    """Return what tasks return, in their order; they run in processes, so many at a time at most.

    Their temporary files stand in the folder `scratch`, for the caller to remove: tasks that are broken off remove
    nothing. They are when this process is interrupted or killed, and when one of them fails. Raises what the first
    task raises that fails, and WorkerError where a process ends before its work is done.
    """
    context = get_context("spawn")
    ended, alive = context.Pipe(duplex=False)
    # The tasks are handed over once, at the start: a queue of large ones would hang if the processes break off.
    pool = ProcessPoolExecutor(min(most, len(tasks)), context, _begin, (ended, tasks, scratch))
    try:
        with _no_interrupts():
            running = [pool.submit(_do, number) for number in range(len(tasks))]
        return [future.result() for future in running]
    except BaseException as error:
        alive.close()
        if isinstance(error, BrokenProcessPool):
            raise WorkerError("a process was ended before its work was done; is there enough memory?") from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        alive.close()
        ended.close()


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Keep Ctrl-C, which the terminal sends to all processes, from those that are started meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the processes

_tasks: list[Callable[[], Any]] = []


def _begin(ended: Connection, tasks: Sequence[Callable[[], Any]], scratch: Path | None) -> None:
    _tasks.extend(tasks)
    if scratch is not None:
        tempfile.tempdir = str(scratch)
    threading.Thread(target=_end, args=(ended,), daemon=True).start()


def _end(ended: Connection) -> None:
    """Wait until the process that all this is done for has no more use for it, or is no more."""
    ended.poll(None)
    for child in active_children():
        child.kill()
    os._exit(1)


def _do(number: int) -> Any:  # noqa: ANN401 - whatever a task returns
    return _tasks[number]()
