"""Pages as word processors and keepers of notes export them -> HTML that says what was meant.

The tree is changed in place; what is new in it stands where it was made of.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from cheatdeck.page import attribute

# Google Docs writes lists within lists one after the other: the number at the end of the class says how deep.
_DEPTH = re.compile(r"(?:^|\s)lst-kix_\w+-(\d)(?:\s|$)")
_LISTS = ["ul", "ol"]
_BOLD_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*font-weight\s*:\s*(?:bold|[6-9]00)")
_REDIRECT = re.compile(r"https?://www\.google\.com/url\?")
# Word writes the items of lists as paragraphs, each with its bullet or number.
_WORD_ITEM = re.compile(r"(?:^|\s)MsoListParagraph")
_BULLET = re.compile(r"\s*(?:[·o§Øü•▪–-]|(?P<number>(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]))\s*")
_MARGIN = re.compile(r"margin-left\s*:\s*(\d{0,4}(?:\.\d{1,4})?)(in|cm|pt)")
_POINTS = {"in": 72.0, "cm": 28.35, "pt": 1.0}
_NOTION_LISTS = {"bulleted-list", "numbered-list", "to-do-list"}
_COMMENT = re.compile(r"^cmnt(?:_ref)?\d+$")
_LEAST_ENTRIES = 3
_TITLE = re.compile(r"^(?:title|MsoTitle)$")
_ONENOTE_DATE = re.compile(r"color:\s*#767676")


def mend(soup: BeautifulSoup, text: str) -> None:
    """Change a page so that titles, lists, bold words, links and boxes to tick are elements of HTML.

    `text` is the page as it was written.
    """
    for sign, change in _CHANGES:
        if re.search(sign, text):
            change(soup)


def _rename_objects(soup: BeautifulSoup) -> None:
    """Open what Apple Notes puts tables into."""
    for holder in soup.find_all("object"):
        holder.name = "div" if holder.find("table") else holder.name


def _open_toggles(soup: BeautifulSoup) -> None:
    """Take Notion's toggles out of the lists that are around them."""
    for toggles in soup.select("ul.toggle"):
        for tag in (toggles, *toggles.find_all("li", recursive=False)):
            tag.name = "div"


def _set_code(soup: BeautifulSoup) -> None:
    """Make code of Evernote's lines of code."""
    for code in soup.find_all("div", style=re.compile("-en-codeblock")):
        code.name = "pre"
        for line in code.find_all("div", recursive=False):
            line.append("\n")


def _divide_values(soup: BeautifulSoup) -> None:
    """Set commas between what is chosen of a list in Notion."""
    for value in soup.select(".selected-value + .selected-value"):
        value.insert_before(", ")


def _set_bold(soup: BeautifulSoup) -> None:
    """Say of spans that the page's style sheet sets bold that they are."""
    bold = {name for style in soup.find_all("style") for name in _BOLD_CLASS.findall(style.get_text())}
    for span in soup.find_all("span", class_=list(bold)) if bold else ():
        span["style"] = f"{attribute(span, 'style')};font-weight:bold"


def _straighten_links(soup: BeautifulSoup) -> None:
    for link in soup.find_all("a", href=_REDIRECT):
        target = parse_qs(urlsplit(attribute(link, "href")).query).get("q", [""])[0]
        link["href"] = target or attribute(link, "href")


def _tick(soup: BeautifulSoup) -> None:
    """Set boxes to tick: Notion's, Confluence's and Evernote's."""
    for box in soup.select("div.checkbox"):
        _become_box(box, is_checked="checkbox-on" in attribute(box, "class").split())
    for item in soup.select(".inline-task-list > li, ul[style*='--en-todo'] > li"):
        box = soup.new_tag("input", sourceline=item.sourceline, sourcepos=item.sourcepos)
        is_checked = "checked" in attribute(item, "class").split() or "--en-checked:true" in attribute(item, "style")
        _become_box(box, is_checked=is_checked)
        inner = item.find("div", recursive=False)
        (inner if isinstance(inner, Tag) else item).insert(0, box)


def _become_box(tag: Tag, *, is_checked: bool) -> None:
    tag.name, tag.attrs = "input", {"type": "checkbox", **({"checked": ""} if is_checked else {})}


def _unfold(soup: BeautifulSoup) -> None:
    """Take what Confluence folds for details with a summary."""
    for holder in soup.select("div.expand-container"):
        summary, content = holder.select_one(".expand-control"), holder.select_one(".expand-content")
        if summary and content:
            holder.name, summary.name = "details", "summary"


def _divide_tabs(soup: BeautifulSoup) -> None:
    """Put the names of MkDocs' tabs over what stands in them."""
    for tabs in soup.select(".tabbed-set"):
        blocks = tabs.select(":scope > .tabbed-content > .tabbed-block")
        for name, block in zip(tabs.select(":scope > .tabbed-labels > label"), blocks, strict=False):
            name.name = "p"
            block.insert(0, name)


def _set_comments_apart(soup: BeautifulSoup) -> None:
    """Hide what readers said in the margin of Google Docs, and the marks that lead there."""
    for mark in soup.find_all("a", id=_COMMENT):
        around = mark.find_parent("div" if attribute(mark, "href").startswith("#cmnt_ref") else "sup")
        if around and not around.find(["h1", "h2", "h3"]):
            around["hidden"] = ""


def _list_entries(soup: BeautifulSoup) -> None:
    """Make a list of the lines of a table of contents, each a link into the page; numbers of pages go."""
    for first in soup.find_all("p"):
        if first.name != "p" or not _is_entry(first):
            continue
        run = [first]
        while (after := run[-1].find_next_sibling()) and after.name == "p" and _is_entry(after):
            run.append(after)
        if len(run) < _LEAST_ENTRIES:
            continue
        entries = soup.new_tag("ul", sourceline=first.sourceline, sourcepos=first.sourcepos)
        first.insert_before(entries)
        for entry in run:
            for link in entry.find_all("a")[1:]:
                if link.get_text(strip=True).isdigit():
                    link.decompose()
            entry.name = "li"
            entries.append(entry)


def _is_entry(line: Tag) -> bool:
    links = line.find_all("a", href=re.compile("^#"))
    said = "".join(line.get_text().split())
    return bool(said) and said == "".join("".join(link.get_text().split()) for link in links)


def _find_title(soup: BeautifulSoup) -> None:
    """Make a heading over all others of a title that a word processor has for a paragraph of its own style."""
    title = soup.find("p", class_=_TITLE)
    is_onenote = soup.find("meta", attrs={"content": re.compile("OneNote")}) is not None
    if is_onenote:
        title = soup.find("p")
        for line in soup.find_all("p", style=_ONENOTE_DATE):
            line["hidden"] = ""
    headings = soup.find_all(re.compile("^h[1-6]$"))
    if title is None or title.find_parent(["table", "li"]) or not title.get_text(strip=True):
        return
    if headings and headings[0] in title.find_all_previous():
        return
    for heading in headings:
        heading.name = f"h{min(6, int(heading.name[1]) + 1)}"
    title.name = "h1"


def _list_paragraphs(soup: BeautifulSoup, first: Tag) -> None:
    """Make a list of a paragraph and those right behind it that are items; deeper margins are lists within."""
    items = [first, *_items_after(first)]
    holder = soup.new_tag("div", sourceline=first.sourceline, sourcepos=first.sourcepos)
    first.insert_before(holder)
    around: list[tuple[float, Tag]] = []
    for item in items:
        margin, number = _margin(item), _take_bullet(item)
        while len(around) > 1 and around[-1][0] > margin:
            around.pop()
        if not around or around[-1][0] < margin:
            made = soup.new_tag("ol" if number else "ul", sourceline=item.sourceline, sourcepos=item.sourcepos)
            made["start"] = number
            (around[-1][1].find_all("li", recursive=False)[-1] if around else holder).append(made)
            around.append((margin, made))
        item.name = "li"
        around[-1][1].append(item)


def _items_after(first: Tag) -> Iterator[Tag]:
    for sibling in first.next_siblings:
        if isinstance(sibling, Tag):
            if sibling.name != "p" or not _WORD_ITEM.search(attribute(sibling, "class")):
                return
            yield sibling
        elif str(sibling).strip():
            return


def _margin(item: Tag) -> float:
    found = _MARGIN.search(attribute(item, "style"))
    return float(found[1] or 0) * _POINTS[found[2]] if found else 0.0


def _take_bullet(item: Tag) -> str:
    """Take the bullet off an item; return it if it is a number or a letter, without what stands behind it."""
    text = next((node for node in item.descendants if isinstance(node, NavigableString) and node.strip()), None)
    found = _BULLET.match(text) if text is not None else None
    # A word of one letter is no bullet: behind those stand nothing but spaces.
    if text is None or not found or (found.end() < len(text) and not found[0][-1:].isspace()):
        return ""
    text.replace_with(text[found.end() :])
    return (found["number"] or "")[:-1]


def _join(found: Tag) -> None:
    """Put what a list has into the list right before it, if that goes on with it."""
    before = found.previous_sibling
    while isinstance(before, NavigableString) and not before.strip():
        before = before.previous_sibling
    if not isinstance(before, Tag) or before.name not in _LISTS:
        return
    depth = _DEPTH.search(attribute(found, "class"))
    if depth and (within := _item_at(before, int(depth[1]))):
        within.append(found.extract())
        _join(found)
    elif before.name == found.name and _goes_on(before, found):
        for child in list(found.children):
            before.append(child.extract())
        found.decompose()


def _item_at(before: Tag, depth: int) -> Tag | None:
    """Return the last item of the list that is so deep in a list of Google Docs, if it has such a one within."""
    at = _DEPTH.search(attribute(before, "class"))
    items = before.find_all("li", recursive=False)
    if not at or int(at[1]) >= depth or not items:
        return None
    inner = items[-1].find_all(_LISTS, recursive=False)
    return (_item_at(inner[-1], depth) if inner else None) or items[-1]


def _goes_on(before: Tag, found: Tag) -> bool:
    """Tell whether a list goes on with one that Notion wrote item by item, or that Google Docs broke for another."""
    first, second = (_DEPTH.search(attribute(tag, "class")) for tag in (before, found))
    if first and second:
        return first[0].strip() == second[0].strip()
    return not _NOTION_LISTS.isdisjoint(attribute(found, "class").split())


def _list_items(soup: BeautifulSoup) -> None:
    for first in soup.find_all("p", class_=_WORD_ITEM):
        if first.name == "p":
            _list_paragraphs(soup, first)


def _join_lists(soup: BeautifulSoup) -> None:
    for found in soup.find_all(_LISTS):
        _join(found)


# What is done to pages in which something is written; most are none that need it.
_CHANGES = (
    (r"<object", _rename_objects),
    (r"\btoggle\b", _open_toggles),
    (r"-en-codeblock", _set_code),
    (r"\bselected-value\b", _divide_values),
    (r"font-weight", _set_bold),
    (r"google\.com/url", _straighten_links),
    (r"\bcheckbox\b|inline-task-list|--en-todo", _tick),
    (r"\bexpand-container\b", _unfold),
    (r"\btabbed-set\b", _divide_tabs),
    (r"#cmnt", _set_comments_apart),
    (r"href\s*=\s*[\"']?#", _list_entries),
    (r"MsoTitle|\btitle[\"']|OneNote", _find_title),
    (r"MsoListParagraph", _list_items),
    (r"lst-kix_|(?:bulleted|numbered|to-do)-list", _join_lists),
)
