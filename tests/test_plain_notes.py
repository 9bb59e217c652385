"""A page of notes without an id or a class: built whole, imported by Anki, read back from the PDF."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection

import pdf
from cheatdeck import pipeline
from cheatdeck.__main__ import BUILT, PROBLEMS, main
from cheatdeck.letters import BOX
from cheatdeck.model import plain
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Built
from cheatdeck.typeset import Paper
from collection import Imported, import_package, sides

NOTES = Path(__file__).parent / "notes_plain" / "lighthouses.html"
FIGURES = ("37 km", "250 W", "10 hours", "30 s", "920 mm", "150 mm")
SECTIONS = [
    "1 Light", "1.1 Lamps", "1.2 Lenses", "1.2.1 Orders of lenses", "2 Characters", "3 Keepers", "3.1 Logbooks",
]  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.fixture(scope="module")
def built(out: Path) -> Built:
    return pipeline.build(Paths.of(NOTES, out), lambda _: None, papers=(Paper.A4,))


@pytest.fixture(scope="module")
def learner(built: Built, out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    collection = Collection(str(tmp_path_factory.mktemp("learner") / "collection.anki2"))
    counts = built.manifest["counts"]
    imported = import_package(collection, out / "lighthouses.apkg")
    assert imported == Imported(new=counts["notes"], updated=0, duplicate=0, conflicting=0)
    yield collection
    collection.close()


def test_each_section_stands_on_the_sheet_and_has_a_card(built: Built, out: Path) -> None:
    sheet = (out / "lighthouses-cheatsheet-a4.pdf").read_bytes()
    assert [section.heading for section in built.checked.notebook.sections()] == SECTIONS
    assert [heading.title for heading in pdf.headings(sheet)] == SECTIONS
    asked = {note["section"] for note in built.manifest["notes"]}
    assert [section["key"] for section in built.manifest["sections"] if section["key"] not in asked] == []


def test_each_figure_is_on_the_sheet_and_in_the_deck(built: Built, out: Path) -> None:
    sheet = pdf.squashed(pdf.text((out / "lighthouses-cheatsheet-a4.pdf").read_bytes()))
    deck = " ".join(f"{note['question']} {note['answer']}" for note in built.manifest["notes"])
    shown = re.sub(r"[\[\]]", "", deck)
    assert [figure for figure in FIGURES if pdf.squashed(figure) not in sheet] == []
    assert [figure for figure in FIGURES if figure not in shown] == []


def test_what_is_lost_is_told(built: Built) -> None:
    found = [(problem.code, problem.span.line) for problem in built.checked.warnings]
    assert found == [("W072", 54)]


def test_anki_shows_cards_and_pictures(built: Built, learner: Collection) -> None:
    assert (list(learner.media.check().missing), list(learner.media.check().unused)) == ([], [])
    assert [note.note_id for note in learner.get_empty_cards().notes] == []
    ((question, answer),) = sides(learner, "light-lamps-oil-lamp")
    assert question == "1 Light Definition Lamps Oil lamp"
    assert answer == "1 Light Definition Lamps Oil lamp burned whale oil, later paraffin 1.1 Lamps"
    kinds = built.manifest["counts"]["cards_by_kind"]
    assert kinds == {"cloze": 5, "definition": 1, "diagram": 1, "question": 4, "row": 4}


def test_the_preview_has_the_pictures_in_it(built: Built, out: Path) -> None:
    page = (out / "preview" / "index.html").read_text(encoding="utf-8")
    photos = built.checked.photos
    assert sorted(photo.ending for photo in photos.values()) == ["png", "svg"]
    assert "data:image/png;base64," in page
    assert [name for name in photos if f'"{name}"' in page] == []
    assert '<a href="https://example.com/keepers">' in page


def test_a_second_build_changes_nothing_and_a_reworded_answer_no_id(built: Built, out: Path, tmp_path: Path) -> None:
    again = pipeline.build(Paths.of(NOTES, out), lambda _: None, papers=(Paper.A4,))
    assert again.made == ()
    (tmp_path / "pictures").mkdir()
    for picture in (NOTES.parent / "pictures").iterdir():
        (tmp_path / "pictures" / picture.name).write_bytes(picture.read_bytes())
    reworded = NOTES.read_text(encoding="utf-8").replace("burned whale oil", "burns oil").replace("37 km", "40 km")
    (tmp_path / "lighthouses.html").write_text(reworded, encoding="utf-8")
    checked = pipeline.check(Paths.of(tmp_path / "lighthouses.html", out), lambda _: None)
    keys = {card.key for section in checked.notebook.sections() for card in section.cards}
    assert keys == {card.key for section in built.checked.notebook.sections() for card in section.cards}


def test_the_command_line_sums_warnings_up_and_check_tells_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path)]
    assert main(["build", str(NOTES), *out, "--paper", "a4"]) == BUILT
    told = capsys.readouterr()
    assert "so the title is “Lighthouses”, the id lighthouses" in told.err
    assert "1 warning: 1 × W072 (links in plain notes lead to the web" in told.err
    assert "lighthouses.html:54:" not in told.err
    assert [path.name for path in sorted(tmp_path.glob("*.pdf"))] == ["lighthouses-cheatsheet-a4.pdf"]
    assert main(["check", str(NOTES), *out]) == PROBLEMS
    assert "lighthouses.html:54:" in capsys.readouterr().err
    assert main(["build", str(NOTES), *out, "--strict"]) == PROBLEMS
    assert "lighthouses.html:54:" in capsys.readouterr().err


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
