"""Notebook -> HTML by Jinja -> PDF by WeasyPrint, which loads nothing but what it is handed here."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cheatdeck import model
from cheatdeck.diagrams import FONT_FAMILY, FONT_FILES, Picture, font_bytes
from cheatdeck.edition import Edition
from cheatdeck.markup import Html
from cheatdeck.model import Limit, Notebook, Section
from cheatdeck.words import counted

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
    """WeasyPrint warned of something: the sheet would not look as it was meant to."""

    def __init__(self, reasons: str) -> None:
        """Take the reasons, one a line."""
        super().__init__(f"The sheet cannot be laid out:\n{reasons}")


class MissingLibraryError(Exception):
    """A library that WeasyPrint loads, such as Pango, is not on this machine."""


class SheetHtml(Html):
    """HTML of the sheet: links lead to places on it, pictures are among its assets."""

    def __init__(
        self, pictures: Mapping[str, Picture], limits: Mapping[str, Limit], sections: Mapping[str, Section]
    ) -> None:
        """Take the diagrams' pictures by key, the limits by id and alias, and the sections by key."""
        self._pictures = pictures
        self._limits = limits
        self._sections = sections

    def text(self, text: str) -> Markup:
        """Render plain text; one that ends with a space, before an element, gets a zero-width space behind it.

        WeasyPrint 70 ends a line after its first word where all of it fits but for that space.
        """
        return escape(f"{text}\N{ZERO WIDTH SPACE}" if text.endswith(" ") else text)

    def limit(self, part: model.LimitRef) -> Markup:
        """Link a limit's value to its row in the limits table."""
        limit = self._limits[part.limit]
        look = "limit short" if len(limit.value) <= _SHORT else "limit"
        return Markup('<a class="{}" href="#limit_{}">{}</a>').format(look, limit.key, self.inline(part.children))

    def link(self, part: model.Link) -> Markup:
        """Link to a place on the sheet; a section's number stands behind its name."""
        section = self._sections.get(part.key)
        number = Markup(' <span class="number">{}</span>').format(section.label) if section else ""
        return Markup('<a href="#{}">{}{}</a>').format(part.key, self.inline(part.children), number)

    def diagram(self, part: model.Diagram) -> Markup:
        """Show the picture above its caption, no larger than it was drawn for reading."""
        picture = self._pictures[part.key]
        return Markup(
            '<figure{}><img src="asset:{}" alt="{}" style="width: {:.2f}pt"><figcaption>{}</figcaption></figure>'
        ).format(
            self.anchor(part.key),
            picture.file_name,
            part.description,
            picture.width * DIAGRAM_SCALE,
            self.inline(part.caption),
        )


# A value of so many characters is never broken over two lines.
_SHORT = 20
# Diagrams are drawn with letters of 16 px; on paper those come out at 7.5 pt.
DIAGRAM_SCALE = 7.5 / 16


def render_html(notebook: Notebook, pictures: Mapping[str, Picture], edition: Edition, templates: Path) -> str:
    """Return the whole sheet as one HTML document, its style within.

    `templates` is the folder of sheet.html.j2 and sheet.css. The notebook is one without problems.
    """
    sections = {section.key: section for section in notebook.sections()}
    html = SheetHtml(pictures, notebook.limits_by_id(), sections)
    environment = Environment(
        loader=FileSystemLoader(templates), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(blocks=html.blocks, inline=html.inline, counted=counted)
    css = f"{font_css()}\n{(templates / 'sheet.css').read_text(encoding='utf-8')}"
    return environment.get_template("sheet.html.j2").render(
        notebook=notebook,
        limits=sorted(notebook.limits, key=lambda limit: sections[limit.section].number),
        sections=sections,
        edition=edition,
        css=Markup(css),
    )


def font_css() -> str:
    """Return the @font-face rules for the fonts that the sheet may use; there are no others on paper."""
    faces = [(family, weight, style, f"{name}.ttf") for (family, weight, style), name in FONTS.items()]
    faces += [(FONT_FAMILY, weight, "normal", file) for weight, file in FONT_FILES.items()]
    return "\n".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style}; src: url(asset:{file}) }}"
        for family, weight, style, file in faces
    )


def render_pdf(html: str, pictures: Sequence[Picture], paper: Paper) -> bytes:
    """Lay the sheet out for a paper and return the PDF, tagged and made for PDF/UA-1.

    Raises MissingLibraryError where Pango is not installed, and SheetError with every warning of WeasyPrint,
    and where the HTML wants something that it was not handed.
    """
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 - two seconds that a build without a new sheet spares
    except OSError as error:
        raise MissingLibraryError(str(error)) from error
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - the same
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415 - the same

    assets = {f"asset:{picture.file_name}": (picture.svg.encode(), "image/svg+xml") for picture in pictures}

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
            document = HTML(string=html, base_url="asset:", url_fetcher=fetcher)
            style = CSS(string=f"@page {{ size: {paper} }}")
            pdf = document.write_pdf(pdf_variant="pdf/ua-1", font_config=FontConfiguration(), stylesheets=[style])
    except FatalURLFetchingError as error:
        raise SheetError(str(error)) from error
    return bytes(pdf)


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
