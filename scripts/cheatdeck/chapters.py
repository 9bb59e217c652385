"""A notebook's files -> its chapters: files that were written for cheatdeck, and anybody's notes."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from cheatdeck import folder
from cheatdeck.files import Files
from cheatdeck.markdown.convert import to_html
from cheatdeck.model import Section, Span
from cheatdeck.parse import parse_chapter
from cheatdeck.plain import assembly
from cheatdeck.plain.reader import PlainPage, read_plain
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText
from cheatdeck.vault import Vault, chapter_number, title_of

# A page that was written for cheatdeck; saved pages of the web have classes on their articles.
_OURS = re.compile(r"""<article(?=\s)(?![^>]*\sclass\s*=)[^>]*\sid\s*=""")


@dataclass(frozen=True, slots=True)
class Read:
    """The chapters of a notebook, in order; what its one plain page calls itself, if it is one; and its language."""

    chapters: tuple[Section, ...]
    title: str = ""
    language: str = ""


def read_chapters(files: Files, leave_out: Sequence[str]) -> Read:
    """Return a notebook's chapters as far as they can be read; `files` gets problems, and the names of plain files.

    `leave_out` has patterns for files that are no notes.
    """
    paths = folder.note_files(files, leave_out)
    ours: list[Section] = []
    plain: list[tuple[str, SourceText]] = []
    numbers: dict[int, str] = {}
    for position, path in enumerate(paths, start=1):
        source = _read(files, path)
        given = chapter_number(path)
        number = position if given is None else given
        if source is None:
            numbers.setdefault(number, path)
        elif _is_markdown(path) or not _OURS.search(source.text):
            files.plain.add(source.file)
            plain.append((path, source))
        else:
            _check_number(files, path, number, numbers)
            chapter, problems = parse_chapter(source, number)
            files.problems += problems
            if chapter:
                ours.append(chapter)
    if not paths and not files.problems:
        message = "the notebook has no chapter"
        hint = f"write one into {files.folder}/01-first.html"
        files.problems.append(Problem(Code.UNREADABLE, Span(str(files.folder), 1, 1), message, hint))
    pages = _pages(files, plain)
    title, made = _chapters(files, pages, set(numbers), [s.key for c in ours for s in c.walk()])
    chapters = tuple(sorted((*ours, *made), key=lambda chapter: chapter.number))
    return Read(chapters, title, next((page.page.language for page in pages if page.page.language), ""))


def _read(files: Files, path: str) -> SourceText | None:
    if not path.isprintable():
        hint = "name it with letters, digits and hyphens: 17-sqs.html"
        span = Span(str(files.folder / path), 1, 1)
        files.problems.append(Problem(Code.UNREADABLE, span, "a file's name that cannot be shown", hint))
        return None
    return files.read(files.folder / path)


def _is_markdown(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in folder.MARKDOWN


def _pages(files: Files, plain: Sequence[tuple[str, SourceText]]) -> list[assembly.Source]:
    """Return plain notes as pages, in the same order."""
    notes = [(path, source) for path, source in plain if _is_markdown(path)]
    known = folder.vault(files, notes) if notes else Vault({})
    pages = []
    for path, source in plain:
        if _is_markdown(path):
            page, problems = _from_markdown(files, path, source, known)
            files.problems += problems
        else:
            page = read_plain(source, by_place=files.by_place)
        files.problems += page.problems
        pages.append(assembly.Source(path, name_of(path), page))
    return pages


def _from_markdown(files: Files, path: str, source: SourceText, known: Vault) -> tuple[PlainPage, Sequence[Problem]]:
    def read(name: str) -> str | None:
        address = known.resolve(path, name)
        table = files.read(files.folder / posixpath.join(posixpath.dirname(path), address)) if address else None
        return table.text if table else None

    html, problems = to_html(source, partial(known.resolve, path), read, by_place=files.by_place)
    return read_plain(SourceText.of(source.file, html), source, by_place=files.by_place), problems


def _check_number(files: Files, path: str, number: int, numbers: dict[int, str]) -> None:
    span = Span(str(files.folder / path), 1, 1)
    if number in numbers:
        message = f"chapter {number} again (first: {numbers[number]})"
        hint = "give each chapter's file name a number of its own: 17-sqs.html"
        files.problems.append(Problem(Code.BAD_SETTING, span, message, hint))
    if not path.endswith(".html"):
        hint = f"rename it to {PurePosixPath(path).stem}.html"
        files.problems.append(Problem(Code.UNREADABLE, span, "a chapter's file name ends in .html", hint))
    numbers.setdefault(number, path)


def _chapters(
    files: Files, pages: list[assembly.Source], taken: set[int], keys: Sequence[str]
) -> tuple[str, tuple[Section, ...]]:
    """Return the title of a notebook that is one plain page, else nothing, and the chapters of plain pages."""
    for page in pages:
        if not any(part.blocks or part.title for part in page.page.whole.walk()):
            _report_empty(files, page.page)
    if len(pages) == 1 and not taken:
        title, parts = assembly.titled(pages[0])
        chapters = [assembly.Chapter(pages[0], number, part, title) for number, part in enumerate(parts, start=1)]
    else:
        title, chapters = "", list(_numbered(pages, taken))
    sections, problems = assembly.assemble(chapters, keys)
    files.problems += problems
    return title, sections


def _numbered(pages: Iterable[assembly.Source], taken: set[int]) -> Iterator[assembly.Chapter]:
    """Yield a chapter for each page; a file's number counts where no other before has it or a larger one."""
    last = 0
    for page in pages:
        given = chapter_number(page.file)
        last = given if given is not None and last < given and given not in taken else _free(last + 1, taken)
        yield assembly.Chapter(page, last, assembly.chapter_of(page))


def _free(number: int, taken: set[int]) -> int:
    while number in taken:
        number += 1
    return number


def _report_empty(files: Files, page: PlainPage) -> None:
    if not any(problem.code is Code.UNREADABLE for problem in page.problems):
        hint = "write headings, paragraphs, lists and tables into it"
        files.problems.append(Problem(Code.UNREADABLE, page.whole.span, "nothing to learn stands in the file", hint))


def name_of(path: str) -> str:
    """Return what a file or folder is called by people: without number, ending, and what exporters put behind."""
    name = title_of(path)
    if " " not in name:
        name = re.sub(r"[-_]+", " ", name).strip()
    return name[:1].upper() + name[1:] if name else "Notes"
