"""Sections -> notes for Anki: what is asked, what is answered, and what stands around it."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape

from cheatdeck import model
from cheatdeck.markup import Html
from cheatdeck.model import Inline, Limit, Notebook, Section, Settings, plain

_NOTHING = Markup()


class Kind(StrEnum):
    """What a note asks for."""

    CLOZE = "cloze"
    QUESTION = "question"
    DEFINITION = "definition"
    LIMIT = "limit"
    DIAGRAM = "diagram"


@dataclass(frozen=True, slots=True)
class Note:
    """A note, which Anki makes one card of, or one for each deletion.

    `front`, `back` and `extra` (what stands below the answer) are HTML as Anki stores it; a cloze note has
    its text in `front` and nothing in `back`. `numbers` are the deletions' numbers, (0,) for other kinds.
    `media` are names of pictures.
    """

    key: str
    guid: str
    kind: Kind
    front: Markup
    back: Markup
    extra: Markup
    chapter: Section
    section: Section
    sources: Markup
    tags: tuple[str, ...]
    numbers: tuple[int, ...] = (0,)
    media: tuple[str, ...] = ()


def guid(notebook: str, key: str) -> str:
    """Return the name by which Anki knows a note for ever: 72 bits of SHA-256 over notebook id and key."""
    digest = hashlib.sha256(f"{notebook}\n{key}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def make_notes(notebook: Notebook, pictures: Mapping[str, str]) -> tuple[Note, ...]:
    """Return all notes in the order of the notebook.

    `pictures` has the media name of each diagram by its key. A limit's note stands after those of the
    section that owns it. The notebook is one without problems.
    """
    maker = _Maker(notebook, pictures)
    return tuple(note for chapter in notebook.chapters for note in maker.section(chapter, chapter, ()))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a note comes from; `tasks` are the section's, or those that it inherits."""

    chapter: Section
    section: Section
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a note asks and answers."""

    kind: Kind
    key: str
    front: Markup
    back: Markup
    extra: Markup = _NOTHING
    numbers: tuple[int, ...] = (0,)
    source: str = ""


class _Maker:
    """Makes the notes of one notebook."""

    def __init__(self, notebook: Notebook, pictures: Mapping[str, str]) -> None:
        self._settings = notebook.settings
        self._pictures = pictures
        self._html = CardHtml(pictures)
        self._limits: dict[str, list[Limit]] = {}
        for limit in notebook.limits:
            self._limits.setdefault(limit.section, []).append(limit)
        self._shown_in = sections_by_limit(notebook)

    def section(self, chapter: Section, section: Section, inherited: tuple[str, ...]) -> Iterator[Note]:
        place = _Place(chapter, section, section.tasks or inherited)
        for block in model.blocks(section.blocks):
            for asked in self._asked(block):
                yield self._note(place, asked)
        for limit in self._limits.get(section.key, ()):
            yield self._note(place, self._limit(limit))
        for nested in section.sections:
            yield from self.section(chapter, nested, place.tasks)

    def _asked(self, block: model.Block) -> Iterator[_Asked]:
        html = self._html
        match block:
            case model.Paragraph(key=key, content=content) if key:
                yield self._text_note(key, content)
            case model.ItemList(items=items):
                yield from (self._text_note(item.key, item.content) for item in items if item.key)
            case model.Question(key=key, question=question, answer=answer):
                yield _Asked(Kind.QUESTION, key, html.inline(question), html.answer(answer))
            case model.Diagram(key=key, caption=caption):
                yield _Asked(Kind.DIAGRAM, key, html.inline(caption), html.diagram(block))
            case _:
                pass

    def _text_note(self, key: str, content: tuple[Inline, ...]) -> _Asked:
        numbers = {inline.number for inline in model.inlines(content) if isinstance(inline, model.Mark)}
        if numbers:
            front = ClozeHtml(self._pictures).inline(content)
            return _Asked(Kind.CLOZE, key, front, _NOTHING, numbers=tuple(sorted(numbers)))
        term = next(inline for inline in model.inlines(content) if isinstance(inline, model.Term))
        name = self._html.text(term.title) if term.title else self._html.inline(term.children)
        front = Markup('<span class="ask">Define:</span> {}').format(name)
        return _Asked(Kind.DEFINITION, key, front, self._html.inline(content))

    def _limit(self, limit: Limit) -> _Asked:
        front = self._html.text(f"{limit.subject}?")
        back = Markup('<b class="limit">{}</b>').format(self._html.text(limit.value))
        others = [place for place in self._shown_in.get(limit.key, ()) if place.key != limit.section]
        places = ", ".join(f"{place.label} {plain(place.title)}" for place in others)
        asides = (limit.note, limit.exam and f"Exam: {limit.exam}", places and f"Also in {places}")
        extra = Markup("").join(Markup("<p>{}</p>").format(self._html.text(aside)) for aside in asides if aside)
        return _Asked(Kind.LIMIT, limit.key, front, back, extra, source=limit.source)

    def _note(self, place: _Place, asked: _Asked) -> Note:
        sources = _sources(place.section, asked.source)
        return Note(
            key=asked.key,
            guid=guid(self._settings.key, asked.key),
            kind=asked.kind,
            front=asked.front,
            back=asked.back,
            extra=asked.extra,
            chapter=place.chapter,
            section=place.section,
            sources=self._html.sources(sources),
            tags=_tags(self._settings, place, asked.kind),
            numbers=asked.numbers,
            media=(self._pictures[asked.key],) if asked.kind is Kind.DIAGRAM else (),
        )


def _sources(section: Section, address: str) -> tuple[model.Source, ...]:
    """Return a section's sources, or the one that a limit names, with its title where the section has it."""
    if not address:
        return section.sources
    same = tuple(source for source in section.sources if source.address == address)
    return same or (model.Source(address.removeprefix("https://"), address, section.span),)


def sections_by_limit(notebook: Notebook) -> dict[str, list[Section]]:
    """Return the sections that show each limit, by the limit's own id."""
    names = {key: limit.key for limit in notebook.limits for key in (limit.key, *limit.aliases)}
    found: dict[str, list[Section]] = {}
    for section in notebook.sections():
        for block in model.blocks(section.blocks):
            for content in model.contents(block):
                for inline in model.inlines(content):
                    if isinstance(inline, model.LimitRef):
                        places = found.setdefault(names[inline.limit], [])
                        if section not in places:
                            places.append(section)
    return found


def _tags(settings: Settings, place: _Place, kind: Kind) -> tuple[str, ...]:
    chapter = place.chapter
    tags = {f"{settings.key}::chapter::{chapter.number[0]:02}-{chapter.key}", f"{settings.key}::kind::{kind}"}
    if settings.exam:
        code = settings.exam.code.lower()
        tags |= {
            f"{code}::{domain.tag}::{task}"
            for domain in settings.exam.domains
            for task in place.tasks
            if task in domain.tasks
        }
    return tuple(sorted(tags))


class CardHtml(Html):
    """HTML that Anki shows as it was written: nothing in it is taken for sound, LaTeX or MathJax."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        """Take the media name of each diagram by its key."""
        self._pictures = pictures

    def text(self, text: str) -> Markup:
        """Render plain text, with something invisible in what Anki would interpret."""
        shown = _BRACKET_TAG.sub("[<wbr>", str(escape(text)))
        return Markup(_MATH.sub(r"\\<span></span>", shown))

    def attribute(self, text: str) -> Markup:
        """Render an attribute's value with references for what Anki would interpret, since it reads those too."""
        return Markup(_SYNTAX.sub(lambda found: f"&#{ord(found[0])};", str(escape(text))))

    def anchor(self, key: str) -> Markup:  # noqa: ARG002 - cards have no places to link to
        """Leave ids out: cards of one review share a page."""
        return _NOTHING

    def diagram(self, part: model.Diagram) -> Markup:
        """Render a diagram as a picture of the deck's media."""
        shape = Markup('<img class="diagram" src="{}" alt="{}">')
        return shape.format(self._pictures[part.key], self.attribute(part.description))

    def sources(self, sources: tuple[model.Source, ...]) -> Markup:
        """Render a section's sources as links, one a line."""
        link = Markup('<a href="{}">{}</a>')
        return Markup("<br>").join(link.format(source.address, self.text(source.title)) for source in sources)


class ClozeHtml(CardHtml):
    """HTML of a cloze note's text, where braces mean something too."""

    def text(self, text: str) -> Markup:
        """Render plain text, with <wbr> between braces."""
        return Markup(_DOUBLED.sub(r"\1<wbr>", str(super().text(text))))

    def mark(self, part: model.Mark) -> Markup:
        """Render a deletion."""
        return Markup("{{{{c{}::{}}}}}").format(part.number, DeletionHtml(self._pictures).inline(part.children))


class DeletionHtml(ClozeHtml):
    """HTML within a deletion, where two colons start a hint."""

    def text(self, text: str) -> Markup:
        """Render plain text, with <wbr> between braces and between colons."""
        return Markup(_DOUBLED_COLON.sub(r"\1<wbr>", str(super().text(text))))


# Anki takes these for sounds, LaTeX and its own tags in any field.
_BRACKET_TAG = re.compile(r"\[(?=/?(?:sound:|latex\]|\$|anki:))", re.IGNORECASE)
# MathJax reads across a <wbr>, but not across an element.
_MATH = re.compile(r"\\(?=[()\[\]])")
_SYNTAX = re.compile(r"[\\\[{}:]")
# A brace or colon also counts at the end of a text, since a deletion's own may follow it.
_DOUBLED = re.compile(r"(\{(?=\{|\Z)|\}(?=\}|\Z))")
_DOUBLED_COLON = re.compile(r"(:(?=:|\Z))")
