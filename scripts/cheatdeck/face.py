"""Anki's language of card templates, as far as our own card faces use it: a note's fields -> what a card shows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from cheatdeck.deck import Face


class FaceError(Exception):
    """A template that says what this module does not know."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What Anki shows of one card: its question, and its answer."""

    question: Markup
    answer: Markup


def sides(face: Face, fields: Mapping[str, str], number: int) -> Sides:
    """Return a card's two sides; `number` is that of the deletion that a cloze card asks for, else 0."""
    return Sides(
        _filled(face.front, fields, lambda tag: _asked(tag, fields, number)),
        _filled(face.back, fields, lambda tag: _told(tag, fields, number)),
    )


def asked(text: str, number: int) -> str:
    """Return a cloze note's text with the deletions of one number as gaps."""

    def gap(found: re.Match[str]) -> str:
        shown = found[2]
        if int(found[1]) != number:
            return f'<span class="cloze-inactive" data-ordinal="{found[1]}">{shown}</span>'
        hidden = _NOT_PLAIN.sub(lambda odd: _NAMED.get(odd[0], f"&#x{ord(odd[0]):02X};"), shown)
        return f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{number}">[...]</span>'

    return _DELETION.sub(gap, text)


def told(text: str, number: int) -> str:
    """Return a cloze note's text with the deletions of one number set off."""

    def word(found: re.Match[str]) -> str:
        look = "cloze" if int(found[1]) == number else "cloze-inactive"
        return f'<span class="{look}" data-ordinal="{found[1]}">{found[2]}</span>'

    return _DELETION.sub(word, text)


def _filled(template: str, fields: Mapping[str, str], value: Callable[[str], str]) -> Markup:
    """Return a template with the fields' values, and without the parts whose condition does not hold."""
    shown: list[str] = []
    conditions: list[bool] = []
    for place, part in enumerate(_TAG.split(template)):
        if place % 2 == 0:
            shown += [part] if all(conditions) else []
        elif part[0] in "#^":
            conditions.append((part[0] == "#") is not _is_empty(_field(fields, part[1:])))
        elif part[0] == "/":
            conditions.pop()
        elif all(conditions):
            shown.append(value(part))
    return Markup("".join(shown))


def _asked(tag: str, fields: Mapping[str, str], number: int) -> str:
    match tag.rpartition(":"):
        case "", _, name:
            return _field(fields, name)
        case "cloze", _, name:
            return asked(_field(fields, name), number)
        case "type", _, _:
            return TYPED_QUESTION
        case _:
            raise FaceError(f"no such filter: {{{{{tag}}}}}")


def _told(tag: str, fields: Mapping[str, str], number: int) -> str:
    match tag.rpartition(":"):
        case "cloze", _, name:
            return told(_field(fields, name), number)
        case "type", _, name:
            return TYPED_ANSWER.format(_field(fields, name))
        case _:
            return _asked(tag, fields, number)


def _field(fields: Mapping[str, str], name: str) -> str:
    if name not in fields:
        raise FaceError(f"no such field: {{{{{name}}}}}")
    return fields[name]


def _is_empty(value: str) -> bool:
    return _NOTHING.fullmatch(value) is not None


# What Anki's reviewer puts where a template has {{type:…}}: a box, and what was asked for if nothing was typed.
TYPED_QUESTION = '<input type="text" id="typeans" aria-label="Your answer" autocomplete="off">'
TYPED_ANSWER = '<code id="typeans">{}</code>'

_TAG = re.compile(r"\{\{(.+?)\}\}")
# Our deletions are never nested, and have no hints.
_DELETION = re.compile(r"\{\{c(\d+)::(.*?)\}\}", re.DOTALL)
_NOTHING = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)
# Anki writes these characters of what is hidden as references.
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_NOT_PLAIN = re.compile(r"[^0-9A-Za-z\u0100-\U0010ffff]")
