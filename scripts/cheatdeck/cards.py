"""Sections -> notes for Anki: what is asked, what is answered, and what stands around it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from cheatdeck import ledger, model
from cheatdeck.identity import guid
from cheatdeck.ledger import Ledger
from cheatdeck.markup import Html
from cheatdeck.model import Kind, Notebook, Section, plain
from cheatdeck.prompts import Aside, Prompt, prompts
from cheatdeck.settings import Settings

_NOTHING = Markup()
# The tag that finds the retired cards of all notebooks; each notebook's own stands below it.
RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Note:
    """A note, which Anki makes one card of, or one for each deletion; a retired one comes without cards.

    `front`, `back` and `extra` (what stands below the answer) are HTML as Anki stores it; a cloze note has
    its text in `front` and nothing in `back`. `typed` is the answer for those who type it. `numbers` are those
    of the cards: the deletions', (0,) for other kinds. A retired note has no chapter and no section.
    """

    key: str
    guid: str
    kind: Kind
    front: Markup
    back: Markup
    extra: Markup
    tags: tuple[str, ...]
    numbers: tuple[int, ...]
    deletions: tuple[tuple[int, str], ...] = ()
    typed: Markup = _NOTHING
    chapter: Section | None = None
    section: Section | None = None
    chapter_label: Markup = _NOTHING
    section_label: Markup = _NOTHING
    sources: Markup = _NOTHING

    @property
    def is_retired(self) -> bool:
        """Whether the note was taken out of the notes for good."""
        return self.chapter is None


def make_notes(notebook: Notebook, pictures: Mapping[str, str], released: Ledger) -> tuple[Note, ...]:
    """Return all notes in the order of the notebook, then the retired ones.

    `pictures` has the media name of each diagram by its key. The notebook is one without problems.
    """
    asked = {prompt.key: prompt for prompt in prompts(notebook)}
    notes = [_note(notebook.settings, prompt, pictures) for prompt in asked.values()]
    return (*notes, *_retired_notes(notebook.settings, asked, released))


def _note(settings: Settings, prompt: Prompt, pictures: Mapping[str, str]) -> Note:
    html = CardHtml(pictures)
    return Note(
        key=prompt.key,
        guid=guid(settings.key, prompt.key),
        kind=prompt.kind,
        front=_front(prompt, pictures),
        back=html.answer(prompt.back),
        extra=Markup().join(_aside(html, aside) for aside in prompt.asides),
        tags=_tags(settings, prompt),
        numbers=prompt.numbers,
        deletions=ledger.deletions(prompt),
        typed=_typed(html, prompt) if settings.typed_limits else Markup(),
        chapter=prompt.chapter,
        section=prompt.section,
        chapter_label=html.text(prompt.chapter.heading),
        section_label=html.text(prompt.section.heading),
        sources=html.sources(prompt.sources),
    )


def _aside(html: "CardHtml", aside: Aside) -> Markup:
    label = Markup("<b>{}:</b> ").format(aside.label) if aside.label else ""
    return Markup("<p>{}{}</p>").format(label, html.text(aside.text))


def _typed(html: "CardHtml", prompt: Prompt) -> Markup:
    match prompt.kind, prompt.back:
        case Kind.LIMIT, (model.Paragraph(content=value),):
            return html.text(plain(value))
        case _:
            return Markup()


def _retired_notes(settings: Settings, asked: Mapping[str, Prompt], released: Ledger) -> Iterator[Note]:
    """Yield what is left of retired notes: the learners who have such a card are told, and nobody gets it anew."""
    html = ClozeHtml({})
    for key, entry in sorted(released.items()):
        if not entry.is_retired or key in asked:
            continue
        text = Markup("<p>This card is retired: {}</p>").format(html.text(entry.reason))
        if entry.successor:
            instead = model.asked(asked[entry.successor].front)
            text += Markup("<p>Another card asks instead: {}</p>").format(html.text(instead))
        kept = Markup(" ").join(Markup("{{{{c{}::-}}}}").format(number) for number, _ in entry.deletions)
        # Without its deletions the learner's cards would be empty, and without a style of its own they would show.
        hidden = Markup('<span style="display: none">{}</span>').format(kept) if kept else ""
        yield Note(
            key=key,
            guid=entry.guid,
            kind=Kind(entry.kind),
            front=text + hidden,
            back=_NOTHING,
            extra=_aside(html, Aside("", "Nothing to learn here: delete this note, or suspend it.")),
            tags=(f"{RETIRED}::{settings.key}",),
            numbers=(),
            deletions=entry.deletions,
        )


def _front(prompt: Prompt, pictures: Mapping[str, str]) -> Markup:
    html = ClozeHtml(pictures) if prompt.kind is Kind.CLOZE else CardHtml(pictures)
    shown = html.inline(prompt.front)
    if prompt.lead:
        return Markup('<span class="ask">{}</span><br>{}').format(html.text(prompt.lead), shown)
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
        if part.is_wide:
            shape = Markup('<div class="table"><img class="diagram wide" src="{}" alt="{}"></div>')
        return shape.format(self._pictures[part.key], self.attribute(part.description))

    def image(self, part: model.Image) -> Markup:
        """Render a picture of the deck's media, its caption below it."""
        look = "diagram wide" if part.is_wide else "diagram"
        shown = Markup('<img class="{}" src="{}" alt="{}">').format(look, part.file, self.attribute(part.alt))
        if part.is_wide:
            shown = Markup('<div class="table">{}</div>').format(shown)
        return shown + (Markup("<p>{}</p>").format(self.inline(part.caption)) if part.caption else "")

    def sources(self, sources: tuple[model.Source, ...]) -> Markup:
        """Render a section's sources as links, one a line."""
        link = Markup('<a href="{}">{}</a>')
        return Markup("<br>").join(
            link.format(self.address(source.address), self.text(source.title)) for source in sources
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
_SYNTAX = re.compile(r"[\\\[{}:]")
# A brace or colon also counts at the end of a text, since a deletion's own may follow it.
_DOUBLED = re.compile(r"(\{(?=\{|\Z)|\}(?=\}|\Z))")
_DOUBLED_COLON = re.compile(r"(:(?=:|\Z))")
