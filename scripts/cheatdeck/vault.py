"""A folder of notes as Obsidian and Notion leave it: what its files are called, and which of them a name means."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_NOTE = re.compile(r"\.(md|markdown|x?html?)$", re.IGNORECASE)
_KNOWN = re.compile(r"\.(md|markdown|x?html?|csv)$", re.IGNORECASE)
# Notion ends each name with an id of its own.
_NOTION_ID = re.compile(r"[ _-][0-9a-f]{32}(_all)?$")
# Of 17-sqs, 17_sqs, 17. sqs, 17 - sqs and 17; others are parts of names, as of 802.11 WiFi, 3D printing, 12-factor app.
_CHAPTER_NUMBER = re.compile(r"^(?![1-9][0-9]*-[a-z0-9]+ )([0-9]{1,3})(?:(?:[-_]+|\. +| - )(?=\S)|$)")
# The note that a folder begins with.
_FIRST = frozenset({"index", "_index", "home", "readme"})


def bare_name(path: str) -> str:
    """Return a file's name as people gave it: without folder, ending and Notion's id."""
    return _NOTION_ID.sub("", _KNOWN.sub("", posixpath.basename(path)))


def title_of(path: str) -> str:
    """Return what a file is called: its name without the number of a chapter."""
    name = bare_name(path)
    return _CHAPTER_NUMBER.sub("", name).strip() or name


def chapter_number(path: str) -> int | None:
    """Return the number of a chapter that a file's name begins with: 17 for 17-sqs.html."""
    found = _CHAPTER_NUMBER.match(bare_name(path))
    return int(found[1]) if found else None


def place_of(heading: str) -> str:
    """Return the name of a heading's place in its page, as GitHub, and others after it, make it of the heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def in_order(paths: Iterable[str]) -> list[str]:
    """Return files in the order of reading: by name, numbers as numbers.

    In each folder, its index or home note comes first; a note comes before the folder of the same name.
    """
    return sorted(paths, key=_place)


def _place(path: str) -> list[tuple[object, ...]]:
    *folders, file = path.split("/")
    parts = [(1, _by_number(_NOTION_ID.sub("", folder)), 1, folder) for folder in folders]
    return [*parts, (title_of(file).casefold() not in _FIRST, _by_number(bare_name(file)), 0, file)]


def _by_number(name: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"([0-9]{1,9})|([^0-9]+|[0-9]{10,})", name.casefold())
    return [(0, int(number), "") if number else (1, 0, text) for number, text in parts]


@dataclass(frozen=True, slots=True)
class Vault:
    """The files of a folder by the names that they go by in links."""

    by_name: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, paths: Iterable[str], aliases: Mapping[str, Iterable[str]]) -> "Vault":
        """Return the files found by their names.

        `paths` are relative to the folder, with /; `aliases` are further names of a path, from its front matter.
        """
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths, key=lambda path: (path.count("/"), path)):
            file = posixpath.basename(path)
            names = [file, _NOTE.sub("", file), title_of(file), *aliases.get(path, ())]
            for name in dict.fromkeys(name.casefold() for name in names):
                found[name].append(path)
        return cls({name: tuple(paths) for name, paths in found.items()})

    def resolve(self, here: str, name: str) -> str | None:
        """Return the address, relative to the file `here`, of the file that a name in it means, if there is one.

        A name may be a path from `here` or from the folder's top, or a file's name alone: then the one that lies
        next to the top is meant. A note's name needs no ending. No address leads out of the folder.
        """
        folder, name = posixpath.dirname(here), name.strip()
        near = posixpath.normpath(posixpath.join(folder, name)).removeprefix("/")
        name = name.strip("/")
        found = self.by_name.get(posixpath.basename(name).casefold(), ())
        for path in (near, posixpath.normpath(name)):
            if exact := [each for each in found if path.casefold() in _spellings(each)]:
                return posixpath.relpath(exact[0], folder or ".")
        ending = f"/{name}".casefold()
        close = [each for each in found if "/" not in name or any(s.endswith(ending) for s in _spellings(f"/{each}"))]
        return posixpath.relpath(close[0], folder or ".") if close else None


def _spellings(path: str) -> tuple[str, str]:
    return path.casefold(), _NOTE.sub("", path).casefold()
