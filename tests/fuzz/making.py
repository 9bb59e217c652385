"""What all targets make of notes: what is said of them, their deck, and a learner's collection that has it."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from anki.collection import Collection

from cheatdeck import ledger
from cheatdeck.cards import make_notes
from cheatdeck.command import BUILT, PROBLEMS, main
from cheatdeck.deck import Deck, Faces, build_deck, note_types
from cheatdeck.edition import Edition
from cheatdeck.model import Notebook
from cheatdeck.paths import Paths
from collection import import_package
from harmless import assert_harmless

TEMPLATES = Paths.of(Path(), Path()).templates
EDITION = Edition("0.1.0", 1_700_000_000, dated=True)
_FACES = Faces.read(TEMPLATES / "cards")
_PROBLEM = re.compile(r":\d+:\d+: [A-Z]\d{3} ")


def check_as_people_do(path: Path, out: Path) -> tuple[int, str]:
    """Check notes, whose problems are said with their places; return how that ended, and what was said."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as err:
        code = main(["check", str(path), "--out", str(out)])
    assert code in {BUILT, PROBLEMS}
    assert (_PROBLEM.search(err.getvalue()) is not None) == (code == PROBLEMS)
    return code, err.getvalue()


def deck_of(book: Notebook, media: Mapping[str, bytes]) -> Deck:
    """Return the deck of a notebook without diagrams."""
    return Deck(book.settings, make_notes(book, {}, {}), note_types(book.settings, _FACES), media)


@contextmanager
def imported(deck: Deck, folder: Path) -> Iterator[Collection]:
    """Have Anki import a deck, in whose cards nothing is active; yield the learner's collection."""
    package = folder / "small.apkg"
    package.write_bytes(build_deck(deck, ledger.ship({}, deck.things(), 1).ledger, 1))
    learner = Collection(str(folder / "collection.anki2"))
    try:
        assert import_package(learner, package).new == len(deck.notes)
        for card in map(learner.get_card, learner.find_cards("")):
            assert_harmless(card.question())
            assert_harmless(card.answer())
            assert card.question_av_tags() == card.answer_av_tags() == []
        assert list(learner.media.check().missing) == []
        yield learner
    finally:
        learner.close()
