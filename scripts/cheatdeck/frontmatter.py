"""The YAML at the head of a Markdown note: its title, and other names that it goes by."""

import re
from dataclasses import dataclass

import yaml

from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText

# Lines between one of three hyphens, the file's first, and one of three hyphens or dots.
_HEAD = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<yaml>(?:(?!---|\.\.\.).*\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
# Beyond, it is two rules with text between them.
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a note says of itself; `length` is how many characters of the file that takes."""

    title: str = ""
    aliases: tuple[str, ...] = ()
    length: int = 0


def read_front_matter(source: SourceText) -> tuple[FrontMatter, tuple[Problem, ...]]:
    """Return what stands at the head of a note, and what is wrong with it.

    Lines that are no table of YAML, such as text between two rules, are the note's own text.
    """
    head = _HEAD.match(source.text)
    if not head or len(head["yaml"]) > _LONGEST:
        return FrontMatter(), ()
    length = head.end()
    try:
        # With this loader, a title of 2024 stays as it is written.
        data = yaml.load(head["yaml"], Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes nothing but text
    except yaml.MarkedYAMLError as error:
        offset = head.start("yaml") + (error.problem_mark.index if error.problem_mark else 0)
        hint = "put the YAML right; quote a title that has a colon in it"
        message = f"front matter that is no YAML: {error.problem}"
        return FrontMatter(length=length), (_problem(source, min(offset, head.end("yaml")), message, hint),)
    except (yaml.YAMLError, RecursionError):
        hint = "keep title and aliases there, as plain text"
        return FrontMatter(length=length), (_problem(source, 0, "front matter that is no YAML", hint),)
    if not isinstance(data, dict):
        return FrontMatter(length=0 if data else length), ()
    return FrontMatter(_text(data.get("title")), _texts(data.get("aliases", data.get("alias"))), length), ()


def _problem(source: SourceText, offset: int, message: str, hint: str) -> Problem:
    return Problem(Code.BAD_SETTING, source.span(offset, 200), message, hint)


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for each in values if (text := _text(each)))
