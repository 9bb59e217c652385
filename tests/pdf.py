"""PDFs read back: what stands where."""

from collections.abc import Sequence
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


def table_rows(pdf: bytes) -> list[tuple[str, ...]]:
    """Return the rows of all ruled tables: cells as text, white space folded, none behind a hyphen at a line's end."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        tables = [table for page in opened.pages for table in page.extract_tables()]
        return [tuple(_folded(cell or "") for cell in row) for table in tables for row in table]


def _folded(text: str) -> str:
    return " ".join(text.replace("-\n", "-").split())


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
