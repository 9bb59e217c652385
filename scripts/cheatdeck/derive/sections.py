"""Cards from notes in which nobody marked any: what is asked, what is answered, and ids made of what is asked.

A card asks one thing, says what section it is about, and is no half of a sentence. Each section that says something
has at least one.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress

from cheatdeck import model, rules
from cheatdeck.derive import claims, deletions, fallback
from cheatdeck.derive.figures import figures
from cheatdeck.derive.quantities import counts, measures, quantities
from cheatdeck.derive.units import APART, MOST_LABELS, Entry, Line, Unit, as_asked, is_bold, label, units
from cheatdeck.model import Block, Card, Inline, Kind, Notebook, Section, Span
from cheatdeck.plain.keys import Keys, slug
from cheatdeck.plain.listing import word_count
from cheatdeck.quality import content_words
from cheatdeck.rewrite import each_block, each_section, in_blocks
from cheatdeck.slices import Piece, between, cut, marked, split, stripped, within

# Longer answers are not said in one breath, or in two.
_MOST_ANSWER = 45
_MOST_ROW = 80
_MOST_DELETIONS = 4
_MOST_LISTED = 5
_MOST_LISTED_WORDS = 14
_LEAST_CLOZE = 3
_MOST_BOLD = 5
_FEW_SECTIONS, _COMMON_SHARE = 5, 20


def derive(book: Notebook, plain: Collection[str]) -> Notebook:
    """Return a notebook with cards for what stands in its plain files, which are named as shown to people."""
    unkeyed = [_unkeyed(chapter) if chapter.span.file in plain else chapter for chapter in book.chapters]
    keys = Keys((key for key, _ in rules.keys(replace(book, chapters=tuple(unkeyed)))), _given(book))
    common = _common(book)
    chapters = (_chapter(chapter, keys, common) if chapter.span.file in plain else chapter for chapter in book.chapters)
    return replace(book, chapters=tuple(chapters))


def _given(book: Notebook) -> Iterator[str]:
    """Yield the ids that elements were given, all over the notebook."""
    for section in book.sections():
        for block in model.blocks(section.blocks):
            yield from (part.key for part in model.keyed_parts(block))


def _chapter(chapter: Section, keys: Keys, common: frozenset[str]) -> Section:
    leads = dict(_leads(chapter, ()))
    return each_section(chapter, lambda section: _Maker(section, leads[section.key], keys, common).made())


def _unkeyed(chapter: Section) -> Section:
    """Return a chapter without the ids that its elements have in plain notes; cards keep those that can be kept."""

    def unkeyed(section: Section) -> Section:
        return replace(section, blocks=each_block(section.blocks, _without_key))

    return each_section(chapter, unkeyed)


def _without_row_keys(block: Block) -> Iterator[Block]:
    """Yield a block without the ids of what does not ask itself."""
    yield from (block,) if isinstance(block, model.Question) else _without_key(block)


def _without_key(block: Block) -> Iterator[Block]:
    match block:
        case model.Paragraph() | model.Question():
            yield replace(block, key="")
        case model.ItemList(items=items):
            yield replace(block, items=tuple(replace(item, key="") for item in items))
        case model.Table(body=body):
            yield replace(block, body=tuple(replace(row, key="") for row in body))
        case _:
            yield block


def _common(book: Notebook) -> frozenset[str]:
    """Return the words that stand in many sections."""
    counts = Counter(
        word
        for section in book.sections()
        for word in content_words(" ".join(map(model.plain, model.section_contents(section))))
    )
    most = max(_FEW_SECTIONS, sum(1 for _ in book.sections()) // _COMMON_SHARE)
    return frozenset(word for word, number in counts.items() if number > most)


def _leads(section: Section, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield for each section what its cards are about: its title, after those above that it does not repeat.

    The chapter's own title stands on each card anyway.
    """
    title = model.plain(section.title)
    words = content_words(title)
    shown = tuple(each for each in above if not content_words(each) & words)
    yield section.key, (*shown[-1:], title)
    for nested in section.sections:
        yield from _leads(nested, (*above, title) if len(section.number) > 1 else ())


@dataclass
class _Maker:
    """Makes the cards of a section; `answered` units are still to come that a card has for its answer already."""

    section: Section
    lead: tuple[str, ...]
    keys: Keys
    common: frozenset[str]
    cards: list[Card] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)
    answered: int = 0
    # The id of the first card of the element that cards are made of; others have a number behind it.
    first: str = ""

    def made(self) -> Section:
        """Return the section with its cards, and without the marks that became some."""
        blocks = each_block(self.section.blocks, self._question)
        said = in_blocks(blocks, as_asked)
        found = list(units(said, self.lead))
        for place, unit in enumerate(found):
            self.first = ""
            if self.answered:
                self.answered -= 1
            elif isinstance(unit, Line):
                self._line(unit, found[place + 1 : place + 3])
            elif isinstance(unit, Entry):
                self._row(unit)
        asks_itself = any(isinstance(block, model.Question | model.Diagram) for block in model.blocks(blocks))
        if not self.cards and not asks_itself:
            for made in fallback.cards(replace(self.section, blocks=deletions.as_shown(said)), self.common):
                kind, lead = (Kind.QUESTION, self.lead[:-1]) if made.back else (Kind.CLOZE, self.lead)
                self.first = f"{self.section.key}-card" if made.back else ""
                self._add(kind, (), made.front, made.back, made.span, key=made.key, lead=lead)
        shown = each_block(deletions.as_shown(blocks), _without_row_keys)
        # On the sheet of figures, the chapter's title stands above them.
        about = self.lead if len(self.section.number) > 1 else ()
        named = tuple(figures(units(deletions.as_shown(said), about)))
        return replace(self.section, blocks=shown, cards=tuple(self.cards), figures=named)

    def _question(self, block: Block) -> Iterator[Block]:
        """Give a question the id that its card is known by."""
        if isinstance(block, model.Question):
            key = self.keys.keep(block.key) or self._key(model.plain(block.question), ())
            yield replace(block, key=key, question=deletions.unmarked(block.question), lead=APART.join(self.lead))
        else:
            yield block

    # Lines

    def _line(self, line: Line, after: Sequence[Unit]) -> None:
        """Make of a line what it is worth; `after` are the two units after it."""
        _ = (
            self._asked_within(line) or self._asked_before(line, after)
            or self._marked_by_hand(line) or self._asks(line) or self._term(line) or self._bold(line)
            or self._figures(line, measures(line.text)) or self._listed(line)
            or self._figures(line, counts(line.text))
        )  # fmt: skip

    def _asked_within(self, line: Line) -> bool:
        """Take a line with Q: and A: for what it is."""
        asked = claims.question(line.text)
        within = claims.answer_within(line.text, asked) if asked else None
        if asked is None or within is None:
            return False
        question = stripped(cut(line.content, asked.start, within[0]))
        answer = stripped(cut(line.content, within[1], len(line.text)))
        back = (model.Paragraph("", answer, line.span), *line.led_to)
        self.answered = _count(line.led_to)
        return self._add(Kind.QUESTION, line.about, question, back, line.span, key=line.key)

    def _asked_before(self, line: Line, after: Sequence[Unit]) -> bool:
        """Take a line with Q: before one with A: for what they are."""
        asked = claims.question(line.text)
        if asked is None or not after or not isinstance(first := after[0], Line):
            return False
        beyond = "".join(unit.text for unit in after[1:] if isinstance(unit, Line))
        begin = claims.answer_start(first.text, asked, beyond)
        if not begin:
            return False
        question = stripped(cut(line.content, asked.start, len(line.text)))
        answer = stripped(cut(first.content, begin, len(first.text)))
        back = (model.Paragraph("", answer, first.span), *first.led_to)
        self.answered = 1 + _count(first.led_to)
        return self._add(Kind.QUESTION, line.about, question, back, line.span, key=line.key)

    def _marked_by_hand(self, line: Line) -> bool:
        """Take marks, and deletions as Anki has them."""
        content, pieces = deletions.typed(line.content)
        if not pieces:
            content, pieces = deletions.marks(line.content)
        if not pieces:
            return False
        front = marked(content, pieces)
        self._add(Kind.CLOZE, line.about, front, (), line.span, key=line.key)
        return True

    def _asks(self, line: Line) -> bool:
        """Take a question for one that is answered by what stands below it."""
        if not line.text.rstrip().endswith("?") or not line.below or word_count(line.below) > _MOST_ROW:
            return False
        self.answered = _count(line.below)
        return self._add(Kind.QUESTION, line.about, line.content, line.below, line.span, key=line.key)

    def _term(self, line: Line) -> bool:
        """Ask for what is said of the term that a line begins with; figures below it are asked for by themselves."""
        text = line.text
        found = claims.meaning(text)
        if found is None:
            return False
        answer = stripped(cut(line.content, *found.meaning))
        back: tuple[Block, ...] = (model.Paragraph("", answer, line.span),)
        if word_count((*back, *line.led_to)) <= _MOST_ANSWER and not _has_figures(line.led_to):
            back = (*back, *line.led_to)
            self.answered = _count(line.led_to)
        if word_count(back) > _MOST_ANSWER or (len(back) == 1 and line.text.rstrip().endswith(":")):
            return False
        kind = Kind.DEFINITION if found.is_definition else Kind.QUESTION
        return self._add(kind, line.about, stripped(cut(line.content, *found.term)), back, line.span, key=line.key)

    def _bold(self, line: Line) -> bool:
        """Hide what is in bold, unless all of the line is."""
        if is_bold(line.content):
            return False
        text = line.text
        pieces = [
            piece for piece in _styled(line.content, "strong")
            if len(text[slice(*piece)].split()) <= _MOST_BOLD and not _is_heading(text, piece)
        ]  # fmt: skip
        return self._cloze(line, pieces)

    def _figures(self, line: Line, pieces: list[Piece]) -> bool:
        """Hide quantities."""
        names_below = bool(line.below) and line.text.rstrip().endswith(":")
        return bool(pieces) and not names_below and self._cloze(line, pieces, is_figure=True)

    def _cloze(self, line: Line, pieces: list[Piece], *, is_figure: bool = False) -> bool:
        """Hide pieces of a line, or of those sentences in it that have them."""
        sentences = claims.breaths(line.text)
        contents = split(line.content, [place for sentence in sentences for place in sentence])[1::2]
        made = False
        for (start, end), said in zip(sentences, contents, strict=True):
            inner = [(a - start, b - start) for a, b in within(pieces, start, end) if b <= end]
            made |= self._hide(replace(line, content=stripped(said), below=()), inner, is_figure=is_figure)
        return made

    def _hide(self, line: Line, pieces: list[Piece], *, is_figure: bool) -> bool:
        text = line.text
        kept = (pieces if is_figure else _hidden(text, pieces, line.about))[:_MOST_DELETIONS]
        shown = "".join(text[a:b] for a, b in between(kept, len(text)))
        if kept and not any(letter.isalnum() for letter in shown) and len(line.about) > len(self.lead):
            asked = (model.Text(line.about[-1], line.span),)
            back = (model.Paragraph("", line.content, line.span),)
            return self._add(Kind.QUESTION, line.about[:-1], asked, back, line.span, key=line.key)
        # A figure needs one word less to be asked for: sampling 20 %.
        if not kept or len(shown.split()) + len(line.about) + is_figure < _LEAST_CLOZE:
            return False
        numbers: dict[str, int] = {}
        numbered = [(piece, numbers.setdefault(text[slice(*piece)].casefold(), len(numbers) + 1)) for piece in kept]
        front = marked(line.content, numbered)
        return self._add(Kind.CLOZE, line.about, front, (), line.span, key=line.key)

    def _listed(self, line: Line) -> bool:
        """Ask for the few things that stand below a label."""
        if not claims.is_label(line.text) or len(line.below) != 1 or not isinstance(line.below[0], model.ItemList):
            return False
        items = line.below[0].items
        texts = [model.plain(item.content) for item in items]
        few = 1 < len(items) <= _MOST_LISTED and not any(item.nested for item in items)
        few = few and not _has_figures(line.below)
        short = all(0 < len(text.split()) <= _MOST_LISTED_WORDS for text in texts)
        if not few or not short or any(claims.meaning(text) for text in texts):
            return False
        front = stripped(cut(line.content, 0, len(label(line.text))))
        self.answered = _count(line.below)
        return self._add(Kind.QUESTION, line.about, front, deletions.as_shown(line.below), line.span, key=line.key)

    # Rows

    def _row(self, entry: Entry) -> None:
        """Ask for a row by its first cell, a number after its heading; what stands alone in a row is a line."""
        if not entry.first or not entry.rest:
            for content in (entry.first, *(value for _, value in entry.rest)):
                if content:
                    self._line(Line(content, entry.about, (), entry.key, entry.span), ())
            return
        if model.plain(entry.first).strip(" .:").casefold() in claims.METADATA:
            return
        front = entry.first
        if entry.column and any(letter.isdigit() for letter in model.plain(front)):
            front = (*entry.column, model.Text(": ", entry.span), *front)
        back = tuple(_answer(heading, value, len(entry.rest)) for heading, value in entry.rest)
        if word_count(back) <= _MOST_ROW:
            self._add(Kind.ROW, entry.about, front, deletions.as_shown(back), entry.span, key=entry.key)
            return
        for _, value in entry.rest:
            self._line(Line(value, (*entry.about, model.plain(entry.first)), (), entry.key, entry.span), ())

    # All of them

    def _add(  # noqa: PLR0913 - the parts of a card
        self,
        kind: Kind,
        about: tuple[str, ...],
        front: tuple[Inline, ...],
        back: tuple[Block, ...],
        span: Span,
        *,
        key: str = "",
        lead: tuple[str, ...] | None = None,
    ) -> bool:
        """Keep a card, unless another asks the same in the same words; tell whether it was kept."""
        asked = model.plain(front) if kind is not Kind.CLOZE else deletions.with_gaps(front)
        about_what = self._lead(about, asked) if lead is None else APART.join(lead)
        if (about_what, asked.casefold()) in self.asked:
            return False
        self.asked.add((about_what, asked.casefold()))
        taken = self._taken(key, asked, about[len(self.lead) :])
        front = front if kind is Kind.CLOZE else deletions.unmarked(front)
        shown = each_block(deletions.as_shown(back), _without_key)
        self.cards.append(Card(kind, taken, about_what, front, shown, span))
        return True

    def _lead(self, about: tuple[str, ...], asked: str) -> str:
        """Return what a card is about: the section, and the last labels that it stands under; not what it asks for."""
        own, labels = about[: len(self.lead)], about[len(self.lead) :][-MOST_LABELS:]
        *others, last = (*own, *labels)
        return APART.join(others if last.casefold() == asked.casefold() else (*others, last))

    def _taken(self, given: str, asked: str, labels: tuple[str, ...]) -> str:
        """Return the id of a card of an element: the element's own or a new one; then those with a number behind it."""
        if self.first:
            return self.keys.take(self.first)
        self.first = self.keys.keep(given) or self._key(asked, labels)
        return self.first

    def _key(self, asked: str, labels: tuple[str, ...]) -> str:
        """Return the id of a card: the section's, the labels in its lead, and the first words asked."""
        return self.keys.take(
            "-".join(filter(None, [self.section.key, *map(slug, labels[-MOST_LABELS:]), slug(asked)]))
        )


def _hidden(text: str, pieces: list[Piece], about: tuple[str, ...]) -> list[Piece]:
    """Return pieces with a word that stands nowhere else on the card's front."""
    words = [content_words(text[start:end]) for start, end in pieces]
    times = Counter(word for each in words for word in each)
    shown = content_words(" ".join((*about, *(text[start:end] for start, end in between(pieces, len(text))))))
    own = [any(times[word] == 1 and word not in shown for word in each) for each in words]
    return list(compress(pieces, own))


def _is_heading(text: str, piece: Piece) -> bool:
    """Tell whether a piece at a line's start is no part of what the line says: Note, Step 1, Why it matters:."""
    start, end = piece
    if text[:start].strip():
        return False
    has_colon = text[start:end].rstrip().endswith(":") or text[end:].lstrip().startswith(":")
    return claims.is_remark(text[start:end]) or (has_colon and claims.meaning(text) is None)


def _count(blocks: tuple[Block, ...]) -> int:
    """Return how many units blocks are."""
    return sum(1 for _ in units(blocks, ()))


def _has_figures(blocks: tuple[Block, ...]) -> bool:
    """Tell whether quantities stand in blocks, each in a line that says more than the quantity."""
    lines = [model.plain(content) for block in model.blocks(blocks) for content in model.contents(block)]
    found = [(line, pieces) for line in lines if (pieces := quantities(line))]
    rests = ["".join(line[a:b] for a, b in between(pieces, len(line))) for line, pieces in found]
    return bool(rests) and all(any(letter.isalpha() for letter in rest) for rest in rests)


def _styled(content: tuple[Inline, ...], tag: str) -> Iterator[Piece]:
    """Yield where text of a style stands."""
    place = 0
    for part in content:
        length = len(model.plain((part,)))
        if isinstance(part, model.Styled) and part.tag == tag and length:
            yield place, place + length
        place += length


def _answer(heading: tuple[Inline, ...], value: tuple[Inline, ...], number: int) -> model.Paragraph:
    span = value[0].span
    if number == 1 or not heading:
        return model.Paragraph("", value, span)
    return model.Paragraph("", (model.Styled("strong", heading, span), model.Text(": ", span), *value), span)
