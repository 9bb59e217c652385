"""The blocks of a section -> what may become a card: lines with what they are about, rows, questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cheatdeck import model
from cheatdeck.derive import claims
from cheatdeck.model import Block, Inline, Span


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or an item; `about` are the labels that it stands under, `below` what stands below it."""

    content: tuple[Inline, ...]
    about: tuple[str, ...]
    below: tuple[Block, ...]
    key: str
    span: Span

    @property
    def text(self) -> str:
        """Its plain text."""
        return model.plain(self.content)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a table: what each of its cells says, after the heading of its column."""

    first: tuple[Inline, ...]
    rest: tuple[tuple[tuple[Inline, ...], tuple[Inline, ...]], ...]
    about: tuple[str, ...]
    key: str
    span: Span


Unit = Line | Entry | model.Question


def units(blocks: Sequence[Block], about: tuple[str, ...]) -> Iterator[Unit]:
    """Yield what may become a card, in the order of reading; `about` says what all of it is about.

    A line in bold is the heading of what follows it; a short line or one with a colon at its end, of the list,
    table or code right below it.
    """
    headed = about
    for place, block in enumerate(blocks):
        below = _below(blocks[place + 1] if place + 1 < len(blocks) else None)
        match block:
            case model.Paragraph(content=content, key=key, span=span):
                if is_bold(content) and claims.is_label(model.plain(content)):
                    headed = (*about, label(model.plain(content)))
                yield Line(content, about if is_bold(content) else headed, below, key, span)
            case model.ItemList():
                labelled = _label_above(blocks, place)
                yield from _items(block, (*headed, labelled) if labelled else headed)
            case model.Table(caption=caption):
                labelled = model.plain(caption) or _label_above(blocks, place)
                yield from _rows(block, (*headed, labelled) if labelled else headed)
            case model.Quote(content=quoted):
                yield from units(quoted, headed)
            case model.QuestionList(questions=questions):
                yield from questions
            case model.Question():
                yield block
            case _:
                pass


def _below(block: Block | None) -> tuple[Block, ...]:
    return (block,) if isinstance(block, model.ItemList | model.Code | model.Table) else ()


def _label_above(blocks: Sequence[Block], place: int) -> str:
    """Return the line right above a block if it only says what the block is about, or leads to it with a colon."""
    above = blocks[place - 1] if place else None
    if not isinstance(above, model.Paragraph) or is_bold(above.content):
        return ""
    text = model.plain(above.content)
    return label(text) if claims.is_label(text) else ""


def label(text: str) -> str:
    """Return a line as it names what stands below it: without the colon."""
    return text.strip().rstrip(":").rstrip()


def is_bold(content: tuple[Inline, ...]) -> bool:
    """Tell whether all of a line is in bold."""
    said = [part for part in content if model.plain((part,)).strip(" :")]
    return bool(said) and all(isinstance(part, model.Styled) and part.tag == "strong" for part in said)


def _items(block: model.ItemList, about: tuple[str, ...]) -> Iterator[Unit]:
    for item in block.items:
        if item.content:
            yield Line(item.content, about, item.nested, item.key, item.span)
        text = model.plain(item.content)
        meaning = claims.meaning(text)
        name = text[: meaning.term[1]] if meaning else text if claims.is_label(text) else ""
        yield from units(item.nested, (*about, label(name)) if name else about)


def _rows(table: model.Table, about: tuple[str, ...]) -> Iterator[Entry]:
    columns = [cell.content for cell in table.head[-1].cells] if table.head else []
    for row in table.body:
        first, *others = row.cells
        headings = columns[1:] if columns else [()] * len(others)
        rest = tuple((heading, cell.content) for heading, cell in zip(headings, others, strict=True) if cell.content)
        yield Entry(first.content, rest, about, row.key, row.span)
