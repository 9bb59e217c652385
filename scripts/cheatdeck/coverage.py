"""What there is for each task and each skill of the exam: sections and cards."""

from collections.abc import Sequence
from dataclasses import dataclass

from cheatdeck.model import Notebook
from cheatdeck.prompts import prompts, with_tasks


@dataclass(frozen=True, slots=True)
class Topic:
    """A task of the exam, or a skill, and how many sections and cards there are for it; a task's skills count too."""

    key: str
    name: str
    is_task: bool
    sections: int
    cards: int


def topics(notebook: Notebook) -> list[tuple[str, list[Topic]]]:
    """Return the tasks and skills of each of the exam's domains, by the domain's name; none without an exam."""
    sections = [tasks for chapter in notebook.chapters for _, tasks in with_tasks(chapter)]
    cards = [prompt.tasks for prompt in prompts(notebook) for _ in prompt.numbers]

    def topic(key: str, name: str, *, is_task: bool) -> Topic:
        return Topic(key, name, is_task, _count(sections, key), _count(cards, key))

    return [
        (
            domain.name,
            [
                each
                for task in domain.tasks
                for each in (
                    topic(task.key, task.name, is_task=True),
                    *(topic(key, name, is_task=False) for key, name in task.skills.items()),
                )
            ],
        )
        for domain in (notebook.settings.exam.domains if notebook.settings.exam else ())
    ]


def _count(served: Sequence[Sequence[str]], key: str) -> int:
    """Return how many serve a task or a skill, by what each of them serves."""
    return sum(any(task == key or task.startswith(f"{key}.") for task in tasks) for tasks in served)
