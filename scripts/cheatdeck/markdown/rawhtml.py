"""HTML within Markdown, made to end where it ends: nothing of it swallows what follows.

A `<` that begins no tag as CommonMark defines it is text. Comments are left out, and so is what stands in scripts
and styles. Whether an element may stand in notes is for those to say who read the page.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it.common.html_re import attribute, close_tag, open_tag

from cheatdeck.page import ENDLESS, SWALLOWING

_TAG = re.compile(rf"{open_tag}|{close_tag}")
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_ATTRIBUTE = re.compile(attribute)
_LINE = re.compile(r"\s+data-line(?![a-z0-9:._-])", re.IGNORECASE)
_ENDS = re.compile(rf"</({'|'.join(SWALLOWING)})\s*>", re.IGNORECASE | re.ASCII)
_UNSEEN = {"script", "style"}


class Fragment:
    """A piece of raw HTML that begins on a line; `unclosed` has what lacks its end, by the line that it begins on."""

    def __init__(self, text: str, line: int) -> None:
        """Read the whole text."""
        self.unclosed: list[tuple[int, str]] = []
        self._text = text
        self._line = line
        self._last_comment_end = text.rfind("-->")
        self._last_ends = {found[1].lower(): found.start() for found in _ENDS.finditer(text)}
        self.html = "".join(self._parts())

    def _parts(self) -> Iterator[str]:
        text, position, counted, line = self._text, 0, 0, self._line
        while (start := text.find("<", position)) >= 0:
            yield text[position:start]
            line += text.count("\n", counted, start)
            counted = start
            if text.startswith("<!--", start):
                position, shown = self._comment(start, line)
            elif tag := _TAG.match(text, start):
                position, shown = self._tag(tag, line)
            else:
                position, shown = start + 1, "&lt;"
            yield shown
        yield text[position:]

    def _comment(self, start: int, line: int) -> tuple[int, str]:
        if self._last_comment_end < start + 2:
            self.unclosed.append((line, "a comment"))
            return start + len("<!--"), "&lt;!--"
        end = self._text.find("-->", start + 2) + len("-->")
        return end, breaks(self._text[start:end])

    def _tag(self, tag: re.Match[str], line: int) -> tuple[int, str]:
        name = _tag_name(tag[0])
        if name not in SWALLOWING or tag[0].startswith("</"):
            return tag.end(), located(tag[0], line)
        if name == ENDLESS or self._last_ends.get(name, -1) < tag.end():
            self.unclosed.append((line, f"<{name}>"))
            return tag.start() + 1, "&lt;"
        if name not in _UNSEEN:
            return tag.end(), located(tag[0], line)
        end = next(end for end in _ENDS.finditer(self._text, tag.end()) if end[1].lower() == name)
        return end.end(), f"{located(tag[0], line)}{breaks(self._text[tag.end() : end.start()])}</{name}>"


def breaks(text: str) -> str:
    """Return what is left of a text that is left out: its line breaks, so that what follows keeps its place."""
    return "\n" * text.count("\n")


def _tag_name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1].lower() if found else ""


def unclosed(pieces: Sequence[str]) -> dict[int, str]:
    """Return what lacks its end of the raw HTML in a line of text, and swallows what follows: its names, by place.

    Pieces are single tags and comments, or something else.
    """
    ends: set[str] = set()
    found: dict[int, str] = {}
    for place, piece in reversed(list(enumerate(pieces))):
        name = _tag_name(piece)
        if piece.startswith("</"):
            ends |= {name} - {ENDLESS}
        elif name in SWALLOWING and name not in ends:
            found[place] = name
    return found


def located(tag: str, line: int) -> str:
    """Return a tag with the line that it stands on; end tags stay as they are."""
    name = _NAME.match(tag)
    if not name or tag.startswith("</"):
        return tag
    return f'{name[0]} data-line="{line}"{_without_line(tag[name.end() :])}'


def inline(content: str) -> str:
    """Return one piece of raw HTML in a line of text: a tag without a line of its own, only the breaks of a comment."""
    if _TAG.fullmatch(content):
        return _without_line(content)
    return breaks(content) if content.startswith("<!--") else escape(content, quote=False)


def _without_line(tag: str) -> str:
    """Return a tag, or what follows its name, without the attribute that only Markdown's reader may give."""
    return _ATTRIBUTE.sub(lambda found: "" if _LINE.match(found[0]) else found[0], tag)
