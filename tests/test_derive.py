"""Cards that plain notes become: what is asked, what is answered, and by which ids they are known."""

from pathlib import Path
from time import process_time

import pytest

import dump
from cheatdeck.derive.sections import derive
from cheatdeck.model import Notebook
from cheatdeck.prompts import prompts

SOON = 2.0


def derived(folder: Path, html: str) -> Notebook:
    path = folder / "notes.html"
    path.write_text(html, encoding="utf-8")
    book, files = dump.read(path)
    return derive(book, files.plain)


def cards(folder: Path, html: str) -> list[str]:
    return [dump.card(card) for section in derived(folder, html).sections() for card in section.cards]


FORMS = {
    "rows of a table with two columns": (
        "<table><tr><th>Name<th>Light<tr><td>Flashing<td>shorter<tr><td>Occulting<td>longer</table>",
        ["row: (T › Light) Flashing = shorter", "row: (T › Light) Occulting = longer"],
    ),
    "a number in front of a row is named by its column": (
        "<table><tr><th>Order<th>Distance<th>Use<tr><td>1<td>far<td>sea<tr><td>last<td>near<td>harbor</table>",
        [
            "row: (T) Order: 1 = **Distance**: far; **Use**: sea",
            "row: (T) last = **Distance**: near; **Use**: harbor",
        ],
    ),
    "a column that counts the rows is not asked for": (
        "<table><tr><th>#<th>Name<th>Light<tr><td>1<td>Flashing<td>shorter</table>",
        ["row: (T › Light) Flashing = shorter"],
    ),
    "what exporters write at the head of a page is not asked for": (
        "<table><tr><td>Created<td>today<tr><td>Lens<td>glass</table><p>Tags: sea<br>Lamp: bright</p>",
        ["row: (T) Lens = glass", "question: (T) Lamp = bright"],
    ),
    "rows of a wider table, with its caption": (
        "<table><caption>Lights</caption><tr><th>Name<th>Light<th>Dark<tr><td>Flashing<td>shorter<td>longer</table>",
        ["row: (T › Lights) Flashing = **Light**: shorter; **Dark**: longer"],
    ),
    "a row with one cell is a line": (
        "<table><tr><td>a<td>b<tr><td>Seen for 37 km<td></table>",
        ["row: (T) a = b", "cloze: (T) Seen for [37 km]1"],
    ),
    "terms, with any dash or colon": (
        "<ul><li>Lens – bends light<li>Lamp - gives light<li>Tower: carries both<li>Keeper—winds the clock</ul>",
        [
            "definition: (T) Lens = bends light",
            "definition: (T) Lamp = gives light",
            "question: (T) Tower = carries both",
            "definition: (T) Keeper = winds the clock",
        ],
    ),
    "a term with what stands below it": (
        "<ul><li>Lens - bends light<ul><li>made of rings</ul></ul>",
        ["definition: (T) Lens = bends light; - made of rings"],
    ),
    "figures below a term are asked for by themselves": (
        "<ul><li>Lamp: the first<ul><li>took 250 W of power</ul></ul>",
        ["question: (T) Lamp = the first", "cloze: (T › Lamp) took [250 W]1 of power"],
    ),
    "a figure alone belongs to the term above it": (
        "<ul><li>Lamp - electric<ul><li>250 W</li><li>bright</ul></ul>",
        ["definition: (T) Lamp = electric; - 250 W; - bright"],
    ),
    "a list that only happens to stand below a term": (
        "<p>Lens – bends light</p><ul><li>A lamp has <b>a wick</b> in it</ul>",
        ["definition: (T) Lens = bends light", "cloze: (T › Lens) A lamp has [**a wick**]1 in it"],
    ),
    "what answers a question is not asked for again": (
        "<ul><li>What is in a lighthouse?<p>A lamp and a <b>lens</b> of rings.</p></ul>",
        ["question: (T) What is in a lighthouse? = A lamp and a **lens** of rings."],
    ),
    "marks of footnotes, and tags at the end": (
        '<p>It is seen for 37 km.<sup><a href="#n1">[1]</a></sup> #sea #sea/lights</p><p>#sea</p>',
        ["cloze: (T) It is seen for [37 km]1."],
    ),
    "formulas are no money": (
        r"<p>The time is \(5 s\) or $1\ km$ at most.</p>",
        [r"question: () What is there to know about “T”? = The time is \(5 s\) or $1\ km$ at most."],
    ),
    "the name of a piece of code is no heading": (
        "<p><b>lamp.py</b></p><pre>on()</pre><p>Lens – bends light</p>",
        ["definition: (T) Lens = bends light"],
    ),
    "quantities": (
        "<p>It burns 10 hours a night and is seen for 37 km.</p>",
        ["cloze: (T) It burns [10 hours]1 a night and is seen for [37 km]2."],
    ),
    "of a long paragraph, the sentences with quantities": (
        f"<p>{'Nothing to see here. ' * 12}It is seen for 37 km. {'Go on. ' * 5}</p>",
        ["cloze: (T) It is seen for [37 km]1."],
    ),
    "a quantity alone, under its label": (
        "<ul><li>Range<ul><li>37 km</ul></ul>",
        ["question: (T) Range = 37 km"],
    ),
    "marks": (
        "<p>The <mark>lens</mark> bends light, a <mark>lens</mark> of <mark>glass</mark>.</p>",
        ["cloze: (T) The [lens]1 bends light, a [lens]1 of [glass]2."],
    ),
    "bold words, unless the sentence gives them away": (
        "<p>The <b>lens</b> bends light.</p><p>The lens is a <b>lens</b>.</p><p><b>All of it.</b></p>",
        ["cloze: (T) The [**lens**]1 bends light."],
    ),
    "words in bold that only begin a line are not hidden": (
        """<p><b>Note:</b> never for children under 12 years.</p><p><b>Example</b>: it was <b>AF</b> then</p>
        <p><b>Step 1.</b> Turn the <b>valve</b> on</p><p><b>Why it matters:</b> it is the <b>lens</b> of all</p>""",
        [
            "cloze: (T) **Note:** never for children under [12 years]1.",
            "cloze: (T) **Example**: it was [**AF**]1 then",
            "cloze: (T) **Step 1.** Turn the [**valve**]1 on",
            "cloze: (T) **Why it matters:** it is the [**lens**]1 of all",
        ],
    ),
    "a term in bold is hidden where too much is said of it": (
        f"<p><b>Lens:</b> made of glass. {'Go on. ' * 30}</p>",
        ["cloze: (T) [**Lens:**]1 made of glass."],
    ),
    "years are terms": (
        "<ul><li>1776: independence<li>1789 – revolution</ul>",
        ["question: (T) 1776 = independence", "definition: (T) 1789 = revolution"],
    ),
    "limits and ratios beside quantities": (
        "<ul><li>max 100 items, max 16 mb<li>at a ratio of 50:1 for 200 GiB</ul>",
        ["cloze: (T) max [100]1 items, max [16 mb]2", "cloze: (T) at a ratio of [50:1]1 for [200 GiB]2"],
    ),
    "a table stands under a label, not under a term of which something is said": (
        """<p>Nectar – watery</p><table><tr><th>Kind<th>Time<tr><td>Acacia<td>soon</table>
        <p>Honey:</p><table><tr><th>Kind<th>Time<tr><td>Acacia<td>soon</table>""",
        [
            "definition: (T) Nectar = watery",
            "row: (T › Time) Acacia = soon",
            "row: (T › Honey › Time) Acacia = soon",
        ],
    ),
    "questions and answers": (
        "<p>Q: What bends light?</p><p>A: A lens.</p><p>Q: Who winds the clock? A: The keeper.</p>",
        ["question: (T) What bends light? = A lens.", "question: (T) Who winds the clock? = The keeper."],
    ),
    "an answer has the sign of its question": (
        "<p>Q. What bends light?<br>A. A lens.</p><p>Q) Who?</p><p>A) Her</p><p>Q: Where?</p><p>A. Lens is here</p>",
        ["question: (T) What bends light? = A lens.", "question: (T) Who? = Her"],
    ),
    "one of several answers to choose from is no answer": (
        "<p>Q) What bends light?</p><p>A) A lens</p><p>B) A wick</p><p>Q) Who? A) Her B) Him</p><p>Lamp – bright</p>",
        ["definition: (T) Lamp = bright"],
    ),
    "initials are no questions and answers": (
        "<ul><li>F. Scott wrote it<li>A. Huxley wrote it<li>Q. What did J. A. Smith see?<li>Lamp – bright</ul>",
        ["definition: (T) Lamp = bright"],
    ),
    "deletions as Anki has them": (
        "<p>The {{c2::lens::glass}} is {{c1::<b>cut</b> glass}}.</p>",
        ["cloze: (T) The [lens]2 (glass) is [**cut** glass]1."],
    ),
    "a question with a list below it": (
        "<p>What is in a lighthouse?</p><ul><li>a lamp<li>a lens</ul>",
        ["question: (T) What is in a lighthouse? = - a lamp; - a lens"],
    ),
    "a label with a short list below it": (
        "<ul><li>parts:<ul><li>a lamp<li>a lens</ul></ul>",
        ["question: (T) parts = - a lamp; - a lens"],
    ),
    "labels say what lines below them are about": (
        "<p>Lights:</p><ul><li>Flashing<ul><li>shorter than 5 s</ul></ul>",
        ["cloze: (T › Lights › Flashing) shorter than [5 s]1"],
    ),
    "a line in bold is a heading": (
        "<p><b>Lights</b></p><p>Flashing - shorter</p>",
        ["definition: (T › Lights) Flashing = shorter"],
    ),
    "little is asked for as a whole": (
        "<ul><li>built of stone<li>painted white</ul>",
        ["question: () What is there to know about “T”? = - built of stone; - painted white"],
    ),
    "of much, the sentence that tells most": (
        "<p>" + "Every so often somebody came to look at it and went away again without a word. " * 5
        + "It was built by the engineer Robert Stevenson on bare rock.</p>",
        ["cloze: (T) It was built by the engineer [Robert Stevenson]1 on bare rock."],
    ),
    "of many lines, those that tell most": (
        """<ul><li>stands on the rock of Eddystone<li>the first one was made by Winstanley<li>of wood<li>swept away once
        <li>the tower there now is Douglass's<li>lit by paraffin vapour under glass</ul>""",
        [
            "cloze: (T) stands on the rock of [Eddystone]1",
            "cloze: (T) the first one was made by [Winstanley]1",
            "cloze: (T) the tower there now is [Douglass]1's",
        ],
    ),
    "a figure beside one word": ("<ul><li>sampling 20 %</ul>", ["cloze: (T) sampling [20 %]1"]),
    "code alone": (
        "<pre>lamp: on</pre>",
        ["question: () What is there to know about “T”? = code; lamp: on"],
    ),
    "the same question twice is asked once": (
        "<p>Lens – glass</p><p>Lens – round</p>",
        ["definition: (T) Lens = glass"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_what_is_asked(name: str, tmp_path: Path) -> None:
    body, expected = FORMS[name]
    assert cards(tmp_path, f"<h1>T</h1>{body}") == expected


def test_questions_in_lists_and_boxes_ask_themselves(tmp_path: Path) -> None:
    book = derived(tmp_path, "<h1>T</h1><dl><dt>Lens<dd>glass</dl><details><summary>Why?</summary>So.</details>")
    asked = [(prompt.kind, prompt.key, prompt.lead, dump.inline(prompt.front)) for prompt in prompts(book)]
    assert asked == [("question", "t-lens", "T", "Lens"), ("question", "t-why", "T", "Why?")]


def test_a_card_names_the_sections_that_its_own_does_not(tmp_path: Path) -> None:
    html = "<h1>Sea</h1><h2>Lights</h2><h3>Colors</h3><p>Red - port</p><h3>Lights at sea</h3><p>Green - starboard</p>"
    assert cards(tmp_path, f"{html}<h1>Land</h1>x") == [
        "question: () Which parts does “Lights” have? = - Colors; - Lights at sea",
        "definition: (Lights › Colors) Red = port",
        "definition: (Lights at sea) Green = starboard",
        "question: () What is there to know about “Land”? = x",
    ]


def test_what_is_asked_for_does_not_stand_above_it_too(tmp_path: Path) -> None:
    assert cards(tmp_path, "<h1>Bees</h1><h2>Drone</h2><p>Drone – a male bee</p>x<h2>Queen</h2><p>Egg – her work") == [
        "definition: () Drone = a male bee",
        "definition: (Queen) Egg = her work",
    ]


def test_sources_and_links_are_not_asked_for(tmp_path: Path) -> None:
    assert cards(tmp_path, "<h1>T</h1><p>Lens – bends light</p><h2>References</h2><ul><li>A book</ul>") == [
        "definition: (T) Lens = bends light"
    ]


def test_what_only_sounds_like_sources_is_asked_for(tmp_path: Path) -> None:
    cited = "<h2>Sources</h2><p>Stevenson, A. (1850). <em>A treatise on lighthouses.</em> London: Weale.</p>"
    learned = "<h2>References</h2><p>In C++, a reference is another name for an object.</p>"
    assert cards(tmp_path, f"<h1>T</h1><p>Lens – bends light</p>{cited}{learned}") == [
        "definition: (T) Lens = bends light",
        "question: () What is there to know about “References”? = In C++, a reference is another name for an object.",
    ]


def keys(folder: Path, html: str) -> list[str]:
    return [prompt.key for prompt in prompts(derived(folder, html))]


def test_ids_are_made_of_headings_and_questions(tmp_path: Path) -> None:
    html = (
        "<h1>Lights</h1><h2>At sea</h2><ul><li>Red - port<li>seen for 37 km</ul>"
        "<pre>graph TD\nA--&gt;B</pre><h2>Z</h2>z"
    )
    assert keys(tmp_path, html) == [
        "lights-at-sea-red",
        "lights-at-sea-seen-for",
        "lights-at-sea-diagram",
        "lights-z-card",
    ]


def test_other_answers_leave_the_id_and_other_questions_change_it(tmp_path: Path) -> None:
    html = "<h1>T</h1><ul><li>Red - {}<li>seen for {}<li>{} - starboard</ul>"
    before = keys(tmp_path, html.format("port", "37 km", "Green"))
    assert before == keys(tmp_path, html.format("left", "20 miles", "Green"))
    assert before == ["t-red", "t-seen-for", "t-green"]
    assert keys(tmp_path, html.format("port", "37 km", "Lime"))[2] == "t-lime"


def test_ids_have_the_labels_that_are_shown(tmp_path: Path) -> None:
    drug = "<li>{}<ul><li>Adults<ul><li>Dose: {}</ul></ul>"
    codeine, ibuprofen = drug.format("Codeine", "little"), drug.format("Ibuprofen", "more")
    assert keys(tmp_path, f"<h1>T</h1><ul>{ibuprofen}</ul>") == ["t-ibuprofen-adults-dose"]
    assert keys(tmp_path, f"<h1>T</h1><ul>{codeine}{ibuprofen}</ul>") == [
        "t-codeine-adults-dose", "t-ibuprofen-adults-dose",
    ]  # fmt: skip


FOUND = (
    "The chlorophyll was first isolated by Joseph Caventou in Paris. Carotene was later found by Heinrich Wackenroder "
    "in carrots. The structure of it was solved by Paul Karrer at Zurich."
)


def test_another_sentence_in_front_leaves_the_ids_of_those_behind_it(tmp_path: Path) -> None:
    html = f"<h1>T</h1><p id=found>{{}}{FOUND}</p>"
    before = keys(tmp_path, html.format(""))
    after = keys(tmp_path, html.format("Starch was found by Julius Sachs in green leaves. "))
    assert len(set(before) | {"found"}) == len(before) + 1
    assert after[1:] == [before[0], before[2]]
    assert after[0] not in before


def test_a_sentence_that_is_all_of_its_element_has_its_id(tmp_path: Path) -> None:
    first, second, third = FOUND.rstrip(".").split(". ")
    html = f"<h1>T</h1><p>{first}.</p><p id=second>{{}}.</p><p>{third}.</p>"
    for said in (second, second.replace("later", "soon")):
        assert keys(tmp_path, html.format(said))[1] == "second"


def test_a_long_text_full_of_deletions_is_soon_read(tmp_path: Path) -> None:
    words = [f"q{number}x" for number in range(2000)]
    for form in ("<mark>{}</mark> of", "{{{{c1::{}}}}} <b>of</b>", "the <b>{}</b> of", "the <b>q</b> of {}", "{} 5 km"):
        text = " ".join(map(form.format, words))
        (tmp_path / "notes.html").write_text(f"<h1>T</h1><p>{text}</p>", encoding="utf-8")
        book, files = dump.read(tmp_path / "notes.html")
        start = process_time()
        derive(book, files.plain)
        assert process_time() - start < SOON


def test_ids_that_the_notes_have_are_kept(tmp_path: Path) -> None:
    html = (
        '<h1 id="top">T</h1><ul><li id="port">Red - left<li id="Not One">Green - right</ul>'
        '<p id="range">seen for 37 km</p>'
        '<table><tr id="row"><td>Lens<td>glass</table><dl><div id="lamp"><dt>Lamp<dd>bright</div></dl>'
        '<details id="why"><summary>Why?</summary>So.</details><div id="div">Nectar - sugar</div>'
        '<pre id="way">graph TD\nA--&gt;B</pre>'
    )
    book = derived(tmp_path, html)
    assert [section.key for section in book.sections()] == ["top"]
    assert [prompt.key for prompt in prompts(book)] == [
        "port", "not-one", "range", "row", "lamp", "why", "div", "way",
    ]  # fmt: skip


def test_further_cards_of_an_element_have_its_id_with_a_number(tmp_path: Path) -> None:
    long = "Nothing to see here. " * 12
    html = f"<h1>T</h1><p{{}}>{long}It is seen for 37 km. Go on. It burns 10 hours.</p>"
    assert keys(tmp_path, html.format("")) == ["t-it-is-seen-for", "t-it-is-seen-for-2"]
    assert keys(tmp_path, html.format(" id=light")) == ["light", "light-2"]


def test_an_id_in_the_notes_is_not_taken_by_what_comes_before_it(tmp_path: Path) -> None:
    html = '<h1>T</h1><h2>A</h2><p>Red - port<h2 id="t-a">B</h2><p id="t-a-2-red">Blue - sky'
    assert [section.key for section in derived(tmp_path, html).sections()] == ["t-a-2", "t-a"]
    assert keys(tmp_path, html) == ["t-a-2-red-2", "t-a-2-red"]


def test_what_was_marked_stands_in_bold_on_the_sheet(tmp_path: Path) -> None:
    book = derived(tmp_path, "<h1>T</h1><p>A <mark>lens</mark> of {{c1::glass::what}}</p>")
    assert list(dump.blocks(book.chapters[0].blocks)) == ["A **lens** of **glass** (what)"]
