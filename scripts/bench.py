"""Measures what is built here against other ways to do the same, all within one run, so that ratios can be read.

`nox -s bench -- TOPIC` runs this. Notes are made up, and always the same.
"""

import argparse
import gc
import json
import os
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import genanki
from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from genanki.apkg_schema import APKG_SCHEMA
from markupsafe import Markup

from cheatdeck.archive import zipped
from cheatdeck.cards import Note
from cheatdeck.deck import Deck, Faces, NoteType, build_deck, note_types
from cheatdeck.identity import guid
from cheatdeck.ledger import Ledger, ship
from cheatdeck.model import Section, Span, Text
from cheatdeck.paths import Paths
from cheatdeck.prompts import Kind
from cheatdeck.settings import Settings

P = ParamSpec("P")
K = TypeVar("K")
T = TypeVar("T")

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

TIME = 1_700_000_000
MEGABYTE = 1_000_000

WORDS = """
    access account action alarm alias application archive attribute audit backup balancer bandwidth batch bucket
    cache capacity certificate client cluster command compute condition configuration connection console consumer
    container counter credential database deadline default delay deployment device directory domain duration
    encryption endpoint environment event execution expiry export failover failure filter function gateway group
    handler header health identity image import index instance integration invocation item journal key latency layer
    library lifecycle limit listener lock machine message method metric migration mode monitor namespace network
    notification object operation option origin package parameter partition password path payload permission pipeline
    policy pool port prefix price principal priority process producer product profile protocol provider proxy query
    queue quota rate read record recovery region release replica report request resource response result retention
    retry role rollback route rule runtime sample scaling schedule schema secret segment server service session
    shard signature size snapshot source stack stage state statement storage stream subnet table target task
    template tenant threshold throughput timeout token topic trace traffic transaction transfer trigger update
    upload user value variable version volume window worker write zone
    a after and are as at before by can each every for from has if in into is it its more needs no not of on once
    only or per than that the then this to unless until when with without
""".split()  # noqa: SIM905 - shorter to read than a list


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that has to be true of what was measured, and whether it was."""

    text: str
    is_kept: bool


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


def main() -> int:
    """Measure a topic, print the tables and what was promised; return 1 where a promise is broken."""
    promises = TOPICS[arguments().topic]()
    for promise in promises:
        print(f"{'kept' if promise.is_kept else 'BROKEN':6}  {promise.text}")
    return 0 if all(promise.is_kept for promise in promises) else 1


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="nox -s bench --",
        description=__doc__,
        epilog="Tables go to the standard output, progress to standard error. "
        "Exit codes: 0 all promises are kept, 1 one is broken, 2 wrong usage.",
    )
    parser.add_argument(
        "topic", choices=list(TOPICS), help="what to measure; deck: the Anki package, against genanki alone, "
        "Anki's own export and bare rows in sqlite, in two or three minutes",
    )  # fmt: skip
    return parser.parse_args()


def deck() -> list[Promise]:
    """Measure the Anki package: time, size, many decks, memory, and what is left in the temporary folder."""
    return [*_speed(), *_many_decks(), *_memory(), *_temporary_files()]


TOPICS: dict[str, Callable[[], list[Promise]]] = {"deck": deck}


def _speed() -> Iterator[Promise]:
    measured = {}
    for count, rounds in ROUNDS.items():
        _say(f"time and size: {count:,} notes, {rounds} rounds …")
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
    _say(f"many decks: {', '.join(map('{:,}'.format, MANY_DECKS))} decks, {DECK_ROUNDS} rounds …")
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
        _say(f"memory: {count:,} notes …")
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder, "package")
            measured[count, OURS] = fresh(our_peaks, count, package)
            measured[count, GENANKI] = fresh(genanki_peaks, package)
    print("The most memory that a process takes, above one that only imports.\n")
    table(
        ["notes", "way", "MB for the notes", "at the peak of a build", "for the build alone", "cheatdeck = 1"],
        [
            [f"{count:,}", name, _megabytes(peaks.notes - idle), _megabytes(peaks.builds[0] - idle),
             _megabytes(peaks.build), f"{peaks.build / measured[count, OURS].build:.2f}"]
            for (count, name), peaks in measured.items()
        ],
    )  # fmt: skip
    print(f"The same after {BUILDS_IN_A_ROW} builds in one process: what a build leaves behind would add up.\n")
    table(
        ["notes", "way", "MB more than after the first"],
        [[f"{count:,}", name, _megabytes(peaks.growth)] for (count, name), peaks in measured.items()],
    )
    for count in HELD:
        ours, bare = measured[count, OURS], measured[count, GENANKI]
        yield Promise(f"a build of {count:,} notes takes no more memory than genanki alone", ours.build <= bare.build)
        text = f"{BUILDS_IN_A_ROW} builds of {count:,} notes take at most a tenth more memory than the first"
        yield Promise(text, ours.growth <= MOST_GROWTH * ours.build)


def _temporary_files() -> Iterator[Promise]:
    _say("temporary files …")
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


def medians(ready: Mapping[K, Callable[[], None]], rounds: int) -> dict[K, float]:
    """Return the median of the seconds of each way; they take turns, so that a busy moment hits all alike."""
    taken: dict[K, list[float]] = {key: [] for key in ready}
    # No way is to be slowed down by looking for garbage in what the others need.
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for key, way in ready.items():
            gc.collect()
            start = time.perf_counter()
            way()
            taken[key].append(time.perf_counter() - start)
    return {key: statistics.median(seconds) for key, seconds in taken.items()}


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


def peak() -> int:
    """Return the most bytes that this process has held."""
    # Linux counts in kilobytes, macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


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


def made_up(count: int, decks: int) -> tuple[Deck, Ledger]:
    """Return a deck of notes that are made up, a third of them with 2 deletions, and the ledger of their release."""
    settings = Settings("bench", "Made-up notes", "1.0.0", "en", None)
    chance = random.Random(1)  # noqa: S311 - the same notes every time are what is wanted
    chapters = [_chapter(number) for number in range(1, decks + 1)]
    notes = tuple(_note(number, chapters[number * decks // count], chance) for number in range(count))
    faces = Faces.read(Paths.of(Path(), Path()).templates / "cards")
    content = Deck(settings, notes, note_types(settings, faces), {})
    return content, ship({}, content.things(), TIME).ledger


def _chapter(number: int) -> Section:
    nowhere = Span("", 1, 1)
    title = (Text(f"Chapter about the {WORDS[number % len(WORDS)]}", nowhere),)
    return Section(f"chapter-{number}", (number,), title, (), (), (), (), nowhere)


def _note(number: int, chapter: Section, chance: random.Random) -> Note:
    kind = (Kind.CLOZE, Kind.QUESTION, Kind.DEFINITION)[number % 3]
    is_cloze = kind is Kind.CLOZE
    key = f"{chance.choice(WORDS)}-{chance.choice(WORDS)}-{number}"
    label = Markup("{}").format(chapter.heading)
    return Note(
        key=key,
        guid=guid("bench", key),
        kind=kind,
        front=_text(chance, deletions=2 if is_cloze else 0),
        back=Markup() if is_cloze else _text(chance),
        extra=Markup("<p><b>Exam:</b> {}</p>").format(_text(chance)) if number % 4 == 0 else Markup(),
        tags=(f"bench::chapter::{chapter.key}", f"bench::kind::{kind}", f"exam::{number % 5}"),
        numbers=(1, 2) if is_cloze else (0,),
        deletions=((1, f"{number:08x}"), (2, f"{number:08x}")) if is_cloze else (),
        chapter=chapter,
        section=chapter,
        chapter_label=label,
        section_label=label,
        sources=Markup('<a href="https://example.com/{}">{}</a>').format(key, key),
    )


def _text(chance: random.Random, deletions: int = 0) -> Markup:
    """Return 60 to 250 characters or so with some HTML, the last words in deletions."""
    words = chance.choices(WORDS, k=chance.randint(9, 28))
    words[1] = f"<strong>{words[1]}</strong>"
    words[4] = f"<code>{words[4]}</code>"
    for number in range(1, deletions + 1):
        words[-number] = f"{{{{c{number}::{words[-number]}}}}}"
    return Markup(" ".join(words))


def fresh(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `work` does in a process of its own, with a temporary folder of its own.

    On Linux the peak of a process begins with that of its parent, so this one must do no work itself.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, get_context("spawn"), _use_temporary, (folder,)) as pool,
    ):
        return pool.submit(work, *args, **kwargs).result()


def _use_temporary(folder: str) -> None:
    tempfile.tempdir = os.environ["TMPDIR"] = folder


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Print a table, numbers to the right, and an empty line after it."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    is_number = [all(cell[:1].isdigit() or cell[:1] == "-" for cell in column) for column in zip(*lines, strict=True)]
    for line in (head, *lines):
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, is_number, strict=True)
        )
        print("  ".join(cells).rstrip())
    print(flush=True)


def _megabytes(count: int) -> str:
    return f"{count / MEGABYTE:.0f}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
