"""The card of a section that says something, but nothing that asks for a card by its form."""

from collections.abc import Iterator
from dataclasses import dataclass

from cheatdeck import model
from cheatdeck.derive import claims
from cheatdeck.model import Block, Inline, Section, Span
from cheatdeck.plain.listing import word_count
from cheatdeck.quality import content_words
from cheatdeck.slices import Piece, cut, marked, stripped

# What is said in one breath is asked for as a whole; more than the second of each is never asked for so.
_FEW_WORDS, _MOST_WORDS = 25, 60
_FEW_ITEMS, _MOST_ITEMS = 4, 6
_MOST_SENTENCES = 3
_MOST_PARTS = 20
_LEAST_SENTENCE, _MOST_SENTENCE = 5, 35
# In longer sentences, a noun that is no name can be many things.
_MOST_AROUND_A_NOUN = 14
_MOST_CODE_LINES = 25


@dataclass(frozen=True, slots=True)
class Made:
    """Front and back of a card; a cloze has no back, and the id of the element that it is all of."""

    front: tuple[Inline, ...]
    back: tuple[Block, ...]
    span: Span
    key: str = ""


def cards(section: Section, common: frozenset[str]) -> Iterator[Made]:
    """Yield the cards for a section, if it says anything.

    A few words are asked for as a whole, of many the best sentences with a name hidden in each; a section without text
    of its own is asked for its parts; sources and links are not asked for. `common` are words that stand nearly
    everywhere, and are not worth asking for.
    """
    said = [block for block in section.blocks if word_count((block,)) or isinstance(block, model.Image)]
    title = model.plain(section.title).strip('“”„"')
    if claims.names_sources(title) and all(map(_is_source, said)):
        return
    if not said:
        yield from _parts(section, title)
    elif _is_short(said, _FEW_WORDS, _FEW_ITEMS):
        yield _whole(section, said, title)
    elif sentences := _sentences(said, title, common):
        yield from sentences
    elif _is_short(said, _MOST_WORDS, _MOST_ITEMS):
        yield _whole(section, said, title)
    else:
        yield _first(section, said, title)


def _is_source(block: Block) -> bool:
    """Tell whether a block in a section of sources is one; in C++, references are something to learn."""
    if isinstance(block, model.Code | model.Diagram):
        return False
    texts = list(model.contents(block))
    leads = any(isinstance(part, model.Link | model.WebLink) for text in texts for part in model.inlines(text))
    is_prose = word_count((block,)) >= _LEAST_SENTENCE and not isinstance(block, model.ItemList)
    return leads or not is_prose or any(claims.names_year(model.plain(text)) for text in texts)


def _whole(section: Section, said: list[Block], title: str) -> Made:
    return _asked(section, f"What is there to know about “{title}”?", *said)


def _asked(section: Section, text: str, *back: Block) -> Made:
    title = model.plain(section.title)
    return Made((model.Text(title if title.endswith("?") else text, section.span),), back, section.span)


def _parts(section: Section, title: str) -> Iterator[Made]:
    if 1 < len(section.sections) <= _MOST_PARTS:
        items = tuple(model.Item("", nested.title, (), nested.span) for nested in section.sections)
        parts = model.ItemList(ordered=False, items=items, span=section.span)
        yield _asked(section, f"Which parts does “{title}” have?", parts)


def _is_short(said: list[Block], words: int, items: int) -> bool:
    found = sum(len(block.items) if isinstance(block, model.ItemList) else 1 for block in said)
    return word_count(tuple(said)) <= words and found <= items


def _sentences(said: list[Block], title: str, common: frozenset[str]) -> list[Made]:
    """Return the sentences that tell most, with a name hidden in each that nothing else on the card gives away."""
    found: list[tuple[float, model.Paragraph, Piece, Piece]] = []
    for line in _lines(said):
        text = model.plain(line.content)
        for start, end in claims.sentences(text):
            sentence = text[start:end]
            words = sentence.split()
            if not _LEAST_SENTENCE <= len(words) <= _MOST_SENTENCE:
                continue
            for number, (low, high) in enumerate(claims.names(sentence)):
                rest = content_words(f"{title} {sentence[:low]} {sentence[high:]}")
                hidden = content_words(sentence[low:high])
                is_name = sentence[low:high] != sentence[low:high].lower()
                if not hidden or hidden & (rest | common) or (not is_name and len(words) > _MOST_AROUND_A_NOUN):
                    continue
                score = sentence[0].isupper() + sentence.endswith(".") - number / 4 - abs(len(words) - 14) / 20
                found.append((score, line, (start, end), (low, high)))
                break
    best = sorted(range(len(found)), key=lambda place: -found[place][0])[:_MOST_SENTENCES]
    return [_cloze(*found[place][1:]) for place in sorted(best)]


def _cloze(line: model.Paragraph, sentence: Piece, name: Piece) -> Made:
    """Return a sentence of a line with a name hidden; the id of a line that says more may pass to another sentence."""
    front = marked(stripped(cut(line.content, *sentence)), [(name, 1)])
    says_more = sentence != (0, len(model.plain(line.content)))
    return Made(front, (), line.span, "" if says_more else line.key)


def _lines(said: list[Block]) -> Iterator[model.Paragraph]:
    """Yield what stands in blocks as paragraphs, with the ids that paragraphs and items have."""
    for block in model.blocks(tuple(said)):
        match block:
            case model.Paragraph():
                yield block
            case model.ItemList(items=items):
                yield from (model.Paragraph(item.key, item.content, item.span) for item in items)
            case _:
                yield from (model.Paragraph("", content, block.span) for content in model.contents(block))


def _first(section: Section, said: list[Block], title: str) -> Made:
    """Return a question for the first thing that is said, as far as it can be said in one breath."""
    first = said[0]
    if isinstance(first, model.Code):
        lines = "\n".join(first.text.split("\n")[:_MOST_CODE_LINES])
        code = model.Code(first.language, lines, first.span)
        return _asked(section, f"What does the code of “{title}” look like?", code)
    content = next((line.content for line in _lines(said) if line.content), ())
    text = model.plain(content)
    start, end = next(claims.sentences(text), (0, len(text)))
    if not content:
        return _whole(section, [first], title)
    back = model.Paragraph("", stripped(cut(content, start, end)), section.span)
    return _asked(section, f"What is the first thing to know about “{title}”?", back)
