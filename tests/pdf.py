"""PDFs read back: what stands where."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from typing import Any

import pdfplumber
import pikepdf
from pdfplumber.page import Page as PlumberPage


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: its page from 0, its place in points from the page's top left, its look.

    `piece` is the number of the marked content that it belongs to, -1 where it belongs to none.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    font: str
    color: tuple[float, ...]
    piece: int
    is_artifact: bool


Piece = tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A line or an area that is painted, by the box around it, and the kind of content that it is marked as."""

    left: float
    right: float
    top: float
    bottom: float
    tag: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size in points, its letters in the order in which they are painted, and its shapes."""

    width: float
    height: float
    letters: Piece
    shapes: tuple[Shape, ...]


@cache
def pages(pdf: bytes) -> tuple[Page, ...]:
    """Return the pages with all that is painted on them; each PDF is read once."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        return tuple(_page(number, page) for number, page in enumerate(document.pages))


def _page(number: int, page: PlumberPage) -> Page:
    shapes = tuple(
        Shape(shape["x0"], shape["x1"], shape["top"], shape["bottom"], shape["tag"] or "")
        for shape in (*page.rects, *page.lines, *page.curves)
    )
    return Page(page.width, page.height, tuple(_letter(number, char) for char in page.chars), shapes)


def _letter(page: int, char: dict[str, Any]) -> Letter:
    return Letter(
        text=char["text"],
        page=page,
        left=char["x0"],
        right=char["x1"],
        top=char["top"],
        bottom=char["bottom"],
        size=char["size"],
        font=char["fontname"].partition("+")[2],
        color=tuple(char["non_stroking_color"]),
        piece=-1 if char["mcid"] is None else char["mcid"],
        is_artifact=char["tag"] == "Artifact",
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A bookmark: its title, its depth from 1, and the place that it leads to, in points from the page's top left."""

    title: str
    depth: int
    page: int
    left: float
    top: float


def headings(pdf: bytes) -> list[Heading]:
    """Return the bookmarks in their order."""
    with opened(pdf) as document, document.open_outline() as outline:
        found = []
        left = [(item, 1) for item in outline.root]
        while left:
            item, depth = left.pop(0)
            page, x, y = _place(document, item.destination)
            found.append(Heading(item.title, depth, page, x, y))
            left = [(child, depth + 1) for child in item.children] + left
        return found


def destinations(pdf: bytes) -> dict[str, tuple[int, float, float]]:
    """Return the places that links may lead to by their names: page from 0, left and top in points."""
    with opened(pdf) as document:
        if "/Names" not in document.Root:
            return {}
        tree = pikepdf.NameTree(document.Root.Names.Dests)
        return {str(name): _place(document, place) for name, place in tree.items()}


def _place(document: pikepdf.Pdf, destination: object) -> tuple[int, float, float]:
    assert isinstance(destination, pikepdf.Array)
    place = list(destination)
    page = next(number for number, page in enumerate(document.pages) if page.obj.objgen == place[0].objgen)
    return page, float(place[2]), float(document.pages[page].mediabox[3]) - float(place[3])


def texts_at(pdf: bytes, places: Sequence[Heading], width: float) -> list[str]:
    """Return the texts that begin where bookmarks lead to: three lines of a column of that width, in points."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return [_text_at(opened.pages[place.page], place, width) for place in places]


def _text_at(page: PlumberPage, place: Heading, width: float) -> str:
    box = (place.left - 2, place.top - 2, place.left + width, min(place.top + 40, page.height))
    return " ".join((page.crop(box, strict=False).extract_text() or "").split())


@dataclass(frozen=True, eq=False)
class Element:
    """An element of the structure tree: its type, and the elements and pieces of text within it in reading order.

    `target` is where its link leads to; `key`, `headers` and `scope` are those of a table's cells.
    """

    kind: str
    content: "tuple[Element | Piece, ...]"
    alternative: str = ""
    target: str = ""
    key: str = ""
    headers: tuple[str, ...] = ()
    scope: str = ""

    @property
    def kids(self) -> "tuple[Element, ...]":
        """The elements right within it."""
        return tuple(part for part in self.content if isinstance(part, Element))

    @cached_property
    def text(self) -> str:
        """Its own text and that of the elements within it; lines of one piece are set apart."""
        return "".join(part.text if isinstance(part, Element) else joined(part) for part in self.content)

    @cached_property
    def letters(self) -> Piece:
        """Its own letters and those of the elements within it, in reading order."""
        parts = (part.letters if isinstance(part, Element) else part for part in self.content)
        return tuple(letter for part in parts for letter in part)

    def walk(self) -> "Iterator[Element]":
        """Yield this element and all within it, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def all(self, *kinds: str) -> "list[Element]":
        """Return the elements of some kinds, in reading order."""
        return [element for element in self.walk() if element.kind in kinds]


def joined(letters: Piece) -> str:
    """Return the text of letters, lines set apart."""
    parts: list[str] = []
    for place, letter in enumerate(letters):
        is_next_line = place and abs(letter.top - letters[place - 1].top) > letter.size / 2
        parts.append(f" {letter.text}" if is_next_line else letter.text)
    return "".join(parts)


@cache
def structure(pdf: bytes) -> Element:
    """Return the structure tree: what a screen reader reads, artifacts left out."""
    with opened(pdf) as document:
        numbers = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        pieces: dict[tuple[int, int], list[Letter]] = defaultdict(list)
        for page in pages(pdf):
            for letter in page.letters:
                pieces[letter.page, letter.piece].append(letter)
        marked = {place: tuple(letters) for place, letters in pieces.items()}
        return _Tree(numbers, marked).element(document.Root.StructTreeRoot, "Root", -1)


def outside_of_tree(pdf: bytes) -> list[Piece]:
    """Return the letters of each page that are not in the structure tree, such as running heads."""
    known = {(letter.page, letter.piece) for letter in structure(pdf).letters}
    return [tuple(letter for letter in page.letters if (letter.page, letter.piece) not in known) for page in pages(pdf)]


class _Tree:
    """Reads the elements of a structure tree."""

    def __init__(self, numbers: dict[tuple[int, int], int], pieces: dict[tuple[int, int], Piece]) -> None:
        self._numbers = numbers
        self._pieces = pieces

    def element(self, node: pikepdf.Object, kind: str, page: int) -> Element:
        """Read an element whose page is that of its parent, unless it has one of its own."""
        page = self._page(node, page)
        content: list[Element | Piece] = []
        target = ""
        for kid in _listed(node.get("/K", pikepdf.Array())):
            if not isinstance(kid, pikepdf.Dictionary):
                content.append(self._pieces.get((page, int(kid)), ()))
            elif "/MCID" in kid:
                content.append(self._pieces.get((self._page(kid, page), int(kid.MCID)), ()))
            elif "/S" in kid:
                content.append(self.element(kid, str(kid.S).removeprefix("/"), page))
            elif "/Obj" in kid:
                target = _target(kid.Obj)
        attributes = node.get("/A", pikepdf.Dictionary())
        return Element(
            kind,
            tuple(content),
            alternative=str(node.get("/Alt", "")),
            target=target,
            key=str(node.get("/ID", "")),
            headers=tuple(str(key) for key in _listed(attributes.get("/Headers", pikepdf.Array()))),
            scope=str(attributes.get("/Scope", "")),
        )

    def _page(self, node: pikepdf.Object, page: int) -> int:
        return self._numbers[node.Pg.objgen] if "/Pg" in node else page


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _target(annotation: pikepdf.Object) -> str:
    """Return where a link leads to: the name of a place, or an address."""
    if "/Dest" in annotation:
        return str(annotation.Dest)
    return str(annotation.A.get("/URI", annotation.A.get("/D", ""))) if "/A" in annotation else ""


def targets(pdf: bytes) -> list[tuple[int, str]]:
    """Return where all links lead to, with the number of the page on which they stand, from 1."""
    with opened(pdf) as document:
        return [
            (number, _target(annotation))
            for number, page in enumerate(document.pages, start=1)
            for annotation in _listed(page.get("/Annots", pikepdf.Array()))
            if annotation.Subtype == "/Link"
        ]


def table_rows(pdf: bytes) -> list[tuple[str, ...]]:
    """Return the rows of all tables but their heads, their cells squashed."""
    rows = [row for body in structure(pdf).all("TBody") for row in body.all("TR")]
    return [tuple(squashed(cell.text) for cell in row.all("TH", "TD")) for row in rows]


def squashed(text: str) -> str:
    """Return text without white space and hyphens, which lines that are broken lose and gain."""
    return re.sub(r"[\s\u200b-]+", "", text)


def fonts(pdf: bytes) -> set[str]:
    """Return the names of the fonts that letters are set in, without the subsets' prefixes."""
    return {letter.font for page in pages(pdf) for letter in page.letters}


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
    return sorted({round(letter.size, 2) for page in pages(pdf) for letter in page.letters if letter.text.strip()})


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
    return [element.alternative for element in structure(pdf).walk() if element.alternative]
