"""The notebook's files, as people name and save them."""

from pathlib import Path

import pytest

from cheatdeck.problems import NotesError, Problem
from notes import SETTINGS, page, read, write_notebook

CARD = '<p id="card">A <mark>card</mark></p>'


def problems(folder: Path) -> list[tuple[str, int, str]]:
    """Return file name, line and message of each problem of a notebook's files."""
    try:
        found: list[Problem] = read(folder)[1]
    except NotesError as error:
        found = error.problems
    return [(Path(problem.span.file).name, problem.span.line, problem.message) for problem in found]


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    write_notebook(tmp_path, chapter_1="\ufeff" + page(CARD))
    (tmp_path / "notebook.toml").write_text("\ufeff" + SETTINGS, encoding="utf-8")
    assert problems(tmp_path) == []


def test_chapters_are_numbered_by_their_files_names(tmp_path: Path) -> None:
    write_notebook(tmp_path)
    for name in ("00-intro.html", "07-late.html", "preface.html"):
        (tmp_path / name).write_text(page(CARD.replace("card", name[:2]), key=name[3:6]), encoding="utf-8")
    notebook, found, _ = read(tmp_path)
    assert found == []
    assert [chapter.number for chapter in notebook.chapters] == [(0,), (3,), (7,)]


def test_two_chapters_with_one_number_are_a_problem(tmp_path: Path) -> None:
    write_notebook(tmp_path, chapter_1=page(CARD))
    (tmp_path / "1-again.html").write_text(page(CARD, key="two"), encoding="utf-8")
    assert problems(tmp_path) == [("1-again.html", 1, "chapter 1 again (first: 01.html)")]


def test_other_endings_are_reported_and_hidden_files_left_alone(tmp_path: Path) -> None:
    write_notebook(tmp_path, chapter_1=page(CARD))
    for name in ("02.htm", "03.HTML", "._01.html"):
        (tmp_path / name).write_text(page("<p>Text</p>", key=f"key-{name[:2]}"), encoding="utf-8")
    expected = "a chapter's file name ends in .html"
    assert problems(tmp_path) == [("02.htm", 1, expected), ("03.HTML", 1, expected)]


def test_nothing_outside_the_notebook_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text(page("<p>secret</p>"), encoding="utf-8")
    folder = write_notebook(tmp_path / "notes", chapter_1=page(CARD))
    (folder / "02.html").symlink_to(secret)
    (folder / "03.html").symlink_to("03.html")
    (folder / "limits.toml").symlink_to(tmp_path / "nowhere.toml")
    _, found, texts = read(folder)
    assert [Path(problem.span.file).name for problem in found] == ["02.html", "03.html", "limits.toml"]
    assert "secret" not in "".join(texts.values())


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ("a = 1", [(1, "a is not as it must be")]),
        ("a = [1]", [(1, "a is not as it must be")]),
        (
            '["Bad Key!"]\nsubject = "A"\nvalue = "1"\nkind = "name"',
            [(1, '"Bad Key!" is no id'), (1, "Bad Key!.section is missing")],
        ),
        (
            """[a]
value = "1"
kind = "name"
section = "one"

[b]
subject = "B"
value = "1"
kind = "name"
section = "one"
""",
            [(1, "a.subject is missing")],
        ),
        ("a = " + "9" * 5000, [(1, "a value too long or too deep")]),
    ],
)
def test_mistakes_in_limits_are_found_at_their_tables(
    tmp_path: Path, limits: str, expected: list[tuple[int, str]]
) -> None:
    write_notebook(tmp_path, chapter_1=page(CARD), limits=limits)
    found = [(line, message) for file, line, message in problems(tmp_path) if file == "limits.toml"]
    assert [(line, message.partition(":")[0]) for line, message in found] == expected


def test_an_exams_code_can_be_a_tag(tmp_path: Path) -> None:
    write_notebook(tmp_path, chapter_1=page(CARD))
    (tmp_path / "notebook.toml").write_text(SETTINGS.replace('"EX-1"', '"EX 1"'), encoding="utf-8")
    assert problems(tmp_path) == [("notebook.toml", 6, "exam.code is not as it must be")]
