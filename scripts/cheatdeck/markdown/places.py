"""Where in a note's Markdown an id can be written: at the end of a text, or of the line that a diagram begins with."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from cheatdeck.plain.places import at, offset_of
from cheatdeck.source import SourceText

_BRACE = re.compile(r"[ \t\n]*\{")
_TASK = re.compile("[\N{BALLOT BOX}\N{BALLOT BOX WITH CHECK}] ")


def add_place_rule(md: MarkdownIt) -> None:
    """Add the rule to a parser; it does something only if the environment has the note's file as `places`."""
    md.core.ruler.after("attributes", "places", mark_places)


def mark_places(state: StateCore) -> None:
    """Give elements without an id one that tells where it can be written."""
    source: SourceText | None = state.env.get("places")
    if source is None:
        return
    for token in state.tokens:
        owner: Token | None = token if token.type == "fence" else token.meta.get("owner")
        if owner is None or not _is_open(owner):
            continue
        offset = _line_end(source, token) if token.type == "fence" else _text_end(source, token)
        if offset is not None:
            owner.attrs["id"] = at(source.file, offset)


def _is_open(owner: Token) -> bool:
    """Tell whether an element has no id yet; that of a row stands in the last of its cells."""
    given = str(owner.attrs.get("id", ""))
    return not given or (owner.type == "tr_open" and offset_of(given) is not None)


def _line_end(source: SourceText, fence: Token) -> int | None:
    """Return the end of the line that a block of code begins with, or the inside of the braces at its end."""
    if not fence.map:
        return None
    start, line = _line(source, fence.map[0])
    text = line.rstrip()
    brace = text.rfind("{") if text.endswith("}") else -1
    return start + (len(text) if brace < 0 else brace + 1)


def _text_end(source: SourceText, text: Token) -> int | None:
    """Return the end of a text in the file, or the inside of the braces behind it; None where it cannot be found."""
    if not text.map or not text.content:
        return None
    start, line = _line(source, text.map[0] + text.content.count("\n"))
    for last in _spellings(text.content.rpartition("\n")[2]):
        column = line.rfind(last)
        if column >= 0:
            end = start + column + len(last)
            brace = _BRACE.match(source.text, end) if "braces" in text.meta else None
            return brace.end() if brace else end
    return None


def _spellings(line: str) -> Iterator[str]:
    """Yield how the end of a text may be written: as it is, without the sign of a task, within a table."""
    yield line
    yield _TASK.sub("", line, count=1)
    yield line.replace("|", r"\|")


def _line(source: SourceText, number: int) -> tuple[int, str]:
    """Return where a line starts, counted from 0, and its text."""
    start, *after = source.starts[number : number + 2] or (len(source.text),)
    return start, source.text[start : after[0] - 1 if after else len(source.text)]
