"""Counts of a notebook: what each chapter has, and how long its answers are."""

from collections import Counter
from statistics import median

from cheatdeck.model import Notebook, Section
from cheatdeck.prompts import Kind, Prompt, prompts
from cheatdeck.quality import answer_words

_HEAD = ("chapter", "sections", "limits", "cards", *(kind.value for kind in Kind), "longest", "median")


def table(notebook: Notebook) -> list[str]:
    """Return a table as lines: a row a chapter, and all of them together; answers are counted in words."""
    asked = prompts(notebook)
    rows = [_row(c.heading, [c], asked) for c in notebook.chapters]
    rows.append(_row("all", list(notebook.chapters), asked))
    texts = [_HEAD, *rows]
    widths = [max(len(row[column]) for row in texts) for column in range(len(_HEAD))]
    return [
        "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in texts
    ]  # fmt: skip


def _row(name: str, chapters: list[Section], asked: tuple[Prompt, ...]) -> tuple[str, ...]:
    keys = {chapter.key for chapter in chapters}
    own = [prompt for prompt in asked if prompt.chapter.key in keys]
    cards = Counter(dict.fromkeys(Kind, 0))
    for prompt in own:
        cards[prompt.kind] += len({mark.number for mark in prompt.marks}) or 1
    lengths = [words for prompt in own if (words := answer_words(prompt))] or [0]
    sections = sum(1 for chapter in chapters for _ in chapter.walk())
    numbers = [sections, cards[Kind.LIMIT], cards.total(), *(cards[kind] for kind in Kind), max(lengths)]
    return (name, *map(str, numbers), f"{median(lengths):g}")
