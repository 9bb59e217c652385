"""Processes that work for this one, and end with it, however it ends."""

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")


class WorkerError(Exception):
    """A process that was ended from outside, before its work was done."""


def work(tasks: Sequence[Callable[[], _T]], most: int, scratch: Path | None = None) -> list[_T]:
    """Return what tasks return, in their order; they run in processes, so many at a time at most.

    Their temporary files stand in the folder `scratch`, for the caller to remove: tasks that are broken off remove
    nothing. They are when this process is interrupted or killed, and when one of them fails. What they say on their
    standard error is not heard. Raises what the first task raises that fails, and WorkerError where a process ends
    before its work is done.
    """
    ended, alive = _CONTEXT.Pipe(duplex=False)
    # An interrupt is for the main thread alone, so none comes while another starts processes. They break off first.
    with ended, ThreadPoolExecutor(1) as thread, alive:
        return thread.submit(_run, tasks, min(most, len(tasks)), scratch, ended, alive).result()


_CONTEXT = get_context("spawn")


def _run(
    tasks: Sequence[Callable[[], _T]], at_once: int, scratch: Path | None, ended: Connection, alive: Connection
) -> list[_T]:
    # The tasks are handed over once, at the start: a queue of large ones would hang if the processes break off.
    pool = ProcessPoolExecutor(at_once, _CONTEXT, _begin, (ended, tasks, scratch))
    if hasattr(signal, "pthread_sigmask"):
        # The terminal sends Ctrl-C to all processes; those that this thread starts inherit that it is kept from them.
        # Not before there is a pool: the tracker of its resources lets Ctrl-C through when it is started.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        running = [pool.submit(_do, number) for number in range(len(tasks))]
        return [future.result() for future in running]
    except BrokenProcessPool as error:
        raise WorkerError("a process was ended before its work was done; is there enough memory?") from error
    except BaseException:
        alive.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


# In the processes

_STDERR = 2
_tasks: list[Callable[[], Any]] = []


def _begin(ended: Connection, tasks: Sequence[Callable[[], Any]], scratch: Path | None) -> None:
    _tasks.extend(tasks)
    # What a task has started may outlive it by a moment, and complain of that.
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), _STDERR)
    if scratch is not None:
        tempfile.tempdir = str(scratch)
    threading.Thread(target=_end, args=(ended,), daemon=True).start()


def _end(ended: Connection) -> None:
    """Wait until the process that all this is done for has no more use for it, or is no more."""
    ended.poll(None)
    os._exit(1)


def _do(number: int) -> Any:  # noqa: ANN401 - whatever a task returns
    return _tasks[number]()
