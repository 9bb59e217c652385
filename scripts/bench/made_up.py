"""Notes for Anki that are made up, and always the same."""

import random
from pathlib import Path

from markupsafe import Markup

from cheatdeck.cards import Note
from cheatdeck.deck import Deck, Faces, note_types
from cheatdeck.identity import guid
from cheatdeck.ledger import Ledger, ship
from cheatdeck.model import Kind, Section, Span, Text
from cheatdeck.paths import Paths
from cheatdeck.settings import Settings

TIME = 1_700_000_000

WORDS = """
    access account action alarm alias application archive attribute audit backup balancer bandwidth batch bucket
    cache capacity certificate client cluster command compute condition configuration connection console consumer
    container counter credential database deadline default delay deployment device directory domain duration
    encryption endpoint environment event execution expiry export failover failure filter function gateway group
    handler header health identity image import index instance integration invocation item journal key latency layer
    library lifecycle limit listener lock machine message method metric migration mode monitor namespace network
    notification object operation option origin package parameter partition password path payload permission pipeline
    policy pool port prefix price principal priority process producer product profile protocol provider proxy query
    queue quota rate read record recovery region release replica report request resource response result retention
    retry role rollback route rule runtime sample scaling schedule schema secret segment server service session
    shard signature size snapshot source stack stage state statement storage stream subnet table target task
    template tenant threshold throughput timeout token topic trace traffic transaction transfer trigger update
    upload user value variable version volume window worker write zone
    a after and are as at before by can each every for from has if in into is it its more needs no not of on once
    only or per than that the then this to unless until when with without
""".split()  # noqa: SIM905 - shorter to read than a list


def made_up(count: int, decks: int) -> tuple[Deck, Ledger]:
    """Return a deck of notes that are made up, a third of them with 2 deletions, and the ledger of their release."""
    settings = Settings("bench", "Made-up notes", "1.0.0", "en", None)
    chance = random.Random(1)  # noqa: S311 - the same notes every time are what is wanted
    chapters = [_chapter(number) for number in range(1, decks + 1)]
    notes = tuple(_note(number, chapters[number * decks // count], chance) for number in range(count))
    faces = Faces.read(Paths.of(Path(), Path()).templates / "cards")
    content = Deck(settings, notes, note_types(settings, faces), {})
    return content, ship({}, content.things(), TIME).ledger


def _chapter(number: int) -> Section:
    nowhere = Span("", 1, 1)
    title = (Text(f"Chapter about the {WORDS[number % len(WORDS)]}", nowhere),)
    return Section(f"chapter-{number}", (number,), title, (), (), (), (), nowhere)


def _note(number: int, chapter: Section, chance: random.Random) -> Note:
    kind = (Kind.CLOZE, Kind.QUESTION, Kind.DEFINITION)[number % 3]
    is_cloze = kind is Kind.CLOZE
    key = f"{chance.choice(WORDS)}-{chance.choice(WORDS)}-{number}"
    label = Markup("{}").format(chapter.heading)
    return Note(
        key=key,
        guid=guid("bench", key),
        kind=kind,
        front=_text(chance, deletions=2 if is_cloze else 0),
        back=Markup() if is_cloze else _text(chance),
        extra=Markup("<p><b>Exam:</b> {}</p>").format(_text(chance)) if number % 4 == 0 else Markup(),
        tags=(f"bench::chapter::{chapter.key}", f"bench::kind::{kind}", f"exam::{number % 5}"),
        numbers=(1, 2) if is_cloze else (0,),
        deletions=((1, f"{number:08x}"), (2, f"{number:08x}")) if is_cloze else (),
        chapter=chapter,
        section=chapter,
        chapter_label=label,
        section_label=label,
        sources=Markup('<a href="https://example.com/{}">{}</a>').format(key, key),
    )


def _text(chance: random.Random, deletions: int = 0) -> Markup:
    """Return 60 to 250 characters or so with some HTML, the last words in deletions."""
    words = chance.choices(WORDS, k=chance.randint(9, 28))
    words[1] = f"<strong>{words[1]}</strong>"
    words[4] = f"<code>{words[4]}</code>"
    for number in range(1, deletions + 1):
        words[-number] = f"{{{{c{number}::{words[-number]}}}}}"
    return Markup(" ".join(words))
