"""A chapter's page as a tree of elements: where each stands in the source, and whether it may stand there."""

import re
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from cheatdeck.model import Span
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText, TagReader

HEADINGS = ("h1", "h2", "h3", "h4")
STYLED = {"abbr", "code", "em", "kbd", "strong", "sub", "sup"}
INLINE = STYLED | {"a", "br", "data", "del", "dfn", "ins", "mark", "output"}
BLOCKS = {"p", "ul", "ol", "dl", "details", "table", "pre", "figure"}
_PARTS = {"caption", "dd", "div", "dt", "figcaption", "footer", "li", "summary", "tbody", "td", "th", "thead", "tr"}
_PAGE = {"html", "head", "meta", "title", "link", "body", "article"}
_KNOWN = _PAGE | BLOCKS | INLINE | _PARTS | {"section", *HEADINGS}
# Elements within which some parsers see no tag but their own end.
SWALLOWING = ("iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp")
# In browsers it goes on to the end of the page, whatever comes.
ENDLESS = "plaintext"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ATTRIBUTES = {
    "html": {"lang"},
    "meta": {"charset", "name", "content"},
    "link": {"rel", "href"},
    "article": {"id", "data-tasks"},
    "section": {"id", "data-tasks"},
    "p": {"id", "class"},
    "li": {"id"},
    "div": {"id"},
    "details": {"id", "class"},
    "table": {"class"},
    "tr": {"id"},
    "figure": {"id", "class"},
    "mark": {"data-cloze"},
    "dfn": {"title"},
    "abbr": {"title"},
    "data": {"value"},
    "ins": {"datetime", "cite"},
    "output": {"data-calc"},
    "a": {"href", "rel"},
    "pre": {"class"},
    "code": {"class"},
    "th": {"scope"},
}


class Page:
    """The page of one chapter, and what is found wrong with it."""

    def __init__(self, source: SourceText) -> None:
        """Parse the whole page."""
        tags = TagReader(source)
        # Beautiful Soup warns of what might be a file's name, and such a text has no elements anyway.
        is_markup = tags.is_readable and "<" in source.text
        self.soup = BeautifulSoup(source.text if is_markup else "", "html.parser")
        self.problems: list[Problem] = tags.problems
        self._source = source
        texts = (
            node
            for node in self.soup.descendants
            if isinstance(node, NavigableString) and not isinstance(node, PreformattedString)
        )
        self._text_offsets = {id(node): start for node, start in zip(texts, tags.text_starts, strict=False)}

    def _offset(self, tag: Tag) -> int:
        assert tag.sourceline is not None
        assert tag.sourcepos is not None
        return self._source.offset(tag.sourceline, tag.sourcepos)

    def span(self, node: PageElement) -> Span:
        """Return the place of an element's start tag, or of a text."""
        if isinstance(node, Tag):
            return self._source.tag_span(self._offset(node))
        text = str(node)
        start = self._text_offsets.get(id(node), 0) + len(text) - len(text.lstrip())
        return self._source.span(start, max(1, len(text.strip())))

    def report(self, code: Code, node: PageElement, message: str, hint: str) -> None:
        """Report a problem at an element or a text."""
        self.problems.append(Problem(code, self.span(node), message, hint))

    def report_attribute(self, code: Code, tag: Tag, name: str, message: str, hint: str) -> None:
        """Report a problem at an attribute of an element."""
        span = self._source.attribute_span(self._offset(tag), name)
        self.problems.append(Problem(code, span, message, hint))

    def refuse(self, node: PageElement, parent: Tag, allowed: Iterable[str]) -> None:
        """Report what may not stand where it does."""
        may = ", ".join(f"<{name}>" for name in sorted(allowed)) or "nothing"
        if not isinstance(node, Tag):
            hint = f"put the text into an element; here may stand: {may}"
            self.report(Code.MISPLACED, node, f"text stands loose in <{parent.name}>", hint)
        elif node.name in _KNOWN:
            hint = f"here may stand: {may}; is an end tag missing before it?"
            self.report(Code.MISPLACED, node, f"<{node.name}> cannot stand in <{parent.name}>", hint)
        else:
            hint = f"use an element of the vocabulary; here may stand: {may}"
            self.report(Code.UNKNOWN_ELEMENT, node, f"unknown element <{node.name}>", hint)

    def check_attributes(self, tag: Tag) -> None:
        """Report attributes that an element may not have."""
        allowed = _ATTRIBUTES.get(tag.name, set())
        for name in tag.attrs:
            if name == "style":
                hint = "remove it; how things look is up to the templates"
                self.report_attribute(Code.INLINE_STYLE, tag, name, f"<{tag.name}> has a style of its own", hint)
            elif name not in allowed:
                may = ", ".join(sorted(allowed)) or "none"
                message = f'unknown attribute "{name}" on <{tag.name}>'
                hint = f"remove it; <{tag.name}> may have: {may}"
                self.report_attribute(Code.UNKNOWN_ATTRIBUTE, tag, name, message, hint)

    def children(self, tag: Tag, allowed: Iterable[str]) -> Iterator[Tag]:
        """Yield the elements in a tag that may stand there; report everything else but white space."""
        for node in meaningful(tag):
            if isinstance(node, Tag) and node.name in allowed:
                self.check_attributes(node)
                yield node
            else:
                self.refuse(node, tag, allowed)

    def key(self, tag: Tag) -> str:
        """Return an element's id, empty if it has none."""
        key = attribute(tag, "id")
        if key and not _ID.fullmatch(key):
            hint = "use a-z, 0-9 and single hyphens between them, for example sqs-delay-queue"
            self.report_attribute(Code.MALFORMED_ID, tag, "id", f'"{key}" is no id', hint)
        return key

    def has_class(self, tag: Tag, name: str, hint: str) -> bool:
        """Tell whether an element has the one class that it may have; report any other."""
        given = attribute(tag, "class")
        if "class" in tag.attrs and given != name:
            self.report_attribute(Code.UNKNOWN_ATTRIBUTE, tag, "class", f'unknown class "{given}"', hint)
        return given == name


def attribute(tag: Tag, name: str) -> str:
    """Return an attribute's value, empty if there is none."""
    value = tag.get(name, "")
    return value if isinstance(value, str) else " ".join(value or ())


def meaningful(tag: Tag) -> list[PageElement]:
    """Return a tag's children but comments and white space."""
    return [node for node in mixed_children(tag) if isinstance(node, Tag) or str(node).strip()]


def mixed_children(tag: Tag) -> list[PageElement]:
    """Return a tag's children but comments and declarations."""
    return [node for node in tag.children if not isinstance(node, PreformattedString)]
