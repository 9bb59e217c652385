"""Checks of what is painted on a printed sheet: colors and their contrast, full columns, marks at the edge.

Each returns what is at fault, and nothing where all is well. Lengths are in points.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby, pairwise

import pdfplumber
import pikepdf
from PIL.Image import Image

import pdf
from colors import WHITE, Color, contrast, luminance
from pdf import Letter
from printed_layout import body, frames, middle, pieces, said
from printed_order import HEADINGS, chapters_by_page, outermost, squashed

# Of the pictures that are taken of pages, in dots an inch: edges do not fall on rows of dots, so that hairlines show.
_RESOLUTION = 110
_SCALE = _RESOLUTION / 72
# So many rows of dots have mixed colors where an area begins or ends.
_MIXED = 2
# WCAG 2.2, success criterion 1.4.3.
_LEAST_CONTRAST = 4.5
# Behind body text is white, or a tint as light as this; darker are the bands of headings.
_LIGHT = 0.5
# Of a page's columns, all but the last page of a sheet.
_LEAST_FILL = 0.6
# Between lines of text, paragraphs and boxes: a gap that is larger is empty space.
_GAP = 12


@cache
def grounds(sheet: bytes) -> tuple[Image, ...]:
    """Return pictures of the pages without their letters."""
    with pdf.opened(sheet) as document:
        for page in document.pages:
            page.Contents = document.make_stream(_without_letters(page.obj))
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Form":
                thing.write(_without_letters(thing))
        document.save(bare := BytesIO())
    with pdfplumber.open(bare) as opened:
        return tuple(
            page.to_image(resolution=_RESOLUTION, antialias=True).original.convert("RGB") for page in opened.pages
        )


def _without_letters(content: pikepdf.Object) -> bytes:
    instructions = pikepdf.parse_content_stream(content)
    return pikepdf.unparse_content_stream([one for one in instructions if str(one.operator) not in {"Tj", "TJ"}])


def _pixel(ground: Image, x: float, y: float) -> Color:
    # What stands off the page is for others to find.
    found = ground.getpixel((min(int(x * _SCALE), ground.width - 1), min(int(y * _SCALE), ground.height - 1)))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def _behind(ground: Image, letter: Letter) -> list[Color]:
    """Return what is painted behind a letter, at three places of its middle, off the lines above and below it."""
    _, y = middle(letter)
    width = letter.right - letter.left
    return [_pixel(ground, letter.left + part * width, y) for part in (0.25, 0.5, 0.75)]


def _color(letter: Letter) -> Color:
    parts = letter.color if len(letter.color) == len(WHITE) else letter.color * len(WHITE)
    red, green, blue = (round(part * 255) for part in parts)
    return red, green, blue


def pale(sheet: bytes) -> list[str]:
    """Return text that does not stand out enough from what is painted behind it."""
    faults: dict[tuple[int, int], str] = {}
    for page, ground in zip(pdf.pages(sheet), grounds(sheet), strict=True):
        for letter in page.letters:
            least = min(contrast(_color(letter), behind) for behind in _behind(ground, letter))
            if letter.text.strip() and least < _LEAST_CONTRAST:
                faults.setdefault((letter.page, letter.piece), f"{said([letter])}… has a contrast of {least:.2f}")
    return list(faults.values())


def not_black(sheet: bytes) -> list[str]:
    """Return body text that is not black; headings have the colors of their groups, comments in code are grey."""
    headings = {id(letter) for element in outermost(pdf.structure(sheet), *HEADINGS) for letter in element.letters}
    return [
        f"{said(piece)} is {_color(piece[0])}"
        for column in body(sheet)
        for piece in pieces(column)
        if id(piece[0]) not in headings
        and "Mono" not in piece[0].font
        and any(_color(letter) != (0, 0, 0) for letter in piece)
        and luminance(_behind(grounds(sheet)[piece[0].page], piece[0])[1]) > _LIGHT
    ]


def painted_between(sheet: bytes) -> list[str]:
    """Return pages on which tables, code or pictures reach out of the columns, or out of the text's area."""
    faults = []
    for number, (frame, ground) in enumerate(zip(frames(sheet), grounds(sheet), strict=True), start=1):
        areas = [
            (end + part * (start - end) / 2 + 1, end + (part + 1) * (start - end) / 2 - 1, top, bottom)
            for (_, end), (start, _) in pairwise(frame.columns)
            for part in (0, 1)
            for top, bottom in frame.stretches
        ]
        areas += [(x, x + 4, frame.top, frame.bottom) for x in (frame.left - 5.5, frame.right + 1.5)]
        faults += [
            f"page {number}: painted between {left:.1f} and {right:.1f}"
            for left, right, top, bottom in areas
            if not _is_white(ground, left, right, top, bottom)
        ]
    return faults


def _is_white(ground: Image, left: float, right: float, top: float, bottom: float) -> bool:
    area = ground.crop((int(left * _SCALE), int(top * _SCALE), int(right * _SCALE), int(bottom * _SCALE)))
    return {color for _, color in area.getcolors(area.width * area.height) or ()} == {WHITE}


def empty(sheet: bytes) -> list[str]:
    """Return pages, the last one aside, whose columns are mostly empty."""
    fills = [_fill(sheet, number) for number in range(len(pdf.pages(sheet)) - 1)]
    return [f"page {number}: {fill:.0%} filled" for number, fill in enumerate(fills, start=1) if fill < _LEAST_FILL]


def _fill(sheet: bytes, number: int) -> float:
    """Return how much of the height of the columns is used, on average."""
    frame = frames(sheet)[number]
    height = int((frame.bottom - frame.top) * _SCALE)
    return sum(_used(sheet, number, column) for column in frame.columns) / height / len(frame.columns)


def _used(sheet: bytes, number: int, column: tuple[float, float]) -> int:
    """Return how many rows of pixels of a column are used by letters or by what is painted, small gaps included."""
    frame, ground, (left, right) = frames(sheet)[number], grounds(sheet)[number].convert("L"), column
    box = (int(left * _SCALE), int(frame.top * _SCALE), int(right * _SCALE), int(frame.bottom * _SCALE))
    area = ground.crop(box)
    data, width = area.tobytes(), area.width
    used = {row for row in range(area.height) if data[row * width : (row + 1) * width].count(255) < width}
    for letter in pdf.pages(sheet)[number].letters:
        if left < middle(letter)[0] < right and frame.top < middle(letter)[1] < frame.bottom and letter.text.strip():
            used |= set(range(int((letter.top - frame.top) * _SCALE), int((letter.bottom - frame.top) * _SCALE)))
    rows = sorted(row for row in used if 0 <= row < area.height)
    return sum(after - row for row, after in pairwise(rows) if after - row <= _GAP * _SCALE)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at a page's edge: from top to bottom, in pixels, and its color."""

    top: int
    bottom: int
    color: Color


def _marks(ground: Image, x: float) -> list[Mark]:
    """Return the marks on a line down the page; rows of mixed color, at their ends, are left out."""
    colors = [_pixel(ground, x, y / _SCALE) for y in range(ground.height)]
    found, row = [], 0
    for color, rows in groupby(colors):
        top, row = row, row + len(list(rows))
        if color != WHITE and row - top > _MIXED:
            found.append(Mark(top, row, color))
    return found


def wrong_marks(sheet: bytes, colors: Mapping[str, tuple[int, Color]]) -> list[str]:
    """Return pages whose marks at the outer edge are not those of the groups of the chapters that stand on them.

    `colors` are the places and the colors of the groups, by the headings of the chapters.
    """
    known = {squashed(heading): group for heading, group in colors.items()}
    chapters = chapters_by_page(sheet)
    faults = []
    tops: dict[int, list[int]] = defaultdict(list)
    for number, (frame, ground) in enumerate(zip(frames(sheet), grounds(sheet), strict=True), start=1):
        width = ground.width / _SCALE
        is_right = number % 2 == 1
        left, right = (0, frame.left - 1.5) if is_right else (frame.right + 1.5, width)
        marks = _marks(ground, width - 2 if is_right else 2)
        wanted = sorted({known[title] for title in map(squashed, chapters.get(number, ())) if title in known})
        by_color = {color: place for place, color in wanted}
        for mark in (mark for mark in marks if mark.color in by_color):
            tops[by_color[mark.color]].append(mark.top)
        if [mark.color for mark in marks] != [color for _, color in wanted]:
            faults.append(f"page {number}: {marks} instead of {wanted}")
        if not _is_white(ground, left, right, 0, ground.height / _SCALE):
            faults.append(f"page {number}: something is painted at the spine")
    apart = {place: found for place, found in tops.items() if max(found) - min(found) > 1}
    return faults + [
        f"marks of group {place + 1} stand from {min(found)} to {max(found)}" for place, found in sorted(apart.items())
    ]
