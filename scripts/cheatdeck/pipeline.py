"""The steps of a check and of a build, in order; each takes what the one before it returned."""

import shutil
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from cheatdeck import (
    archive,
    diagrams,
    edition,
    exceptions,
    images,
    ledger,
    legible,
    leniency,
    model,
    notebook,
    quality,
    rules,
)
from cheatdeck.archive import CHECKSUMS, MANIFEST, sha256
from cheatdeck.cards import make_notes
from cheatdeck.deck import Deck, Faces, build_deck, note_types
from cheatdeck.derive.sections import derive
from cheatdeck.diagrams import Picture
from cheatdeck.edition import Edition
from cheatdeck.figures import on_one_sheet
from cheatdeck.files import SETTINGS_FILE, Files
from cheatdeck.images import Photo
from cheatdeck.ledger import LEDGER_FILE, Ledger, Shipment
from cheatdeck.manifest import manifest
from cheatdeck.model import Notebook
from cheatdeck.paths import Paths
from cheatdeck.preview import render_preview
from cheatdeck.problems import EXCUSABLE, NotesError, Problem, in_order
from cheatdeck.prompts import prompts
from cheatdeck.sheet import render_limits, render_sheet
from cheatdeck.typeset import Asset, Paper, render_fitting, render_pdf
from cheatdeck.workers import work

# What the files in build/ are made with: a new version of any makes them anew.
TOOLS = ("beautifulsoup4", "cheatdeck", "fonttools", "genanki", "jinja2", "mermaidx", "pillow", "pygments",
         "pymupdf-fonts", "weasyprint")  # fmt: skip

# The two sides of one sheet of paper, which holds all limits if it can.
SHEET_PAGES = 2

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """A notebook without errors, its diagrams' pictures by key, what was released of it, what there is to warn of.

    `texts` are the notebook's files by the names that warnings use, `photos` the pictures that came with the notes by
    their media names. `plain` are the names of files that were not written for cheatdeck, `remarks` what was taken for
    granted.
    """

    notebook: Notebook
    pictures: dict[str, Picture]
    released: Ledger
    warnings: list[Problem]
    texts: dict[str, str]
    photos: dict[str, Photo]
    plain: frozenset[str]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """A deck, when it counts as made, and how it differs from the last release."""

    deck: Deck
    edition: Edition
    shipment: Shipment


@dataclass(frozen=True, slots=True)
class Made:
    """A file's bytes, and what the manifest says of them."""

    data: bytes
    facts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A file to build: what it is made from, as a hash, and how; `make` runs in a process of its own."""

    name: str
    made_from: str
    make: Callable[[], Made]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build left: the manifest, the names of the files that it made anew, and what it was made from."""

    manifest: dict[str, Any]
    made: tuple[str, ...]
    checked: Checked


def check(paths: Paths, progress: Progress, *, strict: bool = False) -> Checked:
    """Read the notebook, apply the rules, draw the diagrams, make cards of what nobody marked.

    Raises NotesError with all problems that were found, warnings among them, if one is an error; a strict check takes
    the warnings of plain notes for errors.
    """
    files = Files.of(paths.notebook, paths.out)
    book, photos, lost = images.load(notebook.read_notebook(files), files)
    pictures, refused = diagrams.draw(_drawings(book), paths.cache, progress)
    book = derive(leniency.fitted(book, pictures, files.plain), files.plain)
    released, asked = ledger.read(files), prompts(book)
    problems = [*ledger.check(released, asked, book.settings, edition.now())]
    # Of a notebook that could be read only in part, nobody can tell what is gone.
    if book.settings.is_binding and not files.problems:
        problems += ledger.lost(released, asked)
    problems += [*files.problems, *rules.check(book), *quality.check(book), *lost]
    problems += [*refused, *diagrams.too_large(_drawings(book), pictures)]
    problems += legible.check(book, files.texts, str(paths.notebook / SETTINGS_FILE))
    written = {name: text for name, text in files.texts.items() if not name.endswith(LEDGER_FILE)}
    left = exceptions.apply(leniency.softened(problems, files.plain), written, EXCUSABLE)
    if any(not problem.is_warning or (strict and problem.span.file in files.plain) for problem in left):
        raise NotesError(left, files.texts)
    return Checked(
        book, pictures, released, in_order(left), files.texts, photos, frozenset(files.plain), tuple(files.remarks)
    )  # fmt: skip


def build(paths: Paths, progress: Progress, *, papers: Sequence[Paper] = tuple(Paper), strict: bool = False) -> Built:
    """Check the notebook, and make the files that are missing, spoilt, or made from something else.

    Waits for another build into the same folder. Raises NotesError for problems in the notes, SheetError for those
    of the layout, WorkerError, and WriteError where the folder cannot be written; the last build then stays as it
    was. Whenever it is broken off, each file is whole, and the next build makes what is missing.
    """
    checked = check(paths, progress, strict=strict)
    with archive.locked(
        paths.cache / "lock", partial(progress, f"waiting for another build into {paths.out}")
    ) as waited:
        # The notes may have changed since.
        return _build(paths, check(paths, progress, strict=strict) if waited else checked, papers, progress)


def _build(paths: Paths, checked: Checked, papers: Sequence[Paper], progress: Progress) -> Built:
    _clean(paths)
    cards = _cards(paths, checked, edition.of(checked.notebook.settings.version, paths.folder))
    made_with = _made_with(paths, cards.edition)
    recipes = [
        *_sheets(paths, checked, cards.edition, made_with, papers),
        _deck(checked, cards, made_with),
        _preview(paths, checked, cards, made_with),
    ]
    last = archive.read_manifest(paths.out)
    stale = [recipe for recipe in recipes if not archive.is_current(paths.out, last, recipe.name, recipe.made_from)]
    made = _make_in(paths.cache / _SCRATCH, stale, progress)
    for name, file in made.items():
        archive.write_whole(paths.out / name, file.data)
    files = {
        recipe.name: _entry(recipe, made[recipe.name]) if recipe.name in made else last["files"][recipe.name]
        for recipe in recipes
    }
    said = manifest(checked.notebook, cards.deck, cards.shipment, cards.edition, files)
    said["tools"] = _tool_versions()
    for path in archive.left_over(paths.out, last, said):
        with archive.writing(path):
            path.unlink()
    archive.write_if_changed(paths.out / CHECKSUMS, archive.checksum_lines(files))
    archive.write_if_changed(paths.out / MANIFEST, archive.manifest_bytes(said))
    return Built(said, tuple(made), checked)


def _clean(paths: Paths) -> None:
    """Remove what builds left that were killed."""
    for folder in (paths.out, paths.out / _PREVIEW.parent):
        archive.clean(folder)
    diagrams.clean(paths.cache)
    shutil.rmtree(paths.cache / _SCRATCH, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Draft:
    """The preview of a notebook as it is now; its sheets' names for people, by file name, and what they are made of."""

    page: str
    pdfs: Mapping[str, str]
    checked: Checked
    edition: Edition


def draft(paths: Paths, progress: Progress, *, strict: bool = False) -> Draft:
    """Check the notebook and make its preview; nothing is written but drawn diagrams.

    Raises NotesError for problems in the notes.
    """
    checked = check(paths, progress, strict=strict)
    cards = _cards(paths, checked, edition.of(checked.notebook.settings.version, paths.folder))
    page = render_preview(checked.notebook, cards.deck, checked.pictures, cards.edition, paths.templates)
    return Draft(page, _pdfs(checked.notebook), checked, cards.edition)


def print_sheet(paths: Paths, of: Draft, name: str, progress: Progress) -> bytes | None:
    """Print one of a draft's sheets by its file name, in a process of its own; None where it has no such sheet.

    Raises what render_pdf raises.
    """
    recipes = [recipe for recipe in _sheets(paths, of.checked, of.edition, "") if recipe.name == name]
    with archive.writing(Path(gettempdir())), TemporaryDirectory() as folder:
        return _make_in(Path(folder, _SCRATCH), recipes, progress)[name].data if recipes else None


class ReleaseError(Exception):
    """A release that Anki would take for an older one, or for one from the future."""


def release(paths: Paths, progress: Progress) -> Shipment:
    """Write the ledger of a release that is cut now, or at SOURCE_DATE_EPOCH, and return what it ships.

    Raises NotesError for problems in the notes, warnings among them, ReleaseError where the release would not
    be later than the last, or lie in the future, and WriteError; the ledger then stays as it was.
    """
    if not Files.of(paths.notebook).has_settings:
        raise ReleaseError(f"{paths.notebook}: a release keeps its cards beside a notebook.toml; write one first.")
    checked = check(paths, progress)
    if checked.warnings:
        raise NotesError(checked.warnings, checked.texts)
    cut = edition.cut(checked.notebook.settings.version)
    last = max((entry.changed_at for entry in checked.released.values()), default=0)
    shipment = _cards(paths, checked, cut).shipment
    if not shipment.is_released:
        if not last < cut.time <= edition.now():
            raise ReleaseError(
                f"This release would be cut at {ledger.iso(cut.time)}, the last was at {ledger.iso(last)}, and "
                f"now is {ledger.iso(edition.now())}. Anki takes only what is newer, and would lose edits of what is "
                "from the future: set the clock, or SOURCE_DATE_EPOCH, right."
            )
        archive.clean(paths.notebook)
        archive.write_whole(paths.notebook / LEDGER_FILE, ledger.as_csv(shipment.ledger))
    return shipment


def _cards(paths: Paths, checked: Checked, this: Edition) -> Cards:
    settings = checked.notebook.settings
    pictures = {key: picture.file_name for key, picture in checked.pictures.items()}
    deck = Deck(
        settings,
        make_notes(checked.notebook, pictures, checked.released),
        note_types(settings, Faces.read(paths.templates / "cards")),
        {asset.file_name: asset.data for asset in _assets(checked)},
    )
    return Cards(deck, this, ledger.ship(checked.released, deck.things(), this.time))


def _assets(checked: Checked) -> list[Asset]:
    """Return all pictures, drawn ones and others."""
    return [*checked.pictures.values(), *checked.photos.values()]


def _drawings(book: Notebook) -> list[model.Diagram]:
    return [
        block
        for section in book.sections()
        for block in model.blocks(section.blocks)
        if isinstance(block, model.Diagram) and block.key and block.source.strip()
    ]


def _made_with(paths: Paths, this: Edition) -> str:
    """Return a hash of what goes into every file beside the notes; an edition without a date adds none."""
    code = [path.read_bytes() for path in sorted(paths.code.rglob("*.py"))]
    return sha256(repr(_tool_versions()), str(this.time if this.dated else ""), this.version, *code)


def _tool_versions() -> dict[str, str]:
    return {"zlib": zlib.ZLIB_RUNTIME_VERSION, **{tool: version(tool) for tool in TOOLS}}


def _sheets(
    paths: Paths, checked: Checked, this: Edition, made_with: str, papers: Sequence[Paper] = tuple(Paper)
) -> list[Recipe]:
    book, templates = checked.notebook, paths.templates / "sheet"
    pictures = _assets(checked)
    sheet = render_sheet(book, checked.pictures, this, templates)
    limits = (
        [render_limits(book, this, templates, remarks=remarks) for remarks in (True, False)]
        if on_one_sheet(book)
        else []
    )
    recipes = []
    for paper in papers:
        make = partial(_print_sheet, sheet, pictures, paper)
        recipes.append(Recipe(_sheet_name(book, paper), sha256(made_with, sheet, paper), make))
        if limits:
            make = partial(_print_limits, limits, paper)
            recipes.append(Recipe(_limits_name(book, paper), sha256(made_with, *limits, paper), make))
    return recipes


def _sheet_name(book: Notebook, paper: Paper) -> str:
    return f"{book.settings.key}-cheatsheet-{paper}.pdf"


def _limits_name(book: Notebook, paper: Paper) -> str:
    return f"{book.settings.key}-limits-{paper}.pdf"


def _pdfs(book: Notebook) -> dict[str, str]:
    """Return what the sheets are called by people, by their file names."""
    sheets = {_sheet_name(book, paper): f"Sheet, {paper.title()}" for paper in Paper}
    limits = {_limits_name(book, paper): f"Limits, {paper.title()}" for paper in Paper}
    return sheets | (limits if on_one_sheet(book) else {})


def _print_sheet(html: str, pictures: Sequence[Asset], paper: Paper) -> Made:
    printed = render_pdf(html, pictures, paper)
    return Made(printed.data, {"pages": printed.pages})


def _print_limits(htmls: Sequence[str], paper: Paper) -> Made:
    """Print the limits with their remarks, or without where that makes more than one sheet of paper."""
    printed, number = render_fitting(htmls, paper, SHEET_PAGES)
    return Made(printed.data, {"pages": printed.pages, "remarks": int(number == 0)})


def _deck(checked: Checked, cards: Cards, made_with: str) -> Recipe:
    deck, ships = cards.deck, cards.shipment.ledger
    released = (repr(entry) for entry in checked.released.values())
    written = (repr((entry.key, entry.guid, entry.hash)) for entry in ships.values())
    made_from = sha256(made_with, repr(deck.settings), repr(deck.types), *deck.media, *released, *written)
    return Recipe(f"{deck.settings.key}.apkg", made_from, partial(_make_deck, deck, ships, cards.edition.time))


_PREVIEW = PurePosixPath("preview/index.html")


def _preview(paths: Paths, checked: Checked, cards: Cards, made_with: str) -> Recipe:
    html = render_preview(checked.notebook, cards.deck, checked.pictures, cards.edition, paths.templates).encode()
    return Recipe(str(_PREVIEW), sha256(made_with, html), partial(Made, html, {}))


def _make_deck(deck: Deck, ships: Ledger, time: int) -> Made:
    return Made(build_deck(deck, ships, time), {})


# Builds into a folder take turns, so it is one's own, and nothing is left whoever made it.
_SCRATCH = "scratch"


def _make_in(scratch: Path, recipes: Sequence[Recipe], progress: Progress) -> dict[str, Made]:
    """Make files in parallel processes; all of them, or an error and none.

    What they write on the way stands in a folder that is made for it, and removed however this ends.
    """
    if not recipes:
        return {}
    # TemporaryDirectory would leave a folder that an interrupt follows at once.
    try:
        with archive.writing(scratch):
            scratch.mkdir(parents=True, exist_ok=True)
            progress(f"making {', '.join(recipe.name for recipe in recipes)}")
            made = work([recipe.make for recipe in recipes], 2, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return {recipe.name: file for recipe, file in zip(recipes, made, strict=True)}


def _entry(recipe: Recipe, made: Made) -> dict[str, str | int]:
    checksum = archive.checksum(made.data)
    return {"made_from": recipe.made_from, "sha256": checksum, "bytes": len(made.data), **made.facts}
