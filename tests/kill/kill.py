"""Kill builds of a small notebook at random moments, and look at what they leave: whole files, and a next build.

`nox -s kill -- --kills 200`. Each build is of notes that the one before it does not have, so that all files are made
anew. It is killed as by the system (SIGKILL) at any moment, alone or with all its processes, or when it is about to
give a file its name, or interrupted as by a terminal (SIGINT to all its processes). After each, every file that has a
name is whole, and of one build; no process is left; and the next build leaves just what one into an empty folder does.
"""

import argparse
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from broken_off import KILLED, NAMINGS, command, files, named, write_notes

# A notebook has one of these in it, so that what a whole build leaves is known.
WORDS = ("sand", "lime", "clay")
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
ALONE, ALL, INTERRUPT, NAMING = "SIGKILL", "SIGKILL to all", "SIGINT to all", "SIGKILL at a file's name"
INTERRUPTED = 130
# Of so many builds, the diagram is drawn anew.
REDRAWN = 0.5
# So many seconds a build's processes have to notice its end.
PATIENCE = 60.0
# After so many kills, it is said how far it is.
TOLD = 20


def main() -> int:
    """Kill builds, print what came of it, and return 1 if anything was not as it must be."""
    given = _arguments()
    chance = random.Random(given.seed)  # noqa: S311 - moments, not secrets
    print(f"seed {given.seed}", flush=True)
    counts, wrong = Counter[str](), 0
    # A shell has what it starts in the background ignore interrupts, and so would the builds.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        print(f"a whole build takes {bench.seconds:.1f} s", flush=True)
        for number in range(given.kills):
            kind = chance.choice((ALONE, ALL, INTERRUPT, NAMING))
            # Some end before they are killed, so that the last moments are among them.
            moment = chance.uniform(0, bench.seconds * 1.05) if kind != NAMING else chance.randint(1, NAMINGS)
            if chance.random() < REDRAWN:
                bench.forget_picture()
            for what in bench.kill(kind, moment, number % len(WORDS), counts):
                wrong += 1
                print(f"kill {number}, {kind} {moment:.2f}: {what}", flush=True)
            if number % TOLD == TOLD - 1:
                print(f"{number + 1} kills, {wrong} wrong", flush=True)
    print("\n".join(f"{count:5}  {what}" for what, count in sorted(counts.items())))
    print(f"{wrong:5}  wrong")
    return int(wrong > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32), help="of the moments")
    return parser.parse_args()


class Bench:
    """Notes with different words, what whole builds of them leave, and a folder that all others are built into."""

    def __init__(self, folder: Path) -> None:
        """Build all notes once, each into an empty folder."""
        self._notes = [write_notes(folder / word, word) for word in WORDS]
        self._out = folder / "out"
        self._wanted, taken = [], []
        for word, notes in zip(WORDS, self._notes, strict=True):
            out, started = folder / f"wanted-{word}", time.monotonic()
            subprocess.run(command(notes, out), env=ENVIRONMENT, check=True, capture_output=True)  # noqa: S603 - our own
            taken.append(time.monotonic() - started)
            self._wanted.append(files(out))
        # Of the one that other work on this machine slowed down least.
        self.seconds = min(taken)

    def forget_picture(self) -> None:
        """Have the next build draw its diagram."""
        for picture in (self._out / ".cache").glob("*.svg"):
            picture.unlink()

    def kill(self, kind: str, moment: float, number: int, counts: Counter[str]) -> Iterator[str]:
        """Kill one build, let the next one end, and yield what is wrong; `counts` gets what was seen.

        `moment` is in seconds, or says which of its files a build is about to name.
        """
        program = ("-c", KILLED, str(moment)) if kind == NAMING else ()
        with subprocess.Popen(  # noqa: S603 - our own
            command(self._notes[number], self._out, *program),
            env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        ) as build:  # fmt: skip
            if kind != NAMING:
                time.sleep(moment)
                _send(build, kind)
            try:
                # Each process that is left could still say something.
                printed, said = build.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                yield "a process is left"
                os.killpg(build.pid, signal.SIGKILL)
                printed, said = build.communicate()
        moment_met = _moment(printed, said)
        counts[f"{kind}, {moment_met}"] += 1
        if kind == INTERRUPT and moment_met in {"drawing", "making"}:
            last = said.splitlines()[-1]
            if build.returncode != INTERRUPTED or last != "cheatdeck: interrupted" or "Traceback" in said:
                yield f"it ends with {build.returncode} and says: {said}"
        yield from self._broken()
        yield from self._next(number)
        counts["next builds"] += 1

    def _broken(self) -> Iterator[str]:
        """Yield what is not whole, or of no build."""
        for name, data in named(files(self._out)).items():
            if not _is_whole(name, data):
                yield f"{name} is broken"
            if all(data != wanted[name] for wanted in self._wanted):
                yield f"{name} is of no build"

    def _next(self, number: int) -> Iterator[str]:
        """Build the same notes, and yield what of it is not as it must be."""
        again = command(self._notes[number], self._out)
        build = subprocess.run(again, env=ENVIRONMENT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        if build.returncode:
            yield f"the next build fails: {build.stderr}"
        left, wanted = files(self._out), self._wanted[number]
        for name in sorted(left.keys() | wanted.keys()):
            if left.get(name) != wanted.get(name):
                yield f"after the next build, {name} is not as it must be"
        yield from _unlike_its_manifest(left)
        yield from (f"after the next build, {path} is left" for path in (self._out / ".cache").glob("[.s]*"))


def _send(build: "subprocess.Popen[str]", kind: str) -> None:
    # It may have ended.
    with suppress(ProcessLookupError):
        if kind == ALONE:
            build.kill()
        else:
            os.killpg(build.pid, signal.SIGINT if kind == INTERRUPT else signal.SIGKILL)


def _moment(printed: str, said: str) -> str:
    """Return how far a build had come, by what it said."""
    if printed:
        return "it had ended"
    words = [line.split()[0] for line in said.splitlines() if line.startswith(("drawing", "making"))]
    return words[-1] if words else "starting"


def _is_whole(name: str, data: bytes) -> bool:
    try:
        if name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(data)) as document:
                return len(document.pages) > 0
        if name.endswith(".apkg"):
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                return package.testzip() is None
        if name.endswith(".json"):
            return bool(json.loads(data))
        return data.endswith((b"\n", b"</html>"))
    except (pikepdf.PdfError, zipfile.BadZipFile, ValueError):
        return False


def _unlike_its_manifest(left: Mapping[str, bytes]) -> Iterator[str]:
    listed = json.loads(left["manifest.json"])["files"]
    for name, entry in listed.items():
        if hashlib.sha256(left.get(name, b"")).hexdigest() != entry["sha256"]:
            yield f"{name} has another checksum than the manifest says"


if __name__ == "__main__":
    sys.exit(main())
