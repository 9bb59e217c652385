"""What becomes of learners' collections when they import releases, in the Anki that is installed here.

`stories.py FOLDER NAME` cuts the releases into FOLDER, unless they are there, lets learners live through them, and
leaves FOLDER/NAME.json: a list of rows with what was looked at, what is expected and what was seen.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from anki.buildinfo import version as anki_version
from anki.lang import set_lang

from advice import DECKS, FIELDS, FLAGS, MOVED, OWN_WORDS, RETIRED_CARDS, STYLE, SUSPEND, UPDATE
from learner import OWN_STYLE, History, Learner, Log, kept, whole
from releases import CUT, NEW_STYLE, cut_releases

FIRST, SECOND, THIRD = CUT
# Anki before 25.9 stamps a note that an import updates with the time of the import.
STAMPS_IMPORTS = tuple(map(int, anki_version.split(".")[:2])) < (25, 9)


@dataclass(frozen=True)
class Row:
    """What a learner is promised and what was seen; where Anki makes it impossible, what the README advises."""

    story: str
    what: str
    expected: str
    seen: str
    advice: str = ""


Asked = partial[Row]


def prepared(folder: Path, packages: Path) -> Learner:
    """Return a learner who has imported the first release, studied all of it, and made it their own."""
    learner = Learner(folder, packages)
    learner.imports(FIRST, 290)
    learner.studies(280)
    learner.changes("same-edited", 270, lambda note: note.__setitem__("Answer", "My own answer"))
    learner.changes("same-edited", 270, lambda note: note.add_tag("mine"))
    learner.changes("reworded-edited", 270, lambda note: note.__setitem__("Answer", "My own answer"))
    learner.changes("reworded-tagged", 270, lambda note: note.add_tag("mine"))
    with learner.on_day(270):
        cards = learner.note("reworded-own").card_ids()
        own = learner.col.decks.id("My own deck")
        assert own is not None
        learner.col.set_deck(cards, own)
        learner.col.set_user_flag_for_cards(3, cards)
        learner.scheduler.suspend_cards(cards)
    learner.styles(270)
    # Release 1.1.0 is cut on day 200.
    learner.changes("same-late", 190, lambda note: note.add_tag("mine"))
    learner.changes("reworded-edited-late", 190, lambda note: note.__setitem__("Answer", "My own answer"))
    learner.changes("reworded-leech", 190, lambda note: note.add_tag("leech"))
    assert learner.history()
    assert all(card.reps for key in ("same", "grows", "moves", "retires", "lamp") for card in learner.note(key).cards())
    return learner


def promised(row: Asked, learner: Learner, before: History, log: Log) -> Iterator[Row]:
    """Look at what holds of every import, whatever is in it."""
    yield row("reviews and scheduling kept", whole(before), kept(before, learner.history()))
    yield row("conflicts", "0", str(log.conflicting))
    yield row("the collection", "sound", learner.is_sound())


def timely(folder: Path, packages: Path) -> Iterator[Row]:
    """Live through each release soon after it was cut."""
    learner = prepared(folder, packages)
    yield from _second(learner)
    yield from _old(learner)
    yield from _third(learner)
    learner.col.close()


def _second(learner: Learner) -> Iterator[Row]:
    row = partial(Row, f"{FIRST}, then {SECOND}")
    before = learner.history()
    log = learner.imports(SECOND, 180)
    yield from promised(row, learner, before, log)
    yield row("changed note", "133 m", learner.answer("reworded"))
    yield row("changed note, suspended, flagged, moved", "A minor light", learner.answer("reworded-own"))
    (card,) = learner.note("reworded-own").cards()
    deck = learner.col.decks.name(card.did)
    yield row("… its deck, flag, queue", "My own deck, 3, -1", f"{deck}, {card.user_flag()}, {card.queue}")
    yield row("own edit of an unchanged note", "My own answer", learner.answer("same-edited"))
    yield row("own tag on an unchanged note", "kept", learner.has_tag("same-edited", "mine"))
    yield row("own tag, set late, on an unchanged note", "kept", learner.has_tag("same-late", "mine"))
    yield row("own style of the cards", "kept", learner.has_style(OWN_STYLE))
    yield row("card moved to another chapter", "2 Lamps", learner.note("moves")["Chapter"])
    yield row("… its tag", "kept", learner.has_tag("moves", "lighthouses::chapter::02-lamps"))
    (card,) = learner.note("moves").cards()
    yield row("… its deck", "Lighthouses::01 Towers", learner.col.decks.name(card.did), MOVED)
    yield row("retired card", "This card is retired", learner.note("retires")["Question"][3:23])
    yield row("retired cards found by one search", "3", learner.retired())
    yield row("… their cards", "reviewed", learner.cards("retires"))
    yield row("… those of a cloze", "reviewed, reviewed", learner.cards("retires-cloze"))
    yield row("added card", "new", learner.cards("added"))
    yield row("deletion added to a cloze", "reviewed, new", learner.cards("grows"))
    yield row("own edit, older than the release", "The service room", learner.answer("reworded-edited"), OWN_WORDS)
    yield row("own tag, older than the release", "lost", learner.has_tag("reworded-tagged", "mine"), FLAGS)
    yield row("own edit, newer than the release", "My own answer", learner.answer("reworded-edited-late"), UPDATE)
    yield row("leech tag, newer than the release", "A rod", learner.answer("reworded-leech"), UPDATE)


def _old(learner: Learner) -> Iterator[Row]:
    row = partial(Row, f"{SECOND} again, and {FIRST} over it")
    before = learner.history()
    log = learner.imports(SECOND, 170)
    yield row("the same release changes", "0 notes", f"{log.new + log.updated} notes")
    log = learner.imports(FIRST, 160)
    yield row("an older release changes", "0 notes", f"{log.new + log.updated} notes")
    yield from promised(row, learner, before, log)


def _third(learner: Learner) -> Iterator[Row]:
    learner.studies(150)
    with learner.on_day(140):
        learner.col.remove_notes([learner.note(key).id for key in ("lamp", "retires")])
    before = learner.history()
    log = learner.imports(THIRD, 90)
    row = partial(Row, f"… then {THIRD}")
    yield from promised(row, learner, before, log)
    yield row("changed for the first time", "A cupola", learner.answer("reworded-last"))
    yield row("changed again", "199, on average", learner.answer("reworded-twice"))
    yield row("own edit of an unchanged note", "My own answer", learner.answer("same-edited"))
    yield row("note that the learner deleted", "new", learner.cards("lamp"), SUSPEND)
    yield row("retired note that the learner deleted", "no card", learner.cards("retires"))
    yield row("other retired cards", "3", learner.retired())
    yield row("new style of the cards", "kept", learner.has_style(NEW_STYLE))
    yield row("own style under a new one", "lost", learner.has_style(OWN_STYLE), STYLE)
    log = learner.imports(THIRD, 80, always=True)
    row = partial(Row, f"… {THIRD} once more, with Update notes Always")
    yield from promised(row, learner, before, log)
    yield row("own edit, newer than the release", "A gallery", learner.answer("reworded-edited-late"))
    yield row("leech", "A conductor", learner.answer("reworded-leech"))


def skipping(folder: Path, packages: Path) -> Iterator[Row]:
    """Go from the first release to the third."""
    learner = prepared(folder, packages)
    before = learner.history()
    log = learner.imports(THIRD, 90)
    row = partial(Row, f"{FIRST}, {THIRD}")

    yield row("reviews and scheduling kept", whole(before), kept(before, learner.history()))
    yield row("conflicts", "0", str(log.conflicting))
    yield row("the collection", "sound", learner.is_sound())
    yield row("what the second changed", "133 m", learner.answer("reworded"))
    yield row("what both changed", "199, on average", learner.answer("reworded-twice"))
    yield row("what the third changed", "A cupola", learner.answer("reworded-last"))
    yield row("own edit of an unchanged note", "My own answer", learner.answer("same-edited"))
    yield row("retired cards", "4", learner.retired())
    yield row("added cards", "new, new", ", ".join(learner.cards(key) for key in ("added", "added-last")))
    learner.col.close()


def late(folder: Path, packages: Path) -> Iterator[Row]:
    """Import the second release when the third is already cut, then the third."""
    learner = prepared(folder, packages)
    before = learner.history()
    learner.imports(SECOND, 80)
    learner.imports(THIRD, 70)
    row = partial(Row, f"{FIRST}, {SECOND} late, {THIRD}")

    yield row("reviews and scheduling kept", whole(before), kept(before, learner.history()))
    yield row("the collection", "sound", learner.is_sound())
    yield row("what the third changed alone", "A cupola", learner.answer("reworded-last"))
    twice = "Some 200" if STAMPS_IMPORTS else "199, on average"
    yield row("what both changed", twice, learner.answer("reworded-twice"), UPDATE)
    learner.imports(THIRD, 60, always=True)
    yield row("… with Update notes Always", "199, on average", learner.answer("reworded-twice"))
    yield row("… reviews and scheduling kept", whole(before), kept(before, learner.history()))
    learner.col.close()


def pushed(folder: Path, packages: Path) -> Iterator[Row]:
    """Get the releases as `cheatdeck push` brings them."""
    learner = prepared(folder, packages)
    before = learner.history()
    learner.gets(SECOND, 180)
    row = partial(Row, f"{FIRST}, then {SECOND} and {THIRD} by AnkiConnect")
    yield row("reviews and scheduling kept", whole(before), kept(before, learner.history()))
    yield row("the collection", "sound", learner.is_sound())
    yield row("changed note arrives", "133 m", learner.answer("reworded"))
    yield row("own edit of an unchanged note", "My own answer", learner.answer("same-edited"))
    yield row("retired cards", "3", learner.retired())
    yield row("added card arrives", "new", learner.cards("added"))
    yield row("own style of the cards", "kept", learner.has_style(OWN_STYLE))
    learner.gets(THIRD, 90)
    yield row("third: reviews and scheduling kept", whole(before), kept(before, learner.history()))
    yield row("third: the collection", "sound", learner.is_sound())
    yield row("third: changed again", "199, on average", learner.answer("reworded-twice"))
    learner.col.close()


def newcomer(folder: Path, packages: Path) -> Iterator[Row]:
    """Start with the third release."""
    learner = Learner(folder, packages)
    log = learner.imports(THIRD, 90)
    row = partial(Row, f"{THIRD} alone")

    yield row("conflicts", "0", str(log.conflicting))
    yield row("the collection", "sound", learner.is_sound())
    yield row("retired cards", "0", learner.retired())
    cards = learner.col.card_count()
    learner.studies(80)
    (studied,) = learner.db.list("select count(distinct cid) from revlog")
    yield row("cards to study, all of them new", "19 of 19", f"{studied} of {cards}")
    learner.col.fix_integrity()
    retired = learner.retired()
    yield row("retired cards after Check Database", "4", retired, RETIRED_CARDS)
    learner.col.close()


def extended(folder: Path, packages: Path) -> Iterator[Row]:
    """Have a field of one's own in a note type."""
    learner = prepared(folder, packages)
    with learner.on_day(260):
        (model,) = (model for model in learner.col.models.all() if model["name"] == "Cheatdeck Question (lighthouses)")
        learner.col.models.add_field(model, learner.col.models.new_field("Mine"))
        learner.col.models.update_dict(model)
    learner.changes("same", 260, lambda note: note.__setitem__("Mine", "My own words"))
    before = learner.history()
    row = partial(Row, f"{FIRST}, a field added to the note type, {SECOND}, {THIRD}")
    for version, refused, answer in ((SECOND, "17", "133 m"), (THIRD, "18", "133 m")):
        log = learner.imports(version, 180)
        yield row(f"{version}: notes refused", refused, str(log.conflicting), FIELDS)
        learner.imports(version, 170, always=True, merge=True)
        yield row("… with Merge note types and Update notes Always", answer, learner.answer("reworded"))
        yield row("… reviews and scheduling kept", whole(before), kept(before, learner.history()))
        yield row("… own field", "empty", learner.note("same")["Mine"] or "empty", OWN_WORDS)
        yield row("… the collection", "sound", learner.is_sound())
    learner.col.close()


def rearranged(folder: Path, packages: Path) -> Iterator[Row]:
    """Have the decks in an order of one's own."""
    learner = prepared(folder, packages)
    with learner.on_day(260):
        deck = learner.col.decks.id_for_name("Lighthouses::01 Towers")
        assert deck is not None
        learner.col.decks.rename(deck, "Sea::Towers")
    before = learner.history()
    log = learner.imports(SECOND, 180)
    row = partial(Row, f"{FIRST}, a deck renamed, {SECOND}")
    yield from promised(row, learner, before, log)
    (card,) = learner.note("reworded").cards()
    yield row("deck of the cards that were there", "Sea::Towers", learner.col.decks.name(card.did))
    (card,) = learner.note("added").cards()
    yield row("deck of an added card", "Lighthouses::01 Towers", learner.col.decks.name(card.did), DECKS)
    learner.col.close()


STORIES = (timely, skipping, late, newcomer, pushed, extended, rearranged)


def main(packages: Path, name: str) -> None:
    """Leave what was seen in a file."""
    if not packages.exists():
        packages.mkdir(parents=True)
        cut_releases(packages, int(time.time()))
    set_lang("en_US")
    rows = [row for story in STORIES for row in story(packages / name / story.__name__, packages)]
    seen = {"anki": anki_version, "rows": [asdict(row) for row in rows]}
    (packages / f"{name}.json").write_text(json.dumps(seen, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
