"""Counts of a notebook: what each chapter has, how long its answers are, and what the exam's tasks have."""

from collections import Counter
from statistics import median

from cheatdeck.coverage import topics
from cheatdeck.model import Kind, Notebook, Section
from cheatdeck.prompts import Prompt, prompts
from cheatdeck.quality import answer_words
from cheatdeck.words import aligned

_HEAD = ("chapter", "sections", "limits", "cards", *(kind.value for kind in Kind), "longest", "median")


def tables(notebook: Notebook) -> list[str]:
    """Return tables as lines: of the chapters, then, where there is an exam, of its tasks and skills."""
    return [*_chapters(notebook), *_topics(notebook)]


def _chapters(notebook: Notebook) -> list[str]:
    """Return a table: a row a chapter, and all of them together; answers are counted in words."""
    asked = prompts(notebook)
    rows = [_row(c.heading, [c], asked) for c in notebook.chapters]
    rows.append(_row("all", list(notebook.chapters), asked))
    return aligned([_HEAD, *rows], range(1, len(_HEAD)))


def _topics(notebook: Notebook) -> list[str]:
    """Return a table below an empty line: a row a task, and below it a row a skill."""
    found = [topic for _, domain in topics(notebook) for topic in domain]
    if not found:
        return []
    rows = [
        (f"{'' if topic.is_task else '  '}{topic.key} {topic.name}", str(topic.sections), str(topic.cards))
        for topic in found
    ]
    return ["", *aligned([("task", "sections", "cards"), *rows], {1, 2})]


def _row(name: str, chapters: list[Section], asked: tuple[Prompt, ...]) -> tuple[str, ...]:
    keys = {chapter.key for chapter in chapters}
    own = [prompt for prompt in asked if prompt.chapter.key in keys]
    cards = Counter(dict.fromkeys(Kind, 0))
    for prompt in own:
        cards[prompt.kind] += len(prompt.numbers)
    lengths = [words for prompt in own if (words := answer_words(prompt))] or [0]
    sections = sum(1 for chapter in chapters for _ in chapter.walk())
    numbers = [sections, cards[Kind.LIMIT], cards.total(), *(cards[kind] for kind in Kind), max(lengths)]
    return (name, *map(str, numbers), f"{median(lengths):g}")
