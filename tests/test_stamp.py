"""Ids that are written into notes: nothing else changes, and learners keep their cards whatever is reworded."""

import re
import shutil
from pathlib import Path

import pytest

from cheatdeck import pipeline, stamp
from cheatdeck.command import BUILT, MACHINE, PROBLEMS, main
from cheatdeck.paths import Paths
from cheatdeck.problems import NotesError
from cheatdeck.prompts import prompts
from notes import deck, page, write_notebook

TESTS = Path(__file__).parent
FOLDERS = ["notes_plain", "notes_markdown/bees", "notes_markdown/tea"]
FILES = ["notes_plain/lighthouses.html", "notes_markdown/lighthouses.md"]
LONG = "Nothing to see here. " * 12


def keys(path: Path) -> list[str]:
    """Return the ids of sections, then of cards."""
    book = pipeline.check(Paths.of(path, path.parent / "out"), lambda _: None).notebook
    return [*(section.key for section in book.sections()), *(prompt.key for prompt in prompts(book))]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def stamped(folder: Path, name: str, text: str | bytes) -> str:
    """Return a file's text once it is stamped, line ends and byte order mark as they are in it."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    before = deck(path, folder / "out")
    assert main(["stamp", str(path)]) == BUILT
    after = path.read_bytes()
    assert deck(path, folder / "out") == before
    assert main(["stamp", str(path)]) == BUILT
    assert path.read_bytes() == after
    return after.decode()


@pytest.mark.parametrize("name", [*FOLDERS, *FILES])
def test_the_deck_stays_the_same_and_a_second_time_changes_nothing(name: str, tmp_path: Path) -> None:
    copy = tmp_path / "notes" / Path(name).name
    if (TESTS / name).is_dir():
        shutil.copytree(TESTS / name, copy)
    else:
        shutil.copytree((TESTS / name).parent, copy.parent)
    before, files = deck(copy, tmp_path / "out"), contents(tmp_path / "notes")
    assert main(["stamp", str(copy)]) == BUILT
    once = contents(tmp_path / "notes")
    assert deck(copy, tmp_path / "out") == before
    assert main(["stamp", str(copy)]) == BUILT
    assert contents(tmp_path / "notes") == once
    assert once != files
    # Without the ids, each byte is as it was.
    assert {name: bare(data) for name, data in once.items()} == {name: bare(data) for name, data in files.items()}


def bare(data: bytes) -> bytes:
    return re.sub(rb' id="[a-z0-9-]+"| \{#[a-z0-9-]+\}', b"", data)


HTML = {
    "odd tags": (
        "<H1 CLASS=x>Bees &amp; wasps</H1><P>A bee has 6 legs.<P\tclass='odd'>Wasp – an insect<br/>\n</P>",
        (
            '<H1 id="bees-wasps" CLASS=x>Bees &amp; wasps</H1><P id="bees-wasps-a-bee-has-legs">A bee has 6 legs.'
            "<P id=\"bees-wasps-wasp\"\tclass='odd'>Wasp – an insect<br/>\n</P>"
        ),
    ),
    "line ends, a byte order mark, no end": (
        "\ufeff<h1>T</h1>\r\n\r\n<ul>\r\n<li>Red - port\r\n\t<li>Green - starboard</ul>\n<p>café - a drink",
        (
            '\ufeff<h1 id="t">T</h1>\r\n\r\n<ul>\r\n<li id="t-red">Red - port\r\n\t<li id="t-green">Green - starboard'
            '</ul>\n<p id="t-cafe">café - a drink'
        ),
    ),
    "rows, terms and boxes": (
        (
            "<h1>T</h1><table><tr><td>Egg<td>3 days<tr><td>Larva<td>6 days</table>"
            "<dl><dt>Hive<dd>a home<dt>Comb<dd>wax</dl>"
            '<dl><div><dt>Cell<dd>a room</div><div id="x"><dt>Wing<dd>flies</div></dl>'
            "<details open><summary>Why?</summary>So.</details><div>Nectar - sugar</div>"
        ),
        (
            '<h1 id="t">T</h1><table><tr id="t-egg"><td>Egg<td>3 days<tr id="t-larva"><td>Larva<td>6 days</table>'
            '<dl><dt id="t-hive">Hive<dd>a home<dt id="t-comb">Comb<dd>wax</dl>'
            '<dl><div><dt id="t-cell">Cell<dd>a room</div><div id="x"><dt>Wing<dd>flies</div></dl>'
            '<details id="t-why" open><summary>Why?</summary>So.</details><div id="t-nectar">Nectar - sugar</div>'
        ),
    ),
    "diagrams": (
        (
            "<h1>T</h1><pre class=mermaid>graph TD\nA--&gt;B</pre>"
            "<figure><pre class=mermaid>graph TD\nC--&gt;D</pre><figcaption>What?</figcaption></figure>"
        ),
        (
            '<h1 id="t">T</h1><pre id="t-diagram" class=mermaid>graph TD\nA--&gt;B</pre>'
            '<figure id="t-diagram-2"><pre class=mermaid>graph TD\nC--&gt;D</pre>'
            "<figcaption>What?</figcaption></figure>"
        ),
    ),
    "the same heading and question again": (
        "<h1>T</h1><h2>A</h2><p>Red - port</p><h2>A</h2><p>Red - left</p>",
        (
            '<h1>T</h1><h2 id="t-a">A</h2><p id="t-a-red">Red - port</p>'
            '<h2 id="t-a-2">A</h2><p id="t-a-2-red">Red - left</p>'
        ),
    ),
    "ids in other forms": (
        '<h1 id="The_Top">T</h1><p id="Port.1">Red - port</p>',
        '<h1 id="The_Top">T</h1><p id="Port.1">Red - port</p>',
    ),
    "front matter and comments": (
        "---\ntitle: X\n---\n<!-- <p>Red - port --><h1>T</h1><![CDATA[x]]><p>Red - port</p>",
        '---\ntitle: X\n---\n<!-- <p>Red - port --><h1 id="t">T</h1><![CDATA[x]]><p id="t-red">Red - port</p>',
    ),
    "a link to an id that is not there yet": (
        '<h1>T</h1><p>Red - <a href="#t-b-c">port</a></p><h2>A</h2><p>seen for 5 km</p><h2>B.C.</h2><p>Green - sea</p>',
        (
            '<h1 id="t">T</h1><p id="t-red">Red - <a href="#t-b-c">port</a></p><h2 id="t-a">A</h2>'
            '<p id="t-a-seen-for">seen for 5 km</p><h2 id="t-b-c">B.C.</h2><p id="t-b-c-green">Green - sea</p>'
        ),
    ),
}


@pytest.mark.parametrize("name", HTML)
def test_html(name: str, tmp_path: Path) -> None:
    text, expected = HTML[name]
    assert stamped(tmp_path, "notes.html", text) == expected


MARKDOWN = {
    "headings of both kinds": (
        "# Title #\n\nRed - port\n\n## Code `x` {.y}\n\nGreen - sea\n\nSetext\n------\n\nBlue - sky",
        (
            "# Title {#title} #\n\nRed - port {#title-red}\n\n## Code `x` {#title-code-x .y}\n\n"
            "Green - sea {#title-code-x-green}\n\n"
            "Setext {#title-setext}\n------\n\nBlue - sky {#title-setext-blue}"
        ),
    ),
    "paragraphs, quotes and items": (
        (
            "# T\n\nTerm - meaning\nwith 5 km  \n\n> quoted – text\n\n"
            "* a | b - c\n* [ ] task – of 5 kg\n1. - deep - nested\n"
        ),
        (
            "# T {#t}\n\nTerm - meaning\nwith 5 km {#t-term}  \n\n> quoted – text {#t-quoted}\n\n"
            "* a | b - c {#t-a-b}\n* [ ] task – of 5 kg {#t-task}\n1. - deep - nested {#t-deep}\n"
        ),
    ),
    "attributes that are there": (
        "# T\n\n{.wide}\nAbove – a word\n\nBehind – a word {.big}\n\nHeld – a word ^held-1\n",
        "# T {#t}\n\n{.wide}\nAbove – a word {#t-above}\n\nBehind – a word {#t-behind .big}\n\nHeld – a word ^held-1\n",
    ),
    "rows": (
        "# T\n\n| A | B | C |\n|---|---|---|\n| x \\| y | 7 m | |\n| q | 8 m | two\n",
        "# T {#t}\n\n| A | B | C |\n|---|---|---|\n| x \\| y | 7 m {#t-x-y} | |\n| q | 8 m | two {#t-q}\n",
    ),
    "questions, terms and diagrams": (
        (
            "# T\r\n\r\nQ: one\r\nor two?\r\nA: two\r\n\r\nHive\r\n: a home\r\n\r\n"
            "~~~ mermaid\r\ngraph TD\r\nA-->B\r\n~~~\r\n\r\n"
            "```{.mermaid .wide}\r\ngraph TD\r\nC-->D\r\n```"
        ),
        (
            "# T {#t}\r\n\r\nQ: one\r\nor two? {#t-one-or-two}\r\nA: two\r\n\r\nHive {#t-hive}\r\n: a home\r\n\r\n"
            "~~~ mermaid {#t-diagram}\r\ngraph TD\r\nA-->B\r\n~~~\r\n\r\n"
            "```{#t-diagram-2 .mermaid .wide}\r\ngraph TD\r\nC-->D\r\n```"
        ),
    ),
    "HTML within": (
        (
            "# T\n\n<ul><li>Wing – flies</li><li>Sting – hurts</li></ul>\n\n<details>\n<summary>Why?</summary>\n\n"
            "So.\n\n"
            "</details>\n"
        ),
        (
            '# T {#t}\n\n<ul><li id="t-wing">Wing – flies</li><li id="t-sting">Sting – hurts</li></ul>\n\n'
            '<details id="t-why">\n<summary>Why?</summary>\n\nSo.\n\n</details>\n'
        ),
    ),
    "letters of all kinds": (
        "\ufeff# 蜂\n\n蜂蜜 – 食物 🎉\n",
        "\ufeff# 蜂 {#ae8a3c}\n\n蜂蜜 – 食物 🎉 {#ae8a3c-7972dc}\n",
    ),
}


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown(name: str, tmp_path: Path) -> None:
    text, expected = MARKDOWN[name]
    assert stamped(tmp_path, "notes.md", text) == expected


def test_a_question_and_a_heading_can_be_reworded_once_they_are_stamped(tmp_path: Path) -> None:
    text = (
        "<h1>Lights</h1><ul><li>Red - port<li>Green - starboard</ul>"
        f"<p>{LONG}It is seen for 37 km. It burns 10 hours a night.</p>"
        "<h2>Lens</h2><p>It was built by the engineer Robert Stevenson on bare rock.</p>"
    )
    assert "Robert" in stamped(tmp_path, "notes.html", text)
    path = tmp_path / "notes.html"
    before = keys(path)
    reworded = path.read_text(encoding="utf-8")
    for old, new in {
        ">Lights<": ">Lamps<", "Red -": "Crimson -", "Green": "Lime", "seen for": "visible for", "burns": "shines",
        ">Lens<": ">Lenses<", "engineer Robert": "great engineer Robert",
    }.items():  # fmt: skip
        assert old in reworded
        reworded = reworded.replace(old, new)
    path.write_text("<h1>Red</h1><p>Red - sea</p>" + reworded, encoding="utf-8")
    assert [key for key in before if key not in keys(path)] == []
    assert before == [
        "lights", "lights-lens", "lights-red", "lights-green", "lights-it-is-seen-for", "lights-it-is-seen-for-2",
        "lights-lens-card",
    ]  # fmt: skip


def test_what_is_written_and_what_has_no_place_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bees, wasps = tmp_path / "bees.html", tmp_path / "wasps.md"
    bees.write_text("<h1>Bees</h1>\n<p>A bee – an insect<br>A drone – a male</p>", encoding="utf-8")
    wasps.write_text("# Wasps\n\nA wasp – an insect  \nA hornet – a wasp\n\n- A sting – hurts\n", encoding="utf-8")
    assert main(["stamp", str(tmp_path)]) == BUILT
    told = capsys.readouterr()
    assert told.out.splitlines() == [f"{bees}: 2 ids", f"{wasps}: 3 ids"]
    remark, *left = told.err.splitlines()
    assert "cheatdeck init" in remark
    assert left == [
        f"{bees}: no place for an id on line 2: rewording makes new cards there.",
        f"{wasps}: no place for an id on line 4: rewording makes new cards there.",
    ]
    assert main(["stamp", str(tmp_path)]) == BUILT
    assert capsys.readouterr().out == "No id was written: all are there that have a place.\n"


def test_notes_written_for_cheatdeck_get_the_ids_that_they_lack(tmp_path: Path) -> None:
    body = (
        "<p>A <mark>bee</mark></p>\n<ul><li>its <mark>wing</mark></li><li>no card</li></ul>\n"
        '<dl><div><dt>Why?</dt><dd>So.</dd></div><div id="kept"><dt>How?</dt><dd>So.</dd></div></dl>\n'
        "<section>\n<h2>Hive</h2>\n<details><summary>Where?</summary>Here.</details>\n</section>"
    )
    folder = write_notebook(tmp_path / "notes", chapter_1=page(body, "bees"))
    assert main(["check", str(folder), "--out", str(tmp_path / "out")]) == PROBLEMS
    assert main(["stamp", str(folder)]) == BUILT
    text = (folder / "01.html").read_text(encoding="utf-8")
    assert text == page(
        '<p id="bees-a-bee">A <mark>bee</mark></p>\n'
        '<ul><li id="bees-its-wing">its <mark>wing</mark></li><li>no card</li></ul>\n'
        '<dl><div id="bees-why"><dt>Why?</dt><dd>So.</dd></div><div id="kept"><dt>How?</dt><dd>So.</dd></div></dl>\n'
        '<section id="bees-hive">\n<h2>Hive</h2>\n'
        '<details id="bees-hive-where"><summary>Where?</summary>Here.</details>\n</section>',
        "bees",
    )
    assert main(["stamp", str(folder)]) == BUILT
    assert (folder / "01.html").read_text(encoding="utf-8") == text


def test_files_that_cannot_be_written_are_problems_and_none_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bees, wasps = tmp_path / "bees.html", tmp_path / "wasps.html"
    for path in (bees, wasps):
        path.write_text(f"<h1>{path.stem}</h1><p>A - one", encoding="utf-8")
    wasps.chmod(0o444)
    assert main(["stamp", str(tmp_path)]) == PROBLEMS
    assert f"{wasps}:1:1: C001 cannot write the file: it is read-only" in capsys.readouterr().err
    assert " id=" not in bees.read_text(encoding="utf-8") + wasps.read_text(encoding="utf-8")


def test_a_file_that_has_changed_since_it_was_read_is_not_overwritten(tmp_path: Path) -> None:
    bees, wasps = tmp_path / "bees.html", tmp_path / "wasps.html"
    for path in (bees, wasps):
        path.write_text(f"<h1>{path.stem}</h1><p>A - one", encoding="utf-8")
    planned = stamp.plan(Paths.of(tmp_path, tmp_path / "out"))
    wasps.write_text("<h1>Hornets</h1>", encoding="utf-8")
    with pytest.raises(NotesError, match="has changed"):
        stamp.write(planned.changes)
    assert " id=" not in bees.read_text(encoding="utf-8") + wasps.read_text(encoding="utf-8")


def test_links_and_permissions_stay_and_nothing_outside_the_notebook_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, outside = tmp_path / "notes", tmp_path / "outside.html"
    (folder / ".kept").mkdir(parents=True)
    kept = folder / ".kept" / "bees.html"
    kept.write_text("<h1>Bees</h1><p>Stinger - hurts", encoding="utf-8")
    kept.chmod(0o600)
    (folder / "bees.html").symlink_to(kept)
    assert main(["stamp", str(folder)]) == BUILT
    assert (folder / "bees.html").is_symlink()
    assert kept.read_text(encoding="utf-8") == '<h1 id="bees">Bees</h1><p id="bees-stinger">Stinger - hurts'
    assert kept.stat().st_mode & 0o777 == 0o600
    outside.write_text("<h1>Wasps</h1>", encoding="utf-8")
    (folder / "wasps.html").symlink_to(outside)
    assert main(["stamp", str(folder)]) == PROBLEMS
    assert "it leads out of the notebook" in capsys.readouterr().err
    assert outside.read_text(encoding="utf-8") == "<h1>Wasps</h1>"


def test_a_file_of_two_names_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bees.html").write_text("<h1>Bees</h1><p>Stinger - hurts", encoding="utf-8")
    (tmp_path / "wasps.html").symlink_to(tmp_path / "bees.html")
    assert main(["stamp", str(tmp_path)]) == PROBLEMS
    assert "the file has several names" in capsys.readouterr().err
    assert (tmp_path / "bees.html").read_text(encoding="utf-8") == "<h1>Bees</h1><p>Stinger - hurts"


def test_notes_that_cannot_be_read_are_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bees.html").write_bytes(b"<h1>Bees \xff</h1>")
    assert main(["stamp", str(tmp_path)]) == PROBLEMS
    assert "C001 cannot read the file: not UTF-8" in capsys.readouterr().err
    assert main(["stamp", str(tmp_path / "nowhere")]) == PROBLEMS
    assert "there is no such file or folder" in capsys.readouterr().err


def test_a_disk_that_refuses_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bees.html").write_text("<h1>Bees</h1>", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    assert main(["stamp", str(tmp_path)]) == MACHINE
    assert "No space left on device; make room for it" in capsys.readouterr().err
    assert contents(tmp_path) == {str(tmp_path / "bees.html"): b"<h1>Bees</h1>"}


def test_an_id_that_would_lead_links_elsewhere_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        '<h1>T</h1><h2>A</h2><p>Red - <a href="#t-b-c">port</a></p><h2>B.C.</h2><p>Blue - sky</p>'
        '<h2>D</h2><p><a name="t-b-c">Green</a> - sea</p>'
    )
    assert '<h2>B.C.</h2><p id="t-b-c-blue">' in stamped(tmp_path, "notes.html", text)
    assert "notes.html: no place for an id on line 1:" in capsys.readouterr().err
