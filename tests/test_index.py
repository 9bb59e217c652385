"""The index: what stands in it, and where it leads."""

from pathlib import Path

from cheatdeck.index import entries
from notes import SETTINGS, page, read, write_notebook


def index(tmp_path: Path, *bodies: str, names: str = "") -> list[tuple[str, list[str]]]:
    """Return each term with the numbers of its sections."""
    keys = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    chapters = {f"chapter_{n}": page(body, keys[n - 1], keys[n - 1]) for n, body in enumerate(bodies, start=1)}
    folder = write_notebook(tmp_path / "notes", **chapters)
    (folder / "notebook.toml").write_text(f"names = [{names}]\n{SETTINGS}", encoding="utf-8")
    notebook, problems, _ = read(folder)
    assert problems == []
    return [(entry.term, [section.label for section in entry.places]) for entry in entries(notebook)]


def test_terms_stand_under_their_full_names_and_abbreviations_with_theirs(tmp_path: Path) -> None:
    body = """<p><dfn>queue</dfn>, <dfn title="Dead-letter queue">DLQ</dfn></p>
<section id="inner"><h2>Inner</h2>
<p>An <abbr title="Application Load Balancer">ALB</abbr>, <abbr>SNS</abbr></p></section>"""
    assert index(tmp_path, body) == [
        ("ALB: Application Load Balancer", ["1.1"]),
        ("Dead-letter queue", ["1"]),
        ("queue", ["1"]),
    ]


def test_a_term_stands_once_with_all_its_places_in_order(tmp_path: Path) -> None:
    inner = '<section id="inner"><h2>Inner</h2><p>A <dfn>Layer</dfn></p></section>'
    assert index(tmp_path, f"<p>A <dfn>layer</dfn></p>{inner}", "<p>A <dfn>layer</dfn></p>") == [
        ("layer", ["1", "1.1", "2"])
    ]


def test_names_stand_where_they_are_named_as_whole_words(tmp_path: Path) -> None:
    assert index(tmp_path, "<p>SQS</p>", "<p>SQSX, pre-SQS</p>", "<p>(SQS)</p>", names='"SQS", "SNS"') == [
        ("SQS", ["1", "3"])
    ]


def test_a_name_that_stands_everywhere_leads_to_where_it_stands_most_and_to_titles(tmp_path: Path) -> None:
    bodies = [f"<p>{'SQS ' * count}</p>" for count in (1, 2, 9, 9, 9, 9, 9)]
    titled = '<section id="titled"><h2>SQS</h2><p>Text</p></section>'
    assert index(tmp_path, *bodies, titled, names='"SQS"') == [("SQS", ["3", "4", "5", "6", "7", "8.1"])]


def test_terms_are_sorted_as_people_look_for_them(tmp_path: Path) -> None:
    body = "<p><dfn>/opt</dfn>, <dfn>Zone</dfn>, <dfn>alias</dfn>, <dfn>Alarm</dfn>, <dfn>.zip</dfn></p>"
    assert [term for term, _ in index(tmp_path, body)] == ["Alarm", "alias", "/opt", ".zip", "Zone"]


def test_the_last_term_of_each_letter_is_marked(tmp_path: Path) -> None:
    body = "<p><dfn>beta</dfn>, <dfn>Alpha</dfn>, <dfn>Bravo</dfn>, <dfn>1 GB</dfn></p>"
    notebook, _, _ = read(write_notebook(tmp_path, chapter_1=page(body)))
    assert [(entry.term, entry.is_last) for entry in entries(notebook)] == [
        ("1 GB", True), ("Alpha", True), ("beta", False), ("Bravo", True)
    ]  # fmt: skip
