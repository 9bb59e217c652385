"""What a notebook says of itself, and the exam that it prepares for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """A task of an exam and its skills: id -> what the skill is about."""

    key: str
    name: str
    skills: dict[str, str]


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of an exam: its name and tasks."""

    key: str
    name: str
    tag: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Exam:
    """The exam that a notebook prepares for."""

    code: str
    name: str
    domains: tuple[Domain, ...]

    def tags(self) -> dict[str, str]:
        """Return the tag of each task and each skill by its id."""
        code = self.code.lower()
        found = {}
        for domain in self.domains:
            for task in domain.tasks:
                found[task.key] = f"{code}::{domain.tag}::{task.key}"
                found |= {skill: f"{code}::{domain.tag}::{task.key}::{skill}" for skill in task.skills}
        return found


@dataclass(frozen=True, slots=True)
class Group:
    """Chapters that belong together, by their numbers."""

    key: str
    name: str
    chapters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What notebook.toml says. `key` is in every note's guid and in the names of the files that are built.

    `groups` have a color each on the sheet, in their order. `names` are the services, products and the like of
    which each card names one. With `typed_limits`, cards that ask for a limit want its value typed. `leave_out` has
    patterns for files in the notebook that are no notes.
    """

    key: str
    title: str
    version: str
    language: str
    exam: Exam | None
    names: tuple[str, ...] = ()
    typed_limits: bool = False
    groups: tuple[Group, ...] = ()
    leave_out: tuple[str, ...] = ()

    @property
    def is_binding(self) -> bool:
        """Whether learners rely on what was released: from version 1.0.0 on."""
        return not self.version.startswith("0.")
