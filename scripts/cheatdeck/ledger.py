"""cards.csv, the ledger: what each note was when it was last released, and since when it is so.

Anki updates a learner's note only if the package's copy of it was changed later than the learner's own.
So a note counts as changed when the release that first ships the change is cut: no earlier, or it would not
arrive; no later, or it would overwrite what the learner has made of a note that is still the same.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import StringIO

from cheatdeck import identity
from cheatdeck.archive import sha256
from cheatdeck.files import Files
from cheatdeck.model import Kind, Span, plain
from cheatdeck.problems import Code, Problem
from cheatdeck.prompts import Prompt
from cheatdeck.settings import Settings
from cheatdeck.source import SourceText

LEDGER_FILE = "cards.csv"
# What stands in the column `kind` for a note type, and what its key begins with.
NOTE_TYPE = "note-type"
TYPE_PREFIX = "Cheatdeck "

_TIME = "%Y-%m-%dT%H:%M:%SZ"
COLUMNS = {
    "key": re.compile(rf"[a-z0-9-]+|{TYPE_PREFIX}\w+"),
    "guid": re.compile(r"\S+"),
    "kind": re.compile("|".join([NOTE_TYPE, *Kind])),
    "hash": re.compile(r"[0-9a-f]{16}"),
    "changed_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "deletions": re.compile(r"(\d{1,3}:[0-9a-f]{8}( \d{1,3}:[0-9a-f]{8})*)?"),
    "retired_at": re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?"),
    "reason": re.compile(r"[^\x00-\x1f\x7f]*"),
    "successor": re.compile(r"([a-z0-9-]+)?"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: what was released of a note, or of a note type, which stands under its name.

    `changed_at` and `retired_at` are in seconds since 1970. `deletions` are a cloze note's numbers, each with a
    digest of the words that it hides. A row with a reason is retired, in favour of `successor` if there is one.
    """

    key: str
    guid: str
    kind: str
    hash: str
    changed_at: int
    deletions: tuple[tuple[int, str], ...] = ()
    retired_at: int | None = None
    reason: str = ""
    successor: str = ""
    span: Span = field(default=Span(LEDGER_FILE, 1, 1), repr=False, compare=False)

    @property
    def is_retired(self) -> bool:
        """Whether the note was taken out of the notes for good."""
        return bool(self.reason)


Ledger = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Thing:
    """A note or a note type that is going to be shipped, as far as the ledger keeps it."""

    key: str
    guid: str
    kind: str
    hash: str
    deletions: tuple[tuple[int, str], ...] = ()
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Shipment:
    """What differs from the last release, as keys, and the ledger as it is once this is released."""

    ledger: Ledger
    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def is_released(self) -> bool:
        """Whether all of it was released as it is."""
        return not (self.added or self.changed or self.retired or self.dropped)


def read(files: Files) -> Ledger:
    """Return the ledger of a notebook by keys, empty where there is none; `files` gets the problems."""
    source = files.read_if_there(LEDGER_FILE)
    if source is None:
        return {}
    entries: dict[str, Entry] = {}
    for entry in _entries(source, files.problems):
        if entry.key in entries:
            files.problems.append(_bad(entry.span, f'"{entry.key}" stands twice', "keep one of the rows"))
        entries.setdefault(entry.key, entry)
    return entries


def _entries(source: SourceText, problems: list[Problem]) -> Iterator[Entry]:
    lines = csv.reader(StringIO(source.text), strict=True)
    try:
        if next(lines, None) != list(COLUMNS):
            hint = f"the first line is: {','.join(COLUMNS)}"
            problems.append(_bad(Span(source.file, 1, 1), "the columns are not as they must be", hint))
            return
        for cells in lines:
            # A spreadsheet leaves rows of empty cells.
            if any(cells):
                span = source.span(source.offset(lines.line_num, 0), len(source.text))
                entry = _entry([cell.strip() for cell in cells], span, problems)
                if entry:
                    yield entry
    except csv.Error as error:
        hint = "keep to the quotes and commas of the other rows"
        problems.append(_bad(Span(source.file, lines.line_num, 1), f"no CSV: {error}", hint))


def _entry(cells: list[str], span: Span, problems: list[Problem]) -> Entry | None:
    if len(cells) != len(COLUMNS):
        hint = f"a row has {len(COLUMNS)} cells: {','.join(COLUMNS)}"
        problems.append(_bad(span, f"a row with {len(cells)} cells", hint))
        return None
    row = dict(zip(COLUMNS, cells, strict=True))
    times = {name: _seconds(row[name]) for name in ("changed_at", "retired_at")}
    wrong = [
        name
        for name, form in COLUMNS.items()
        if not form.fullmatch(row[name]) or (row[name] and times.get(name, 0) is None)
    ]
    problems += [_bad(span, f'{name} "{row[name]}" is not as it must be', _BY_HAND) for name in wrong]
    if wrong:
        return None
    pairs = (pair.partition(":") for pair in row["deletions"].split())
    deletions = tuple((int(number), digest) for number, _, digest in pairs)
    entry = Entry(
        row["key"], row["guid"], row["kind"], row["hash"], times["changed_at"] or 0, deletions, times["retired_at"],
        row["reason"], row["successor"], span,
    )  # fmt: skip
    mixed = list(_mixed_up(entry))
    problems += mixed
    return None if mixed else entry


def _mixed_up(entry: Entry) -> Iterator[Problem]:
    """Yield what in a row contradicts the rest of it."""
    is_type = entry.kind == NOTE_TYPE
    if is_type != entry.key.startswith(TYPE_PREFIX):
        yield _bad(entry.span, f'"{entry.key}" is of kind "{entry.kind}"', _BY_HAND)
    if is_type and entry.reason:
        yield _bad(entry.span, "a note type is not retired", "leave its column reason empty")
    if (entry.kind == Kind.CLOZE) != bool(entry.deletions):
        yield _bad(entry.span, "deletions stand with each cloze, and with nothing else", _BY_HAND)
    if entry.successor and not entry.reason:
        yield _bad(entry.span, "a successor, but no reason", "say in the column reason why the card is retired")
    if entry.retired_at is not None and not entry.reason:
        yield _bad(entry.span, "retired, but no reason any more", "put the reason back: a retired card does not return")


_BY_HAND = "write by hand in the columns reason and successor alone; the release writes the others"


def _bad(span: Span, message: str, hint: str) -> Problem:
    return Problem(Code.BAD_LEDGER, span, message, hint)


def _seconds(time: str) -> int | None:
    try:
        return int(datetime.strptime(time, _TIME).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def iso(time: int) -> str:
    """Return a time, in seconds since 1970, as the ledger has it: 2026-12-01T09:00:00Z."""
    return datetime.fromtimestamp(time, UTC).strftime(_TIME)


def deletions(prompt: Prompt) -> tuple[tuple[int, str], ...]:
    """Return the numbers of a prompt's deletions, each with a digest of the words that it hides."""
    hidden: dict[int, list[str]] = {}
    for mark in prompt.marks:
        hidden.setdefault(mark.number, []).append(" ".join(plain(mark.children).casefold().split()))
    return tuple((number, sha256(*words)[:8]) for number, words in sorted(hidden.items()))


def check(ledger: Ledger, prompts: Sequence[Prompt], settings: Settings, now: int) -> Iterator[Problem]:
    """Yield what would cost a learner something: a mistake in the ledger, a card that is not what was released.

    `now` is in seconds since 1970. Before the notebook's version is binding, cards come and go freely.
    """
    asked = {prompt.key: prompt for prompt in prompts}
    yield from _forged(ledger, settings, now)
    for entry in ledger.values():
        if entry.successor and entry.successor not in asked:
            hint = "name the card that asks for it now, or leave the column empty"
            yield _bad(entry.span, f'the successor "{entry.successor}" is no card of the notes', hint)
    for prompt in prompts:
        if prompt.key in ledger:
            yield from _kept(ledger[prompt.key], prompt, is_binding=settings.is_binding)


def _forged(ledger: Ledger, settings: Settings, now: int) -> Iterator[Problem]:
    """Yield what no release can have written."""
    others = [entry for entry in ledger.values() if entry.guid != _guid(settings.key, entry)]
    if others and len(others) == len(ledger):
        hint = "put the id in notebook.toml back: Anki knows all that learners have by it"
        yield _bad(others[0].span, f'the guids are not those of the notebook "{settings.key}"', hint)
    else:
        for entry in others:
            yield _bad(entry.span, f'the guid of "{entry.key}" is not "{entry.guid}"', _BY_HAND)
    for entry in ledger.values():
        if entry.changed_at > now:
            hint = "put back what the release wrote, or set this machine's clock right"
            yield _bad(entry.span, f"{iso(entry.changed_at)} is in the future", hint)
    if ledger and settings.is_binding and all(entry.kind != NOTE_TYPE for entry in ledger.values()):
        span = next(iter(ledger.values())).span
        yield _bad(span, "the rows of the note types are missing", "put cards.csv back as the release wrote it")


def _guid(notebook: str, entry: Entry) -> str:
    if entry.kind == NOTE_TYPE:
        return str(identity.note_type(notebook, entry.key.removeprefix(TYPE_PREFIX)))
    return identity.guid(notebook, entry.key)


def lost(ledger: Ledger, prompts: Sequence[Prompt]) -> Iterator[Problem]:
    """Yield the cards that were released, are not retired, and stand in the notes no more."""
    asked = {prompt.key for prompt in prompts}
    for entry in ledger.values():
        if entry.kind != NOTE_TYPE and not entry.is_retired and entry.key not in asked:
            message = f'the card "{entry.key}" was released, and is gone from the notes'
            hint = "bring it back, or retire it: say why in the column reason of its row"
            yield Problem(Code.LOST_CARD, entry.span, message, hint)


def _kept(entry: Entry, prompt: Prompt, *, is_binding: bool) -> Iterator[Problem]:
    fresh = f'give this one a new id, for example "{prompt.key}-2"'
    if entry.kind != prompt.kind and (is_binding or Kind.CLOZE in {entry.kind, prompt.kind}):
        message = f'the card "{prompt.key}" was released as {entry.kind}, and is {prompt.kind} now'
        hint = f"{fresh}, and retire the old one in {LEDGER_FILE}"
        yield Problem(Code.CHANGED_KIND, prompt.span, message, hint)
    elif is_binding and entry.is_retired:
        message = f'the card "{prompt.key}" is retired: {entry.reason}'
        hint = "take it out of the notes" if entry.retired_at is None else fresh
        yield Problem(Code.RETURNED_CARD, prompt.span, message, hint)
    elif is_binding:
        yield from _deletions_kept(entry, prompt)


def _deletions_kept(entry: Entry, prompt: Prompt) -> Iterator[Problem]:
    """Yield the numbers that a learner has studied, and that hide nothing now, or something else."""
    now = dict(deletions(prompt))
    words = {mark.number: plain(mark.children) for mark in prompt.marks}
    by_hand = {mark.number for mark in prompt.marks if mark.is_numbered}
    numbers = {digest: number for number, digest in now.items()}
    for number, digest in entry.deletions:
        moved = numbers.get(digest)
        hint = f'number the marks: <mark data-cloze="{number}">'
        if now.get(number) == digest:
            continue
        if moved is not None:
            message = f'the deletion "{words[moved]}" was released as number {number}, and is {moved} now'
        elif number not in now:
            message = f'the card "{prompt.key}" was released with deletion {number}, which is gone'
            hint = f'mark something with data-cloze="{number}", or give the rest a new id and retire this card'
        elif len(now) > len(entry.deletions) and number not in by_hand:
            message = f'there are more deletions than were released, and "{words[number]}" may not be number {number}'
        else:
            continue
        yield Problem(Code.LOST_DELETION, prompt.span, message, hint)


def ship(ledger: Ledger, things: Sequence[Thing], time: int) -> Shipment:
    """Return what a release at `time`, in seconds since 1970, ships.

    `things` are all that it ships, retired notes among them; what is not among them is dropped.
    """
    entries = {thing.key: _released(ledger.get(thing.key), thing, time) for thing in things}
    new = {key: entry for key, entry in entries.items() if key not in ledger or ledger[key].hash != entry.hash}
    retired = {key for key in new if new[key].is_retired and ledger[key].retired_at is None}
    return Shipment(
        entries,
        added=tuple(key for key in new if key not in ledger),
        changed=tuple(key for key in new if key in ledger and key not in retired),
        retired=tuple(key for key in new if key in retired),
        dropped=tuple(key for key in ledger if key not in entries),
    )


def _released(last: Entry | None, thing: Thing, time: int) -> Entry:
    changed_at = last.changed_at if last and last.hash == thing.hash else time
    if last and thing.is_retired:
        return replace(last, hash=thing.hash, changed_at=changed_at, retired_at=last.retired_at or time)
    return Entry(thing.key, thing.guid, thing.kind, thing.hash, changed_at, thing.deletions)


def as_csv(ledger: Ledger) -> bytes:
    """Return the ledger as it is written: note types first, each row in the order of the keys."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in sorted(ledger.values(), key=lambda entry: (entry.kind != NOTE_TYPE, entry.key)):
        hidden = " ".join(f"{number}:{digest}" for number, digest in entry.deletions)
        retired_at = "" if entry.retired_at is None else iso(entry.retired_at)
        writer.writerow(
            [entry.key, entry.guid, entry.kind, entry.hash, iso(entry.changed_at), hidden, retired_at, entry.reason,
             entry.successor]
        )  # fmt: skip
    return out.getvalue().encode()
