"""Ids for notes that have none: made of headings and questions, so that they stay when answers are reworded."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from cheatdeck.archive import sha256

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"[a-z0-9]+")
_MOST_WORDS = 6
_LONGEST_WORD = 24
_LONGEST_PATH = 60
_DIGEST = 6


def slug(text: str) -> str:
    """Return a text's first words as an id; where that leaves letters out, a digest of the text stands behind."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = _WORD.findall(plain)
    kept = [word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]]
    is_whole = kept == words and all(letter.isascii() or not letter.isalnum() for letter in plain)
    return "-".join(kept if is_whole else [*kept, _digest(" ".join(text.split()))])


def path_key(titles: Sequence[str]) -> str:
    """Return the id of a section by the titles that lead to it; a long one is cut, with a digest of all of it."""
    whole = "-".join(filter(None, map(slug, titles))) or _digest(*titles)
    if len(whole) <= _LONGEST_PATH:
        return whole
    return f"{whole[: _LONGEST_PATH - _DIGEST - 1].rpartition('-')[0]}-{_digest(*titles)}"


def _digest(*texts: str) -> str:
    return sha256(*texts)[:_DIGEST]


def key_of(given: str) -> str:
    """Return the id that an element is known by for the one that it was given, in whatever form; empty for none."""
    return given if KEY.fullmatch(given) else slug(given)


class Keys:
    """The ids of a notebook, each once."""

    def __init__(self, taken: Iterable[str] = (), given: Iterable[str] = ()) -> None:
        """Begin with the ids that are taken; those that elements were given are kept for them."""
        self._taken = set(taken)
        self._given = set(map(key_of, given))
        # The last number behind an id that was wanted: counting goes on from there.
        self._last: dict[str, int] = {}

    def keep(self, given: str) -> str:
        """Take the id that an element was given, and return it; empty where there is none, or another has it."""
        key = key_of(given)
        if key in self._taken:
            return ""
        self._taken.add(key)
        return key

    def take(self, wanted: str) -> str:
        """Take an id, with a number behind it where others have it or were given it, and return it."""
        key, number = wanted, self._last.get(wanted, 1)
        while key in self._taken or key in self._given:
            number += 1
            key = f"{wanted}-{number}"
        self._last[wanted] = number
        self._taken.add(key)
        return key
