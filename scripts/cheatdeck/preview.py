"""Notebook and deck -> one HTML page to read cards, sheet and coverage in a browser; it loads nothing."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cheatdeck import face, model
from cheatdeck.cards import Note
from cheatdeck.coverage import topics
from cheatdeck.deck import Deck, NoteType, fields
from cheatdeck.diagrams import Picture
from cheatdeck.edition import Edition
from cheatdeck.face import Sides
from cheatdeck.markup import Html
from cheatdeck.model import Diagram, Kind, Limit, Notebook, Section
from cheatdeck.prompts import Prompt, prompts, sections_by_limit, with_tasks
from cheatdeck.seen import plain_text
from cheatdeck.words import counted


@dataclass(frozen=True, slots=True)
class Entry:
    """A card on the page. `key` is where links to it lead; `spot` is its place in the sheet's text.

    `label` is what the card itself calls its kind, `asked` its question in plain words, and `text` all that a
    search looks through. `is_typed` tells whether the answer is to be typed.
    """

    key: str
    label: str
    asked: str
    text: str
    sides: Sides
    prompt: Prompt
    tags: tuple[str, ...]
    spot: str
    limit: Limit | None
    is_typed: bool

    @property
    def place(self) -> str:
        """Where the notes say it: 17-sqs.html:21."""
        return f"{PurePath(self.prompt.span.file).name}:{self.prompt.span.line}"


@dataclass(frozen=True, slots=True)
class Part:
    """What a section became; `tasks` are its own, or those that it inherits."""

    section: Section
    tasks: tuple[str, ...]
    entries: tuple[Entry, ...]
    limits: int
    diagrams: int


class PageHtml(Html):
    """HTML of the sheet's text on the page: links lead to places on it, pictures are in it."""

    def __init__(
        self,
        pictures: Mapping[str, Picture],
        media: Mapping[str, str],
        limits: Mapping[str, Limit],
        sections: Mapping[str, Section],
    ) -> None:
        """Take diagrams by key, other pictures' addresses by name, limits by id and alias, and sections by key."""
        self._pictures = pictures
        self._media = media
        self._limits = limits
        self._sections = sections

    def anchor(self, key: str) -> Markup:
        """Mark a place in the text; the key itself is where its card is."""
        return Markup(' id="{}"').format(_spot(key)) if key else Markup()

    def limit(self, part: model.LimitRef) -> Markup:
        """Link a limit's value to its row in the table of limits."""
        key = self._limits[part.limit].key
        return Markup('<a class="limit" href="#limit_{}">{}</a>').format(key, self.inline(part.children))

    def link(self, part: model.Link) -> Markup:
        """Link to a place in the text; a section's number stands behind its name."""
        section = self._sections.get(part.key)
        number = Markup(' <span class="number">{}</span>').format(section.label) if section else ""
        return Markup('<a href="#{}">{}{}</a>').format(_spot(part.key), self.inline(part.children), number)

    def diagram(self, part: model.Diagram) -> Markup:
        """Show the picture above its caption."""
        picture = self._pictures[part.key]
        return Markup(
            '<figure{}><div class="table"><img src="{}" alt="{}" width="{:.0f}" height="{:.0f}"></div>'
            "<figcaption>{}</figcaption></figure>"
        ).format(
            self.anchor(part.key), _data(picture.file_name, picture.data), part.description, picture.width,
            picture.height, self.inline(part.caption),
        )  # fmt: skip

    def image(self, part: model.Image) -> Markup:
        """Show a picture above its caption."""
        caption = Markup("<figcaption>{}</figcaption>").format(self.inline(part.caption)) if part.caption else ""
        shape = Markup('<figure><div class="table"><img src="{}" alt="{}"></div>{}</figure>')
        return shape.format(self._media[part.file], part.alt, caption)


def render_preview(
    notebook: Notebook, deck: Deck, pictures: Mapping[str, Picture], edition: Edition, templates: Path
) -> str:
    """Return the page as one HTML document, with its style, its script and its pictures within.

    `templates` is the folder with the folders of all templates. The notebook is one without problems.
    """
    own, sections = templates / "preview", {section.key: section for section in notebook.sections()}
    media = {name: _data(name, data) for name, data in deck.media.items()}
    html = PageHtml(pictures, media, notebook.limits_by_id(), sections)
    entries = _entries(notebook, deck, media)
    parts = {part.section.key: part for part in _parts(notebook, entries)}
    script = (own / "preview.js").read_text(encoding="utf-8")
    environment = _environment(own)
    environment.filters.update(blocks=html.blocks, inline=html.inline)
    return environment.get_template("preview.html.j2").render(
        notebook=notebook,
        edition=edition,
        entries=entries,
        parts=parts,
        chapters=[[parts[section.key] for section in chapter.walk()] for chapter in notebook.chapters],
        kinds=_kinds(entries),
        tags=sorted({tag for entry in entries for tag in entry.tags}),
        topics=topics(notebook),
        shown_in=sections_by_limit(notebook),
        sections=sections,
        retired=[note for note in deck.notes if note.is_retired],
        colors=_colors(notebook, hues := _hues(templates / "sheet" / "base.css")),
        face_css=Markup(_face_css(deck.types, own)),
        css=Markup("\n".join([*hues, (own / "preview.css").read_text(encoding="utf-8")])),
        script=Markup(script),
        script_hash=_hash(script),
    )


def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(text=model.plain, spot=_spot, plain=plain_text, counted=counted)
    return environment


def _entries(notebook: Notebook, deck: Deck, media: Mapping[str, str]) -> list[Entry]:
    """Return all cards in the order of the notes."""
    asked = {prompt.key: prompt for prompt in prompts(notebook)}
    limits = notebook.limits_by_id()
    types = {each.is_cloze: each for each in deck.types}
    return [
        _entry(note, number, asked[note.key], types[note.kind is Kind.CLOZE], media, limits)
        for note in deck.notes
        for number in note.numbers
    ]


def _entry(  # noqa: PLR0913, PLR0917 - what a card is made from
    note: Note,
    number: int,
    prompt: Prompt,
    note_type: NoteType,
    media: Mapping[str, str],
    limits: Mapping[str, Limit],
) -> Entry:
    contents = zip(note_type.fields, fields(note), strict=True)
    filled = {name: _with_pictures(value, media) for name, value in contents}
    question = face.asked(note.front, number)
    is_limit = note.kind is Kind.LIMIT
    return Entry(
        key=note.key if number == (note.numbers or (0,))[0] else f"{note.key}_{number}",
        label=filled["Kind"],
        asked=plain_text(question),
        text=" ".join(filter(None, [*map(plain_text, (note.front, note.back, note.extra)), note.key])),
        sides=face.sides(note_type.faces[0], filled, number),
        prompt=prompt,
        tags=note.tags,
        spot=f"limit_{note.key}" if is_limit else _spot(prompt.section.key if prompt.is_derived else note.key),
        limit=limits[note.key] if is_limit else None,
        is_typed=bool(note.typed),
    )


def _with_pictures(html: str, media: Mapping[str, str]) -> str:
    """Return HTML with the pictures themselves where the deck has their names; text has no such quotes."""
    return _MEDIA.sub(lambda found: f'src="{media[found[1]]}"' if found[1] in media else found[0], html)


def _data(name: str, data: bytes) -> str:
    return f"data:{_KINDS[PurePath(name).suffix]};base64,{base64.b64encode(data).decode()}"


def _spot(key: str) -> str:
    """Return the id of a place in the sheet's text; keys have no underscores."""
    return f"text_{key}"


def _kinds(entries: Sequence[Entry]) -> dict[str, str]:
    return {entry.prompt.kind: entry.label for entry in entries}


def _parts(notebook: Notebook, entries: Sequence[Entry]) -> Iterator[Part]:
    """Yield what each section became, in order."""
    cards: dict[str, list[Entry]] = {}
    for entry in entries:
        cards.setdefault(entry.prompt.section.key, []).append(entry)
    for chapter in notebook.chapters:
        for section, tasks in with_tasks(chapter):
            yield Part(
                section,
                tasks,
                tuple(cards.get(section.key, ())),
                sum(limit.section == section.key for limit in notebook.limits),
                sum(isinstance(block, Diagram) for block in model.blocks(section.blocks)),
            )


def _hues(base_css: Path) -> list[str]:
    """Return the rules that give each group of chapters the color that it has on the sheet."""
    return _HUE.findall(base_css.read_text(encoding="utf-8"))


def _colors(notebook: Notebook, hues: Sequence[str]) -> dict[str, str]:
    """Return the class of each chapter's color by the chapter's key; without groups, each has its own."""
    places = {number: place for place, group in enumerate(notebook.settings.groups) for number in group.chapters}
    if not places:
        places = {chapter.number[0]: place for place, chapter in enumerate(notebook.chapters)}
    return {chapter.key: f"hue{places.get(chapter.number[0], 0) % len(hues) + 1}" for chapter in notebook.chapters}


def _face_css(types: Sequence[NoteType], own: Path) -> str:
    """Return the cards' style, then what tells their sides apart on the page.

    A card may be shown as wide as a phone: what the style says of a narrow screen holds for a narrow card too.
    """
    style = types[0].css.replace("@media (max-width: 30em)", "@container (max-width: 30em)")
    more = (own / "face.css").read_text(encoding="utf-8")
    return _COMMENT.sub("", f"{style}\n{more}").replace("\n\n", "\n")


def _hash(script: str) -> str:
    """Return what the page's policy names its one script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


_KINDS = {".gif": "image/gif", ".jpg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml",
          ".webp": "image/webp"}  # fmt: skip
_MEDIA = re.compile(r'src="([^"]+)"')
_HUE = re.compile(r"\.hue\d+ \{[^}]*\}")
_COMMENT = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)
