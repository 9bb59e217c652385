"""Notes -> an Anki package, whose bytes depend on the notes and on times that are given."""

import itertools
import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import genanki
from markupsafe import escape

from cheatdeck import identity
from cheatdeck.archive import sha256, zipped
from cheatdeck.cards import Note
from cheatdeck.ledger import NOTE_TYPE, TYPE_PREFIX, Ledger, Thing
from cheatdeck.model import Kind, Section, plain
from cheatdeck.settings import Settings

# Anki refuses a default import over a note type whose fields or templates have moved, so from release 1.0.0 on
# these lists are frozen: only what is spare may be put to use. The numbers are what Anki knows a field or template
# by when its name changes.
QUESTION_FIELDS = {
    "Question": 101, "Answer": 102, "Extra": 103, "Kind": 104, "Chapter": 105, "Section": 106, "Sources": 107,
    "Key": 108, "Typed": 109, "Reverse": 110, "Spare 1": 111, "Spare 2": 112, "Spare 3": 113,
}  # fmt: skip
QUESTION_TEMPLATES = {"Question": 201, "Reverse": 202}
CLOZE_FIELDS = {
    "Text": 301, "Extra": 302, "Kind": 303, "Chapter": 304, "Section": 305, "Sources": 306, "Key": 307,
    "Spare 1": 308, "Spare 2": 309, "Spare 3": 310,
}  # fmt: skip
CLOZE_TEMPLATES = {"Cloze": 401}

_LABELS = {
    Kind.CLOZE: "Fill in",
    Kind.QUESTION: "Question",
    Kind.EXAMPLE: "Calculate",
    Kind.ROW: "Table",
    Kind.DEFINITION: "Definition",
    Kind.LIMIT: "Limit",
    Kind.DIAGRAM: "Diagram",
}


@dataclass(frozen=True, slots=True)
class Face:
    """A template: what stands on a card's front and back. `number` is what Anki knows it by.

    `listed` is what stands for both in the lists of Anki's browser.
    """

    name: str
    number: int
    front: str
    back: str
    listed: tuple[str, str]


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type of one notebook. `key` is what the ledger knows it by, `number` what Anki does."""

    key: str
    number: int
    name: str
    fields: Mapping[str, int]
    faces: tuple[Face, ...]
    css: str
    is_cloze: bool


@dataclass(frozen=True, slots=True)
class Faces:
    """The note types' templates by file name, and the style that they share."""

    templates: Mapping[str, str]
    css: str

    @classmethod
    def read(cls, folder: Path) -> "Faces":
        """Read the card faces: `question.front.html`, `cloze.back.html`, … and `card.css`."""
        templates = {path.name: path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("*.html"))}
        return cls(templates, (folder / "card.css").read_text(encoding="utf-8").strip())


class _Model(genanki.Model):  # type: ignore[misc] # genanki has no types
    """A note type with a time of its own."""

    def __init__(self, note_type: "NoteType", changed_at: int) -> None:
        super().__init__(
            note_type.number,
            note_type.name,
            [{"name": name, "id": number} for name, number in note_type.fields.items()],
            [
                {
                    "name": face.name,
                    "id": face.number,
                    "qfmt": face.front,
                    "afmt": face.back,
                    "bqfmt": face.listed[0],
                    "bafmt": face.listed[1],
                }
                for face in note_type.faces
            ],
            note_type.css,
            genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
        )
        self._changed_at = changed_at

    def to_json(self, _: float, deck_id: int) -> dict[str, Any]:
        written: dict[str, Any] = super().to_json(self._changed_at, deck_id)
        return written


@dataclass(frozen=True, slots=True)
class Deck:
    """What a package has in it, times apart; `media` are files by name."""

    settings: Settings
    notes: tuple[Note, ...]
    types: tuple[NoteType, ...]
    media: Mapping[str, bytes]

    def things(self) -> list[Thing]:
        """Return the note types and the notes as the ledger keeps them."""
        return [
            *(Thing(each.key, str(each.number), NOTE_TYPE, sha256(repr(each))[:_HASH]) for each in self.types),
            *(Thing(n.key, n.guid, n.kind, _note_hash(n), n.deletions, n.is_retired) for n in self.notes),
        ]


def build_deck(deck: Deck, ledger: Ledger, time: int) -> bytes:
    """Return an .apkg with one subdeck a chapter.

    `ledger` tells when each note and note type was changed; `time`, in seconds since 1970, is when the package
    counts as made. Raises OSError where there is no room for temporary files.
    """
    names = dict(enumerate(sorted(deck.media)))
    files = {str(number): deck.media[name] for number, name in names.items()}
    with TemporaryDirectory() as folder:
        # On disk, since it is five times as large as the package that it is streamed into.
        collection = Path(folder, "collection.anki2")
        with closing(sqlite3.connect(collection)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            try:
                _write(deck, ledger, time, connection.cursor())
                connection.commit()
            except sqlite3.OperationalError as error:
                raise OSError(str(error)) from error
        return zipped({"collection.anki2": collection, "media": json.dumps(names).encode(), **files})


def _write(deck: Deck, ledger: Ledger, time: int, cursor: sqlite3.Cursor) -> None:
    """Have genanki write all but notes and cards.

    It has no time for each note of its own, guesses their cards, and writes all decks anew for each deck.
    """
    top, chapters = _decks(deck)
    for each in deck.types:
        top.add_model(_Model(each, ledger[each.key].changed_at))
    ids = itertools.count(time * 1000)
    genanki.Package(top).write_to_db(cursor, time, ids)
    decks = {str(each.deck_id): each.to_json() for each in (top, *chapters.values())}
    cursor.execute("UPDATE col SET decks = json_patch(decks, ?)", (json.dumps(decks),))
    types = {each.is_cloze: each.number for each in deck.types}
    for position, note in enumerate(deck.notes, start=1):
        home = chapters[note.chapter.key] if note.chapter else top
        number, changed_at, contents = next(ids), ledger[note.key].changed_at, fields(note)
        cursor.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')",
            (number, note.guid, types[note.kind is Kind.CLOZE], changed_at, f" {' '.join(note.tags)} ",
             "\x1f".join(contents), contents[0]),
        )  # fmt: skip
        cursor.executemany(
            "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
            [(next(ids), number, home.deck_id, max(0, n - 1), changed_at, position) for n in note.numbers],
        )


def _decks(deck: Deck) -> tuple[genanki.Deck, dict[str, genanki.Deck]]:
    """Return the notebook's deck, and those of its chapters by their keys."""
    settings = deck.settings
    chapters = {note.chapter.key: note.chapter for note in deck.notes if note.chapter}
    return genanki.Deck(identity.number(settings.key), _deck_name(settings.title), _description(settings)), {
        key: genanki.Deck(identity.number(settings.key, key), chapter_deck_name(settings, chapter))
        for key, chapter in chapters.items()
    }


def _deck_name(title: str) -> str:
    """Return a title as one level of a deck's name; Anki takes :: for the next level."""
    return re.sub(":{2,}", ":", title).strip(": ")


def chapter_deck_name(settings: Settings, chapter: Section) -> str:
    """Return the whole name of a chapter's deck."""
    return f"{_deck_name(settings.title)}::{chapter.number[0]:02} {_deck_name(plain(chapter.title))}"


def _description(settings: Settings) -> str:
    exam = escape(f"For the exam {settings.exam.name} ({settings.exam.code}). ") if settings.exam else ""
    return f"{exam}Version {settings.version}. Import a newer version over this one: what you have learned stays."


def fields(note: Note) -> list[str]:
    """Return the contents of a note's fields, in the order of its note type's."""
    given = {
        "Question": str(note.front),
        "Answer": str(note.back),
        "Text": str(note.front),
        "Extra": str(note.extra),
        "Kind": "Retired" if note.is_retired else _LABELS[note.kind],
        "Chapter": str(note.chapter_label),
        "Section": str(note.section_label),
        "Sources": str(note.sources),
        "Key": note.key,
        "Typed": str(note.typed),
    }
    return [given.get(name, "") for name in (CLOZE_FIELDS if note.kind is Kind.CLOZE else QUESTION_FIELDS)]


def _note_hash(note: Note) -> str:
    return sha256(*fields(note), *note.tags)[:_HASH]


# Digits of a hash in the ledger, 64 bits: enough to tell what has changed.
_HASH = 16


def note_types(settings: Settings, faces: Faces) -> tuple[NoteType, NoteType]:
    """Return a notebook's note types, its own, so that no other notebook changes a learner's style of them."""

    def note_type(name: str, fields: Mapping[str, int], templates: Mapping[str, int]) -> NoteType:
        number = identity.note_type(settings.key, name)
        shown = tuple(_face(face, faces, settings.language, number) for face, number in templates.items())
        key = f"{TYPE_PREFIX}{name}"
        return NoteType(key, number, f"{key} ({settings.key})", fields, shown, faces.css, is_cloze=name == "Cloze")

    return (
        note_type("Question", QUESTION_FIELDS, QUESTION_TEMPLATES),
        note_type("Cloze", CLOZE_FIELDS, CLOZE_TEMPLATES),
    )


def _face(name: str, faces: Faces, language: str, number: int) -> Face:
    front, back = (faces.templates[f"{name.lower()}.{side}.html"] for side in ("front", "back"))
    front, back = (face.replace("[language]", language) for face in (front, back))
    return Face(name, number, front, back, _LISTED[name])


_LISTED = {
    "Question": ("{{Question}}", "{{Answer}}"),
    "Reverse": ("{{Reverse}}", "{{Question}}"),
    "Cloze": ("{{cloze:Text}}", "{{cloze:Text}}"),
}
