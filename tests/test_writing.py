"""What source/README.md shows to writers is true: every example is built."""

import re
from pathlib import Path

import pytest

from cheatdeck import pipeline
from cheatdeck.model import Kind
from cheatdeck.paths import Paths
from cheatdeck.problems import Code
from cheatdeck.prompts import prompts
from notes import SETTINGS, page

GUIDE = (Path(__file__).parents[1] / "source" / "README.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook of all the examples, in an order that a chapter allows: what is remembered, blocks, sections."""
    order = sorted(examples("html"), key=lambda text: (text.startswith("<section"), "remember" not in text))
    folder = tmp_path / "lighthouses"
    folder.mkdir()
    (folder / "notebook.toml").write_text(f'names = ["lighthouse"]\n{SETTINGS}', encoding="utf-8")
    (folder / "01.html").write_text(page("\n".join(order), "lighthouses", "Lighthouses"), encoding="utf-8")
    (folder / "limits.toml").write_text("\n".join(examples("toml")), encoding="utf-8")
    return folder


def test_every_example_builds_and_every_kind_of_card_has_one(notebook: Path, tmp_path: Path) -> None:
    built = pipeline.build(Paths.of(notebook, tmp_path / "out"), lambda _: None)
    assert built.checked.warnings == []
    assert {prompt.kind for prompt in prompts(built.checked.notebook)} == set(Kind)


def test_the_guide_names_only_codes_that_there_are() -> None:
    named = set(re.findall(r"\b[NWC]\d{3}\b", GUIDE))
    assert named - set(Code) == set()
