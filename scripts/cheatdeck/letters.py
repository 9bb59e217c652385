"""Which letters fonts have, and what stands for others."""

import unicodedata
from collections.abc import Collection
from io import BytesIO

# A box, as fonts themselves show what they do not have.
BOX = "▯"


def of(*fonts: bytes) -> frozenset[int]:
    """Return the code points that all of some font files have."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow to import

    return frozenset.intersection(*(frozenset(TTFont(BytesIO(font), lazy=True).getBestCmap()) for font in fonts))


def missing(text: str, letters: Collection[int]) -> list[str]:
    """Return the letters of a text that are not among some, each once; spaces and what is never seen need no font."""
    return [letter for letter in dict.fromkeys(text) if ord(letter) not in letters and not _is_unseen(letter)]


def boxed(text: str, letters: Collection[int]) -> str:
    """Return a text with a box for each letter that is not among some.

    Variation selectors are left out: one that asks for a colored picture would have another font looked for. What
    separates lines and paragraphs is a space: it has no look, and fonts that have it are not looked for.
    """
    unlike = dict.fromkeys(map(ord, missing(text, letters)), BOX)
    return text.translate(unlike | dict.fromkeys(_SEPARATORS, " ") | dict.fromkeys(_SELECTORS))


_UNSEEN = frozenset({"Cf", "Zl", "Zp", "Zs"})
_SEPARATORS = (0x2028, 0x2029)
_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))


def _is_unseen(letter: str) -> bool:
    return letter in "\n\r\t\f" or ord(letter) in _SELECTORS or unicodedata.category(letter) in _UNSEEN
