"""Lists of any HTML page -> blocks: items, terms with their meanings, and lines that line breaks set apart."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from bs4.element import Tag

from cheatdeck import model
from cheatdeck.model import Block, Inline, Look, Span
from cheatdeck.page import attribute, meaningful, mixed_children
from cheatdeck.slices import trimmed

if TYPE_CHECKING:
    from cheatdeck.plain.flow import Flow

LISTS = {"ul", "ol", "menu", "dir"}
# WeasyPrint 70 takes minutes for lists within many others.
_DEEPEST = 8
_BULLET = re.compile(r"[-*–—•·▪◦‣●○]\s+(?=\S)")
_START = re.compile(r"[0-9]{1,4}")
# A line of so few words is not broken off at the edge of a window.
_SHORT_LINE = 6
_GOES_ON = re.compile(r"[^\W\d_]")
# A question with a longer answer is text with a heading.
MOST_WORDS = 60


def item_list(flow: "Flow", tag: Tag) -> model.ItemList | None:
    """Return a list; one within it that no item holds belongs to the item before.

    The items of a list that is nested too deep follow the item that it stands in.
    """
    items: list[model.Item] = []
    behind: dict[int, list[Block]] = defaultdict(list)
    for child in meaningful(tag):
        if isinstance(child, Tag) and child.name in LISTS and items:
            if nested := item_list(flow, child):
                behind[len(items) - 1].append(nested)
            continue
        is_item = isinstance(child, Tag) and child.name == "li"
        blocks = flow.blocks(mixed_children(child) if is_item and isinstance(child, Tag) else [child])
        key = attribute(child, "id") if is_item and isinstance(child, Tag) else ""
        items += _item(key, blocks, flow.page.span(child))
    for place, lists in behind.items():
        items[place] = replace(items[place], nested=(*items[place].nested, *lists))
    if _is_deep(tag):
        items = [part for item in items for part in _unfolded(item)]
    return model.ItemList(tag.name == "ol", tuple(items), flow.page.span(tag), _start(tag)) if items else None


def _start(tag: Tag) -> int:
    """Return the number of a list's first item: one that something interrupts goes on where it was."""
    given = attribute(tag, "start") if tag.name == "ol" else ""
    return int(given) if _START.fullmatch(given) else 1


def _is_deep(tag: Tag) -> bool:
    return len(tag.find_parents([*LISTS, "dl"])) >= _DEEPEST


def _unfolded(item: model.Item) -> Iterator[model.Item]:
    """Yield an item and those of the lists within it one after the other."""
    kept: list[Block] = []
    last = item
    for block in item.nested:
        if isinstance(block, model.ItemList):
            if last.content or kept:
                yield model.Item(last.key, last.content, tuple(kept), last.span)
            yield from block.items
            kept, last = [], model.Item("", (), (), block.span)
        else:
            kept.append(block)
    if last.content or kept:
        yield model.Item(last.key, last.content, tuple(kept), last.span)


def _item(key: str, blocks: tuple[Block, ...], span: Span) -> Iterator[model.Item]:
    match blocks:
        case (model.Paragraph(content=content), *nested):
            yield model.Item(key, content, tuple(nested), span)
        case (_, *_):
            yield model.Item(key, (), blocks, span)
        case _:
            pass


def definitions(flow: "Flow", tag: Tag) -> Iterator[Block]:
    """Yield the terms of a list with what is said of each; terms without anything are lines of their own."""
    asked: list[model.Question] = []
    for terms, meanings in _groups(tag):
        span = flow.page.span((terms or meanings)[0])
        name = joined([flow.runs.content(term) for term in terms], span)
        said = [block for meaning in meanings for block in flow.blocks(mixed_children(meaning))]
        answer = (*said, *flow.runs.take_lifted())
        if name and answer and not _is_deep(tag) and word_count(answer) <= MOST_WORDS:
            asked.append(model.Question(_key(terms), name, answer, Look.LISTED, span))
            continue
        yield from _question_list(asked)
        asked = []
        if name:
            yield model.Paragraph("", (model.Styled("strong", name, span),), span)
        yield from answer
    yield from _question_list(asked)


def _key(terms: list[Tag]) -> str:
    """Return the id of a term, or of the element around it and its meaning."""
    around = terms[0].parent
    return attribute(terms[0], "id") or (attribute(around, "id") if around and around.name == "div" else "")


def _question_list(asked: list[model.Question]) -> Iterator[Block]:
    if asked:
        yield model.QuestionList(tuple(asked), asked[0].span)


def _groups(tag: Tag) -> Iterator[tuple[list[Tag], list[Tag]]]:
    """Yield terms and their meanings, as they stand together; whatever else a list holds counts as a meaning."""
    terms: list[Tag] = []
    meanings: list[Tag] = []
    for child in _parts(tag):
        if child.name == "dt" and meanings:
            yield terms, meanings
            terms, meanings = [], []
        (terms if child.name == "dt" else meanings).append(child)
    if terms or meanings:
        yield terms, meanings


def _parts(tag: Tag) -> Iterator[Tag]:
    for child in meaningful(tag):
        if isinstance(child, Tag) and child.name == "div":
            yield from _parts(child)
        elif isinstance(child, Tag):
            yield child


def joined(contents: list[tuple[Inline, ...]], span: Span) -> tuple[Inline, ...]:
    """Return contents as one, with commas between them."""
    found: list[Inline] = []
    for content in filter(None, contents):
        found += [model.Text(", ", span), *content] if found else content
    return tuple(found)


def lines(content: tuple[Inline, ...]) -> Iterator[Block]:
    """Yield what line breaks set apart: a paragraph each, or the items of a list that was typed by hand.

    A line that only goes on with the sentence before it stays in its paragraph.
    """
    items: list[tuple[Inline, ...]] = []
    for line in _sentences(content):
        first = line[0]
        bullet = _BULLET.match(first.text) if isinstance(first, model.Text) else None
        if bullet and isinstance(first, model.Text):
            items.append(trimmed([model.Text(first.text[bullet.end() :], first.span), *line[1:]]))
            continue
        yield from _typed_list(items)
        items = []
        yield model.Paragraph("", line, first.span)
    yield from _typed_list(items)


def _typed_list(items: list[tuple[Inline, ...]]) -> Iterator[Block]:
    entries = tuple(model.Item("", item, (), item[0].span) for item in items if item)
    if entries:
        yield model.ItemList(ordered=False, items=entries, span=entries[0].span)


def _sentences(content: tuple[Inline, ...]) -> Iterator[tuple[Inline, ...]]:
    """Yield the lines of a content, those put together that are one sentence."""
    sentence: list[Inline] = []
    words, before = 0, ""
    for line in _split(content):
        text = model.plain(line)
        if line and words > _SHORT_LINE and _goes_on(before, line):
            sentence += [model.Break(line[0].span), *line]
            words += len(text.split())
        else:
            yield from (tuple(sentence),) if sentence else ()
            sentence, words = list(line), len(text.split())
        before = text.rstrip()
    yield from (tuple(sentence),) if sentence else ()


def _split(content: tuple[Inline, ...]) -> Iterator[tuple[Inline, ...]]:
    line: list[Inline] = []
    for part in (*content, None):
        if part is None or isinstance(part, model.Break):
            yield trimmed(line)
            line = []
        else:
            line.append(part)


def _goes_on(before: str, line: tuple[Inline, ...]) -> bool:
    """Tell whether a line goes on with the one before."""
    if not before or before[-1] in ".!?:;…" or not isinstance(first := line[0], model.Text):
        return False
    return bool(_GOES_ON.match(first.text)) and first.text[0].islower()


def word_count(blocks: tuple[Block, ...]) -> int:
    """Return how many words blocks have."""
    texts = (
        (block.text,) if isinstance(block, model.Code) else tuple(map(model.plain, model.contents(block)))
        for block in model.blocks(blocks)
    )
    return sum(len(text.split()) for parts in texts for text in parts)
