"""HTML -> PDF by WeasyPrint, which loads nothing but what it is handed here."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Protocol

from cheatdeck import letters as known
from cheatdeck import tags
from cheatdeck.diagrams import FONT_FAMILY, FONT_FILES, font_bytes

# Where a font comes from: family, weight and style as CSS names them -> its name in the font package.
FONTS = {
    ("FiraGO", "normal", "normal"): "figo",
    ("FiraGO", "bold", "normal"): "figbo",
    ("FiraGO", "normal", "italic"): "figit",
    ("FiraGO", "bold", "italic"): "figbi",
    ("Fira Mono", "normal", "normal"): "fimo",
    ("Fira Mono", "bold", "normal"): "fimbo",
    ("Noto Sans Symbols2", "normal", "normal"): "symbol2",
}


class Paper(StrEnum):
    """The papers that people print on."""

    A4 = "a4"
    LETTER = "letter"


class SheetError(Exception):
    """WeasyPrint warned of something: the sheet would not look as it was meant to; its text has the reasons."""

    def __str__(self) -> str:
        """Return what people are told."""
        return f"The sheet cannot be laid out:\n{super().__str__()}"


class MissingLibraryError(Exception):
    """A library that WeasyPrint loads, such as Pango, is not on this machine."""


def font_css() -> str:
    """Return the @font-face rules for the fonts that the sheet may use; there are no others on paper."""
    faces = [(family, weight, style, f"{name}.ttf") for (family, weight, style), name in FONTS.items()]
    faces += [(FONT_FAMILY, weight, "normal", file) for weight, file in FONT_FILES.items()]
    return "\n".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style}; src: url(asset:{file}) }}"
        for family, weight, style, file in faces
    )


@cache
def letters() -> frozenset[int]:
    """Return the code points that all faces of some family have; the styles name each family after the first."""
    import pymupdf_fonts  # noqa: PLC0415 - unpacks megabytes

    families: dict[str, list[bytes]] = {}
    for (family, _, _), name in FONTS.items():
        families.setdefault(family, []).append(bytes(pymupdf_fonts.myfont(name)))
    families[FONT_FAMILY] = [font_bytes(file) for file in FONT_FILES.values()]
    return frozenset().union(*(known.of(*faces) for faces in families.values()))


class Asset(Protocol):
    """A picture that a sheet may show, under the address asset:NAME."""

    @property
    def file_name(self) -> str:
        """Its name."""

    @property
    def data(self) -> bytes:
        """The picture as a file."""

    @property
    def kind(self) -> str:
        """Its media type."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and how many pages it has."""

    data: bytes
    pages: int


def render_pdf(html: str, pictures: Sequence[Asset], paper: Paper) -> Printed:
    """Lay a sheet out for a paper; the PDF is tagged and made for PDF/UA-1.

    Raises MissingLibraryError where Pango is not installed, and SheetError with every warning of WeasyPrint,
    and where the HTML wants something that it was not handed.
    """
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 - two seconds that a build without a new sheet spares
    except OSError as error:
        raise MissingLibraryError(str(error)) from error
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - the same
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415 - the same

    assets = {f"asset:{picture.file_name}": (picture.data, picture.kind) for picture in pictures}

    class HandedOver(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        """Knows the assets and the fonts, and no other address."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
            if url.startswith("data:font/woff2;"):
                return super().fetch(url, headers)
            data, kind = assets.get(url) or (_font(url), "font/ttf")
            if not data:
                raise FatalURLFetchingError(f"the sheet wants {url}, which it was not handed")
            return URLFetcherResponse(url, data, {"Content-Type": kind})

    fetcher = HandedOver(allowed_protocols=["asset", "data"])
    try:
        with _no_warnings():
            source = HTML(string=html, base_url="asset:", url_fetcher=fetcher)
            style = CSS(string=f"@page {{ size: {paper} }}")
            # Where a list's numbers start counts as a hint.
            document = source.render(
                font_config=FontConfiguration(), stylesheets=[style], presentational_hints=True, pdf_variant="pdf/ua-1"
            )
            pdf = document.write_pdf(pdf_variant="pdf/ua-1", finisher=tags.complete)
    except FatalURLFetchingError as error:
        raise SheetError(str(error)) from error
    return Printed(pdf, len(document.pages))


@lru_cache(maxsize=256)
def can_print(picture: bytes) -> bool:
    """Tell whether a drawing in SVG can be printed; without Pango, nobody can tell, and nothing is printed."""
    html = '<!doctype html><html lang="en"><title>x</title><body><p><img alt="x" src="asset:x.svg"></p></body></html>'
    try:
        render_pdf(html, [_Drawing(picture)], Paper.A4)
    except SheetError:
        return False
    except MissingLibraryError:
        pass
    return True


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A drawing that is tried out."""

    data: bytes
    file_name: str = "x.svg"
    kind: str = "image/svg+xml"


def render_fitting(htmls: Sequence[str], paper: Paper, pages: int) -> tuple[Printed, int]:
    """Lay out the first of several versions that takes no more than so many pages, else the last.

    Returns it with its number from 0. Raises what render_pdf raises.
    """
    last = len(htmls) - 1
    for number, html in enumerate(htmls):
        printed = render_pdf(html, (), paper)
        if printed.pages <= pages or number == last:
            return printed, number
    raise ValueError("no version to lay out")


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Raise SheetError for whatever WeasyPrint warns of meanwhile."""
    warnings = _Warnings()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(warnings)
    try:
        yield
    finally:
        logger.removeHandler(warnings)
    if warnings.messages:
        raise SheetError("\n".join(warnings.messages))


def _font(url: str) -> bytes:
    import pymupdf_fonts  # noqa: PLC0415 - unpacks megabytes

    name = url.removeprefix("asset:")
    if name in FONT_FILES.values():
        return font_bytes(name)
    if name.removesuffix(".ttf") in FONTS.values():
        return bytes(pymupdf_fonts.myfont(name.removesuffix(".ttf")))
    return b""


class _Warnings(logging.Handler):
    """Keeps what WeasyPrint warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())
