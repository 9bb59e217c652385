"""Small notebooks for tests, written in a line or two."""

from pathlib import Path

from cheatdeck import pipeline
from cheatdeck.cards import make_notes
from cheatdeck.files import Files
from cheatdeck.model import Notebook
from cheatdeck.notebook import read_notebook
from cheatdeck.paths import Paths
from cheatdeck.problems import Problem

SETTINGS = """\
id = "small"
title = "A small notebook"
version = "0.1.0"

[exam]
code = "EX-1"
name = "An exam"
[exam.domains.1]
name = "First domain"
tag = "1-first"
tasks = { "1.1" = { name = "Do this" }, "1.2" = { name = "Do that", skills = { "1.2.1" = "How" } } }
"""


def page(body: str, key: str = "one", title: str = "One") -> str:
    """Return a chapter with a heading and, below it, `body` on a line of its own."""
    return (
        f'<!doctype html>\n<html lang="en"><head><title>{title}</title></head><body>\n'
        f'<article id="{key}" data-tasks="1.1">\n<h1>{title}</h1>\n{body}\n</article>\n</body></html>\n'
    )


def write_notebook(folder: Path, **files: str) -> Path:
    """Write a notebook: a chapter for each keyword, `chapter_1="…"`, and limits for `limits="…"`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notebook.toml").write_text(SETTINGS, encoding="utf-8")
    for name, text in files.items():
        file = "limits.toml" if name == "limits" else f"{int(name.removeprefix('chapter_')):02}.html"
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> tuple[Notebook, list[Problem], dict[str, str]]:
    """Read a notebook; return it, its files' problems, and their texts."""
    files = Files(folder)
    return read_notebook(files), files.problems, files.texts


def deck(path: Path, out: Path) -> list[tuple[object, ...]]:
    """Return all that Anki gets of notes: their guids and keys, and what stands on their cards."""
    checked = pipeline.check(Paths.of(path, out), lambda _: None)
    pictures = {key: picture.file_name for key, picture in checked.pictures.items()}
    return [
        (
            note.guid, note.key, note.kind, note.front, note.back, note.extra, note.tags, note.numbers,
            note.chapter_label, note.section_label, note.sources,
        )
        for note in make_notes(checked.notebook, pictures, {})
    ]  # fmt: skip
