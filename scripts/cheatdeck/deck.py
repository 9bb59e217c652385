"""Notes -> an Anki package, whose bytes depend on the notes and one time stamp alone."""

import hashlib
import itertools
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import genanki
from markupsafe import escape

from cheatdeck.archive import sha256, zipped
from cheatdeck.cards import Note
from cheatdeck.model import Section, plain
from cheatdeck.prompts import Kind
from cheatdeck.settings import Settings

# Anki refuses a default import over a note type whose fields or templates have moved, so these lists are
# only ever added to at spare places. The numbers are what Anki knows a field or template by when its name changes.
QUESTION_TYPE = 1_763_900_000_001
QUESTION_FIELDS = {
    "Question": 101, "Answer": 102, "Extra": 103, "Kind": 104, "Chapter": 105, "Section": 106, "Sources": 107,
    "Key": 108, "Reverse": 109, "Spare 1": 110, "Spare 2": 111, "Spare 3": 112,
}  # fmt: skip
QUESTION_TEMPLATES = {"Question": 201, "Reverse": 202}
CLOZE_TYPE = 1_763_900_000_002
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
class Faces:
    """The note types' templates by file name, and the style that they share."""

    templates: Mapping[str, str]
    css: str

    @classmethod
    def read(cls, folder: Path) -> "Faces":
        """Read the card faces: `question.front.html`, `cloze.back.html`, … and `card.css`."""
        templates = {path.name: path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("*.html"))}
        return cls(templates, (folder / "card.css").read_text(encoding="utf-8").strip())


class _NumberedNote(genanki.Note):  # type: ignore[misc] # genanki has no types
    """A note whose cards are given by their numbers, instead of being guessed from the templates."""

    def __init__(self, numbers: Sequence[int], **given: Any) -> None:  # noqa: ANN401 - genanki's
        super().__init__(**given)
        self.cards = [genanki.Card(max(0, number - 1)) for number in numbers]


def build_deck(settings: Settings, notes: Sequence[Note], media: Mapping[str, bytes], faces: Faces, time: int) -> bytes:
    """Return an .apkg with one subdeck a chapter.

    `media` are files by name. `time` is in seconds since 1970: when notes and note types last changed.
    """
    connection = sqlite3.connect(":memory:")
    try:
        package = genanki.Package(_decks(settings, notes, faces))
        package.write_to_db(connection.cursor(), time, itertools.count(time * 1000))
        connection.commit()
        collection = connection.serialize()
    finally:
        connection.close()
    names = dict(enumerate(sorted(media)))
    files = {str(number): media[name] for number, name in names.items()}
    return zipped({"collection.anki2": collection, "media": json.dumps(names).encode(), **files})


def _decks(settings: Settings, notes: Sequence[Note], faces: Faces) -> list[genanki.Deck]:
    question, cloze = note_types(faces)
    top = genanki.Deck(_deck_id(settings.key), _deck_name(settings.title), _description(settings))
    decks: dict[str, genanki.Deck] = {}
    for position, note in enumerate(notes, start=1):
        key = note.chapter.key
        if key not in decks:
            decks[key] = genanki.Deck(_deck_id(f"{settings.key}\n{key}"), chapter_deck_name(settings, note.chapter))
        fields = _cloze_fields(note) if note.kind is Kind.CLOZE else _question_fields(note)
        decks[key].add_note(
            _NumberedNote(
                note.numbers,
                model=cloze if note.kind is Kind.CLOZE else question,
                fields=fields,
                guid=note.guid,
                tags=note.tags,
                due=position,
            )
        )
    return [top, *decks.values()]


def _deck_id(name: str) -> int:
    """Return a number that Anki knows a deck by: 48 bits of the name's SHA-256, above Anki's own small ids."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") | 1 << 40


def _deck_name(title: str) -> str:
    """Return a title as one level of a deck's name; Anki takes :: for the next level."""
    return re.sub(":{2,}", ":", title).strip(": ")


def chapter_deck_name(settings: Settings, chapter: Section) -> str:
    """Return the whole name of a chapter's deck."""
    return f"{_deck_name(settings.title)}::{chapter.number[0]:02} {_deck_name(plain(chapter.title))}"


def _description(settings: Settings) -> str:
    exam = escape(f"For the exam {settings.exam.name} ({settings.exam.code}). ") if settings.exam else ""
    return f"{exam}Version {settings.version}. Import a newer version over this one: what you have learned stays."


def _around(note: Note) -> dict[str, str]:
    return {
        "Extra": str(note.extra),
        "Kind": _LABELS[note.kind],
        "Chapter": str(note.chapter_label),
        "Section": str(note.section_label),
        "Sources": str(note.sources),
        "Key": note.key,
    }


def note_hash(note: Note) -> str:
    """Return a hash of all that a learner's collection gets of a note."""
    return sha256(*_around(note).values(), note.front, note.back, *note.tags, repr(note.numbers), note.guid)


def _question_fields(note: Note) -> list[str]:
    given = {"Question": str(note.front), "Answer": str(note.back), **_around(note)}
    return [given.get(name, "") for name in QUESTION_FIELDS]


def _cloze_fields(note: Note) -> list[str]:
    given = {"Text": str(note.front), **_around(note)}
    return [given.get(name, "") for name in CLOZE_FIELDS]


def note_types(faces: Faces) -> tuple[genanki.Model, genanki.Model]:
    """Return the note types for questions and for clozes."""
    question = genanki.Model(
        QUESTION_TYPE,
        "Cheatdeck Question",
        _fields(QUESTION_FIELDS),
        _templates(QUESTION_TEMPLATES, faces),
        faces.css,
    )
    cloze = genanki.Model(
        CLOZE_TYPE, "Cheatdeck Cloze", _fields(CLOZE_FIELDS), _templates(CLOZE_TEMPLATES, faces), faces.css,
        model_type=genanki.Model.CLOZE,
    )  # fmt: skip
    return question, cloze


def _fields(names: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"name": name, "id": number} for name, number in names.items()]


def _templates(names: Mapping[str, int], faces: Faces) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "id": number,
            "qfmt": faces.templates[f"{name.lower()}.front.html"],
            "afmt": faces.templates[f"{name.lower()}.back.html"],
        }
        for name, number in names.items()
    ]
