"""What notes say: chapters, sections, blocks and inline text, each with its place in the source.

Everything here is frozen; nothing here knows HTML, Anki or PDF.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cheatdeck.settings import Settings


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place on one source line: file as shown to people, 1-based line and column, length in characters."""

    file: str
    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; white space is folded, except in code."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Styled:
    """Text with a look of its own; `tag` is one of abbr, code, em, kbd, s, strong, sub, sup."""

    tag: str
    children: "tuple[Inline, ...]"
    span: Span
    title: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A line break within a block."""

    span: Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A cloze deletion; marks of one note with the same number are hidden together.

    `is_numbered` tells whether the writer gave the number.
    """

    number: int
    children: "tuple[Inline, ...]"
    span: Span
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A term where it is defined; `title` is its full form where the text uses a shorter one."""

    children: "tuple[Inline, ...]"
    span: Span
    title: str = ""


@dataclass(frozen=True, slots=True)
class LimitRef:
    """A limit's value as printed in running text; `limit` is the limit's id or an alias of it."""

    limit: str
    children: "tuple[Inline, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another place in the notebook: `file` is empty for the same chapter."""

    file: str
    key: str
    children: "tuple[Inline, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class WebLink:
    """A link to a page of the web, http or https."""

    address: str
    children: "tuple[Inline, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class Old:
    """What older exam questions still expect."""

    children: "tuple[Inline, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class New:
    """What holds now: since a year or a month (2025, 2025-08), and perhaps where that can be read."""

    children: "tuple[Inline, ...]"
    span: Span
    since: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A computed figure, and the arithmetic that gives it."""

    calculation: str
    children: "tuple[Inline, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class Value:
    """A limit's value, where the limit itself is asked for."""

    text: str
    span: Span


Inline = Text | Styled | Break | Mark | Term | LimitRef | Link | WebLink | Old | New | Result | Value


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; with a key, a note of its own."""

    key: str
    content: tuple[Inline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: its own text, then what is nested in it; with a key, a note of its own."""

    key: str
    content: tuple[Inline, ...]
    nested: "tuple[Block, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class ItemList:
    """A bulleted or numbered list; `start` is the number of its first item."""

    ordered: bool
    items: tuple[Item, ...]
    span: Span
    start: int = 1


class Look(StrEnum):
    """How a question stands on the sheet: in a list, in a box, or as a worked example."""

    LISTED = "listed"
    BOXED = "boxed"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answer; `lead` says on its card what it is about, where the question itself may not."""

    key: str
    question: tuple[Inline, ...]
    answer: "tuple[Block, ...]"
    look: Look
    span: Span
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Remember:
    """What the exam asks of a chapter, at its head."""

    content: tuple[Inline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class QuestionList:
    """Questions and answers that stand together in one list."""

    questions: tuple[Question, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    header: bool
    content: tuple[Inline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; with a key, a note of its own."""

    key: str
    cells: tuple[Cell, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A table, the head's rows apart; a comparison asks how the things in its columns differ."""

    caption: tuple[Inline, ...]
    comparison: bool
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code; `language` is a Pygments name, or empty."""

    language: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Diagram:
    """A Mermaid diagram: the caption asks, the picture answers, the description stands in for the picture.

    A wide one stands across the columns of the sheet.
    """

    key: str
    source: str
    caption: tuple[Inline, ...]
    description: str
    span: Span
    source_span: Span
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that came with the notes: `file` is its address as written, and once it is read, its media name.

    `alt` says in words what it shows. A wide one stands across the columns of the sheet.
    """

    file: str
    alt: str
    caption: tuple[Inline, ...]
    span: Span
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Blocks that are set off from the text around them: a quotation, a note, a warning."""

    content: "tuple[Block, ...]"
    span: Span


Block = Paragraph | Remember | ItemList | Question | QuestionList | Table | Code | Diagram | Image | Quote

# What may have a key.
Keyed = Paragraph | Item | Row | Question | Diagram


class Kind(StrEnum):
    """What a card asks for."""

    CLOZE = "cloze"
    QUESTION = "question"
    EXAMPLE = "example"
    DEFINITION = "definition"
    ROW = "row"
    LIMIT = "limit"
    DIAGRAM = "diagram"


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was made of text in which nobody marked one: its front, and its back.

    `lead` says what the front is about, since the text was not written to stand alone. A cloze has its text in
    front, deletions in it, and no back.
    """

    kind: Kind
    key: str
    lead: str
    front: tuple[Inline, ...]
    back: tuple[Block, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity that plain text names, as it is written there, beside what it is of."""

    subject: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Source:
    """Where a section's facts can be read."""

    title: str
    address: str
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A section and the sections within it; the outermost of a file is the chapter.

    `number` has one part for each level: (17, 5, 1). `tasks` are ids of the exam's tasks. `cards` and `figures` are
    those of plain text; what is marked as a card stands among the blocks.
    """

    key: str
    number: tuple[int, ...]
    title: tuple[Inline, ...]
    tasks: tuple[str, ...]
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    sections: "tuple[Section, ...]"
    span: Span
    cards: tuple[Card, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def label(self) -> str:
        """The number as people write it: 17.5.1."""
        return ".".join(map(str, self.number))

    @property
    def heading(self) -> str:
        """Number and title, as they are shown to people: 17.5.1 Redrive to source."""
        return f"{self.label} {plain(self.title)}"

    def walk(self) -> "Iterator[Section]":
        """Yield this section and all within it, in the order of the notes."""
        yield self
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True, slots=True)
class Limit:
    """A figure worth knowing by heart. `value` is as printed; `exam` is what older questions still expect."""

    key: str
    subject: str
    value: str
    kind: str
    section: str
    span: Span
    unit: str = ""
    exam: str = ""
    note: str = ""
    source: str = ""
    check: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notebook:
    """A whole notebook: settings, chapters in order, limits in the order of limits.toml."""

    settings: Settings
    chapters: tuple[Section, ...]
    limits: tuple[Limit, ...]

    def limits_by_id(self) -> dict[str, Limit]:
        """Return the limits by their ids and by their aliases."""
        return {key: limit for limit in self.limits for key in (limit.key, *limit.aliases)}

    def sections(self) -> Iterator[Section]:
        """Yield all sections of all chapters, in order."""
        for chapter in self.chapters:
            yield from chapter.walk()


def plain(content: tuple[Inline, ...]) -> str:
    """Return the text of inline content without its markup."""
    return "".join(_plain(inline) for inline in content)


def _plain(inline: Inline) -> str:
    match inline:
        case Text(text=text) | Value(text=text):
            return text
        case Break():
            return " "
        case _:
            return plain(inline.children)


def asked(content: tuple[Inline, ...]) -> str:
    """Return the text of a question without its markup, deletions as […]."""
    return "".join("[…]" if isinstance(inline, Mark) else _plain(inline) for inline in content)


def inlines(content: tuple[Inline, ...]) -> Iterator[Inline]:
    """Yield all inline nodes, parents before children."""
    for inline in content:
        yield inline
        if not isinstance(inline, Text | Break | Value):
            yield from inlines(inline.children)


def blocks(content: tuple[Block, ...]) -> Iterator[Block]:
    """Yield all blocks, parents before children."""
    for block in content:
        yield block
        match block:
            case ItemList(items=items):
                for item in items:
                    yield from blocks(item.nested)
            case Question(answer=answer):
                yield from blocks(answer)
            case QuestionList(questions=questions):
                yield from blocks(questions)
            case Quote(content=quoted):
                yield from blocks(quoted)
            case _:
                pass


def keyed_parts(block: Block) -> Iterator[Keyed]:
    """Yield what may have a key of a block itself, not of the blocks within it."""
    match block:
        case Table(body=body):
            yield from body
        case ItemList(items=items):
            yield from items
        case Paragraph() | Question() | Diagram():
            yield block
        case _:
            pass


def contents(block: Block) -> Iterator[tuple[Inline, ...]]:
    """Yield the inline contents that stand in a block itself, not in the blocks within it."""
    match block:
        case Paragraph(content=content) | Remember(content=content):
            yield content
        case ItemList(items=items):
            for item in items:
                yield item.content
        case Question(question=question):
            yield question
        case Table(caption=caption, head=head, body=body):
            yield caption
            for row in (*head, *body):
                for cell in row.cells:
                    yield cell.content
        case Diagram(caption=caption) | Image(caption=caption):
            yield caption
        case _:
            pass


def section_contents(section: Section) -> Iterator[tuple[Inline, ...]]:
    """Yield all inline contents of a section, its title first, without the sections within it."""
    yield section.title
    for block in blocks(section.blocks):
        yield from contents(block)
