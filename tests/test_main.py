"""The command line, as people and scripts use it."""

import socket
from pathlib import Path

import pytest

from cheatdeck.command import BUILT, MACHINE, PROBLEMS, USAGE, main
from cheatdeck.problems import Code
from cheatdeck.typeset import MissingLibraryError
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
    assert [line.split()[0] for line in first[1:5]] == [
        "made/preview/index.html",
        "made/small-cheatsheet-a4.pdf",
        "made/small-cheatsheet-letter.pdf",
        "made/small.apkg",
    ]
    assert first[5] == "1 chapter, 1 section, 0 limits, 0 diagrams, 1 card (1 cloze)"
    assert main(["build", "notes", "--out", "made"]) == BUILT
    again = capsys.readouterr().out.splitlines()
    assert again[0] == "Nothing changed since the last build:"
    assert [line.endswith("(unchanged)") for line in again[1:5]] == [True, True, True, True]


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
    assert said.startswith("nowhere:1:1: C001 there is no such file or folder\n   hint: name a file of notes")


@pytest.mark.parametrize("arguments", [[], ["bake"], ["build", "a", "b"], ["check", "--colour"]])
def test_wrong_usage_is_told_apart(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == USAGE
    assert "usage: cheatdeck" in capsys.readouterr().err


def test_a_missing_library_is_said_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def without_pango(*_: object, **__: object) -> None:
        raise MissingLibraryError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("cheatdeck.pipeline.build", without_pango)
    assert main(["build", str(tmp_path)]) == MACHINE
    assert "./scripts/bootstrap installs the libraries" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page("<p>Text</p>"))
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert main(["build", "notes", "--out", "taken"]) == MACHINE
    assert capsys.readouterr().err == (
        "cheatdeck: cannot write taken/.cache/lock: Not a directory; choose another folder, or make this one writable\n"
    )


@pytest.mark.parametrize("command", ["", "build", "check", "release"])
def test_help_is_complete(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command.split(), "--help"])
    assert stop.value.code == BUILT
    told = capsys.readouterr().out
    expected = ["exit codes:", "  3  something is missing"] + (
        ["PATH", "--out DIR"] if command else ["build", "check", "release", "diff", "push"]
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


def test_stats_count_what_serves_each_task(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page('<p id="a">A <mark>b</mark> <mark>c</mark></p>'))
    assert main(["check", "notes", "--stats"]) == BUILT
    _, told = capsys.readouterr().out.split("\n\n")
    assert told.splitlines()[:-1] == [
        "task         sections  cards",
        "1.1 Do this         1      2",
        "1.2 Do that         0      0",
        "  1.2.1 How         0      0",
    ]


def test_a_card_of_a_binding_release_cannot_just_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = write_notebook(
        tmp_path / "notes", chapter_1=page('<p id="a">A <mark>b</mark></p><p id="c"><mark>d</mark></p>')
    )
    settings = (notes / "notebook.toml").read_text(encoding="utf-8")
    (notes / "notebook.toml").write_text(settings.replace("0.1.0", "1.0.0"), encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert main(["release", "notes"]) == BUILT
    assert capsys.readouterr().out.splitlines() == [
        "Ships 4 added; 0 as they were.", "  added  Cheatdeck Question", "  added  Cheatdeck Cloze", "  added  a",
        "  added  c", "Written: notes/cards.csv. Commit it, then build.",
    ]  # fmt: skip
    write_notebook(tmp_path / "other", chapter_1=page('<p id="a">A <mark>b</mark></p>'))
    (notes / "01.html").write_bytes((tmp_path / "other" / "01.html").read_bytes())
    assert main(["build", "notes", "--out", "made"]) == PROBLEMS
    said = capsys.readouterr().err
    assert said.startswith('notes/cards.csv:5:1: N081 the card "c" was released, and is gone from the notes\n')
    assert "hint: bring it back, or retire it: say why in the column reason of its row\n" in said

    ledger = notes / "cards.csv"
    rows = ledger.read_text(encoding="utf-8").splitlines()
    ledger.write_text("\n".join([*rows[:-1], rows[-1].removesuffix(",,") + ",Not asked,a"]) + "\n", encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1710000000")
    assert main(["release", "notes"]) == BUILT
    assert capsys.readouterr().out.splitlines()[:2] == ["Ships 1 retired; 3 as they were.", "  retired  c"]
    assert main(["release", "notes"]) == BUILT
    assert capsys.readouterr().out.splitlines() == [
        "Ships nothing new; 4 as they were.", "notes/cards.csv stays as it is."
    ]  # fmt: skip


def test_a_release_that_is_refused_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page('<p id="a">A <mark>b</mark></p>'))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9000000000")
    assert main(["release", "notes"]) == PROBLEMS
    assert "This release would be cut at 2255-03-14T16:00:00Z" in capsys.readouterr().err


def test_two_builds_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, word in (("old", "word"), ("new", "name")):
        write_notebook(tmp_path / name, chapter_1=page(f'<p id="a">A <mark>{word}</mark></p>'))
        assert main(["build", name, "--out", f"made-{name}"]) == BUILT
    capsys.readouterr()
    assert main(["diff", "made-old/small.apkg", "made-new/manifest.json"]) == BUILT
    assert capsys.readouterr().out.splitlines() == [
        "1 changed", "", "Changed:", "  a (1 One)", "    Question: A [-[word]-] {+[name]+}"
    ]  # fmt: skip
    assert main(["diff", "--markdown", "made-old/small.apkg", "made-new/small.apkg"]) == BUILT
    assert capsys.readouterr().out.splitlines()[-1] == "  - Question: A ~~\\[word\\]~~ **\\[name\\]**"
    assert main(["diff", "made-old/small.apkg", "nowhere.apkg"]) == USAGE
    assert capsys.readouterr().err.startswith("cheatdeck: nowhere.apkg: cannot read the file: No such file")


def test_a_deck_that_anki_does_not_take_is_said_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["push"]) == MACHINE
    assert "There is no package build/deck.apkg.\nMake it with: cheatdeck build" in capsys.readouterr().err
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "small.apkg").write_bytes(b"a deck")
    (tmp_path / "build" / "manifest.json").write_text('{"files": {"a.pdf": {}, "small.apkg": {}}}', encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    assert main(["push", "--address", address]) == MACHINE
    said = capsys.readouterr().err
    assert said.startswith("Anki imports build/small.apkg …\n")
    assert f"Nothing listens at {address}" in said


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was opened with; whoever waits for changes is interrupted at once."""
    opened: list[str] = []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("cheatdeck.command.keep_fresh", interrupt)
    return opened


def test_a_preview_is_served_and_opened_until_it_is_interrupted(
    tmp_path: Path, browser: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page('<p id="a">A <mark>word</mark></p>'))
    assert main(["preview", "notes", "--port", "0"]) == BUILT
    out = capsys.readouterr().out.splitlines()
    assert out[1] == "Changes in notes are on the page at once. Ctrl-C ends this."
    assert browser == [out[0]]
    assert out[0].startswith("http://127.0.0.1:")
    assert not (tmp_path / "build").exists()


def test_a_preview_of_broken_notes_is_served_too(
    tmp_path: Path, browser: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page("<p>A <blink>word</blink></p>"))
    assert main(["preview", "notes", "--port", "0", "--no-browser"]) == BUILT
    said = capsys.readouterr().err
    assert said.startswith("notes/01.html:5:6: N022 ")
    assert "hint: " in said
    assert browser == []


@pytest.mark.usefixtures("browser")
def test_a_port_that_is_taken_is_told_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook(tmp_path / "notes", chapter_1=page('<p id="a">A <mark>word</mark></p>'))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["preview", "notes", "--port", str(port)]) == USAGE
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"cheatdeck: port {port}: Address already in use; --port 0 takes one that is free"
    )
