"""The ledger: what was released, and since when it is so."""

from dataclasses import replace
from pathlib import Path

import pytest

from cheatdeck.files import SETTINGS_FILE, Files
from cheatdeck.ledger import COLUMNS, NOTE_TYPE, Entry, Ledger, Thing, as_csv, iso, read, ship

FIRST, SECOND, THIRD = 1_700_000_000, 1_710_000_000, 1_720_000_000


def thing(key: str, version: str = "1", *, is_retired: bool = False) -> Thing:
    return Thing(key, f"guid-{key}", "question", version * 16, is_retired=is_retired)


def retire(ledger: Ledger, key: str) -> Ledger:
    return {**ledger, key: replace(ledger[key], reason="No longer asked")}


def times(ledger: Ledger) -> dict[str, int]:
    return {key: entry.changed_at for key, entry in ledger.items()}


def written(folder: Path, text: str | bytes) -> tuple[Ledger, list[str]]:
    """Write a ledger and read it; return it and what is wrong with it."""
    (folder / SETTINGS_FILE).touch()
    (folder / "cards.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    files = Files(folder)
    ledger = read(files)
    return ledger, [f"{problem.span.line}: {problem.message}" for problem in files.problems]


def test_everything_is_new_in_the_first_release() -> None:
    shipment = ship({}, [thing("a"), thing("b")], FIRST)
    assert shipment.added == ("a", "b")
    assert times(shipment.ledger) == {"a": FIRST, "b": FIRST}
    assert not shipment.is_released


def test_only_what_differs_counts_as_changed() -> None:
    first = ship({}, [thing("a"), thing("b"), thing("gone")], FIRST).ledger
    shipment = ship(first, [thing("a"), thing("b", "2"), thing("c")], SECOND)
    assert (shipment.added, shipment.changed, shipment.retired, shipment.dropped) == (("c",), ("b",), (), ("gone",))
    assert times(shipment.ledger) == {"a": FIRST, "b": SECOND, "c": SECOND}


def test_what_was_released_as_it_is_is_nothing_new() -> None:
    first = ship({}, [thing("a")], FIRST).ledger
    shipment = ship(first, [thing("a")], SECOND)
    assert shipment.is_released
    assert shipment.ledger == first


def test_a_card_is_retired_once_and_may_get_a_better_reason_later() -> None:
    first = ship({}, [thing("a"), thing("b")], FIRST).ledger
    second = ship(retire(first, "a"), [thing("b"), thing("a", "2", is_retired=True)], SECOND)
    assert (second.retired, second.changed) == (("a",), ())
    assert (second.ledger["a"].changed_at, second.ledger["a"].retired_at) == (SECOND, SECOND)
    third = ship(second.ledger, [thing("b"), thing("a", "3", is_retired=True)], THIRD)
    assert (third.retired, third.changed) == ((), ("a",))
    assert (third.ledger["a"].changed_at, third.ledger["a"].retired_at) == (THIRD, SECOND)


def test_a_retired_card_keeps_its_kind_and_its_deletions() -> None:
    released = Entry("a", "A", "cloze", "1" * 16, FIRST, ((1, "1" * 8), (2, "2" * 8)))
    retired = Thing("a", "A", "cloze", "2" * 16, is_retired=True)
    entry = ship(retire({"a": released}, "a"), [retired], SECOND).ledger["a"]
    assert (entry.kind, entry.deletions, entry.reason) == ("cloze", released.deletions, "No longer asked")


def test_before_it_is_binding_a_retired_card_may_come_back() -> None:
    first = ship({}, [thing("a")], FIRST).ledger
    second = ship(retire(first, "a"), [thing("a", "2", is_retired=True)], SECOND).ledger
    entry = ship(second, [thing("a")], THIRD).ledger["a"]
    assert (entry.changed_at, entry.is_retired, entry.retired_at) == (THIRD, False, None)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    ledger = {
        "b": Entry("b", "B", "cloze", "0" * 16, FIRST, ((1, "0" * 8), (12, "f" * 8))),
        "a": Entry("a", "A", "limit", "f" * 16, SECOND, (), THIRD, 'Commas, "quotes", ünd more', "b"),
        "Cheatdeck Cloze": Entry("Cheatdeck Cloze", "12", NOTE_TYPE, "1" * 16, FIRST),
    }
    found, problems = written(tmp_path, as_csv(ledger))
    assert problems == []
    assert list(found) == ["Cheatdeck Cloze", "a", "b"]
    assert {key: replace(entry, span=ledger[key].span) for key, entry in found.items()} == ledger


def test_a_ledger_reads_well() -> None:
    assert as_csv(ship({}, [thing("a")], FIRST).ledger).decode() == (
        "key,guid,kind,hash,changed_at,deletions,retired_at,reason,successor\n"
        "a,guid-a,question,1111111111111111,2023-11-14T22:13:20Z,,,,\n"
    )
    assert iso(FIRST) == "2023-11-14T22:13:20Z"


def test_a_notebook_without_a_ledger_has_an_empty_one(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert (read(files), files.problems) == ({}, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: the columns are not as they must be"),
        ("key,guid\n", "1: the columns are not as they must be"),
        (f'{",".join(COLUMNS)}\na,"b"c,,,,,,,\n', "2: no CSV: ',' expected after '\"'"),
        (b"\xff", "1: cannot read the file: not UTF-8 at byte 0"),
    ],
)
def test_a_file_that_is_no_ledger_is_a_problem(text: str | bytes, problem: str, tmp_path: Path) -> None:
    assert written(tmp_path, text) == ({}, [problem])


def test_a_link_out_of_the_notebook_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text("secret", encoding="utf-8")
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / SETTINGS_FILE).touch()
    (folder / "cards.csv").symlink_to(tmp_path / "elsewhere.csv")
    files = Files(folder)
    assert (read(files), files.texts) == ({}, {})
    assert [problem.message for problem in files.problems] == ["cannot read the file: it leads out of the notebook"]
