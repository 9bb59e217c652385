"""The printed sheets of the notebook in source/, on both papers, checked page by page.

What each check finds fault with is shown by test_print_checks.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

import colors
import pdf
import printed_layout as layout
import printed_order as order
import printed_paint as paint
from cheatdeck.index import entries
from cheatdeck.paths import Paths
from cheatdeck.sheet import HUES
from cheatdeck.typeset import FONTS
from conftest import Release
from wanted import Wanted

SOURCE = Path(__file__).parents[1] / "source"
STYLE = (Paths.of(Path(), Path()).templates / "sheet" / "base.css").read_text(encoding="utf-8")
FAMILIES = {*(family for family, _, _ in FONTS), "DejaVu Sans"}
PAPERS = ("a4", "letter")
# Lighter or darker by so much, two areas tell apart on paper that is printed without color.
LEAST_STEP = 12
# Headings of these levels have bookmarks.
BOOKMARKED = 3


@dataclass(frozen=True)
class Sheet:
    """A printed sheet: its bytes, the notes that it prints, its title, its words, its headings, its bookmarks."""

    data: bytes = field(repr=False)
    notes: Wanted
    title: str
    words: str = field(repr=False)
    headings: Sequence[tuple[str, str]] = field(repr=False)
    bookmarks: Sequence[tuple[int, str]] = field(repr=False)


def notes_of(release: Release) -> Wanted:
    manifest = release.built.manifest
    day = "draft" if manifest["time"] is None else datetime.fromtimestamp(manifest["time"], UTC).strftime("%Y-%m-%d")
    return Wanted(SOURCE, f"Version {manifest['notebook']['version']} · {day}")


def print_of_notes(release: Release, paper: str) -> Sheet:
    notes, data = notes_of(release), release.sheet(paper)
    places = pdf.destinations(data)
    headings = [*((section.level, section.heading) for section in notes.sections), (1, "Limits"), (1, "Index")]
    return Sheet(
        data,
        notes,
        f"{notes.title}: cheat sheet",
        notes.sheet(lambda key: str(places[key][0] + 1), entries(release.notebook)),
        [(f"H{level}", text) for level, text in headings],
        [(level, text) for level, text in headings if level <= BOOKMARKED],
    )


def print_of_limits(release: Release, paper: str) -> Sheet:
    notes = notes_of(release)
    facts = release.built.manifest["files"][f"{release.key}-limits-{paper}.pdf"]
    shown = {section.number.partition(".")[0] for section, _ in notes.limits}
    return Sheet(
        release.limits_sheet(paper),
        notes,
        f"{notes.title}: limits",
        notes.limits_sheet(remarks=bool(facts["remarks"])),
        [("H1", f"{notes.title} limits {notes.edition}")],
        [(1, section.heading) for section in notes.sections if section.number in shown],
    )


@pytest.fixture(scope="module", params=PAPERS)
def cheatsheet(release: Release, request: pytest.FixtureRequest) -> Sheet:
    return print_of_notes(release, request.param)


@pytest.fixture(scope="module", params=PAPERS)
def limits_sheet(release: Release, request: pytest.FixtureRequest) -> Sheet:
    return print_of_limits(release, request.param)


@pytest.fixture(scope="module", params=[f"{kind}-{paper}" for kind in ("cheatsheet", "limits") for paper in PAPERS])
def sheet(release: Release, request: pytest.FixtureRequest) -> Sheet:
    kind, _, paper = str(request.param).partition("-")
    return print_of_notes(release, paper) if kind == "cheatsheet" else print_of_limits(release, paper)


# What is read


def test_every_word_of_the_notes_is_there_once_and_in_order(sheet: Sheet) -> None:
    assert order.wrong_words(sheet.data, sheet.words) == []


def test_headings_are_those_of_the_notes_level_by_level(sheet: Sheet) -> None:
    assert order.wrong_headings(sheet.data, sheet.headings) == []


def test_bookmarks_are_the_headings_three_levels_deep(sheet: Sheet) -> None:
    assert order.wrong_bookmarks(sheet.data, sheet.bookmarks) == []


def test_the_document_has_title_and_language(sheet: Sheet) -> None:
    assert order.wrong_document(sheet.data, sheet.title, sheet.notes.settings["language"]) == []


def test_lists_consist_of_items(sheet: Sheet) -> None:
    assert order.wrong_lists(sheet.data) == []


def test_cells_of_tables_name_their_headings(sheet: Sheet) -> None:
    assert order.wrong_tables(sheet.data) == []


def test_pictures_have_a_text_that_stands_for_them(sheet: Sheet) -> None:
    assert order.wrong_pictures(sheet.data) == []


def test_all_text_is_tagged_or_an_artifact(sheet: Sheet) -> None:
    assert order.untagged(sheet.data) == []


def test_screen_readers_stop_at_nothing_that_says_nothing(sheet: Sheet) -> None:
    assert order.empty_elements(sheet.data) == []


def test_links_are_tagged_as_links_once(sheet: Sheet) -> None:
    assert order.wrong_link_tags(sheet.data) == []


# Where it leads


def test_links_lead_to_places_of_the_sheet_or_to_sources(sheet: Sheet) -> None:
    assert order.wrong_links(sheet.data, sheet.notes.addresses) == []


def test_places_of_sections_are_their_headings(cheatsheet: Sheet) -> None:
    assert order.wrong_places(cheatsheet.data, cheatsheet.notes.sections) == []


def test_contents_and_index_show_the_pages_that_they_lead_to(cheatsheet: Sheet) -> None:
    assert order.wrong_page_numbers(cheatsheet.data) == []


def test_heads_name_the_first_and_the_last_chapter_of_the_page(cheatsheet: Sheet) -> None:
    assert order.wrong_heads(cheatsheet.data) == []


def test_feet_number_the_pages(sheet: Sheet) -> None:
    assert order.wrong_feet(sheet.data) == []


# How it looks


def test_text_stands_within_columns_and_margins(sheet: Sheet) -> None:
    assert layout.outside(sheet.data) == []


def test_nothing_is_painted_between_columns_or_into_margins(sheet: Sheet) -> None:
    assert paint.painted_between(sheet.data) == []


def test_no_text_is_painted_over_other_text(sheet: Sheet) -> None:
    assert layout.overlapping(sheet.data) == []


def test_nothing_is_smaller_than_six_points(cheatsheet: Sheet) -> None:
    assert layout.small(cheatsheet.data, 6) == []


def test_nothing_on_the_limits_sheet_is_smaller_than_six_and_a_half_points(limits_sheet: Sheet) -> None:
    assert layout.small(limits_sheet.data, 6.5) == []


def test_text_stands_out_from_what_is_behind_it(sheet: Sheet) -> None:
    assert paint.pale(sheet.data) == []


def test_body_text_is_black(sheet: Sheet) -> None:
    assert paint.not_black(sheet.data) == []


def test_fonts_are_ours_embedded_and_subset(sheet: Sheet) -> None:
    assert layout.wrong_fonts(sheet.data, FAMILIES) == []


def test_pages_are_filled(cheatsheet: Sheet) -> None:
    assert paint.empty(cheatsheet.data) == []


def test_below_each_heading_stands_what_follows(cheatsheet: Sheet) -> None:
    assert layout.stranded(cheatsheet.data, *order.HEADINGS) == []


def test_below_the_name_of_each_chapter_stands_a_limit(limits_sheet: Sheet) -> None:
    assert layout.stranded(limits_sheet.data, "H1", "THead") == []


def test_marks_at_the_outer_edge_are_those_of_the_groups_of_the_page(cheatsheet: Sheet) -> None:
    places = cheatsheet.notes.groups()
    marks = {
        section.heading: (places[section.number], colors.of_groups(STYLE)[places[section.number] % HUES])
        for section in cheatsheet.notes.sections
        if section.level == 1
    }
    assert paint.wrong_marks(cheatsheet.data, marks) == []


def test_the_colors_of_groups_tell_apart_without_color() -> None:
    assert len(colors.of_groups(STYLE)) == HUES
    assert colors.alike(colors.of_groups(STYLE), LEAST_STEP) == []


def test_white_stands_out_from_the_colors_of_groups() -> None:
    faint = [color for color in colors.of_groups(STYLE) if colors.contrast(colors.WHITE, color) < 4.5]
    assert faint == []
