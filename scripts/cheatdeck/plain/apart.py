"""What on a page is no part of the notes: navigation, controls, and what wikis and exporters add of their own."""

import re
from collections.abc import Iterator

from bs4.element import PageElement, Tag

from cheatdeck.page import attribute

# Controls of a page, and what shows something without any text.
LEFT_OUT = {
    "audio", "button", "canvas", "dialog", "embed", "iframe", "map", "nav", "noscript", "object", "progress", "select",
    "textarea", "video",
}  # fmt: skip
UNSEEN = {
    "area", "base", "col", "head", "hr", "input", "link", "meta", "param", "script", "source", "style", "template",
    "title", "track", "wbr",
}  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ROLES = {"banner", "contentinfo", "menu", "menubar", "navigation", "search", "toolbar"}
# A whole class or id, or the end of one: theme-doc-breadcrumbs.
_NAMED = re.compile(
    r"(?:^|\s)(?!(?:has|hide|no|show|with|without)[-_])(?:[\w-]*[-_])?"
    r"(?:toc|toc-macro|msotoc\w*|table[-_]?of[-_]?contents|breadcrumbs?(?:-section)?|navbar|navbox|sidebar|catlinks|noprint|"
    r"printfooter|pagination|page-metadata|pagesection|labels-section|(?:mw-)?editsection|edit-this-page|skip-?link|jump-link|hatnote|dropdown|"
    r"header-?link|hash-link|header-anchor|anchor-link|(?:input|output)_?prompt|"
    r"source-file|icon|linenos|linenodiv|lineno|line-numbers|gutter)(?=\s|$)"
)
_CONTENTS_TITLE = re.compile(
    r"(table\s+of\s+)?contents|toc|on\s+this\s+page|in\s+this\s+(article|page)|inhalt(sverzeichnis)?|sommaire|índice",
    re.IGNORECASE,
)
_SECTIONING = ["article", "aside", "blockquote", "main", "section"]
_OF_WHOLE_PAGES = ["h1", "main", "article"]


def is_left_out(node: Tag) -> bool:
    """Tell whether an element is no part of the notes; some pages are all one form."""
    name = node.name
    if name == "form":
        return node.find(["p", "li", "table", *HEADINGS]) is None
    if name in LEFT_OUT or "hidden" in node.attrs:
        return True
    if name in {"header", "footer"} and node.find_parent(_SECTIONING) is None:
        # The page's own, not those of a text in it.
        return node.find(list(HEADINGS)) is None
    return _is_navigation(node)


def _is_navigation(node: Tag) -> bool:
    role, names, key = (attribute(node, name).lower() for name in ("role", "class", "id"))
    is_named = _NAMED.search(names) or (_NAMED.search(key) and not _is_section(node, key))
    if role not in _ROLES and not is_named:
        return False
    return node.name not in {"body", "html", "pre", "code", *HEADINGS, *_OF_WHOLE_PAGES} and not node.find(
        _OF_WHOLE_PAGES
    )


def _is_section(node: Tag, key: str) -> bool:
    """Tell whether an id was made of the heading of a section, as that of a section about pagination."""
    heading = node.find(list(HEADINGS))
    title = heading.get_text() if heading else ""
    return not names_contents(title) and _letters(title).endswith(_letters(key))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def names_contents(title: str) -> bool:
    """Tell whether a title is that of a table of contents; a sign that links to it may stand behind."""
    return _CONTENTS_TITLE.fullmatch(title.strip(" :¶#\n")) is not None


def outside(page: Tag) -> Iterator[PageElement]:
    """Yield what stands outside of the one element that says that it holds all that a page is about.

    A heading of the whole page may stand before it.
    """
    found = [tag for tag in page.find_all(["main", "div", "article"]) if _is_main(tag)]
    if len(found) != 1 or not found[0].get_text(strip=True):
        return
    main = found[0]
    has_heading = main.find("h1") is not None
    inner = main
    for around in main.parents:
        for node in around.children:
            is_heading = isinstance(node, Tag) and (node.name == "h1" or node.find("h1") is not None)
            if node is not inner and (has_heading or not is_heading):
                yield node
        inner = around


def _is_main(tag: Tag) -> bool:
    return tag.name == "main" or attribute(tag, "role") == "main"
