"""Plain pages -> chapters of a notebook: numbers, ids, and links that lead somewhere."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from cheatdeck import model
from cheatdeck.model import Block, Inline, Section
from cheatdeck.plain.keys import Keys, path_key
from cheatdeck.plain.outline import Part
from cheatdeck.plain.reader import PlainPage
from cheatdeck.problems import Code, Problem
from cheatdeck.rewrite import each_block, in_blocks, in_content
from cheatdeck.vault import place_of

# Headings of the sheet, and numbers of sections, go so deep; what lies deeper stands on the last level.
DEEPEST = 4
# A first heading with so many below it is the title of all.
_LEAST_CHAPTERS = 2


@dataclass(frozen=True, slots=True)
class Source:
    """A page of a notebook; `file` is its path within the notebook, with /, and `name` what it is called."""

    file: str
    name: str
    page: PlainPage


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a page that becomes a chapter with a number; `above` is the title that it stands under."""

    source: Source
    number: int
    part: Part
    above: str = ""


def titled(source: Source) -> tuple[str, tuple[Part, ...]]:
    """Return the title of a notebook that is one page, and the parts that are its chapters.

    One heading above all others is the title; what stands below it, before the next, is a chapter of its own name.
    """
    whole = _without_repeated_title(source.page)
    name = source.page.title or source.name
    is_named = whole is not source.page.whole
    match whole.parts:
        case (only,) if not is_named and len(only.parts) >= _LEAST_CHAPTERS:
            blocks = (*whole.blocks, *only.blocks)
            first = (replace(only, level=1, blocks=blocks, parts=()),) if blocks else ()
            return model.plain(only.title), (*first, *only.parts)
        case (only,) if not is_named and not whole.blocks:
            return model.plain(only.title), (replace(only, level=1),)
        case _:
            return name, (*_before(whole, name), *whole.parts)


def chapter_of(source: Source) -> Part:
    """Return the chapter that one page of many is: its only <h1>, or all of it under the page's name."""
    whole = _without_repeated_title(source.page)
    match whole.parts:
        case (only,) if only.level == 1 and whole is source.page.whole:
            return replace(only, blocks=(*whole.blocks, *only.blocks))
        case _:
            name = source.page.title or source.name
            return replace(whole, level=1, title=(model.Text(name, whole.span),))


def _without_repeated_title(page: PlainPage) -> Part:
    """Return what a page says, without a first heading that only says its title before others of the same level."""
    match page.whole.parts:
        case (first, second, *_) if (
            model.plain(first.title) == page.title and first.level == second.level and not (first.blocks or first.parts)
        ):
            return replace(page.whole, parts=page.whole.parts[1:], anchors=page.whole.anchors | first.anchors)
        case _:
            return page.whole


def _before(whole: Part, name: str) -> tuple[Part, ...]:
    """Return what stands before any heading as a part with the page's name."""
    return (replace(whole, level=1, title=(model.Text(name, whole.span),), parts=()),) if whole.blocks else ()


def assemble(chapters: Sequence[Chapter], taken: Iterable[str]) -> tuple[tuple[Section, ...], list[Problem]]:
    """Return chapters as sections, with ids that are not taken, and problems for links that lead nowhere."""
    keys = Keys(taken, (key for chapter in chapters for part in chapter.part.walk() for key in _given(part)))
    named = {id(part): key for chapter in chapters for part, key in _named(chapter.part, (chapter.above,), keys)}
    places = _places(chapters, named)
    problems: list[Problem] = []
    sections = []
    for chapter in chapters:
        linked = _Linked(chapter.source.file, places, problems)
        sections.append(_Builder(named, linked, keys).section(chapter.part, (chapter.number,)))
    return tuple(sections), problems


def _given(part: Part) -> Iterator[str]:
    """Yield the ids that a part and the blocks in it were given."""
    yield part.key
    for block in model.blocks(part.blocks):
        yield from (each.key for each in model.keyed_parts(block))


def _named(part: Part, path: tuple[str, ...], keys: Keys) -> Iterator[tuple[Part, str]]:
    """Yield a part and all within it with their ids: their own, else those made of the headings that lead there.

    So they stay when a page gets one more heading, or the notebook one more page.
    """
    title = model.plain(part.title)
    here = (title,) if part.level == 1 else (*path, title)
    yield part, keys.keep(part.key) or keys.take(path_key(here))
    for nested in part.parts:
        yield from _named(nested, here, keys)


def _places(chapters: Sequence[Chapter], named: Mapping[int, str]) -> dict[tuple[str, str], str]:
    """Return the ids of sections by file and name of a place in it; a file's own place has no name.

    Links may lead to ids that were made as well, where the notes have no place of that name.
    """
    places: dict[tuple[str, str], str] = {}
    for chapter in chapters:
        for part in chapter.part.walk():
            key = named[id(part)]
            for name in ("", *sorted(part.anchors), place_of(model.plain(part.title))):
                places.setdefault((chapter.source.file.casefold(), name.casefold()), key)
    for chapter in chapters:
        for part in chapter.part.walk():
            places.setdefault((chapter.source.file.casefold(), named[id(part)]), named[id(part)])
    return places


@dataclass(frozen=True, slots=True)
class _Linked:
    """Leads the links of a file to sections."""

    file: str
    places: Mapping[tuple[str, str], str]
    problems: list[Problem]

    def rewrite(self, part: Inline) -> Iterator[Inline]:
        """Yield what a link becomes; all else stays."""
        if isinstance(part, model.Link):
            yield from self._link(part)
        else:
            yield part

    def _link(self, part: model.Link) -> Iterator[Inline]:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.file), part.file)) if part.file else self.file
        key = self.places.get((path.casefold(), part.key.casefold())) or self._whole_file(path, part)
        if key:
            yield model.Link("" if path == self.file else posixpath.basename(path), key, part.children, part.span)
        else:
            where = part.file + (f"#{part.key}" if part.key else "")
            hint = "link to a heading or an id of these notes, or to http:// or https://"
            message = f'a link to "{where}" leads nowhere, and was taken out; its text stays'
            self.problems.append(Problem(Code.LOST_LINK, part.span, message, hint))
            yield from part.children

    def _whole_file(self, path: str, part: model.Link) -> str | None:
        return self.places.get((path.casefold(), "")) if part.file else None


@dataclass(frozen=True, slots=True)
class _Builder:
    """Makes sections of the parts of a chapter."""

    named: Mapping[int, str]
    linked: _Linked
    keys: Keys

    def section(self, part: Part, number: tuple[int, ...]) -> Section:
        key = self.named[id(part)]
        drawn = partial(self._drawn, key, model.plain(part.title), count(1))
        linked = in_blocks(part.blocks, lambda content: in_content(content, self.linked.rewrite))
        return Section(
            key=key,
            number=number,
            title=in_content(part.title, self.linked.rewrite),
            tasks=(),
            blocks=each_block(linked, drawn),
            sources=(),
            sections=tuple(
                self.section(nested, (*number, place)) for place, nested in enumerate(_below(part, number), 1)
            ),
            span=part.span,
        )

    def _drawn(self, key: str, title: str, numbers: Iterator[int], block: Block) -> Iterator[Block]:
        """Yield a diagram with its id, and a question where it has no caption; other blocks as they are."""
        if not isinstance(block, model.Diagram):
            yield block
            return
        number = next(numbers)
        which = "the diagram" if number == 1 else f"diagram {number}"
        asked = model.Text(f"What does {which} of “{title}” show?", block.span)
        own = self.keys.keep(block.key) or self.keys.take(f"{key}-diagram")
        yield replace(block, key=own, caption=block.caption or (asked,))


def _below(part: Part, number: tuple[int, ...]) -> Iterator[Part]:
    """Yield the parts that are sections of a part with a number; on the last level, those within them follow them."""
    for nested in part.parts if len(number) < DEEPEST else ():
        yield from _flattened(nested) if len(number) + 1 == DEEPEST else (nested,)


def _flattened(part: Part) -> Iterator[Part]:
    """Yield a part and all within it one after the other."""
    yield part
    for nested in part.parts:
        yield from _flattened(nested)
