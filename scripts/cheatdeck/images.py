"""Pictures that come with notes: read from the notebook's folder or from the notes themselves, never from elsewhere.

What is no picture, or leads out, is a problem at its place; the words that describe it stay in the notes.
"""

import base64
import binascii
import re
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from cheatdeck import drawing, model, typeset
from cheatdeck.archive import sha256
from cheatdeck.files import Files
from cheatdeck.model import Block, Notebook, Span
from cheatdeck.problems import Code, Problem
from cheatdeck.rewrite import each_block, each_section

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
# In pixels: pictures as wide as a screen get the width of the page, if they are wider than tall.
_WIDE = 900
_DATA = re.compile(r"data:(?P<kind>[\w.+/-]*)(?P<more>(;[\w.=-]+)*),(?P<data>.*)", re.DOTALL | re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_KINDS = {
    "PNG": ("png", "image/png"), "JPEG": ("jpg", "image/jpeg"), "GIF": ("gif", "image/gif"),
    "WEBP": ("webp", "image/webp"),
}  # fmt: skip
_HINT = "a picture is a PNG, JPEG, GIF, WebP or SVG file in the notebook's folder"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture's bytes as they are handed on, its media type, the ending of its name, and its width in pixels."""

    data: bytes
    kind: str
    ending: str
    width: int
    height: int

    @property
    def file_name(self) -> str:
        """A name made of the content, so that new content never hides behind an old name."""
        return f"cheatdeck-{sha256(self.data)[:16]}.{self.ending}"


class _PictureError(Exception):
    """There is no picture; its arguments are what is wrong, and a hint."""


def load(book: Notebook, files: Files) -> tuple[Notebook, dict[str, Photo], list[Problem]]:
    """Return a notebook whose pictures are known by their media names, those pictures, and what is wrong with others.

    A picture that cannot be had is a line of its description, or nothing if it has none.
    """
    photos: dict[str, Photo] = {}
    problems: list[Problem] = []
    known: dict[tuple[str, str], Photo | _PictureError] = {}

    def loaded(block: Block) -> Iterator[Block]:
        if not isinstance(block, model.Image):
            yield block
            return
        place = (str(Path(block.span.file).parent), block.file)
        if place not in known:
            known[place] = _photo(block, files)
        photo = known[place]
        if isinstance(photo, Photo):
            photos[photo.file_name] = photo
            is_wide = photo.width > _WIDE and photo.width > photo.height
            alt = block.alt or model.plain(block.caption) or _name(block.file)
            yield replace(block, file=photo.file_name, alt=alt, is_wide=is_wide)
        else:
            message, hint = photo.args
            problems.append(Problem(Code.LOST_PICTURE, block.span, message, hint))
            yield from _instead(block)

    def in_section(section: model.Section) -> model.Section:
        return replace(section, blocks=each_block(section.blocks, loaded))

    chapters = tuple(each_section(chapter, in_section) for chapter in book.chapters)
    return replace(book, chapters=chapters), photos, problems


def _name(address: str) -> str:
    """Return words for a picture that nobody has described."""
    name = "" if address.lower().startswith("data:") else Path(unquote(address.partition("?")[0])).stem
    return re.sub(r"[-_]+", " ", name).strip() or "Picture"


def _instead(image: model.Image) -> Iterator[Block]:
    text = f"[{image.alt}]" if image.alt else ""
    if text or image.caption:
        space = (model.Text(" ", image.span),) if text and image.caption else ()
        described = (model.Styled("em", (model.Text(text, image.span),), image.span),) if text else ()
        yield model.Paragraph("", (*described, *space, *image.caption), image.span)


def _photo(image: model.Image, files: Files) -> Photo | _PictureError:
    try:
        return _read(_bytes(image.file, image.span, files))
    except _PictureError as error:
        return error


def _bytes(address: str, span: Span, files: Files) -> bytes:
    if address.lower().startswith("data:"):
        return _embedded(address)
    if _SCHEME.match(address):
        raise _PictureError(
            f"a picture from elsewhere is not loaded: {address[:80]}", f"save it beside the notes: {_HINT}"
        )
    name = unquote(address.partition("#")[0].partition("?")[0])
    path = Path(span.file).parent / name
    try:
        if "\0" in name or not path.resolve().is_relative_to(files.folder.resolve()):
            raise _PictureError(f'the picture "{name}" leads out of the notebook', "copy it into the notebook's folder")
        status = path.stat()
        if stat.S_ISFIFO(status.st_mode):
            # Who reads one waits until somebody writes, for ever.
            raise _PictureError(f'the picture "{name}" cannot be read: it is no file', _HINT)
        if status.st_size > MOST_BYTES:
            raise _PictureError(_TOO_LARGE, _SMALLER)
        return path.read_bytes()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "it is a link to itself"
        raise _PictureError(f'the picture "{name}" cannot be read: {reason}', _HINT) from error


_TOO_LARGE = f"a picture larger than {MOST_BYTES // 1_000_000} MB, or {MOST_PIXELS // 1_000_000} megapixels"
_ANEW = "save it anew, as plain SVG or as PNG"
_SMALLER = "make it smaller: on paper, 2,000 pixels are as wide as a page"


def _embedded(address: str) -> bytes:
    found = _DATA.fullmatch(address)
    if not found:
        raise _PictureError("a data address that is none", _HINT)
    if len(found["data"]) > MOST_BYTES * 2:
        raise _PictureError(_TOO_LARGE, _SMALLER)
    if ";base64" not in found["more"].lower():
        return unquote_to_bytes(found["data"])
    try:
        return base64.b64decode(re.sub(r"\s", "", unquote(found["data"])), validate=True)
    except binascii.Error as error:
        raise _PictureError("a picture within the notes that is not whole", _HINT) from error


def _read(data: bytes) -> Photo:
    if len(data) > MOST_BYTES:
        raise _PictureError(_TOO_LARGE, _SMALLER)
    if drawing.is_svg(data):
        try:
            cleaned, width, height = drawing.cleaned(data)
        except drawing.DrawingError as error:
            raise _PictureError(f"an SVG that cannot be shown: {error}", _ANEW) from error
        if not typeset.can_print(cleaned):
            raise _PictureError("an SVG that cannot be shown: it does not keep the rules of SVG", _ANEW)
        return Photo(cleaned, "image/svg+xml", "svg", width, height)
    return _raster(data)


def _raster(data: bytes) -> Photo:
    """Return a picture of pixels that can be decoded to its end."""
    from PIL import Image, ImageFile, UnidentifiedImageError  # noqa: PLC0415 - notes without pictures spare it

    # WeasyPrint has pictures that end early taken for whole, by everybody.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(_KINDS)) as picture:
                ending, kind = _KINDS[picture.format or ""]
                if picture.width * picture.height > MOST_PIXELS:
                    raise _PictureError(_TOO_LARGE, _SMALLER)
                picture.load()
                return Photo(data, kind, ending, picture.width, picture.height)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _PictureError(_TOO_LARGE, _SMALLER) from error
    except UnidentifiedImageError as error:
        raise _PictureError("a file that is no picture", _HINT) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise _PictureError("a picture that is not whole", "save it anew") from error
