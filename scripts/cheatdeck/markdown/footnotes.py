"""Footnotes of Markdown: each goes to the end of the section that mentions it, where a reader finds it."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from markdown_it.token import Token

# What mdit-py-plugins knows of footnotes by number: the label of each, or its tokens where it stands in the text.
Footnotes = Mapping[int, Mapping[str, Any]]


def reference(number: int, breaks: str) -> Token:
    """Return what stands in the text for the footnote of a number, the first is 0, with the line breaks in it."""
    content = f'<sup class="footnote-ref"{breaks}>[{number + 1}]</sup>'
    return Token("html_inline", "", 0, content=content, meta={"footnote": number})


def at_sections_end(tokens: list[Token], footnotes: Footnotes) -> list[Token]:
    """Return blocks with each footnote at the end of its section; one that nobody mentions stays where it is."""
    in_text = {n: _paragraph(note["tokens"], note["map"]) for n, note in footnotes.items() if "map" in note}
    mentioned = _mentioned([*tokens, *chain.from_iterable(in_text.values())])
    definitions, body = _apart(tokens, {footnotes[number].get("label", "") for number in mentioned})
    placed: list[Token] = []
    waiting: deque[int] = deque()
    done: set[int] = set()

    def place() -> None:
        while waiting:
            number = waiting.popleft()
            if number not in done:
                done.add(number)
                content = in_text.get(number) or definitions.pop(footnotes[number]["label"])
                made = _footnote(str(number + 1), content)
                placed.extend(made)
                waiting.extend(_mentioned(made))

    for token in body:
        if token.type == "heading_open" and token.level == 0:
            place()
        placed.append(token)
        waiting.extend(_mentioned([token]))
    place()
    # Footnotes that only they themselves mention.
    for label, content in definitions.items():
        placed += _footnote(label, content)
    return placed


def _apart(tokens: list[Token], mentioned: set[str]) -> tuple[dict[str, list[Token]], list[Token]]:
    """Return the footnotes that are mentioned, by label, and all other blocks."""
    definitions: dict[str, list[Token]] = {}
    labels: list[str] = []
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "footnote_reference_open":
            labels.append(token.meta["label"])
            parts.append([])
        elif token.type == "footnote_reference_close":
            label, content = labels.pop(), parts.pop()
            if label in mentioned and label not in definitions:
                definitions[label] = content
            else:
                parts[-1] += _footnote(label, content)
        else:
            parts[-1].append(token)
    return definitions, parts[0]


def _footnote(name: str, content: list[Token]) -> list[Token]:
    """Return a footnote's blocks, the first a paragraph that begins with the footnote's number or label."""
    if not content or content[0].type != "paragraph_open":
        content = [*_paragraph([], content[0].map if content else None), *content]
    opening, text, *rest = content
    opening.attrs["class"] = "footnote"
    mark = [Token("sup_open", "sup", 1), Token("text", "", 0, content=f"[{name}]"), Token("sup_close", "sup", -1)]
    text.children = [*mark, Token("text", "", 0, content=" "), *(text.children or ())]
    return [opening, text, *rest]


def _paragraph(children: list[Token], lines: list[int] | None) -> list[Token]:
    return [
        Token("paragraph_open", "p", 1, block=True, map=lines),
        Token("inline", "", 0, children=children),
        Token("paragraph_close", "p", -1, block=True),
    ]


def _mentioned(tokens: Iterable[Token]) -> Iterator[int]:
    for token in tokens:
        for child in token.children or ():
            if "footnote" in child.meta:
                yield child.meta["footnote"]
