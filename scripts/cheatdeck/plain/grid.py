"""Tables of any HTML page -> tables with as many cells in each row."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bs4.element import Tag

from cheatdeck import model
from cheatdeck.model import Block, Inline, Span
from cheatdeck.page import attribute, mixed_children
from cheatdeck.plain.apart import is_left_out

if TYPE_CHECKING:
    from cheatdeck.plain.flow import Flow

_GROUPS = {"thead", "tbody", "tfoot"}
_CELLS = {"td", "th"}
# Larger spans are mistakes, or meant to do harm.
_MOST_SPAN = 50
# No paper has room for the rows of a wider one.
_MOST_COLUMNS = 100
_TOO_MUCH_FOR_A_CELL = ["table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dl", "figure", "details"]


def rows(tag: Tag) -> Iterator[list[Tag]]:
    """Yield the rows of a table, each as its cells."""
    for row, _ in _rows(tag):
        yield row


def _rows(tag: Tag) -> Iterator[tuple[list[Tag], bool]]:
    """Yield each row's cells, and whether it stands in the table's head."""
    for child in tag.children:
        if isinstance(child, Tag) and child.name in _GROUPS:
            yield from ((cells, child.name == "thead") for cells, _ in _rows(child))
        elif isinstance(child, Tag) and child.name == "tr":
            yield [cell for cell in child.children if isinstance(cell, Tag) and cell.name in _CELLS], False


def is_layout(tag: Tag) -> bool:
    """Tell whether a table only puts things in their places: one column, too many, or cells with whole pages in them.

    A table with headings may have code in its cells.
    """
    found = [[cell for cell in row if not is_left_out(cell)] for row in rows(tag)]
    cells = [cell for row in found for cell in row]
    has_headings = any(cell.name == "th" for cell in cells)
    too_much = _TOO_MUCH_FOR_A_CELL if has_headings else [*_TOO_MUCH_FOR_A_CELL, "pre"]
    is_full = any(cell.find(too_much) for cell in cells)
    is_table = 1 < max(map(len, found), default=0) <= _MOST_COLUMNS
    return is_full or not is_table or attribute(tag, "role") in {"presentation", "none"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with its cells by column, those that reach into it from above among them."""

    cells: Mapping[int, model.Cell]
    is_head: bool
    key: str
    span: Span

    def filled(self, columns: Iterable[int]) -> model.Row:
        """Return the row with a cell for each of the columns."""
        empty = model.Cell(header=False, content=(), span=self.span)
        return model.Row(self.key, tuple(self.cells.get(column, empty) for column in columns), self.span)


@dataclass(frozen=True, slots=True)
class _Reach:
    """A cell that reaches into so many rows below, and over so many columns."""

    cell: model.Cell
    rows: int
    columns: int


def table(flow: "Flow", tag: Tag) -> model.Table | None:
    """Return a table; one without a row that says anything is nothing.

    Rows are headings in a <thead>, and where all cells of the first are. A cell that spans rows says its text in
    each of them, one that spans columns in the first; columns in which nothing is said are left out.
    """
    caption: tuple[Inline, ...] = ()
    found: list[_Row] = []
    reaching: dict[int, _Reach] = {}
    for part in tag.find_all("caption", recursive=False):
        caption = flow.runs.content(part)
    for tags, is_head in _rows(tag):
        cells = _cells(flow, tags, reaching)
        if any(cell.content for cell in cells.values()):
            parent = tags[0].parent if tags else None
            key = attribute(parent, "id") if parent else ""
            found.append(_Row(cells, is_head, key, flow.page.span(parent or tag)))
    if not found:
        return None
    columns = sorted({column for row in found for column, cell in row.cells.items() if cell.content})
    filled = [row.filled(columns) for row in found]
    heads = _heads(found)
    return model.Table(
        caption,
        comparison=False,
        head=tuple(model.Row("", tuple(_headed(row.cells)), row.span) for row in filled[:heads]),
        body=tuple(filled[heads:]),
        span=flow.page.span(tag),
    )


def _heads(found: list[_Row]) -> int:
    """Return how many rows at the top are headings; some row is none."""
    marked = 0
    while marked < len(found) and found[marked].is_head:
        marked += 1
    if marked == 0 and all(cell.header or _is_bold(cell) for cell in found[0].cells.values()):
        marked = 1
    return marked if marked < len(found) else 0


def _is_bold(cell: model.Cell) -> bool:
    return bool(cell.content) and all(
        isinstance(part, model.Styled) and part.tag == "strong" for part in cell.content if model.plain((part,)).strip()
    )


def _headed(row: tuple[model.Cell, ...]) -> Iterator[model.Cell]:
    for cell in row:
        content = cell.content
        if _is_bold(cell) and len(content) == 1 and isinstance(bold := content[0], model.Styled):
            content = bold.children
        yield model.Cell(header=True, content=content, span=cell.span)


def _cells(flow: "Flow", tags: list[Tag], reaching: dict[int, _Reach]) -> dict[int, model.Cell]:
    """Return a row's cells by column; `reaching` are those that reach into it from above, then into the next."""
    above = dict(reaching)
    cells = {column: reach.cell for column, reach in above.items()}
    reaching.clear()
    reaching |= {column: replace(reach, rows=reach.rows - 1) for column, reach in above.items() if reach.rows > 1}
    column = 0
    for tag in tags:
        while column in above:
            column += above[column].columns
        across, down = _span(tag, "colspan"), _span(tag, "rowspan")
        cells[column] = model.Cell(tag.name == "th", _content(flow, tag), flow.page.span(tag))
        if down > 1:
            reaching[column] = _Reach(cells[column], down - 1, across)
        column += across
    return cells


def _span(tag: Tag, name: str) -> int:
    value = attribute(tag, name)
    return min(_MOST_SPAN, max(1, int(value))) if re.fullmatch("[0-9]{1,9}", value) else 1


def _content(flow: "Flow", tag: Tag) -> tuple[Inline, ...]:
    """Return a cell's content in one line, what was set apart in it by line breaks."""
    lines = list(_lines(flow.blocks(mixed_children(tag)), "", flow))
    found: list[Inline] = []
    for line in lines:
        found += [model.Break(line[0].span), *line] if found else line
    return tuple(found)


def _lines(blocks: tuple[Block, ...], bullet: str, flow: "Flow") -> Iterator[tuple[Inline, ...]]:
    """Yield what blocks say, as lines; pictures and diagrams have no room in a cell, and go behind the table."""
    for block in blocks:
        match block:
            case model.ItemList(items=items):
                for item in items:
                    yield (model.Text(f"{bullet}• ", item.span), *item.content)
                    yield from _lines(item.nested, f"{bullet}– ", flow)
            case model.Quote(content=content):
                yield from _lines(content, bullet, flow)
            case model.Question(question=question, answer=answer):
                yield question
                yield from _lines(answer, bullet, flow)
            case model.Code(text=text, span=span):
                yield from (_code(line, span) for line in text.split("\n") if line.strip())
            case model.Image() | model.Diagram():
                flow.runs.lifted.append(block)
            case _:
                yield from (content for content in model.contents(block) if content)


def _code(line: str, span: Span) -> tuple[Inline, ...]:
    """Return a line of code with its indentation, which is folded elsewhere."""
    shown = line.expandtabs(4).rstrip()
    words = shown.lstrip(" ")
    indented = "\N{NO-BREAK SPACE}" * (len(shown) - len(words)) + words
    return (model.Styled("code", (model.Text(indented, span),), span),)
