"""The steps of a check and of a build, in order; each takes what the one before it returned."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from typing import Any

from cheatdeck import archive, diagrams, edition, exceptions, model, notebook, quality, rules
from cheatdeck.archive import CHECKSUMS, MANIFEST, sha256
from cheatdeck.cards import Note, make_notes
from cheatdeck.deck import Faces, build_deck, note_hash
from cheatdeck.diagrams import Picture
from cheatdeck.edition import Edition
from cheatdeck.model import Notebook, Section, plain
from cheatdeck.paths import Paths
from cheatdeck.problems import EXCUSABLE, NotesError, Problem, in_order
from cheatdeck.sheet import Paper, render_html, render_pdf

# What the files in build/ are made with: a new version of any makes them anew.
TOOLS = ("beautifulsoup4", "cheatdeck", "fonttools", "genanki", "jinja2", "mermaidx", "pygments", "pymupdf-fonts",
         "weasyprint")  # fmt: skip

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """A notebook without errors, its diagrams' pictures by key, and what there is to warn of.

    `texts` are the notebook's files by the names that warnings use.
    """

    notebook: Notebook
    pictures: dict[str, Picture]
    warnings: list[Problem]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A file to build: what it is made from, as a hash, and how; `make` runs in a process of its own."""

    name: str
    made_from: str
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build left: the manifest, the names of the files that it made anew, and what it was made from."""

    manifest: dict[str, Any]
    made: tuple[str, ...]
    checked: Checked


def check(paths: Paths, progress: Progress) -> Checked:
    """Read the notebook, apply the rules, draw the diagrams.

    Raises NotesError with all problems that were found, warnings among them, if one is an error.
    """
    book, problems, texts = notebook.read_notebook(paths.notebook)
    problems += [*rules.check(book), *quality.check(book)]
    pictures, refused = diagrams.draw(_drawings(book), paths.cache, progress)
    left = exceptions.apply([*problems, *refused], texts, EXCUSABLE)
    if any(not problem.code.is_warning for problem in left):
        raise NotesError(left, texts)
    return Checked(book, pictures, in_order(left), texts)


def build(paths: Paths, progress: Progress) -> Built:
    """Check the notebook, and make the files that are missing, spoilt, or made from something else.

    Raises NotesError for problems in the notes and SheetError for those of the layout; the last build
    then stays as it was.
    """
    checked = check(paths, progress)
    settings = checked.notebook.settings
    this = edition.of(settings.version, paths.notebook)
    notes = make_notes(checked.notebook, {key: picture.file_name for key, picture in checked.pictures.items()})
    made_with = _made_with(paths, this)
    recipes = [*_sheets(paths, checked, this, made_with), _deck(paths, checked, notes, this, made_with)]
    last = archive.read_manifest(paths.out)
    stale = [recipe for recipe in recipes if not archive.is_current(paths.out, last, recipe.name, recipe.made_from)]
    made = _make(stale, progress)
    for name, data in made.items():
        archive.write_whole(paths.out / name, data)
    files = {recipe.name: _entry(paths, recipe) for recipe in recipes}
    manifest = _manifest(checked.notebook, notes, this, files)
    archive.write_if_changed(paths.out / CHECKSUMS, archive.checksum_lines(files))
    archive.write_if_changed(paths.out / MANIFEST, archive.manifest_bytes(manifest))
    return Built(manifest, tuple(made), checked)


def _drawings(book: Notebook) -> list[model.Diagram]:
    return [
        block
        for section in book.sections()
        for block in model.blocks(section.blocks)
        if isinstance(block, model.Diagram) and block.key and block.source.strip()
    ]


def _made_with(paths: Paths, this: Edition) -> str:
    """Return a hash of what goes into every file beside the notes; an edition without a date adds none."""
    code = [path.read_bytes() for path in sorted(paths.code.glob("*.py"))]
    return sha256(repr(_tool_versions()), str(this.time if this.dated else ""), this.version, *code)


def _tool_versions() -> dict[str, str]:
    return {tool: version(tool) for tool in TOOLS}


def _sheets(paths: Paths, checked: Checked, this: Edition, made_with: str) -> list[Recipe]:
    html = render_html(checked.notebook, checked.pictures, this, paths.templates / "sheet")
    pictures = list(checked.pictures.values())
    name = f"{checked.notebook.settings.key}-cheatsheet"
    return [
        Recipe(f"{name}-{paper}.pdf", sha256(made_with, html, paper), partial(render_pdf, html, pictures, paper))
        for paper in Paper
    ]


def _deck(paths: Paths, checked: Checked, notes: Sequence[Note], this: Edition, made_with: str) -> Recipe:
    settings = checked.notebook.settings
    faces = Faces.read(paths.templates / "cards")
    media = {picture.file_name: picture.svg.encode() for picture in checked.pictures.values()}
    made_from = sha256(made_with, repr(settings), repr(faces), *media, *(note_hash(note) for note in notes))
    return Recipe(f"{settings.key}.apkg", made_from, partial(build_deck, settings, notes, media, faces, this.time))


def _make(recipes: Sequence[Recipe], progress: Progress) -> dict[str, bytes]:
    """Make files in parallel processes; all of them, or an error and none."""
    if not recipes:
        return {}
    progress(f"making {', '.join(recipe.name for recipe in recipes)}")
    with ProcessPoolExecutor(min(len(recipes), 2), get_context("spawn")) as pool:
        running = {recipe.name: pool.submit(recipe.make) for recipe in recipes}
        return {name: future.result() for name, future in running.items()}


def _entry(paths: Paths, recipe: Recipe) -> dict[str, str | int]:
    data = (paths.out / recipe.name).read_bytes()
    return {"made_from": recipe.made_from, "sha256": archive.checksum(data), "bytes": len(data)}


def _manifest(
    book: Notebook, notes: Sequence[Note], this: Edition, files: Mapping[str, Mapping[str, str | int]]
) -> dict[str, Any]:
    diagram_sections = {d.key: section for section in book.sections() for d in _section_diagrams(section)}
    return {
        "notebook": {"id": book.settings.key, "title": book.settings.title, "version": this.version},
        "time": this.time if this.dated else None,
        "tools": _tool_versions(),
        "counts": _counts(book, notes, len(diagram_sections)),
        "sections": [
            {"key": section.key, "number": section.label, "title": plain(section.title), "tasks": list(section.tasks)}
            for section in book.sections()
        ],
        "limits": [
            {"key": limit.key, "aliases": list(limit.aliases), "section": limit.section, "value": limit.value}
            for limit in book.limits
        ],
        "diagrams": [{"key": key, "section": section.key} for key, section in diagram_sections.items()],
        "notes": [
            {"key": note.key, "guid": note.guid, "kind": note.kind, "section": note.section.key,
             "cards": len(note.numbers), "hash": note_hash(note)}
            for note in notes
        ],
        "files": files,
    }  # fmt: skip


def _section_diagrams(section: Section) -> list[model.Diagram]:
    return [block for block in model.blocks(section.blocks) if isinstance(block, model.Diagram)]


def _counts(book: Notebook, notes: Sequence[Note], drawn: int) -> dict[str, Any]:
    by_kind = Counter({kind.value: 0 for kind in sorted({note.kind for note in notes})})
    for note in notes:
        by_kind[note.kind.value] += len(note.numbers)
    return {
        "chapters": len(book.chapters),
        "sections": sum(1 for _ in book.sections()),
        "limits": len(book.limits),
        "diagrams": drawn,
        "notes": len(notes),
        "cards": by_kind.total(),
        "cards_by_kind": dict(by_kind),
    }
