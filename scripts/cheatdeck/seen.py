"""What is seen of the HTML on cards: plain text."""

import re
import unicodedata
from html.parser import HTMLParser


def plain_text(html: str) -> str:
    """Return what is seen of a field, on one line: deletions in [brackets], pictures as [picture description]."""
    shown = _CLOZE.sub(r"[\1]", _UNSEEN.sub("", html))
    text = _Text()
    text.feed(_DECLARATION.sub("&lt;", shown))
    text.close()
    return folded("".join(text.parts))


_UNSEEN = re.compile(r'<(style|script)\b.*?</\1\s*>|<(\w+) style="display: none">.*?</\2>', re.DOTALL | re.IGNORECASE)
_CLOZE = re.compile(r"\{\{c\d+::(.*?)\}\}", re.DOTALL)
# The parser gives up on a declaration that it does not know, and a field has none.
_DECLARATION = re.compile(r"<(?=\?|!(?!--))")
_APART = frozenset(
    {"br", "caption", "dd", "div", "dl", "dt", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "th", "thead",
     "tr", "ul"}
)  # fmt: skip


class _Text(HTMLParser):
    """Gathers the text of HTML, with white space where one element is set apart from another."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            description = dict(attrs).get("alt") or ""
            self.parts.append(f"[picture {description}]" if description else "[picture]")
        elif tag in _APART:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _APART:
            self.parts.append(" ")


def folded(text: str) -> str:
    """Return text with white space folded, and without what is not seen or would steer a terminal."""
    words = " ".join(text.split())
    return "".join(c for c in words if c not in "\u200b\u2060\ufeff" and unicodedata.category(c) != "Cc")
