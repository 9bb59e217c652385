"""What stops a build of notes that were written for cheatdeck, and is a warning in anybody's."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from cheatdeck import model
from cheatdeck.diagrams import MOST_WIDTH, Picture
from cheatdeck.model import Block, Notebook, Section
from cheatdeck.problems import Code, Problem
from cheatdeck.rewrite import each_block, each_section

# Rules on how cards are written; nobody has written these cards.
_STYLE = frozenset(
    {
        Code.MANY_DELETIONS, Code.LONG_LIST, Code.GIVEN_AWAY, Code.YES_NO, Code.BARE_NUMBER, Code.UNNAMED,
        Code.MIXED_QUOTES, Code.LONG_ANSWER, Code.DOUBLE, Code.WIDE_CODE, Code.UNDESCRIBED, Code.TWO_SPELLINGS,
    }
)  # fmt: skip
# What a reader of plain notes, or of diagrams, can do without.
_SOFT = frozenset(
    {
        Code.BAD_SETTING, Code.BROKEN_TAGS, Code.RAGGED_ROW, Code.BROKEN_LINK, Code.BROKEN_DIAGRAM, Code.LARGE_DIAGRAM,
        Code.MOJIBAKE, Code.ENDLESS_WORD,
    }
)  # fmt: skip


def softened(problems: Iterable[Problem], plain: Collection[str]) -> list[Problem]:
    """Return problems, those of plain files as warnings where the notes can be built nevertheless."""
    return [
        replace(problem, is_mild=True) if problem.span.file in plain and problem.code in _SOFT else problem
        for problem in problems
        if problem.span.file not in plain or problem.code not in _STYLE
    ]


def fitted(book: Notebook, pictures: Mapping[str, Picture], plain: Collection[str]) -> Notebook:
    """Return a notebook in which diagrams of plain files stand as they can.

    One that is too wide for a column stands across all of them; one that could not be drawn, as it was written.
    """

    def fit(block: Block) -> Iterator[Block]:
        picture = pictures.get(block.key) if isinstance(block, model.Diagram) else None
        if not isinstance(block, model.Diagram):
            yield block
        elif picture is None:
            yield model.Code("", block.source.strip("\n"), block.span)
        else:
            yield replace(block, is_wide=block.is_wide or picture.width > MOST_WIDTH)

    def in_section(section: Section) -> Section:
        return replace(section, blocks=each_block(section.blocks, fit)) if section.span.file in plain else section

    return replace(book, chapters=tuple(each_section(chapter, in_section) for chapter in book.chapters))
