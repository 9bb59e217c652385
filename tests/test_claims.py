"""What in a line is worth a card."""

import pytest

from cheatdeck.derive import claims


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
        "nothing behind:",
    ],
)
def test_a_line_without_a_term(text: str) -> None:
    assert claims.meaning(text) is None


def test_sentences_end_where_they_end() -> None:
    text = "The tide, e.g. of spring, rises 5.5 m. Then it falls! Why? “Moon.” See fig. 3 and no. 4."
    expected = ["The tide, e.g. of spring, rises 5.5 m.", "Then it falls!", "Why?", "“Moon.”", "See fig. 3 and no. 4."]
    assert [text[start:end] for start, end in claims.sentences(text)] == expected


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
