"""Deletions that writers made in plain notes, by marks or as Anki has them: {{c1::hidden::hint}}."""

from collections.abc import Iterator

from cheatdeck import model
from cheatdeck.derive import claims
from cheatdeck.model import Block, Inline
from cheatdeck.rewrite import in_blocks, in_content
from cheatdeck.slices import Piece, cut, marked

Numbered = tuple[Piece, int]


def marks(content: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], list[Numbered]]:
    """Return a content without its marks, and where they were, numbered in order; the same words go together."""
    pieces = []
    numbers: dict[str, int] = {}
    for start, end in _marked_pieces(content, 0):
        text = model.plain(content)[start:end]
        if text.strip():
            pieces.append(((start, end), numbers.setdefault(text.casefold(), len(numbers) + 1)))
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
    found: list[Inline] = []
    pieces = []
    place = length = 0
    for deletion in claims.deletions(text):
        before = cut(content, place, deletion.whole[0])
        hidden = cut(content, *deletion.hidden)
        hint = text[slice(*deletion.hint)]
        length += len(model.plain(before))
        size = len(model.plain(hidden))
        pieces.append(((length, length + size), deletion.number))
        behind = (model.Text(f" ({hint})", hidden[0].span),) if hint.strip() else ()
        found += [*before, *hidden, *behind]
        length += size + len(model.plain(behind))
        place = deletion.whole[1]
    return (*found, *cut(content, place, len(text))), pieces


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
