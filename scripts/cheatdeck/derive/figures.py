"""The quantities that plain notes name, each beside what it is of."""

from collections.abc import Iterable, Iterator

from cheatdeck import model
from cheatdeck.derive.claims import breaths
from cheatdeck.derive.quantities import counts, measures
from cheatdeck.derive.units import APART, MOST_LABELS, Entry, Line, Unit
from cheatdeck.model import Block, Figure
from cheatdeck.slices import between, within

# What stands for a quantity in the line that names it.
_GAP = "…"
# A value of more words is cut down to its quantities.
_MOST_WORDS = 6


def figures(found: Iterable[Unit]) -> Iterator[Figure]:
    """Yield what lines, rows and questions say in numbers, in their order."""
    for unit in found:
        match unit:
            case Line(text=text, about=about, span=span):
                pieces = measures(text) or counts(text)
                for start, end in breaths(text) if pieces else ():
                    inner = within(pieces, start, end)
                    values = [text[slice(*piece)] for piece in inner]
                    said = _GAP.join(text[a:b] for a, b in between(inner, end, start))
                    yield from _figure(about, said, values, span)
            case Entry(first=first, rest=rest, about=about, span=span):
                values = [value for _, content in rest for value in _values(model.plain(content))]
                yield from _figure(about, model.plain(first), values, span)
            case model.Question(question=question, answer=answer, span=span):
                values = [value for text in _texts(answer) for value in _values(text)]
                yield from _figure((), model.plain(question), values, span)


def _figure(about: tuple[str, ...], said: str, values: list[str], span: model.Span) -> Iterator[Figure]:
    if values:
        labels = APART.join(filter(None, about[-MOST_LABELS:]))
        yield Figure(f"{labels}: {said}" if labels else said, ", ".join(dict.fromkeys(values)), span)


def _values(text: str) -> list[str]:
    """Return a text that has quantities, or, of a long one, those alone."""
    pieces = measures(text)
    return [text] if pieces and len(text.split()) <= _MOST_WORDS else [text[start:end] for start, end in pieces]


def _texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in model.blocks(blocks):
        yield from map(model.plain, model.contents(block))
