"""notebook.toml, limits.toml and the chapters' files -> Notebook.

Nothing outside the notebook's folder is read: a chapter that links out of it is refused.
"""

import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from cheatdeck.model import Limit, Notebook, Section, Span
from cheatdeck.parse import parse_chapter
from cheatdeck.problems import Code, NotesError, Problem
from cheatdeck.settings import Domain, Exam, Settings, Task
from cheatdeck.source import SourceText

SETTINGS_FILE = "notebook.toml"
LIMITS_FILE = "limits.toml"

_KEY = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_Key = Annotated[str, StringConstraints(pattern=_KEY)]
_Line = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$")]


class _Entry(BaseModel):
    """A table of a TOML file: nothing in it that isn't known, and no value of a type that isn't meant."""

    model_config = ConfigDict(extra="forbid", strict=True)


_E = TypeVar("_E", bound=_Entry)


class _TaskEntry(_Entry):
    name: _Line
    skills: dict[str, _Line] = {}


class _DomainEntry(_Entry):
    name: _Line
    tag: _Key
    tasks: dict[str, _TaskEntry]


class _ExamEntry(_Entry):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")]
    name: _Line
    domains: dict[str, _DomainEntry]


class _SettingsFile(_Entry):
    id: _Key
    title: _Line
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "en"
    names: list[_Line] = []
    exam: _ExamEntry | None = None


class _LimitEntry(_Entry):
    subject: _Line
    value: _Line
    kind: Literal["maximum", "minimum", "default", "range", "fixed", "count", "name"]
    section: _Key
    unit: _Line | None = None
    exam: _Line | None = None
    note: _Line | None = None
    source: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
    check: _Line | None = None
    aliases: list[_Key] = []


@dataclass
class _Files:
    """The notebook's files as they are read: texts by shown name, and what is wrong with them."""

    folder: Path
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read(self, path: Path) -> SourceText | None:
        """Return a file's text, or report why there is none."""
        name = str(path)
        text = None
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                self._unreadable(name, "it leads out of the notebook", "copy the file into the notebook's folder")
                return None
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            self._unreadable(name, f"not UTF-8 at byte {error.start}", "save the file as UTF-8")
        except (OSError, RuntimeError) as error:
            # Before Python 3.13, a link to itself is a RuntimeError.
            reason = getattr(error, "strerror", None) or "it is a link to itself"
            self._unreadable(name, reason, "a notebook is a folder of files of its own")
        if text is None:
            return None
        self.texts[name] = text
        return SourceText.of(name, text)

    def _unreadable(self, name: str, reason: str, hint: str) -> None:
        self.problems.append(Problem(Code.UNREADABLE, Span(name, 1, 1), f"cannot read the file: {reason}", hint))

    def toml(self, source: SourceText) -> dict[str, Any] | None:
        try:
            return tomllib.loads(source.text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+), column (\d+)", str(error))
            line, column = (int(place[1]), int(place[2])) if place else (max(1, len(source.starts)), 1)
            message = re.sub(r" \(at .*\)$", "", str(error))
            hint = "put the TOML right; values are quoted, tables stand in [brackets]"
            self.problems.append(Problem(Code.BAD_SETTING, Span(source.file, line, column), message, hint))
            return None
        except (ValueError, RecursionError):
            hint = "write short values, in few tables"
            self.problems.append(
                Problem(Code.BAD_SETTING, Span(source.file, 1, 1), "a value too long or too deep", hint)
            )
            return None

    def structured(self, kind: type[_E], source: SourceText, data: object, table: str = "") -> _E | None:
        """Return a TOML table as `kind`, or report each of its mistakes at its own line."""
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            for mistake in error.errors():
                keys = [str(part) for part in mistake["loc"]]
                what, hint = _explained(mistake["type"], keys[-1] if keys else table, mistake["msg"])
                message = f"{'.'.join(filter(None, [table, *keys]))} {what}"
                span = setting_span(source, table, keys[:-1] if mistake["type"] == "missing" else keys)
                self.problems.append(Problem(Code.BAD_SETTING, span, message, hint))
            return None


_FORMS = {
    "id": 'a-z, 0-9 and single hyphens: "my-notes"',
    "code": 'letters, digits and single hyphens: "DVA-C03"',
    "version": 'three numbers: "1.0.0"',
    "language": 'a language tag: "en", "pt-BR"',
    "source": 'an address: "https://…"',
    "section": "the id of a section",
    "domains": "a table for each domain: [exam.domains.1]",
    "tasks": 'a table for each task: [exam.domains.1.tasks."1.1"]',
    "tag": 'a-z, 0-9 and single hyphens: "1-development"',
    "kind": "maximum, minimum, default, range, fixed, count or name",
}


def _explained(mistake: str, key: str, message: str) -> tuple[str, str]:
    """Return what is wrong with a setting, and a hint, for a kind of mistake that the validation names."""
    form = _FORMS.get(key, 'text in quotes, without blanks around it: "…"')
    match mistake:
        case "missing":
            return "is missing", f"add it; it is {form}"
        case "extra_forbidden":
            return "is no setting", "remove it, or put its spelling right"
        case "string_type" | "string_pattern_mismatch" | "literal_error":
            return "is not as it must be", f"it is {form}"
        case _:
            return f"is not as it must be: {message.lower()}", "put its value right"


def setting_span(source: SourceText, table: str, keys: list[str]) -> Span:
    """Return the place of a key in a TOML text: its own line, else that of the nearest table above it."""
    start = (_table_offset(source.text, table) or 0) if table else 0
    path = [table] if table else []
    for key in keys:
        path.append(key)
        nested = _table_offset(source.text, ".".join(path))
        if nested is not None:
            start = nested
            continue
        end = _NEXT_TABLE.search(source.text, source.text.find("\n", start) + 1)
        line = re.compile(rf'^[ \t]*"?{re.escape(key)}"?[ \t]*=.*$', re.MULTILINE)
        found = line.search(source.text, start, end.start() if end else len(source.text))
        return source.span(found.start(), len(found[0])) if found else source.span(start, 200)
    return source.span(start, 200)


_NEXT_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def _table_offset(text: str, table: str) -> int | None:
    parts = r"\s*\.\s*".join(rf'"?{re.escape(part)}"?' for part in table.split("."))
    found = re.search(rf"^[ \t]*\[\s*{parts}\s*\]", text, re.MULTILINE)
    return found.start() if found else None


def read_notebook(folder: Path) -> tuple[Notebook, list[Problem], dict[str, str]]:
    """Read the notebook in a folder.

    Returns the notebook as far as it can be read, the problems of its files, and the files' texts by
    the names that problems use. Raises NotesError where the settings can't be read at all.
    """
    files = _Files(folder)
    settings = _settings(files)
    chapters = _chapters(files)
    limits = _limits(files)
    if settings is None:
        raise NotesError(files.problems, files.texts)
    return Notebook(settings, chapters, limits), files.problems, files.texts


def _settings(files: _Files) -> Settings | None:
    source = files.read(files.folder / SETTINGS_FILE)
    if source is None or (data := files.toml(source)) is None:
        return None
    entry = files.structured(_SettingsFile, source, data)
    if entry is None:
        return None
    exam = _exam(entry.exam) if entry.exam else None
    return Settings(entry.id, entry.title, entry.version, entry.language, exam, tuple(entry.names))


def _exam(entry: _ExamEntry) -> Exam:
    return Exam(
        entry.code,
        entry.name,
        tuple(
            Domain(key, domain.name, domain.tag, tuple(Task(k, t.name, t.skills) for k, t in domain.tasks.items()))
            for key, domain in entry.domains.items()
        ),
    )


def _limits(files: _Files) -> tuple[Limit, ...]:
    path = files.folder / LIMITS_FILE
    source = files.read(path) if os.path.lexists(path) else None
    if source is None:
        return ()
    return tuple(
        limit
        for key, data in (files.toml(source) or {}).items()
        if (limit := _limit(files, source, key, data)) is not None
    )


def _limit(files: _Files, source: SourceText, key: str, data: object) -> Limit | None:
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


def _chapters(files: _Files) -> tuple[Section, ...]:
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


def _chapter_files(files: _Files) -> list[Path]:
    """Return the chapters' files in order; report those that look like one, but are not named so."""
    found = []
    for path in sorted(files.folder.glob("[!.]*")):
        if path.suffix == ".html":
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
