"""The blocks of a section -> what may become a card: lines with what they are about, rows, questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cheatdeck import model
from cheatdeck.derive import claims
from cheatdeck.model import Block, Inline, Span
from cheatdeck.rewrite import in_content
from cheatdeck.slices import cut, stripped


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or an item; `about` are the labels that it stands under, `below` what stands right below it."""

    content: tuple[Inline, ...]
    about: tuple[str, ...]
    below: tuple[Block, ...]
    key: str
    span: Span
    is_item: bool = False

    @property
    def text(self) -> str:
        """Its plain text."""
        return model.plain(self.content)

    @property
    def led_to(self) -> tuple[Block, ...]:
        """What stands below it, if it leads there: what is within its item, or what a colon or a question announces."""
        return self.below if self.is_item or self.text.rstrip().endswith((":", "?")) else ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a table: what each of its cells says, after the heading of its column; `column` is that of the first."""

    column: tuple[Inline, ...]
    first: tuple[Inline, ...]
    rest: tuple[tuple[tuple[Inline, ...], tuple[Inline, ...]], ...]
    about: tuple[str, ...]
    key: str
    span: Span


# Of a table with so many columns, the second answers the first.
_TERM_AND_MEANING = 2
# Between the titles and labels in front of what is said; of labels, the last ones are shown.
APART = " › "
MOST_LABELS = 2

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
            case model.Paragraph(content=content, key=key, span=span) if content:
                names_code = bool(below) and isinstance(below[0], model.Code)
                if is_bold(content) and claims.is_label(model.plain(content)) and not names_code:
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


def as_asked(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return a line as cards have it: without the marks of footnotes, and without tags at its end."""
    said = in_content(content, _without_footnote)
    text = model.plain(said)
    start = claims.tags_start(text)
    return said if start == len(text) else stripped(cut(said, 0, start))


def _without_footnote(part: Inline) -> Iterator[Inline]:
    if not (isinstance(part, model.Styled) and part.tag == "sup" and claims.is_footnote(model.plain((part,)))):
        yield part


def _below(block: Block | None) -> tuple[Block, ...]:
    return (block,) if isinstance(block, model.ItemList | model.Code | model.Table) else ()


def _label_above(blocks: Sequence[Block], place: int) -> str:
    """Return the line right above a block if it only says what the block is about, or leads to it with a colon."""
    above = blocks[place - 1] if place else None
    if not isinstance(above, model.Paragraph) or is_bold(above.content):
        return ""
    text = model.plain(above.content)
    says_all = claims.meaning(text) is not None and not text.rstrip().endswith(":")
    # A list goes on about a term of which something is said; a table hardly does.
    return "" if says_all and isinstance(blocks[place], model.Table) else _name(text)


def _name(text: str) -> str:
    """Return what a line is about that stands above others: its term, or all of it; nothing if it says more."""
    meaning = claims.meaning(text)
    return label(text[: meaning.term[1]] if meaning else text if claims.is_label(text) else "")


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
            yield Line(item.content, about, item.nested, item.key, item.span, is_item=True)
        name = _name(model.plain(item.content))
        yield from units(item.nested, (*about, name) if name else about)


def _rows(table: model.Table, about: tuple[str, ...]) -> Iterator[Entry]:
    columns = [cell.content for cell in table.head[-1].cells] if table.head else []
    # The first column of some only counts the rows.
    numbers = [*columns[:1], *(row.cells[0].content for row in table.body)]
    first = 1 if len(table.body[0].cells) > _TERM_AND_MEANING and not any(map(_says, numbers)) else 0
    columns = columns[first:]
    if len(columns) == _TERM_AND_MEANING and columns[1]:
        about = (*about, label(model.plain(columns[1])))
    for row in table.body:
        term, *others = row.cells[first:]
        headings = columns[1:] if columns else [()] * len(others)
        rest = tuple((heading, cell.content) for heading, cell in zip(headings, others, strict=True) if cell.content)
        yield Entry(columns[0] if columns else (), term.content, rest, about, row.key, row.span)


def _says(content: tuple[Inline, ...]) -> bool:
    """Tell whether a content has words, not only numbers and signs."""
    return any(letter.isalpha() for letter in model.plain(content))
