"""Decks as Anki's own library takes them."""

import html
import itertools
import json
import sqlite3
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from anki.collection import Collection
from anki.decks import DeckId
from bs4 import BeautifulSoup

from cheatdeck.archive import zipped
from cheatdeck.cards import make_notes
from cheatdeck.deck import QUESTION_FIELDS, Deck, Faces, build_deck, note_types
from cheatdeck.ledger import Ledger, ship
from cheatdeck.paths import Paths
from cheatdeck.rules import check
from collection import Imported, import_package, sides
from notes import page, read, write_notebook

TIME = 1_700_000_000
FACES = Faces.read(Paths.of(Path(), Path()).templates / "cards")

# What Anki, or the browser in it, would take for something else than text.
TRICKY = (
    "AWS::Lambda::Function",
    "{{resolve:ssm:/a}}",
    "${{ x }}",
    '{"a": {"b": {}}}',
    "<bucket-name>",
    "[sound:x]",
    "[latex]x[/latex]",
    "[$]x[/$]",
    "[$$]x[/$$]",
    "[anki:play:q:0]",
    "\\(x\\)",
    "\\[x\\]",
    "{{c1::not a cloze}}",
    "a::",
    "::a",
    "{",
    "}",
    "}}",
    "{{",
    ":",
    "a & b &amp; c",
    'quo"te',
)


def package(tmp_path: Path, *, time: int = TIME, released: Ledger | None = None, **files: str) -> Path:
    path = tmp_path / "deck.apkg"
    path.write_bytes(built(write_notebook(tmp_path / "notes", **files), time, released or {}))
    return path


def released(folder: Path, **files: str) -> Ledger:
    """Return the ledger of a notebook that was released as it is."""
    deck = deck_of(write_notebook(folder, **files), {})
    return ship({}, deck.things(), TIME).ledger


def built(folder: Path, time: int, before: Ledger) -> bytes:
    deck = deck_of(folder, before)
    return build_deck(deck, ship(before, deck.things(), time).ledger, time)


def deck_of(folder: Path, before: Ledger) -> Deck:
    notebook, problems, _ = read(folder)
    assert [*problems, *check(notebook)] == []
    settings = notebook.settings
    return Deck(settings, make_notes(notebook, {}, before), note_types(settings, FACES), {})


@pytest.fixture
def tricky(tmp_path: Path, col: Collection) -> Collection:
    """A collection with each tricky text in each place of a note."""
    body, sections, limits = [], [], []
    for n, text in enumerate(TRICKY):
        shown = html.escape(text)
        body += [
            f'<p id="outside-{n}">See {shown} of <mark>X</mark></p>',
            f'<p id="after-{n}"><mark>X</mark>{shown}</p>',
            f'<p id="inside-{n}">It is <mark>{shown}</mark>!</p>',
            f'<p id="code-{n}">It is <mark><code>{shown}</code></mark>!</p>',
            f'<p id="title-{n}">It is <mark><abbr title="{shown}">abbr</abbr></mark>!</p>',
            f'<p id="term-{n}"><dfn>{shown}</dfn> is a term</p>',
            f'<dl><div id="pair-{n}"><dt>Ask {shown}</dt><dd>Say {shown}</dd></div></dl>',
            f'<details id="block-{n}"><summary>Ask</summary><pre><code>{shown}</code></pre></details>',
        ]
        sections.append(
            f'<section id="section-{n}"><h2>{shown}</h2><p id="titled-{n}">A <mark>word</mark></p>'
            f'<footer><a rel="external" href="https://example.com/{shown}">{shown}</a></footer></section>'
        )
        value = text.replace("\\", "\\\\").replace('"', '\\"')
        limits.append(f'[limit-{n}]\nsubject = "Subject {value}"\nvalue = "{value}"\nkind = "name"\nsection = "one"\n')
    imported = import_package(
        col, package(tmp_path, chapter_1=page("\n".join([*body, *sections])), limits="\n".join(limits))
    )
    assert imported == Imported(new=10 * len(TRICKY), updated=0, duplicate=0, conflicting=0)
    return col


def test_no_text_is_taken_for_something_else(tricky: Collection) -> None:
    def card(kind: str, question: str, answer: str) -> tuple[str, str]:
        return f"1 One {kind} {question}", f"1 One {kind} {answer} 1 One"

    expected: dict[str, tuple[str, str]] = {}
    for n, text in enumerate(TRICKY):
        folded = " ".join(text.split())
        expected |= {
            f"outside-{n}": card("Fill in", f"See {folded} of [...]", f"See {folded} of X"),
            f"after-{n}": card("Fill in", f"[...]{folded}", f"X{folded}"),
            f"inside-{n}": card("Fill in", "It is [...]!", f"It is {folded}!"),
            f"code-{n}": card("Fill in", "It is [...]!", f"It is {folded}!"),
            f"title-{n}": card("Fill in", "It is [...]!", "It is abbr!"),
            f"term-{n}": card("Definition", f"Define: {folded}", f"Define: {folded} {folded} is a term"),
            f"pair-{n}": card("Question", f"Ask {folded}", f"Ask {folded} Say {folded}"),
            f"block-{n}": card("Question", "Ask", f"Ask {folded}"),
            f"titled-{n}": (
                "1 One Fill in A [...]",
                f"1 One Fill in A word 1.{n + 1} {folded} {folded}",
            ),
            f"limit-{n}": card("Limit", f"Subject {folded}?", f"Subject {folded}? {folded}"),
        }
    actual = {key: sides(tricky, key) for key in expected}
    assert {key: [card] for key, card in expected.items()} == actual


def test_no_address_is_taken_for_something_else(tricky: Collection) -> None:
    for n, text in enumerate(TRICKY):
        (card,) = tricky.find_cards(f"Key:titled-{n}")
        (link,) = BeautifulSoup(tricky.get_card(card).answer(), "html.parser")("a")
        assert unquote(str(link["href"])) == f"https://example.com/{text}"


@pytest.mark.parametrize(
    ("title", "name"),
    [("A: b", "A: b"), ("AWS::S3", "AWS:S3"), ("A:::B::", "A:B"), (" :: a:", "a"), ("S3: Simple", "S3: Simple")],
)
def test_a_title_is_one_level_of_a_decks_name(tmp_path: Path, col: Collection, title: str, name: str) -> None:
    body = '<p id="card">A <mark>card</mark></p>'
    import_package(col, package(tmp_path, chapter_1=page(body, title=title)))
    assert f"A small notebook::01 {name}" in {deck.name for deck in col.decks.all_names_and_ids()}


def test_text_in_pieces_is_not_taken_for_something_else(tmp_path: Path, col: Collection) -> None:
    pieces = '[<!-- -->sound:a.mp3] [<a href="#one">sound:b.mp3]</a> \\<!-- -->(x\\)'
    body = f'<dl><div id="pieces"><dt>Ask</dt><dd>{pieces}</dd></div></dl>'
    import_package(col, package(tmp_path, chapter_1=page(body)))
    assert sides(col, "pieces")[0][1] == "1 One Question Ask [sound:a.mp3] [sound:b.mp3] \\(x\\) 1 One"
    (card,) = col.find_cards("Key:pieces")
    assert "\\(" not in col.get_card(card).answer()


def test_a_definition_answers_with_what_is_nested_in_its_item(tmp_path: Path, col: Collection) -> None:
    body = '<ul><li id="types"><dfn>Queue types</dfn>:<ul><li>standard</li><li>FIFO</li></ul></li></ul>'
    import_package(col, package(tmp_path, chapter_1=page(body)))
    assert sides(col, "types")[0][1] == "1 One Definition Define: Queue types Queue types: standardFIFO 1 One"


def test_no_text_is_left_for_mathjax(tricky: Collection) -> None:
    cards = [tricky.get_card(card) for card in tricky.find_cards("")]
    delimiters = [f"{slash}{bracket}" for slash, bracket in itertools.product(["\\", "\\<wbr>"], "()[]")]
    found = [d for card in cards for d in delimiters if d in card.question() + card.answer()]
    assert found == []


def test_abbreviations_keep_their_title(tricky: Collection) -> None:
    n = TRICKY.index("AWS::Lambda::Function")
    (card,) = tricky.find_cards(f"Key:title-{n}")
    assert 'title="AWS&#58;&#58;Lambda&#58;&#58;Function"' in tricky.get_card(card).answer()


CHAPTER = page(
    """<p id="cloze">A <mark data-cloze="1">first</mark>, a <mark>second</mark>
and a <mark data-cloze="1">third</mark> word</p>
<dl><div id="pair"><dt>What is <em>asked</em>?</dt><dd>An answer with <code>code</code></dd></div></dl>
<section id="deep" data-tasks="1.2"><h2>Deeper</h2>
<ul><li id="term"><dfn title="A whole term">Term</dfn>: what it means</li></ul>
<details id="case"><summary>A case?</summary><p>Do this</p>
<pre><code class="language-json">{"a": 1}</code></pre></details>
<p>At most <data value="most">4 days</data>.</p>
<footer><a rel="external" href="https://example.com/b">Book</a><a rel="external" href="https://example.com/c">Other</a></footer>
</section>"""
)
LIMITS = """[most]
subject = "Longest stay"
value = "4 days"
unit = "days"
kind = "maximum"
section = "deep"
note = "96 hours"
exam = "2 days"
source = "https://example.com/b"
"""


@pytest.fixture
def kinds(tmp_path: Path, col: Collection) -> Collection:
    """A collection with a note of each kind that needs no picture."""
    two = page('<p id="other">Another <mark>note</mark></p>', "two", "Two: AWS::S3")
    imported = import_package(col, package(tmp_path, chapter_1=CHAPTER, chapter_12=two, limits=LIMITS))
    assert imported == Imported(new=6, updated=0, duplicate=0, conflicting=0)
    return col


def test_each_kind_asks_and_answers(kinds: Collection) -> None:
    foot = "1.1 Deeper Book"
    assert sides(kinds, "cloze") == [
        (
            "1 One Fill in A [...], a second and a [...] word",
            "1 One Fill in A first, a second and a third word 1 One",
        ),
        (
            "1 One Fill in A first, a [...] and a third word",
            "1 One Fill in A first, a second and a third word 1 One",
        ),
    ]
    assert sides(kinds, "pair") == [
        ("1 One Question What is asked?", "1 One Question What is asked? An answer with code 1 One")
    ]
    assert sides(kinds, "term") == [
        (
            "1 One Definition Define: A whole term",
            f"1 One Definition Define: A whole term Term: what it means {foot} Other",
        )
    ]
    assert sides(kinds, "case") == [
        ("1 One Question A case?", f'1 One Question A case? Do this {{"a": 1}} {foot} Other'),
    ]
    assert sides(kinds, "most") == [
        (
            "1 One Limit Longest stay?",
            f"1 One Limit Longest stay? 4 days 96 hours Today: 4 days Exam: 2 days {foot}",
        )
    ]


def test_chapters_are_subdecks_in_their_order(kinds: Collection) -> None:
    decks = {
        deck.name: kinds.decks.card_count(DeckId(deck.id), include_subdecks=False)
        for deck in kinds.decks.all_names_and_ids()
    }
    assert decks == {
        "Default": 0,
        "A small notebook": 0,
        "A small notebook::01 One": 6,
        "A small notebook::12 Two: AWS:S3": 1,
    }


def test_new_cards_come_in_the_order_of_the_notes(kinds: Collection) -> None:
    found = [kinds.get_card(card) for card in kinds.find_cards("deck:*One*")]
    order = [card.note()["Key"] for card in sorted(found, key=lambda card: (card.due, card.ord))]
    assert order == ["cloze", "cloze", "pair", "term", "case", "most"]


def test_tags_name_chapter_kind_and_exam_task(kinds: Collection) -> None:
    tags = {key: kinds.get_note(kinds.find_notes(f"Key:{key}")[0]).tags for key in ("cloze", "most", "other")}
    assert tags == {
        "cloze": ["ex-1::1-first::1.1", "small::chapter::01-one", "small::kind::cloze"],
        "most": ["ex-1::1-first::1.2", "small::chapter::01-one", "small::kind::limit"],
        "other": ["ex-1::1-first::1.1", "small::chapter::12-two", "small::kind::cloze"],
    }


def test_sources_are_links(kinds: Collection) -> None:
    (card,) = kinds.find_cards("Key:term")
    assert '<a href="https://example.com/b">Book</a><br><a href="https://example.com/c">Other</a>' in (
        kinds.get_card(card).answer()
    )


def test_a_section_without_tasks_has_those_of_the_section_around_it(tmp_path: Path, col: Collection) -> None:
    inner = '<section id="inner"><h3>Inner</h3><p id="card">A <mark>card</mark></p></section>'
    outer = f'<section id="outer" data-tasks="1.2 1.2.1"><h2>Outer</h2>{inner}</section>'
    import_package(col, package(tmp_path, chapter_1=page(outer)))
    tags = col.get_note(col.find_notes("Key:card")[0]).tags
    assert [tag for tag in tags if tag.startswith("ex-1")] == ["ex-1::1-first::1.2", "ex-1::1-first::1.2::1.2.1"]


def test_a_limit_names_the_other_sections_that_show_it(tmp_path: Path, col: Collection) -> None:
    shown = '<p>Up to <data value="most">4 days</data></p>'
    other = f'<section id="other"><h2>Other</h2>{shown}</section>'
    chapter = page(f'<section id="deep"><h2>Deep</h2>{shown}</section>{other}')
    import_package(col, package(tmp_path, chapter_1=chapter, limits=LIMITS))
    assert "Exam: 2 days Also in: 1.2 Other" in sides(col, "most")[0][1]


def test_cards_have_their_style_and_the_deck_says_what_it_is_for(kinds: Collection) -> None:
    styles = {model["css"] for model in kinds.models.all() if model["name"].startswith("Cheatdeck")}
    assert styles == {FACES.css}
    deck = kinds.decks.by_name("A small notebook")
    assert deck is not None
    assert deck["desc"].startswith("For the exam An exam (EX-1). Version 0.1.0.")


def test_nothing_is_empty_or_missing(kinds: Collection) -> None:
    assert [note.note_id for note in kinds.get_empty_cards().notes] == []
    assert list(kinds.media.check().missing) == []


def test_the_note_types_are_those_of_the_schema(kinds: Collection) -> None:
    found = {
        model["name"]: {
            "id": model["id"],
            "type": model["type"],
            "fields": [[field["name"], field["id"]] for field in model["flds"]],
            "templates": [[template["name"], template["id"]] for template in model["tmpls"]],
        }
        for model in kinds.models.all()
        if model["name"].startswith("Cheatdeck")
    }
    # A learner's collection holds these for ever: only what is spare may get another name.
    schema = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
    assert found == schema


def test_a_spare_field_that_is_filled_later_makes_its_card(tmp_path: Path, kinds: Collection) -> None:
    later = tmp_path / "later.apkg"
    later.write_bytes(with_reverse(tmp_path / "notes", "pair", "Which question has this answer?"))
    assert import_package(kinds, later) == Imported(new=0, updated=1, duplicate=5, conflicting=0)
    assert sides(kinds, "pair")[1] == (
        "1 One Question Which question has this answer?",
        "1 One Question Which question has this answer? What is asked? 1 One",
    )


def with_reverse(folder: Path, key: str, text: str) -> bytes:
    """Return the deck of a later release, in which a note has a text in the spare field Reverse."""
    package = unpacked(built(folder, TIME, {}))
    connection = sqlite3.connect(":memory:")
    connection.deserialize(package["collection.anki2"])
    number, fields = connection.execute("SELECT id, flds FROM notes WHERE flds LIKE ?", (f"%{key}%",)).fetchone()
    values = fields.split("\x1f")
    values[list(QUESTION_FIELDS).index("Reverse")] = text
    connection.execute("UPDATE notes SET flds = ?, mod = ? WHERE id = ?", ("\x1f".join(values), TIME + 60, number))
    connection.execute(
        "INSERT INTO cards SELECT id + 1000000, nid, did, 1, mod, usn, type, queue, due, ivl, factor, reps, lapses, "
        "left, odue, odid, flags, data FROM cards WHERE nid = ?", (number,)
    )  # fmt: skip
    connection.commit()
    changed = connection.serialize()
    connection.close()
    return zipped(package | {"collection.anki2": changed})


def unpacked(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_guids_are_made_of_notebook_and_key_for_ever(kinds: Collection) -> None:
    notes = [kinds.get_note(note) for note in kinds.find_notes("deck:*One*")]
    # Written down once: a learner's collection knows the notes by these.
    assert {note["Key"]: note.guid for note in notes} == {
        "cloze": "UHqNsRikHUwX",
        "pair": "Hlw0JjWeujeM",
        "term": "8yofzR_Bh91e",
        "case": "OEOZqAaz7BV2",
        "most": "lzdmFtYTk_o5",
    }


def test_the_same_notes_give_the_same_bytes(tmp_path: Path) -> None:
    first = package(tmp_path / "a", chapter_1=CHAPTER, limits=LIMITS).read_bytes()
    assert first == package(tmp_path / "b", chapter_1=CHAPTER, limits=LIMITS).read_bytes()
    assert first != package(tmp_path / "c", time=TIME + 1, chapter_1=CHAPTER, limits=LIMITS).read_bytes()


def test_importing_again_changes_nothing_and_a_newer_deck_updates(tmp_path: Path, kinds: Collection) -> None:
    again = package(tmp_path / "again", chapter_1=CHAPTER, limits=LIMITS)
    assert import_package(kinds, again) == Imported(new=0, updated=0, duplicate=5, conflicting=0)
    reworded = CHAPTER.replace("An answer", "A better answer")
    newer = package(tmp_path / "newer", time=TIME + 60, chapter_1=reworded, limits=LIMITS)
    assert import_package(kinds, newer) == Imported(new=0, updated=5, duplicate=0, conflicting=0)
    assert sides(kinds, "pair")[0][1] == "1 One Question What is asked? A better answer with code 1 One"


def test_with_a_ledger_only_what_has_changed_is_updated(tmp_path: Path, kinds: Collection) -> None:
    first = released(tmp_path / "first", chapter_1=CHAPTER, limits=LIMITS)
    reworded = CHAPTER.replace("An answer", "A better answer")
    newer = package(tmp_path / "newer", time=TIME + 60, released=first, chapter_1=reworded, limits=LIMITS)
    assert import_package(kinds, newer) == Imported(new=0, updated=1, duplicate=4, conflicting=0)
    assert sides(kinds, "pair")[0][1] == "1 One Question What is asked? A better answer with code 1 One"


def test_a_retired_card_says_why_and_nobody_gets_it_anew(
    tmp_path: Path, kinds: Collection, newcomer: Collection
) -> None:
    first = released(tmp_path / "first", chapter_1=CHAPTER, limits=LIMITS)
    reasons = {"pair": replace(first["pair"], reason="Asked <no> more", successor="case"),
               "cloze": replace(first["cloze"], reason="{{Nobody}} asks")}  # fmt: skip
    without = CHAPTER[: CHAPTER.index('<p id="cloze">')] + CHAPTER[CHAPTER.index('<section id="deep"') :]
    second = package(
        tmp_path / "second", time=TIME + 60, released={**first, **reasons}, chapter_1=without, limits=LIMITS
    )

    assert import_package(kinds, second) == Imported(new=0, updated=2, duplicate=3, conflicting=0)
    told = "Retired This card is retired: Asked <no> more Another card asks instead: A case?"
    advice = "Nothing to learn here: delete this note, or suspend it."
    assert sides(kinds, "pair") == [(told, f"{told} {advice}")]
    told = "Retired This card is retired: {{Nobody}} asks"
    assert sides(kinds, "cloze") == [
        (f"{told} [...] -", f"{told} - - {advice}"), (f"{told} - [...]", f"{told} - - {advice}")
    ]  # fmt: skip
    assert len(kinds.find_cards("tag:retired")) == len(kinds.find_cards("tag:retired::small")) == 3
    assert [note.note_id for note in kinds.get_empty_cards().notes] == []

    assert import_package(newcomer, second) == Imported(new=5, updated=0, duplicate=0, conflicting=0)
    assert newcomer.find_cards("tag:retired") == []


def test_another_notebook_of_the_same_second_leaves_a_learners_style_alone(tmp_path: Path, kinds: Collection) -> None:
    for model in kinds.models.all():
        if model["name"].startswith("Cheatdeck"):
            model["css"] += "/* mine */"
            kinds.models.update_dict(model)
    folder = write_notebook(tmp_path / "other", chapter_1=CHAPTER, limits=LIMITS)
    settings = (folder / "notebook.toml").read_text(encoding="utf-8")
    (folder / "notebook.toml").write_text(settings.replace("small", "other"), encoding="utf-8")
    other = tmp_path / "other.apkg"
    for time in (TIME, TIME + 60):
        other.write_bytes(built(folder, time, {}))
        imported = import_package(kinds, other)
        assert imported.conflicting == 0
    assert {model["name"]: "mine" in model["css"] for model in kinds.models.all() if "Cheatdeck" in model["name"]} == {
        "Cheatdeck Question (small)": True,
        "Cheatdeck Cloze (small)": True,
        "Cheatdeck Question (other)": False,
        "Cheatdeck Cloze (other)": False,
    }
    assert kinds.card_count() == 7 + 6
