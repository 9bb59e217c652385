"""Findings -> the tables that people read."""

from collections import Counter
from collections.abc import Sequence

from cheatdeck.words import aligned, counted
from facts.evidence import Evidence, Finding


def tables(findings: Sequence[Finding]) -> list[str]:
    """Return, as lines, a row for each limit with what proves its value, then how many rest on what."""
    rows = [(each.limit.key, each.limit.value, each.evidence, each.place) for each in findings]
    counts = Counter(each.evidence for each in findings)
    numbers = [(evidence, str(counts[evidence])) for evidence in Evidence]
    return [
        *aligned([("limit", "value", "evidence", "where"), *rows], ()),
        "",
        *aligned([("evidence", "limits"), *numbers, ("all", str(counts.total()))], {1}),
    ]


def summary(findings: Sequence[Finding], versions: str) -> str:
    """Return in a sentence how much was checked, against what."""
    checks = sum(each.checks for each in findings)
    broken = sum(len(each.problems) for each in findings)
    of = f"{counted(checks, 'check')} of {counted(sum(each.checks > 0 for each in findings), 'limit')}"
    return f"{of}, {counted(broken, 'problem')}, against {versions}."
