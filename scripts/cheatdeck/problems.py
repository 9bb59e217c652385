"""Problems in notes: what is wrong, where, and what to do about it; all of them reported at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cheatdeck.model import Span


class Code(StrEnum):
    """What can be wrong.

    N and C are errors, in notes and in the files that configure a notebook; W are warnings, with which a
    build goes on. F are errors that `nox -s facts` finds, and a build does not look for.
    """

    MISSING_ID = "N011"
    DUPLICATE_ID = "N012"
    MALFORMED_ID = "N013"
    BROKEN_TAGS = "N021"
    UNKNOWN_ELEMENT = "N022"
    UNKNOWN_ATTRIBUTE = "N023"
    MISPLACED = "N024"
    HEADING_LEVEL = "N025"
    INLINE_STYLE = "N026"
    EMPTY_QUESTION = "N031"
    EMPTY_CLOZE = "N032"
    NESTED_CLOZE = "N033"
    CLOZE_NUMBER = "N034"
    NO_CARD = "N035"
    UNDATED = "N036"
    OLD_WITHOUT_NEW = "N037"
    ROW_WITHOUT_HEADING = "N038"
    RAGGED_ROW = "N039"
    UNKNOWN_LIMIT = "N041"
    BROKEN_LINK = "N042"
    UNKNOWN_TASK = "N043"
    HIDDEN_LIMIT = "N044"
    OTHER_VALUE = "N045"
    UNGROUPED = "N046"
    BROKEN_DIAGRAM = "N051"
    LARGE_DIAGRAM = "N052"
    WRONG_ARITHMETIC = "N053"
    MANY_DELETIONS = "N061"
    LONG_LIST = "N062"
    GIVEN_AWAY = "N063"
    YES_NO = "N064"
    BARE_NUMBER = "N065"
    UNNAMED = "N066"
    MOJIBAKE = "N071"
    MIXED_QUOTES = "N072"
    ENDLESS_WORD = "N073"
    LOST_CARD = "N081"
    CHANGED_KIND = "N082"
    RETURNED_CARD = "N083"
    LOST_DELETION = "N084"
    LONG_ANSWER = "W061"
    DOUBLE = "W062"
    UNPROVEN_LIMIT = "W063"
    WIDE_CODE = "W064"
    UNDESCRIBED = "W065"
    TWO_SPELLINGS = "W066"
    UNPRINTABLE = "W067"
    LEFT_OUT = "W071"
    LOST_LINK = "W072"
    LOST_PICTURE = "W073"
    UNREADABLE = "C001"
    BAD_SETTING = "C002"
    IDLE_EXCEPTION = "C011"
    UNREASONED_EXCEPTION = "C012"
    BAD_LEDGER = "C021"
    MALFORMED_CHECK = "F001"
    NOTHING_TO_CHECK = "F002"
    CONTRADICTION = "F003"

    @property
    def is_warning(self) -> bool:
        """Tell whether a build goes on with it."""
        return self.startswith("W")


# Rules of judgement, from which a comment with a reason may except; all others hold always.
EXCUSABLE = frozenset(code for code in Code if code.startswith(("N06", "N07", "W")))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at one place, with a hint that says how to put it right.

    With a mild one a build goes on, whatever its code: nobody wrote those notes for cheatdeck.
    """

    code: Code
    span: Span
    message: str
    hint: str
    is_mild: bool = False

    @property
    def is_warning(self) -> bool:
        """Tell whether a build goes on with it."""
        return self.is_mild or self.code.is_warning


class NotesError(Exception):
    """The notes have problems; `problems` holds all that were found, `texts` the sources by shown file name."""

    def __init__(self, problems: Iterable[Problem], texts: Mapping[str, str]) -> None:
        """Keep the problems in order."""
        self.problems = in_order(problems)
        self.texts = dict(texts)
        super().__init__("\n".join(report(problem, "") for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of their places, each once."""
    return sorted(set(problems), key=lambda problem: (problem.span, problem.code, problem.message))


def report(problem: Problem, text: str) -> str:
    """Return a problem as shown to a note writer: place, message, the source line with the place underlined, hint.

    `text` is the whole source file; a line that it doesn't have is left out.
    """
    span = problem.span
    message = problem.message if len(problem.message) <= _MOST_SHOWN else f"{problem.message[:_MOST_SHOWN]}…"
    head = f"{span.file}:{span.line}:{span.column}: {problem.code} {message}"
    lines = _lines(text)
    if not text or span.line > len(lines):
        return _harmless(f"{head}\n   hint: {problem.hint}")
    gutter = f"{span.line:5} | "
    line, column = _around(lines[span.line - 1], span.column)
    # A tab stays a tab in the pad, so that the underline lines up whatever width the terminal gives it.
    pad = "".join("\t" if c == "\t" else " " for c in line[: column - 1])
    underline = "^" * max(1, min(span.length, len(line) - column + 1))
    blank = " " * (len(gutter) - 2) + "| "
    return _harmless(f"{head}\n{gutter}{line}\n{blank}{pad}{underline}\n   hint: {problem.hint}")


# All problems of a file are shown one after the other.
@lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    return text.split("\n")


def _around(line: str, column: int) -> tuple[str, int]:
    """Return a line, and a column of it, cut to what somebody can read."""
    if len(line) <= _MOST_SHOWN:
        return line, column
    start = max(0, column - 1 - _SHOWN_BEFORE)
    end = start + _MOST_SHOWN
    before = "…" if start else ""
    return f"{before}{line[start:end]}{'…' if end < len(line) else ''}", column - start + len(before)


_MOST_SHOWN, _SHOWN_BEFORE = 400, 60


def _harmless(text: str) -> str:
    """Return a text with signs for what would steer a terminal."""
    return text.translate(_SIGNS)


# Unicode has a picture of each control character, at the same place behind U+2400.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
# Others have none; what turns the direction of writing would turn all that follows, and half letters are in names of
# files that are no UTF-8.
_OTHERS = (*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000))
_SIGNS = _PICTURES | dict.fromkeys(_OTHERS, 0xFFFD)
