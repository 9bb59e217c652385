"""Pieces of what is said, with its styles."""

import dump
from cheatdeck import model
from cheatdeck.slices import between, cut, marked, split, stripped

SPAN = model.Span("notes.html", 1, 1)


def text(of: str) -> model.Text:
    return model.Text(of, SPAN)


CONTENT = (
    text("a "),
    model.Styled("strong", (text("lens "), model.Styled("em", (text("of"),), SPAN)), SPAN),
    text(" glass"),
)


def test_a_content_is_split_at_places_and_styles_stay() -> None:
    parts = split(CONTENT, [0, 4, 4, 8, 20])
    assert [dump.inline(part) for part in parts] == ["", "a **le**", "", "**ns _o_**", "**_f_** glass", ""]
    assert split((), [3]) == [(), ()]


def test_a_break_stands_on_one_side() -> None:
    content = (text("a"), model.Break(SPAN), text("b"))
    assert [dump.inline(part) for part in split(content, [1, 2])] == ["a", " / ", "b"]


def test_a_piece_of_a_content() -> None:
    assert dump.inline(cut(CONTENT, 2, 8)) == "**lens _o_**"
    assert cut(CONTENT, 5, 3) == ()


def test_pieces_become_deletions_whatever_their_order() -> None:
    assert dump.inline(marked(CONTENT, [((10, 15), 2), ((0, 4), 1)])) == "[a **le**]1**ns _of_** [glass]2"


def test_what_stands_between_pieces() -> None:
    assert list(between([(1, 2), (2, 4)], 5)) == [(0, 1), (2, 2), (4, 5)]


def test_white_space_and_breaks_at_the_ends_are_dropped() -> None:
    content = (text(" "), model.Break(SPAN), text(" a"), model.Break(SPAN), text("b "), model.Break(SPAN), text(" "))
    assert dump.inline(stripped(content)) == "a / b"
    assert stripped(content[:2]) == ()
