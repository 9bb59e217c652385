"""Checks of a printed sheet as it is read: its words and their order, its tags, links, numbers and bookmarks.

Each returns what is at fault, and nothing where all is well.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pikepdf

import pdf
from pdf import Element, Letter, Piece
from wanted import Section

HEADINGS = ("H1", "H2", "H3", "H4")
# So many letters before and behind show where a difference is.
_AROUND = 30
# And so many of the difference itself.
_MOST = 400
# A heading or a bookmark: its kind or its depth, and its text.
Named = tuple[str | int, str]


def squashed(text: str) -> str:
    """Return text without white space, and without the hyphens that end lines (notes have the other kind)."""
    return re.sub(r"[\s\u200b\u2010]+", "", text)


def wrong_words(sheet: bytes, wanted: str) -> list[str]:
    """Return where the words that are read out differ from those that are wanted."""
    return _difference(squashed("".join(_spoken(pdf.structure(sheet)))), squashed(wanted))


def _difference(shown: str, wanted: str) -> list[str]:
    if shown == wanted:
        return []
    start = _alike(shown, wanted)
    end = _alike(shown[start:][::-1], wanted[start:][::-1])
    before, after = wanted[max(start - _AROUND, 0) : start], wanted[len(wanted) - end :][:_AROUND]
    given, found = (text[start : len(text) - end][:_MOST] for text in (wanted, shown))
    return [f"…{before}[{given}]{after}… is shown as [{found}]"]


def _alike(some: str, others: str) -> int:
    """Return how many letters in front are the same."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))


def _spoken(root: Element) -> Iterator[str]:
    """Yield what is read out: text and alternative texts, without bullets and heads that a table repeats."""
    last = ""
    left: list[Element | Piece] = [root]
    while left:
        part = left.pop(0)
        if not isinstance(part, Element):
            yield pdf.joined(part)
        elif part.kind == "Figure":
            yield part.alternative
        elif part.kind == "Caption":
            last = ""
            left[:0] = part.content
        elif part.kind == "THead" and part.text == last:
            pass
        elif part.kind != "Lbl":
            last = part.text if part.kind == "THead" else last
            left[:0] = part.content


def outermost(root: Element, *kinds: str) -> Iterator[Element]:
    """Yield the elements of some kinds that stand in no other of them."""
    if root.kind in kinds:
        yield root
    else:
        for kid in root.kids:
            yield from outermost(kid, *kinds)


def wrong_headings(sheet: bytes, wanted: Iterable[tuple[str, str]]) -> list[str]:
    """Return headings that are not as wanted, kind and text, that skip a level, or stand within another."""
    outer = list(outermost(pdf.structure(sheet), *HEADINGS))
    shown: list[Named] = [(element.kind, squashed(element.text)) for element in outer]
    listed: list[Named] = [(kind, squashed(text)) for kind, text in wanted]
    levels = [0, *(HEADINGS.index(element.kind) + 1 for element in outer)]
    skips = [outer[place].text for place in range(len(outer)) if levels[place + 1] > levels[place] + 1]
    within = Counter(kid.kind for element in outer for kid in element.walk() if kid.kind in HEADINGS and kid != element)
    return [
        *(f"{kind} {text} is missing, or not in its place" for kind, text in _lacking(listed, shown)),
        *(f"{kind} {text} is too many, or not in its place" for kind, text in _lacking(shown, listed)),
        *(f"{text} skips a level" for text in skips),
        *(f"{count} {kind} stand within a heading" for kind, count in within.items()),
    ]


def _lacking(some: Sequence[Named], others: Sequence[Named]) -> Iterator[Named]:
    """Yield those of some that others do not have, at the same place or behind."""
    start = 0
    for one in some:
        if one in others[start:]:
            start = others.index(one, start) + 1
        else:
            yield one


def wrong_lists(sheet: bytes) -> list[str]:
    """Return what makes a list none for a screen reader: a list is L of LI, an item LI of Lbl and LBody."""
    allowed = {"L": {"LI", "L", "Caption"}, "LI": {"Lbl", "LBody"}}
    elements = list(pdf.structure(sheet).walk())
    pairs = [(element, kid) for element in elements for kid in element.kids]
    strays = Counter(
        f"{kid.kind} in {element.kind}"
        for element, kid in pairs
        if kid.kind not in allowed.get(element.kind, {kid.kind}) or (kid.kind == "LI" and element.kind != "L")
    )
    empty = [element for element in elements if element.kind == "L" and not element.kids]
    empty += [element for element in elements if element.kind == "LI" and "LBody" not in {k.kind for k in element.kids}]
    return [
        *(f"{what}, {count} times" for what, count in strays.items()),
        *(f"{element.kind} without a body: {element.text[:_AROUND]}" for element in empty),
    ]


def wrong_tables(sheet: bytes) -> list[str]:
    """Return tables whose cells do not tell by which headings they stand, or whose headings cannot be looked up."""
    tables = pdf.structure(sheet).all("Table")
    with pdf.opened(sheet) as document:
        is_listed = "/IDTree" in document.Root.StructTreeRoot
    unlisted = [] if is_listed or not tables else ["the names of the headings are not in an IDTree"]
    return unlisted + [fault for table in tables for fault in _table_faults(table)]


def _table_faults(table: Element) -> Iterator[str]:
    name = f"table {table.text[:_AROUND]}"
    rows = table.all("TR")
    keys = {cell.key for cell in table.all("TH")}
    if not rows:
        yield f"{name} has no TR"
    for row in rows:
        if not row.kids or any(cell.kind not in {"TH", "TD"} for cell in row.kids):
            yield f"{name} has a row of other things than cells"
        own = [cell.key for cell in row.kids if cell.kind == "TH"]
        for cell in row.kids:
            if cell.kind == "TD" and not (cell.headers and {*cell.headers} <= keys and {*own} <= {*cell.headers}):
                yield f"{name}: {cell.text[:_AROUND]} lacks headings"


def wrong_pictures(sheet: bytes) -> list[str]:
    """Return pictures without a text that stands for them."""
    return [
        f"picture {element.text[:_AROUND]} has no alternative text"
        for element in pdf.structure(sheet).all("Figure")
        if not element.alternative.strip()
    ]


def wrong_link_tags(sheet: bytes) -> list[str]:
    """Return links that are tagged as something else (ISO 14289-1, 7.18.5), and links within links, read out twice."""
    tagged = [element for element in pdf.structure(sheet).walk() if element.target or element.kind == "Link"]
    strays = Counter(element.kind for element in tagged if element.kind != "Link")
    nested = Counter(
        element.target
        for element in tagged
        if element.kind == "Link" and any(kid.kind == "Link" for kid in element.walk() if kid is not element)
    )
    return [
        *(f"{count} links are tagged as {kind}" for kind, count in strays.items()),
        *(f"a link to {target} has links within it" for target in nested),
    ]


def empty_elements(sheet: bytes) -> list[str]:
    """Return elements without text that a screen reader would stop at; only those without a meaning are passed by."""
    silent = {"NonStruct", "Span", "Div", "Part", "Sect", "Figure", "TH", "TD"}
    return [
        f"an empty {element.kind}"
        for element in pdf.structure(sheet).walk()
        if element.kind not in silent and not element.text.strip()
    ]


def untagged(sheet: bytes) -> list[str]:
    """Return text that is neither in the structure tree nor an artifact."""
    rest = [letter for page in pdf.outside_of_tree(sheet) for letter in page if not letter.is_artifact]
    pieces = itertools.groupby(rest, key=lambda letter: (letter.page, letter.piece))
    return [f"page {page + 1}: {pdf.joined(tuple(letters))}" for (page, _), letters in pieces]


def wrong_document(sheet: bytes, title: str, language: str) -> list[str]:
    """Return what the document does not say of itself as a whole."""
    with pdf.opened(sheet) as document:
        preferences = document.Root.get("/ViewerPreferences", pikepdf.Dictionary())
        said = {
            f"title {title}": str(document.docinfo.get("/Title", "")) == title,
            f"language {language}": str(document.Root.get("/Lang", "")) == language,
            "title in the window": bool(preferences.get("/DisplayDocTitle", False)),
            "links in reading order": all(page.get("/Tabs") == "/S" for page in document.pages),
        }
    return [f"no {name}" for name, is_said in said.items() if not is_said]


def wrong_bookmarks(sheet: bytes, wanted: Iterable[tuple[int, str]]) -> list[str]:
    """Return bookmarks that are not as wanted, depth and title."""
    shown: list[Named] = [(heading.depth, squashed(heading.title)) for heading in pdf.headings(sheet)]
    listed: list[Named] = [(depth, squashed(title)) for depth, title in wanted]
    return [
        *(f"no bookmark {title} at depth {depth}" for depth, title in _lacking(listed, shown)),
        *(f"a bookmark {title} at depth {depth}" for depth, title in _lacking(shown, listed)),
    ]


def wrong_links(sheet: bytes, addresses: Iterable[str]) -> list[str]:
    """Return links that lead nowhere, or out of the sheet to other addresses than these."""
    known = {*pdf.destinations(sheet), *addresses}
    return [f"page {page}: a link to {target}" for page, target in pdf.targets(sheet) if target not in known]


def wrong_places(sheet: bytes, sections: Sequence[Section]) -> list[str]:
    """Return sections whose links lead elsewhere than to their headings."""
    faults = []
    places = pdf.destinations(sheet)
    shown = {squashed(element.text): element.letters[0] for element in outermost(pdf.structure(sheet), *HEADINGS)}
    for section in sections:
        first = shown.get(squashed(section.heading))
        page, left, top = places.get(section.key, (-1, 0, 0))
        if first is None or page != first.page or not (-2 < first.top - top < 20 and -2 < first.left - left < 10):
            faults.append(f"{section.key} leads to page {page + 1}, {left:.0f} {top:.0f}: not to {section.heading}")
    return faults


def wrong_page_numbers(sheet: bytes) -> list[str]:
    """Return entries of contents and index that show another page than they lead to.

    The number of the page is the last piece of an entry that has digits.
    """
    places = pdf.destinations(sheet)
    parts = [kid for kid in pdf.structure(sheet).kids[0].kids if kid.kind != "Part"]
    entries = [entry for part in parts for block in outermost(part, "P", "LI") for entry in _entries(block)]
    shown = [(target, texts, [text for text in texts if re.search(r"\d", text)]) for target, texts in entries]
    return [
        f"{squashed(''.join(texts))} leads to page {places[target][0] + 1}"
        for target, texts, numbers in shown
        if target in places and re.sub(r"[\s(),]", "", "".join(numbers[-1:])) != str(places[target][0] + 1)
    ]


def _entries(block: Element) -> list[tuple[str, list[str]]]:
    """Return where the links of a block lead to, each with its texts, of all its lines, and those behind it."""
    found: list[tuple[str, list[str]]] = []
    for target, text in _with_links(block, ""):
        if target and (not found or target != found[-1][0]):
            found.append((target, []))
        if found:
            found[-1][1].append(text)
    return found


def _with_links(element: Element, target: str) -> Iterator[tuple[str, str]]:
    """Yield texts in reading order, each with the target of the link that it stands in."""
    for part in element.content:
        if isinstance(part, Element):
            yield from _with_links(part, part.target or target)
        else:
            yield target, pdf.joined(part)


def chapters_by_page(sheet: bytes) -> dict[int, list[str]]:
    """Return the chapters that stand on each page, from 1, by the texts of their headings.

    Contents, limits and index count as chapters.
    """
    found: dict[int, list[str]] = {}
    chapter = "Contents"
    for part in pdf.structure(sheet).kids[0].kids:
        for heading, letter in _with_headings(part):
            chapter = heading.text if heading else chapter
            if chapter not in found.setdefault(letter.page + 1, []):
                found[letter.page + 1].append(chapter)
    return found


def _with_headings(element: Element) -> Iterator[tuple[Element | None, Letter]]:
    """Yield the letters in reading order, each with the heading of a chapter that it stands in."""
    if element.kind == "H1":
        yield from ((element, letter) for letter in element.letters)
        return
    for part in element.content:
        if isinstance(part, Element):
            yield from _with_headings(part)
        else:
            yield from ((None, letter) for letter in part)


def wrong_heads(sheet: bytes) -> list[str]:
    """Return pages whose head does not name, left and right, the first and the last chapter that stand on them."""
    chapters = chapters_by_page(sheet)
    faults = []
    for number, (page, rest) in enumerate(zip(pdf.pages(sheet), pdf.outside_of_tree(sheet), strict=True), start=1):
        head = [letter for letter in rest if letter.bottom < page.height / 2]
        left = "".join(letter.text for letter in head if letter.left < page.width / 2)
        right = "".join(letter.text for letter in head if letter.left >= page.width / 2)
        named = chapters.get(number, [""])
        if (squashed(left), squashed(right)) != (squashed(named[0]), squashed(named[-1])):
            faults.append(f'page {number}: "{left}" and "{right}" instead of "{named[0]}" and "{named[-1]}"')
    return faults


def wrong_feet(sheet: bytes) -> list[str]:
    """Return pages whose foot does not say which of how many they are."""
    pages = pdf.pages(sheet)
    feet = [
        "".join(letter.text for letter in rest if letter.top > page.height / 2)
        for page, rest in zip(pages, pdf.outside_of_tree(sheet), strict=True)
    ]
    return [
        f"page {number}: {foot}"
        for number, foot in enumerate(feet, start=1)
        if squashed(f"Page {number} of {len(pages)}") not in squashed(foot)
    ]
