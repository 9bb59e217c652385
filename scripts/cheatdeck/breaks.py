"""Where words may be broken that are longer than any line.

WeasyPrint 70 takes a minute for a word of 2,000 letters in code, and more than twice that for twice as many; and ten
times as long where the pieces of a word are themselves longer than a line.
"""

import re
from collections.abc import Iterator

# A line of the sheet has some 60, of wide letters half as many.
LONG, APART = 100, 25
_BREAK = "\N{ZERO WIDTH SPACE}"
_TAG = re.compile(r"<style>.*?</style>|<[^>]*+>", re.DOTALL)
_LONG_WORD = re.compile(rf"\S{{{LONG + 1}}}")
_PIECE = re.compile(r"(?P<tag><style>.*?</style>|</?(?P<name>\w+)[^>]*+>)|(?P<space>[\s\u200b]+)|&[#\w]+;|.", re.DOTALL)
_WITHIN_WORDS = frozenset({"a", "abbr", "b", "code", "dfn", "em", "i", "kbd", "span", "strong", "sub", "sup"})


def broken(page: str) -> str:
    """Return a page of HTML whose words of more than 100 letters have a place to be broken at after every 25."""
    if not _LONG_WORD.search(_TAG.sub("", page)):
        return page
    return "".join(_pieces(page))


def _pieces(page: str) -> Iterator[str]:
    word: list[str] = []
    letters = 0
    for piece in _PIECE.finditer(page):
        if piece["space"] or (piece["tag"] and piece["name"] not in _WITHIN_WORDS):
            yield from _in_lines(word) if letters > LONG else word
            yield piece[0]
            word, letters = [], 0
        else:
            word.append(piece[0])
            letters += piece["tag"] is None
    yield from word


def _in_lines(word: list[str]) -> Iterator[str]:
    letters = 0
    for piece in word:
        yield piece
        if piece[0] != "<":
            letters += 1
            if letters % APART == 0:
                yield _BREAK
