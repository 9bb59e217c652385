"""Notes of anybody: each kind built without a line written for cheatdeck, imported by Anki, read back from the PDF."""

import io
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from bs4 import BeautifulSoup

import pdf
from cheatdeck import model, pipeline
from cheatdeck.command import BUILT, PROBLEMS, main
from cheatdeck.letters import BOX
from cheatdeck.model import plain
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Checked
from cheatdeck.typeset import Paper
from collection import Imported, import_package, seen, sides

HERE = Path(__file__).parent
NOTES = HERE / "notes_plain" / "lighthouses.html"
# Where the sheet breaks words.
HYPHEN = "\N{HYPHEN}"
FIGURE = re.compile(
    r"(?<![\w.,])\d[\d.,]*(?: to \d[\d.,]*)?\s(?:%|°C|km/h|km|mm|m|W|t|s|hours|minutes|seconds|days|eggs|tons|"
    r"nautical miles|years)(?!\w)"
)


@dataclass(frozen=True)
class Wanted:
    """What notes must become: `headings` with their numbers, `links` from a text to the heading that they lead to.

    `figures` are all that the notes have. `apart` are words that are neither on the sheet nor told: names of files, of
    what Mermaid draws, and where a longer piece that is told ends. `left_out` is told, by code and line. `card` is the
    key, the question and the answer of one of the cards.
    """

    path: str
    title: str
    headings: str
    figures: str
    links: dict[str, str]
    diagrams: int
    pictures: int
    card: tuple[str, str, str]
    left_out: tuple[tuple[str, int], ...] = ()
    without_card: tuple[str, ...] = ()
    apart: str = ""


KINDS = {
    "a bare page": Wanted(
        path="notes_plain/lighthouses.html",
        title="Lighthouses",
        headings="1 Light; 1.1 Lamps; 1.2 Lenses; 1.2.1 Orders of lenses; 2 Characters; 3 Keepers; 3.1 Logbooks",
        figures="37 km; 250 W; 10 hours; 30 s; 920 mm; 150 mm",
        links={},
        diagrams=1,
        pictures=2,
        card=(
            "light-lamps-oil-lamp",
            "1 Light Definition Lamps Oil lamp",
            "1 Light Definition Lamps Oil lamp burned whale oil, later paraffin 1.1 Lamps",
        ),
        left_out=(("W072", 54),),
        apart="Contents graph TD",
    ),
    "a page of a wiki": Wanted(
        path="notes_plain/bridges.html",
        title="Bridges",
        headings="1 Bridges; 2 Parts; 3 Kinds; 3.1 Arches; 4 Loads; 5 References",
        figures="80 mm; 12 mm; 80 m; 2,023 m; 40 t",
        links={"its parts": "2 Parts", "kinds": "3 Kinds"},
        diagrams=1,
        pictures=2,
        card=(
            "parts-steel-grows-by-a-kilometre-with-d12265",
            "2 Parts Fill in Parts Steel grows by [...] a kilometre with each degree that it gets warmer.",
            "2 Parts Fill in Parts Steel grows by 12 mm a kilometre with each degree that it gets warmer. 2 Parts",
        ),
        left_out=tuple(("W071", line) for line in (11, 13, 15, 17, 20, 21, 27, 46, 66, 67)),
        without_card=("5 References",),
        apart="Mar 03 graph TD 10 Privacy",
    ),
    "a long file of Markdown": Wanted(
        path="notes_markdown/lighthouses.md",
        title="Lighthouses",
        headings=(
            "1 Lighthouses; 2 From fires to lamps; 3 Lenses; 4 How far a light is seen; 5 What a light says; "
            "6 Towers in the sea; 7 In fog; 8 Keepers; 9 Side marks"
        ),
        figures=(
            "1,500 years; 400 tons; 920 mm; 700 mm; 500 mm; 250 mm; 49 m; 14.6 nautical miles; 4 hours; 10 minutes"
        ),
        links={"the lamps": "2 From fires to lamps", "in fog": "7 In fog"},
        diagrams=1,
        pictures=1,
        card=(
            "lenses-distance-order-1",
            "3 Lenses Table Lenses › Distance Order: 1",
            "3 Lenses Table Lenses › Distance Order: 1 920 mm 3 Lenses",
        ),
        apart="light0 eye0 flowchart TB",
    ),
    "a folder of Obsidian": Wanted(
        path="notes_markdown/bees",
        title="Bees",
        headings=(
            "1 Home; 1.1 By numbers; 2 Varroa; 2.1 How it is found; 3 The waggle dance; 4 Who lives in a hive; "
            "4.1 Queen; 4.2 Worker; 4.3 Drone"
        ),
        figures="35 °C; 25 km/h; 3 km; 16 days; 21 days; 24 days; 2,000 eggs; 1 to 2 mm; 3 %",
        links={
            "how bees talk": "3 The waggle dance",
            "Varroa > How it is found": "2.1 How it is found",
            "who lives there": "4 Who lives in a hive",
            "look at the workers": "4.2 Worker",
            "her eggs": "4.1 Queen",
        },
        diagrams=1,
        pictures=3,
        card=(
            "who-lives-in-a-hive-queen-what-decides-whether-an-egg-becomes-552c34",
            "4 Who lives in a hive Question Queen What decides whether an egg becomes a queen?",
            (
                "4 Who lives in a hive Question Queen What decides whether an egg becomes a queen? "
                "The food: larvae of queens get royal jelly until the end. 4.1 Queen"
            ),
        ),
        left_out=(("W071", 16),),
        apart="flowchart LR 40 png",
    ),
    "an export of Notion": Wanted(
        path="notes_markdown/tea",
        title="Tea",
        headings="1 Tea; 1.1 Kinds; 1.2 Questions; 1.3 Water; 2 Green tea; 3 Oolong",
        figures="8 to 80 %; 10 seconds; 45 seconds; 70 to 80 °C; 2 minutes; 95 to 100 °C; 4 minutes; 5 minutes",
        links={"Green tea": "2 Green tea", "how hot": "1 Tea"},
        diagrams=1,
        pictures=1,
        card=(
            "oolong-time-first-cup",
            "3 Oolong Table Oolong › Time first cup",
            "3 Oolong Table Oolong › Time first cup 45 seconds 3 Oolong",
        ),
        left_out=(("W067", 4),),
        apart="graph TD",
    ),
}


@dataclass(frozen=True, eq=False)
class Made:
    """Notes of a kind as they were built, and a learner's collection with their deck."""

    wanted: Wanted
    out: Path
    code: int
    said: str
    checked: Checked
    col: Collection

    @property
    def path(self) -> Path:
        return HERE / self.wanted.path

    @property
    def key(self) -> str:
        return self.checked.notebook.settings.key

    @cached_property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.out / "manifest.json").read_text(encoding="utf-8"))
        return manifest

    @cached_property
    def sheet(self) -> bytes:
        return (self.out / f"{self.key}-cheatsheet-a4.pdf").read_bytes()

    @cached_property
    def printed(self) -> str:
        """All that the sheet says, pictures in words, without white space."""
        text = " ".join([pdf.structure(self.sheet).text, *pdf.alternative_texts(self.sheet)])
        return pdf.squashed(text).replace(HYPHEN, "")

    @cached_property
    def told(self) -> str:
        return " ".join(problem.message for problem in self.checked.warnings)

    @cached_property
    def shown(self) -> str:
        """All that Anki shows of the deck."""
        cards = [self.col.get_card(card) for card in self.col.find_cards("")]
        return " ".join(f"{seen(card.question())} {seen(card.answer())}" for card in cards)

    @property
    def headings(self) -> dict[str, str]:
        """The headings by the ids of their sections."""
        return {section["key"]: f"{section['number']} {section['title']}" for section in self.manifest["sections"]}


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    wanted = KINDS[request.param]
    out = tmp_path_factory.mktemp("built")
    said = io.StringIO()
    with redirect_stderr(said), redirect_stdout(said):
        code = main(["build", str(HERE / wanted.path), "--out", str(out), "--paper", "a4"])
    checked = pipeline.check(Paths.of(HERE / wanted.path, out), lambda _: None)
    collection = Collection(str(tmp_path_factory.mktemp("learner") / "collection.anki2"))
    counts = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["counts"]
    imported = import_package(collection, out / f"{checked.notebook.settings.key}.apkg")
    assert imported == Imported(new=counts["notes"], updated=0, duplicate=0, conflicting=0)
    yield Made(wanted, out, code, said.getvalue(), checked, collection)
    collection.close()


def texts(path: Path) -> str:
    """Return what notes say as they are written, without what marks it up."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return "\n".join(map(_text, (file for file in files if file.suffix in {".html", ".md"})))


def _text(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        soup = BeautifulSoup(text, "html.parser")
        for unseen in soup(["script", "style", "title"]):
            unseen.decompose()
        return soup.get_text(" ").replace("\N{NO-BREAK SPACE}", " ")
    for pattern, instead in MARKUP:
        text = re.sub(pattern, instead, text, flags=re.DOTALL | re.MULTILINE)
    return text


# Front matter, comments, targets of links, names in braces and angle brackets, ids, kinds of callouts and of code.
MARKUP = (
    (r"\A---\n.*?\n---\n", ""),
    (r"%%.*?%%", ""),
    (r"\]\([^)]*\)", "]"),
    (r"\[\[[^\]|]*\\?\|", "["),
    (r"\{\{c\d::(.*?)(?:::.*?)?\}\}", r"\1"),
    (r"\{[.#][\w-]+\}|</?[a-z]+>|\^\w+$|\[![A-Za-z]+\]|^\s*```.*?$|^  accDescr.*?$", ""),
    (r"[=*~]{2}", ""),
)


def test_it_is_built_and_said_what_was_chosen(made: Made) -> None:
    kind = "one file" if made.path.is_file() else "no notebook.toml"
    assert made.code == BUILT
    assert f"{kind}, so the title is “{made.wanted.title}”, the id {made.key} " in made.said
    warned = Counter(problem.code.value for problem in made.checked.warnings)
    assert [code for code, number in warned.items() if f"{number} × {code} (" not in made.said] == []
    pdfs = [f"{made.key}-cheatsheet-a4.pdf", f"{made.key}-limits-a4.pdf"]
    assert [path.name for path in sorted(made.out.glob("*.pdf"))] == pdfs


def test_every_heading_is_on_the_sheet(made: Made) -> None:
    headings = made.wanted.headings.split("; ")
    assert list(made.headings.values()) == headings
    assert [heading.title for heading in pdf.headings(made.sheet)] == headings


def test_every_diagram_and_picture_is_on_the_sheet_and_diagrams_in_the_deck(made: Made) -> None:
    blocks = [block for section in made.checked.notebook.sections() for block in model.blocks(section.blocks)]
    diagrams = [block for block in blocks if isinstance(block, model.Diagram)]
    pictures = [block.alt for block in blocks if isinstance(block, model.Image)]
    assert (len(diagrams), len(pictures)) == (made.wanted.diagrams, made.wanted.pictures)
    alternatives = [*pictures, *(diagram.description for diagram in diagrams)]
    assert sorted(pdf.alternative_texts(made.sheet)) == sorted(alternatives)
    asked = {note["key"]: note["answer"] for note in made.manifest["notes"] if note["kind"] == "diagram"}
    assert list(asked) == [diagram.key for diagram in diagrams]


def test_every_figure_is_on_both_sheets_and_in_the_deck(made: Made) -> None:
    found = list(dict.fromkeys(FIGURE.findall(texts(made.path))))
    assert found == made.wanted.figures.split("; ")
    assert [figure for figure in found if pdf.squashed(figure) not in made.printed] == []
    assert [figure for figure in found if figure not in made.shown] == []
    limits = pdf.squashed(pdf.structure((made.out / f"{made.key}-limits-a4.pdf").read_bytes()).text).replace(HYPHEN, "")
    # What is counted, such as eggs, stands beside it.
    assert [figure for figure in found if pdf.squashed(figure.rpartition(" ")[0]) not in limits] == []


def test_every_section_that_has_something_to_learn_has_a_card(made: Made) -> None:
    asked = {note["section"] for note in made.manifest["notes"]}
    assert tuple(title for key, title in made.headings.items() if key not in asked) == made.wanted.without_card


def test_every_word_is_on_the_sheet_or_told(made: Made) -> None:
    words = dict.fromkeys(re.findall(r"[^\W_]{2,}", texts(made.path)))
    assert [word for word in words if word not in made.printed and word not in made.told] == made.wanted.apart.split()
    assert tuple((problem.code, problem.span.line) for problem in made.checked.warnings) == made.wanted.left_out


def test_links_lead_to_their_sections(made: Made) -> None:
    said: dict[str, str] = defaultdict(str)
    for link in pdf.structure(made.sheet).all("Link"):
        # A link on two lines is two of them.
        said[made.headings.get(link.target, "")] += pdf.squashed(link.text)
    lost = [text for text, heading in made.wanted.links.items() if pdf.squashed(text) not in said[heading]]
    assert lost == []
    assert set(made.headings) <= set(pdf.destinations(made.sheet))


def test_anki_shows_all_of_it(made: Made) -> None:
    assert (list(made.col.media.check().missing), list(made.col.media.check().unused)) == ([], [])
    assert [note.note_id for note in made.col.get_empty_cards().notes] == []
    assert made.col.card_count() == made.manifest["counts"]["cards"]
    key, *faces = made.wanted.card
    assert sides(made.col, key) == [tuple(faces)]
    assert import_package(made.col, made.out / f"{made.key}.apkg").new == 0


def test_no_two_cards_ask_the_same(made: Made) -> None:
    cards = [made.col.get_card(card) for card in made.col.find_cards("")]
    asked = Counter(seen(card.question()) for card in cards)
    assert [question for question, number in asked.items() if number > 1] == []


def test_a_second_build_makes_nothing(made: Made) -> None:
    again = pipeline.build(Paths.of(made.path, made.out), lambda _: None, papers=(Paper.A4,))
    assert again.made == ()


# What one page is enough for


def test_the_preview_has_the_pictures_in_it(made: Made) -> None:
    page = (made.out / "preview" / "index.html").read_text(encoding="utf-8")
    photos = made.checked.photos
    assert [name for name in photos if f'"{name}"' in page] == []
    endings = {"svg": "svg+xml"}
    kinds = {endings.get(photo.ending, photo.ending) for photo in photos.values()}
    assert [kind for kind in kinds if f"data:image/{kind}" not in page] == []


def test_a_reworded_answer_changes_no_id(tmp_path: Path) -> None:
    def keys(notes: Path) -> set[str]:
        checked = pipeline.check(Paths.of(notes, tmp_path / "out"), lambda _: None)
        return {card.key for section in checked.notebook.sections() for card in section.cards}

    shutil.copytree(NOTES.parent, tmp_path / "notes")
    before = keys(tmp_path / "notes" / "lighthouses.html")
    reworded = NOTES.read_text(encoding="utf-8").replace("burned whale oil", "burns oil").replace("37 km", "40 km")
    (tmp_path / "notes" / "lighthouses.html").write_text(reworded, encoding="utf-8")
    assert keys(tmp_path / "notes" / "lighthouses.html") == before


def test_check_tells_all_and_strict_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path)]
    assert main(["check", str(NOTES), *out]) == PROBLEMS
    assert "lighthouses.html:54:" in capsys.readouterr().err
    assert main(["build", str(NOTES), *out, "--strict"]) == PROBLEMS
    assert "lighthouses.html:54:" in capsys.readouterr().err
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_diagram_that_cannot_be_drawn_stands_there_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<h1>A</h1><pre class="mermaid">gantt\n x</pre>', encoding="utf-8")
    checked = pipeline.check(Paths.of(tmp_path / "a.html", tmp_path / "out"), lambda _: None)
    assert [(problem.code, problem.is_warning) for problem in checked.warnings] == [("N051", True)]
    assert [getattr(block, "text", "") for block in checked.notebook.chapters[0].blocks] == ["gantt\n x"]


def test_letters_without_a_font_are_boxes_on_paper_alone(tmp_path: Path, col: Collection) -> None:
    (tmp_path / "a.html").write_text("<h1>A 漢</h1><p>漢 - a letter 🎉</p>", encoding="utf-8")
    built = pipeline.build(Paths.of(tmp_path / "a.html", tmp_path), lambda _: None, papers=(Paper.A4,))
    (heading,) = pdf.headings((tmp_path / f"{built.checked.notebook.settings.key}-cheatsheet-a4.pdf").read_bytes())
    assert heading.title == f"1 A {BOX}"
    import_package(col, tmp_path / f"{built.checked.notebook.settings.key}.apkg")
    (key,) = [card.key for card in built.checked.notebook.chapters[0].cards]
    ((question, answer),) = sides(col, key)
    assert ("漢" in question, "a letter 🎉" in answer) == (True, True)


def test_a_title_alone_is_a_notebook(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<h1>A</h1><p>b</p>", encoding="utf-8")
    checked = pipeline.check(Paths.of(tmp_path, tmp_path / "out"), lambda _: None)
    assert [plain(chapter.title) for chapter in checked.notebook.chapters] == ["A"]
