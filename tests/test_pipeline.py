"""Builds: what they leave, what they make again, and what they leave alone."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from cheatdeck import diff, pipeline
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Built, ReleaseError
from cheatdeck.problems import NotesError
from cheatdeck.typeset import SheetError
from collection import Imported, import_package
from notes import page, write_notebook

SHEETS = ("small-cheatsheet-a4.pdf", "small-cheatsheet-letter.pdf")
LIMIT_SHEETS = ("small-limits-a4.pdf", "small-limits-letter.pdf")
DECK = "small.apkg"
PREVIEW = "preview/index.html"
FILES = {DECK, PREVIEW, *SHEETS, *LIMIT_SHEETS}
BODY = """<p id="cloze">A <mark>first</mark> and a <mark>second</mark>, up to <data value="most">4 days</data></p>
<figure id="picture"><pre class="mermaid">
flowchart TB
  accDescr: A leads to B.
  A --> B
</pre><figcaption>What is drawn?</figcaption></figure>"""
LIMITS = '[most]\nsubject = "Longest stay"\nvalue = "4 days"\nkind = "maximum"\nsection = "one"\ncheck = "none"\n'


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A notebook that can be built, outside any repository."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return Paths.of(write_notebook(tmp_path / "notes", chapter_1=page(BODY), limits=LIMITS), tmp_path / "out")


def build(paths: Paths) -> Built:
    return pipeline.build(paths, lambda _: None)


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("[!.]*") if path.is_file() and ".cache" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def manifest(paths: Paths) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((paths.out / "manifest.json").read_text(encoding="utf-8"))
    return read


def test_a_build_leaves_a_deck_the_sheets_and_what_they_are(paths: Paths, col: Collection) -> None:
    built = build(paths)
    assert set(files(paths.out)) == {*FILES, "manifest.json", "SHA256SUMS"}
    assert import_package(col, paths.out / DECK) == Imported(new=3, updated=0, duplicate=0, conflicting=0)
    assert list(col.media.check().missing) == []
    assert built.manifest == manifest(paths)
    assert manifest(paths)["counts"] == {
        "chapters": 1,
        "sections": 1,
        "limits": 1,
        "diagrams": 1,
        "notes": 3,
        "cards": 4,
        "cards_by_kind": {"cloze": 2, "diagram": 1, "limit": 1},
    }
    sums = (paths.out / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert sums == [f"{hashlib.sha256((paths.out / name).read_bytes()).hexdigest()}  {name}" for name in sorted(FILES)]


def test_the_manifest_lists_sections_limits_diagrams_and_notes(paths: Paths) -> None:
    build(paths)
    listed = manifest(paths)
    assert listed["sections"] == [{"key": "one", "number": "1", "title": "One", "tasks": ["1.1"]}]
    assert listed["limits"] == [{"key": "most", "aliases": [], "section": "one", "value": "4 days"}]
    assert listed["diagrams"] == [{"key": "picture", "section": "one"}]
    notes = [(note["key"], note["kind"], note["section"], note["cards"]) for note in listed["notes"]]
    assert notes == [
        ("cloze", "cloze", "one", 2),
        ("picture", "diagram", "one", 1),
        ("most", "limit", "one", 1),
    ]
    assert len({note["guid"] for note in listed["notes"]}) == 3
    assert listed["time"] is None


def test_an_unchanged_notebook_is_not_made_again(paths: Paths) -> None:
    assert set(build(paths).made) == FILES
    before = {path: path.stat().st_mtime_ns for path in paths.out.iterdir()}
    assert build(paths).made == ()
    assert before == {path: path.stat().st_mtime_ns for path in paths.out.iterdir()}


def test_only_what_a_change_touches_is_made_again(paths: Paths) -> None:
    build(paths)
    chapter = paths.notebook / "01.html"
    chapter.write_text(
        chapter.read_text(encoding="utf-8").replace('data-tasks="1.1"', 'data-tasks="1.2"'), encoding="utf-8"
    )
    assert set(build(paths).made) == {DECK, PREVIEW}
    chapter.write_text(page(f"<p>More to read, nothing to ask</p>{BODY}").replace("1.1", "1.2"), encoding="utf-8")
    assert set(build(paths).made) == {*SHEETS, PREVIEW}


def test_a_missing_or_spoilt_file_is_made_again(paths: Paths) -> None:
    build(paths)
    whole = files(paths.out)
    (paths.out / DECK).unlink()
    assert build(paths).made == (DECK,)
    (paths.out / SHEETS[0]).write_bytes(b"spoilt")
    assert build(paths).made == (SHEETS[0],)
    assert files(paths.out)[SHEETS[0]] == whole[SHEETS[0]]
    (paths.out / "manifest.json").write_text("{", encoding="utf-8")
    assert set(build(paths).made) == FILES


def test_what_is_made_no_more_is_removed(paths: Paths) -> None:
    build(paths)
    (paths.out / "mine.pdf").write_bytes(b"not of this build")
    (paths.notebook / "limits.toml").unlink()
    reword(paths, '<data value="most">4 days</data>', "4 days")
    build(paths)
    assert set(files(paths.out)) == {*FILES, "mine.pdf", "manifest.json", "SHA256SUMS"} - set(LIMIT_SHEETS)


def test_another_notebook_leaves_the_first_ones_files(paths: Paths) -> None:
    build(paths)
    reword_settings(paths, 'id = "small"', 'id = "other"')
    build(paths)
    assert {*FILES, "other.apkg"} < set(files(paths.out))


def test_the_same_edition_gives_the_same_bytes_anywhere(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    build(paths)
    elsewhere = Paths.of(
        write_notebook(tmp_path / "some where else", chapter_1=page(BODY), limits=LIMITS), tmp_path / "o"
    )
    build(elsewhere)
    assert files(paths.out) == files(elsewhere.out)
    assert manifest(paths)["time"] == 1_700_000_000


def test_another_edition_is_made_anew(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    build(paths)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert set(build(paths).made) == FILES


def test_problems_leave_the_last_build_as_it_was(paths: Paths) -> None:
    build(paths)
    whole = files(paths.out)
    (paths.notebook / "01.html").write_text(page('<p id="a"><mark></mark></p>'), encoding="utf-8")
    with pytest.raises(NotesError):
        build(paths)
    assert whole == files(paths.out)


def test_a_sheet_that_cannot_be_laid_out_leaves_the_last_build_as_it_was(paths: Paths, tmp_path: Path) -> None:
    build(paths)
    whole = files(paths.out)
    templates = tmp_path / "templates"
    for path in paths.templates.rglob("*.*"):
        (templates / path.relative_to(paths.templates)).parent.mkdir(parents=True, exist_ok=True)
        (templates / path.relative_to(paths.templates)).write_bytes(path.read_bytes())
    with (templates / "sheet" / "sheet.css").open("a", encoding="utf-8") as css:
        css.write("p { no-such-property: 1 }")
    with pytest.raises(SheetError, match="no-such-property"):
        build(Paths(paths.notebook, paths.out, templates))
    assert whole == files(paths.out)


# Releases


def at(monkeypatch: pytest.MonkeyPatch, time: int) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(time))


def reword(paths: Paths, old: str, new: str) -> None:
    chapter = paths.notebook / "01.html"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def mods(col: Collection) -> dict[str, int]:
    return {note["Key"]: note.mod for note in map(col.get_note, col.find_notes(""))}


def test_a_note_counts_as_changed_when_its_change_was_released(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, col: Collection, newcomer: Collection
) -> None:
    at(monkeypatch, 1_700_000_000)
    assert pipeline.release(paths, lambda _: None).added == (
        "Cheatdeck Question", "Cheatdeck Cloze", "cloze", "picture", "most"
    )  # fmt: skip
    reword(paths, "up to", "at most")
    at(monkeypatch, 1_710_000_000)
    assert pipeline.release(paths, lambda _: None).changed == ("cloze",)
    at(monkeypatch, 1_720_000_000)
    assert build(paths).manifest["released"]
    import_package(col, paths.out / DECK)
    assert mods(col) == {"cloze": 1_710_000_000, "picture": 1_700_000_000, "most": 1_700_000_000}
    assert {model["mod"] for model in col.models.all() if "Cheatdeck" in model["name"]} == {1_700_000_000}

    reword(paths, "drawn", "shown")
    assert not build(paths).manifest["released"]
    import_package(newcomer, paths.out / DECK)
    assert mods(newcomer) == {"cloze": 1_710_000_000, "picture": 1_720_000_000, "most": 1_700_000_000}


def test_a_release_of_what_was_released_writes_nothing(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 1_700_000_000)
    pipeline.release(paths, lambda _: None)
    ledger = (paths.notebook / "cards.csv").read_bytes()
    at(monkeypatch, 1_710_000_000)
    assert pipeline.release(paths, lambda _: None).is_released
    assert (paths.notebook / "cards.csv").read_bytes() == ledger


@pytest.mark.parametrize("time", [1_700_000_000, 1_600_000_000, 9_000_000_000])
def test_a_release_is_later_than_the_last_and_not_in_the_future(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, time: int
) -> None:
    at(monkeypatch, 1_700_000_000)
    pipeline.release(paths, lambda _: None)
    ledger = (paths.notebook / "cards.csv").read_bytes()
    reword(paths, "up to", "at most")
    at(monkeypatch, time)
    with pytest.raises(ReleaseError, match="set the clock, or SOURCE_DATE_EPOCH, right"):
        pipeline.release(paths, lambda _: None)
    assert (paths.notebook / "cards.csv").read_bytes() == ledger


def test_a_new_style_is_a_change_of_the_note_types_alone(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 1_700_000_000)
    pipeline.release(paths, lambda _: None)
    templates = shutil.copytree(paths.templates, tmp_path / "templates")
    with (templates / "cards" / "card.css").open("a", encoding="utf-8") as css:
        css.write(".card { color: teal }")
    at(monkeypatch, 1_710_000_000)
    shipment = pipeline.release(Paths(paths.notebook, paths.out, templates), lambda _: None)
    assert shipment.changed == ("Cheatdeck Question", "Cheatdeck Cloze")


def test_a_draft_is_made_again_once_it_was_released(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    build(paths)
    at(monkeypatch, 1_700_000_000)
    pipeline.release(paths, lambda _: None)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert build(paths).made == (DECK,)


def test_it_does_not_matter_how_the_notebook_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 1_700_000_000)
    pipeline.release(paths, lambda _: None)
    build(paths)
    monkeypatch.chdir(paths.notebook.parent)
    assert build(Paths(Path(paths.notebook.name), paths.out, paths.templates)).made == ()


def test_a_chapter_that_cannot_be_read_does_not_count_as_gone(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    reword_settings(paths, "0.1.0", "1.0.0")
    at(monkeypatch, 1_700_000_000)
    pipeline.release(paths, lambda _: None)
    reword(paths, "<article", "<?php ?><article")
    with pytest.raises(NotesError) as refused:
        build(paths)
    assert {problem.code.value for problem in refused.value.problems} & {"N081"} == set()


def reword_settings(paths: Paths, old: str, new: str) -> None:
    settings = paths.notebook / "notebook.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_notebook_that_was_released_keeps_its_id(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 1_700_000_000)
    pipeline.release(paths, lambda _: None)
    reword_settings(paths, 'id = "small"', 'id = "other"')
    with pytest.raises(NotesError, match='the guids are not those of the notebook "other"'):
        build(paths)


def test_a_release_with_warnings_is_refused(paths: Paths) -> None:
    reword(paths, "</article>", f"<pre><code>{'x' * 61}</code></pre></article>")
    with pytest.raises(NotesError, match="W064"):
        pipeline.release(paths, lambda _: None)
    assert not (paths.notebook / "cards.csv").exists()


def test_the_manifest_lists_retired_notes_apart(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 1_700_000_000)
    pipeline.release(paths, lambda _: None)
    ledger = paths.notebook / "cards.csv"
    (row,) = (line for line in ledger.read_text(encoding="utf-8").splitlines() if line.startswith("cloze,"))
    retired = row.removesuffix(",,") + ",Not asked,most"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace(row, retired), encoding="utf-8")
    reword(paths, '<p id="cloze">', "<p>")
    reword(paths, "<mark>", "<strong>")
    reword(paths, "</mark>", "</strong>")
    listed = build(paths).manifest
    assert [note["key"] for note in listed["notes"]] == ["picture", "most"]
    assert [(note["key"], note["kind"], note["question"], note["reason"]) for note in listed["retired"]] == [
        ("cloze", "cloze", "This card is retired: Not asked Another card asks instead: Longest stay?", "Not asked")
    ]
    assert (listed["counts"]["notes"], listed["counts"]["cards"]) == (2, 2)


def test_the_manifest_and_the_package_list_the_same_cards(paths: Paths) -> None:
    build(paths)
    in_package, in_manifest = diff.read(paths.out / DECK), diff.read(paths.out / "manifest.json")
    assert list(in_package.values()) == list(in_manifest.values())
    assert in_manifest["cloze"].question == "A [first] and a [second], up to 4 days"
