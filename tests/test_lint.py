"""Each code's folder in tests/lint holds a notebook with its mistakes, and what is said of them."""

import shutil
from pathlib import Path

import pytest

from cheatdeck.command import PROBLEMS, main
from cheatdeck.problems import Code
from notes import SETTINGS

CASES = sorted((Path(__file__).parent / "lint").iterdir())


def check(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Check a copy of a case's notebook, which gets the usual settings if it has none of its own."""
    shutil.copytree(case, tmp_path / "notes", ignore=shutil.ignore_patterns("expected.txt"))
    settings = tmp_path / "notes" / "notebook.toml"
    if not settings.exists():
        settings.write_text(SETTINGS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "notes"]) == PROBLEMS
    return capsys.readouterr().err


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mistakes_are_reported_where_they_are(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = (case / "expected.txt").read_text(encoding="utf-8")
    assert expected == check(case, tmp_path, monkeypatch, capsys)


def test_every_code_has_a_case_that_it_is_reported_in() -> None:
    reported = {case.name for case in CASES if f" {case.name} " in (case / "expected.txt").read_text(encoding="utf-8")}
    # `check` finds all but what `nox -s facts` is for.
    assert {code.value for code in Code if not code.startswith("F")} == reported
