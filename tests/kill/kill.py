"""Kill builds of a small notebook at random moments, and look at what they leave: whole files, and a next build.

`nox -s kill -- --minutes 10`, or `-- --kills 200`. Each build is of notes that the one before it does not have, so
that all files are made anew. It is killed as by the system (SIGKILL) at any moment, or at that of giving one of its
files a name, or interrupted as by a terminal (SIGINT, for all its processes). After each, every file that has its
name is one build's, whole; and the next build leaves just what a build into an empty folder does.
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
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from notes import page, write_notebook

BODY = """<p id="cloze">It is made of <mark>{0}</mark>, within 4 days</p>
<figure id="picture"><pre class="mermaid">
flowchart TB
  accDescr: A leads to {0}.
  A --> {0}
</pre><figcaption>What is drawn?</figcaption></figure>"""
# A notebook is one of these, so that what a whole build leaves is known.
VERSIONS = ("sand", "lime", "clay")
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
# Kills itself when it is about to give so many files their names.
SELF_KILLED = """
import os, signal, sys
number = int(sys.argv.pop(1))
renamed = 0
def count(event, _):
    global renamed
    if event == "os.rename":
        renamed += 1
        if renamed == number:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from cheatdeck.__main__ import run
run()
"""
WRITING = "SIGKILL at a file"
KINDS = ("SIGKILL", "SIGKILL to all", "SIGINT to all", WRITING)
# A deck, two sheets, a page, checksums, the manifest.
FILES = 6
# Of so many builds, the diagram is drawn anew.
REDRAWN = 0.5
# So long a process that was left may take to notice.
PATIENCE = 30.0


def main() -> int:
    """Kill builds, print what came of it, and return 1 if anything was not as it must be."""
    given = _arguments()
    chance = random.Random(given.seed)  # noqa: S311 - moments, not secrets
    print(f"seed {given.seed}", flush=True)
    ends, counts, wrong = time.monotonic() + given.minutes * 60, Counter[str](), []
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        print(f"a whole build takes {bench.seconds:.1f} s", flush=True)
        for number in range(given.kills):
            if time.monotonic() > ends:
                break
            kind = chance.choice(KINDS)
            # Some end before they are killed, so that the last moments are among them.
            moment = chance.uniform(0, bench.seconds * 1.05) if kind != WRITING else chance.randint(1, FILES)
            if chance.random() < REDRAWN:
                bench.forget_pictures()
            found = list(bench.kill(kind, moment, number % len(VERSIONS), counts))
            wrong += [f"kill {number}, {kind} {moment:.2f}: {what}" for what in found]
            for what in wrong[len(wrong) - len(found) :]:
                print(what, flush=True)
    print("\n".join(f"{count:5} {what}" for what, count in sorted(counts.items())))
    print(f"{len(wrong):5} wrong")
    return int(bool(wrong))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="how many at most (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=60, help="how long at most (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32), help="of the moments")
    return parser.parse_args()


class Bench:
    """Notes in a few versions, what whole builds of them leave, and a folder that all others are built into."""

    def __init__(self, folder: Path) -> None:
        """Build each version once."""
        self._notes = [self._write(folder / version, version) for version in VERSIONS]
        self._out = folder / "out"
        self._wanted = []
        started = time.monotonic()
        for version, notes in zip(VERSIONS, self._notes, strict=True):
            out = folder / f"wanted-{version}"
            subprocess.run(self._command(notes, out), env=ENVIRONMENT, check=True, capture_output=True)  # noqa: S603
            self._wanted.append(_files(out))
        self.seconds = (time.monotonic() - started) / len(VERSIONS)

    @staticmethod
    def _write(folder: Path, word: str) -> Path:
        return write_notebook(folder, chapter_1=page(BODY.format(word)))

    @staticmethod
    def _command(notes: Path, out: Path, *program: str) -> list[str]:
        return [sys.executable, *(program or ("-m", "cheatdeck")), "build", str(notes), "--out", str(out)]

    def forget_pictures(self) -> None:
        """Have the next build draw its diagram."""
        for picture in (self._out / ".cache").glob("*.svg"):
            picture.unlink()

    def kill(self, kind: str, moment: float, version: int, counts: Counter[str]) -> Iterator[str]:
        """Kill one build, let the next one end, and yield what is wrong; `counts` gets what was seen.

        `moment` is in seconds, or the number of a file.
        """
        program = ("-c", SELF_KILLED, str(moment)) if kind == WRITING else ()
        command = self._command(self._notes[version], self._out, *program)
        with subprocess.Popen(  # noqa: S603
            command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as build:
            if kind != WRITING:
                time.sleep(moment)
                _send(build, kind)
            said = build.communicate()[1]
            if not _all_ended(build.pid):
                yield "a process is left"
                os.killpg(build.pid, signal.SIGKILL)
        counts["builds"] += 1
        counts[f"{kind}, {_moment(build.returncode, said)}"] += 1
        if kind.startswith("SIGINT") and "Traceback" in said and said.startswith("drawing"):
            yield f"it said: {said}"
        yield from self._broken()
        yield from self._next(version)

    def _broken(self) -> Iterator[str]:
        """Yield what is not whole, or of no build."""
        for name, data in _files(self._out).items():
            if "unfinished" not in name:
                if not _is_whole(name, data):
                    yield f"{name} is broken"
                if all(data != wanted.get(name) for wanted in self._wanted):
                    yield f"{name} is of no build"

    def _next(self, version: int) -> Iterator[str]:
        command = self._command(self._notes[version], self._out)
        build = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)  # noqa: S603
        if build.returncode:
            yield f"the next build fails: {build.stderr}"
        left, wanted = _files(self._out), self._wanted[version]
        yield from (f"after the next build, {name} is not as it must be" for name in left.keys() | wanted.keys()
                    if left.get(name) != wanted.get(name))  # fmt: skip
        yield from _unlike_its_manifest(left)
        yield from (f"after the next build, {path} is left" for path in (self._out / ".cache").glob("[.s]*"))


def _send(build: "subprocess.Popen[str]", kind: str) -> None:
    if build.poll() is not None:
        return
    if kind == "SIGKILL":
        build.kill()
    else:
        os.killpg(build.pid, signal.SIGKILL if kind.startswith("SIGKILL") else signal.SIGINT)


def _moment(code: int, said: str) -> str:
    """Return how far a build had come, by what it said."""
    if code == 0:
        return "it had ended"
    last = [line.split()[0] for line in said.splitlines() if line.startswith(("drawing", "making"))]
    return last[-1] if last else "starting"


def _all_ended(group: int) -> bool:
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def _files(out: Path) -> dict[str, bytes]:
    """Return the files of a build by name, but for those of its cache."""
    found = [path for path in out.rglob("*") if path.is_file() and ".cache" not in path.parts]
    return {str(path.relative_to(out)): path.read_bytes() for path in found}


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


def _unlike_its_manifest(files: Mapping[str, bytes]) -> Iterator[str]:
    listed = json.loads(files["manifest.json"])["files"]
    for name, entry in listed.items():
        if hashlib.sha256(files.get(name, b"")).hexdigest() != entry["sha256"]:
            yield f"{name} has another checksum than the manifest says"


if __name__ == "__main__":
    sys.exit(main())
