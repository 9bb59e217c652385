"""Exceptions from rules: a comment on the line above names the rule and the reason.

In a chapter `<!-- ignore N062: the exam asks for the whole list -->`, in a TOML file
`# ignore W063: AWS gives no page for it`. An exception without a reason, and one that excuses nothing,
are problems themselves.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cheatdeck.model import Span
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText

_IN_HTML = re.compile(r"<!--\s*ignore\s+(?P<code>\w+)\s*(?::\s*(?P<reason>.*?))?\s*-->", re.DOTALL)
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
    found = {file: _exemptions(SourceText.of(file, text)) for file, text in texts.items()}
    left = []
    used: set[Span] = set()
    for problem in problems:
        excuses = [
            exemption
            for exemption in found.get(problem.span.file, ())
            if (exemption.code, exemption.line) == (problem.code, problem.span.line) and problem.code in excusable
        ]
        used |= {exemption.span for exemption in excuses}
        if not excuses:
            left.append(problem)
    for exemption in (exemption for exemptions in found.values() for exemption in exemptions):
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


def _exemptions(source: SourceText) -> tuple[Exemption, ...]:
    pattern = _IN_TOML if source.file.endswith(".toml") else _IN_HTML
    return tuple(
        Exemption(found["code"], found["reason"] or "", _next_line(source, pattern, found.end()),
                  source.span(found.start(), found.end() - found.start()))
        for found in pattern.finditer(source.text)
    )  # fmt: skip


def _next_line(source: SourceText, pattern: re.Pattern[str], offset: int) -> int:
    """Return the line of what follows, behind white space and further exceptions."""
    while True:
        blank = re.compile(r"\s*").match(source.text, offset)
        start = blank.end() if blank else offset
        again = pattern.match(source.text, start)
        if not again:
            return source.span(min(start, len(source.text))).line
        offset = again.end()
