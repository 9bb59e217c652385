"""Pieces of inline content by where they stand in its plain text."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile

from cheatdeck import model
from cheatdeck.model import Inline

Piece = tuple[int, int]

# Anki makes no cards of deletions with higher numbers.
MOST_CLOZES = 500


def split(content: tuple[Inline, ...], places: Sequence[int]) -> list[tuple[Inline, ...]]:
    """Return a content cut at places in its plain text, which are in order, styles kept: one part more than places."""
    found: list[list[Inline]] = [[]]
    place = 0
    for part in content:
        length = len(model.plain((part,)))
        while len(found) <= len(places) and places[len(found) - 1] <= place:
            found.append([])
        inner = places[len(found) - 1 : bisect_left(places, place + length)]
        if length:
            first, *others = _divided(part, [each - place for each in inner])
            found[-1] += first
            found += others
        place += length
    found += [[] for _ in range(len(places) + 1 - len(found))]
    return [tuple(each) for each in found]


def _divided(part: Inline, places: Sequence[int]) -> Iterator[list[Inline]]:
    """Yield what of a part of a content stands between places in it; some kinds stay whole."""
    if not places or isinstance(part, model.Break | model.Value):
        yield [part]
        yield from ([] for _ in places)
    elif isinstance(part, model.Text):
        for start, end in zip((0, *places), (*places, len(part.text)), strict=True):
            yield [replace(part, text=part.text[start:end])] if start < end else []
    else:
        for children in split(part.children, places):
            yield [replace(part, children=children)] if children else []


def cut(content: tuple[Inline, ...], start: int, end: int) -> tuple[Inline, ...]:
    """Return what stands from `start` to before `end` in the plain text of a content, styles kept."""
    return split(content, (start, max(start, end)))[1]


def within(pieces: Sequence[Piece], start: int, end: int) -> Sequence[Piece]:
    """Return those of pieces, which are in order, that begin at `start` or behind it, and before `end`."""
    return pieces[bisect_left(pieces, (start,)) : bisect_left(pieces, (end,))]


def between(pieces: Iterable[Piece], end: int, start: int = 0) -> Iterator[Piece]:
    """Yield what stands before, between and behind pieces, which are in order, in a text from `start` to `end`."""
    place = start
    for first, behind in pieces:
        yield place, first
        place = behind
    yield place, end


def trimmed(content: list[Inline]) -> tuple[Inline, ...]:
    """Drop white space at both ends of inline content, and texts that are empty then."""
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        if content and isinstance(text := content[end], model.Text):
            content[end] = model.Text(strip(text.text), text.span)
    return tuple(inline for inline in content if not (isinstance(inline, model.Text) and not inline.text))


def stripped(content: Iterable[Inline]) -> tuple[Inline, ...]:
    """Return a content without white space and line breaks at its ends."""
    left = list(content)
    while left and _is_blank(left[-1]):
        left.pop()
    return trimmed(list(dropwhile(_is_blank, left)))


def _is_blank(part: Inline) -> bool:
    return isinstance(part, model.Break) or (isinstance(part, model.Text) and not part.text.strip())


def marked(content: tuple[Inline, ...], pieces: Iterable[tuple[Piece, int]]) -> tuple[Inline, ...]:
    """Return a content with pieces of it as deletions, each with its number; pieces do not overlap."""
    numbered = sorted(pieces)
    first, *rest = split(content, [place for piece, _ in numbered for place in piece])
    found = [*first]
    for (_, number), hidden, behind in zip(numbered, rest[::2], rest[1::2], strict=True):
        found += [model.Mark(number, hidden, hidden[0].span), *behind]
    return tuple(found)
