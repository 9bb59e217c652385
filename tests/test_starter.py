"""A notebook.toml for notes that have none: the deck is the same with it, and there is something to go on from."""

import re
import shutil
from pathlib import Path

import pytest

from cheatdeck.command import BUILT, PROBLEMS, main
from cheatdeck.files import Files
from cheatdeck.notebook import read_notebook
from cheatdeck.settings import Group, Settings
from cheatdeck.starter import settings_text
from notes import deck

TESTS = Path(__file__).parent
TOML = """\
# Cards are known by this id and their own: with another one, learners begin anew.
id = "tea"
title = "Tea"
# With 1.0.0, learners rely on what was released.
version = "0.0.0"
language = "en"
"""


def settings_of(path: Path) -> Settings:
    return read_notebook(Files.of(path)).settings


@pytest.mark.parametrize("name", ["notes_plain", "notes_markdown/bees", "notes_markdown/tea"])
def test_a_folder_builds_the_same_deck_with_it(name: str, tmp_path: Path) -> None:
    folder, out = tmp_path / Path(name).name, tmp_path / "out"
    shutil.copytree(TESTS / name, folder)
    before = deck(folder, out), settings_of(folder)
    assert main(["init", str(folder)]) == BUILT
    assert (deck(folder, out), settings_of(folder)) == before


def test_a_file_alone_in_its_folder_makes_that_the_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "notes", tmp_path / "out"
    folder.mkdir()
    text = "# Tea\n\n## Green\n\nSencha – steamed\n\n## Black\n\nAssam – strong\n"
    (folder / "my tea.md").write_text(text, encoding="utf-8")
    before = deck(folder / "my tea.md", out)
    assert main(["init", str(folder / "my tea.md")]) == BUILT
    written = folder / "notebook.toml"
    assert capsys.readouterr().out == f"Written: {written}. The notebook is its folder: cheatdeck build {folder}\n"
    assert written.read_text(encoding="utf-8").startswith(TOML)
    assert deck(folder, out) == before


@pytest.mark.parametrize("other", ["more.html", "deep/more.md", "limits.toml", "cards.csv"])
def test_a_file_among_others_gets_none(other: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / other).parent.mkdir(exist_ok=True)
    (tmp_path / other).write_text("", encoding="utf-8")
    (tmp_path / "tea.md").write_text("# Tea\n", encoding="utf-8")
    assert main(["init", str(tmp_path / "tea.md")]) == PROBLEMS
    said = capsys.readouterr().err
    assert f"tea.md:1:1: C002 its folder would be the notebook, and there is more in it: {other}\n" in said
    assert not (tmp_path / "notebook.toml").exists()


def test_one_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tea.md").write_text("# Tea\n", encoding="utf-8")
    (tmp_path / "notebook.toml").write_text("mine", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == PROBLEMS
    assert main(["init", str(tmp_path / "tea.md")]) == PROBLEMS
    assert capsys.readouterr().err.count("notebook.toml:1:1: C002 it is there already") == 2
    assert (tmp_path / "notebook.toml").read_text(encoding="utf-8") == "mine"


def test_a_folder_without_notes_gets_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path)]) == PROBLEMS
    assert main(["init", str(tmp_path / "nowhere")]) == PROBLEMS
    assert list(tmp_path.iterdir()) == []
    assert "there is no such file or folder" in capsys.readouterr().err


def test_all_that_may_be_added_can_be(tmp_path: Path) -> None:
    (tmp_path / "tea.md").write_text("# Tea\n\nSencha – steamed\n", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == BUILT
    path = tmp_path / "notebook.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE), encoding="utf-8")
    settings = settings_of(tmp_path)
    assert settings.names == ("Bumblebee", "Honeybee")
    assert (settings.typed_limits, settings.leave_out) == (True, ("drafts/*",))
    assert settings.groups == (Group("first", "First steps", (1, 2)),)
    assert settings.exam is not None
    assert settings.exam.tags() == {"1.1": "ex-1::1-first::1.1", "1.2": "ex-1::1-first::1.2"}


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ('Say "tea" \\ drink', 'Say "tea" \\ drink'),
        ("Tee für 茶", "Tee für 茶"),
        ("two\nlines\x85 and\u2028more", "two lines and more"),
        ("x" * 600, "x" * 500),
        ("\x00", "key"),
    ],
)
def test_any_title_can_be_read_back(title: str, written: str, tmp_path: Path) -> None:
    text = settings_text(Settings("key", title, "0.0.0", "pt-BR", None))
    (tmp_path / "notebook.toml").write_text(text, encoding="utf-8")
    (tmp_path / "tea.md").write_text("# Tea\n", encoding="utf-8")
    assert settings_of(tmp_path) == Settings("key", written, "0.0.0", "pt-BR", None)


def test_a_build_without_one_names_what_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tea.md").write_text("# Tea\n\nSencha – steamed\n", encoding="utf-8")
    assert main(["check", str(tmp_path), "--out", str(tmp_path / "out")]) == BUILT
    assert f"“cheatdeck init {tmp_path}” writes them down" in capsys.readouterr().err
    assert main(["init", str(tmp_path)]) == BUILT
    capsys.readouterr()
    assert main(["check", str(tmp_path), "--out", str(tmp_path / "out")]) == BUILT
    assert "cheatdeck init" not in capsys.readouterr().err
