"""The faces of cards, as far as a machine can judge them without a browser."""

import html
import re
from pathlib import Path

import pytest
from anki.cards import Card
from anki.collection import Collection
from bs4 import BeautifulSoup, Tag

from cheatdeck.cards import make_notes
from cheatdeck.deck import CLOZE_FIELDS, QUESTION_FIELDS, Deck, Faces, build_deck, note_types
from cheatdeck.ledger import ship
from cheatdeck.paths import Paths
from cheatdeck.rules import check
from collection import import_package
from notes import SETTINGS, page, read, write_notebook

FACES = Faces.read(Paths.of(Path(), Path()).templates / "cards")

# What a card is called by night: by Anki and AnkiMobile, by AnkiDroid, by Anki's page, by AnkiDroid's dark theme.
NIGHT = ("nightMode", "night_mode", "night-mode", "ankidroid_dark_mode")
DAY_SELECTORS = {".card"}
NIGHT_SELECTORS = {selector for name in NIGHT for selector in (f".card.{name}", f".{name} .card")}


def rules() -> list[tuple[set[str], dict[str, str]]]:
    """Return the style's rules as selectors and declarations, those of @media among them."""
    css = re.sub(r"/\*.*?\*/", "", FACES.css, flags=re.DOTALL)
    css = re.sub(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\1", css)
    found = re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    assert re.sub(r"[^{}]+\{[^{}]*\}", "", css).strip() == ""
    return [
        (
            {selector.strip() for selector in selectors.split(",")},
            {
                name.strip(): value.strip()
                for name, _, value in (line.partition(":") for line in block.split(";") if line.strip())
            },
        )
        for selectors, block in found
    ]


def colours(selectors: set[str]) -> dict[str, str]:
    (block,) = [block for names, block in rules() if names == selectors and "--paper" in block]
    return {name: value for name, value in block.items() if name.startswith("--")}


def declared() -> dict[str, dict[str, str]]:
    """Return what is declared for each selector, later rules over earlier ones."""
    merged: dict[str, dict[str, str]] = {}
    for selectors, block in rules():
        for selector in selectors:
            merged.setdefault(selector, {}).update(block)
    return merged


def texts_and_backgrounds() -> set[tuple[str, str]]:
    """Return the variables that text and what is behind it have, for each pair that the style lets meet.

    Where a rule sets a background and no colour, any text may stand on it.
    """
    styled = declared()
    text = {found[1] for block in styled.values() if (found := re.fullmatch(r"var\((.+)\)", block.get("color", "")))}
    pairs = {(colour, "--paper") for colour in text}
    for selector, block in styled.items():
        behind = re.fullmatch(r"var\((.+)\)", block.get("background", ""))
        if behind and not selector.startswith("hr"):
            own = re.fullmatch(r"var\((.+)\)", block.get("color", ""))
            pairs |= {(colour, behind[1]) for colour in ([own[1]] if own else text)}
    return pairs


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("selectors", [DAY_SELECTORS, NIGHT_SELECTORS], ids=["day", "night"])
def test_every_text_can_be_read(selectors: set[str]) -> None:
    mode = colours(selectors)
    pairs = texts_and_backgrounds()
    assert {("--ink", "--tint"), ("--quiet", "--paper"), ("--accent", "--gap"), ("--ink", "--bad")} <= pairs
    found = {pair: round(contrast(mode[pair[0]], mode[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("selectors", [DAY_SELECTORS, NIGHT_SELECTORS], ids=["day", "night"])
def test_the_box_to_type_in_can_be_told_from_the_paper(selectors: set[str]) -> None:
    mode = colours(selectors)
    assert contrast(mode["--edge"], mode["--paper"]) >= 3
    assert contrast(mode["--accent"], mode["--paper"]) >= 3


def test_every_colour_is_a_variable_that_day_and_night_have() -> None:
    assert colours(DAY_SELECTORS).keys() == colours(NIGHT_SELECTORS).keys()
    used = set(re.findall(r"var\((--[a-z]+)\)", FACES.css))
    assert used == colours(DAY_SELECTORS).keys()
    fixed = {
        selector
        for selector, block in declared().items()
        for name, value in block.items()
        if not name.startswith("--") and re.search(r"#[0-9a-f]{3}|rgb|hsl", value)
    }
    # Diagrams are drawn for white paper.
    assert fixed == {"img.diagram"}


def test_night_is_the_same_whatever_it_is_called() -> None:
    at_night = [selectors for selectors, _ in rules() if any(name in " ".join(selectors) for name in NIGHT)]
    assert at_night == [NIGHT_SELECTORS]


def test_night_paints_over_what_anki_and_ankidroid_paint() -> None:
    (block,) = [block for selectors, block in rules() if selectors == NIGHT_SELECTORS]
    assert {"background": "var(--paper)", "color": "var(--ink)"}.items() <= block.items()


def test_the_style_is_small() -> None:
    assert len(FACES.css.encode()) < 8000


@pytest.mark.parametrize("name", [*FACES.templates, "card.css"])
def test_faces_load_nothing_and_run_nothing(name: str) -> None:
    text = FACES.templates.get(name, FACES.css)
    assert re.findall(r"(?i)http|//|script|url\(|@import|<link|<style|\son[a-z]+=", text) == []


@pytest.mark.parametrize(
    ("names", "fields"),
    [(("question", "reverse"), QUESTION_FIELDS), (("cloze",), CLOZE_FIELDS)],
    ids=["question", "cloze"],
)
def test_every_field_with_content_is_on_some_face(names: tuple[str, ...], fields: dict[str, int]) -> None:
    shown = {
        field
        for name in names
        for side in ("front", "back")
        for field in re.findall(r"\{\{(?:\w+:)?(\w+)\}\}", FACES.templates[f"{name}.{side}.html"])
    }
    assert shown == {field for field in fields if field != "Key" and not field.startswith("Spare")}


# All that answers has "secret" in it, and nothing that asks.
CHAPTER = page(
    """<p id="cloze">A <mark data-cloze="1">secret</mark> and <mark data-cloze="1">a <code>secret</code></mark></p>
<dl><div id="pair"><dt>What is asked?</dt><dd>A secret</dd></div></dl>
<table class="comparison"><caption>kinds</caption><thead><tr><th>Kind</th><th>One</th><th>Other</th></tr></thead>
<tbody><tr id="row"><th>Size</th><td>secret</td><td>secret</td></tr></tbody></table>
<section id="deep"><h2>Deeper</h2>
<ul><li id="term"><dfn>Term</dfn>: a secret</li></ul>
<details class="example" id="example"><summary>How much is it?</summary>
<p>A secret: 6 / 4 = <output data-calc="6 / 4">1.5</output></p></details>
<figure id="diagram"><pre class="mermaid">flowchart LR
accTitle: A secret
accDescr: A secret is drawn
a --> b</pre><figcaption>What does it look like?</figcaption></figure>
<p>At most <data value="most">10,240 secrets</data>.</p>
<footer><a rel="external" href="https://example.com/b">Book</a><a rel="external" href="https://example.com/c">Other</a></footer>
</section>"""
)
LIMITS = """[most]
subject = "Largest number of them"
value = "10,240 secrets"
unit = "secrets"
kind = "maximum"
section = "deep"
note = "a secret note"
exam = "2 secrets"
"""
CARDS = ("cloze", "pair", "row", "term", "example", "diagram", "most")


def learn(
    col: Collection, folder: Path, *, limits: str = LIMITS, chapter: str = CHAPTER, typed: bool = True
) -> Collection:
    """Import a notebook in German, so that its language differs from that of the faces."""
    write_notebook(folder, chapter_1=chapter, limits=limits)
    options = f'language = "de"\ntyped_limits = {str(typed).lower()}\n\n[exam]'
    (folder / "notebook.toml").write_text(SETTINGS.replace("[exam]", options, 1), encoding="utf-8")
    notebook, problems, _ = read(folder)
    assert [*problems, *check(notebook)] == []
    types = note_types(notebook.settings, FACES)
    deck = Deck(notebook.settings, make_notes(notebook, {"diagram": "d.svg"}, {}), types, {"d.svg": b"<svg/>"})
    package = folder / "deck.apkg"
    package.write_bytes(build_deck(deck, ship({}, deck.things(), 1_700_000_000).ledger, 1_700_000_000))
    import_package(col, package)
    return col


@pytest.fixture
def learner(tmp_path: Path, col: Collection) -> Collection:
    return learn(col, tmp_path / "notes")


def cards(col: Collection, key: str) -> list[Card]:
    found = [col.get_card(card) for card in col.find_cards(f"Key:{key}")]
    assert found
    return found


def parsed(shown: str) -> BeautifulSoup:
    soup = BeautifulSoup(shown, "html.parser")
    for style in soup("style"):
        style.decompose()
    return soup


def language(tag: Tag) -> str:
    """Return the language in which a screen reader reads an element."""
    return str(next(each["lang"] for each in (tag, *tag.parents) if each.get("lang")))


@pytest.mark.parametrize("key", CARDS)
def test_a_question_does_not_give_its_answer_away(learner: Collection, key: str) -> None:
    for card in cards(learner, key):
        question = parsed(card.question())
        for gap in question.select("[data-cloze]"):
            # Anki's own, which no learner sees or hears.
            del gap["data-cloze"]
        assert "secret" not in str(question)
        assert "secret" in str(parsed(card.answer()))


@pytest.mark.parametrize("key", CARDS)
def test_screen_readers_tell_question_and_answer_apart(learner: Collection, key: str) -> None:
    for card in cards(learner, key):
        asked, answered = parsed(card.question()), parsed(card.answer())
        (question,) = asked.select("[role=region]")
        assert question["aria-label"] == "Question"
        regions = {str(region["aria-label"]): region for region in answered.select("[role=region]")}
        assert list(regions) == (["Answer"] if key == "cloze" else ["Question", "Answer"])
        assert "secret" in str(regions["Answer"])
        if key != "cloze":
            assert regions["Question"].get_text() == question.get_text()


@pytest.mark.parametrize("key", CARDS)
def test_content_is_in_the_notebooks_language_and_labels_are_in_the_faces_own(learner: Collection, key: str) -> None:
    for card in cards(learner, key):
        for soup in (parsed(card.question()), parsed(card.answer())):
            content = soup.select(".question, .answer, .extra, .source, .around span:first-child")
            assert {language(tag) for tag in content} == {"de"}
            named = [*soup.select("[aria-label]"), *soup.select(".around span:last-child")]
            assert {language(tag) for tag in named} == {"en"}


@pytest.mark.parametrize("key", CARDS)
def test_an_answer_names_its_links_and_pictures_and_hides_its_ornaments(learner: Collection, key: str) -> None:
    for card in cards(learner, key):
        soup = parsed(card.answer())
        assert all(link.get_text().strip() for link in soup("a"))
        assert all(picture["alt"] for picture in soup("img"))
        lines = [] if key == "cloze" else ["answer"]
        assert [line["id"] for line in soup("hr")] == lines
        assert all(line["aria-hidden"] == "true" for line in soup("hr"))
        assert [tag for tag in soup.find_all(role="group") if not tag.get("aria-label")] == []


def test_the_answer_side_shows_all_that_stands_around_an_answer(learner: Collection) -> None:
    (card,) = cards(learner, "most")
    shown = parsed(card.answer())
    text = shown.get_text(" ")
    assert [
        part for part in ("1 One", "Limit", "a secret note", "2 secrets", "1.1 Deeper", "Book") if part not in text
    ] == []
    assert [link["href"] for link in shown("a")] == ["https://example.com/b", "https://example.com/c"]


@pytest.mark.parametrize("key", ["pair", "cloze"])
def test_a_retired_card_has_nothing_empty_around_it(learner: Collection, key: str) -> None:
    note = cards(learner, key)[0].note()
    for field in {"Answer", "Chapter", "Section", "Sources"} & set(note.keys()):
        note[field] = ""
    note["Kind"], note["Extra"] = "Retired", "<p>Delete it</p>"
    learner.update_note(note)
    for side in (cards(learner, key)[0].question(), cards(learner, key)[0].answer()):
        soup = parsed(side)
        assert [tag.get_text() for tag in soup.select(".around span")] == ["Retired"]
        assert [str(tag) for tag in soup.select("div, span") if not tag.get_text().strip()] == []
    assert "Delete it" in side


VALUES = (
    "256 KB",
    "10,240 MB",
    "1 MiB or 1,000 records per second",
    "AWS::Lambda::Function",
    "a & b &amp; c",
    "<bucket-name>",
    "[sound:x]",
    "\\(x\\)",
    "{{x}}",
    "99.999999999 %",
)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_is_typed_as_it_is_counts_as_right(tmp_path: Path, col: Collection, value: str) -> None:
    # TOML takes what is between these quotes as it is.
    limits = f'[most]\nsubject = "Largest of them"\nvalue = \'{value}\'\nkind = "name"\nsection = "deep"\n'
    learn(col, tmp_path, limits=limits, chapter=CHAPTER.replace("10,240 secrets", html.escape(value)))
    (card,) = cards(col, "most")
    assert card.question().count("[[type:Typed]]") == card.answer().count("[[type:Typed]]") == 1
    expected = card.note()["Typed"]
    right = BeautifulSoup(col.compare_answer(expected, value), "html.parser")
    assert {str(tag["class"]) for tag in right("span")} == {"['typeGood']"}
    assert right.get_text() == value
    assert "typeBad" in col.compare_answer(expected, f"{value}!")


def test_only_limits_are_typed_and_only_if_the_notebook_wants_it(tmp_path: Path, col: Collection) -> None:
    learn(col, tmp_path, typed=False)
    shown = [side for key in CARDS for card in cards(col, key) for side in (card.question(), card.answer())]
    assert [side for side in shown if "[[type:" in side or 'class="typed"' in side] == []


def test_other_cards_are_not_typed(learner: Collection) -> None:
    typed = {key for key in CARDS if any("[[type:" in card.question() for card in cards(learner, key))}
    assert typed == {"most"}
