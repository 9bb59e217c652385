"""How colors look: how far they stand out from one another, and how light they are in grey."""

import re
from collections.abc import Sequence
from itertools import pairwise

Color = tuple[int, int, int]

WHITE = (255, 255, 255)


def luminance(color: Color) -> float:
    """Return how much light comes from a color, from 0 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colors, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lightness(color: Color) -> float:
    """Return how light a color looks in grey, from 0 to 100 (L* of CIELAB)."""
    light = luminance(color)
    return float(116 * light ** (1 / 3) - 16) if light > 216 / 24389 else light * 24389 / 27


def of_groups(style: str) -> list[Color]:
    """Return the colors that a style sheet gives to groups of chapters, .hue1 and on, in their order."""
    codes = re.findall(r"\.hue(\d+) \{ --accent: #(\w{2})(\w{2})(\w{2}) \}", style)
    by_number = {int(number): (int(red, 16), int(green, 16), int(blue, 16)) for number, red, green, blue in codes}
    return [by_number[number] for number in sorted(by_number)]


def alike(colors: Sequence[Color], least: float) -> list[tuple[Color, Color]]:
    """Return neighbors that are too much alike in grey; behind the last stands the first again."""
    pairs = pairwise([*colors, *colors[:1]])
    return [(one, other) for one, other in pairs if abs(lightness(one) - lightness(other)) < least]
