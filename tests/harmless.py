"""What must not be on a card or in a page that is made of anybody's notes: whatever acts, or loads something."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup

from cheatdeck.paths import Paths


@dataclass(frozen=True)
class Allowed:
    """Elements, attributes beside data-… and aria-…, and the form of addresses by element and attribute."""

    elements: frozenset[str]
    attributes: frozenset[str]
    addresses: Mapping[tuple[str, str], str]


_LINK = r"#[\w-]+|https?://.+"
# What shows text, tables and pictures, and the head of a page. A picture is one of the deck's or the sheet's own.
SHOWN = Allowed(
    frozenset(
        {"a", "abbr", "b", "blockquote", "body", "br", "caption", "code", "dd", "dfn", "div", "dl", "dt", "em",
         "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "img", "kbd",
         "li", "main", "meta", "nav", "ol", "p", "pre", "s", "section", "span", "strong", "style", "sub", "sup",
         "table", "tbody", "td", "th", "thead", "title", "tr", "ul", "wbr"}
    ),
    frozenset(
        {"alt", "charset", "class", "colspan", "content", "height", "href", "id", "lang", "name", "role", "scope",
         "src", "start", "style", "title", "width"}
    ),
    {("a", "href"): _LINK, ("img", "src"): r"(asset:)?cheatdeck-[0-9a-f]{16}\.(gif|jpg|png|svg|webp)"},
)  # fmt: skip
# What the preview has beside; its pictures are within it, and its icon is none.
PAGE = Allowed(
    SHOWN.elements
    | {"button", "details", "form", "input", "label", "link", "option", "script", "select", "small", "summary",
       "template"},
    SHOWN.attributes
    | {"autocomplete", "for", "hidden", "http-equiv", "rel", "shadowrootmode", "spellcheck", "tabindex", "type",
       "value"},
    {("a", "href"): _LINK, ("img", "src"): "data:image/[a-z+]+;base64,[A-Za-z0-9+/=]*", ("link", "href"): "data:,"},
)  # fmt: skip
_STYLE = re.compile(r"(width|display): [\w.]+;?")
# The sheet's fonts are handed to it. Behind a backslash, anything can stand.
_LOADING = re.compile(r"@import|url\((?!asset:[\w.-]+\))|image-set\(|\\", re.IGNORECASE)
_SCRIPT = Paths.of(Path(), Path()).templates / "preview" / "preview.js"


def dangers(html: str, allowed: Allowed = SHOWN) -> list[str]:
    """Return what is in HTML and harms."""
    found = []
    for element in BeautifulSoup(html, "html.parser").select("*"):
        if element.name not in allowed.elements:
            found.append(f"<{element.name}>")
        # The preview keeps the style of its cards in a template.
        if element.name in {"style", "template"}:
            found += _LOADING.findall("".join(element.find_all(string=True, recursive=False)))
        for name, value in element.attrs.items():
            text = value if isinstance(value, str) else " ".join(value or ())
            if name in {"href", "src"}:
                is_fine = re.fullmatch(allowed.addresses.get((element.name, name), r"(?!)"), text) is not None
            elif name == "style":
                is_fine = _STYLE.fullmatch(text) is not None
            else:
                is_fine = name in allowed.attributes or name.startswith(("data-", "aria-"))
            if not is_fine:
                found.append(f'{name}="{text}"')
    return found


def assert_harmless(html: str) -> None:
    """Raise AssertionError with what is in HTML of a card or a sheet and harms."""
    if found := dangers(html):
        raise AssertionError(found)


def assert_page_harmless(html: str) -> None:
    """Raise AssertionError with what is in the preview and harms; its one script is its own."""
    if found := dangers(html, PAGE):
        raise AssertionError(found)
    page = BeautifulSoup(html, "html.parser")
    assert [script.string for script in page("script")] == [_SCRIPT.read_text(encoding="utf-8")]
    assert [meta["http-equiv"] for meta in page.select("[http-equiv]")] == ["Content-Security-Policy"]
