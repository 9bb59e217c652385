"""What differs between two builds: the cards of two packages or manifests, compared and told."""

import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from cheatdeck.seen import folded, plain_text

# More than a thousand times what a large notebook needs; whoever sends more wants to fill the memory.
LARGEST_COLLECTION = 512 * 1024 * 1024

_COLLECTION = "collection.anki2"
_NOTE_TYPES = ("Cheatdeck Question", "Cheatdeck Cloze")
_ZIP = b"PK"
_RETIRED = "retired"


class DiffError(Exception):
    """Why a file cannot be compared, and on a second line what to do."""


class _UnfitError(Exception):
    """What is wrong with a file, and what to do, before its name is said."""

    def __init__(self, what: str, hint: str = "Give two builds: packages or manifests that cheatdeck made.") -> None:
        super().__init__(f"{what}\n{hint}")


@dataclass(frozen=True, slots=True)
class Card:
    """What a build says of a note, as plain text.

    `chapter` and `section` are labels, such as "17.5 Delay queues"; a retired card may have none.
    """

    key: str
    kind: str
    chapter: str
    section: str
    question: str
    answer: str
    extra: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A card in the old build and in the new one."""

    old: Card
    new: Card

    @property
    def is_worded(self) -> bool:
        """Whether question, answer or what stands below them differ."""
        return _sides(self.old) != _sides(self.new)

    @property
    def is_moved(self) -> bool:
        """Whether chapter or section differ, if only in their numbers or titles."""
        return (self.old.chapter, self.old.section) != (self.new.chapter, self.new.section)


@dataclass(frozen=True, slots=True)
class Differences:
    """The cards that differ, in the order of the new build; the removed ones in that of the old build.

    A card that was moved may have changed as well. One that is back after it was retired counts as added.
    Retired cards are compared no further.
    """

    added: tuple[Card, ...]
    changed: tuple[Change, ...]
    moved: tuple[Change, ...]
    retired: tuple[Change, ...]
    removed: tuple[Card, ...]


def compare(old: Mapping[str, Card], new: Mapping[str, Card]) -> Differences:
    """Return what differs between two builds, each given as its cards by key."""
    had = {key: card for key, card in old.items() if not card.retired}
    has = {key: card for key, card in new.items() if not card.retired}
    kept = [Change(had[key], card) for key, card in has.items() if key in had]
    return Differences(
        added=tuple(card for key, card in has.items() if key not in had),
        changed=tuple(change for change in kept if change.is_worded),
        moved=tuple(change for change in kept if change.is_moved),
        retired=tuple(Change(had[key], card) for key, card in new.items() if card.retired and key in had),
        removed=tuple(card for key, card in had.items() if key not in new),
    )


# Reading


def read(path: Path) -> dict[str, Card]:
    """Return the cards of a package or of a manifest by key, in its order; raises DiffError."""
    try:
        with path.open("rb") as file:
            is_zip = file.read(len(_ZIP)) == _ZIP
        cards = list(_from_package(path) if is_zip else _from_manifest(path))
    except _UnfitError as error:
        raise DiffError(f"{path}: {error}") from error
    except OSError as error:
        hint = "Give the file of a build: NOTEBOOK.apkg, or manifest.json."
        raise DiffError(f"{path}: cannot read the file: {error.strerror or error}\n{hint}") from error
    return {card.key: card for card in cards}


def _from_manifest(path: Path) -> Iterator[Card]:
    try:
        manifest = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise _UnfitError("neither a package nor a manifest") from error
    match manifest:
        case {"notes": list(notes), "sections": list(sections), "retired": list(retired)}:
            places = _places(sections)
            for entry in notes:
                yield _listed(entry, *_found(places, _value(entry, "section")))
            for entry in retired:
                yield _listed(entry, "", "", retired=True)
        case {"notes": list(), "sections": list()}:
            raise _another_version()
        case _:
            raise _UnfitError("not a manifest of cheatdeck's")


def _places(sections: list[Any]) -> dict[str, tuple[str, str]]:
    """Return the labels of chapter and section by the section's key."""
    rows = [[_value(section, name) for name in ("key", "number", "title")] for section in sections]
    labels = {number: folded(f"{number} {title}") for _, number, title in rows}
    return {key: (labels.get(number.partition(".")[0], ""), labels[number]) for key, number, _ in rows}


def _found(places: Mapping[str, tuple[str, str]], section: str) -> tuple[str, str]:
    if section not in places:
        raise _UnfitError(f'a manifest without the section "{folded(section)}" that a card is in')
    return places[section]


def _listed(entry: object, chapter: str, section: str, *, retired: bool = False) -> Card:
    names = ("key", "kind", "question", "answer", "extra")
    key, kind, question, answer, extra = (folded(_value(entry, name)) for name in names)
    return Card(key, kind, chapter, section, question, answer, extra, retired)


def _value(entry: object, name: str) -> str:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, str):
        raise _another_version()
    return value


def _another_version() -> _UnfitError:
    return _UnfitError(
        "a manifest of another version of cheatdeck",
        "Compare the packages of the two builds, or build the notes again with this version.",
    )


def _from_package(path: Path) -> Iterator[Card]:
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(_collection(path))
            connection.execute("PRAGMA trusted_schema = OFF")
            note_types = _note_types(connection)
            for mid, tags, fields in connection.execute("SELECT mid, tags, flds FROM notes ORDER BY id"):
                yield _unpacked(note_types, str(mid), str(tags).split(), str(fields).split("\x1f"))
    except sqlite3.Error as error:
        raise _UnfitError(f"a package with a broken collection: {error}") from error


def _collection(path: Path) -> bytes:
    """Return a package's collection; no more of it is unpacked than the package says, and than is allowed."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(_COLLECTION)
            if not 0 < entry.file_size <= LARGEST_COLLECTION:
                raise _UnfitError(f"a package whose collection has {entry.file_size:,} bytes")
            # Of these two alone, zipfile unpacks no more than it is asked for.
            if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise _UnfitError("a package that is packed in another way than cheatdeck's")
            with archive.open(entry) as file:
                return file.read(entry.file_size)
    except KeyError as error:
        raise _UnfitError("a zip file, but not a package for Anki") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _UnfitError(f"a broken package: {error}") from error


def _note_types(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Return the names of the fields of cheatdeck's note types by their numbers."""
    row = connection.execute("SELECT models FROM col").fetchone()
    try:
        return {
            str(number): tuple(str(field["name"]) for field in model["flds"])
            for number, model in json.loads(row[0]).items()
            if model["name"].startswith(_NOTE_TYPES)
        }
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise _UnfitError("a package whose note types cannot be read") from error


def _unpacked(note_types: Mapping[str, tuple[str, ...]], mid: str, tags: list[str], contents: list[str]) -> Card:
    if mid not in note_types:
        raise _UnfitError("a package with note types that are not cheatdeck's")
    texts = {name: plain_text(content) for name, content in zip(note_types[mid], contents, strict=False)}
    if not texts.get("Key"):
        raise _UnfitError("a package with a note that has no key")
    return Card(
        key=texts["Key"],
        kind=next((tag.rpartition("::")[2] for tag in tags if "::kind::" in tag), ""),
        chapter=texts.get("Chapter", ""),
        section=texts.get("Section", ""),
        question=texts.get("Text", texts.get("Question", "")),
        answer=texts.get("Answer", ""),
        extra=texts.get("Extra", ""),
        retired=any(tag == _RETIRED or tag.startswith(f"{_RETIRED}::") for tag in tags),
    )


# Telling


@dataclass(frozen=True, slots=True)
class _Style:
    """How differences are written down: a shape for each kind of line, and for words."""

    heading: str
    group: str
    card: str
    detail: str
    gone: str
    new: str
    arrow: str
    after_group: tuple[str, ...]
    escaped: Callable[[str], str]


def as_text(differences: Differences) -> list[str]:
    """Return lines for a terminal, with [-words that are gone-] and {+new words+}."""
    return list(_told(differences, _TEXT))


def as_markdown(differences: Differences) -> list[str]:
    """Return lines for release notes on GitHub, with ~~words that are gone~~ and **new words**."""
    return list(_told(differences, _MARKDOWN))


def _told(differences: Differences, style: _Style) -> Iterator[str]:
    groups = {
        "added": [line for card in differences.added for line in _whole(card, style)],
        "changed": [line for change in differences.changed for line in _reworded(change, style)],
        "moved": _moves(differences.moved, style),
        "retired": [line for change in differences.retired for line in _replaced(change, style)],
        "removed": [line for card in differences.removed for line in _whole(card, style)],
    }
    counts = [f"{len(getattr(differences, name)):,} {name}" for name, lines in groups.items() if lines]
    yield style.heading.format(", ".join(counts) or "No card differs.")
    for name, lines in groups.items():
        if lines:
            yield from ["", style.group.format(name.capitalize()), *style.after_group, *lines]


def _whole(card: Card, style: _Style) -> Iterator[str]:
    yield _title(card, style)
    for side, text in _sides(card).items():
        if text:
            yield style.detail.format(f"{side}: {style.escaped(text)}")


def _reworded(change: Change, style: _Style) -> Iterator[str]:
    yield _title(change.new, style)
    before = _sides(change.old)
    for side, after in _sides(change.new).items():
        if before[side] != after:
            yield style.detail.format(f"{side}: {_marked(before[side], after, style)}")


def _sides(card: Card) -> dict[str, str]:
    return {"Question": card.question, "Answer": card.answer, "Below": card.extra}


def _moves(moved: tuple[Change, ...], style: _Style) -> list[str]:
    ways: dict[str, list[str]] = {}
    for change in moved:
        ways.setdefault(_way(change, style), []).append(style.escaped(change.new.key))
    return [line for way, keys in ways.items() for line in (way, style.detail.format(", ".join(keys)))]


def _way(change: Change, style: _Style) -> str:
    labels = {(change.old.chapter, change.new.chapter): None, (change.old.section, change.new.section): None}
    steps = [style.arrow.join(map(style.escaped, step)) for step in labels if step[0] != step[1]]
    return style.card.format("; ".join(steps))


def _replaced(change: Change, style: _Style) -> Iterator[str]:
    yield _title(change.old, style)
    yield style.detail.format(f"Question: {style.escaped(change.old.question)}")
    yield style.detail.format(f"Now: {style.escaped(change.new.question)}")


def _title(card: Card, style: _Style) -> str:
    return style.card.format(style.escaped(f"{card.key} ({card.section})" if card.section else card.key))


def _marked(before: str, after: str, style: _Style) -> str:
    """Return two texts as one, with the words marked that are in one of them alone."""
    old, new = before.split(), after.split()
    parts = []
    for _, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = (style.escaped(" ".join(words)) for words in (old[i:j], new[k:m]))
        if old[i:j] == new[k:m]:
            parts.append(come)
        else:
            parts += [style.gone.format(gone)] if gone else []
            parts += [style.new.format(come)] if come else []
    return " ".join(parts)


def _for_markdown(text: str) -> str:
    """Return Markdown that GitHub shows as the text, and makes no markup, link, mention or emoji of."""
    escaped = _LIST_MARK.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text))
    return _MADE_A_LINK.sub(r"\1<!-- -->", escaped)


_MARKUP = re.compile(r"([\\`*_{}\[\]<>&~$#])")
_LIST_MARK = re.compile(r"^(\d*)([-+.)])(?=\s|-|$)")
# GitHub looks for these in what is shown, where a backslash is no help, but not across a comment.
_MADE_A_LINK = re.compile(r"([@#](?=[\w.])|www(?=\.)|:(?=//|[\w+\\-]+:))", re.IGNORECASE)

_TEXT = _Style("{}", "{}:", "  {}", "    {}", "[-{}-]", "{{+{}+}}", " -> ", (), str)
_MARKDOWN = _Style("## {}", "### {}", "- {}", "  - {}", "~~{}~~", "**{}**", " → ", ("",), _for_markdown)
