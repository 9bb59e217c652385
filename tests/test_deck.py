"""Decks as Anki's own library takes them."""

import html
import itertools
from pathlib import Path
from urllib.parse import unquote

import pytest
from anki.collection import Collection
from anki.decks import DeckId
from bs4 import BeautifulSoup

from cheatdeck.cards import Note, make_notes
from cheatdeck.deck import Faces, build_deck
from cheatdeck.notebook import read_notebook
from cheatdeck.paths import Paths
from cheatdeck.rules import check
from cheatdeck.settings import Settings
from collection import Imported, import_package, sides
from notes import page, write_notebook

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


def notes_of(folder: Path) -> tuple[Settings, tuple[Note, ...]]:
    notebook, problems, _ = read_notebook(folder)
    assert [*problems, *check(notebook)] == []
    return notebook.settings, make_notes(notebook, {})


def package(tmp_path: Path, *, time: int = TIME, **files: str) -> Path:
    settings, notes = notes_of(write_notebook(tmp_path / "notes", **files))
    path = tmp_path / "deck.apkg"
    path.write_bytes(build_deck(settings, notes, {}, FACES, time))
    return path


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
            f"1 One Limit Longest stay? 4 days 96 hours Exam: 2 days {foot}",
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
    assert "Exam: 2 days Also in 1.2 Other" in sides(col, "most")[0][1]


def test_cards_have_their_style_and_the_deck_says_what_it_is_for(kinds: Collection) -> None:
    styles = {model["css"] for model in kinds.models.all() if model["name"].startswith("Cheatdeck")}
    assert styles == {FACES.css}
    deck = kinds.decks.by_name("A small notebook")
    assert deck is not None
    assert deck["desc"].startswith("For the exam An exam (EX-1). Version 0.1.0.")


def test_nothing_is_empty_or_missing(kinds: Collection) -> None:
    assert [note.note_id for note in kinds.get_empty_cards().notes] == []
    assert list(kinds.media.check().missing) == []


def test_note_types_have_ids_that_outlive_names(kinds: Collection) -> None:
    found = {
        model["name"]: (
            model["id"],
            [(field["name"], field["id"]) for field in model["flds"]],
            [(template["name"], template["id"]) for template in model["tmpls"]],
        )
        for model in kinds.models.all()
        if model["name"].startswith("Cheatdeck")
    }
    # A learner's collection holds these for ever: this test changes only by additions at the end.
    assert found == {
        "Cheatdeck Question": (
            1763900000001,
            [
                ("Question", 101), ("Answer", 102), ("Extra", 103), ("Kind", 104), ("Chapter", 105), ("Section", 106),
                ("Sources", 107), ("Key", 108), ("Reverse", 109), ("Spare 1", 110), ("Spare 2", 111), ("Spare 3", 112),
            ],
            [("Question", 201), ("Reverse", 202)],
        ),
        "Cheatdeck Cloze": (
            1763900000002,
            [
                ("Text", 301), ("Extra", 302), ("Kind", 303), ("Chapter", 304), ("Section", 305), ("Sources", 306),
                ("Key", 307), ("Spare 1", 308), ("Spare 2", 309), ("Spare 3", 310),
            ],
            [("Cloze", 401)],
        ),
    }  # fmt: skip


def test_the_spare_template_makes_a_card_once_its_field_is_filled(kinds: Collection) -> None:
    note = kinds.get_note(kinds.find_notes("Key:pair")[0])
    assert len(note.cards()) == 1
    note["Reverse"] = "Which question has this answer?"
    kinds.update_note(note)
    assert sides(kinds, "pair")[1] == (
        "1 One Question Which question has this answer?",
        "1 One Question Which question has this answer? What is asked? 1 One",
    )


def test_guids_are_made_of_notebook_and_key_for_ever(tmp_path: Path) -> None:
    _, notes = notes_of(write_notebook(tmp_path / "notes", chapter_1=CHAPTER, limits=LIMITS))
    # Written down once: a learner's collection knows the notes by these.
    assert {note.key: note.guid for note in notes} == {
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
