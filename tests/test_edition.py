import os
import subprocess
from pathlib import Path

import pytest

from cheatdeck import edition
from cheatdeck.edition import Edition

COMMITTED = 1_700_000_000


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git that answers: the last commit's time to log, the file `changes` to status, and fails without it."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    changes = tmp_path / "changes"
    program.write_text(
        f"""#!/bin/sh
case "$3 $*" in
    log*) test -e {changes} && echo {COMMITTED} ;;
    status*--ignored*) cat {changes} {changes}.ignored 2>/dev/null; true ;;
    status*) cat {changes} ;;
esac
""",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.9)
    return changes


def test_a_clean_checkout_counts_as_made_at_its_last_commit(git: Path, tmp_path: Path) -> None:
    git.write_text("", encoding="utf-8")
    made = edition.of("1.2.3", tmp_path)
    assert made == Edition("1.2.3", COMMITTED, dated=True)
    assert made.label == "Version 1.2.3 · 2023-11-14"


def test_uncommitted_changes_make_a_draft_of_now(git: Path, tmp_path: Path) -> None:
    git.write_text(" M source/01.html\n", encoding="utf-8")
    made = edition.of("1.2.3", tmp_path)
    assert made == Edition("1.2.3", 1_800_000_000, dated=False)
    assert made.label == "Version 1.2.3 · draft"


def test_notes_that_git_ignores_make_a_draft(git: Path, tmp_path: Path) -> None:
    git.write_text("", encoding="utf-8")
    git.with_name("changes.ignored").write_text("!! ./\n", encoding="utf-8")
    assert not edition.of("1.2.3", tmp_path).dated


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("epoch", ["", "²", "-1", "99999999999999", "now"])
def test_an_epoch_that_is_none_is_left_alone(epoch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert edition.of("1.2.3", tmp_path) == Edition("1.2.3", 1_800_000_000, dated=False)


@pytest.mark.usefixtures("git")
def test_a_folder_without_history_makes_a_draft(tmp_path: Path) -> None:
    assert edition.of("1.2.3", tmp_path) == Edition("1.2.3", 1_800_000_000, dated=False)


def test_a_machine_without_git_makes_a_draft(git: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not git.exists()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not edition.of("1.2.3", tmp_path).dated


def test_source_date_epoch_comes_first(git: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git.write_text(" M source/01.html\n", encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    made = edition.of("1.2.3", tmp_path)
    assert made == Edition("1.2.3", 86400, dated=True)
    assert made.label == "Version 1.2.3 · 1970-01-02"


def git_in(folder: Path, *arguments: str, given: str = "") -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout  # noqa: S603 - fixed words


def commit_signed(folder: Path) -> None:
    """Commit all that is in a folder, with a signature that a program has to look at."""
    git_in(folder, "init", "--quiet")
    git_in(folder, "add", ".")
    git_in(folder, "commit", "--quiet", "-m", "one")
    head, _, message = git_in(folder, "cat-file", "commit", "HEAD").partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n none\n -----END PGP SIGNATURE-----"
    signed = git_in(folder, "hash-object", "-t", "commit", "-w", "--stdin", given=f"{head}\n{signature}\n\n{message}")
    git_in(folder, "update-ref", "HEAD", signed.strip())


@pytest.mark.parametrize(
    "settings",
    [
        '[core]\nfsmonitor = "touch PROOF; false"\n',
        '[filter "notes"]\nclean = "touch PROOF; cat"\n',
        '[log]\nshowSignature = true\n[gpg]\nprogram = "PROGRAM"\n',
    ],
)
def test_a_repository_has_no_program_run(settings: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    folder, proof, program = tmp_path / "notes", tmp_path / "proof", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {proof}\n", encoding="utf-8")
    program.chmod(0o755)
    folder.mkdir()
    (folder / "01.html").write_text("one", encoding="utf-8")
    commit_signed(folder)
    with (folder / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(settings.replace("PROOF", str(proof)).replace("PROGRAM", str(program)))
    (folder / ".gitattributes").write_text("* filter=notes", encoding="utf-8")
    # Of the same length, so that git has to look into it.
    (folder / "01.html").write_text("two", encoding="utf-8")
    assert not edition.of("1.2.3", folder).dated
    assert not proof.exists()
