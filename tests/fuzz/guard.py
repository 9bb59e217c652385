"""What code that reads anybody's notes must not do: read other files, talk to others, or take for ever."""

import faulthandler
import os
import signal
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

# So many times its limit, code gets that does not even hear of it: then all ends.
_DEAF = 10
_TALKING = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen",
     "os.system", "os.exec", "os.posix_spawn", "os.fork", "urllib.Request"}
)  # fmt: skip


class TrespassError(Exception):
    """A file outside the notebook was opened, a connection made, or a program run."""


class TooLongError(Exception):
    """An example took longer than its limit."""


class Guard:
    """Watches over one piece of work after the other. There is one in a process: its hook stays for good."""

    def __init__(self, *known: Path) -> None:
        """Allow what Python itself reads, and files and folders that are known."""
        paths = [*map(Path, sys.path), *map(Path, sysconfig.get_paths().values()), Path(sys.prefix), Path(os.devnull)]
        self._known = tuple({os.path.realpath(path) for path in [*paths, Path(sys.base_prefix), *known] if path.parts})
        self._allowed: tuple[str, ...] | None = None
        self._trespasses: list[str] = []
        sys.addaudithook(self._heard)
        signal.signal(signal.SIGALRM, _too_long)

    @contextmanager
    def watching(self, seconds: float, *folders: Path) -> Iterator[None]:
        """Raise TrespassError for what is out of folders' bounds meanwhile, and TooLongError for what goes on."""
        self._trespasses.clear()
        faulthandler.dump_traceback_later(seconds * _DEAF, exit=True)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        self._allowed = (*self._known, *map(os.path.realpath, folders))
        try:
            yield
        finally:
            self._allowed = None
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.cancel_dump_traceback_later()
        if self._trespasses:
            # Whoever trespassed may have kept it to themselves.
            raise TrespassError(self._trespasses[0])

    def _heard(self, event: str, arguments: Sequence[object]) -> None:
        if self._allowed is None:
            return
        if event in _TALKING:
            self._refuse(f"{event} {arguments!r}")
        if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not any(path == known or path.startswith(f"{known}{os.sep}") for known in self._allowed):
                self._refuse(f"open {path}")

    def _refuse(self, what: str) -> None:
        self._trespasses.append(what)
        raise TrespassError(what)


def _too_long(_: int, frame: FrameType | None) -> None:
    place = f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "somewhere"
    raise TooLongError(f"it was in {place}")
