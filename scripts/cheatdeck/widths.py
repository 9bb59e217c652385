"""How wide text is at least, by the fonts of the sheet: what cannot be broken needs its width."""

from functools import cache
from io import BytesIO

BOLD, CODE = "figbo", "fimo"


def longest_word(text: str, font: str, size: float) -> float:
    """Return the width of a text's longest word, in BOLD letters or in those of CODE, of a size; both in points.

    Lines are broken at white space but no-break spaces, and after hyphens.
    """
    words = text.replace("-", "- ").replace("\N{NO-BREAK SPACE}", "\0").split()
    advances, units = _advances(font)
    return max((sum(advances.get(ord(letter), units) for letter in word) for word in words), default=0) / units * size


@cache
def _advances(font: str) -> tuple[dict[int, int], int]:
    """Return the advance of each letter by its code point, and the units of an em."""
    import pymupdf_fonts  # noqa: PLC0415 - unpacks megabytes
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow to import

    found = TTFont(BytesIO(pymupdf_fonts.myfont(font)))
    advances = {code: found["hmtx"][name][0] for code, name in found.getBestCmap().items()}
    return {**advances, 0: advances[ord(" ")]}, found["head"].unitsPerEm
