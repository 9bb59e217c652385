"""Whatever stands within a line of any HTML page -> inline content."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import unquote

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from cheatdeck import model
from cheatdeck.model import Inline, Span
from cheatdeck.page import attribute, mixed_children
from cheatdeck.plain.apart import UNSEEN, is_left_out
from cheatdeck.plain.soup import AnyPage
from cheatdeck.problems import Code
from cheatdeck.slices import trimmed

_SPACE = re.compile(r"[ \t\r\n\f]+")
# Browsers take them out of an address; spaces within it stay.
_LINE_BREAK = re.compile(r"[\t\r\n]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)")
_SLANTED = re.compile(r"font-style\s*:\s*(italic|oblique)")
_STYLES = {
    "abbr": "abbr", "acronym": "abbr", "b": "strong", "cite": "em", "code": "code", "del": "s", "em": "em", "i": "em",
    "kbd": "kbd", "s": "s", "samp": "code", "strike": "s", "strong": "strong", "sub": "sub", "sup": "sup", "tt": "code",
    "var": "em",
}  # fmt: skip
# All elements that HTML has or had; others are words in angle brackets, unless they are closed somewhere.
_HTML = frozenset(
    re.findall(
        r"\S+",
        """a abbr acronym address area article aside audio b base bdi bdo big blink blockquote body br button canvas
        caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed
        fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i
        iframe img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noembed
        noframes noscript object ol optgroup option output p param picture pre progress q rb rp rt rtc ruby s samp
        script search section select slot small source span strike strong style sub summary sup svg table tbody td
        template textarea tfoot th thead time title tr track tt u ul var video wbr""",
    )
)
# Words in them do not go on with those around them.
_APART = {"address", "blockquote", "dd", "div", "dl", "dt", "figure", "li", "ol", "p", "pre", "table", "td", "th", "ul"}
_EMOJI_CLASS = re.compile(r"(^|[\s_-])(emoji|emoticon|smiley)")
_ICON_PIXELS = 24
_UNCHECKED, _CHECKED = "\N{BALLOT BOX}", "\N{BALLOT BOX WITH CHECK}"


class Runs:
    """Reads inline content; pictures and diagrams in it are kept in `lifted`, for the blocks around it."""

    def __init__(self, page: AnyPage) -> None:
        """Read within a page."""
        self._page = page
        self.lifted: list[model.Image | model.Diagram] = []

    def inlines(self, nodes: Iterable[PageElement]) -> tuple[Inline, ...]:
        """Return the content of nodes that stand in one line, without white space around it."""
        return trimmed(joined(part for node in nodes for part in self._inline(node)))

    def content(self, tag: Tag) -> tuple[Inline, ...]:
        """Return the content of an element."""
        return self.inlines(mixed_children(tag))

    def take_lifted(self) -> list[model.Image | model.Diagram]:
        """Return the pictures and diagrams that were found since this was last asked."""
        lifted, self.lifted = self.lifted, []
        return lifted

    def _inline(self, node: PageElement) -> Iterator[Inline]:
        if isinstance(node, PreformattedString):
            return
        if isinstance(node, NavigableString):
            yield model.Text(_SPACE.sub(" ", self._page.text(node)), self._page.span(node))
        elif isinstance(node, Tag):
            yield from self._element(node, self._page.span(node))

    def _children(self, node: Tag) -> tuple[Inline, ...]:
        return tuple(joined(part for child in mixed_children(node) for part in self._inline(child)))

    def _element(self, node: Tag, span: Span) -> Iterator[Inline]:  # noqa: C901, PLR0912 - one case an element
        match node.name:
            case "br":
                yield model.Break(span)
            case "input" if attribute(node, "type").lower() == "checkbox":
                yield model.Text(f"{_CHECKED if 'checked' in node.attrs else _UNCHECKED} ", span)
            case name if name in UNSEEN:
                pass
            case _ if _is_hidden(node) and node.find_parent(class_="katex"):
                # The same formula again, as it looks.
                self._page.texts(node)
            case _ if is_left_out(node) or _is_hidden(node):
                self._page.skip(node)
            case "img":
                yield from self._picture(node, span)
            case "svg":
                self._drawing(node, span)
            case "mark":
                yield model.Mark(0, self._children(node), span)
            case "dfn":
                yield from self._if_said(model.Term(self._children(node), span, attribute(node, "title")))
            case "a":
                yield from self._link(node, span)
            case "q":
                yield from (model.Text("“", span), *self._children(node), model.Text("”", span))
            case "math":
                yield from self._formula(node, span)
            case name if style := _STYLES.get(name) or _styled_by_hand(node):
                title = attribute(node, "title") if style == "abbr" else ""
                yield from self._if_said(model.Styled(style, self._children(node), span, title))
            case name if name not in _HTML and ":" not in name and not self._page.is_closed(node):
                # Somebody wrote <bucket-name>, and meant it.
                yield from (model.Text(self._page.start_tag(node), span), *self._children(node))
            case name if name in _APART:
                yield from (model.Text(" ", span), *self._children(node), model.Text(" ", span))
            case _:
                yield from self._children(node)

    @staticmethod
    def _if_said(part: model.Term | model.Styled) -> Iterator[Inline]:
        if model.plain(part.children).strip():
            yield part
        else:
            yield from part.children

    def _link(self, node: Tag, span: Span) -> Iterator[Inline]:
        children = self._children(node)
        address = _LINE_BREAK.sub("", attribute(node, "href")).strip()
        if address.startswith("#") and not any(letter.isalnum() for letter in model.plain(children)):
            # A sign that leads back to where one came from.
            return
        if not address or not model.plain(children).strip():
            yield from children
        elif address.startswith("//") or _scheme(address) in {"http", "https"}:
            yield model.WebLink(f"https:{address}" if address.startswith("//") else address, children, span)
        elif _scheme(address):
            hint = "link to http:// or https://, or to a place in the notes"
            message = f"a link that starts with {_scheme(address)}: was taken out, its text stays"
            self._page.report(Code.LOST_LINK, node, message, hint)
            yield from children
        else:
            file, _, fragment = address.partition("#")
            yield model.Link(unquote(file.partition("?")[0]), unquote(fragment), children, span)

    def _picture(self, node: Tag, span: Span) -> Iterator[Inline]:
        alt = " ".join(attribute(node, "alt").split())
        classes = attribute(node, "class").lower()
        if _EMOJI_CLASS.search(classes) or (alt and not any(letter.isalnum() for letter in alt)):
            yield model.Text(alt, span)
        elif address := _address(node):
            self.lifted.append(model.Image(address, alt, (), span))
        elif alt:
            yield model.Text(alt, span)

    def _drawing(self, node: Tag, span: Span) -> None:
        """Take a drawing within the page for a picture if it says something; icons say nothing."""
        title = node.find("title")
        alt = attribute(node, "aria-label") or (title.get_text() if title else "")
        if node.find("text") and not _is_icon(node):
            self._page.texts(node)
            self.lifted.append(model.Image(f"data:image/svg+xml,{self._page.markup(node)}", alt.strip(), (), span))
        else:
            self._page.skip(node)

    def _formula(self, node: Tag, span: Span) -> Iterator[Inline]:
        """Return a formula as it was typed, where that is known."""
        typed = node.find("annotation", attrs={"encoding": "application/x-tex"})
        text = " ".join(self._page.texts(node).split())
        if isinstance(typed, Tag):
            text = " ".join(typed.get_text().split())
        if text:
            yield model.Styled("code", (model.Text(text, span),), span)


def _scheme(address: str) -> str:
    found = _SCHEME.match(address)
    return found[1].lower() if found else ""


def _address(node: Tag) -> str:
    """Return where a picture is; pages that load pictures late have it elsewhere."""
    return next((found for name in ("data-src", "src") if (found := attribute(node, name).strip())), "")


def _is_hidden(node: Tag) -> bool:
    return "hidden" in node.attrs or attribute(node, "aria-hidden") == "true"


def _is_icon(node: Tag) -> bool:
    width = re.match(r"\d+", attribute(node, "width"))
    return _is_hidden(node) or (width is not None and int(width[0]) <= _ICON_PIXELS)


def _styled_by_hand(node: Tag) -> str:
    """Return how text looks that word processors wrote."""
    style = attribute(node, "style").lower() if node.name in {"span", "font"} else ""
    return "strong" if _BOLD.search(style) else "em" if _SLANTED.search(style) else ""


def joined(content: Iterable[Inline]) -> list[Inline]:
    """Return inline content with neighboring texts as one, and white space folded across them."""
    found: list[Inline] = []
    for _, run in groupby(content, type):
        parts = list(run)
        texts = [part for part in parts if isinstance(part, model.Text) and part.text]
        if texts:
            text = _SPACE.sub(" ", "".join(part.text for part in texts))
            is_new = bool(found) and isinstance(found[-1], model.Break)
            found.append(model.Text(text.lstrip(" ") if is_new else text, texts[0].span))
        else:
            found += [part for part in parts if not isinstance(part, model.Text)]
    return found
