"""The notebook in source/: built whole, imported by Anki, read back from the PDF."""

from pathlib import Path

import pytest
from anki.collection import Collection

import pdf
from cheatdeck import pipeline
from cheatdeck.model import Notebook, plain
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Built
from collection import Imported, import_package


@pytest.fixture(scope="module")
def paths(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return Paths.of(repository / "source", tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def built(paths: Paths) -> Built:
    return pipeline.build(paths, print)


@pytest.fixture(scope="module")
def notebook(paths: Paths, built: Built) -> Notebook:
    assert built.manifest["counts"]["chapters"] > 0
    return pipeline.check(paths, print).notebook


@pytest.fixture(scope="module", params=["a4", "letter"])
def sheet(request: pytest.FixtureRequest, paths: Paths, built: Built) -> bytes:
    name = f"{built.manifest['notebook']['id']}-cheatsheet-{request.param}.pdf"
    return (paths.out / name).read_bytes()


def test_each_section_stands_on_the_sheet_under_its_number(sheet: bytes, notebook: Notebook) -> None:
    expected = [(f"{s.label} {plain(s.title)}", len(s.number)) for s in notebook.sections()]
    headings = pdf.headings(sheet)
    assert [(heading.title, heading.depth) for heading in headings] == [*expected, ("Limits", 1)]
    shown = pdf.texts_at(sheet, headings, width=165)
    assert [text for heading, text in zip(headings, shown, strict=True) if not text.startswith(heading.title)] == []


def test_each_limit_stands_in_its_own_row(sheet: bytes, notebook: Notebook) -> None:
    sections = {section.key: section.label for section in notebook.sections()}
    rows = [row[:3] for row in pdf.table_rows(sheet)]
    expected = [(sections[limit.section], limit.subject, limit.value) for limit in notebook.limits]
    assert [rows.count(row) for row in expected] == [1] * len(expected)


def test_each_page_is_readable(sheet: bytes) -> None:
    assert min(pdf.sizes(sheet)) >= 6


def test_anki_imports_every_note(paths: Paths, built: Built, notebook: Notebook, col: Collection) -> None:
    counts = built.manifest["counts"]
    imported = import_package(col, paths.out / f"{notebook.settings.key}.apkg")
    assert imported == Imported(new=counts["notes"], updated=0, duplicate=0, conflicting=0)
    assert (col.note_count(), col.card_count()) == (counts["notes"], counts["cards"])
    assert [note.note_id for note in col.get_empty_cards().notes] == []
    assert (list(col.media.check().missing), list(col.media.check().unused)) == ([], [])


def test_each_section_has_a_card(built: Built) -> None:
    with_cards = {note["section"] for note in built.manifest["notes"]}
    assert [section["number"] for section in built.manifest["sections"] if section["key"] not in with_cards] == []
