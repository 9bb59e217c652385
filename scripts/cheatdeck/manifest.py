"""What a build leaves for scripts: sections, limits, diagrams, cards, and what each file was made from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cheatdeck import model
from cheatdeck.cards import Note
from cheatdeck.deck import Deck
from cheatdeck.edition import Edition
from cheatdeck.ledger import Shipment
from cheatdeck.model import Notebook, Section, plain
from cheatdeck.seen import plain_text


def manifest(
    book: Notebook, deck: Deck, shipment: Shipment, this: Edition, files: Mapping[str, Mapping[str, str | int]]
) -> dict[str, Any]:
    """Return what a build says of itself, but for the tools that it was made with.

    `files` has what is said of each file by its name; `shipment` how the deck differs from the last release.
    """
    diagram_sections = {d.key: section for section in book.sections() for d in _section_diagrams(section)}
    ships = shipment.ledger
    return {
        "notebook": {"id": book.settings.key, "title": book.settings.title, "version": this.version},
        "time": this.time if this.dated else None,
        "released": this.dated and shipment.is_released,
        "counts": _counts(book, deck.notes, len(diagram_sections)),
        "sections": [
            {"key": section.key, "number": section.label, "title": plain(section.title), "tasks": list(section.tasks)}
            for section in book.sections()
        ],
        "limits": [
            {"key": limit.key, "aliases": list(limit.aliases), "section": limit.section, "value": limit.value}
            for limit in book.limits
        ],
        "diagrams": [{"key": key, "section": section.key} for key, section in diagram_sections.items()],
        "notes": [
            {**_listed(note), "section": note.section.key, "cards": len(note.numbers), "hash": ships[note.key].hash}
            for note in deck.notes if note.section
        ],
        "retired": [
            {**_listed(note), "reason": ships[note.key].reason} for note in deck.notes if note.is_retired
        ],
        "files": files,
    }  # fmt: skip


def _listed(note: Note) -> dict[str, str]:
    return {
        "key": note.key,
        "guid": note.guid,
        "kind": note.kind,
        "question": plain_text(note.front),
        "answer": plain_text(note.back),
        "extra": plain_text(note.extra),
    }


def _section_diagrams(section: Section) -> list[model.Diagram]:
    return [block for block in model.blocks(section.blocks) if isinstance(block, model.Diagram)]


def _counts(book: Notebook, notes: Sequence[Note], drawn: int) -> dict[str, Any]:
    by_kind = Counter({kind.value: 0 for kind in sorted({note.kind for note in notes})})
    for note in notes:
        by_kind[note.kind.value] += len(note.numbers)
    return {
        "chapters": len(book.chapters),
        "sections": sum(1 for _ in book.sections()),
        "limits": len(book.limits),
        "diagrams": drawn,
        "notes": sum(not note.is_retired for note in notes),
        "cards": by_kind.total(),
        "cards_by_kind": dict(by_kind),
    }
