"""The command line, as people and scripts use it."""

from pathlib import Path

import pytest

from cheatdeck.__main__ import BUILT, MACHINE, PROBLEMS, USAGE, main
from cheatdeck.problems import Code
from cheatdeck.sheet import MissingLibraryError
from notes import page, write_notebook

SEVEN = """<p id="a">An empty <mark></mark></p>
<p id="a">A second <mark>a</mark></p>
<p>A <mark>mark</mark> without an id</p>
<p>A <blink>word</blink></p>
<p>Up to <data value="nowhere">4 days</data></p>
<p>See <a href="#nowhere">this</a></p>
<section id="b"><h4>Too deep</h4></section>"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_build_prints_what_it_made_and_then_that_nothing_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page('<p id="a">A <mark>word</mark></p>'))
    assert main(["build", "notes", "--out", "made"]) == BUILT
    first = capsys.readouterr().out.splitlines()
    assert first[0] == "Built:"
    assert [line.split()[0] for line in first[1:4]] == [
        "made/small-cheatsheet-a4.pdf",
        "made/small-cheatsheet-letter.pdf",
        "made/small.apkg",
    ]
    assert first[4] == "1 chapter, 1 section, 0 limits, 0 diagrams, 1 card (1 cloze)"
    assert main(["build", "notes", "--out", "made"]) == BUILT
    again = capsys.readouterr().out.splitlines()
    assert again[0] == "Nothing changed since the last build:"
    assert [line.endswith("(unchanged)") for line in again[1:4]] == [True, True, True]


def test_seven_mistakes_are_seven_problems_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page(SEVEN))
    assert main(["build", "notes", "--out", "made"]) == PROBLEMS
    said = capsys.readouterr().err
    codes = [line.split()[1] for line in said.splitlines() if line.startswith("notes/")]
    assert codes == ["N032", "N012", "N011", "N022", "N041", "N042", "N025"]
    assert said.splitlines()[-1] == "7 problems"
    assert not (tmp_path / "made").exists()


def test_a_check_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page('<p id="a">A <mark>word</mark></p>'))
    assert main(["check", "notes", "--out", "made"]) == BUILT
    assert capsys.readouterr().out == "No problem in 1 chapter, 1 section.\n"
    assert not (tmp_path / "made").exists()


def test_a_folder_without_a_notebook_is_a_problem_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "nowhere"]) == PROBLEMS
    said = capsys.readouterr().err
    assert said.startswith("nowhere:1:1: C001 the notebook has no chapter\n")
    assert "nowhere/notebook.toml:1:1: C001 cannot read the file: No such file or directory\n   hint:" in said


@pytest.mark.parametrize("arguments", [[], ["bake"], ["build", "a", "b"], ["check", "--colour"]])
def test_wrong_usage_is_told_apart(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == USAGE
    assert "usage: cheatdeck" in capsys.readouterr().err


def test_a_missing_library_is_said_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def without_pango(*_: object) -> None:
        raise MissingLibraryError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("cheatdeck.pipeline.build", without_pango)
    assert main(["build", str(tmp_path)]) == MACHINE
    assert "./scripts/bootstrap installs the libraries" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page("<p>Text</p>"))
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert main(["build", "notes", "--out", "taken"]) == USAGE
    assert capsys.readouterr().err.splitlines()[-1].startswith("cheatdeck: [Errno")


@pytest.mark.parametrize("command", ["", "build", "check"])
def test_help_is_complete(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command.split(), "--help"])
    assert stop.value.code == BUILT
    told = capsys.readouterr().out
    expected = ["exit codes:", "  3  something is missing"] + (
        ["NOTEBOOK", "--out DIR"] if command else ["build", "check"]
    )
    assert [part for part in expected if part not in told] == []


def test_warnings_are_told_and_the_build_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = f'<p id="a">A <mark>word</mark></p>\n<pre><code>{"x" * 61}</code></pre>'
    write_notebook(tmp_path / "notes", chapter_1=page(body))
    assert main(["build", "notes", "--out", "made"]) == BUILT
    said = capsys.readouterr()
    assert "notes/01.html:6:1: W064 code 61 characters wide" in said.err
    assert said.err.splitlines()[-1] == "1 warning"
    assert said.out.startswith("Built:\n")
    assert main(["check", "notes"]) == PROBLEMS


def test_every_rule_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "N064"]) == BUILT
    assert capsys.readouterr().out.startswith("N064 (error): no question can be answered with yes or no\n  why:")
    assert main(["check", "--explain"]) == BUILT
    told = capsys.readouterr().out
    assert [code for code in Code if f"{code} (" not in told] == []
    assert main(["check", "--explain", "N999"]) == USAGE


def test_stats_count_each_chapter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = page('<p id="a">A <mark>b</mark> <mark>c</mark></p><dl><div id="d"><dt>E?</dt><dd>f g h</dd></div></dl>')
    write_notebook(tmp_path / "notes", chapter_1=first, chapter_2=page("<p>None</p>", "two", "Two"))
    assert main(["check", "notes", "--stats"]) == BUILT
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    head = "chapter sections limits cards cloze question example definition row limit diagram longest median"
    assert rows[:4] == [
        head.split(),
        ["1", "One", "1", "0", "3", "2", "1", "0", "0", "0", "0", "0", "3", "3"],
        ["2", "Two", "1", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0"],
        ["all", "2", "0", "3", "2", "1", "0", "0", "0", "0", "0", "3", "3"],
    ]
