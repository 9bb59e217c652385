"""A learner with a collection of their own, in the Anki that is installed here."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import anki.collection  # before all others of Anki, which import one another in a circle
from anki.cards import Card
from anki.dbproxy import DBProxy
from anki.decks import DeckId
from anki.notes import Note
from anki.scheduler.v3 import CardAnswer, Scheduler

DAY = 86_400
ALWAYS: Any = 1  # of anki.import_export_pb2.ImportAnkiPackageUpdateCondition
OWN_STYLE = "/* The learner's own style */"

# What the scheduler knows of each card, by the note's guid and the card's number.
History = dict[tuple[str, int], tuple[Any, ...]]


@dataclass(frozen=True)
class Log:
    """How many notes an import added, updated, left as they were, and refused."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


class Learner:
    """A learner with a collection, and a clock that is turned back: what is done on a day was done days ago."""

    def __init__(self, folder: Path, packages: Path) -> None:
        folder.mkdir(parents=True)
        self.col = anki.collection.Collection(str(folder / "collection.anki2"))
        self._packages = packages
        self._start = int(time.time())
        limits = self.col.decks.config_dict_for_deck_id(DeckId(1))
        limits["new"]["perDay"] = limits["rev"]["perDay"] = 9999
        self.col.decks.save(limits)

    @contextmanager
    def on_day(self, days_ago: int) -> Iterator[None]:
        """Date everything that changes meanwhile."""
        yield
        past = days_ago * DAY
        for table, column in (("notes", "mod"), ("cards", "mod"), ("notetypes", "mtime_secs")):
            statement = f"update {table} set {column} = {column} - ? where {column} >= ?"  # noqa: S608 - fixed names
            self.db.execute(statement, past, self._start)
        self.col.models._clear_cache()  # noqa: SLF001 - Anki has no public name for it

    def imports(self, version: str, days_ago: int, *, always: bool = False, merge: bool = False) -> Log:
        """Import a release with Anki's default options, or with Update notes: Always, or Merge note types."""
        options = anki.collection.ImportAnkiPackageOptions()
        if always:
            options.update_notes = ALWAYS
        options.merge_notetypes = merge
        request = anki.collection.ImportAnkiPackageRequest(
            package_path=str((self._packages / f"{version}.apkg").resolve()), options=options
        )
        with self.on_day(days_ago):
            log = self.col.import_anki_package(request).log
        return Log(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def gets(self, version: str, days_ago: int) -> None:
        """Import a release as the add-on AnkiConnect does."""
        # It is deprecated, and Anki says so at length; add-ons use it all the same.
        with self.on_day(days_ago), redirect_stdout(StringIO()):
            from anki.importing import AnkiPackageImporter  # type: ignore[attr-defined] # noqa: PLC0415 - made on demand

            AnkiPackageImporter(self.col, str((self._packages / f"{version}.apkg").resolve())).run()

    def studies(self, days_ago: int) -> None:
        """Answer every card through the scheduler, some of them wrongly at first."""
        ratings = (CardAnswer.AGAIN, CardAnswer.GOOD, CardAnswer.EASY, CardAnswer.HARD)
        seen: set[int] = set()
        self.col.decks.select(self.col.decks.id_for_name("Lighthouses") or DeckId(1))
        with self.on_day(days_ago):
            while queued := self.scheduler.get_queued_cards(fetch_limit=1).cards:
                card = Card(self.col)
                card._load_from_backend_card(queued[0].card)  # noqa: SLF001 - as Anki's reviewer does
                card.start_timer()
                # A card that comes again is graduated, so that the session ends.
                rating = CardAnswer.EASY if card.id in seen else ratings[len(seen) % len(ratings)]
                seen.add(card.id)
                answer = self.scheduler.build_answer(card=card, states=queued[0].states, rating=rating)
                self.scheduler.answer_card(answer)

    def changes(self, key: str, days_ago: int, change: Callable[[Note], None]) -> None:
        """Change a note by hand."""
        with self.on_day(days_ago):
            note = self.note(key)
            change(note)
            self.col.update_note(note)

    def styles(self, days_ago: int) -> None:
        """Put a line of one's own into the style of each note type."""
        with self.on_day(days_ago):
            for model in self.models():
                model["css"] += OWN_STYLE
                self.col.models.update_dict(model)

    @property
    def db(self) -> DBProxy:
        """The collection's database."""
        assert self.col.db
        return self.col.db

    @property
    def scheduler(self) -> Scheduler:
        """The scheduler, which is Anki's only one now."""
        assert isinstance(self.col.sched, Scheduler)
        return self.col.sched

    def models(self) -> list[dict[str, Any]]:
        """Return the note types that came with packages."""
        return [model for model in self.col.models.all() if model["name"].startswith("Cheatdeck")]

    def note(self, key: str) -> Note:
        """Return a note by its key."""
        (number,) = self.db.list("select id from notes where flds like ?", f"%\x1f{key}\x1f%")
        return self.col.get_note(number)

    def answer(self, key: str) -> str:
        """Return the answer of a note, or the text of a cloze note."""
        note = self.note(key)
        return note["Answer" if "Answer" in note else "Text"]

    def has_tag(self, key: str, tag: str) -> str:
        """Return whether a note has kept a tag."""
        return "kept" if self.note(key).has_tag(tag) else "lost"

    def has_style(self, style: str) -> str:
        """Return whether all note types have kept a style."""
        return "kept" if all(style in model["css"] for model in self.models()) else "lost"

    def cards(self, key: str) -> str:
        """Return whether each card of a note is new or reviewed."""
        return ", ".join("reviewed" if card.reps else "new" for card in self.note(key).cards()) or "no card"

    def retired(self) -> str:
        """Return how many cards the search finds that the README gives."""
        return str(len(self.col.find_cards("tag:retired")))

    def history(self) -> History:
        """Return what the scheduler knows of each card, and its reviews, by the note's key and the card's number."""
        facts = (
            "select c.ord, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.flags, n.guid, "
            "(select group_concat(r.id || ':' || r.ease) from revlog r where r.cid = c.id) "
            "from cards c join notes n on n.id = c.nid"
        )
        return {(row[10], row[0]): tuple(row) for row in self.db.all(facts)}

    def is_sound(self) -> str:
        """Return what is wrong with the collection, in a word; "sound" if nothing is."""
        names = sorted(model["name"] for model in self.models())
        keys = [self.col.get_note(number)["Key"] for number in self.db.list("select id from notes")]
        wrong = {
            "stray note types": names != ["Cheatdeck Cloze (lighthouses)", "Cheatdeck Question (lighthouses)"],
            "doubles": len(keys) != len(set(keys)),
            "empty cards": bool(self.col.get_empty_cards().notes),
            "missing media": bool(self.col.media.check().missing),
        }
        return ", ".join(what for what, is_so in wrong.items() if is_so) or "sound"


def kept(before: History, after: History) -> str:
    """Return of how many cards the history is as it was."""
    same = sum(after.get(card) == facts for card, facts in before.items())
    return f"{same} of {len(before)} cards"


def whole(before: History) -> str:
    """Return that all cards have kept their history."""
    return kept(before, before)
