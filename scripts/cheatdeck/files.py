"""The notebook's files as text and as tables; nothing outside the notebook's folder is read."""

import io
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from cheatdeck.model import Span
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText

# A shelf of notebooks is smaller; what is larger would take memory and minutes.
MOST_BYTES = 20_000_000


class Table(BaseModel):
    """A table of a TOML file: nothing in it that isn't known, and no value of a type that isn't meant."""

    model_config = ConfigDict(extra="forbid", strict=True)


SETTINGS_FILE = "notebook.toml"

_E = TypeVar("_E", bound=Table)


@dataclass
class Files:
    """The notebook's files as they are read: texts by shown name, and what is wrong with them.

    `only` is the one file of a notebook that is no folder, `without` a folder within it that is no part of it. `plain`
    are the shown names of files that were not written for cheatdeck, `remarks` what was taken for granted. `instead`
    has what is read in place of files, by shown names; with `by_place`, elements of plain files are known by their
    places.
    """

    folder: Path
    only: Path | None = None
    without: Path | None = None
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    instead: Mapping[str, bytes] = field(default_factory=dict)
    by_place: bool = False

    @classmethod
    def of(cls, path: Path, without: Path | None = None) -> "Files":
        """Return the files of a notebook: those in a folder, or the file that is named."""
        return cls(path.parent, path) if path.is_file() else cls(path, without=without)

    @property
    def has_settings(self) -> bool:
        """Tell whether the notebook says of itself what it is, in a folder of its own."""
        return self.only is None and os.path.lexists(self.folder / SETTINGS_FILE)

    def read(self, path: Path) -> SourceText | None:
        """Return a file's text, or report why there is none."""
        name = str(path)
        text = None
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                self._unreadable(name, "it leads out of the notebook", "copy the file into the notebook's folder")
            elif stat.S_ISFIFO(path.stat().st_mode):
                # Who reads one waits until somebody writes, for ever.
                self._unreadable(name, "it is no file", "a notebook is a folder of files of its own")
            elif (size := path.stat().st_size) > MOST_BYTES:
                size_and_most = f"it has {size:,} bytes, of {MOST_BYTES:,} at most"
                self._unreadable(name, size_and_most, "make several files of it")
            else:
                text = decoded(self.instead.get(name) or path.read_bytes())
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

    def read_if_there(self, name: str) -> SourceText | None:
        """Return the text of a file that a notebook with settings need not have."""
        path = self.folder / name
        return self.read(path) if self.has_settings and os.path.lexists(path) else None

    def _unreadable(self, name: str, reason: str, hint: str) -> None:
        self.problems.append(Problem(Code.UNREADABLE, Span(name, 1, 1), f"cannot read the file: {reason}", hint))

    def toml(self, source: SourceText) -> dict[str, Any] | None:
        """Return a TOML text's tables, or report why there are none."""
        if _DEEP.search(source.text):
            self._too_deep(source)
            return None
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
            self._too_deep(source)
            return None

    def _too_deep(self, source: SourceText) -> None:
        hint = "write short values, in few tables"
        self.problems.append(Problem(Code.BAD_SETTING, Span(source.file, 1, 1), "a value too long or too deep", hint))

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


def decoded(data: bytes) -> str:
    """Return a file's text: without a byte order mark, its lines ended alike. Raises UnicodeDecodeError."""
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read()


# A name of so many parts, for which Python's reader takes the longer the more there are.
_DEEP = re.compile(r"""(?:[\w"'-]++[ \t]*+\.[ \t]*+){50}""")
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
    tables, settings = _places(source.text)
    path = [table] if table else []
    above = table if table in tables else ""
    for key in keys:
        path.append(key)
        nested = ".".join(path)
        if nested in tables:
            above = nested
        elif (above, key) in settings:
            return source.span(*settings[above, key])
        else:
            break
    return source.span(tables[above], 200)


_HEADER_OR_SETTING = re.compile(
    r"^[ \t]*+(?:\[(?P<header>[^\[\]\n]*+)\]|(?P<key>[\w-]++|\"[^\"\n]*+\")[ \t]*+=[^\n]*+)", re.MULTILINE
)


@lru_cache(maxsize=4)
def _places(text: str) -> tuple[dict[str, int], dict[tuple[str, str], tuple[int, int]]]:
    """Return where each table starts, the file itself by no name; and where each setting of a table does, its length.

    Names are without quotes.
    """
    tables: dict[str, int] = {"": 0}
    settings: dict[tuple[str, str], tuple[int, int]] = {}
    current = ""
    for found in _HEADER_OR_SETTING.finditer(text):
        if found["key"] is None:
            current = ".".join(part.strip() for part in found["header"].replace('"', "").split("."))
            tables.setdefault(current, found.start())
        else:
            settings.setdefault((current, found["key"].strip('"')), (found.start(), len(found[0])))
    return tables, settings
