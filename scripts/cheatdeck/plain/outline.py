"""Headings and blocks in the order of reading -> parts within parts, as sections will be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from cheatdeck import model
from cheatdeck.model import Block, Inline, Span
from cheatdeck.plain.apart import names_contents
from cheatdeck.plain.flow import Anchor, Event, Heading
from cheatdeck.plain.soup import folded

# A list of fewer links may be worth reading.
_LEAST_ENTRIES = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what stands below it, and the parts within it.

    `level` is the heading's as written: 2 for <h2>. `key` is its id; `anchors` are the names by which links lead here.
    """

    level: int
    title: tuple[Inline, ...]
    key: str
    blocks: tuple[Block, ...]
    parts: "tuple[Part, ...]"
    anchors: frozenset[str]
    span: Span

    def walk(self) -> "Iterator[Part]":
        """Yield this part and all within it, in the order of reading."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass
class _Open:
    """A part that is still being read; the first of a page has level 0, and what comes before any heading."""

    level: int
    title: tuple[Inline, ...]
    key: str
    span: Span
    blocks: list[Block] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def closed(self) -> Part:
        return Part(
            self.level, self.title, self.key, tuple(self.blocks), tuple(self.parts), frozenset(self.anchors), self.span
        )


def outline(events: Iterable[Event], start: Span) -> Part:
    """Return all that a page says as one part without a title; `start` is where the page begins.

    A heading begins a part of the nearest one above it with a smaller number: levels that are skipped close up.
    """
    stack = [_Open(0, (), "", start)]
    for event in events:
        match event:
            case Heading(level=level, content=content, key=key, span=span):
                _close(stack, level)
                stack.append(_Open(level, content, key, span, anchors={key} if key else set()))
            case Anchor(name=name):
                stack[-1].anchors.add(name)
            case _:
                stack[-1].blocks += _hoisted(event)
    _close(stack, 1)
    return stack[0].closed()


def _close(stack: list[_Open], level: int) -> None:
    """Close the parts that a heading of a level ends."""
    while stack[-1].level >= level:
        done = stack.pop()
        stack[-1].parts.append(done.closed())


def _hoisted(block: Block) -> tuple[Block, ...]:
    """Return a list without the diagrams in it, and those behind it: within a list they have no room."""
    if not isinstance(block, model.ItemList):
        return (block,)
    items, diagrams = [], []
    for item in block.items:
        found = [part for nested in item.nested for part in _hoisted(nested)]
        diagrams += [part for part in found if isinstance(part, model.Diagram)]
        kept = tuple(part for part in found if not isinstance(part, model.Diagram))
        if item.content or kept:
            items.append(replace(item, nested=kept))
    rest = (replace(block, items=tuple(items)),) if items else ()
    return (*rest, *diagrams)


def headings(part: Part) -> frozenset[str]:
    """Return the titles of a part and all within it, case folded."""
    return frozenset(folded(model.plain(each.title)) for each in part.walk() if each.title)


def without_contents(page: Part) -> tuple[Part, list[Block]]:
    """Return a page without a table of contents at its top, and the entries in it that no heading repeats."""
    titles = headings(page)
    lost: list[Block] = []

    def cut(part: Part) -> Part:
        """Cut a table of contents out of a part, with the line or heading above it."""
        blocks: list[Block] = []
        is_below_title = names_contents(model.plain(part.title))
        for block in part.blocks:
            is_below_line = bool(blocks) and names_contents(_text(blocks[-1]))
            is_named = is_below_title or is_below_line
            if isinstance(block, model.ItemList) and _is_contents(block, titles, is_named=is_named):
                lost.extend(_lost(block, titles))
                if is_below_line:
                    blocks.pop()
            else:
                blocks.append(block)
        return replace(part, blocks=tuple(blocks))

    first = cut(page)
    if first.parts:
        top = cut(first.parts[0])
        within = top.parts[:1] if not names_contents(model.plain(top.title)) else ()
        inner = tuple(cut(each) for each in within)
        top = replace(top, parts=(*(each for each in inner if not _is_spent(each)), *top.parts[len(inner) :]))
        first = replace(first, parts=(*(() if _is_spent(top) else (top,)), *first.parts[1:]))
    return first, lost


def _is_contents(block: model.ItemList, titles: frozenset[str], *, is_named: bool) -> bool:
    """Tell whether a list is a table of contents: named so, of links or titles; else of links alone."""
    if any(not isinstance(inner, model.ItemList | model.Paragraph) for inner in model.blocks((block,))):
        return False
    entries = list(_entries(block))
    if not is_named:
        return len(entries) >= _LEAST_ENTRIES and all(map(_is_link_within, entries))
    return all(_is_link_within(entry) or folded(model.plain(entry)) in titles for entry in entries)


def _entries(block: model.ItemList) -> Iterator[tuple[Inline, ...]]:
    for item in block.items:
        if item.content:
            yield item.content
        for nested in item.nested:
            if isinstance(nested, model.ItemList):
                yield from _entries(nested)
            else:
                yield from model.contents(nested)


def _is_link_within(content: Sequence[Inline]) -> bool:
    said = [part for part in content if model.plain((part,)).strip()]
    return all(isinstance(part, model.Link) and not part.file for part in said)


def _lost(block: model.ItemList, titles: frozenset[str]) -> Iterator[Block]:
    for entry in _entries(block):
        if folded(model.plain(entry)) not in titles:
            yield model.Paragraph("", entry, entry[0].span)


def _text(block: Block) -> str:
    return " ".join(map(model.plain, model.contents(block)))


def _is_spent(part: Part) -> bool:
    """Tell whether a part was a table of contents and nothing else."""
    return names_contents(model.plain(part.title)) and not part.blocks and not part.parts
