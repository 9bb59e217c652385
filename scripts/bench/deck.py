"""The Anki package: against genanki alone, Anki's own export and bare rows in sqlite. Notes are made up."""

import gc
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import genanki
from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from genanki.apkg_schema import APKG_SCHEMA

from bench.made_up import TIME, made_up
from bench.measure import MEGABYTE, Promise, fresh, medians, megabytes, peak, say, table
from cheatdeck.archive import zipped
from cheatdeck.deck import Deck, NoteType, build_deck
from cheatdeck.ledger import Ledger

OURS, GENANKI, EXPORT, ROWS = "cheatdeck", "genanki alone", "Anki's own export", "bare sqlite rows"

# How often each way is measured, by the number of notes: what is quick is also what a busy moment disturbs most.
ROUNDS = {1_000: 15, 10_000: 9, 50_000: 5}
DECKS = 20

NOTES_A_DECK = 5
# genanki writes all decks anew for each deck: with more of them it only keeps people waiting.
MANY_DECKS = {30: (OURS, GENANKI), 300: (OURS, GENANKI), 1_200: (OURS,)}
FEWEST, MOST = min(MANY_DECKS), max(MANY_DECKS)
DECK_ROUNDS = 9

HELD = (10_000, 50_000)
BUILDS_IN_A_ROW = 5
BUILDS_LEFT = 3

# What counts as kept, as ratios. Time that grows with the square of the decks would be four times as long.
MOST_PER_DECK = 1.5
# Memory that is freed comes back in pieces, never to the last page.
MOST_GROWTH = 0.1


@dataclass(frozen=True, slots=True)
class Plain:
    """What a package holds, as somebody would have it who writes one with genanki: decks' names, and notes."""

    decks: Mapping[int, str]
    notes: tuple[tuple[int, int, str, list[str], list[str]], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """How long a way took to write a package, and how large that is."""

    seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Peaks:
    """The most bytes that a process has held: once the notes were there, and after each build."""

    notes: int
    builds: tuple[int, ...]

    @property
    def build(self) -> int:
        """What the first build took, besides the notes."""
        return self.builds[0] - self.notes

    @property
    def growth(self) -> int:
        """What the last build took more than the first."""
        return self.builds[-1] - self.builds[0]


def deck() -> list[Promise]:
    """Measure the Anki package: time, size, many decks, memory, and what is left in the temporary folder."""
    return [*_speed(), *_many_decks(), *_memory(), *_temporary_files()]


def _speed() -> Iterator[Promise]:
    measured = {}
    for count, rounds in ROUNDS.items():
        say(f"time and size: {count:,} notes, {rounds} rounds …")
        measured[count] = fresh(written, count, rounds)
    print(f"Time and size with {DECKS} decks, a third of the notes with 2 deletions; genanki does not compress.\n")
    table(
        ["notes", "way", "seconds", "cheatdeck = 1", "MB", "Anki's own export = 1"],
        [
            [f"{count:,}", name, f"{way.seconds:.3f}", f"{way.seconds / ways[OURS].seconds:.2f}",
             f"{way.size / MEGABYTE:.2f}", f"{way.size / ways[EXPORT].size:.2f}"]
            for count, ways in measured.items()
            for name, way in ways.items()
        ],
    )  # fmt: skip
    for count in HELD:
        is_kept = measured[count][OURS].seconds <= measured[count][GENANKI].seconds
        yield Promise(f"no slower than genanki alone with {count:,} notes", is_kept)


def _many_decks() -> Iterator[Promise]:
    say(f"many decks: {', '.join(map('{:,}'.format, MANY_DECKS))} decks, {DECK_ROUNDS} rounds …")
    each = fresh(seconds_a_deck)
    print(f"Time for each deck, with {NOTES_A_DECK} notes in each deck.\n")
    table(
        ["decks", "way", "ms a deck", f"{FEWEST} decks = 1"],
        [
            [f"{count:,}", name, f"{seconds * 1000:.2f}", f"{seconds / each[FEWEST, name]:.2f}"]
            for (count, name), seconds in each.items()
        ],
    )
    fewer = min(each[count, OURS] for count in MANY_DECKS if count != MOST)
    text = f"with {MOST:,} decks each takes at most {MOST_PER_DECK} times as long as with fewer"
    yield Promise(text, each[MOST, OURS] <= MOST_PER_DECK * fewer)


def _memory() -> Iterator[Promise]:
    idle = fresh(peak)
    measured = {}
    for count in HELD:
        say(f"memory: {count:,} notes …")
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder, "package")
            measured[count, OURS] = fresh(our_peaks, count, package)
            measured[count, GENANKI] = fresh(genanki_peaks, package)
    print("The most memory that a process takes, above one that only imports.\n")
    table(
        ["notes", "way", "MB for the notes", "at the peak of a build", "for the build alone", "cheatdeck = 1"],
        [
            [f"{count:,}", name, megabytes(peaks.notes - idle), megabytes(peaks.builds[0] - idle),
             megabytes(peaks.build), f"{peaks.build / max(MEGABYTE, measured[count, OURS].build):.2f}"]
            for (count, name), peaks in measured.items()
        ],
    )  # fmt: skip
    print(f"The same after {BUILDS_IN_A_ROW} builds in one process: what a build leaves behind would add up.\n")
    table(
        ["notes", "way", "MB more than after the first"],
        [[f"{count:,}", name, megabytes(peaks.growth)] for (count, name), peaks in measured.items()],
    )
    for count in HELD:
        ours, bare = measured[count, OURS], measured[count, GENANKI]
        yield Promise(f"a build of {count:,} notes takes no more memory than genanki alone", ours.build <= bare.build)
        text = f"{BUILDS_IN_A_ROW} builds of {count:,} notes take at most a tenth more memory than the first"
        yield Promise(text, ours.growth <= MOST_GROWTH * (ours.builds[0] - idle))


def _temporary_files() -> Iterator[Promise]:
    say("temporary files …")
    left = {name: fresh(left_behind, name) for name in (OURS, GENANKI)}
    print(f"Temporary files that {BUILDS_LEFT} builds leave.\n")
    table(["way", "files"], [[name, str(files)] for name, files in left.items()])
    yield Promise("no temporary file left", not left[OURS])


def written(count: int, rounds: int) -> dict[str, Written]:
    """Return the median time and the size of packages of the same notes, one for each way to write them."""
    with tempfile.TemporaryDirectory() as folder:
        ready = ways(count, DECKS, (OURS, GENANKI, EXPORT, ROWS), Path(folder))
        seconds = medians(ready, rounds)
        return {name: Written(seconds[name], Path(folder, name).stat().st_size) for name in ready}


def seconds_a_deck() -> dict[tuple[int, str], float]:
    """Return the median time for each deck, by the number of decks and the way to write them."""
    with tempfile.TemporaryDirectory() as folder:
        ready = {
            (count, name): way
            for count, names in MANY_DECKS.items()
            for name, way in ways(count * NOTES_A_DECK, count, names, Path(folder)).items()
        }
        return {key: seconds / key[0] for key, seconds in medians(ready, DECK_ROUNDS).items()}


def ways(count: int, decks: int, names: Sequence[str], folder: Path) -> dict[str, Callable[[], None]]:
    """Return ways to write the same notes into files of these names, once it is sure that all write the same."""
    content, ledger = made_up(count, decks)
    ours = folder / OURS
    write_ours(content, ledger, ours)
    held, tables = contents(ours), rows(ours)
    ready: dict[str, Callable[[Path], None]] = {
        OURS: partial(write_ours, content, ledger),
        GENANKI: partial(write_genanki, plain(ours), content.types),
        ROWS: partial(write_rows, tables),
    }
    for name in {GENANKI, ROWS} & set(names):
        ready[name](folder / name)
        assert contents(folder / name) == held, f"{name}: other notes or cards"
    if EXPORT in names:
        collection = imported(ours, folder)
        assert (collection.note_count(), collection.card_count()) == held, f"{EXPORT}: other notes or cards"
        ready[EXPORT] = partial(export, collection)
    return {name: partial(ready[name], folder / name) for name in names}


def write_ours(content: Deck, ledger: Ledger, path: Path) -> None:
    """Write a package as this project does."""
    path.write_bytes(build_deck(content, ledger, TIME))


def write_genanki(content: Plain, types: Sequence[NoteType], path: Path) -> None:
    """Write a package with genanki alone, as its README shows it."""
    models = {each.number: _genanki_model(each) for each in types}
    decks = {key: genanki.Deck(key, name) for key, name in content.decks.items()}
    for key, number, name, fields, tags in content.notes:
        decks[key].add_note(genanki.Note(model=models[number], fields=fields, tags=tags, guid=name))
    genanki.Package(list(decks.values())).write_to_file(path)


def _genanki_model(note_type: NoteType) -> Any:  # noqa: ANN401 - genanki has no types
    return genanki.Model(
        note_type.number,
        note_type.name,
        fields=[{"name": name} for name in note_type.fields],
        templates=[{"name": face.name, "qfmt": face.front, "afmt": face.back} for face in note_type.faces],
        css=note_type.css,
        model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
    )


def write_rows(tables: Mapping[str, list[tuple[Any, ...]]], path: Path) -> None:
    """Write a package of rows that are ready: what no way with sqlite and deflate can do without."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(APKG_SCHEMA)
    for name, found in tables.items():
        marks = ",".join("?" * len(found[0]))
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", found)  # noqa: S608 - fixed names
    connection.commit()
    path.write_bytes(zipped({"collection.anki2": connection.serialize(), "media": b"{}"}))
    connection.close()


def export(collection: Collection, path: Path) -> None:
    """Write a package of all that is in a collection, as Anki does without options."""
    collection.export_anki_package(out_path=str(path), options=ExportAnkiPackageOptions(), limit=None)


def imported(package: Path, folder: Path) -> Collection:
    """Return a new collection that a package was imported into."""
    collection = Collection(str(folder / "collection.anki2"))
    options = ImportAnkiPackageOptions()
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
    return collection


@contextmanager
def opened(package: Path) -> Iterator[sqlite3.Connection]:
    """Open the collection in a package that is not compressed as Anki's newest are."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package) as archive:
        connection = sqlite3.connect(archive.extract("collection.anki2", folder))
        try:
            yield connection
        finally:
            connection.close()


def contents(package: Path) -> tuple[int, int]:
    """Return how many notes and cards a package has."""
    with opened(package) as collection:
        found: tuple[int, int] = collection.execute(
            "SELECT (SELECT COUNT(*) FROM notes), (SELECT COUNT(*) FROM cards)"
        ).fetchone()
    return found


def rows(package: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a package has, by table."""
    with opened(package) as collection:
        return {name: collection.execute(f"SELECT * FROM {name}").fetchall() for name in ("col", "notes", "cards")}  # noqa: S608 - fixed names


def plain(package: Path) -> Plain:
    """Return what a package has; nothing else is held on the way, so that memory tells of this alone."""
    with opened(package) as collection:
        (decks,) = collection.execute("SELECT decks FROM col").fetchone()
        found = collection.execute(
            "SELECT did, mid, guid, flds, notes.tags FROM notes JOIN cards ON nid = notes.id "
            "GROUP BY notes.id ORDER BY notes.id"
        )
        notes = tuple(
            (deck, model, name, fields.split("\x1f"), tags.split()) for deck, model, name, fields, tags in found
        )
    return Plain({int(key): each["name"] for key, each in json.loads(decks).items() if key != "1"}, notes)


def our_peaks(count: int, package: Path) -> Peaks:
    """Return what builds of made-up notes take, and leave the package."""
    content, ledger = made_up(count, DECKS)
    return _peaks(partial(write_ours, content, ledger, package))


def genanki_peaks(package: Path) -> Peaks:
    """Return what builds of a package's notes take with genanki alone."""
    content, types = plain(package), made_up(0, 0)[0].types
    return _peaks(partial(write_genanki, content, types, package))


def _peaks(build: Callable[[], None]) -> Peaks:
    notes, builds = peak(), []
    for _ in range(BUILDS_IN_A_ROW):
        build()
        gc.collect()
        builds.append(peak())
    return Peaks(notes, tuple(builds))


def left_behind(name: str) -> int:
    """Return how many temporary files are there after some builds."""
    content, ledger = made_up(100, DECKS)
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "package")
        write_ours(content, ledger, package)
        bare = plain(package)
        for _ in range(BUILDS_LEFT):
            if name == OURS:
                write_ours(content, ledger, package)
            else:
                write_genanki(bare, content.types, package)
    return sum(path.is_file() for path in Path(tempfile.gettempdir()).rglob("*"))
