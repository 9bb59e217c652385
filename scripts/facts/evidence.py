"""A limit's checks -> what proves its value, and what is wrong with them."""

import html
import json
import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from cheatdeck.arithmetic import calculate
from cheatdeck.files import setting_span
from cheatdeck.model import Limit, Span
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText
from facts.checks import Check, Form, Json, MalformedError, Operator, parse
from facts.packages import MissingError, Packages


class Evidence(StrEnum):
    """What the value of a limit rests on, from strong to weak; in doubt is one whose checks do not hold."""

    CONSTRAINT = "constraint"
    DATA = "data"
    PROSE = "prose"
    ARITHMETIC = "arithmetic"
    SOURCE = "source only"
    NONE = "unproven"
    DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class Finding:
    """A limit, what its value rests on, where that can be read, how many checks it has, and what is wrong."""

    limit: Limit
    evidence: Evidence
    place: str
    checks: int
    problems: tuple[Problem, ...]


# What a value must keep to, in API models and in JSON schemas. What it may be one of, an enum, counts as data.
_CONSTRAINTS = frozenset({"min", "max", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength",
                          "pattern", "format", "required"})  # fmt: skip
_PROSE = frozenset({"documentation", "description"})
_EXAMPLES = re.compile(r"/examples(/|-\d)")


def examine(limit: Limit, source: SourceText, packages: Packages) -> Finding:
    """Return what a limit rests on; `source` is the text of limits.toml.

    The first part of its check is the one for its value; further ones hold what is said around it.
    """
    if not limit.check:
        return Finding(limit, Evidence.SOURCE if limit.source else Evidence.NONE, limit.source, 0, ())
    try:
        checks = parse(limit.check)
    except MalformedError as error:
        message = f"a check that cannot be read: {_short(error.text)}"
        problem = Problem(Code.MALFORMED_CHECK, _span(source, limit, error.text), message, error.hint)
        return Finding(limit, Evidence.DOUBT, "", 0, (problem,))
    told = (_problem(check, _span(source, limit, check.text), packages) for check in checks)
    problems = tuple(problem for problem in told if problem)
    evidence = Evidence.DOUBT if problems else kind_of(checks[0])
    return Finding(limit, evidence, f"{checks[0].form} {checks[0].target}", len(checks), problems)


def kind_of(check: Check) -> Evidence:
    """Return what a check proves by, if it holds."""
    match check:
        case Check(form=Form.CALCULATION):
            return Evidence.ARITHMETIC
        case Check(form=Form.DOCUMENTATION):
            return Evidence.PROSE
        case Check(form=Form.FILE | Form.JSON_FILE, source=source) if _EXAMPLES.search(source):
            return Evidence.PROSE
        case Check(path=(*_, last)) if last in _CONSTRAINTS:
            return Evidence.CONSTRAINT
        case Check(path=(*_, last)) if last in _PROSE:
            return Evidence.PROSE
        case _:
            return Evidence.DATA


def _problem(check: Check, span: Span, packages: Packages) -> Problem | None:
    """Return what is wrong with a check, if anything is."""
    try:
        found = _found(check, packages)
        held = _holds(check, found)
    except MissingError as error:
        return Problem(Code.NOTHING_TO_CHECK, span, str(error), error.hint)
    except ValueError as error:
        return Problem(Code.MALFORMED_CHECK, span, f"{check.target}: {error}", _CALC_HINT)
    return None if held else Problem(Code.CONTRADICTION, span, _contradiction(check, found), _CHANGED_HINT)


def _found(check: Check, packages: Packages) -> Json:
    """Return what a check's target leads to.

    Raises MissingError where it leads nowhere, and ValueError for arithmetic that cannot be calculated.
    """
    match check.form:
        case Form.BOTOCORE:
            return _walk(packages.model(check.source), check)
        case Form.DOCUMENTATION:
            return _plain(str(_walk(packages.model(check.source), check, "documentation")))
        case Form.SCHEMA:
            return _walk(packages.schema(check.source), check)
        case Form.JSON_FILE:
            return _walk(_json(check.source, packages), check)
        case Form.FILE:
            return packages.text(check.source)
        case Form.CALCULATION:
            return calculate(check.source)


def _json(file: str, packages: Packages) -> Json:
    try:
        read: Json = json.loads(packages.text(file))
    except (ValueError, RecursionError) as error:
        raise MissingError(f"{file} is no JSON", "name a JSON file, or use pkgfile") from error
    return read


def _walk(tree: Json, check: Check, *more: str) -> Json:
    """Return the value at the end of a check's path, and of more steps."""
    node = tree
    for step in (*check.path, *more):
        match node:
            case dict() if step in node:
                node = node[step]
            case list() if step.isdecimal() and int(step) < len(node):
                node = node[int(step)]
            case _:
                raise MissingError(f"{check.target}: there is no {step}", _near(node, step))
    return node


def _near(node: Json, step: str) -> str:
    """Return a hint to what is there instead."""
    names = list(node) if isinstance(node, dict) else []
    near = get_close_matches(step, names, 3, cutoff=0.5) or names[:8]
    return f"there is {', '.join(near)}" if near else "nothing stands below what is in front of it"


def _plain(documentation: str) -> str:
    """Return documentation without its markup, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", documentation)).split())


def _holds(check: Check, found: Json) -> bool:
    """Tell whether what was found is as the check says.

    Raises MissingError where it is nothing that could contain what it should.
    """
    match check.operator, found, check.expected:
        case Operator.EQUALS, float() | int(), float() | int() as expected if check.form is Form.CALCULATION:
            return math.isclose(found, expected)
        case Operator.EQUALS, _, _:
            return _written(found) == _written(check.expected)
        case operator, (list() as values), expected:
            return (expected in values) == (operator is Operator.CONTAINS)
        case operator, (str() | dict() as text), str() as expected:
            return (expected in text) == (operator is Operator.CONTAINS)
        case _:
            raise MissingError(f"{check.target} has no parts, it is {_short(_written(found))}", _WHOLE_HINT)


def _contradiction(check: Check, found: Json) -> str:
    """Return in a sentence how what was found differs from what the limit says."""
    expected = _short(_written(check.expected))
    match check.operator:
        case Operator.EQUALS:
            return f"{check.target} is {_short(_written(found))}, not {expected}"
        case Operator.CONTAINS:
            return f"{check.target} does not contain {expected}"
        case Operator.LACKS:
            return f"{check.target} contains {expected}"


def _written(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _span(source: SourceText, limit: Limit, part: str) -> Span:
    """Return the place of a part of a limit's check; in a string with escapes that is the whole line."""
    line = setting_span(source, limit.key, ["check"])
    start = source.offset(line.line, line.column - 1)
    found = source.text.find(part, start, start + line.length)
    return line if found < 0 else source.span(found, len(part))


_LONGEST = 80
_CALC_HINT = "put the arithmetic right"
_CHANGED_HINT = "if AWS has changed the limit, change its value; if AWS says it elsewhere or otherwise, the check"
_WHOLE_HINT = "compare it as a whole, by =="
