"""The elements of any HTML page -> headings, places to link to, and blocks, in the order in which they are read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bs4.element import PageElement, Tag

from cheatdeck import model
from cheatdeck.model import Block, Inline, Look, Span
from cheatdeck.page import attribute, meaningful, mixed_children
from cheatdeck.plain import grid, listing, verbatim
from cheatdeck.plain.apart import HEADINGS, LEFT_OUT, UNSEEN, is_left_out, outside
from cheatdeck.plain.runs import Runs
from cheatdeck.plain.soup import AnyPage

_TEXT_BLOCKS = {
    "address", "blockquote", "details", "dir", "dl", "figure", "hr", "menu", "ol", "p", "pre", "table", "ul", *HEADINGS,
}  # fmt: skip
_AROUND = {
    "article", "aside", "body", "center", "dialog", "div", "fieldset", "footer", "form", "header", "hgroup", "html",
    "legend", "li", "main", "optgroup", "search", "section", "summary", "caption", "dd", "dt", "figcaption", "tbody",
    "td", "tfoot", "th", "thead", "tr",
}  # fmt: skip
_BLOCKS = _TEXT_BLOCKS | _AROUND
_CALLOUT = re.compile(
    r"(^|[\s_-])(admonition|alert|callout|caution|danger|hint|important|info|infobox|note|tip|warning)($|[\s_-])"
)
_MARKER = re.compile(r"\s*\[!(?P<kind>[\w-]+)\][+-]?\s*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `key` is its id, if it has one."""

    level: int
    content: tuple[Inline, ...]
    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the text that links may lead to, by its name."""

    name: str


Event = Heading | Anchor | Block


class Flow:
    """Reads the blocks of a page."""

    def __init__(self, page: AnyPage) -> None:
        """Read within a page."""
        self.page = page
        self.runs = Runs(page)
        self._outside = set(map(id, outside(page.soup)))

    def events(self) -> Iterator[Event]:
        """Yield all that the page has."""
        yield from self._events(mixed_children(self.page.soup))

    def blocks(self, nodes: Iterable[PageElement]) -> tuple[Block, ...]:
        """Return the blocks in nodes where no section begins: a heading there is a line in bold."""
        return tuple(block for event in self._events(nodes) for block in _as_block(event))

    def _events(self, nodes: Iterable[PageElement]) -> Iterator[Event]:
        line: list[PageElement] = []
        for node in nodes:
            if id(node) in self._outside:
                if isinstance(node, Tag):
                    self.page.skip(node)
            elif isinstance(node, Tag) and _is_block(node):
                yield from self.paragraphs(line)
                line = []
                yield from self._element(node)
            else:
                line.append(node)
        yield from self.paragraphs(line)

    def paragraphs(self, nodes: list[PageElement]) -> Iterator[Event]:
        """Yield what nodes within a line say, and the pictures that stand in it."""
        for node in nodes:
            if isinstance(node, Tag):
                yield from _anchors(node)
        content = self.runs.inlines(nodes)
        if content:
            yield from listing.lines(content)
        yield from self.runs.take_lifted()

    def _element(self, node: Tag) -> Iterator[Event]:  # noqa: C901, PLR0912 - one case an element
        classes = f"{attribute(node, 'class')} {attribute(node, 'id')}".lower()
        if node.name in UNSEEN:
            return
        if is_left_out(node):
            self.page.skip(node)
            return
        if node.name not in HEADINGS and node.name not in _AROUND:
            yield from _anchors(node)
        match node.name:
            case name if name in HEADINGS:
                yield from self._heading(node)
            case "p" | "address":
                yield from self._paragraph(node)
            case "ul" | "ol" | "menu" | "dir":
                yield from self._with_lifted(listing.item_list(self, node))
            case "dl":
                yield from listing.definitions(self, node)
            case "pre":
                yield from verbatim.code(self.page, node)
            case "table":
                yield from self._table(node)
            case "blockquote":
                yield from self._quote(node)
            case "figure":
                yield from self._figure(node)
            case "details":
                yield from self._details(node)
            case "div" if verbatim.is_mermaid(node):
                yield from verbatim.code(self.page, node)
            case "div" | "aside" | "section" if _CALLOUT.search(classes) or "data-callout" in node.attrs:
                yield from self._quote(node)
            case name:
                if anchor := attribute(node, "id"):
                    yield Anchor(anchor)
                yield from self._paragraph(node) if name == "div" else self._events(mixed_children(node))

    def _with_lifted(self, block: Block | None) -> Iterator[Event]:
        if block is not None:
            yield block
        yield from self.runs.take_lifted()

    def _heading(self, node: Tag) -> Iterator[Event]:
        content = _without_permalink(self.runs.content(node))
        lifted = self.runs.take_lifted()
        if model.plain(content).strip():
            yield Heading(HEADINGS[node.name], content, attribute(node, "id"), self.page.span(node))
        for tag in node.find_all():
            yield from _anchors(tag, deep=False)
        yield from lifted

    def _paragraph(self, node: Tag) -> Iterator[Event]:
        children = mixed_children(node)
        if any(isinstance(child, Tag) and _is_block(child) for child in children):
            yield from self._events(children)
        else:
            key = attribute(node, "id")
            span: Span | None = self.page.span(node)
            for event in self.paragraphs(children):
                if span and isinstance(event, model.Paragraph):
                    yield replace(event, key=key, span=span)
                    span = None
                else:
                    yield event

    def _table(self, node: Tag) -> Iterator[Event]:
        if grid.is_layout(node):
            for row in grid.rows(node):
                for cell in row:
                    if is_left_out(cell):
                        self.page.skip(cell)
                    else:
                        yield from self._events(mixed_children(cell))
        else:
            yield from self._with_lifted(grid.table(self, node))

    def _quote(self, node: Tag) -> Iterator[Event]:
        if node.name != "blockquote" and node.find(list(HEADINGS)):
            yield from self._events(mixed_children(node))
            return
        yield from _quote(_titled(self.blocks(mixed_children(node))), self.page.span(node))

    def _figure(self, node: Tag) -> Iterator[Event]:
        caption: tuple[Inline, ...] = ()
        inner: list[PageElement] = []
        for child in mixed_children(node):
            if isinstance(child, Tag) and child.name == "figcaption":
                caption = self.runs.content(child)
            else:
                inner.append(child)
        if not caption and _CALLOUT.search(attribute(node, "class").lower()):
            yield model.Quote(self.blocks(inner), self.page.span(node))
            return
        events = list(self._events(inner))
        shown = [event for event in events if isinstance(event, model.Image | model.Diagram | model.Table)]
        for event in events:
            if shown and event is shown[0] and isinstance(event, model.Image | model.Diagram | model.Table):
                yield self._captioned(node, event, caption)
            else:
                yield event
        if caption and not shown:
            yield model.Paragraph("", caption, self.page.span(node))

    def _captioned(
        self, node: Tag, shown: model.Image | model.Diagram | model.Table, caption: tuple[Inline, ...]
    ) -> model.Image | model.Diagram | model.Table:
        """Return what a figure shows with its own caption and the figure's, and a diagram with the figure's id."""
        captioned = replace(shown, caption=listing.joined([shown.caption, caption], self.page.span(node)))
        return replace(captioned, key=attribute(node, "id")) if isinstance(captioned, model.Diagram) else captioned

    def _details(self, node: Tag) -> Iterator[Event]:
        children = meaningful(node)
        first = children[0] if children else None
        summary: tuple[Inline, ...] = ()
        if isinstance(first, Tag) and first.name == "summary":
            summary = self.runs.content(first)
            yield from self.runs.take_lifted()
            del children[0]
        span = self.page.span(node)
        headed = model.Paragraph("", (model.Styled("strong", summary, span),), span) if summary else None
        if node.find(list(HEADINGS)):
            yield from (headed,) if headed else ()
            yield from self._events(children)
            return
        answer = self.blocks(children)
        if summary and answer and listing.word_count(answer) <= listing.MOST_WORDS:
            yield model.Question(attribute(node, "id"), summary, answer, Look.BOXED, span)
        elif headed or answer:
            yield model.Quote((*((headed,) if headed else ()), *answer), span)


def _is_block(node: Tag) -> bool:
    """Tell whether an element is set apart, or something in it is."""
    return node.name in _BLOCKS or (node.name not in LEFT_OUT and node.name not in {"svg", "math"}
                                    and node.find(list(_TEXT_BLOCKS | {"div", "li"})) is not None)  # fmt: skip


def _anchors(node: Tag, *, deep: bool = True) -> Iterator[Anchor]:
    for tag in (node, *(node.find_all() if deep else ())):
        for name in (attribute(tag, "id"), attribute(tag, "name") if tag.name == "a" else ""):
            if name:
                yield Anchor(name)


def _as_block(event: Event) -> Iterator[Block]:
    match event:
        case Heading(content=content, span=span):
            yield model.Paragraph("", (model.Styled("strong", content, span),), span)
        case Anchor():
            pass
        case _:
            yield event


def _without_permalink(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return a heading without the sign at its end that links to itself."""
    if content and isinstance(last := content[-1], model.Link | model.Text) and not _says(model.plain((last,))):
        rest = content[:-1]
        return rest if rest and isinstance(last, model.Link) else content
    return content


def _says(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _quote(content: tuple[Block, ...], span: Span) -> Iterator[Block]:
    """Yield a quotation or a callout; one whose title asks something that is answered below it is a question."""
    match content:
        case (model.Paragraph(content=(model.Styled(tag="strong", children=title),)), *answer) if (
            answer
            and model.plain(title).rstrip().endswith("?")
            and listing.word_count(tuple(answer)) <= listing.MOST_WORDS
        ):
            yield model.Question("", title, tuple(answer), Look.BOXED, span)
        case (_, *_):
            yield model.Quote(content, span)
        case _:
            pass


def _titled(content: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return a callout with its title in words, where a marker such as [!NOTE] begins it."""
    match content:
        case (model.Paragraph(content=(model.Text(text=text, span=at), *rest), span=span), *others):
            marker = _MARKER.match(text)
            if not marker:
                return content
            kind = model.Styled("strong", (model.Text(marker["kind"].capitalize(), at),), at)
            left = text[marker.end() :]
            said = (model.Text(f": {left}", at),) if left or rest else ()
            return (model.Paragraph("", (kind, *said, *rest), span), *others)
        case _:
            return content
