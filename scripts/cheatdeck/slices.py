"""Pieces of inline content by where they stand in its plain text."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cheatdeck import model
from cheatdeck.model import Inline
from cheatdeck.parse import trimmed

Piece = tuple[int, int]


def cut(content: tuple[Inline, ...], start: int, end: int) -> tuple[Inline, ...]:
    """Return what stands from `start` to before `end` in the plain text of a content, styles kept."""
    return tuple(_cut(content, start, end))


def _cut(content: tuple[Inline, ...], start: int, end: int) -> Iterator[Inline]:
    place = 0
    for part in content:
        length = len(model.plain((part,)))
        low, high = max(start - place, 0), min(end - place, length)
        place += length
        if low >= high:
            continue
        if isinstance(part, model.Text):
            yield replace(part, text=part.text[low:high])
        elif isinstance(part, model.Break | model.Value) or (low, high) == (0, length):
            yield part
        else:
            yield replace(part, children=tuple(_cut(part.children, low, high)))


def stripped(content: Iterable[Inline]) -> tuple[Inline, ...]:
    """Return a content without white space and line breaks at its ends."""
    left = list(trimmed(list(content)))
    while left and isinstance(left[0], model.Break):
        left = list(trimmed(left[1:]))
    while left and isinstance(left[-1], model.Break):
        left = list(trimmed(left[:-1]))
    return tuple(left)


def marked(content: tuple[Inline, ...], pieces: Iterable[tuple[Piece, int]]) -> tuple[Inline, ...]:
    """Return a content with pieces of it as deletions, each with its number; pieces do not overlap."""
    found: list[Inline] = []
    place = 0
    for (start, end), number in sorted(pieces):
        hidden = cut(content, start, end)
        found += [*cut(content, place, start), model.Mark(number, hidden, hidden[0].span)]
        place = end
    return (*found, *cut(content, place, len(model.plain(content))))
