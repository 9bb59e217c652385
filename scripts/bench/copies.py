"""Notes that are several times as long: each chapter again, under other ids and in other words."""

import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from cheatdeck.files import SETTINGS_FILE
from cheatdeck.ledger import LEDGER_FILE
from cheatdeck.notebook import LIMITS_FILE

_CONSONANTS = "bcdfghjklmnpqrstvwxz"

_TAG = re.compile(r"<[a-z][^>]*>")
_ID = re.compile(r'(?P<start>\bid="|\bvalue="|\bhref="(?P<file>[^":#]*)#)(?P<id>[^"]+)')
_TITLE = re.compile(r'(?<=\btitle=")[^"]+')
# A word in small letters; what is written as limits.toml has it, or for machines, and names, are none.
_WORD = re.compile(
    r"<!--.*?-->|<(head|pre|code|data|output)\b.*?</\1>|<[^>]*>|&\w+;|[\w.-]*[^\Wa-z][\w.-]*|(?P<word>[a-z]{3,})",
    re.DOTALL,
)
_LIMIT_ID = re.compile(r"^(?:\[|section = |aliases = ).*$", re.MULTILINE)
_SUBJECT = re.compile(r"(?<=^subject = ).*$", re.MULTILINE)
_KEY = re.compile(r'[a-z0-9-]+(?=[\]"])')
_GROUP = re.compile(r"^chapters = \[([\d, ]+)\]$", re.MULTILINE)


def copied(source: Path, count: int, folder: Path) -> Path:
    """Write the files of notes with each chapter `count` times, linked to its like; nothing of them was released.

    Words have other consonants in each copy, so that cards ask the same only where they ask for a name.
    """
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.html", LEDGER_FILE))
    chapters = {path.name: path.read_text(encoding="utf-8") for path in source.glob("[0-9]*.html")}
    limits = (source / LIMITS_FILE).read_text(encoding="utf-8")
    settings = (source / SETTINGS_FILE).read_text(encoding="utf-8")
    names = frozenset(word for name in tomllib.loads(settings)["names"] for word in re.findall("[a-z]+", name))
    last = max(map(_number, chapters))
    copies = [_Copy(number, number * last, names) for number in range(count)]
    for copy in copies:
        for name, text in chapters.items():
            (folder / copy.file_name(name)).write_text(copy.chapter(text), encoding="utf-8")
    (folder / LIMITS_FILE).write_text("\n".join(copy.limits(limits) for copy in copies), encoding="utf-8")
    (folder / SETTINGS_FILE).write_text(
        _GROUP.sub(lambda group: f"chapters = {_grown(group[1], copies)}", settings), encoding="utf-8"
    )
    return folder


def _number(name: str) -> int:
    return int(name.partition("-")[0])


def _grown(numbers: str, copies: "list[_Copy]") -> list[int]:
    return [int(number) + copy.shift for copy in copies for number in numbers.split(",")]


@dataclass(frozen=True, slots=True)
class _Copy:
    """One of the copies: `shift` is between its chapters' numbers and the first ones'; `names` has words to keep."""

    number: int
    shift: int
    names: frozenset[str]

    def file_name(self, name: str) -> str:
        return f"{_number(name) + self.shift:03}-{name.partition('-')[2]}"

    def chapter(self, text: str) -> str:
        return self._reworded(_TAG.sub(lambda tag: self._tag(tag[0]), text))

    def limits(self, text: str) -> str:
        renamed = _LIMIT_ID.sub(lambda line: _KEY.sub(lambda key: self._id(key[0]), line[0]), text)
        return _SUBJECT.sub(lambda subject: self._reworded(subject[0]), renamed)

    def _tag(self, tag: str) -> str:
        return _ID.sub(self._address, _TITLE.sub(lambda title: self._reworded(title[0]), tag))

    def _address(self, found: re.Match[str]) -> str:
        start, file = found["start"], found["file"]
        return f"{start.replace(file, self.file_name(file)) if file else start}{self._id(found['id'])}"

    def _id(self, key: str) -> str:
        return f"{key}-copy-{self.number}" if self.number else key

    def _reworded(self, text: str) -> str:
        others = str.maketrans(_CONSONANTS, _CONSONANTS[self.number :] + _CONSONANTS[: self.number])
        return _WORD.sub(lambda found: found[0].translate(others) if self._is_own(found["word"]) else found[0], text)

    def _is_own(self, word: str | None) -> bool:
        return word is not None and not {word, word.removesuffix("s")} & self.names
