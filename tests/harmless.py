"""What must not be on a card or in a page that is made of anybody's notes: whatever acts, or loads something."""

import re

from bs4 import BeautifulSoup

# What shows text, tables and pictures, and the head of a page.
ELEMENTS = frozenset(
    {"a", "abbr", "b", "blockquote", "body", "br", "caption", "code", "dd", "dfn", "div", "dl", "dt", "em",
     "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "img", "kbd",
     "li", "main", "meta", "nav", "ol", "p", "pre", "s", "section", "span", "strong", "style", "sub", "sup", "table",
     "tbody", "td", "th", "thead", "title", "tr", "ul", "wbr"}
)  # fmt: skip
ATTRIBUTES = frozenset(
    {"alt", "charset", "class", "colspan", "content", "height", "href", "id", "lang", "name", "role", "scope", "src",
     "style", "title", "width"}
)  # fmt: skip
# What the preview has beside.
PAGE_OF_ITS_OWN = frozenset(
    {"article", "button", "details", "footer", "form", "input", "label", "link", "option", "output", "script", "search",
     "select", "small", "summary", "svg", "template"}
)  # fmt: skip
# Pictures that are within it, and an icon that is none.
ADDRESSES_OF_ITS_OWN = "data:,|data:image/[a-z+]+;base64,[A-Za-z0-9+/=]*"
_ADDRESS = re.compile(r"#[\w-]+|https?://.+|asset:[\w.-]+|cheatdeck-[0-9a-f]{16}\.svg")
_STYLE = re.compile(r"(width|display): [\w.]+;?")


def dangers(html: str, *, own: frozenset[str] = frozenset(), addresses: str = r"(?!)") -> list[str]:
    """Return what is in HTML and harms; a page may have elements of its own, and addresses of a form."""
    found = []
    for element in BeautifulSoup(html, "html.parser").select("*"):
        if element.name not in ELEMENTS | own:
            found.append(f"<{element.name}>")
        for name, value in element.attrs.items():
            text = value if isinstance(value, str) else " ".join(value or ())
            if name in {"href", "src"}:
                is_fine = bool(_ADDRESS.fullmatch(text) or re.fullmatch(addresses, text))
            elif name == "style":
                is_fine = bool(_STYLE.fullmatch(text))
            else:
                is_fine = name in ATTRIBUTES or bool(own) or name.startswith(("data-", "aria-"))
            if not is_fine or name.startswith("on"):
                found.append(f'{name}="{text}"')
    return found


def assert_harmless(html: str, *, own: frozenset[str] = frozenset(), addresses: str = r"(?!)") -> None:
    """Raise AssertionError with what is in HTML and harms."""
    if found := dangers(html, own=own, addresses=addresses):
        raise AssertionError(found)
