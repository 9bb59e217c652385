"""Checks of the letters on a printed sheet: where letters stand, how large they are, and in which fonts.

Each returns what is at fault, and nothing where all is well. Lengths are in points.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise

import pikepdf

import pdf
from pdf import Element, Letter, Page, Piece
from printed_order import outermost

# What letters may stick out of their boxes, as the ends of slanted ones do.
_SLACK = 0.6
# Printers do not reach the paper's edge: 5 mm.
_UNPRINTED = 14.1
# The rules between columns are as high as these, and no thicker than a point.
_LEAST_RULE = 12


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's area for text: its edges, its columns from left to right, and where these stand, from top to bottom.

    Where a picture stands across the columns, they stand above and below it; on a page without them, nowhere.
    """

    left: float
    right: float
    top: float
    bottom: float
    columns: tuple[tuple[float, float], ...]
    stretches: tuple[tuple[float, float], ...]


@cache
def frames(sheet: bytes) -> tuple[Frame, ...]:
    """Return the frame of each page; left and right pages have margins of their own."""
    pages, root = pdf.pages(sheet), pdf.structure(sheet)
    stretches = [_stretches(page) for page in pages]
    top = min(letter.top for letter in root.letters)
    bottom = max(letter.bottom for letter in root.letters)
    columns = [_columns(sheet, parity) for parity in (0, 1)]
    return tuple(
        Frame(
            columns[number % 2][0][0],
            columns[number % 2][-1][1],
            min([top, *(start for page in stretches for start, _ in page)]),
            max([bottom, *(end for page in stretches for _, end in page)]),
            columns[number % 2],
            tuple(stretches[number]),
        )
        for number in range(len(pages))
    )


def _rules(page: Page) -> Iterator[tuple[float, float, float]]:
    """Yield the thin upright lines between columns: where they stand, from top to bottom."""
    for shape in page.shapes:
        if shape.tag == "Artifact" and 0.1 < shape.right - shape.left < 1 and shape.bottom - shape.top > _LEAST_RULE:
            yield (shape.left + shape.right) / 2, shape.top, shape.bottom


def _stretches(page: Page) -> list[tuple[float, float]]:
    return sorted({(round(top, 2), round(bottom, 2)) for _, top, bottom in _rules(page)})


def _columns(sheet: bytes, parity: int) -> tuple[tuple[float, float], ...]:
    """Return the three columns of all left or all right pages.

    The feet reach from edge to edge, and the rules stand in the middle of the gaps between the columns.
    """
    pages = pdf.pages(sheet)
    rules = {number: [place for place, _, _ in _rules(page)] for number, page in enumerate(pages)}
    ruled = [number for number in rules if rules[number]]
    assert ruled, "no page has rules between columns"
    numbers = [number for number in ruled if number % 2 == parity] or ruled
    first, second = min(rules[numbers[0]]), max(rules[numbers[0]])
    rest = [letter for number in numbers for letter in pdf.outside_of_tree(sheet)[number] if letter.text.strip()]
    feet = [letter for letter in rest if letter.top > pages[letter.page].height / 2]
    left, right = min(letter.left for letter in feet), max(letter.right for letter in feet)
    step = second - first
    width = right - left - 2 * step
    return tuple((left + place * step, left + place * step + width) for place in range(3))


def body(sheet: bytes) -> list[Element]:
    """Return the columns' elements of all pages."""
    parts = [part for part in pdf.structure(sheet).kids[0].kids if part.kind == "Part"]
    return [column for part in parts for column in part.kids if column.kind == "Part"]


def pieces(element: Element) -> Iterator[Piece]:
    """Yield the pieces of text within an element that show something."""
    for part in element.content:
        if isinstance(part, Element):
            yield from pieces(part)
        elif any(letter.text.strip() for letter in part):
            yield tuple(letter for letter in part if letter.text.strip())


def said(piece: Iterable[Letter]) -> str:
    letters = tuple(piece)
    return f"page {letters[0].page + 1}: {pdf.joined(letters)[:60]}"


def outside(sheet: bytes) -> list[str]:
    """Return text that stands in no column, or beyond the text's area; heads and feet stand outside of it."""
    inner = {id(piece[0]) for column in body(sheet) for piece in pieces(column)}
    faults = []
    for piece in pieces(pdf.structure(sheet)):
        frame = frames(sheet)[piece[0].page]
        areas = frame.columns if id(piece[0]) in inner else ((frame.left, frame.right),)
        left, right = min(letter.left for letter in piece), max(letter.right for letter in piece)
        if not any(start - _SLACK <= left and right <= end + _SLACK for start, end in areas):
            faults.append(f"{said(piece)} stands from {left:.1f} to {right:.1f}, not within {_rounded(areas)}")
    return faults + _among_text(sheet) + _at_edge(sheet)


def _rounded(areas: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    return [(round(start, 1), round(end, 1)) for start, end in areas]


def _among_text(sheet: bytes) -> list[str]:
    rest = (letter for page in pdf.outside_of_tree(sheet) for letter in page)
    return [
        f"{said(letters)} of head or foot stands among the text"
        for letters in _by_piece(
            letter
            for letter in rest
            if letter.bottom > frames(sheet)[letter.page].top and letter.top < frames(sheet)[letter.page].bottom
        )
    ]


def _at_edge(sheet: bytes) -> list[str]:
    return [
        f"{said(letters)} stands at the edge of the paper"
        for page in pdf.pages(sheet)
        for letters in _by_piece(
            letter
            for letter in page.letters
            if min(letter.left, letter.top, page.width - letter.right, page.height - letter.bottom) < _UNPRINTED
        )
    ]


def _by_piece(letters: Iterable[Letter]) -> Iterator[Piece]:
    """Yield letters that are found, those of one piece together."""
    for _, found in groupby(letters, key=lambda letter: (letter.page, letter.piece)):
        yield tuple(found)


def overlapping(sheet: bytes) -> list[str]:
    """Return text that is painted over other text, a letter of each piece."""
    faults: dict[tuple[int, int], str] = {}
    for page in pdf.pages(sheet):
        letters = [letter for letter in page.letters if letter.text.strip()]
        # Letters of one word may reach into the next: P and a comma do.
        beside = {(id(one), id(other)) for pair in pairwise(letters) for one, other in (pair, pair[::-1])}
        cells = defaultdict(list)
        for letter in letters:
            cells[_cell(letter)].append(letter)
        for letter in letters:
            x, y = _cell(letter)
            near = (other for i in (-1, 0, 1) for j in (-1, 0, 1) for other in cells.get((x + i, y + j), ()))
            for other in (other for other in near if _covers(letter, other) and (id(letter), id(other)) not in beside):
                faults.setdefault((letter.page, letter.piece), f"{said([letter])} stands on {other.text}")
    return list(faults.values())


def _cell(letter: Letter) -> tuple[int, int]:
    """Return the cell of a grid in which the middle of a letter stands."""
    x, y = middle(letter)
    return int(x // 8), int(y // 8)


def middle(letter: Letter) -> tuple[float, float]:
    return (letter.left + letter.right) / 2, (letter.top + letter.bottom) / 2


def _covers(letter: Letter, other: Letter) -> bool:
    """Whether the middle of another letter stands in a letter."""
    x, y = middle(other)
    return letter is not other and letter.left < x < letter.right and letter.top < y < letter.bottom


def small(sheet: bytes, least: float) -> list[str]:
    """Return text that is smaller than the least size, that of pictures included."""
    letters = (letter for page in pdf.pages(sheet) for letter in page.letters if letter.text.strip())
    return [said(found) for found in _by_piece(letter for letter in letters if round(letter.size, 2) < least)]


def stranded(sheet: bytes, *kinds: str) -> list[str]:
    """Return headings, elements of these kinds, below which nothing of what follows stands in their column."""
    root = pdf.structure(sheet)
    listed = list(pieces(root))
    places = {id(piece[0]): place for place, piece in enumerate(listed)}
    width = frames(sheet)[0].columns[1][0] - frames(sheet)[0].columns[0][0]
    faults = []
    for heading in outermost(root, *kinds):
        own = list(pieces(heading))
        first, last = own[0][0], own[-1][0]
        place = places[id(last)] + 1
        after = listed[place][0] if place < len(listed) else None
        if not (
            after
            and (first.page, last.page) == (after.page, after.page)
            and last.top < after.top
            and abs(after.left - first.left) < width
        ):
            faults.append(f"{said(letter for piece in own for letter in piece)} stands alone")
    return faults


def wrong_fonts(sheet: bytes, families: Iterable[str]) -> list[str]:
    """Return fonts that are not embedded as a subset, or not of these families."""
    known = tuple(re.sub(r"\W", "", family) for family in families)
    faults = []
    with pdf.opened(sheet) as document:
        described = [thing for thing in document.objects if kind_of(thing) == "/FontDescriptor"]
        named = [thing for thing in document.objects if kind_of(thing) == "/Font"]
        for name in {str(font.get("/BaseFont", font.Subtype))[1:] for font in named}:
            descriptors = [one for one in described if str(one.FontName)[1:] == name]
            if not re.fullmatch(r"[A-Z]{6}\+.+", name):
                faults.append(f"{name} is no subset")
            if not re.sub(r"\W", "", name.partition("+")[2]).startswith(known):
                faults.append(f"{name} is none of ours")
            if not any("/FontFile2" in one or "/FontFile3" in one for one in descriptors):
                faults.append(f"{name} is not embedded")
    return sorted(faults)


def kind_of(thing: pikepdf.Object) -> str:
    """Return the type that an object of a PDF says it has."""
    return str(thing.get("/Type", "")) if isinstance(thing, pikepdf.Dictionary) else ""
