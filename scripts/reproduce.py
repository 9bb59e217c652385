"""Builds the last commit twice, as different people would, and compares every byte of what is left.

`nox -s reproduce` runs this. Nothing is told of the time: both builds take it from the commit.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Builder:
    """Somebody who builds: the name of their folder, their permissions' mask and what their environment says."""

    folder: str
    umask: int
    environment: Mapping[str, str]


# It is never the same day for both: their clocks are 26 hours apart.
BUILDERS = (
    Builder("one", 0o022, {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "HOME": "/"}),
    Builder(
        "another one, ünd elsewhere",
        0o077,
        {"TZ": "Etc/GMT+12", "LC_ALL": "POSIX", "PYTHONHASHSEED": "2", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ),
)
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


def main() -> int:
    """Print the checksums of both builds; return 1 where they differ."""
    argparse.ArgumentParser(prog="nox -s reproduce", description=__doc__).parse_args()
    if not (ROOT / ".git").exists():
        _say("This is no git repository: there is no commit to build.")
        return 1
    if _output("git", "status", "--porcelain"):
        _say("What is not committed is left out.")
    with tempfile.TemporaryDirectory() as folder:
        sums = [_built(Path(folder), builder) for builder in BUILDERS]
    names = sorted(set().union(*sums))
    for name in names:
        first, second = (found.get(name, "missing") for found in sums)
        print(f"{'same' if first == second else 'DIFFERS'}  {first}  {name}")
        if first != second:
            print(f"         {second}")
    same = sum(sums[0].get(name) == sums[1].get(name) for name in names)
    print(f"{same} of {len(names)} files are the same byte for byte.")
    return 0 if names and same == len(names) else 1


def _built(folder: Path, builder: Builder) -> dict[str, str]:
    """Return the checksum of each file that a builder's build leaves, by its name."""
    checkout = folder / builder.folder
    _say(f'building in "{builder.folder}" with {dict(builder.environment)} and umask {builder.umask:03o} …')
    _output("git", "clone", "--quiet", str(ROOT), str(checkout))
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    run = subprocess.run(
        [sys.executable, "-m", "cheatdeck", "build"], cwd=checkout, umask=builder.umask, check=False,
        env={**kept, **builder.environment, "PYTHONPATH": str(checkout / "scripts")}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    if run.returncode:
        sys.exit(run.returncode)
    built = checkout / "build"
    return {
        str(path.relative_to(built)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in built.rglob("*")
        if path.is_file() and not path.relative_to(built).parts[0].startswith(".")
    }


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
