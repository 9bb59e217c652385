"""Any HTML page as a tree: the place of everything in it, and what of its text was read."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from cheatdeck.frontmatter import read_front_matter
from cheatdeck.model import Span
from cheatdeck.page import attribute
from cheatdeck.plain import places
from cheatdeck.plain.exports import mend
from cheatdeck.plain.tamed import AND, LESS, Oddity, Tamed, blank
from cheatdeck.problems import Code, Problem
from cheatdeck.source import DEEPEST, SourceText, TextReader

_UNSHOWN = {"head", "script", "style", "template", "title"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_LINE = re.compile(r"[0-9]{1,9}")
_GIVEN_LINE = re.compile(r'<[a-z][^<>]* data-line="([0-9]{1,9})"', re.IGNORECASE)
_END_TAG = re.compile(r"</([a-z][^\s/>]*+)", re.IGNORECASE)
# More need not be told of a file that is no HTML.
_MOST_ODDITIES = 100
_SHOWN_WORDS = 8
# Elements whose ids are those of sections and cards.
_KEYED = frozenset(
    {"address", "details", "div", "dt", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "pre", "tr"}
)


class _TooDeepError(Exception):
    """An element within more others than notes have a use for."""

    def __init__(self, line: int, column: int) -> None:
        """Keep its place, as the parser gives it."""
        super().__init__()
        self.line = line
        self.column = column


class _Soup(BeautifulSoup):
    """A tree in which elements end where HTML lets their end tags be left out.

    The table is that of the HTML standard, 13.1.2.4 and 13.2.6: which elements a start tag ends, and the elements
    beyond which it does not reach.
    """

    def handle_starttag(  # noqa: PLR0913, PLR0917 - the parser's signature
        self,
        name: str,
        namespace: str | None,
        nsprefix: str | None,
        attrs: Any,  # noqa: ANN401 - the parser's own type has no public name
        sourceline: int | None = None,
        sourcepos: int | None = None,
        namespaces: dict[str, str] | None = None,
    ) -> Tag | None:
        """End what the tag ends, then begin its element."""
        ended, beyond = _ENDS.get(name, _NOTHING)
        last = None
        for tag in reversed(self.tagStack):
            if tag.name in beyond:
                break
            if tag.name in ended:
                last = tag
        if last is not None:
            self.endData()
            while self.tagStack[-1] is not last:
                self.popTag()
            self.popTag()
        if len(self.tagStack) > DEEPEST:
            raise _TooDeepError(sourceline or 1, sourcepos or 0)
        return super().handle_starttag(name, namespace, nsprefix, attrs, sourceline, sourcepos, namespaces)

    def handle_data(self, data: str) -> None:
        """Take text, with each < that began no tag, and each & that began no letter's name."""
        super().handle_data(data.replace(LESS, "<").replace(AND, "&"))


_NOTHING: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()
_BLOCKS = frozenset(
    re.findall(
        r"\S+",
        """address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1
        h2 h3 h4 h5 h6 header hr main menu nav ol p pre section summary table ul""",
    )
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_TABLE = frozenset({"table"})
_ENDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    **{name: (frozenset({"p"}), frozenset({"td", "th", "caption", "button", "object"})) for name in _BLOCKS},
    **{name: (frozenset({"p"}) | _HEADINGS, frozenset({"td", "th", "li", "div", "section"})) for name in _HEADINGS},
    "li": (frozenset({"li", "p"}), frozenset({"ul", "ol", "menu", "dir"})),
    **{name: (frozenset({"dt", "dd", "p"}), frozenset({"dl"})) for name in ("dt", "dd")},
    **{name: (_CELLS, frozenset({"tr", "table"})) for name in _CELLS},
    "tr": (frozenset({"tr"}) | _CELLS, _TABLE),
    **{name: (_GROUPS | _CELLS | {"tr", "caption", "colgroup"}, _TABLE) for name in _GROUPS},
    "option": (frozenset({"option"}), frozenset({"select", "datalist"})),
}


class AnyPage:
    """A page that anybody may have written.

    `title` is what it calls itself outside of its text, `language` a tag such as en or pt-BR. `origin` is the file that
    the page was made from, if it was: an element with `data-line` stands on that line of it, and what follows as many
    lines further down as it does in the page. There is no tree of a page whose elements are nested too deep. With
    `by_place`, ids are those that `places` makes.
    """

    def __init__(self, source: SourceText, origin: SourceText | None = None, *, by_place: bool = False) -> None:
        """Parse the whole page."""
        self.problems: list[Problem] = []
        self._source = source
        self._origin = origin
        self._read: set[int] = set()
        self._skipped: list[Tag] = []
        self._texts: list[NavigableString] = []
        self._text_offsets: dict[int, int] = {}
        self._lines = [(found.start(), int(found[1])) for found in _GIVEN_LINE.finditer(source.text)] if origin else []
        matter, problems = read_front_matter(source)
        self.problems += problems
        head, body = source.text[: matter.length], source.text[matter.length :]
        tamed = Tamed.of(body)
        # At the very end, an & would be lost.
        text = f"{blank(head)}{tamed.text}\n"
        self._report_odd(tamed.oddities, len(head))
        self._closed = frozenset(found[1].lower() for found in _END_TAG.finditer(source.text))
        self.soup = self._parsed(text)
        if by_place:
            self._name_by_place()
        self._find_texts(text)
        mend(self.soup, source.text)
        title = self.soup.find("title")
        self.title = matter.title or (" ".join(title.get_text().split()) if title else "")
        html = self.soup.find("html")
        language = attribute(html, "lang") if isinstance(html, Tag) else ""
        self.language = language if _LANGUAGE.fullmatch(language) else ""

    def _report_odd(self, oddities: Iterable[Oddity], start: int) -> None:
        for odd in islice(oddities, _MOST_ODDITIES):
            place = start + odd.offset
            span = self._line_at(place, self._origin) if self._origin else self._source.tag_span(place)
            self.problems.append(Problem(Code.BROKEN_TAGS, span, odd.message, odd.hint))

    def _parsed(self, text: str) -> BeautifulSoup:
        try:
            return _Soup(text, "html.parser")
        except _TooDeepError as error:
            span = self._source.tag_span(self._source.offset(error.line, error.column))
            hint = "close elements where they end, or unfold what is nested"
            self.problems.append(Problem(Code.UNREADABLE, span, "elements nested too deep", hint))
            return BeautifulSoup("", "html.parser")

    def _find_texts(self, text: str) -> None:
        reader = TextReader(SourceText.of(self._source.file, text))
        reader.feed(text)
        reader.close()
        # Kept, since a text that `mend` makes could have the id of one that is gone.
        self._texts = list(_texts(self.soup))
        self._text_offsets = {id(node): start for node, start in zip(self._texts, reader.text_starts, strict=False)}

    def _name_by_place(self) -> None:
        """Give elements ids that tell their places; a term has none of its own where the element around it has one."""
        lines: Counter[tuple[str, str]] = Counter()
        for tag in self.soup.find_all():
            line = tag.name, attribute(tag, "data-line")
            lines[line] += 1
            parent = tag.parent
            around = attribute(parent, "id") if tag.name == "dt" and parent and parent.name == "div" else ""
            is_named = around and places.offset_of(around) is None
            if given := attribute(tag, "id"):
                tag["id"] = places.kept(given)
            elif tag.name in _KEYED and "id" not in tag.attrs and not is_named:
                offset = self._name_end(tag, lines[line])
                if offset is not None:
                    tag["id"] = places.at(self.file, offset)

    def _name_end(self, tag: Tag, number: int) -> int | None:
        """Return where the name in a start tag ends, in the file; None where it has not so many of them on the line."""
        if self._origin is None:
            return self._offset(tag) + len("<") + len(tag.name)
        line = attribute(tag, "data-line")
        if not _LINE.fullmatch(line) or not 0 < int(line) <= len(self._origin.starts):
            return None
        start = self._origin.offset(int(line), 0)
        end = self._origin.text.find("\n", start)
        begun = re.compile(rf"<{re.escape(tag.name)}(?=[\s/>])", re.IGNORECASE)
        found = begun.finditer(self._origin.text, start, end if end >= 0 else len(self._origin.text))
        return next((each.end() for each in islice(found, number - 1, None)), None)

    @property
    def file(self) -> str:
        """The file's name as shown to people."""
        return (self._origin or self._source).file

    @property
    def start(self) -> Span:
        """The place where the file begins."""
        return Span(self.file, 1, 1)

    # Places

    def span(self, node: PageElement) -> Span:
        """Return the place of an element's start tag, or of a text; in the origin, the line that is known of it."""
        if self._origin is not None:
            return self._line_at(self._place(node), self._origin)
        if isinstance(node, Tag):
            return self._source.tag_span(self._offset(node))
        length = max(1, len(str(node).strip()))
        return self._source.span(min(self._place(node), max(0, len(self._source.text) - 1)), length)

    def _place(self, node: PageElement) -> int:
        """Return where an element, or what a text says, begins in the page."""
        if isinstance(node, Tag):
            return self._offset(node)
        start = self._text_offsets.get(id(node))
        if start is None:
            # `mend` made it.
            return next((self._offset(tag) for tag in node.parents if tag.sourceline is not None), 0)
        text = str(node)
        return start + len(text) - len(text.lstrip())

    def _line_at(self, place: int, origin: SourceText) -> Span:
        """Return the line of the origin for a place of the page."""
        above = bisect_right(self._lines, place, key=itemgetter(0)) - 1
        start, line = self._lines[above] if above >= 0 else (place, 1)
        line += bisect_right(self._source.starts, place) - bisect_right(self._source.starts, start)
        offset = origin.offset(min(max(1, line), len(origin.starts)), 0)
        return origin.span(min(offset, max(0, len(origin.text) - 1)), len(origin.text))

    def _offset(self, tag: Tag) -> int:
        assert tag.sourceline is not None
        assert tag.sourcepos is not None
        return self._source.offset(tag.sourceline, tag.sourcepos)

    def markup(self, tag: Tag) -> str:
        """Return an element as it was written, up to the first of its end tags; the tree has lost its capitals."""
        start = self._offset(tag)
        end = re.compile(rf"</{re.escape(tag.name)}>", re.IGNORECASE).search(self._source.text, start)
        return self._source.text[start : end.end()] if end else ""

    def start_tag(self, tag: Tag) -> str:
        """Return an element's start tag as it was written."""
        start = self._offset(tag)
        return self._source.text[start : start + self._source.tag_span(start).length]

    def is_closed(self, tag: Tag) -> bool:
        """Tell whether an end tag of the element's name stands anywhere in the page."""
        return tag.name in self._closed

    # What was read

    def text(self, node: NavigableString) -> str:
        """Return a text, which then counts as read."""
        self._read.add(id(node))
        return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(node)).replace("\N{NO-BREAK SPACE}", " ")

    def texts(self, tag: Tag) -> str:
        """Return all text of an element as one, which then counts as read."""
        return "".join(self.text(node) for node in _texts(tag))

    def skip(self, tag: Tag) -> None:
        """Leave an element out, and report what is lost with it."""
        self._skipped.append(tag)

    def left_out(self, said_elsewhere: frozenset[str]) -> Iterator[Problem]:
        """Yield what the page says and nobody has read; `said_elsewhere` are texts, case folded, that are no loss."""
        for tag in self._skipped:
            said = [text for node in _texts(tag) if (text := self._lost(node))]
            lost = [text for text in said if folded(text) and folded(text) not in said_elsewhere]
            self._read |= {id(node) for node in _texts(tag)}
            if lost or tag.name in _EMBEDDED:
                what = f"<{tag.name}>: {_shortened(' '.join(lost))}" if lost else f"<{tag.name}>"
                yield self._loss(tag, what)
        for node in _texts(self.soup):
            if lost_text := self._lost(node):
                yield self._loss(node, _shortened(lost_text))

    def _lost(self, node: NavigableString) -> str:
        """Return what a text says that was not read; signs alone say nothing."""
        if id(node) in self._read or any(parent.name in _UNSHOWN for parent in node.parents):
            return ""
        words = " ".join(node.split())
        return words if any(letter.isalnum() for letter in words) else ""

    def _loss(self, node: PageElement, what: str) -> Problem:
        hint = "put into a paragraph, a list or a table what is to be learned of it"
        return Problem(Code.LEFT_OUT, self.span(node), f"left out, of sheet and deck: {what}", hint)

    def report(self, code: Code, node: PageElement, message: str, hint: str) -> None:
        """Report a problem at an element or a text."""
        self.problems.append(Problem(code, self.span(node), message, hint))


# Elements that show something without any text.
_EMBEDDED = {"audio", "canvas", "embed", "iframe", "object", "video"}
_NUMBERED = re.compile(r"^[\d.]+(\s+|$)")
# The same characters that are taken for letters in the wrong encoding; Anki and PDF have a use of their own for some.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _texts(tag: Tag) -> Iterator[NavigableString]:
    """Yield an element's texts, without comments."""
    for node in tag.descendants:
        if isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            yield node


def _shortened(text: str) -> str:
    words = text.split()
    return f"“{' '.join(words[:_SHOWN_WORDS])}{' …' if len(words) > _SHOWN_WORDS else ''}”"


def folded(text: str) -> str:
    """Return a title as it is compared: without its case, and without a number in front."""
    return _NUMBERED.sub("", " ".join(text.split())).casefold()
