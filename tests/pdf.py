"""PDFs read back: what stands where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import pdfplumber
import pikepdf
from pdfplumber.page import Page


@dataclass(frozen=True)
class Heading:
    """A bookmark: its title, its depth from 1, and the place that it leads to, in points from the page's top left."""

    title: str
    depth: int
    page: int
    left: float
    top: float


def headings(pdf: bytes) -> list[Heading]:
    """Return the bookmarks in their order."""
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_outline() as outline:
        pages = {page.obj.objgen: number for number, page in enumerate(opened.pages)}
        heights = [float(page.mediabox[3]) for page in opened.pages]
        found = []
        left = [(item, 1) for item in outline.root]
        while left:
            item, depth = left.pop(0)
            assert isinstance(item.destination, pikepdf.Array)
            place = list(item.destination)
            page = pages[place[0].objgen]
            found.append(Heading(item.title, depth, page, float(place[2]), heights[page] - float(place[3])))
            left = [(child, depth + 1) for child in item.children] + left
        return found


def texts_at(pdf: bytes, places: Sequence[Heading], width: float) -> list[str]:
    """Return the texts that begin where bookmarks lead to: three lines of a column of that width, in points."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return [_text_at(opened.pages[place.page], place, width) for place in places]


def _text_at(page: Page, place: Heading, width: float) -> str:
    box = (place.left - 2, place.top - 2, place.left + width, min(place.top + 40, page.height))
    return " ".join((page.crop(box, strict=False).extract_text() or "").split())


@dataclass(frozen=True)
class Element:
    """An element of the structure tree: its type, its own text and that of those within it, and these."""

    kind: str
    text: str
    alternative: str
    kids: "tuple[Element, ...]"

    def walk(self) -> "Iterator[Element]":
        """Yield this element and all within it, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def all(self, *kinds: str) -> "list[Element]":
        """Return the elements of some kinds, in reading order."""
        return [element for element in self.walk() if element.kind in kinds]


def structure(pdf: bytes) -> Element:
    """Return the structure tree: what a screen reader reads, artifacts left out."""
    with pdfplumber.open(BytesIO(pdf)) as read, opened(pdf) as document:
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        texts = [_marked_texts(page) for page in read.pages]
        return _element(document.Root.StructTreeRoot, "Root", -1, pages, texts)


def _marked_texts(page: Page) -> dict[int, str]:
    """Return the text of each piece of marked content by its number; lines of one piece are set apart."""
    found: dict[int, str] = {}
    last: dict[int, float] = {}
    for char in page.chars:
        number = char["mcid"]
        if number is None:
            continue
        is_next_line = number in last and abs(char["top"] - last[number]) > char["size"] / 2
        found[number] = found.get(number, "") + (" " if is_next_line else "") + char["text"]
        last[number] = char["top"]
    return found


def _element(
    node: pikepdf.Object, kind: str, page: int, pages: dict[tuple[int, int], int], texts: list[dict[int, str]]
) -> Element:
    page = pages[node.Pg.objgen] if "/Pg" in node else page
    kids, parts = [], []
    own = node.get("/K", pikepdf.Array())
    for kid in list(own) if isinstance(own, pikepdf.Array) else [own]:
        if not isinstance(kid, pikepdf.Dictionary):
            parts.append(texts[page].get(int(kid), ""))
        elif "/MCID" in kid:
            parts.append(texts[pages[kid.Pg.objgen] if "/Pg" in kid else page].get(int(kid.MCID), ""))
        elif "/S" in kid:
            kids.append(_element(kid, str(kid.S).removeprefix("/"), page, pages, texts))
            parts.append(kids[-1].text)
    return Element(kind, "".join(parts), str(node.get("/Alt", "")), tuple(kids))


def table_rows(pdf: bytes) -> list[tuple[str, ...]]:
    """Return the rows of all tables, their cells squashed."""
    rows = structure(pdf).all("TR")
    return [tuple(squashed(cell.text) for cell in row.all("TH", "TD")) for row in rows]


def squashed(text: str) -> str:
    """Return text without white space and hyphens, which lines that are broken lose and gain."""
    return re.sub(r"[\s\u200b-]+", "", text)


def fonts(pdf: bytes) -> set[str]:
    """Return the names of the fonts that letters are set in, without the subsets' prefixes."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return {char["fontname"].partition("+")[2] for page in opened.pages for char in page.chars}


def looks(pdf: bytes) -> dict[str, tuple[str, str]]:
    """Return font and color (black, or other) of each word, of its last occurrence."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        words = [
            word for page in opened.pages for word in page.extract_words(extra_attrs=["fontname", "non_stroking_color"])
        ]
    return {
        word["text"]: (
            word["fontname"].partition("+")[2],
            "black" if set(word["non_stroking_color"]) == {0} else "other",
        )
        for word in words
    }


def sizes(pdf: bytes) -> list[float]:
    """Return the sizes of all letters, in points."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return sorted({round(char["size"], 2) for page in opened.pages for char in page.chars if char["text"].strip()})


def text(pdf: bytes) -> str:
    """Return all text, page after page, white space folded."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return " ".join(" ".join((page.extract_text() or "").split()) for page in opened.pages)


def lines(pdf: bytes) -> list[str]:
    """Return the lines of text, page after page; columns side by side share a line."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return [line for page in opened.pages for line in (page.extract_text() or "").splitlines()]


def opened(pdf: bytes) -> pikepdf.Pdf:
    """Return the document, to look at its own objects."""
    return pikepdf.open(BytesIO(pdf))


def alternative_texts(pdf: bytes) -> list[str]:
    """Return the alternative texts in the structure tree, in reading order."""
    with opened(pdf) as document:
        found = []
        left = [document.Root.StructTreeRoot]
        while left:
            node = left.pop(0)
            if "/Alt" in node:
                found.append(str(node.Alt))
            kids = node.get("/K", pikepdf.Array())
            nodes = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
            left = [kid for kid in nodes if isinstance(kid, pikepdf.Dictionary)] + left
        return found
