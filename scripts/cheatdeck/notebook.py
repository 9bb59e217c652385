"""notebook.toml, limits.toml and the chapters' files -> Notebook."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cheatdeck.files import Files, Table, setting_span
from cheatdeck.model import Limit, Notebook, Section, Span
from cheatdeck.parse import parse_chapter
from cheatdeck.problems import Code, NotesError, Problem
from cheatdeck.settings import Domain, Exam, Group, Settings, Task
from cheatdeck.source import SourceText

SETTINGS_FILE = "notebook.toml"
LIMITS_FILE = "limits.toml"

_KEY = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_Key = Annotated[str, StringConstraints(pattern=_KEY)]
# Of control characters, Anki takes some for its own.
_Line = Annotated[str, StringConstraints(pattern=r"^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$", max_length=500)]


class _TaskEntry(Table):
    name: _Line
    skills: dict[str, _Line] = Field(default_factory=dict)


class _DomainEntry(Table):
    name: _Line
    tag: _Key
    tasks: dict[str, _TaskEntry]


class _ExamEntry(Table):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")]
    name: _Line
    domains: dict[str, _DomainEntry]


class _GroupEntry(Table):
    name: _Line
    chapters: list[int]


class _SettingsFile(Table):
    id: _Key
    title: _Line
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "en"
    # Each is looked for in each text.
    names: list[_Line] = Field(default_factory=list, max_length=1000)
    typed_limits: bool = False
    groups: dict[str, _GroupEntry] = Field(default_factory=dict)
    exam: _ExamEntry | None = None


class _LimitEntry(Table):
    subject: _Line
    value: _Line
    kind: Literal["maximum", "minimum", "default", "range", "fixed", "count", "name"]
    section: _Key
    unit: _Line | None = None
    exam: _Line | None = None
    note: _Line | None = None
    source: Annotated[str, StringConstraints(pattern=r"^https://[^\s\p{Cc}]+$")] | None = None
    check: _Line | None = None
    aliases: list[_Key] = Field(default_factory=list)


def read_notebook(files: Files) -> Notebook:
    """Return the notebook as far as it can be read; `files` gets the problems.

    Raises NotesError where the settings can't be read at all.
    """
    settings = _settings(files)
    chapters = _chapters(files)
    limits = _limits(files)
    if settings is None:
        raise NotesError(files.problems, files.texts)
    return Notebook(settings, chapters, limits)


def _settings(files: Files) -> Settings | None:
    source = files.read(files.folder / SETTINGS_FILE)
    if source is None or (data := files.toml(source)) is None:
        return None
    entry = files.structured(_SettingsFile, source, data)
    if entry is None:
        return None
    exam = _exam(entry.exam) if entry.exam else None
    groups = tuple(Group(key, group.name, tuple(group.chapters)) for key, group in entry.groups.items())
    return Settings(
        entry.id, entry.title, entry.version, entry.language, exam, tuple(entry.names), entry.typed_limits, groups
    )  # fmt: skip


def _exam(entry: _ExamEntry) -> Exam:
    return Exam(
        entry.code,
        entry.name,
        tuple(
            Domain(key, domain.name, domain.tag, tuple(Task(k, t.name, t.skills) for k, t in domain.tasks.items()))
            for key, domain in entry.domains.items()
        ),
    )


def _limits(files: Files) -> tuple[Limit, ...]:
    source = files.read_if_there(LIMITS_FILE)
    if source is None:
        return ()
    return tuple(
        limit
        for key, data in (files.toml(source) or {}).items()
        if (limit := _limit(files, source, key, data)) is not None
    )


def _limit(files: Files, source: SourceText, key: str, data: object) -> Limit | None:
    span = setting_span(source, key, [])
    if not re.fullmatch(_KEY, key):
        hint = "use a-z, 0-9 and single hyphens between them, for example sqs-delay-max"
        files.problems.append(Problem(Code.MALFORMED_ID, span, f'"{key}" is no id', hint))
    entry = files.structured(_LimitEntry, source, data, key)
    if entry is None:
        return None
    return Limit(
        key, entry.subject, entry.value, entry.kind, entry.section, span, entry.unit or "", entry.exam or "",
        entry.note or "", entry.source or "", entry.check or "", tuple(entry.aliases)
    )  # fmt: skip


def _chapters(files: Files) -> tuple[Section, ...]:
    chapters = []
    numbers: dict[int, Path] = {}
    for position, path in enumerate(_chapter_files(files), start=1):
        given = chapter_number(path.name)
        number = position if given is None else given
        if number in numbers:
            message = f"chapter {number} again (first: {numbers[number].name})"
            hint = "give each chapter's file name a number of its own: 17-sqs.html"
            files.problems.append(Problem(Code.BAD_SETTING, Span(str(path), 1, 1), message, hint))
        numbers.setdefault(number, path)
        source = files.read(path)
        if source is None:
            continue
        chapter, problems = parse_chapter(source, number)
        files.problems += problems
        if chapter:
            chapters.append(chapter)
    if not numbers:
        message = "the notebook has no chapter"
        hint = f"write one into {files.folder}/01-first.html"
        files.problems.append(Problem(Code.UNREADABLE, Span(str(files.folder), 1, 1), message, hint))
    return tuple(sorted(chapters, key=lambda chapter: chapter.number))


def _chapter_files(files: Files) -> list[Path]:
    """Return the chapters' files in order; report those that look like one, but are not named so."""
    found = []
    for path in sorted(files.folder.glob("[!.]*")):
        if path.suffix == ".html" and not path.name.isprintable():
            hint = "name it with letters, digits and hyphens: 17-sqs.html"
            span = Span(str(path), 1, 1)
            files.problems.append(Problem(Code.UNREADABLE, span, "a file's name that cannot be shown", hint))
        elif path.suffix == ".html":
            found.append(path)
        elif path.suffix.lower() in {".html", ".htm", ".xhtml"}:
            hint = f"rename it to {path.stem}.html"
            span = Span(str(path), 1, 1)
            files.problems.append(Problem(Code.UNREADABLE, span, "a chapter's file name ends in .html", hint))
    return found


def chapter_number(file_name: str) -> int | None:
    """Return the number that a chapter's file name begins with: 17 for 17-sqs.html."""
    found = re.match(r"\d+", file_name)
    return int(found[0]) if found else None
