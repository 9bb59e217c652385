"""A source text and the places in it."""

import re
import sys
import unicodedata
from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from html.entities import html5
from html.parser import HTMLParser
from itertools import islice

from cheatdeck.model import Span
from cheatdeck.problems import Code, Problem

_NAME = r"""[^\s"'<>/=\0]"""
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s"'<>=`]++)"""
TAG = re.compile(
    rf"<[a-z]{_NAME}*+(?:\s*+{_NAME}++(?:\s*+=\s*+{_VALUE})?+)*+\s*+/?>|</[a-z]{_NAME}*+\s*+>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(rf"(?P<name>{_NAME}++)(?:\s*+=\s*+{_VALUE})?+")
# What begins like markup and is none: there, parsers differ, between versions of Python too, and some take for ever.
_ODD = re.compile(
    rf"""<!--(?!-?>)(?:(?!--!?>).)*+-->|<!doctype\b[^<>]*+>|{TAG.pattern}
    |(?P<comment><!--)|(?P<declared><[!?][^<>]*+>?)|(?P<tag><[a-z/][^<>]*+>?)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
# Python cannot read numbers of any length.
LONG_NUMBER = re.compile(r"(?P<number>&#(?:\d{8}|x[0-9a-f]{7})[0-9a-f]*+;?)", re.IGNORECASE)
_ODDITIES = {
    "comment": ("a comment that never ends", "end it with -->"),
    "declared": ("a declaration that HTML does not have", "write &lt; for a < in text"),
    "tag": ("a tag that never ends", "close its quotes and end it with >, or write &lt; for a < in text"),
    "number": ("a reference to no letter", "write the letter itself"),
}
# A file that is no HTML has more than anybody wants to read of.
_MOST_ODDITIES = 100
_MOST_ATTRIBUTES = 50
DEEPEST = 100
VOID_ELEMENTS = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"})


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text with the offsets at which its lines start; `file` is its name as shown to people."""

    file: str
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, file: str, text: str) -> "SourceText":
        """Return the text with its lines found."""
        return cls(file, text, (0, *(found.end() for found in re.finditer("\n", text))))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a 1-based line and a 0-based column, as parsers give them."""
        return self.starts[line - 1] + column

    def span(self, offset: int, length: int = 1) -> Span:
        """Return the place of `length` characters from an offset; it ends with its line at the latest."""
        line = bisect(self.starts, offset)
        column = offset - self.starts[line - 1] + 1
        end_of_line = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        rest = end_of_line - offset
        return Span(self.file, line, column, max(1, min(length, rest)))

    def tag_span(self, offset: int) -> Span:
        """Return the place of the start tag that begins at an offset."""
        found = TAG.match(self.text, offset)
        return self.span(offset, len(found[0]) if found else 1)

    def attribute_span(self, offset: int, name: str) -> Span:
        """Return the place of an attribute, with its value, in the start tag that begins at an offset."""
        tag = TAG.match(self.text, offset)
        for found in _ATTRIBUTE.finditer(tag[0] if tag else "", pos=1):
            if found["name"].lower() == name:
                return self.span(offset + found.start(), len(found[0]))
        return self.tag_span(offset)


class TextReader(HTMLParser):
    """Finds what a tree no longer shows: where texts start.

    `text_starts` has an offset for each run of text between two tags or comments, in order.
    """

    def __init__(self, source: SourceText) -> None:
        """Read nothing yet: `feed` does."""
        super().__init__(convert_charrefs=False)
        self.text_starts: list[int] = []
        self._source = source
        self._in_text = False

    def _offset(self) -> int:
        return self._source.offset(*self.getpos())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        """Let a tag end a text."""
        self._in_text = False

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        """Let a tag end a text."""
        self._in_text = False

    def handle_data(self, data: str, /) -> None:  # noqa: ARG002 - the parser's signature
        """Note where a text starts."""
        if not self._in_text:
            self.text_starts.append(self._offset())
            self._in_text = True

    def handle_entityref(self, name: str) -> None:
        """Take a reference such as &amp; for text."""
        self.handle_data(name)

    def handle_charref(self, name: str) -> None:
        """Take a reference such as &#38; for text."""
        self.handle_data(name)

    def handle_comment(self, data: str, /) -> None:  # noqa: ARG002 - the parser's signature
        """Let a comment end a text, as it does in the tree."""
        self._in_text = False

    def handle_decl(self, decl: str) -> None:
        """Let a declaration end a text."""
        self.handle_comment(decl)


class _TooMuchError(Exception):
    """There are more elements within each other, or attributes on one, than notes have a use for."""


class TagReader(TextReader):
    """Finds, beside where texts start, tags that lack their partner. What is not `is_readable` has no tree at all."""

    def __init__(self, source: SourceText) -> None:
        """Read the whole text."""
        super().__init__(source)
        self.problems: list[Problem] = []
        self._open: list[tuple[str, int]] = []
        self._is_sound = True
        self.is_readable = self._read(source.text)
        for tag, offset in self._open:
            self._report(offset, f"<{tag}> is never closed", f"add </{tag}> where it ends")

    def _read(self, text: str) -> bool:
        self._find_odd(text)
        if self.problems:
            return False
        try:
            self.feed(text)
            self.close()
        except _TooMuchError as error:
            self._report(self._offset(), str(error), "close elements where they end, and tags as well")
            self._open.clear()
            return False
        return self._is_sound

    def _find_odd(self, text: str) -> None:
        found = (each for pattern in (_ODD, LONG_NUMBER) for each in pattern.finditer(text) if each.lastgroup)
        for odd in islice(found, _MOST_ODDITIES):
            message, hint = _ODDITIES[str(odd.lastgroup)]
            span = self._source.span(odd.start(), len(odd[0]))
            self.problems.append(Problem(Code.BROKEN_TAGS, span, message, hint))
            if odd.lastgroup == "comment":
                return

    def _report(self, offset: int, message: str, hint: str) -> None:
        self.problems.append(Problem(Code.BROKEN_TAGS, self._source.tag_span(offset), message, hint))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what is open."""
        super().handle_starttag(tag, attrs)
        if tag not in VOID_ELEMENTS:
            self._open.append((tag, self._offset()))
        if len(self._open) > DEEPEST:
            raise _TooMuchError("elements nested too deep")
        if len(attrs) > _MOST_ATTRIBUTES:
            raise _TooMuchError(f"<{tag}> has {len(attrs):,} attributes")
        names = Counter(name for name, _ in attrs)
        for name in sorted(name for name, count in names.items() if count > 1):
            self._report(self._offset(), f'<{tag}> has two attributes "{name}"', "keep one of them")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Accept <br/> and refuse <p/>, which HTML reads as an element that stays open."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID_ELEMENTS:
            self._open.pop()
            self._report(self._offset(), f"<{tag}/> closes nothing in HTML", f"write <{tag}></{tag}>")

    def handle_endtag(self, tag: str) -> None:
        """Close what the tag closes; what it leaves open within is a problem."""
        super().handle_endtag(tag)
        if tag not in {name for name, _ in self._open}:
            self._report(self._offset(), f"</{tag}> closes nothing", "remove it, or add the start tag")
            return
        while (opened := self._open.pop())[0] != tag:
            self._report(opened[1], f"<{opened[0]}> is never closed", f"add </{opened[0]}> before </{tag}>")

    def handle_entityref(self, name: str) -> None:
        """Take a reference such as &amp; for text; an unknown one would be shown in pieces."""
        if f"{name};" not in html5:
            self._report(self._offset(), f"unknown reference &{name}", "write &amp; for the sign itself")
        super().handle_entityref(name)

    def handle_charref(self, name: str) -> None:
        """Take a reference such as &#38; for text; one to half a letter has no place in any file."""
        number = int(name[1:], 16) if name[0] in "xX" else int(name)
        if number > sys.maxunicode or unicodedata.category(chr(number)) == "Cs":
            self._report(self._offset(), *_ODDITIES["number"])
            self._is_sound = False
        super().handle_charref(name)
