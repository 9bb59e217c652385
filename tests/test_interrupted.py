"""Builds that are killed, interrupted, refused by the disk, or not alone: never half a result."""

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from filelock import FileLock

from broken_off import KILLED, NAMINGS, arguments, command, files, named, write_notes
from cheatdeck.__main__ import INTERRUPTED
from cheatdeck.command import BUILT, MACHINE, main

# A build takes a few of them, on a busy machine many.
SECONDS = 300
# May write no file that is larger, in this process or in others.
ON_A_FULL_DISK = """
import resource, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from cheatdeck.__main__ import run
run()
"""
# Is interrupted when it is about to import something; whatever the tests were started by, it heeds that.
INTERRUPTED_AT_ITS_START = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
name = sys.argv.pop(1)
def interrupt(event, given):
    if event == "import" and given[0] == name:
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(interrupt)
from cheatdeck.__main__ import run
run()
"""


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """What builds of old and of new notes leave, by a word in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        made = {}
        for word in ("old", "new"):
            made[word] = tmp_path_factory.mktemp(word)
            notes = write_notes(tmp_path_factory.mktemp("notes"), word)
            assert main(arguments(notes, made[word])) == BUILT
        yield made


@pytest.fixture
def out(wanted: dict[str, Path], tmp_path: Path) -> Path:
    """A folder with a build of old notes, beside notes that are new."""
    write_notes(tmp_path / "notes", "new")
    return shutil.copytree(wanted["old"], tmp_path / "out")


@contextmanager
def building(out: Path, *program: str) -> Iterator[subprocess.Popen[str]]:
    """Run a build in a process group of its own, as a terminal does; it is ended if it hangs."""
    with subprocess.Popen(  # noqa: S603 - our own
        command(out.parent / "notes", out, *program), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as build:
        too_long = Timer(SECONDS, os.killpg, (build.pid, signal.SIGKILL))
        too_long.start()
        try:
            yield build
        finally:
            too_long.cancel()
            # Once it was waited for, another process may have its number.
            if build.returncode is None:
                os.killpg(build.pid, signal.SIGKILL)


def until(build: subprocess.Popen[str], word: str) -> str:
    """Read what a build says up to a line that begins with a word, and return that."""
    assert build.stderr is not None
    lines = [build.stderr.readline()]
    while not lines[-1].startswith(word):
        lines.append(build.stderr.readline())
        assert lines[-1], f"it ended without a word of {word!r}: {lines}"
    return lines[-1]


def said_to_the_end(build: subprocess.Popen[str]) -> str:
    """Wait for all processes of a build to end, each of which could say something; return what they said."""
    assert build.stderr is not None
    said = build.stderr.read()
    build.wait()
    return said


def mended(out: Path, wanted: dict[str, Path]) -> bool:
    """Build once more, and tell whether there is all of it, and nothing else."""
    return main(arguments(out.parent / "notes", out)) == BUILT and files(out) == files(wanted["new"])


@pytest.mark.parametrize("number", [1, 4, NAMINGS])
def test_a_build_that_is_killed_leaves_whole_files_and_the_next_one_mends_the_rest(
    number: int, out: Path, wanted: dict[str, Path]
) -> None:
    before, after = files(wanted["old"]), files(wanted["new"])
    with building(out, "-c", KILLED, str(number)) as build:
        said_to_the_end(build)
    assert build.returncode == -signal.SIGKILL
    left = named(files(out))
    assert left.keys() == before.keys()
    # The first that gets its name is the picture.
    assert sum(left[name] == after[name] for name in left) == max(number - 2, 0)
    assert [name for name in left if left[name] not in {before[name], after[name]}] == []
    assert mended(out, wanted)


def test_a_build_that_is_killed_at_work_takes_its_processes_with_it(out: Path, wanted: dict[str, Path]) -> None:
    with building(out) as build:
        until(build, "making")
        build.kill()
        said_to_the_end(build)
    assert named(files(out)) == files(wanted["old"])
    assert mended(out, wanted)


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Have builds heed interrupts, which a shell has what it starts in the background ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize("moment", ["drawing", "making"])
def test_ctrl_c_ends_a_build_in_one_line(moment: str, out: Path, wanted: dict[str, Path]) -> None:
    with building(out) as build:
        until(build, moment)
        os.killpg(build.pid, signal.SIGINT)
        assert said_to_the_end(build) == "cheatdeck: interrupted\n"
    assert build.returncode == INTERRUPTED
    assert files(out) == files(wanted["old"])
    assert not (out / ".cache" / "scratch").exists()


@pytest.mark.parametrize("name", ["cheatdeck.command", "bs4", "fontTools.ttLib", "cheatdeck.pipeline"])
def test_ctrl_c_ends_a_build_in_one_line_before_it_has_begun(name: str, out: Path, wanted: dict[str, Path]) -> None:
    with building(out, "-c", INTERRUPTED_AT_ITS_START, name) as build:
        assert said_to_the_end(build) == "cheatdeck: interrupted\n"
    assert build.returncode == INTERRUPTED
    assert files(out) == files(wanted["old"])


def test_a_full_disk_is_said_in_one_line(out: Path, wanted: dict[str, Path]) -> None:
    # A picture is smaller, and the fonts that a sheet is printed with are not.
    with building(out, "-c", ON_A_FULL_DISK, "25000") as build:
        until(build, "making")
        (said,) = said_to_the_end(build).splitlines()
    assert build.returncode == MACHINE
    assert said.startswith(f"cheatdeck: cannot write {out}")
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
    assert main(arguments(out.parent / "notes", out)) == MACHINE
    monkeypatch.undo()
    said = capsys.readouterr().err
    assert said.startswith(f"cheatdeck: cannot write {out}")
    assert said.endswith(f": {expected}\n")
    assert files(out) == before


def test_two_builds_take_turns(out: Path, wanted: dict[str, Path]) -> None:
    write_notes(out.parent / "notes", "old")
    with FileLock(out / ".cache" / "lock") as first, building(out) as second:
        assert until(second, "waiting") == f"waiting for another build into {out} …\n"
        # What the second one has read is not what is there when its turn comes.
        write_notes(out.parent / "notes", "new")
        first.release()
        said_to_the_end(second)
    assert second.returncode == BUILT
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
