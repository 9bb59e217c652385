"""Tables of any HTML page -> tables with as many cells in each row."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bs4.element import Tag

from cheatdeck import model
from cheatdeck.model import Block, Inline, Span
from cheatdeck.page import attribute, mixed_children

if TYPE_CHECKING:
    from cheatdeck.plain.flow import Flow

_GROUPS = {"thead", "tbody", "tfoot"}
_CELLS = {"td", "th"}
# Larger spans are mistakes, or meant to do harm.
_MOST_SPAN = 50
_TOO_MUCH_FOR_A_CELL = ["table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dl", "figure", "details"]


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
    """Tell whether a table only puts things in their places: one column, or cells with whole pages in them."""
    found = list(rows(tag))
    widest = max(map(len, found), default=0)
    full = any(cell.find(_TOO_MUCH_FOR_A_CELL) for row in found for cell in row)
    return widest <= 1 or full or attribute(tag, "role") in {"presentation", "none"}


def table(flow: "Flow", tag: Tag) -> model.Table | None:
    """Return a table; one without a row that says anything is nothing.

    Rows are headings in a <thead>, and where all cells of the first are. A cell that spans rows says its text in
    each of them, one that spans columns in the first.
    """
    caption: tuple[Inline, ...] = ()
    found: list[tuple[list[model.Cell], bool, str, Span]] = []
    pending: dict[int, tuple[int, model.Cell]] = {}
    for part in tag.find_all("caption", recursive=False):
        caption = flow.runs.content(part)
    for cells, is_head in _rows(tag):
        row = _row(flow, cells, pending)
        if any(cell.content for cell in row):
            parent = cells[0].parent if cells else None
            key = attribute(parent, "id") if parent else ""
            found.append((row, is_head, key, flow.page.span(parent or tag)))
    if not found:
        return None
    width = max(len(row) for row, _, _, _ in found)
    padded = [(model.Row(key, _padded(row, width, span), span), is_head) for row, is_head, key, span in found]
    heads = _heads(padded)
    return model.Table(
        caption,
        comparison=False,
        head=tuple(model.Row("", tuple(_headed(row.cells)), row.span) for row, _ in padded[:heads]),
        body=tuple(row for row, _ in padded[heads:]),
        span=flow.page.span(tag),
    )


def _heads(found: list[tuple[model.Row, bool]]) -> int:
    """Return how many rows at the top are headings; some row is none."""
    marked = 0
    while marked < len(found) and found[marked][1]:
        marked += 1
    if marked == 0 and all(cell.header or _is_bold(cell) for cell in found[0][0].cells):
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


def _row(flow: "Flow", cells: list[Tag], pending: dict[int, tuple[int, model.Cell]]) -> list[model.Cell]:
    """Return a row with the cells that reach into it from above; `pending` are those, by column, for the next."""
    row: list[model.Cell] = []
    left = list(cells)
    while left or len(row) in pending:
        column = len(row)
        if column in pending:
            rest, cell = pending.pop(column)
            if rest > 1:
                pending[column] = rest - 1, cell
            row.append(cell)
            continue
        tag = left.pop(0)
        cell = model.Cell(tag.name == "th", _content(flow, tag), flow.page.span(tag))
        for number in range(_span(tag, "colspan")):
            part = cell if number == 0 else model.Cell(cell.header, (), cell.span)
            row.append(part)
            if (down := _span(tag, "rowspan")) > 1:
                pending[column + number] = down - 1, part
    return row


def _span(tag: Tag, name: str) -> int:
    value = attribute(tag, name)
    return min(_MOST_SPAN, max(1, int(value))) if re.fullmatch("[0-9]{1,9}", value) else 1


def _padded(row: list[model.Cell], width: int, span: Span) -> tuple[model.Cell, ...]:
    missing = width - len(row)
    return (*row, *(model.Cell(header=False, content=(), span=span) for _ in range(missing)))


def _content(flow: "Flow", tag: Tag) -> tuple[Inline, ...]:
    """Return a cell's content in one line, what was set apart in it by line breaks."""
    lines = list(_lines(flow.blocks(mixed_children(tag)), "", flow))
    found: list[Inline] = []
    for line in lines:
        found += [model.Break(line[0].span), *line] if found else line
    return tuple(found)


def _lines(blocks: tuple[Block, ...], bullet: str, flow: "Flow") -> Iterator[tuple[Inline, ...]]:
    for block in blocks:
        match block:
            case model.ItemList(items=items):
                for item in items:
                    yield (model.Text(f"{bullet}• ", item.span), *item.content)
                    yield from _lines(item.nested, f"{bullet}– ", flow)
            case model.Image():
                flow.runs.lifted.append(block)
            case _:
                yield from (content for content in model.contents(block) if content)
