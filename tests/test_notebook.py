"""The notebook in source/: built whole, imported by Anki, read back from the PDF."""

import pytest
from anki.collection import Collection

import pdf
from cheatdeck.model import plain
from collection import Imported, import_package
from conftest import Release


@pytest.fixture(params=["a4", "letter"])
def sheet(request: pytest.FixtureRequest, release: Release) -> bytes:
    return release.sheet(request.param)


def test_the_notebook_has_nothing_to_warn_of(release: Release) -> None:
    assert release.built.checked.warnings == []


def test_each_section_stands_on_the_sheet_under_its_number(sheet: bytes, release: Release) -> None:
    # Bookmarks go three levels deep.
    sections = [section for section in release.notebook.sections() if len(section.number) <= 3]
    expected = [(f"{s.label} {plain(s.title)}", len(s.number)) for s in sections]
    headings = pdf.headings(sheet)
    assert [(heading.title, heading.depth) for heading in headings] == [*expected, ("Limits", 1), ("Index", 1)]
    shown = pdf.texts_at(sheet, headings, width=171)
    assert [text for heading, text in zip(headings, shown, strict=True) if not text.startswith(heading.title)] == []


def test_each_limit_stands_in_its_own_row(sheet: bytes, release: Release) -> None:
    sections = {section.key: section.label for section in release.notebook.sections()}
    rows = [row[:3] for row in pdf.table_rows(sheet)]
    texts = [(sections[limit.section], limit.subject, limit.value) for limit in release.notebook.limits]
    expected = [tuple(map(pdf.squashed, text)) for text in texts]
    assert [row for row in expected if rows.count(row) != 1] == []


def test_each_page_is_readable(sheet: bytes) -> None:
    assert min(pdf.sizes(sheet)) >= 6


def test_anki_imports_every_note(release: Release, col: Collection) -> None:
    counts = release.built.manifest["counts"]
    imported = import_package(col, release.out / f"{release.key}.apkg")
    assert imported == Imported(new=counts["notes"], updated=0, duplicate=0, conflicting=0)
    assert (col.note_count(), col.card_count()) == (counts["notes"], counts["cards"])
    assert [note.note_id for note in col.get_empty_cards().notes] == []
    assert (list(col.media.check().missing), list(col.media.check().unused)) == ([], [])


def test_each_section_has_a_card(release: Release) -> None:
    manifest = release.built.manifest
    with_cards = {note["section"] for note in manifest["notes"]}
    assert [section["number"] for section in manifest["sections"] if section["key"] not in with_cards] == []
