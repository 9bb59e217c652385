"""notebook.toml, limits.toml and the chapters' files -> Notebook."""

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cheatdeck.chapters import Read, name_of, read_chapters
from cheatdeck.files import SETTINGS_FILE, Files, Table, setting_span
from cheatdeck.model import Limit, Notebook, plain
from cheatdeck.plain.keys import slug
from cheatdeck.problems import Code, NotesError, Problem
from cheatdeck.settings import Domain, Exam, Group, Settings, Task
from cheatdeck.source import SourceText

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
    leave_out: list[_Line] = Field(default_factory=list, max_length=100)
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

    One without settings has those that anybody's notes have. Raises NotesError where settings can't be read at all, and
    where there is nothing to read.
    """
    settings = _settings(files) if files.has_settings else None
    read = read_chapters(files, settings.leave_out if settings else ())
    limits = _limits(files)
    if settings is None and not files.has_settings and read.chapters:
        settings = _assumed(files, read)
    if settings is None:
        raise NotesError(files.problems, files.texts)
    return Notebook(settings, read.chapters, limits)


def _assumed(files: Files, read: Read) -> Settings:
    """Return the settings of notes that have none, and remark on them."""
    place = files.only or files.folder
    title = read.title or (plain(read.chapters[0].title) if files.only else name_of(files.folder.resolve().name))
    settings = Settings(slug(title) or "notes", title, "0.0.0", read.language or "en", None)
    where = "one file" if files.only else f"no {SETTINGS_FILE}"
    files.remarks.append(
        f"{place}: {where}, so the title is “{title}”, the id {settings.key} (learners' progress hangs on it), "
        f"the version {settings.version}, the language {settings.language}; no exam, groups or limits. "
        f"“cheatdeck init {place}” writes them down, to go on from."
    )
    return settings


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
        entry.id, entry.title, entry.version, entry.language, exam, tuple(entry.names), entry.typed_limits, groups,
        tuple(entry.leave_out)
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
