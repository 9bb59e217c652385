"""Files and folders of notes that were not written for cheatdeck, alone and among others."""

from pathlib import Path

import dump
from cheatdeck.model import plain
from notes import SETTINGS, page


def write(folder: Path, **files: str) -> Path:
    """Write files; a double underscore in a name stands for a folder."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def chapters(path: Path) -> list[str]:
    book, _ = dump.read(path)
    return [chapter.heading for chapter in book.chapters]


def test_a_page_with_one_heading_above_all_is_a_notebook_of_that_title(tmp_path: Path) -> None:
    write(tmp_path, a="<p>intro</p><h1>Lights</h1><p>more</p><h2>At sea</h2><h3>Red</h3><h2>On land</h2>")
    book, files = dump.read(tmp_path / "a.html")
    settings = book.settings
    assert (settings.key, settings.title, settings.version, settings.language) == ("lights", "Lights", "0.0.0", "en")
    assert [section.heading for section in book.sections()] == ["1 Lights", "2 At sea", "2.1 Red", "3 On land"]
    assert list(dump.blocks(book.chapters[0].blocks)) == ["intro", "more"]
    assert files.remarks == [
        (
            f"{tmp_path / 'a.html'}: one file, so the title is “Lights”, the id lights (learners' progress "
            "hangs on it), the version 0.0.0, the language en; no exam, groups or limits. "
            f"“cheatdeck init {tmp_path / 'a.html'}” writes them down, to go on from."
        )
    ]


def test_several_top_headings_are_chapters_and_the_page_names_the_rest(tmp_path: Path) -> None:
    write(tmp_path, my_notes='<html lang="de"><title>Leuchttürme</title>vorweg<h1>A</h1>a<h1>B</h1>b')
    book, _ = dump.read(tmp_path / "my_notes.html")
    assert (book.settings.title, book.settings.language) == ("Leuchttürme", "de")
    assert [chapter.heading for chapter in book.chapters] == ["1 Leuchttürme", "2 A", "3 B"]


def test_a_page_without_headings_has_the_name_of_its_file(tmp_path: Path) -> None:
    write(tmp_path, my_notes="<p>a</p>")
    assert chapters(tmp_path / "my_notes.html") == ["1 My notes"]


def test_a_folder_has_a_chapter_for_each_file_in_order(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "my-notes",
        **{
            "2_b": "<h1>B</h1>b",
            "10_c": "<p>c</p><h2>C1</h2>",
            "1_a": "<h1>A1</h1>a<h1>A2</h1>a",
            "sub__d": "<h2>D</h2>d",
        },
    )
    book, files = dump.read(folder)
    assert (book.settings.key, book.settings.title) == ("my-notes", "My notes")
    assert [section.heading for section in book.sections()] == [
        "1 A", "1.1 A1", "1.2 A2", "2 B", "10 C", "10.1 C1", "11 D", "11.1 D",
    ]  # fmt: skip
    assert files.problems == []


def test_years_are_no_chapters(tmp_path: Path) -> None:
    assert chapters(write(tmp_path, **{"2024_a": "<h1>A</h1>a", "2025_b": "<h1>B</h1>b"})) == ["1 A", "2 B"]


def test_numbers_that_are_parts_of_names_are_no_chapters(tmp_path: Path) -> None:
    names = ["3D printing", "12-factor app", "802.11 WiFi"]
    assert chapters(write(tmp_path, **dict.fromkeys(names, "<p>a</p>"))) == [
        "1 3D printing", "2 12-factor app", "3 802.11 WiFi",
    ]  # fmt: skip


def test_what_a_build_left_and_hidden_files_are_no_notes(tmp_path: Path) -> None:
    write(tmp_path, a="<h1>A</h1>a", build__preview__index="<h1>No</h1>", **{".hidden__b": "<h1>No</h1>"})
    for name in ("manifest.json", "SHA256SUMS"):
        (tmp_path / "build" / name).write_text("", encoding="utf-8")
    assert chapters(tmp_path) == ["1 A"]


def test_plain_files_among_others_keep_out_of_their_way(tmp_path: Path) -> None:
    write(tmp_path, **{"02": page("<p>ours</p>", key="a", title="Ours")}, a="<h1>A</h1>a", b="<h1>B</h1>b")
    (tmp_path / "notebook.toml").write_text(SETTINGS, encoding="utf-8")
    book, files = dump.read(tmp_path)
    assert book.settings.title == "A small notebook"
    assert [(chapter.heading, chapter.key) for chapter in book.chapters] == [
        ("1 A", "a-2"),
        ("2 Ours", "a"),
        ("3 B", "b"),
    ]
    assert sorted(Path(name).name for name in files.plain) == ["a.html", "b.html"]
    assert (files.problems, files.remarks) == ([], [])


def test_a_saved_page_with_an_article_is_no_chapter_of_ours(tmp_path: Path) -> None:
    write(tmp_path, a='<article id="post-1" class="post"><h1>A</h1><span>a</span></article>')
    assert chapters(tmp_path / "a.html") == ["1 A"]


def test_headings_that_lie_too_deep_stand_on_the_last_level(tmp_path: Path) -> None:
    write(tmp_path, a="".join(f"<h{n}>{n}</h{n}>x" for n in range(1, 7)), b="<h1>B</h1>")
    book, _ = dump.read(tmp_path)
    expected = ["1 1", "1.1 2", "1.1.1 3", "1.1.1.1 4", "1.1.1.2 5", "1.1.1.3 6", "2 B"]
    assert [section.heading for section in book.sections()] == expected


def test_ids_of_sections_tell_the_way_to_them_and_are_unique(tmp_path: Path) -> None:
    write(
        tmp_path, a="<h1>Lights</h1><h2>Red</h2><h2>Red</h2><h2>Grün</h2><h2>光</h2>", b=f"<h1>{'Long title ' * 9}</h1>"
    )
    book, _ = dump.read(tmp_path)
    assert [section.key for section in book.sections()] == [
        "lights",
        "lights-red",
        "lights-red-2",
        "lights-grun",
        "lights-456e1a",
        "long-title-long-title-long-title-2e7da7",
    ]


def test_ids_stay_when_a_page_gets_more_headings_and_a_notebook_more_pages(tmp_path: Path) -> None:
    pages = {"one heading above all": "<h1>A</h1>a<h2>B</h2>b", "none": "<p>a</p><h2>B</h2>b", "some": "<h1>A</h1>a"}
    for name, html in pages.items():
        notes = write(tmp_path / name, page=f"<title>P</title>{html}")
        (notes / "notebook.toml").write_text(SETTINGS, encoding="utf-8")
        before = keys(notes)
        write(notes, page=f"<title>P</title>{html}<h2>C</h2>c")
        grown = keys(notes)
        write(notes, second="<h1>D</h1>d<h2>E</h2>e")
        assert keys(notes)[: len(grown)] == grown
        assert grown[: len(before)] == before


def keys(path: Path) -> list[str]:
    book, _ = dump.read(path)
    return [section.key for section in book.sections()]


def test_a_title_that_is_a_heading_of_the_same_level_as_others_is_no_chapter(tmp_path: Path) -> None:
    notes = write(tmp_path, runbook="<title>Runbook</title><h1 id=t>Runbook</h1><h1>Start</h1>a<a href='#t'>b</a>")
    assert chapters(notes / "runbook.html") == ["1 Start"]
    write(notes, second="c")
    assert [section.heading for section in dump.read(notes)[0].sections()] == ["1 Runbook", "1.1 Start", "2 Second"]


def test_links_lead_to_sections_of_all_files(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        a='<h1>A</h1><a href="#part-two">1</a> <a href="sub/b.html">2</a> <a href="sub/b.html#x">3</a>'
        ' <a href="#spot">4</a> <a href="c.html">5</a> <a href="#gone">6</a> <a href="sub/my b.html#x">8</a>'
        ' <a href="java script:x()">9</a><h2>Part two</h2><p id="spot">s</p>',
        sub__b='<h1>B</h1>b<h2 id="x">X</h2><a href="../a.html#spot">7</a>',
        **{"sub__my b": '<h1>My B</h1>b<h2 id="x">X</h2>'},
    )
    book, files = dump.read(folder)
    lines = [line for section in book.sections() for line in dump.blocks(section.blocks)]
    assert lines == [
        "<#a-part-two 1> <b.html#b 2> <b.html#x 3> <#a-part-two 4> 5 6 <my b.html#my-b-x 8> 9",
        "s",
        "b",
        "<a.html#a-part-two 7>",
        "b",
    ]
    assert [problem.message.split(", and")[0] for problem in files.problems] == [
        'a link to "c.html" leads nowhere',
        'a link to "#gone" leads nowhere',
        'a link to "java script:x()" leads nowhere',
    ]


def test_nothing_to_learn_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, a="<h1>A</h1>a", b="<script>x()</script>")
    _, files = dump.read(tmp_path)
    assert [(Path(p.span.file).name, p.message) for p in files.problems] == [
        ("b.html", "nothing to learn stands in the file")
    ]


def test_titles_are_what_people_see(tmp_path: Path) -> None:
    write(tmp_path, a="<h1>A <em>fine</em> <code>day</code></h1>a", b="<h1>B</h1>b")
    book, _ = dump.read(tmp_path)
    assert [plain(chapter.title) for chapter in book.chapters] == ["A fine day", "B"]
