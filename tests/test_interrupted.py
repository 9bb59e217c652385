"""Builds that are killed, interrupted, refused by the disk, or not alone: never half a result."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from cheatdeck.__main__ import BUILT, INTERRUPTED, MACHINE, main
from notes import page, write_notebook

BODY = """<p id="cloze">It takes <mark>{}</mark>, or <data value="most">4 days</data></p>
<figure id="picture"><pre class="mermaid">
flowchart TB
  accDescr: A leads to {}.
  A --> B
</pre><figcaption>What is drawn?</figcaption></figure>"""
LIMITS = """[most]
subject = "Longest stay"
value = "4 days"
kind = "maximum"
section = "one"
check = "none"
note = "from {} notes"
"""
SECONDS = 60
# Kills itself when it is about to give so many files their names: of a picture, six files, checksums, manifest.
KILLED = """
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
# May write no file that is larger, in this process or in others.
ON_A_FULL_DISK = """
import resource, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from cheatdeck.__main__ import run
run()
"""


def write_notes(folder: Path, word: str) -> Path:
    return write_notebook(folder, chapter_1=page(BODY.format(word, word)), limits=LIMITS.format(word))


def files(out: Path) -> dict[str, bytes]:
    """Return all files of a build, hidden ones among them, but for the cache's pictures and locks."""
    found = [path for path in out.rglob("*") if path.is_file() and path.suffix not in {".svg", ".lock"}]
    return {str(path.relative_to(out)): path.read_bytes() for path in found if path.name != "lock"}


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """What builds of old and of new notes leave, by a word in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        made = {}
        for word in ("old", "new"):
            made[word] = tmp_path_factory.mktemp(word)
            notes = write_notes(tmp_path_factory.mktemp("notes"), word)
            assert main(["build", str(notes), "--out", str(made[word])]) == BUILT
        yield made


@pytest.fixture
def out(wanted: dict[str, Path], tmp_path: Path) -> Path:
    """A folder with a build of old notes, beside notes that are new."""
    write_notes(tmp_path / "notes", "new")
    return shutil.copytree(wanted["old"], tmp_path / "out")


@contextmanager
def building(out: Path, *program: str) -> Iterator[subprocess.Popen[str]]:
    """Run a build in a process group of its own, as a terminal does."""
    command = [sys.executable, *(program or ("-m", "cheatdeck")), "build", str(out.parent / "notes"), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as build:  # noqa: S603 - our own
        try:
            yield build
        finally:
            if build.poll() is None:
                os.killpg(build.pid, signal.SIGKILL)


def until(build: subprocess.Popen[str], word: str) -> list[str]:
    """Read what a build says up to a line that begins with a word."""
    assert build.stderr is not None
    lines: list[str] = []
    while not (lines and lines[-1].startswith(word)):
        lines.append(build.stderr.readline())
        assert lines[-1], f"it ended without a word of {word!r}: {lines}"
    return lines


def ends(build: subprocess.Popen[str]) -> bool:
    """Wait for all processes of a build to end."""
    build.wait(SECONDS)
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        try:
            os.killpg(build.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def mended(out: Path, wanted: dict[str, Path]) -> bool:
    """Build once more, and tell whether there is all of it, and nothing else."""
    return main(["build", str(out.parent / "notes"), "--out", str(out)]) == BUILT and files(out) == files(wanted["new"])


@pytest.mark.parametrize("number", [1, 5, 9])
def test_a_build_that_is_killed_leaves_whole_files_and_the_next_one_mends_the_rest(
    number: int, out: Path, wanted: dict[str, Path]
) -> None:
    before, after = files(wanted["old"]), files(wanted["new"])
    with building(out, "-c", KILLED, str(number)) as build:
        assert ends(build)
    assert build.returncode == -signal.SIGKILL
    left = files(out)
    seen = {name for name in left if "unfinished" not in name}
    assert seen == set(before)
    assert sum(left[name] == after[name] for name in seen) == max(number - 2, 0)
    assert [name for name in seen if left[name] not in {before[name], after[name]}] == []
    assert mended(out, wanted)
    assert list((out / ".cache").glob(".*")) == []


def test_a_build_that_is_killed_at_work_takes_its_processes_with_it(out: Path, wanted: dict[str, Path]) -> None:
    with building(out) as build:
        until(build, "making")
        build.kill()
        assert ends(build)
    assert files(out).items() >= files(wanted["old"]).items()
    assert mended(out, wanted)


@pytest.mark.parametrize("moment", ["drawing", "making"])
def test_ctrl_c_ends_a_build_in_one_line(moment: str, out: Path, wanted: dict[str, Path]) -> None:
    with building(out) as build:
        until(build, moment)
        os.killpg(build.pid, signal.SIGINT)
        said = build.communicate(timeout=SECONDS)[1]
        assert ends(build)
    assert (build.returncode, said) == (INTERRUPTED, "cheatdeck: interrupted\n")
    assert files(out) == files(wanted["old"])
    assert list((out / ".cache").glob("scratch-*")) == []


def test_a_full_disk_is_said_in_one_line(out: Path, wanted: dict[str, Path]) -> None:
    # A picture is smaller, and the fonts that a sheet is printed with are not.
    with building(out, "-c", ON_A_FULL_DISK, "25000") as build:
        said = build.communicate(timeout=SECONDS)[1].splitlines()
    assert build.returncode == MACHINE
    assert [line for line in said if not line.startswith(("drawing", "making"))] == said[-1:]
    assert said[-1].startswith(f"cheatdeck: cannot write {out}")
    assert files(out) == files(wanted["old"])
    assert mended(out, wanted)


def refusing(number: int) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize(
    ("call", "number", "expected"),
    [
        ("os.fsync", errno.ENOSPC, "No space left on device; make room for it, and go on as before"),
        ("os.replace", errno.EROFS, "Read-only file system; choose another folder, or make this one writable"),
        ("os.open", errno.EACCES, "Permission denied; choose another folder, or make this one writable"),
    ],
)
def test_a_folder_that_refuses_is_said_with_a_hint(  # noqa: PLR0913, PLR0917 - fixtures
    call: str,
    number: int,
    expected: str,
    out: Path,
    wanted: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # What is made anew then is the manifest alone.
    shutil.copytree(wanted["new"], out, dirs_exist_ok=True)
    (out / "manifest.json").write_bytes((wanted["new"] / "manifest.json").read_bytes() + b"\n")
    before = files(out)
    monkeypatch.setattr(call, refusing(number))
    assert main(["build", str(out.parent / "notes"), "--out", str(out)]) == MACHINE
    monkeypatch.undo()
    said = capsys.readouterr().err
    assert said.startswith(f"cheatdeck: cannot write {out}")
    assert said.endswith(f": {expected}\n")
    assert files(out) == before


def test_two_builds_take_turns(out: Path, wanted: dict[str, Path]) -> None:
    write_notes(out.parent / "notes", "old")
    with FileLock(out / ".cache" / "lock") as first, building(out) as second:
        assert until(second, "waiting")[-1] == f"waiting for another build into {out} …\n"
        write_notes(out.parent / "notes", "new")
        first.release()
        assert second.wait(SECONDS) == BUILT
    assert files(out) == files(wanted["new"])


@pytest.mark.parametrize(
    ("spoilt", "how"),
    [
        ("small.apkg", "truncated"),
        ("small-limits-a4.pdf", "deleted"),
        ("preview/index.html", "another build's"),
        ("SHA256SUMS", "truncated"),
        ("manifest.json", "truncated"),
        ("manifest.json", "another build's"),
    ],
)
def test_a_mixed_set_is_mended(spoilt: str, how: str, out: Path, wanted: dict[str, Path]) -> None:
    shutil.copytree(wanted["new"], out, dirs_exist_ok=True)
    path = out / spoilt
    match how:
        case "deleted":
            path.unlink()
        case "truncated":
            path.write_bytes(path.read_bytes()[:100])
        case _:
            path.write_bytes((wanted["old"] / spoilt).read_bytes())
    assert mended(out, wanted)
