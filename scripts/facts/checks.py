"""The text of a limit's `check` -> what is to hold, and where that stands; nothing of it is executed.

A check is one or more parts, joined by ` && `. A part is `FORM: TARGET OPERATOR JSON`:

    botocore: SERVICE.PATH == JSON                  the model of an API: operations, shapes, metadata
    botocore-doc: SERVICE.PATH contains "words"     AWS's documentation of it
    cfn: AWS::TYPE/POINTER == JSON                  the schema of a CloudFormation resource
    pkgjson: FILE#/POINTER == JSON                  a JSON file of an installed package
    pkgfile: FILE contains "text"                   any other file of one
    calc: ARITHMETIC == NUMBER                      a worked example

The operators are ==, contains and not-contains. A pointer is one of RFC 6901.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Form(StrEnum):
    """Where a check looks."""

    BOTOCORE = "botocore"
    DOCUMENTATION = "botocore-doc"
    SCHEMA = "cfn"
    JSON_FILE = "pkgjson"
    FILE = "pkgfile"
    CALCULATION = "calc"


class Operator(StrEnum):
    """How what is found is compared with what is expected."""

    EQUALS = "=="
    CONTAINS = "contains"
    LACKS = "not-contains"


@dataclass(frozen=True, slots=True)
class Check:
    """One part of a limit's check.

    `source` is a service, a type of resource, a file or arithmetic; `path` leads to a value within it. `target` is
    both of them as they are written, and `text` the whole part.
    """

    form: Form
    target: str
    source: str
    path: tuple[str, ...]
    operator: Operator
    expected: Json
    text: str


class MalformedError(ValueError):
    """A part that cannot be read: `text` is that part and what follows, `hint` says what it should be."""

    def __init__(self, text: str, hint: str) -> None:
        """Keep the text and the hint."""
        super().__init__(text)
        self.text = text
        self.hint = hint


_JOINT = " && "
_HEAD = re.compile(rf"(?P<form>[a-z-]+): (?P<target>\S(?:(?!{_JOINT}).)*?) (?P<operator>{'|'.join(Operator)}) ")
_FORMS = ", ".join(Form)
_WORDS = (Form.DOCUMENTATION, Form.FILE)


def parse(text: str) -> tuple[Check, ...]:
    """Return the parts of a check in order, one at least.

    Raises MalformedError for the first that cannot be read.
    """
    checks = []
    start = 0
    while True:
        check = _parse_one(text, start)
        checks.append(check)
        start += len(check.text)
        if start == len(text):
            return tuple(checks)
        if not text.startswith(_JOINT, start):
            raise MalformedError(text[start:].strip(), f"join the parts of a check by{_JOINT}")
        start += len(_JOINT)


def _parse_one(text: str, start: int) -> Check:
    """Return the part that begins at an offset; what follows it is not looked at."""
    head = _HEAD.match(text, start)
    if not head or head["form"] not in set(Form):
        raise MalformedError(text[start:], f"write FORM: TARGET {' | '.join(Operator)} JSON; a form is one of {_FORMS}")
    try:
        expected, end = json.JSONDecoder().raw_decode(text, head.end())
    except (ValueError, RecursionError) as error:
        raise MalformedError(text[start:], f'write JSON behind {head["operator"]}: 900, "text", [1, 3]') from error
    form = Form(head["form"])
    target = head["target"]
    check = Check(form, target, *_SPLIT[form](target), Operator(head["operator"]), expected, text[start:end])
    if form in _WORDS and (check.operator is Operator.EQUALS or not isinstance(expected, str)):
        raise MalformedError(check.text, f'a {form} check is: {form}: TARGET contains "text"')
    if form is Form.CALCULATION and (check.operator is not Operator.EQUALS or type(expected) not in {int, float}):
        raise MalformedError(check.text, f"a {form} check is: {form}: ARITHMETIC == NUMBER")
    return check


def _dotted(target: str) -> tuple[str, tuple[str, ...]]:
    source, *path = target.split(".")
    return source, tuple(path)


def _pointed(separator: str) -> Callable[[str], tuple[str, tuple[str, ...]]]:
    def split(target: str) -> tuple[str, tuple[str, ...]]:
        source, found, pointer = target.partition(separator)
        steps = pointer.split("/") if found else []
        return source, tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)

    return split


def _whole(target: str) -> tuple[str, tuple[str, ...]]:
    return target, ()


_SPLIT = {
    Form.BOTOCORE: _dotted,
    Form.DOCUMENTATION: _dotted,
    Form.SCHEMA: _pointed("/"),
    Form.JSON_FILE: _pointed("#/"),
    Form.FILE: _whole,
    Form.CALCULATION: _whole,
}
