"""The preview: each card as Anki's own library renders it, and what stands around the cards."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection
from bs4 import BeautifulSoup, Tag
from markupsafe import Markup

from cheatdeck.cards import make_notes
from cheatdeck.deck import Deck, Face, Faces, build_deck, note_types
from cheatdeck.diagrams import Picture
from cheatdeck.edition import Edition
from cheatdeck.face import TYPED_ANSWER, TYPED_QUESTION, FaceError, Sides, sides
from cheatdeck.ledger import Ledger, ship
from cheatdeck.model import Notebook
from cheatdeck.paths import Paths
from cheatdeck.preview import render_preview
from cheatdeck.rules import check
from collection import import_package
from conftest import Release
from notes import SETTINGS, page, read, write_notebook
from test_deck import CHAPTER, LIMITS, tricky  # noqa: F401 - a fixture

TEMPLATES = Paths.of(Path(), Path()).templates
FACES = Faces.read(TEMPLATES / "cards")
DATED = Edition("1.2.3", 1_700_000_000, dated=True)
PICTURE = Picture('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>', 30, 20)
ADDRESS = f"data:image/svg+xml;base64,{base64.b64encode(PICTURE.svg.encode()).decode()}"
FIGURE = """<figure id="picture"><pre class="mermaid">flowchart TB
accDescr: Left leads to right.
A --> B</pre><figcaption>What leads to right?</figcaption></figure>"""
LINKS = '<p>See <a href="#deep">below</a> and <a href="#pair">this</a></p>'


def notebook_of(folder: Path, *, settings: str = SETTINGS, **files: str) -> Notebook:
    write_notebook(folder, **files)
    (folder / "notebook.toml").write_text(settings, encoding="utf-8")
    notebook, problems, _ = read(folder)
    assert [*problems, *check(notebook)] == []
    return notebook


def deck_of(notebook: Notebook, pictures: Mapping[str, Picture], released: Ledger) -> Deck:
    names = {key: picture.file_name for key, picture in pictures.items()}
    media = {picture.file_name: picture.svg.encode() for picture in pictures.values()}
    notes, types = make_notes(notebook, names, released), note_types(notebook.settings, FACES)
    return Deck(notebook.settings, notes, types, media)


def preview(notebook: Notebook, pictures: Mapping[str, Picture], released: Ledger | None = None) -> BeautifulSoup:
    deck = deck_of(notebook, pictures, released or {})
    return BeautifulSoup(render_preview(notebook, deck, pictures, DATED, TEMPLATES), "html.parser")


@pytest.fixture
def small(tmp_path: Path) -> BeautifulSoup:
    body = CHAPTER.replace("<dl>", f"{FIGURE}{LINKS}<dl>", 1)
    notebook = notebook_of(
        tmp_path / "notes", chapter_1=body, chapter_2=page("<p>Nothing</p>", "two", "Two"), limits=LIMITS
    )
    return preview(notebook, {"picture": PICTURE})


def by_anki(col: Collection) -> dict[str, tuple[str, str]]:
    """Return what Anki renders of each card, without its style, by the card's id on the page."""
    found = {}
    for number in col.find_cards("-tag:retired"):
        card = col.get_card(number)
        note, style = card.note(), f"<style>{card.note_type()['css']}</style>"
        first = min(each.ord for each in note.cards())
        key = note["Key"] if card.ord == first else f"{note['Key']}_{card.ord + 1}"
        typed = TYPED_ANSWER.format(note["Typed"]) if "Typed" in note else ""
        found[key] = (
            card.question().removeprefix(style).replace("[[type:Typed]]", TYPED_QUESTION),
            card.answer().removeprefix(style).replace("[[type:Typed]]", typed),
        )
    return found


def on_page(html: str, media: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return what the page has of each card by its id, with pictures by their names in the deck."""
    for address, name in media.items():
        html = html.replace(f'src="{address}"', f'src="{name}"')
    card = re.compile(
        r'<li class="entry" id="([^"]+)".*?<div class="front"><div class="card">(.*?)</div></div>'
        r"(?:</template></div>\s*<div[^>]*><template[^>]*>)?"
        r'<div class="back"><div class="card">(.*?)</div></div></template>',
        re.DOTALL,
    )
    return {key: (question, answer) for key, question, answer in card.findall(html)}


def tag(found: Tag | None) -> Tag:
    assert found is not None
    return found


def words(found: Tag | None) -> str:
    return " ".join(tag(found).get_text(" ").split())


def row(soup: BeautifulSoup, view: str, start: str) -> list[str]:
    """Return the cells of the row that starts with a text."""
    (found,) = [each for each in soup.select(f"#{view} tbody tr") if words(each).startswith(start)]
    return [words(cell) for cell in found.find_all(["th", "td"])]


def test_the_notebooks_cards_are_as_anki_renders_them(release: Release) -> None:
    checked = release.built.checked
    deck = deck_of(checked.notebook, checked.pictures, checked.released)
    html = render_preview(checked.notebook, deck, checked.pictures, DATED, TEMPLATES)
    media = {
        f"data:image/svg+xml;base64,{base64.b64encode(picture.svg.encode()).decode()}": picture.file_name
        for picture in checked.pictures.values()
    }
    expected = by_anki(release.col)
    assert len(expected) == release.col.card_count()
    assert expected == on_page(html, media)


@pytest.mark.usefixtures("tricky")
def test_tricky_texts_are_as_anki_renders_them(tmp_path: Path, col: Collection) -> None:
    notebook, _, _ = read(tmp_path / "notes")
    html = render_preview(notebook, deck_of(notebook, {}, {}), {}, DATED, TEMPLATES)
    assert by_anki(col) == on_page(html, {})


@pytest.mark.parametrize("typed", ["true", "false"])
def test_every_kind_of_card_is_as_anki_renders_it(tmp_path: Path, col: Collection, typed: str) -> None:
    settings = SETTINGS.replace("[exam]", f'language = "de"\ntyped_limits = {typed}\n\n[exam]', 1)
    notebook = notebook_of(tmp_path / "notes", settings=settings, chapter_1=CHAPTER, limits=LIMITS)
    deck = deck_of(notebook, {}, {})
    package = tmp_path / "deck.apkg"
    package.write_bytes(build_deck(deck, ship({}, deck.things(), DATED.time).ledger, DATED.time))
    import_package(col, package)
    html = render_preview(notebook, deck, {}, DATED, TEMPLATES)
    expected = by_anki(col)
    assert list(expected) == ["cloze", "cloze_2", "pair", "term", "case", "most"]
    assert expected == on_page(html, {})


def face(front: str, back: str = "") -> Face:
    return Face("Face", 1, front, back, ("", ""))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{#A}}a{{/A}}{{^A}}b{{/A}}", "a"),
        ("{{#Empty}}a{{/Empty}}{{^Empty}}b{{/Empty}}", "b"),
        ("{{#Space}}a{{/Space}}{{^Space}}b{{/Space}}", "b"),
        ("{{#A}}[{{#Empty}}a{{A}}{{/Empty}}]{{/A}}", "[]"),
        ("{{^A}}{{#A}}a{{/A}}{{/A}}", ""),
        ("<{{A}}>", "<{{Empty}}>"),
    ],
)
def test_a_part_of_a_template_shows_if_its_field_has_something(template: str, expected: str) -> None:
    fields = {"A": "{{Empty}}", "Empty": "", "Space": " <br> <div></div>\n"}
    assert sides(face(template, template), fields, 0) == Sides(Markup(expected), Markup(expected))


@pytest.mark.parametrize("template", ["{{Other}}", "{{#Other}}{{/Other}}", "{{cloze:Other}}", "{{hint:A}}"])
def test_a_template_that_is_not_understood_is_refused(template: str) -> None:
    with pytest.raises(FaceError):
        sides(face(template), {"A": ""}, 0)


def test_a_card_names_its_place_and_leads_to_its_section(small: BeautifulSoup) -> None:
    card = tag(small.find(id="term"))
    facts = {words(each.dt): words(each.dd) for each in card.select(".about > div")}
    assert facts == {"Section": "1.1 Deeper", "Notes": "01.html:11", "Exam": "1.2", "Key": "term"}
    assert [str(link["href"]) for link in card.select(".about a")] == ["#text_deep", "#text_term", "#term"]
    assert words(card.h4) == "Define: A whole term"


def test_a_limits_card_and_the_limit_lead_to_each_other(small: BeautifulSoup) -> None:
    card = tag(small.find(id="most"))
    assert [words(link) for link in card.select('[href="#limit_most"]')] == ["limits.toml:1", "4 days"]
    limit = tag(small.find(id="limit_most"))
    assert [str(link["href"]) for link in limit("a")] == ["#most", "https://example.com/b", "#text_deep"]
    assert words(limit) == (
        "Longest stay 4 days exam: 2 days Remark 96 hours Source https://example.com/b Shown in 1.1 Deeper"
    )


def test_a_limit_without_evidence_stands_out(tmp_path: Path) -> None:
    bare = LIMITS.replace('source = "https://example.com/b"\n', "")
    soup = preview(notebook_of(tmp_path, chapter_1=CHAPTER, limits=bare), {})
    assert words(soup.select_one("#limit_most .mark")) == "none"


def test_a_search_looks_through_question_answer_remarks_and_key(small: BeautifulSoup) -> None:
    assert tag(small.find(id="most"))["data-text"] == "Longest stay? 4 days 96 hours Today: 4 days Exam: 2 days most"
    assert tag(small.find(id="cloze_2"))["data-text"] == "A [first], a [second] and a [third] word cloze"


def test_filters_have_what_the_cards_have(small: BeautifulSoup) -> None:
    choices = {
        str(select["name"]): [words(option) for option in select("option")]
        for select in small.select(".filters select")
    }
    assert choices == {
        "chapter": ["All", "1 One", "2 Two"],
        "kind": ["All", "Fill in", "Diagram", "Question", "Definition", "Limit"],
        "task": ["All", "1.1 Do this", "1.2 Do that", "1.2.1 How"],
        "tag": [
            "All",
            "ex-1::1-first::1.1",
            "ex-1::1-first::1.2",
            "small::chapter::01-one",
            *(f"small::kind::{kind}" for kind in ("cloze", "definition", "diagram", "limit", "question")),
        ],
    }
    card = tag(small.find(id="most"))
    assert (card["data-chapter"], card["data-kind"], card["data-tasks"]) == ("one", "limit", "1.2")


def test_sections_say_what_they_became_and_few_cards_stand_out(small: BeautifulSoup) -> None:
    assert row(small, "sections_", "1 One") == ["1 One", "4", "0", "1"]
    assert row(small, "sections_", "1.1") == ["1.1 Deeper", "3", "1", "0"]
    assert row(small, "sections_", "2") == ["2 Two no cards", "0", "0", "0"]


def test_tasks_say_how_much_there_is_for_them_and_those_without_cards_stand_out(small: BeautifulSoup) -> None:
    assert row(small, "exam_", "1.1 ") == ["1.1 Do this", "2", "4 cards for 1.1"]
    assert row(small, "exam_", "1.2 ") == ["1.2 Do that", "1", "3 cards for 1.2"]
    assert row(small, "exam_", "1.2.1") == ["1.2.1 How no cards", "0", "0"]


def test_a_skill_counts_for_its_task(tmp_path: Path) -> None:
    soup = preview(notebook_of(tmp_path, chapter_1=CHAPTER.replace('"1.2"', '"1.2.1"'), limits=LIMITS), {})
    assert row(soup, "exam_", "1.2 ") == ["1.2 Do that", "1", "3 cards for 1.2"]
    assert row(soup, "exam_", "1.2.1") == ["1.2.1 How", "1", "3 cards for 1.2.1"]


def test_the_text_of_the_sheet_leads_to_cards_and_limits(small: BeautifulSoup) -> None:
    section = tag(small.find(id="text_deep"))
    assert words(section.h4) == "1.1 Deeper"
    assert [str(link["href"]) for link in section("a")] == [
        "#limit_most", "#term", "#case", "#most", "https://example.com/b", "https://example.com/c",
    ]  # fmt: skip
    links = small.select("#text_one > .own > p > a")
    assert [(str(link["href"]), words(link)) for link in links] == [
        ("#text_deep", "below 1.1"),
        ("#text_pair", "this"),
    ]


def test_pictures_are_in_the_page(small: BeautifulSoup) -> None:
    assert {str(picture["src"]) for picture in small("img")} == {ADDRESS}
    assert [str(picture["alt"]) for picture in small("img")] == ["Left leads to right."] * 2


def test_every_link_leads_somewhere_and_no_id_stands_twice(small: BeautifulSoup) -> None:
    for template in small("template"):
        template.decompose()
    ids = [str(each["id"]) for each in small.find_all(id=True)]
    assert len(ids) == len(set(ids))
    within = {str(link["href"])[1:] for link in small.select('a[href^="#"]')}
    assert within - set(ids) == set()


def test_the_page_lets_nothing_be_loaded_or_run_but_its_own(small: BeautifulSoup) -> None:
    (script,) = small("script")
    digest = base64.b64encode(hashlib.sha256(script.get_text().encode()).digest()).decode()
    policy = str(tag(small.find("meta", {"http-equiv": "Content-Security-Policy"}))["content"])
    assert policy.split("; ") == [
        "default-src 'none'",
        "img-src data:",
        "style-src 'unsafe-inline'",
        f"script-src 'sha256-{digest}'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert [each for each in small.find_all(src=True) if not str(each["src"]).startswith("data:")] == []
    assert [str(link["href"]) for link in small("link")] == ["data:,"]
    assert re.findall(r"url\(|@import", "".join(style.get_text() for style in small("style"))) == []


def test_groups_have_the_colors_of_the_sheet(tmp_path: Path) -> None:
    groups = '[groups.one]\nname = "One"\nchapters = [2]\n[groups.two]\nname = "Two"\nchapters = [1]\n\n[exam]'
    two = page('<p id="other">Another <mark>note</mark></p>', "two", "Two")
    files = {"chapter_1": CHAPTER, "chapter_2": two, "limits": LIMITS}
    plain = preview(notebook_of(tmp_path / "plain", **files), {})
    assert [" ".join(group["class"]) for group in plain.select(".group")] == ["group hue1", "group hue2"]
    settings = SETTINGS.replace("[exam]", groups, 1)
    grouped = preview(notebook_of(tmp_path / "grouped", settings=settings, **files), {})
    assert [" ".join(group["class"]) for group in grouped.select(".group")] == ["group hue2", "group hue1"]
    assert ".hue12 { --accent: #5c6a74 }" in tag(grouped.style).get_text()


def test_retired_cards_are_named(tmp_path: Path) -> None:
    notebook = notebook_of(tmp_path, chapter_1=CHAPTER, limits=LIMITS)
    ledger = ship({}, deck_of(notebook, {}, {}).things(), DATED.time).ledger
    gone = replace(ledger["pair"], key="gone", guid="gone", retired_at=DATED.time, reason="It was wrong")
    soup = preview(notebook, {}, {**ledger, "gone": gone})
    assert words(soup.select_one("#sections_ h3 + ul")) == "gone This card is retired: It was wrong"


def test_a_notebook_without_exam_and_limits_has_no_parts_for_them(tmp_path: Path) -> None:
    settings = SETTINGS.partition("[exam]")[0]
    chapter = page('<p id="card">A <mark>card</mark></p>').replace(' data-tasks="1.1"', "")
    soup = preview(notebook_of(tmp_path, settings=settings, chapter_1=chapter), {})
    assert [str(view["id"]) for view in soup.select(".view")] == ["cards_", "sheet_", "sections_"]
    assert [str(link["href"]) for link in soup.select(".top nav a")] == ["#cards_", "#sheet_", "#sections_"]
