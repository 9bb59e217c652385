"""What there is for the exam's tasks and skills, in small notebooks and in the one in source/."""

from pathlib import Path

import pytest

from cheatdeck.coverage import Topic, topics
from cheatdeck.files import Files
from cheatdeck.notebook import read_notebook
from notes import page, read, write_notebook

SOURCE = Path(__file__).parents[1] / "source"


@pytest.fixture(scope="module")
def exam() -> list[Topic]:
    """The tasks and skills of the notebook in source/."""
    return [topic for _, domain in topics(read_notebook(Files(SOURCE))) for topic in domain]


def test_a_task_has_what_its_skills_have_and_sections_inherit_tasks(tmp_path: Path) -> None:
    nested = (
        '<p id="a">A <mark>b</mark> <mark>c</mark></p>'
        '<section id="own" data-tasks="1.2.1"><h2>Own</h2><p id="d">A <mark>e</mark></p></section>'
        '<section id="heir"><h2>Heir</h2></section>'
    )
    notebook, _, _ = read(write_notebook(tmp_path, chapter_1=page(nested)))
    assert topics(notebook) == [
        (
            "First domain",
            [
                Topic("1.1", "Do this", is_task=True, sections=2, cards=2),
                Topic("1.2", "Do that", is_task=True, sections=1, cards=1),
                Topic("1.2.1", "How", is_task=False, sections=1, cards=1),
            ],
        )
    ]


def test_without_an_exam_there_is_nothing_to_serve(tmp_path: Path) -> None:
    write_notebook(tmp_path, chapter_1=page("<p>Text</p>"))
    (tmp_path / "notebook.toml").write_text('id = "a"\ntitle = "A"\nversion = "0.1.0"\n', encoding="utf-8")
    assert topics(read(tmp_path)[0]) == []


def test_the_notebook_names_every_task_and_skill_of_its_exam(exam: list[Topic]) -> None:
    assert [sum(topic.is_task == is_task for topic in exam) for is_task in (True, False)] == [12, 72]


def test_each_task_and_each_skill_is_served(exam: list[Topic]) -> None:
    assert [topic for topic in exam if topic.sections < 1 or topic.cards < 3] == []
