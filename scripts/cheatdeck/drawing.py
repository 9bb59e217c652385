"""SVG that may be shown: nothing in it moves, runs, or leads out."""

import re
from io import BytesIO
from xml.etree import ElementTree as ET

from cheatdeck.svg import SVG, XLINK, written

_BEGINS = re.compile(
    rb"""(\xef\xbb\xbf)?\s*+(<\?xml[^>]*+>\s*+)?(?>(<!--.*?-->\s*+)*+)(<!DOCTYPE\s++svg[^>\[]*+>\s*+)?
    (?>(<!--.*?-->\s*+)*+)<svg[\s>]""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*>", re.IGNORECASE)
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_ACTIVE = {
    "animate", "animateColor", "animateMotion", "animateTransform", "audio", "discard", "embed", "foreignObject",
    "handler", "iframe", "image", "listener", "object", "script", "set", "video",
}  # fmt: skip
# A link is left out, and what it is around stays.
_TRANSPARENT = {"a"}
# What CSS has loaded, or may have: behind a backslash, anything can stand.
_LEADING_OUT = re.compile(
    r"url\(\s*[\"']?(?!#)|\\|@(?!media\b)|\b(?:image|image-set|src|cross-fade|expression)\(|javascript:", re.IGNORECASE
)
_LOADING = re.compile(rf"{_LEADING_OUT.pattern}|url\(", re.IGNORECASE)
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^)\"']*)")
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(px|pt|mm|cm|in)?\s*")
_PIXELS = {"px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_DEFAULT_SIZE = 300.0
_MOST_PIXELS = 100_000
_MOST_ELEMENTS = 100_000
_DEEPEST = 200


class DrawingError(Exception):
    """A drawing that cannot be shown; its text says why."""


def is_svg(data: bytes) -> bool:
    """Tell whether a file begins as SVG does."""
    return _BEGINS.match(data[:4096]) is not None or data.lstrip()[:4].lower() == b"<svg"


def cleaned(data: bytes) -> tuple[bytes, int, int]:
    """Return a drawing without scripts, handlers, motion, and links, and its width and height in pixels.

    Raises DrawingError for what is no XML, and for entities, which can grow without end.
    """
    plain = _DOCTYPE.sub(b"", data, count=1)
    if _DECLARES.search(plain):
        raise DrawingError("it declares entities")
    if b"xmlns=" not in plain[:2000]:
        plain = plain.replace(b"<svg", b'<svg xmlns="http://www.w3.org/2000/svg"', 1)
    try:
        root = ET.parse(BytesIO(plain)).getroot()  # noqa: S314 - it has no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        raise DrawingError(f"it is no XML: {error}") from error
    if root.tag != f"{SVG}svg":
        raise DrawingError("it is no SVG")
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise DrawingError(f"it has more than {_MOST_ELEMENTS:,} elements")
    _clean(root)
    if _drawn(root) > _MOST_ELEMENTS:
        raise DrawingError(f"it draws more than {_MOST_ELEMENTS:,} elements, some again and again")
    width, height = _size(root)
    if not (1 <= width <= _MOST_PIXELS and 1 <= height <= _MOST_PIXELS):
        raise DrawingError(f"it is not between 1 and {_MOST_PIXELS:,} pixels wide and high")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    return written(root).encode(), round(width), round(height)


def _clean(root: ET.Element) -> None:
    left = [root]
    while left:
        element = left.pop()
        _clean_attributes(element)
        for child in list(element):
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if _is_active(name, child):
                _remove(element, child)
                continue
            if name in _TRANSPARENT:
                child.tag = f"{SVG}g"
            left.append(child)


def _is_active(name: str, element: ET.Element) -> bool:
    """Tell whether an element does more than to show something; processing instructions have no name."""
    if not name or name in _ACTIVE or element.tag != f"{SVG}{name}":
        return True
    # How often a rule has something drawn, only a renderer knows.
    return name == "style" and _LOADING.search("".join(element.itertext())) is not None


def _remove(parent: ET.Element, child: ET.Element) -> None:
    """Remove an element; the text behind it stays where it can."""
    place = list(parent).index(child)
    if child.tail and child.tail.strip():
        if place:
            parent[place - 1].tail = (parent[place - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _clean_attributes(element: ET.Element) -> None:
    for name, value in list(element.attrib.items()):
        local = name.rpartition("}")[2].lower()
        leads_out = local == "href" and not value.startswith("#")
        foreign = name.startswith("{") and name != f"{XLINK}href"
        if foreign or local.startswith("on") or local == "src" or leads_out or _LEADING_OUT.search(value):
            del element.attrib[name]


def _drawn(root: ET.Element) -> int:
    """Return how many elements are drawn, those as often as they are that others draw; too many for what has no end.

    Raises DrawingError for a drawing that draws itself, or is nested too deep.
    """
    named = {key: element for element in root.iter() if (key := element.get("id"))}
    # Of each element, how many are drawn with it, and how many of them at most stand within each other.
    known: dict[ET.Element, tuple[int, int]] = {}

    def count(element: ET.Element, around: tuple[ET.Element, ...]) -> tuple[int, int]:
        if element in around:
            raise DrawingError("something in it is drawn within itself")
        if element not in known and len(around) <= _DEEPEST:
            drawn = [*element, *(named[key] for key in _references(element) if key in named)]
            counts = [count(each, (*around, element)) for each in drawn]
            known[element] = 1 + sum(number for number, _ in counts), 1 + max((depth for _, depth in counts), default=0)
        if element not in known or len(around) + known[element][1] > _DEEPEST:
            raise DrawingError("it is nested too deep")
        return known[element]

    return count(root, ())[0]


def _references(element: ET.Element) -> list[str]:
    """Return the ids of what an element shows beside what stands within it."""
    given = (element.get("href") or element.get(f"{XLINK}href") or "").removeprefix("#")
    return [given, *(key for value in element.attrib.values() for key in _REFERENCE.findall(value))]


def _size(root: ET.Element) -> tuple[float, float]:
    """Return a drawing's natural size in pixels: as it says, else that of its view box."""
    box = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))]
    natural = (box[2], box[3]) if len(box) == len("xywh") and min(box[2:]) > 0 else (_DEFAULT_SIZE, _DEFAULT_SIZE)
    width, height = (_pixels(root.get(name, "")) for name in ("width", "height"))
    if width and height:
        return width, height
    scale = width / natural[0] if width else height / natural[1] if height else 1
    return natural[0] * scale, natural[1] * scale


def _pixels(length: str) -> float:
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * _PIXELS[found[2] or "px"] if found else 0
