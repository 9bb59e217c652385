"""Mermaid -> SVG pictures that look the same on paper and on every learner's device, cached by content.

Each picture carries the letters of its font with it: a phone without that font would let text run out
of its box.
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

from cheatdeck import archive
from cheatdeck import letters as known
from cheatdeck.model import Diagram, Span
from cheatdeck.problems import Code, Problem
from cheatdeck.svg import SVG, written
from cheatdeck.workers import work

FONT_FAMILY = "DejaVu Sans"
FONT_FILES = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}

# In pixels: wider ones, with letters of 16 px, would have letters under 6 pt in a column of the sheet.
MOST_WIDTH = 430
# The same across the columns, where letters keep the size of text.
MOST_WIDTH_ACROSS = 1000
# Taller ones would run off the page.
MOST_HEIGHT = 1400
# What is tested to print whole, and the same in each build; other kinds draw by chance or by the clock.
KINDS = ("flowchart", "graph", "classDiagram", "sequenceDiagram", "stateDiagram", "stateDiagram-v2", "erDiagram")

_INK, _LINE, _FILL, _GROUP = "#000000", "#33475b", "#eef3f8", "#f8fafc"
_CONFIG = {
    # HTML labels are foreignObject, which prints empty.
    "htmlLabels": False,
    "flowchart": {
        "htmlLabels": False,
        "padding": 10,
        "nodeSpacing": 28,
        "rankSpacing": 36,
        "subGraphTitleMargin": {"top": 2, "bottom": 14},
    },
    "class": {"htmlLabels": False},
    # Boxes drawn as if by hand get their strokes from it.
    "handDrawnSeed": 1,
    "sequence": {"actorMargin": 24, "width": 120, "diagramMarginX": 8},
    "theme": "base",
    "fontFamily": f"{FONT_FAMILY}, sans-serif",
    "themeVariables": {
        "fontSize": "16px",
        "primaryColor": _FILL,
        "primaryBorderColor": _LINE,
        "primaryTextColor": _INK,
        "secondaryColor": _GROUP,
        "tertiaryColor": _GROUP,
        "tertiaryBorderColor": _LINE,
        "lineColor": _LINE,
        "textColor": _INK,
        "edgeLabelBackground": "#ffffff",
        "clusterBkg": _GROUP,
        "clusterBorder": _LINE,
        "titleColor": _INK,
    },
}
_LEADING_OUT = re.compile(r"<(?:a|image|use|foreignObject)[\s>]")
_ACCESSIBLE = re.compile(r"^\s*acc(?:Descr|Title)\s*:.*$", re.MULTILINE)
_KEYFRAMES = re.compile(r"@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn diagram: SVG text, and its natural size in CSS pixels."""

    svg: str
    width: float
    height: float

    @property
    def file_name(self) -> str:
        """A name made of the content, so that new content never hides behind an old name."""
        return f"cheatdeck-{hashlib.sha256(self.svg.encode()).hexdigest()[:16]}.svg"

    @property
    def data(self) -> bytes:
        """The picture as a file."""
        return self.svg.encode()

    @property
    def kind(self) -> str:
        """Its media type."""
        return "image/svg+xml"


def draw(
    diagrams: Iterable[Diagram], cache: Path, progress: Callable[[str], None]
) -> tuple[dict[str, Picture], list[Problem]]:
    """Draw diagrams: those that the cache folder lacks in parallel processes.

    Returns pictures by the diagrams' keys, and a problem for each diagram that Mermaid refuses, at its
    own line, or that is of a kind or has settings that are not for print. Raises WriteError where the cache cannot be
    written, and WorkerError.
    """
    given = list(diagrams)
    problems = [problem for diagram in given if (problem := _refused(diagram))]
    wanted = [diagram for diagram in given if not _refused(diagram)]
    pictures = {d.key: picture for d in wanted if (picture := _cached(cache, d)) is not None}
    missing = [d for d in wanted if d.key not in pictures]
    if missing:
        sources = [known.boxed(_clean(diagram), letters()) for diagram in missing]
        progress(f"drawing diagrams: {len(missing)} of {len(wanted)}")
        made = work([partial(_render, source) for source in sources], os.cpu_count() or 1)
        fresh: list[tuple[Diagram, Picture]] = []
        for diagram, (svg, error) in zip(missing, made, strict=True):
            if error:
                problems.append(_problem(diagram, error))
            elif _LEADING_OUT.search(svg):
                hint = "take the link out of the diagram, and give the address as a source of the section"
                message = "the diagram leads out of the notebook"
                problems.append(Problem(Code.BROKEN_DIAGRAM, diagram.source_span, message, hint))
            else:
                fresh.append((diagram, _described(diagram, svg)))
        _keep(cache, fresh)
        pictures |= {diagram.key: picture for diagram, picture in fresh}
    return pictures, problems


def too_large(diagrams: Iterable[Diagram], pictures: Mapping[str, Picture]) -> Iterator[Problem]:
    """Yield a problem for each diagram whose picture, by its key, has no room on the sheet."""
    for diagram in diagrams:
        picture = pictures.get(diagram.key)
        most_width = MOST_WIDTH_ACROSS if diagram.is_wide else MOST_WIDTH
        if picture and (picture.width > most_width or picture.height > MOST_HEIGHT):
            yield _too_large(diagram)


def _too_large(diagram: Diagram) -> Problem:
    hint = "draw it upright, break long labels with <br/>, or make two of it"
    if not diagram.is_wide:
        hint += '; or have it stand across the columns: <figure class="wide">'
    where = "the sheet" if diagram.is_wide else "a column of the sheet"
    return Problem(Code.LARGE_DIAGRAM, diagram.source_span, f"the diagram is too large for {where}", hint)


def _refused(diagram: Diagram) -> Problem | None:
    source = _clean(diagram)
    kind = source.split(maxsplit=1)[0] if source.strip() else ""
    if source.startswith("---") or "%%{" in source:
        message, hint = "a diagram with settings of its own", "leave them out; how diagrams look is up to the pipeline"
    elif kind not in KINDS:
        message, hint = f'no kind of diagram for print: "{kind}"', f"begin with one of: {', '.join(KINDS)}"
    else:
        return None
    return Problem(Code.BROKEN_DIAGRAM, diagram.source_span, message, hint)


def _clean(diagram: Diagram) -> str:
    """Return the Mermaid source with comments blanked, so that line numbers in errors stay true."""
    lines = (re.sub(r"^\s*%%(?!\{).*$", "", line) for line in diagram.source.split("\n"))
    return "\n".join(lines).strip("\n") + "\n"


@cache
def letters() -> frozenset[int]:
    """Return the code points that pictures can have."""
    return known.of(*map(font_bytes, FONT_FILES.values()))


def drawn(diagram: Diagram) -> str:
    """Return what of a diagram's source is drawn: not its comments, and not what describes it."""
    return _ACCESSIBLE.sub("", _clean(diagram))


def _render(source: str) -> tuple[str, str]:
    """Return SVG and no error, or no SVG and Mermaid's error; runs in a process of its own."""
    import mermaidx  # noqa: PLC0415 - loads a JavaScript engine, which a build without new diagrams spares

    said = ""
    for _ in range(_TRIES):
        try:
            return _finish(mermaidx.render(source, backend="v8", config=_CONFIG).svg()), ""
        except (RuntimeError, ValueError, ET.ParseError) as error:
            said = str(error)
            if not said.startswith(_LATE):
                break
    return "", said


# mermaidx gives a diagram eight seconds, which a busy machine may need for other things.
_LATE = "Render exceeded"
_TRIES = 5


def _problem(diagram: Diagram, error: str) -> Problem:
    lines = error.removeprefix("Mermaid rendering failed: ").splitlines()
    message = re.sub(r"^(\w*Error: )*", "", lines[0])
    place = diagram.source_span
    if found := re.search(r" on line (\d+)", message):
        blank = re.match(r"\n*", "\n".join(line.strip() for line in diagram.source.splitlines()))
        before = blank.end() if blank else 0
        place = Span(place.file, place.line + before + int(found[1]) - 1, 1, 200)
        message = message.replace(found[0], "").rstrip(".:")
    got = [line for line in lines if line.startswith("Expecting")]
    if got and (unexpected := re.search(r"got (.+)$", got[0])):
        message += f": did not expect {unexpected[1]} here"
    return Problem(Code.BROKEN_DIAGRAM, place, f"Mermaid cannot read the diagram: {message}",
                   "compare the line with Mermaid's syntax; put labels with ( ) or : in quotes")  # fmt: skip


def _cache_file(cache: Path, diagram: Diagram) -> Path:
    made_from = [_clean(diagram), diagram.description, version("mermaidx"), version("fonttools")]
    digest = hashlib.sha256(json.dumps(made_from).encode() + Path(__file__).read_bytes())
    return cache / f"{digest.hexdigest()}.svg"


def _cached(cache: Path, diagram: Diagram) -> Picture | None:
    path = _cache_file(cache, diagram)
    try:
        svg = path.read_text(encoding="utf-8")
        root = ET.fromstring(svg)  # noqa: S314 - written by this module
    except (OSError, ET.ParseError):
        return None
    return Picture(svg, float(root.get("width", "0")), float(root.get("height", "0")))


def _described(diagram: Diagram, svg: str) -> Picture:
    root = ET.fromstring(svg)  # noqa: S314 - drawn by Mermaid from the notes
    title = ET.Element(f"{SVG}title")
    title.text = diagram.description
    root.insert(0, title)
    return Picture(written(root), float(root.get("width", "0")), float(root.get("height", "0")))


def _keep(cache: Path, drawn: Iterable[tuple[Diagram, Picture]]) -> None:
    with archive.locked(cache / _LOCK):
        archive.clean(cache)
        for diagram, picture in drawn:
            archive.write_whole(_cache_file(cache, diagram), picture.svg.encode())


# Whoever writes into the cache holds it; a preview draws while something else is built.
_LOCK = "drawing.lock"


def clean(cache: Path) -> None:
    """Remove from a cache folder what those left unfinished who were killed."""
    _keep(cache, ())


def _finish(svg: str) -> str:
    """Turn Mermaid's SVG for a web page into one for paper and cards.

    A real size instead of 100 %, nothing that moves, plates behind the picture and its edge labels,
    and its font's letters.
    """
    # WeasyPrint knows bold and no bolder.
    root = ET.fromstring(re.sub(r'(font-weight[:=]\s*"?)bolder', r"\1bold", svg))  # noqa: S314 - drawn by Mermaid
    if not any("".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")):
        raise ValueError("it shows no text")
    x, y, width, height = (float(part) for part in root.get("viewBox", "0 0 100 100").split())
    root.attrib = {"viewBox": f"{x:g} {y:g} {width:g} {height:g}", "width": f"{width:g}", "height": f"{height:g}",
                   "id": root.get("id", ""), "class": root.get("class", ""), "role": "img"}  # fmt: skip
    for parent in list(root.iter()):
        for child in [c for c in parent if c.tag in {f"{SVG}desc", f"{SVG}title"}]:
            parent.remove(child)
        if parent.tag == f"{SVG}rect" and parent.get("class") == "background":
            parent.set("style", "fill:#ffffff;opacity:1;stroke:none")
        if parent.get("font-weight") == "":
            # Browsers inherit past an empty weight, WeasyPrint does not.
            del parent.attrib["font-weight"]
    style = root.find(f"{SVG}style")
    if style is not None:
        style.text = _KEYFRAMES.sub("", style.text or "") + _font_faces(root)
    plate = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}", "fill": "#ffffff"}
    root.insert(0, ET.Element(f"{SVG}rect", plate))
    return written(root)


def _font_faces(root: ET.Element) -> str:
    letters = "".join(text for node in root.iter(f"{SVG}text") for text in node.itertext())
    return "".join(
        f'@font-face{{font-family:"{FONT_FAMILY}";font-weight:{weight};'
        f"src:url(data:font/woff2;base64,{_subset(file, letters)}) format('woff2')}}"
        for weight, file in FONT_FILES.items()
    )


def font_bytes(file: str) -> bytes:
    """Return a font file that comes with the drawing library and that it measures text with."""
    return files("mermaidx").joinpath("assets", "fonts", file).read_bytes()


def _subset(file: str, letters: str) -> str:
    from fontTools import subset  # noqa: PLC0415 - half a second that a build without new diagrams spares
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - the same

    font = TTFont(BytesIO(font_bytes(file)), recalcTimestamp=False)
    subsetter = subset.Subsetter(subset.Options(layout_features=["kern"], notdef_outline=True, drop_tables=["FFTM"]))
    subsetter.populate(text=letters)
    subsetter.subset(font)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode()
