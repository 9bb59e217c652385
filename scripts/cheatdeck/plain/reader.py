"""Any HTML page -> what it says, in parts as its headings make them, with the place of everything."""

from dataclasses import dataclass
from functools import lru_cache

from cheatdeck import model
from cheatdeck.plain.flow import Flow
from cheatdeck.plain.outline import Part, headings, outline, without_contents
from cheatdeck.plain.soup import AnyPage
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page that anybody may have written: what it calls itself outside of its text, and its language, if it says so.

    `whole` is a part without a title, with what stands before the first heading and the parts of the top headings.
    """

    title: str
    language: str
    whole: Part
    problems: tuple[Problem, ...]


# While notes are written, one page changes, and is read again with all the others.
@lru_cache(maxsize=256)
def read_plain(source: SourceText, origin: SourceText | None = None, *, by_place: bool = False) -> PlainPage:
    """Read a page of HTML, whatever it is made of.

    `origin` is the file that the page was made from, for one that was: elements with `data-line` have their place
    there. Scripts, forms and navigation are left out, and what is lost with them is reported (W071); so is whatever
    else reaches neither sheet nor deck. With `by_place`, ids tell where elements stand.
    """
    page = AnyPage(source, origin, by_place=by_place)
    whole, lost = without_contents(outline(Flow(page).events(), page.start))
    titles = headings(whole)
    problems = [*page.problems, *page.left_out(titles), *(_lost_entry(block) for block in lost)]
    return PlainPage(page.title, page.language, whole, tuple(problems))


def _lost_entry(entry: model.Block) -> Problem:
    text = " ".join(map(model.plain, model.contents(entry)))
    hint = "the sheet has a table of contents of its own; write a heading for what it should lead to"
    return Problem(Code.LEFT_OUT, entry.span, f"left out, of sheet and deck, with a table of contents: “{text}”", hint)
