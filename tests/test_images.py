"""Pictures of plain notes: which are shown, and why others are not."""

import base64
import os
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

import dump
from cheatdeck import drawing, images
from cheatdeck.images import Photo
from cheatdeck.problems import Problem

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><text>a</text></svg>'


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 2)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def load(folder: Path, body: str) -> tuple[list[str], dict[str, Photo], list[Problem]]:
    """Return the blocks of a page with its pictures loaded, the pictures, and what is wrong."""
    (folder / "notes.html").write_text(f"<h1>T</h1>{body}", encoding="utf-8")
    book, photos, problems = images.load(*dump.read(folder / "notes.html"))
    return list(dump.blocks(book.chapters[0].blocks)), photos, problems


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_beside_the_notes_have_names_made_of_their_content(kind: str, tmp_path: Path) -> None:
    (tmp_path / "my pictures").mkdir()
    (tmp_path / "my pictures" / "a").write_bytes(picture(kind))
    shown, photos, problems = load(
        tmp_path, '<img src="my%20pictures/a?v=1" alt="A"><img src="./my pictures/a" alt="B">'
    )
    ((name, photo),) = photos.items()
    assert shown == [f"picture {name} A", f"picture {name} B"]
    assert (photo.data, photo.kind, photo.width, photo.height) == (picture(kind), f"image/{kind.lower()}", 4, 2)
    assert problems == []


def test_pictures_within_the_notes(tmp_path: Path) -> None:
    png = base64.b64encode(picture()).decode()
    body = (
        f'<img src="data:image/png;base64,{png}" alt="A"><img src="data:image/svg+xml,{SVG.replace(chr(34), "%22")}">'
    )
    shown, photos, problems = load(tmp_path, body)
    assert [photo.kind for photo in photos.values()] == ["image/png", "image/svg+xml"]
    assert [line.split()[2] for line in shown] == ["A", "Picture"]
    assert problems == []


def test_a_picture_is_described_by_its_caption_or_its_name(tmp_path: Path) -> None:
    (tmp_path / "red-light_2.png").write_bytes(picture())
    body = '<figure><img src="red-light_2.png"><figcaption>Cap</figcaption></figure><img src="red-light_2.png">'
    shown, (name,), _ = load(tmp_path, body)
    assert shown == [f"picture {name} Cap Cap", f"picture {name} red light 2"]


def test_large_pictures_stand_across_the_columns(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture(size=(1000, 500)))
    (tmp_path / "notes.html").write_text('<img src="a.png">', encoding="utf-8")
    book, _, _ = images.load(*dump.read(tmp_path / "notes.html"))
    assert [getattr(block, "is_wide", None) for block in book.chapters[0].blocks] == [True]


def test_what_cannot_be_shown_leaves_its_description(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_BYTES", 5000)
    monkeypatch.setattr(images, "MOST_PIXELS", 500)
    (tmp_path / "secret.png").write_bytes(picture())
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "link.png").symlink_to(tmp_path / "secret.png")
    (notes / "loop.png").symlink_to("loop.png")
    (notes / "folder.png").mkdir()
    os.mkfifo(notes / "pipe.png")
    (notes / "text.png").write_text("text", encoding="utf-8")
    (notes / "half.png").write_bytes(picture("PNG", (20, 20))[:60])
    (notes / "heavy.png").write_bytes(b"x" * 5001)
    (notes / "wide.png").write_bytes(picture(size=(101, 5)))
    names = ("link", "loop", "gone", "folder", "pipe", "text", "half", "heavy", "wide", "../secret")
    body = "".join(f'<img src="{name}.png" alt="{name}">\n' for name in names)
    body += '<img src="https://example.com/a.png" alt="far"><img src="//example.com/a.png"><img src="data:nothing">'
    shown, photos, problems = load(notes, body)
    assert shown == [f"_[{name}]_" for name in (*names, "far")]
    assert photos == {}
    assert [(problem.span.line, problem.message.split(":")[0]) for problem in problems] == [
        (1, 'the picture "link.png" leads out of the notebook'),
        (2, 'the picture "loop.png" cannot be read'),
        (3, 'the picture "gone.png" cannot be read'),
        (4, 'the picture "folder.png" cannot be read'),
        (5, 'the picture "pipe.png" cannot be read'),
        (6, "a file that is no picture"),
        (7, "a picture that is not whole"),
        (8, "a picture larger than 10 MB, or 40 megapixels"),
        (9, "a picture larger than 10 MB, or 40 megapixels"),
        (10, 'the picture "../secret.png" leads out of the notebook'),
        (11, "a picture from elsewhere is not loaded"),
        (11, "a picture from elsewhere is not loaded"),
        (11, "a data address that is none"),
    ]


def test_nothing_in_a_drawing_runs_moves_or_leads_out() -> None:
    svg = """<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10mm" onload="x()">
<script>x()</script><style>@import url(http://example.com)</style><style>text { fill: url(#here) }</style>
<a xlink:href="http://example.com"><text onclick="x()" style="fill: url(http://example.com)">kept</text></a>
<image href="http://example.com/a.png"/><use href="#here"/><use href="other.svg#x"/>
<foreignObject><p>x</p></foreignObject>
<animate attributeName="href"/><?php x ?></svg>"""
    cleaned, width, height = drawing.cleaned(svg.encode())
    assert (width, height) == (38, 38)
    root = ET.fromstring(cleaned)
    kept = [(element.tag.rpartition("}")[2], dict(element.attrib)) for element in root]
    assert kept == [("g", {}), ("use", {"href": "#here"}), ("use", {})]
    assert b"example.com" not in cleaned
    assert b"kept" in cleaned
    assert "onload" not in root.attrib


@pytest.mark.parametrize(
    ("svg", "reason"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', "it declares entities"),
        ("<svg><text></svg>", "it is no XML"),
        ('<svg xmlns="http://example.com/other"/>', "it is no SVG"),
    ],
)
def test_a_drawing_that_is_none(svg: str, reason: str) -> None:
    with pytest.raises(drawing.DrawingError) as refused:
        drawing.cleaned(svg.encode())
    assert str(refused.value).startswith(reason)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ('viewBox="0 0 40 20"', (40, 20)),
        ('viewBox="0 0 40 20" width="80"', (80, 40)),
        ('viewBox="0 0 40 20" height="1in"', (192, 96)),
        ('width="100%" height="100%"', (300, 300)),
        ('width="30pt" height="2cm"', (40, 76)),
    ],
)
def test_the_size_of_a_drawing(size: str, expected: tuple[int, int]) -> None:
    assert drawing.cleaned(f"<svg {size}/>".encode())[1:] == expected


def test_a_file_of_comments_is_no_drawing() -> None:
    assert not drawing.is_svg(b"<!-- a -->" * 400)
    assert drawing.is_svg(b"<!-- a -->" * 400 + b"<svg>")


SELF = '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'
USED = '<use href="#a{}"/>'
MANY = "".join(f'<g id="a{i}">{USED.format(i + 1) * 10}</g>' for i in range(6)) + '<g id="a6"><path/></g>'
DEEP = "".join(f'<use href="#g{i}"/>' for i in range(1350, -1, -150))
DEEP += "".join(f'<g id="g{i}">' for i in range(1500)) + "</g>" * 1500
UNFIT = {
    "groups within groups that others draw first": (DEEP, "it is nested too deep"),
    "what draws itself": (SELF, "something in it is drawn within itself"),
    "what draws others, ten times over and over": (MANY, "it draws more than 100,000 elements, some again and again"),
    "groups within groups": ("<g>" * 5000 + "</g>" * 5000, "it is nested too deep"),
    "numbers that are none": ('<text x="a b" y="9" font-size="1e400">t</text>', "it does not keep the rules of SVG"),
    "a style that is none": ("<style>}}} rect{ : }}</style>", "it does not keep the rules of SVG"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_drawing_that_cannot_be_printed_leaves_its_description(name: str, tmp_path: Path) -> None:
    inner, reason = UNFIT[name]
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inner}</svg>'
    (tmp_path / "a.svg").write_text(svg, encoding="utf-8")
    shown, photos, problems = load(tmp_path, '<p>a</p>\n<img src="a.svg" alt="said">')
    assert (shown, photos) == (["a", "_[said]_"], {})
    assert [(problem.span.line, problem.message) for problem in problems] == [
        (2, f"an SVG that cannot be shown: {reason}")
    ]


def test_a_drawing_is_the_same_whatever_else_was_imported() -> None:
    before = drawing.cleaned(b"<svg><g/></svg>")
    # So does WeasyPrint.
    ET.register_namespace("", "http://example.com")
    assert drawing.cleaned(b"<svg><g/></svg>") == before
    assert before[0] == b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><g /></svg>'


@pytest.mark.parametrize("size", ["9" * 400, "100001", "0.5"])
def test_a_drawing_of_a_size_that_no_paper_has_is_refused(size: str) -> None:
    with pytest.raises(drawing.DrawingError, match=r"it is not between 1 and 100,000 pixels wide and high"):
        drawing.cleaned(f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="9"/>'.encode())


LOADS = (
    r"fill: u\72l(http://example.com)", 'background: image-set("http://example.com/a.png" 1x)',
    "fill: url( 'http://example.com')", r"behavior: java\script:x", 'content: src("http://example.com")',
)  # fmt: skip


@pytest.mark.parametrize("style", LOADS)
def test_a_style_that_has_something_loaded_is_left_out_however_it_is_written(style: str) -> None:
    rule = style.replace("<", "&lt;")
    attribute = rule.replace('"', "&quot;")
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><style>text {{ {rule} }}</style>
<style>@im\\70ort "http://example.com"</style><text style="{attribute}">kept</text></svg>"""
    cleaned, _, _ = drawing.cleaned(svg.encode())
    assert [(element.tag.rpartition("}")[2], dict(element.attrib)) for element in ET.fromstring(cleaned)] == [
        ("text", {})
    ]
