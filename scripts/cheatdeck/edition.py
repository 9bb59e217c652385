"""Which edition of a notebook is being built, and when it counts as made."""

import os
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# Seconds of such length end in the year 2286; the calendar ends a little later.
_MOST_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Edition:
    """A version, and the second since 1970 in which it counts as made.

    A dated edition can be made again with the same bytes; one that is not is a draft from files that no
    commit holds, made now.
    """

    version: str
    time: int
    dated: bool

    @property
    def label(self) -> str:
        """What the sheet's foot says: the day in UTC, or that this is a draft."""
        day = datetime.fromtimestamp(self.time, UTC).strftime("%Y-%m-%d") if self.dated else "draft"
        return f"Version {self.version} · {day}"


def of(version: str, folder: Path) -> Edition:
    """Return the edition: dated by SOURCE_DATE_EPOCH, else by the last commit if all is committed, else a draft.

    SOURCE_DATE_EPOCH is as at https://reproducible-builds.org/specs/source-date-epoch/.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isascii() and epoch.isdigit() and len(epoch) <= _MOST_DIGITS:
        return Edition(version, int(epoch), dated=True)
    committed = _git(folder, "log", "-1", "--format=%ct")
    everything = _git(folder, "status", "--porcelain")
    notes = _git(folder, "status", "--porcelain", "--untracked-files=all", "--ignored", "--", ".")
    if committed and everything == "" and notes == "":
        return Edition(version, int(committed), dated=True)
    return Edition(version, int(time.time()), dated=False)


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints, or None where there is no git or no repository."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError):
        return None
    return run.stdout.strip()
