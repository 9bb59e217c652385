"""What must appear: every section, every limit, every diagram and every card, by name.

tests/contract/ lists the whole notebook from the start. Chapters that are not written yet stand in
pending.csv; a chapter is either pending as a whole or held to the contract as a whole. `cards.csv` holds
the cards of written chapters; `nox -s tests -- --accept-cards` writes it anew, and the difference is for
reviewers to read.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

import pdf
from conftest import Release

CONTRACT = Path(__file__).parent / "contract"


def rows(name: str) -> list[dict[str, str]]:
    with (CONTRACT / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PENDING = {row["chapter"] for row in rows("pending")}
SECTIONS = {row["key"]: row for row in rows("sections")}


def is_due(number: str) -> bool:
    return number.partition(".")[0] not in PENDING


def expected_sections() -> list[dict[str, str]]:
    return [row for row in SECTIONS.values() if is_due(row["number"])]


def expected_limits() -> list[dict[str, str]]:
    return [row for row in rows("limits") if is_due(SECTIONS[row["section"]]["number"])]


def test_the_contract_is_whole() -> None:
    assert len(SECTIONS) == len(rows("sections")) == 288
    assert len({row["id"] for row in rows("limits")}) == len(rows("limits")) == 198
    assert sum(int(row["diagrams"]) for row in rows("diagrams")) == 17
    owners = {row["id"] for row in rows("limits") if row["id"] == row["limit"]}
    assert [row["id"] for row in rows("limits") if row["limit"] not in owners] == []


def test_a_chapter_is_pending_or_written(release: Release) -> None:
    written = {chapter.label for chapter in release.notebook.chapters}
    listed = {row["number"] for row in SECTIONS.values() if "." not in row["number"]}
    assert written & PENDING == set()
    assert listed - PENDING - written == set()


def test_every_section_is_in_the_manifest(release: Release) -> None:
    found = {(s["number"], s["title"], s["key"]) for s in release.built.manifest["sections"]}
    wanted = [(row["number"], row["title"], row["key"]) for row in expected_sections()]
    assert [section for section in wanted if section not in found] == []


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_section_has_a_bookmark_on_the_sheet(release: Release, paper: str) -> None:
    bookmarks = {heading.title for heading in pdf.headings(release.sheet(paper))}
    # Bookmarks go three levels deep.
    wanted = [f"{row['number']} {row['title']}" for row in expected_sections() if row["number"].count(".") < 3]
    assert [title for title in wanted if title not in bookmarks] == []


def test_every_section_has_a_card_in_the_deck(release: Release) -> None:
    notes = (release.col.get_note(note) for note in release.col.find_notes(""))
    named = {note["Section"] for note in notes}
    wanted = [f"{row['number']} {row['title']}" for row in expected_sections()]
    assert [title for title in wanted if title not in named] == []


def test_every_limit_is_in_the_manifest(release: Release) -> None:
    found = {
        key: (limit["key"], limit["value"])
        for limit in release.built.manifest["limits"]
        for key in (limit["key"], *limit["aliases"])
    }
    wanted = {row["id"]: (row["limit"], row["value"]) for row in expected_limits()}
    assert {key: value for key, value in wanted.items() if found.get(key) != value} == {}


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_limit_has_a_row_on_the_sheet(release: Release, paper: str) -> None:
    numbers = {section.key: section.label for section in release.notebook.sections()}
    subjects = {limit.key: (numbers[limit.section], limit.subject) for limit in release.notebook.limits}
    shown = Counter(row[:3] for row in pdf.table_rows(release.sheet(paper)))
    texts = {row["limit"]: (*subjects.get(row["limit"], ("", "")), row["value"]) for row in expected_limits()}
    wanted = {key: tuple(map(pdf.squashed, row)) for key, row in texts.items()}
    assert {key: row for key, row in wanted.items() if shown[row] != 1} == {}


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_limit_has_a_row_on_the_limits_sheet(release: Release, paper: str) -> None:
    shown = [row[1] for row in pdf.table_rows(release.limits_sheet(paper))]
    values = {row["limit"]: pdf.squashed(row["value"]) for row in expected_limits()}
    assert len(shown) == len(release.notebook.limits)
    assert {key: value for key, value in values.items() if not any(row.startswith(value) for row in shown)} == {}


def test_every_limit_has_its_card_in_the_deck(release: Release) -> None:
    notes = [release.col.get_note(note) for note in release.col.find_notes("tag:*::kind::limit")]
    answers = {note["Key"]: note["Answer"] for note in notes}
    assert len(answers) == len(notes)
    wanted = {row["limit"]: f'<b class="limit">{row["value"]}</b>' for row in expected_limits()}
    assert {key: answer for key, answer in wanted.items() if answers.get(key) != answer} == {}


def test_every_diagram_is_on_the_sheet_and_in_the_deck(release: Release) -> None:
    numbers = {section.key: section.label for section in release.notebook.sections()}
    found = Counter(numbers[diagram["section"]] for diagram in release.built.manifest["diagrams"])
    wanted = {row["section"]: int(row["diagrams"]) for row in rows("diagrams") if is_due(row["section"])}
    assert {number: count for number, count in wanted.items() if found[number] < count} == {}
    assert len(pdf.alternative_texts(release.sheet("a4"))) == found.total()
    pictures = [release.col.get_note(note)["Answer"] for note in release.col.find_notes("tag:*::kind::diagram")]
    assert len({answer for answer in pictures if answer.startswith("<img")}) == found.total()


def test_every_card_is_there(release: Release, request: pytest.FixtureRequest) -> None:
    chapters = {s.key: str(s.number[0]) for chapter in release.notebook.chapters for s in chapter.walk()}
    actual = [
        {"chapter": chapters[note["section"]], "key": note["key"], "cards": str(note["cards"])}
        for note in release.built.manifest["notes"]
    ]
    if request.config.getoption("--accept-cards"):
        with (CONTRACT / "cards.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["chapter", "key", "cards"], lineterminator="\n")
            writer.writeheader()
            writer.writerows(actual)
    listed = rows("cards")
    assert [row for row in listed if row not in actual] == []
    assert [row for row in actual if row not in listed] == []
    keys = {release.col.get_note(note)["Key"] for note in release.col.find_notes("")}
    assert {row["key"] for row in listed} == keys
