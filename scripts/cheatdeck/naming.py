"""Ids for what was written for cheatdeck and has none."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from cheatdeck import model, rules
from cheatdeck.model import Block, Notebook, Section, Span
from cheatdeck.plain.keys import Keys, slug
from cheatdeck.rewrite import each_block

Named = tuple[Span, str]


def named(book: Notebook, plain: Collection[str]) -> tuple[Notebook, list[Named]]:
    """Return a notebook in which all has an id that needs one, and where each new one belongs.

    Files that are `plain`, by their shown names, are left as they are: ids of theirs are made with their cards.
    """
    namer = _Namer(Keys(key for key, _ in rules.keys(book)), [])
    chapters = tuple(chapter if chapter.span.file in plain else namer.section(chapter, "") for chapter in book.chapters)
    return replace(book, chapters=chapters), namer.made


@dataclass(frozen=True, slots=True)
class _Namer:
    """Names what has no name."""

    keys: Keys
    made: list[Named]

    def section(self, section: Section, above: str) -> Section:
        """Return a section with ids: those that are made begin with that of the section around."""
        key = section.key or self._new(section.span, above, model.plain(section.title))

        def name(block: Block) -> Iterator[Block]:
            """Yield a block with ids, as far as it needs any."""
            match block:
                case model.ItemList(items=items):
                    yield replace(block, items=tuple(replace(item, key=self._key(item, key)) for item in items))
                case model.Paragraph() | model.Question() | model.Diagram():
                    yield replace(block, key=self._key(block, key))
                case _:
                    yield block

        blocks = each_block(section.blocks, name)
        return replace(
            section, key=key, blocks=blocks, sections=tuple(self.section(nested, key) for nested in section.sections)
        )

    def _key(self, part: model.Keyed, above: str) -> str:
        lacking = rules.unnamed(part)
        return self._new(part.span, above, lacking[1]) if lacking else part.key

    def _new(self, span: Span, above: str, text: str) -> str:
        key = self.keys.take("-".join(filter(None, (above, slug(text)))) or "part")
        self.made.append((span, key))
        return key
