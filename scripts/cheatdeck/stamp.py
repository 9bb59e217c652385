"""Ids written into notes: those that headings and cards have now, so that they stay whatever is reworded.

Nothing else of a file changes. What would make of the notes anything else than they are is not written.
"""

import re
import stat
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path, PurePosixPath

from cheatdeck import archive
from cheatdeck.derive.sections import derive
from cheatdeck.files import Files, decoded
from cheatdeck.folder import MARKDOWN
from cheatdeck.leniency import softened
from cheatdeck.model import Notebook, Span
from cheatdeck.naming import named
from cheatdeck.notebook import read_notebook
from cheatdeck.paths import Paths
from cheatdeck.plain import places
from cheatdeck.problems import Code, NotesError, Problem
from cheatdeck.prompts import prompts
from cheatdeck.source import SourceText

_START_TAG = re.compile(r"<[A-Za-z][^\s/>]*")

# The begin of a tag, up to the end of its name.
_IN_TAG = re.compile(r"<[A-Za-z][A-Za-z0-9]*$")
_LONGEST_NAME = 12


@dataclass(frozen=True, slots=True)
class Stamp:
    """An id, and the place in a file's text where it is to be written; the file by its shown name."""

    file: str
    offset: int
    key: str


@dataclass(frozen=True, slots=True)
class Change:
    """A file by its shown name, as it was read and as it is to be; `ids` are how many are new in it."""

    file: str
    before: bytes
    after: bytes
    ids: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and the places of sections and cards whose ids have no place in their files.

    `remarks` are what was taken for granted of the notebook.
    """

    changes: tuple[Change, ...]
    placeless: tuple[Span, ...]
    remarks: tuple[str, ...]


def plan(paths: Paths) -> Plan:
    """Return the ids to be written into a notebook's files; nothing is written yet.

    Raises NotesError for notes that cannot be read.
    """
    now = _read(paths, {})
    wanted, placeless = _wanted(paths, now, {})
    data = {file: _bytes(file, now.texts[file], now.texts) for file in sorted({each.file for each in wanted})}
    trial = _Trial(paths, data, _said(now.book), _homes(now.book))
    stamps = trial.sound(wanted, ())
    left = {each.key for each in wanted} - {each.key for each in stamps}
    unplaced = [span for span, key in _keyed(now.book) if key in left]
    files = _stamped(data, stamps)
    counts = {file: sum(each.file == file for each in stamps) for file in files}
    changes = (Change(file, data[file], after, counts[file]) for file, after in files.items() if counts[file])
    return Plan(tuple(changes), tuple(sorted({*placeless, *unplaced})), now.remarks)


def write(changes: Sequence[Change]) -> None:
    """Write files whole, if all of them can be.

    Raises NotesError for those that cannot be, or have changed since they were read, and WriteError.
    """
    problems = [problem for change in changes for problem in _hindrances(change)]
    targets = Counter(Path(change.file).resolve() for change in changes)
    for change in changes:
        if targets[Path(change.file).resolve()] > 1:
            message = "the file has several names, and its notes several ids"
            problems.append(_problem(change.file, message, "keep one of its names in the notebook; none was written"))
    if problems:
        raise NotesError(problems, {})
    for change in changes:
        archive.write_whole(Path(change.file).resolve(), change.after)


def _hindrances(change: Change) -> Iterator[Problem]:
    path = Path(change.file)
    with archive.writing(path):
        if not path.stat().st_mode & stat.S_IWUSR:
            yield _problem(change.file, "cannot write the file: it is read-only", "make it writable; none was written")
        elif path.read_bytes() != change.before:
            yield _changed(change.file)


def _changed(file: str) -> Problem:
    return _problem(file, "the file has changed while ids were made for it", "stamp once more; none was written")


def _problem(file: str, message: str, hint: str) -> Problem:
    return Problem(Code.UNREADABLE, Span(file, 1, 1), message, hint)


def _bytes(file: str, text: str, texts: Mapping[str, str]) -> bytes:
    """Return the bytes of a file that was read as a text."""
    with archive.writing(Path(file)):
        data = Path(file).read_bytes()
    if decoded(data) != text:
        raise NotesError([_changed(file)], texts)
    return data


# Where ids are wanted


@dataclass(frozen=True, slots=True)
class _Notes:
    """A notebook with all ids that it needs, made ones among them, with the places of those in our own files."""

    book: Notebook
    made: tuple[tuple[Span, str], ...]
    plain: frozenset[str]
    texts: Mapping[str, str]
    remarks: tuple[str, ...]


def _read(paths: Paths, instead: Mapping[str, bytes], *, by_place: bool = False) -> _Notes:
    files = replace(Files.of(paths.notebook, paths.out), instead=instead, by_place=by_place)
    book = read_notebook(files)
    problems = softened(files.problems, files.plain)
    if any(not problem.is_warning for problem in problems):
        raise NotesError(problems, files.texts)
    whole, made = named(book, files.plain)
    return _Notes(derive(whole, files.plain), tuple(made), frozenset(files.plain), files.texts, tuple(files.remarks))


def _wanted(paths: Paths, now: _Notes, instead: Mapping[str, bytes]) -> tuple[list[Stamp], list[Span]]:
    """Return the ids to be written, in the order of the files, and the places of those that have no place."""
    by_place = _read(paths, instead, by_place=True)
    found = {_in_tag(now.texts[span.file], span, key) for span, key in now.made}
    placeless = []
    for (span, key), (_, place) in zip(_keyed(now.book), _keyed(by_place.book), strict=False):
        offset = places.offset_of(place)
        if span.file not in now.plain:
            continue
        if offset is not None:
            found.add(Stamp(span.file, offset, key))
        elif not places.is_held(place):
            placeless.append(span)
    return sorted(found, key=lambda stamp: (stamp.file, stamp.offset)), placeless


def _keyed(book: Notebook) -> list[tuple[Span, str]]:
    """Return the places and the ids of sections and cards: all sections, then all cards, in order."""
    sections = ((section.span, section.key) for section in book.sections())
    return [*sections, *((prompt.span, prompt.key) for prompt in prompts(book))]


def _in_tag(text: str, span: Span, key: str) -> Stamp:
    """Return the id of an element written for cheatdeck, behind the name in its start tag."""
    start = SourceText.of(span.file, text).offset(span.line, span.column - 1)
    tag = _START_TAG.match(text, start)
    return Stamp(span.file, tag.end() if tag else start, key)


# How they are written


def _stamped(data: Mapping[str, bytes], stamps: Iterable[Stamp]) -> dict[str, bytes]:
    """Return files with ids in them."""
    by_file: dict[str, list[Stamp]] = defaultdict(list)
    for stamp in stamps:
        by_file[stamp.file].append(stamp)
    return {file: _with_ids(data[file], PurePosixPath(file), found) for file, found in by_file.items()}


def _with_ids(data: bytes, path: PurePosixPath, stamps: Sequence[Stamp]) -> bytes:
    """Return a file with ids in it, all its other bytes as they are."""
    is_markdown = path.suffix.lower() in MARKDOWN
    written = data.decode()
    offsets = _Offsets(written)
    parts: list[str] = []
    rest = len(written)
    for stamp in sorted(stamps, key=lambda stamp: stamp.offset, reverse=True):
        at = offsets.written(stamp.offset)
        is_tag = not is_markdown or _IN_TAG.search(written, max(0, at - _LONGEST_NAME), at)
        parts += [
            written[at:rest],
            f' id="{stamp.key}"' if is_tag else _attribute_list(written[at - 1 : at], stamp.key),
        ]
        rest = at
    parts.append(written[:rest])
    return "".join(reversed(parts)).encode()


def _attribute_list(before: str, key: str) -> str:
    """Return what gives an element of Markdown its id, as a list of its own or, behind a brace, within one."""
    return f"#{key} " if before == "{" else f" {{#{key}}}"


class _Offsets:
    """Where the letters of a text stand in the file that it was read from: line ends may be of two letters there."""

    def __init__(self, written: str) -> None:
        self._before = int(written.startswith("\N{BYTE ORDER MARK}"))
        body = written[self._before :]
        self._pairs = [found.start() - number for number, found in enumerate(re.finditer("\r\n", body))]

    def written(self, offset: int) -> int:
        """Return the place in the file for a place in the text."""
        return self._before + offset + bisect_left(self._pairs, offset)


# Whether they may be


@dataclass(frozen=True, slots=True)
class _Trial:
    """Tries ids out: the notes have to be the same with them, and to have got them.

    `said` is what each section says now, `homes` the section of each id.
    """

    paths: Paths
    data: Mapping[str, bytes]
    said: Mapping[str, object]
    homes: Mapping[str, str]

    def sound(self, stamps: Sequence[Stamp], before: tuple[Stamp, ...]) -> tuple[Stamp, ...]:
        """Return those of some ids that can be written beside others that can."""
        doubted = self._doubted((*before, *stamps)) if stamps else set()
        if not doubted:
            return tuple(stamps)
        if len(stamps) == 1:
            return ()
        first = [stamp for stamp in stamps if stamp.key not in doubted]
        rest = [stamp for stamp in stamps if stamp.key in doubted]
        if not first or not rest:
            first, rest = list(stamps[::2]), list(stamps[1::2])
        written = self.sound(first, before)
        return (*written, *self.sound(rest, (*before, *written)))

    def _doubted(self, stamps: Sequence[Stamp]) -> set[str]:
        """Return ids that may be why the notes are not the same with all of these, none if they are."""
        keys = {stamp.key for stamp in stamps}
        instead = _stamped(self.data, stamps)
        try:
            then = _read(self.paths, instead)
            still_wanted, _ = _wanted(self.paths, then, instead)
        except NotesError:
            return keys
        said = _said(then.book)
        changed = {key for key in said.keys() | self.said.keys() if said.get(key) != self.said.get(key)}
        return {stamp.key for stamp in still_wanted if stamp.key in keys} | {
            key for key, home in self.homes.items() if home in changed
        }


def _said(book: Notebook) -> dict[str, object]:
    """Return what each section says, with the ids of its cards, as something to compare."""
    cards: dict[str, list[str]] = defaultdict(list)
    for prompt in prompts(book):
        cards[prompt.section.key].append(prompt.key)
    return {
        section.key: (cards[section.key], _without_places(replace(section, sections=()))) for section in book.sections()
    }


def _homes(book: Notebook) -> dict[str, str]:
    """Return the section of each id, of sections and of cards."""
    return {prompt.key: prompt.section.key for prompt in prompts(book)} | {s.key: s.key for s in book.sections()}


def _without_places(value: object) -> object:
    """Return what notes say without the places where it stands."""
    match value:
        case Span():
            return None
        case tuple() | list():
            return tuple(map(_without_places, value))
        case _ if is_dataclass(value):
            return (type(value), *(_without_places(getattr(value, field.name)) for field in fields(value)))
        case _:
            return value
