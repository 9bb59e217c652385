import os
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
