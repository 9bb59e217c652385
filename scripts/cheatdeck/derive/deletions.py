"""Deletions that writers made in plain notes, by marks or as Anki has them: {{c1::hidden::hint}}."""

from collections.abc import Iterator

from cheatdeck import model
from cheatdeck.derive import claims
from cheatdeck.model import Block, Inline
from cheatdeck.rewrite import in_blocks, in_content
from cheatdeck.slices import Piece, marked, split

Numbered = tuple[Piece, int]


def marks(content: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], list[Numbered]]:
    """Return a content without its marks, and where they were, numbered in order; the same words go together."""
    text = model.plain(content)
    pieces = []
    numbers: dict[str, int] = {}
    for start, end in _marked_pieces(content, 0):
        hidden = text[start:end]
        if hidden.strip():
            pieces.append(((start, end), numbers.setdefault(hidden.casefold(), len(numbers) + 1)))
    return in_content(content, _without_mark), pieces


def _marked_pieces(content: tuple[Inline, ...], place: int) -> Iterator[Piece]:
    for part in content:
        length = len(model.plain((part,)))
        if isinstance(part, model.Mark):
            yield place, place + length
        elif not isinstance(part, model.Text | model.Break | model.Value):
            yield from _marked_pieces(part.children, place)
        place += length


def typed(content: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], list[Numbered]]:
    """Return a content without the braces of Anki's deletions, and where what they hide stands then.

    A hint stands in parentheses behind.
    """
    text = model.plain(content)
    deletions = claims.deletions(text)
    places = [(each.whole[0], *each.hidden, each.whole[1]) for each in deletions]
    first, *parts = split(content, [place for each in places for place in each])
    found = [*first]
    pieces = []
    length = len(model.plain(first))
    for deletion, hidden, rest in zip(deletions, parts[1::4], parts[3::4], strict=True):
        hint = text[slice(*deletion.hint)]
        size = len(model.plain(hidden))
        pieces.append(((length, length + size), deletion.number))
        behind = (model.Text(f" ({hint})", hidden[0].span), *rest) if hint.strip() else rest
        found += [*hidden, *behind]
        length += size + len(model.plain(behind))
    return tuple(found), pieces


def _without_mark(part: Inline) -> Iterator[Inline]:
    if isinstance(part, model.Mark):
        yield from part.children
    else:
        yield part


def _bold_mark(part: Inline) -> Iterator[Inline]:
    if isinstance(part, model.Mark):
        yield model.Styled("strong", part.children, part.span)
    else:
        yield part


def unmarked(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return a content as it is shown: what a mark hides is in bold."""
    plain, pieces = typed(content)
    return in_content(marked(plain, pieces) if pieces else content, _bold_mark)


def as_shown(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks as they are shown."""
    return in_blocks(blocks, unmarked)


def with_gaps(front: tuple[Inline, ...]) -> str:
    """Return what a cloze asks, without what it hides."""
    return "".join(" " if isinstance(part, model.Mark) else model.plain((part,)) for part in front)
