"""A notebook's files -> its chapters: files that were written for cheatdeck, and anybody's notes."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cheatdeck.archive import CHECKSUMS, MANIFEST
from cheatdeck.files import Files
from cheatdeck.model import Section, Span
from cheatdeck.parse import parse_chapter
from cheatdeck.plain import assembly
from cheatdeck.plain.keys import Keys
from cheatdeck.plain.outline import Part
from cheatdeck.plain.reader import PlainPage, read_plain
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText

ENDINGS = frozenset({".html", ".htm", ".xhtml"})
# A page that was written for cheatdeck; saved pages of the web have classes on their articles.
_OURS = re.compile(r"""<article(?=\s)(?![^>]*\sclass\s*=)[^>]*\sid\s*=""")
_NUMBER = re.compile(r"\d+")
# A larger number in front of a file's name is a year.
_LAST_CHAPTER = 999
_NOTION_ID = re.compile(r"[ _-][0-9a-f]{32}$")
_NUMBERED = re.compile(r"^\d{1,3}([-_]+|\. +| - | )(?=\S)")


@dataclass(frozen=True, slots=True)
class Read:
    """The chapters of a notebook, in order; what its one plain page calls itself, if it is one; and its language."""

    chapters: tuple[Section, ...]
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Plain:
    """A plain page and the parts of it that are chapters."""

    source: assembly.Source
    parts: tuple[Part, ...]
    number: int | None


def read_chapters(files: Files) -> Read:
    """Return a notebook's chapters as far as they can be read; `files` gets problems, and the names of plain files."""
    paths = _note_files(files)
    ours: list[Section] = []
    pages: list[assembly.Source] = []
    numbers: dict[int, Path] = {}
    for position, path in enumerate(paths, start=1):
        source = files.read(path)
        given = chapter_number(path.name)
        if source is None or not _OURS.search(source.text):
            if source is None:
                numbers.setdefault(position if given is None else given, path)
            else:
                files.plain.add(source.file)
                pages.append(_page(files, path, source))
            continue
        number = position if given is None else given
        _check_number(files, path, number, numbers)
        chapter, problems = parse_chapter(source, number)
        files.problems += problems
        if chapter:
            ours.append(chapter)
    if not paths and not files.problems:
        message = "the notebook has no chapter"
        hint = f"write one into {files.folder}/01-first.html"
        files.problems.append(Problem(Code.UNREADABLE, Span(str(files.folder), 1, 1), message, hint))
    title, plain = _chapters(files, pages, set(numbers), Keys(s.key for c in ours for s in c.walk()))
    chapters = tuple(sorted((*ours, *plain), key=lambda chapter: chapter.number))
    return Read(chapters, title, next((page.page.language for page in pages if page.page.language), ""))


def _page(files: Files, path: Path, source: SourceText) -> assembly.Source:
    page = read_plain(source)
    files.problems += page.problems
    return assembly.Source(path.relative_to(files.folder).as_posix(), name_of(path), page)


def _check_number(files: Files, path: Path, number: int, numbers: dict[int, Path]) -> None:
    if number in numbers:
        message = f"chapter {number} again (first: {numbers[number].name})"
        hint = "give each chapter's file name a number of its own: 17-sqs.html"
        files.problems.append(Problem(Code.BAD_SETTING, Span(str(path), 1, 1), message, hint))
    if path.suffix != ".html":
        hint = f"rename it to {path.stem}.html"
        files.problems.append(
            Problem(Code.UNREADABLE, Span(str(path), 1, 1), "a chapter's file name ends in .html", hint)
        )
    numbers.setdefault(number, path)


def _chapters(
    files: Files, pages: list[assembly.Source], taken: set[int], keys: Keys
) -> tuple[str, tuple[Section, ...]]:
    """Return the title of a notebook that is one plain page, else nothing, and the chapters of plain pages.

    A file's number counts where it is one chapter, and no other before has it or a larger one.
    """
    title, divided = "", [(page, assembly.divided(page)) for page in pages]
    if len(pages) == 1 and not taken:
        title, parts = assembly.titled(pages[0])
        divided = [(pages[0], parts)]
    numbered: list[assembly.Chapter] = []
    last = 0
    for page, parts in divided:
        if not any(part.blocks or part.title for each in parts for part in each.walk()):
            _report_empty(files, page.page)
        for part in parts:
            given = chapter_number(Path(page.file).name) if len(parts) == 1 else None
            is_fit = given is not None and last < given <= _LAST_CHAPTER and given not in taken
            last = given if is_fit and given is not None else _free(last + 1, taken)
            taken.add(last)
            numbered.append(assembly.Chapter(page, last, part))
    chapters, problems = assembly.assemble(numbered, keys)
    files.problems += problems
    return title, chapters


def _free(number: int, taken: set[int]) -> int:
    while number in taken:
        number += 1
    return number


def _report_empty(files: Files, page: PlainPage) -> None:
    if not any(problem.code is Code.UNREADABLE for problem in page.problems):
        hint = "write headings, paragraphs, lists and tables into it"
        files.problems.append(Problem(Code.UNREADABLE, page.whole.span, "nothing to learn stands in the file", hint))


def _note_files(files: Files) -> list[Path]:
    """Return the files that notes are in, in order: names by their letters, numbers by their size.

    What a build has left among them is no part of the notes.
    """
    if files.only is not None:
        return [files.only]
    if not files.folder.is_dir():
        message = "there is no such file or folder"
        hint = "name a file of notes, or a folder with such files"
        files.problems.append(Problem(Code.UNREADABLE, Span(str(files.folder), 1, 1), message, hint))
    return sorted(_found(files.folder, files.without), key=lambda path: _place(path.relative_to(files.folder)))


def _found(folder: Path, without: Path | None) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        inner = Path(here)
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and not _is_build(inner / name) and not _is_same(inner / name, without)
        ]
        yield from (inner / name for name in names if not name.startswith(".") and Path(name).suffix.lower() in ENDINGS)


def _is_build(folder: Path) -> bool:
    return (folder / MANIFEST).exists() and (folder / CHECKSUMS).exists()


def _is_same(folder: Path, other: Path | None) -> bool:
    return other is not None and folder.resolve() == other.resolve()


def _place(path: Path) -> list[tuple[tuple[int, int, str], ...]]:
    """Return what a file is sorted by: its folders and its name, numbers in them as numbers."""
    return [
        tuple((0, int(number), "") if number else (1, 0, text) for number, text in _PIECES.findall(part.casefold()))
        for part in (*path.parts[:-1], path.stem, path.suffix)
    ]


_PIECES = re.compile(r"([0-9]{1,9})|([^0-9]+|[0-9]{10,})")


def chapter_number(file_name: str) -> int | None:
    """Return the number that a chapter's file name begins with: 17 for 17-sqs.html."""
    found = _NUMBER.match(file_name)
    return int(found[0]) if found else None


def name_of(path: Path) -> str:
    """Return what a file or folder is called by people: without number, ending, and what exporters put behind."""
    name = _NOTION_ID.sub("", path.stem if path.suffix.lower() in ENDINGS else path.name)
    name = _NUMBERED.sub("", name).strip()
    if " " not in name:
        name = re.sub(r"[-_]+", " ", name).strip()
    return name[:1].upper() + name[1:] if name else "Notes"
