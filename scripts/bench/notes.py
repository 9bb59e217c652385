"""Notebooks of other sizes, made of one: several copies of its chapters, or only the first of them."""

import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from bench.measure import say
from cheatdeck import pipeline
from cheatdeck.diagrams import Picture
from cheatdeck.model import Limit, LimitRef, Link, Notebook, Section, Span, Styled
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Checked
from cheatdeck.problems import NotesError

# Fields that hold the id of a node, or that of another one.
_IDS = ("key", "limit", "section")


@dataclass(frozen=True, slots=True)
class Notes:
    """A notebook, and the pictures of its diagrams by key."""

    book: Notebook
    pictures: dict[str, Picture]


def checked(notes: Path, out: Path) -> Checked:
    """Read and check notes, and draw what diagrams a folder for builds does not have.

    Raises SystemExit where they cannot be built, which gets from one process to another.
    """
    try:
        return pipeline.check(Paths.of(notes, out), say)
    except NotesError as error:
        sys.exit(f"{error}\n`nox -s build` tells more.")


def several(notes: Notes, count: int) -> Notes:
    """Return notes with each chapter `count` times: under ids and numbers of its own, linked to its like."""
    book = notes.book
    last = max(chapter.number[0] for chapter in book.chapters)
    copies = [partial(_renamed, f"-{copy}" if copy else "", copy * last) for copy in range(count)]
    numbers = {chapter.number[0] for chapter in book.chapters}
    groups = tuple(
        replace(group, chapters=tuple(number + copy * last for copy in range(count) for number in group.chapters
                                      if number in numbers))
        for group in book.settings.groups
    )  # fmt: skip
    return Notes(
        Notebook(
            replace(book.settings, groups=groups),
            tuple(_changed(chapter, change) for change in copies for chapter in book.chapters),
            tuple(_changed(limit, change) for change in copies for limit in book.limits),
        ),
        {f"{key}-{copy}" if copy else key: picture for copy in range(count) for key, picture in notes.pictures.items()},
    )


def first(notes: Notes, share: float) -> Notes:
    """Return as many of the first chapters as make up a share of the notes, one at least.

    Links that lead out of them lead to the first chapter instead.
    """
    book = notes.book
    sizes = list(accumulate(sum(1 for _ in _nodes(chapter)) for chapter in book.chapters))
    count = max(1, sum(size <= share * sizes[-1] for size in sizes))
    chapters = book.chapters[:count]
    ids = {node.key for node in _nodes(chapters) if hasattr(node, "key") and not isinstance(node, Link)}
    limits = tuple(limit for limit in book.limits if limit.section in ids)
    ids |= {key for limit in limits for key in (limit.key, *limit.aliases)}
    stay = partial(_led_back, ids, chapters[0].key)
    return Notes(
        Notebook(book.settings, tuple(_changed(chapter, stay) for chapter in chapters), limits), notes.pictures
    )


def _renamed(ending: str, shift: int, node: Any) -> Any:  # noqa: ANN401 - a node of any kind
    named = {field.name: getattr(node, field.name) for field in fields(node) if field.name in _IDS}
    changes: dict[str, Any] = {name: f"{value}{ending}" for name, value in named.items() if value}
    if isinstance(node, Section):
        changes["number"] = (node.number[0] + shift, *node.number[1:])
    if isinstance(node, Limit):
        changes["aliases"] = tuple(f"{alias}{ending}" for alias in node.aliases)
    return replace(node, **changes)


def _led_back(ids: Collection[str], chapter: str, node: Any) -> Any:  # noqa: ANN401 - the same
    match node:
        case Link(key=key) if key not in ids:
            return replace(node, key=chapter)
        case LimitRef(limit=limit, children=children, span=span) if limit not in ids:
            return Styled("strong", children, span)
        case _:
            return node


def _changed(node: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - the same
    """Return a node and all within it, each changed."""
    if isinstance(node, tuple):
        return tuple(_changed(each, change) for each in node)
    if not _is_node(node):
        return node
    new = change(node)
    return replace(new, **{name: _changed(within, change) for name, within in _within(new)})


def _nodes(node: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
    """Yield a node and all within it."""
    if isinstance(node, tuple):
        for each in node:
            yield from _nodes(each)
    elif _is_node(node):
        yield node
        for _, within in _within(node):
            yield from _nodes(within)


def _is_node(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, Span)


def _within(node: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:  # noqa: ANN401 - the same
    """Yield the fields of a node that hold others: they are tuples."""
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple):
            yield field.name, value
