"""What in a line is worth a card."""

from collections.abc import Callable
from time import process_time

import pytest

from cheatdeck.derive import claims

SOON = 2.0


@pytest.mark.parametrize(
    ("text", "term", "meaning"),
    [
        ("Tide - the sea rises", "Tide", "the sea rises"),
        ("Tide – the sea rises", "Tide", "the sea rises"),
        ("Tide—the sea rises", "Tide", "the sea rises"),
        ("Tide: the sea rises", "Tide", "the sea rises"),
        ("A record —> IPv4", "A record", "IPv4"),
        ("Tide:: the sea rises", "Tide", "the sea rises"),
        ("Tide -> flood", "Tide", "flood"),
        ("cold storage (not mandatory): after a year", "cold storage (not mandatory)", "after a year"),
        ("Type I hypersensitivity: IgE mediated", "Type I hypersensitivity", "IgE mediated"),
        ("IT band syndrome: lateral knee pain", "IT band syndrome", "lateral knee pain"),
        ("5 May 1789: the estates meet", "5 May 1789", "the estates meet"),
        ("1776: independence is declared", "1776", "independence is declared"),
        ("1789 – the French revolution", "1789", "the French revolution"),
        ("1914–1918: the first world war", "1914–1918", "the first world war"),
        ("1066: 14 October, a battle", "1066", "14 October, a battle"),
    ],
)
def test_a_term_and_its_meaning(text: str, term: str, meaning: str) -> None:
    found = claims.meaning(text)
    assert found is not None
    assert (text[slice(*found.term)], text[slice(*found.meaning)]) == (term, meaning)


@pytest.mark.parametrize(
    "text",
    [
        "a well-known word",
        "The sea rises when it is tide - and falls",
        "e.g.: a tide",
        "Note: mind the tide",
        "See: https://example.com",
        "at 10:30 and 22:45",
        "client —> edge —> origin",
        "Handles millions of requests — scalable —",
        "This goes on for much more than six words: yes",
        "5 minutes - the default",
        "(the tide: rises)",
        "Between low and high tide: six hours",
        "More: a page on tides",
        "See also: a page on tides",
        "Tide: tides",
        ": nothing before",
        "This goes: on",
        "1000 – 2000 m",
        "12 - a dozen",
        "Wichtig: die Flut steigt",
        "Remarque : la mer monte",
        "nothing behind:",
    ],
)
def test_a_line_without_a_term(text: str) -> None:
    assert claims.meaning(text) is None


def test_sentences_end_where_they_end() -> None:
    text = "The tide, e.g. of spring, rises 5.5 m. Then it falls! Why? “Moon.” See fig. 3 and no. 4."
    expected = ["The tide, e.g. of spring, rises 5.5 m.", "Then it falls!", "Why?", "“Moon.”", "See fig. 3 and no. 4."]
    assert [text[start:end] for start, end in claims.sentences(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was ended by Brown v. Board of Education.",
        "Sie wurde am 9. November 1918 von Philipp Scheidemann ausgerufen.",
        "It was signed for the U.S. Treasury by J. D. Watson.",
        "The price was set by Prof. Keynes, cf. Art. 12 and vol. 3 of it.",
        "Nach § 823 Abs. 1 haftet er, vgl. Art. 14 GG.",
    ],
)
def test_a_sentence_is_not_cut_at_an_abbreviation_an_initial_or_an_ordinal(text: str) -> None:
    assert list(claims.sentences(f"{text} Then more.")) == [(0, len(text)), (len(text) + 1, len(text) + 11)]


def test_words_that_are_abbreviations_before_numbers_only_end_sentences() -> None:
    text = "The answer is no. He left art. It is 3.14. So it is."
    assert [text[start:end] for start, end in claims.sentences(text)] == [
        "The answer is no.", "He left art.", "It is 3.14.", "So it is.",
    ]  # fmt: skip


def test_names_come_before_other_nouns() -> None:
    text = "The tide of Fundy has the variation that NASA measured"
    assert [text[start:end] for start, end in claims.names(text)] == ["NASA", "Fundy", "variation"]


def test_deletions_as_anki_has_them() -> None:
    text = "{{c1::Moon::a body}} and {{c2::sun}}, {{ jinja }}, {{c0::no}}, {{c9}}"
    found = [(d.number, text[slice(*d.hidden)], text[slice(*d.hint)]) for d in claims.deletions(text)]
    assert found == [(1, "Moon", "a body"), (2, "sun", "")]


@pytest.mark.parametrize(
    ("text", "expected"), [("Regulates:", True), ("good metrics", True), ("It is high.", False), ("Note:", False)]
)
def test_a_label_says_what_stands_below_it(text: str, expected: bool) -> None:  # noqa: FBT001 - from the table
    assert claims.is_label(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Note", True), ("Note:", True), ("Wichtig!", True), ("Achtung", True), ("Exemple :", True), ("Step 1.", True),
        ("3.", True), ("1989", False), ("Offer", False), ("Noted", False),
    ],
)  # fmt: skip
def test_a_remark_only_says_what_sort_of_line_it_begins(text: str, expected: bool) -> None:  # noqa: FBT001 - from the table
    assert claims.is_remark(text) is expected


@pytest.mark.parametrize("read", [claims.meaning, claims.tags_start, lambda text: list(claims.sentences(text))])
@pytest.mark.parametrize("text", ["\u00a0" * 50_000, "." * 50_000, "#a " * 20_000 + "."])
def test_long_runs_are_soon_read(text: str, read: Callable[[str], object]) -> None:
    start = process_time()
    read(text)
    assert process_time() - start < SOON
