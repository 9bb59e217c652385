import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cheatdeck import pipeline
from cheatdeck.diagrams import KINDS, Picture, draw, too_large
from cheatdeck.model import Diagram, Span, Text
from cheatdeck.paths import Paths

SPAN = Span("f.html", 10, 3, 21)
FLOW = '\nflowchart TB\n  A[First box] -->|leads to| B["Second (box) &amp; more"]\n  subgraph G[A group]\n  B\n  end\n'


def diagram(source: str, key: str = "d") -> Diagram:
    return Diagram(key, source, (Text("Asked?", SPAN),), 'Says "this" & <that>', SPAN, SPAN)


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    pictures, problems = draw([diagram(FLOW)], tmp_path_factory.mktemp("cache"), lambda _: None)
    assert problems == []
    return pictures["d"]


def test_a_picture_has_its_own_size_in_pixels(flow: Picture) -> None:
    root = ET.fromstring(flow.svg)
    assert (flow.width, flow.height) == (float(root.get("width", "")), float(root.get("height", "")))
    assert 100 < flow.width < 400
    assert "max-width" not in root.get("style", "")


def test_a_picture_has_text_and_nothing_that_paper_or_cards_leave_out(flow: Picture) -> None:
    tags = {element.tag.partition("}")[2] for element in ET.fromstring(flow.svg).iter()}
    assert "text" in tags
    assert "foreignObject" not in tags
    assert "@keyframes" not in flow.svg


def test_a_picture_says_what_it_shows(flow: Picture) -> None:
    titles = [element.text for element in ET.fromstring(flow.svg).iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ['Says "this" & <that>']


def test_a_picture_stands_on_white_and_carries_its_letters(flow: Picture) -> None:
    root = ET.fromstring(flow.svg)
    plate = root.findall("{http://www.w3.org/2000/svg}rect")[0]
    assert (plate.get("fill"), plate.get("width")) == ("#ffffff", root.get("width"))
    fonts = re.findall(r"font-weight:(\w+);src:url\(data:font/woff2;base64,[\w+/=]{1000,}\)", flow.svg)
    assert fonts == ["normal", "bold"]


def test_a_name_is_made_of_the_content(flow: Picture) -> None:
    assert re.fullmatch(r"cheatdeck-[0-9a-f]{16}\.svg", flow.file_name)
    assert flow.file_name != Picture(flow.svg + " ", flow.width, flow.height).file_name


def test_what_was_drawn_is_not_drawn_again(tmp_path: Path) -> None:
    said: list[str] = []
    first, _ = draw([diagram("graph TB\n  A --> B")], tmp_path, said.append)
    again, _ = draw([diagram("graph TB\n  A --> B"), diagram("graph TB\n  A --> C", "e")], tmp_path, said.append)
    assert said == ["drawing diagrams: 1 of 1", "drawing diagrams: 1 of 2"]
    assert first["d"] == again["d"]
    assert first["d"] != again["e"]


def test_a_spoilt_drawing_is_drawn_again(tmp_path: Path) -> None:
    first, _ = draw([diagram("graph TB\n  A --> B")], tmp_path, lambda _: None)
    (cached,) = tmp_path.glob("*.svg")
    cached.write_text(first["d"].svg[:100], encoding="utf-8")
    assert first == draw([diagram("graph TB\n  A --> B")], tmp_path, lambda _: None)[0]


SOURCES = {
    "flowchart": FLOW,
    "graph": "graph TB\n  A --> B",
    "classDiagram": "classDiagram\n  class A { text }\n  A --> B",
    "sequenceDiagram": "sequenceDiagram\n  A->>B: asks\n  B-->>A: answers",
    "stateDiagram": "stateDiagram\n  [*] --> Waiting",
    "stateDiagram-v2": "stateDiagram-v2\n  [*] --> Waiting",
    "erDiagram": "erDiagram\n  QUEUE ||--o{ MESSAGE : holds",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn_the_same_each_time(kind: str, tmp_path: Path) -> None:
    first, problems = draw([diagram(SOURCES[kind])], tmp_path / "a", lambda _: None)
    assert problems == []
    assert first == draw([diagram(SOURCES[kind])], tmp_path / "b", lambda _: None)[0]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "no kind of diagram"),
        ("gantt\n  title By the clock", "no kind of diagram"),
        ('%%{init: {"htmlLabels": true}}%%\nflowchart TB\n  A --> B', "settings of its own"),
        ("---\nconfig:\n  theme: dark\n---\nflowchart TB\n  A --> B", "settings of its own"),
        ("flowchart TB", "shows no text"),
        ("flowchart TB\n  A[x]\n  style A fill:url(file:///etc/hostname)", "cannot read"),
        ('flowchart TB\n  A@{ img: "https://example.com/a.png", label: "x" }', "cannot read"),
    ],
)
def test_what_would_not_print_well_is_refused(source: str, message: str, tmp_path: Path) -> None:
    _, (problem,) = draw([diagram(source)], tmp_path, lambda _: None)
    assert message in problem.message


@pytest.mark.parametrize(
    ("source", "is_wide", "where"),
    [
        ("flowchart LR\n  " + " --> ".join(f"Box{n}" for n in range(9)), False, "a column of the sheet"),
        ("flowchart LR\n  " + " --> ".join(f"Box{n}" for n in range(30)), True, "the sheet"),
        ("flowchart TB\n  " + " --> ".join(f"N{n}" for n in range(40)), True, "the sheet"),
    ],
)
def test_what_has_no_room_on_the_sheet_is_reported(source: str, where: str, tmp_path: Path, *, is_wide: bool) -> None:
    drawn = replace(diagram(source), is_wide=is_wide)
    pictures, problems = draw([drawn], tmp_path, lambda _: None)
    (problem,) = [*problems, *too_large([drawn], pictures)]
    assert problem.message == f"the diagram is too large for {where}"


def test_what_has_no_room_in_a_column_of_plain_notes_stands_across_them(tmp_path: Path) -> None:
    row = " --> ".join(f"Box{n}" for n in range(6))
    (tmp_path / "notes.md").write_text(f"# T\n\n```mermaid\nflowchart LR\n  {row}\n```\n", encoding="utf-8")
    checked = pipeline.check(Paths.of(tmp_path / "notes.md", tmp_path / "out"), lambda _: None)
    assert [block.is_wide for block in checked.notebook.chapters[0].blocks if isinstance(block, Diagram)] == [True]
    assert checked.warnings == []


def test_a_wrong_diagram_is_reported_at_its_own_line(tmp_path: Path) -> None:
    wrong = diagram("\nflowchart TB\n\n  %% a comment\n  A --> B\n  B --> ]\n")
    pictures, (problem,) = draw([wrong, diagram(FLOW, "right")], tmp_path, lambda _: None)
    assert list(pictures) == ["right"]
    assert (problem.code, problem.span.line) == ("N051", SPAN.line + 5)
