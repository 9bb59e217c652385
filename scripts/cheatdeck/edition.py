"""Which edition of a notebook is being built, and when it counts as made."""

import os
import re
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
    """Return the edition: dated by SOURCE_DATE_EPOCH, else by the last commit if all is committed, else a draft."""
    given = _source_date_epoch()
    if given is not None:
        return Edition(version, given, dated=True)
    filters = _git(folder, "config", "--show-scope", "--includes", "--get-regexp", r"^filter\.") or ""
    if re.search("^(local|worktree)", filters, re.MULTILINE):
        # Programs that git would run on the files, as whoever made the repository wants it.
        return Edition(version, now(), dated=False)
    committed = _git(folder, "log", "-1", "--format=%ct", "--no-show-signature")
    everything = _git(folder, "status", "--porcelain", _SUBMODULES)
    notes = _git(folder, "status", "--porcelain", _SUBMODULES, "--untracked-files=all", "--ignored", "--", ".")
    if committed and everything == "" and notes == "":
        return Edition(version, int(committed), dated=True)
    return Edition(version, now(), dated=False)


def cut(version: str) -> Edition:
    """Return the edition of a release that is cut at SOURCE_DATE_EPOCH, else now."""
    given = _source_date_epoch()
    return Edition(version, now() if given is None else given, dated=True)


def now() -> int:
    """Return the time in seconds since 1970."""
    return int(time.time())


def _source_date_epoch() -> int | None:
    """Return what https://reproducible-builds.org/specs/source-date-epoch/ asks builds to take for now."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(epoch) if epoch.isascii() and epoch.isdigit() and len(epoch) <= _MOST_DIGITS else None


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints, or None where there is no git or no repository.

    It writes nothing, loads nothing, and runs no programs that the repository, which may be anybody's, names.
    """
    command = ["git", "-C", str(folder), *arguments]
    environment = {**os.environ, **_HARMLESS}
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError):
        return None
    return run.stdout.strip()


_HARMLESS = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "core.fsmonitor",
    "GIT_CONFIG_VALUE_0": "false",
    "GIT_CONFIG_KEY_1": "core.hooksPath",
    "GIT_CONFIG_VALUE_1": os.devnull,
}
# A submodule's own settings would hold for it.
_SUBMODULES = "--ignore-submodules=dirty"
