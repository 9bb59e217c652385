"""What a notebook asks: each prompt becomes a note, in the order of the notes, and is what rules look at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cheatdeck import model
from cheatdeck.model import Block, Inline, Kind, Limit, Notebook, Row, Section, Span, Text


@dataclass(frozen=True, slots=True)
class Aside:
    """A line below an answer; `label` says what it is about, if it needs saying."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A front, and a back; a cloze has its text in front, deletions in it, and no back.

    `tasks` are the section's, or those that it inherits. `sources`
    are the section's, or what the prompt itself names. `lead` stands before the front where that may not say what
    it is about. One that is derived was made of text in which nobody marked a card.
    """

    kind: Kind
    key: str
    span: Span
    front: tuple[Inline, ...]
    back: tuple[Block, ...]
    chapter: Section
    section: Section
    tasks: tuple[str, ...]
    sources: tuple[model.Source, ...]
    asides: tuple[Aside, ...] = ()
    lead: str = ""
    is_derived: bool = False

    @property
    def marks(self) -> tuple[model.Mark, ...]:
        """The deletions, in order."""
        return tuple(inline for inline in model.inlines(self.front) if isinstance(inline, model.Mark))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its cards: the deletions', (0,) for other kinds."""
        return tuple(sorted({mark.number for mark in self.marks})) or (0,)


def prompts(notebook: Notebook) -> tuple[Prompt, ...]:
    """Return all prompts in the order of the notes; a limit's stands after those of the section that owns it."""
    shown_in = sections_by_limit(notebook)
    owned: dict[str, list[Limit]] = {}
    for limit in notebook.limits:
        owned.setdefault(limit.section, []).append(limit)
    found: list[Prompt] = []
    for chapter in notebook.chapters:
        for section, tasks in with_tasks(chapter):
            place = _Place(chapter, section, tasks)
            marked = [prompt for block in model.blocks(section.blocks) for prompt in place.asked(block)]
            derived = [place.card(card) for card in section.cards]
            found += sorted([*marked, *derived], key=lambda prompt: prompt.span) if derived else marked
            found += [place.limit(limit, shown_in.get(limit.key, ())) for limit in owned.get(section.key, ())]
    return tuple(found)


def with_tasks(section: Section, inherited: tuple[str, ...] = ()) -> Iterator[tuple[Section, tuple[str, ...]]]:
    """Yield a section and all within it, each with the exam's tasks: its own, or those that it inherits."""
    tasks = section.tasks or inherited
    yield section, tasks
    for nested in section.sections:
        yield from with_tasks(nested, tasks)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where prompts come from."""

    chapter: Section
    section: Section
    tasks: tuple[str, ...]

    def asked(self, block: Block) -> Iterator[Prompt]:
        """Yield what a block asks itself, not what the blocks within it ask."""
        match block:
            case model.Paragraph(key=key, content=content, span=span) if key:
                yield self._text(key, content, span)
            case model.ItemList(items=items):
                yield from (self._text(item.key, item.content, item.span, item.nested) for item in items if item.key)
            case model.Question(key=key, question=question, answer=answer, look=look, span=span, lead=lead):
                kind = Kind.EXAMPLE if look is model.Look.EXAMPLE else Kind.QUESTION
                yield self._prompt(kind, key, span, question, answer, lead=lead)
            case model.Table(body=body):
                yield from (self._row(block, row) for row in body if row.key and row.cells)
            case model.Diagram(key=key, caption=caption, span=span):
                yield self._prompt(Kind.DIAGRAM, key, span, caption, (block,))
            case _:
                pass

    def card(self, card: model.Card) -> Prompt:
        """Return what a card asks that was made of plain text."""
        made = self._prompt(card.kind, card.key, card.span, card.front, card.back, lead=card.lead)
        return replace(made, is_derived=True)

    def limit(self, limit: Limit, shown_in: tuple[Section, ...]) -> Prompt:
        """Return what asks for a limit; its sources are what it names itself, else the section's."""
        value = model.Paragraph("", (model.Value(limit.value, limit.span),), limit.span)
        others = ", ".join(section.heading for section in shown_in if section.key != limit.section)
        asides = [Aside("", limit.note), Aside("Also in", others)]
        if limit.exam:
            asides[1:1] = [Aside("Today", limit.value), Aside("Exam", limit.exam)]
        source = () if not limit.source else (self._source(limit.source, limit.span),)
        return self._prompt(
            Kind.LIMIT, limit.key, limit.span, (Text(f"{limit.subject}?", limit.span),), (value,),
            sources=source or self.section.sources, asides=tuple(aside for aside in asides if aside.text),
        )  # fmt: skip

    def _source(self, address: str, span: Span) -> model.Source:
        """Return a source with the title that the section has for it."""
        same = (source for source in self.section.sources if source.address == address)
        return next(same, model.Source(address.removeprefix("https://"), address, span))

    def _text(self, key: str, content: tuple[Inline, ...], span: Span, nested: tuple[Block, ...] = ()) -> Prompt:
        terms = [inline for inline in model.inlines(content) if isinstance(inline, model.Term)]
        if any(isinstance(inline, model.Mark) for inline in model.inlines(content)) or not terms:
            return self._prompt(Kind.CLOZE, key, span, content, ())
        term = terms[0]
        name = (Text(term.title, term.span),) if term.title else term.children
        return self._prompt(Kind.DEFINITION, key, span, name, (model.Paragraph("", content, span), *nested))

    def _row(self, table: model.Table, row: Row) -> Prompt:
        """Ask for a row by the table's caption and the row's first cell; the answer names each column."""
        columns = table.head[0].cells[1:] if table.head else ()
        caption = model.plain(table.caption)
        asked = f"How do {caption} differ?" if table.comparison else f"{caption}:"
        first, *values = row.cells
        heading = model.Styled("strong", first.content, first.span)
        front = (Text(asked, table.span), model.Break(first.span), heading)
        answer = tuple(_labelled(column, value) for column, value in zip(columns, values, strict=False))
        if len(values) == 1:
            answer = (model.Paragraph("", values[0].content, values[0].span),)
        return self._prompt(Kind.ROW, row.key, row.span, front, answer)

    def _prompt(  # noqa: PLR0913 - the parts of a prompt
        self,
        kind: Kind,
        key: str,
        span: Span,
        front: tuple[Inline, ...],
        back: tuple[Block, ...],
        *,
        sources: tuple[model.Source, ...] | None = None,
        asides: tuple[Aside, ...] = (),
        lead: str = "",
    ) -> Prompt:
        own = self.section.sources if sources is None else sources
        cited = tuple(
            self._source(inline.cite, inline.span)
            for content in (front, *(part for block in model.blocks(back) for part in model.contents(block)))
            for inline in model.inlines(content)
            if isinstance(inline, model.New) and inline.cite
        )
        return Prompt(
            kind, key, span, front, back, self.chapter, self.section, self.tasks,
            tuple(dict.fromkeys((*own, *cited))), asides, lead,
        )  # fmt: skip


def _labelled(column: model.Cell, value: model.Cell) -> model.Paragraph:
    label = model.Styled("strong", column.content, column.span)
    return model.Paragraph("", (label, Text(": ", column.span), *value.content), value.span)


def sections_by_limit(notebook: Notebook) -> dict[str, tuple[Section, ...]]:
    """Return the sections that show each limit, by the limit's own id."""
    limits = notebook.limits_by_id()
    found: dict[str, dict[str, Section]] = {}
    for section in notebook.sections():
        for content in model.section_contents(section):
            for inline in model.inlines(content):
                if isinstance(inline, model.LimitRef) and inline.limit in limits:
                    found.setdefault(limits[inline.limit].key, {}).setdefault(section.key, section)
    return {key: tuple(sections.values()) for key, sections in found.items()}
