"""Which files of a notebook are notes, in what order, and what the names that stand in them mean."""

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from cheatdeck.archive import CHECKSUMS, MANIFEST
from cheatdeck.files import Files
from cheatdeck.frontmatter import read_front_matter
from cheatdeck.model import Span
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText
from cheatdeck.vault import Vault, in_order

HTML = frozenset({".html", ".htm", ".xhtml"})
MARKDOWN = frozenset({".md", ".markdown"})


def note_files(files: Files, leave_out: Sequence[str]) -> list[str]:
    """Return the files that notes are in, in the order of reading, by their paths within the notebook, with /.

    `leave_out` has patterns for paths that are none, such as drafts/*. What a build has left is none either, nor what
    is hidden.
    """
    if files.only is not None:
        return [files.only.name]
    if not files.folder.is_dir():
        hint = "name a file of notes, or a folder with such files"
        span = Span(str(files.folder), 1, 1)
        files.problems.append(Problem(Code.UNREADABLE, span, "there is no such file or folder", hint))
    found = (path for path in _all_files(files) if PurePosixPath(path).suffix.lower() in HTML | MARKDOWN)
    return in_order(path for path in found if not any(fnmatch(path, pattern) for pattern in leave_out))


def vault(files: Files, notes: Sequence[tuple[str, SourceText]]) -> Vault:
    """Return what names mean in a notebook; `notes` are its notes in Markdown by their paths.

    The files that a note alone may name are those of its own folder, and of folders in it.
    """
    aliases = {path: read_front_matter(source)[0].aliases for path, source in notes}
    return Vault.of(_all_files(files), aliases)


def _all_files(files: Files) -> Iterator[str]:
    for here, folders, names in os.walk(files.folder):
        inner = Path(here)
        folders[:] = [name for name in folders if not name.startswith(".") and not _is_output(inner / name, files)]
        for name in names:
            if not name.startswith("."):
                yield (inner / name).relative_to(files.folder).as_posix()


def _is_output(folder: Path, files: Files) -> bool:
    """Tell whether a folder is where a build puts what it makes, or has put it."""
    if files.without is not None and folder.resolve() == files.without.resolve():
        return True
    return (folder / MANIFEST).exists() and (folder / CHECKSUMS).exists()
