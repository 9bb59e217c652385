"""Exceptions from rules: a comment on the line above names the rule and the reason.

In a chapter `<!-- ignore N062: the exam asks for the whole list -->`, in a TOML file
`# ignore W063: AWS gives no page for it`. An exception without a reason, and one that excuses nothing,
are problems themselves.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cheatdeck.model import Span
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText

_COMMENT = re.compile(r"<!--(?P<said>.*?)(?:-->|\Z)", re.DOTALL)
_IGNORE = re.compile(r"\s*ignore\s+(?P<code>\w+)\s*(?::(?P<reason>.*))?", re.DOTALL)
_IN_TOML = re.compile(r"^[ \t]*#[ \t]*ignore[ \t]+(?P<code>\w+)[ \t]*(?::[ \t]*(?P<reason>.*))?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Exemption:
    """What a comment excuses: a rule's code, and the line on which it does."""

    code: str
    reason: str
    line: int
    span: Span


def apply(problems: Iterable[Problem], texts: Mapping[str, str], excusable: Collection[str]) -> list[Problem]:
    """Return the problems that no exception excuses, and those of the exceptions.

    `texts` are the notebook's files by shown name; only problems of `excusable` codes can be excused.
    """
    found = [exemption for file, text in texts.items() for exemption in _exemptions(SourceText.of(file, text))]
    excuses: dict[tuple[str, str, int], set[Span]] = defaultdict(set)
    for exemption in found:
        if exemption.code in excusable:
            excuses[exemption.span.file, exemption.code, exemption.line].add(exemption.span)
    left = []
    used: set[Span] = set()
    for problem in problems:
        excused = excuses.get((problem.span.file, problem.code, problem.span.line), set())
        used |= excused
        if not excused:
            left.append(problem)
    for exemption in found:
        if exemption.span not in used:
            hint = "remove the comment, or put it right above the element"
            if exemption.code not in excusable:
                hint = "remove the comment: from this rule there are no exceptions"
            message = f"an exception from {exemption.code} that excuses nothing"
            left.append(Problem(Code.IDLE_EXCEPTION, exemption.span, message, hint))
        elif not exemption.reason:
            hint = f"say why: ignore {exemption.code}: the reason"
            left.append(Problem(Code.UNREASONED_EXCEPTION, exemption.span, "an exception without a reason", hint))
    return left


@dataclass(frozen=True, slots=True)
class _Comment:
    """What a comment says, and where it begins and ends."""

    code: str
    reason: str
    start: int
    end: int


def _exemptions(source: SourceText) -> list[Exemption]:
    found = list(_in_toml(source.text) if source.file.endswith(".toml") else _in_html(source.text))
    exemptions: list[Exemption] = []
    following, line = len(source.text), 0
    for comment in reversed(found):
        # Of comments with nothing but white space between, each is about what follows the last.
        between = source.text[comment.end : following]
        if between.strip() or not line:
            line = source.span(comment.end + len(between) - len(between.lstrip())).line
        span = source.span(comment.start, comment.end - comment.start)
        exemptions.append(Exemption(comment.code, comment.reason, line, span))
        following = comment.start
    return exemptions[::-1]


def _in_html(text: str) -> Iterator[_Comment]:
    for comment in _COMMENT.finditer(text):
        said = _IGNORE.fullmatch(comment["said"].rstrip())
        if said:
            yield _Comment(said["code"], (said["reason"] or "").strip(), comment.start(), comment.end())


def _in_toml(text: str) -> Iterator[_Comment]:
    for found in _IN_TOML.finditer(text):
        yield _Comment(found["code"], found["reason"] or "", found.start(), found.end())
