"""Sections -> notes for Anki: what is asked, what is answered, and what stands around it."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from cheatdeck import model
from cheatdeck.markup import Html
from cheatdeck.model import Notebook, Section
from cheatdeck.prompts import Kind, Prompt, prompts
from cheatdeck.settings import Settings


@dataclass(frozen=True, slots=True)
class Note:
    """A note, which Anki makes one card of, or one for each deletion.

    `front`, `back` and `extra` (what stands below the answer) are HTML as Anki stores it; a cloze note has
    its text in `front` and nothing in `back`. `numbers` are the deletions' numbers, (0,) for other kinds.
    """

    key: str
    guid: str
    kind: Kind
    front: Markup
    back: Markup
    extra: Markup
    chapter: Section
    section: Section
    chapter_label: Markup
    section_label: Markup
    sources: Markup
    tags: tuple[str, ...]
    numbers: tuple[int, ...]


def guid(notebook: str, key: str) -> str:
    """Return the name by which Anki knows a note for ever: 72 bits of SHA-256 over notebook id and key."""
    digest = hashlib.sha256(f"{notebook}\n{key}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def make_notes(notebook: Notebook, pictures: Mapping[str, str]) -> tuple[Note, ...]:
    """Return all notes in the order of the notebook.

    `pictures` has the media name of each diagram by its key. The notebook is one without problems.
    """
    return tuple(_note(notebook.settings, prompt, pictures) for prompt in prompts(notebook))


def _note(settings: Settings, prompt: Prompt, pictures: Mapping[str, str]) -> Note:
    html = CardHtml(pictures)
    return Note(
        key=prompt.key,
        guid=guid(settings.key, prompt.key),
        kind=prompt.kind,
        front=_front(prompt, pictures),
        back=html.answer(prompt.back),
        extra=Markup().join(Markup("<p>{}</p>").format(html.text(aside)) for aside in prompt.asides),
        chapter=prompt.chapter,
        section=prompt.section,
        chapter_label=html.text(prompt.chapter.heading),
        section_label=html.text(prompt.section.heading),
        sources=html.sources(prompt.sources),
        tags=_tags(settings, prompt),
        numbers=tuple(sorted({mark.number for mark in prompt.marks})) or (0,),
    )


def _front(prompt: Prompt, pictures: Mapping[str, str]) -> Markup:
    if prompt.kind is Kind.CLOZE:
        return ClozeHtml(pictures).inline(prompt.front)
    shown = CardHtml(pictures).inline(prompt.front)
    return Markup('<span class="ask">Define:</span> {}').format(shown) if prompt.kind is Kind.DEFINITION else shown


def _tags(settings: Settings, prompt: Prompt) -> tuple[str, ...]:
    chapter = prompt.chapter
    exam = settings.exam.tags() if settings.exam else {}
    own = {f"{settings.key}::chapter::{chapter.number[0]:02}-{chapter.key}", f"{settings.key}::kind::{prompt.kind}"}
    return tuple(sorted(own | {exam[task] for task in prompt.tasks if task in exam}))


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
        return Markup()

    def diagram(self, part: model.Diagram) -> Markup:
        """Render a diagram as a picture of the deck's media."""
        shape = Markup('<img class="diagram" src="{}" alt="{}">')
        return shape.format(self._pictures[part.key], self.attribute(part.description))

    def sources(self, sources: tuple[model.Source, ...]) -> Markup:
        """Render a section's sources as links, one a line."""
        link = Markup('<a href="{}">{}</a>')
        return Markup("<br>").join(
            link.format(quote(source.address, safe=_IN_ADDRESSES), self.text(source.title)) for source in sources
        )


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
# At the end of a text, the rest may follow after a comment or an element.
_BRACKET_TAG = re.compile(r"\[(?=/?(?:sound:|latex\]|\$|anki:)|\Z)", re.IGNORECASE)
# MathJax reads across a <wbr>, but not across an element.
_MATH = re.compile(r"\\(?=[()\[\]]|\Z)")
# What an address may have as it is: all that Anki would interpret is left out, and written as %5B and the like.
_IN_ADDRESSES = "%/:?#@!$&'()*+,;=~"
_SYNTAX = re.compile(r"[\\\[{}:]")
# A brace or colon also counts at the end of a text, since a deletion's own may follow it.
_DOUBLED = re.compile(r"(\{(?=\{|\Z)|\}(?=\}|\Z))")
_DOUBLED_COLON = re.compile(r"(:(?=:|\Z))")
