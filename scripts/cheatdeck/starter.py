"""A notebook.toml to go on from, with what a build takes for granted of notes that have none."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from cheatdeck import archive
from cheatdeck.files import SETTINGS_FILE, Files
from cheatdeck.folder import note_files
from cheatdeck.ledger import LEDGER_FILE
from cheatdeck.model import Span
from cheatdeck.notebook import LIMITS_FILE, read_notebook
from cheatdeck.paths import Paths
from cheatdeck.problems import Code, NotesError, Problem
from cheatdeck.settings import Settings

_LONGEST_TITLE = 500
_TEXT = """\
# Cards are known by this id and their own: with another one, learners begin anew.
id = {key}
title = {title}
# With 1.0.0, learners rely on what was released.
version = {version}
language = {language}

# What may be added:

# Services, products and the like, of which each card names one.
# names = ["Bumblebee", "Honeybee"]

# Have the values of limits.toml typed.
# typed_limits = true

# Files in this folder that are no notes.
# leave_out = ["drafts/*"]

# Chapters that belong together, by their numbers: a color on the sheet for each group, a group for each chapter.
# [groups.first]
# name = "First steps"
# chapters = [1, 2]

# The exam that the notes are for, its domains, and their tasks.
# [exam]
# code = "EX-1"
# name = "An exam"
# [exam.domains.1]
# name = "First domain"
# tag = "1-first"
# tasks = {{ "1.1" = {{ name = "Do this" }}, "1.2" = {{ name = "Do that" }} }}
"""


def begin(paths: Paths) -> Path:
    """Write a notebook.toml for a folder of notes, or beside a file that is alone in its folder, and return its path.

    A build is the same with it as without. Raises NotesError where there is one already, or notes beside the file,
    and for notes that cannot be read; and WriteError.
    """
    files = Files.of(paths.notebook, paths.out)
    path = files.folder / SETTINGS_FILE
    problems = list(_hindrances(files, path, paths.out))
    if problems:
        raise NotesError(problems, {})
    archive.write_whole(path, settings_text(read_notebook(files).settings).encode())
    return path


def _hindrances(files: Files, path: Path, out: Path) -> Iterator[Problem]:
    if os.path.lexists(path):
        yield Problem(Code.BAD_SETTING, Span(str(path), 1, 1), "it is there already", "go on from it as it is")
    elif files.only is not None:
        beside = [name for name in note_files(Files(files.folder, without=out), ()) if name != files.only.name]
        beside += [name for name in (LIMITS_FILE, LEDGER_FILE) if os.path.lexists(files.folder / name)]
        if beside:
            message = f"its folder would be the notebook, and there is more in it: {beside[0]}"
            hint = "put the file into a folder of its own, or name the folder"
            yield Problem(Code.BAD_SETTING, Span(str(files.only), 1, 1), message, hint)


def settings_text(settings: Settings) -> str:
    """Return settings as a notebook.toml has them, with comments for those that may be added."""
    title = "".join(letter if letter.isprintable() else " " for letter in settings.title)
    texts = {
        "key": settings.key,
        "title": " ".join(title.split())[:_LONGEST_TITLE].strip() or settings.key,
        "version": settings.version,
        "language": settings.language,
    }
    # Of printable letters, TOML writes texts as JSON does.
    return _TEXT.format_map({name: json.dumps(text, ensure_ascii=False) for name, text in texts.items()})
