"""What differs between two builds: read from packages and manifests, compared, and told."""

import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import genanki
import pytest

from cheatdeck import diff
from cheatdeck.diff import Card, Change, DiffError, as_markdown, as_text, compare, read
from cheatdeck.seen import plain_text

QUESTION_FIELDS = ("Question", "Answer", "Extra", "Kind", "Chapter", "Section", "Sources", "Key", "Spare 1")
CLOZE_FIELDS = ("Text", "Extra", "Kind", "Chapter", "Section", "Sources", "Key", "Spare 1")
BUILDS = "\nGive two builds: packages or manifests that cheatdeck made."
PLACES = {"Extra": "<p>Below</p>", "Chapter": "17 SQS", "Section": "17.5 Delay queues &amp; timers"}
PLACE = ("17 SQS", "17.5 Delay queues & timers")


def note_type(number: int, name: str, fields: Sequence[str], kind: int = genanki.Model.FRONT_BACK) -> genanki.Model:
    front = "{{cloze:Text}}" if kind == genanki.Model.CLOZE else f"{{{{{fields[0]}}}}}"
    templates = [{"name": "Card", "qfmt": front, "afmt": front}]
    return genanki.Model(number, name, [{"name": field} for field in fields], templates, model_type=kind)


QUESTION = note_type(1_763_900_000_201, "Cheatdeck Question (small)", QUESTION_FIELDS)
CLOZE = note_type(1_763_900_000_202, "Cheatdeck Cloze (small)", CLOZE_FIELDS, genanki.Model.CLOZE)
BASIC = note_type(1_763_900_000_203, "Basic", ("Front", "Back"))


def note(model: genanki.Model, contents: Mapping[str, str], *tags: str) -> genanki.Note:
    return genanki.Note(model, [contents.get(field["name"], "") for field in model.fields], tags=list(tags))


def package(path: Path, *notes: genanki.Note) -> Path:
    deck = genanki.Deck(1_763_900_000_204, "A small notebook")
    for one in notes:
        deck.add_note(one)
    genanki.Package(deck).write_to_file(path)
    return path


def manifest(path: Path, **changed: object) -> Path:
    sections = [("sqs", "17", "SQS"), ("sqs-delay", "17.5", "Delay  queues & timers")]
    whole = {
        "sections": [{"key": key, "number": number, "title": title} for key, number, title in sections],
        "notes": [listed("a", "cloze", "A [delay queue] waits"), listed("b", "question", "How long?", "15 minutes")],
        "retired": [{"key": "c", "guid": "C", "kind": "limit", "question": "This card is retired.", "answer": "-",
                     "extra": ""}],
    }  # fmt: skip
    path.write_text(json.dumps(whole | changed), encoding="utf-8")
    return path


def listed(key: str, kind: str, question: str, answer: str = "", section: str = "sqs-delay") -> dict[str, Any]:
    return {"key": key, "kind": kind, "section": section, "cards": 1, "question": question, "answer": answer,
            "extra": "Below"}  # fmt: skip


def small_package(path: Path) -> Path:
    question = {"Question": "How long?", "Answer": "15<br>minutes", "Kind": "Question", **PLACES, "Key": "b"}
    return package(
        path,
        note(CLOZE, {"Text": "A {{c1::<b>delay</b> queue}} waits", **PLACES, "Key": "a"}, "small::kind::cloze"),
        note(QUESTION, question, "ex-1::1-first", "small::kind::question"),
        note(QUESTION, {"Question": "<p>This card is retired.</p>", "Answer": "-", "Key": "c"}, "retired::small"),
    )


def card(key: str, question: str = "Q", answer: str = "A", section: str = PLACE[1], *, retired: bool = False) -> Card:
    return Card(key, "question", "17 SQS", section, question, answer, "", retired)


def by_key(*cards: Card) -> dict[str, Card]:
    return {card.key: card for card in cards}


def refusal(path: Path) -> str:
    """Return what is said of a file that cannot be compared, without its name."""
    with pytest.raises(DiffError) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: ")
    return str(refused.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("A <b>word</b>, a &lt;tag&gt; &amp; &uuml;ber", "A word, a <tag> & über"),
        ("  much \n\t white&nbsp;space  ", "much white space"),
        ("{<wbr>{resolve}<wbr>} a:<wbr>:b \\<span></span>(x)", "{{resolve}} a::b \\(x)"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("{{c1::A}} and {{c12::<code>b:<wbr>:c</code> {d}<wbr>}}!", "[A] and [b::c {d}]!"),
        ("One<br>two<p>three</p>four<ul><li>five</li><li>six</li></ul>seven", "One two three four five six seven"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a b c"),
        ('<img alt="two  &#91;boxes&#93;" src="a"> and <img src="b">', "[picture two [boxes]] and [picture]"),
        ("<style>.a { color: red }</style>seen<script>unseen()</script>", "seen"),
        ('Retired<span style="display: none">{{c1::-}} {{c2::-}}</span>', "Retired"),
        ("a <!-- b --> c", "a c"),
        ("a <![CDATA[b]]> <!doctype> <?php ?> <", "a <![CDATA[b]]> <!doctype> <?php ?> <"),
        ("\x1b[31mred\x07", "[31mred"),
        ("", ""),
    ],
)
def test_plain_text_is_what_is_seen(html: str, seen: str) -> None:
    assert plain_text(html) == seen


def test_a_package_and_a_manifest_of_one_build_say_the_same(tmp_path: Path) -> None:
    cards = read(small_package(tmp_path / "small.apkg"))
    assert list(cards.values()) == [
        Card("a", "cloze", *PLACE, "A [delay queue] waits", "", "Below", retired=False),
        Card("b", "question", *PLACE, "How long?", "15 minutes", "Below", retired=False),
        Card("c", "", "", "", "This card is retired.", "-", "", retired=True),
    ]
    of_manifest = read(manifest(tmp_path / "manifest.json"))
    assert list(of_manifest) == list(cards)
    assert as_text(compare(cards, of_manifest)) == as_text(compare(of_manifest, cards)) == ["No card differs."]
    assert [of_manifest["a"], of_manifest["b"]] == [cards["a"], cards["b"]]


def test_a_section_without_a_dot_is_its_own_chapter(tmp_path: Path) -> None:
    cards = read(manifest(tmp_path / "manifest.json", notes=[listed("a", "limit", "Q", "A", "sqs")]))
    assert (cards["a"].chapter, cards["a"].section) == ("17 SQS", "17 SQS")


def test_a_manifest_steers_no_terminal(tmp_path: Path) -> None:
    cards = read(manifest(tmp_path / "manifest.json", notes=[listed("a", "limit", "\x1b[2J\nQ", "A\x00")]))
    assert (cards["a"].question, cards["a"].answer) == ("[2J Q", "A")


def test_a_package_without_notes_has_no_cards(tmp_path: Path) -> None:
    assert read(package(tmp_path / "empty.apkg")) == {}


def test_reading_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small_package(tmp_path / "small.apkg")
    before = path.read_bytes()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read(path)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    hint = "\nGive the file of a build: NOTEBOOK.apkg, or manifest.json."
    assert refusal(tmp_path / "none.apkg") == f"cannot read the file: No such file or directory{hint}"
    assert refusal(tmp_path) == f"cannot read the file: Is a directory{hint}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "neither a package nor a manifest"),
        (b"%PDF-1.7 \xff", "neither a package nor a manifest"),
        (b"[" * 100_000, "neither a package nor a manifest"),
        (b"[]", "not a manifest of cheatdeck's"),
        (b'{"notes": {}}', "not a manifest of cheatdeck's"),
    ],
)
def test_a_file_that_is_no_build_is_said(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "file").write_bytes(data)
    assert refusal(tmp_path / "file") == f"{said}{BUILDS}"


@pytest.mark.parametrize(
    "changed",
    [
        {"retired": None},
        {"notes": [{"key": "a", "guid": "A", "kind": "cloze", "section": "sqs", "hash": "0"}]},
        {"notes": ["a"]},
        {"retired": [{"key": "c"}]},
        {"sections": [{"key": "sqs"}]},
    ],
)
def test_a_manifest_of_another_version_is_said(tmp_path: Path, changed: dict[str, Any]) -> None:
    assert refusal(manifest(tmp_path / "manifest.json", **changed)) == (
        "a manifest of another version of cheatdeck\n"
        "Compare the packages of the two builds, or build the notes again with this version."
    )


def test_a_manifest_with_a_card_in_no_section_is_said(tmp_path: Path) -> None:
    path = manifest(tmp_path / "manifest.json", sections=[])
    assert refusal(path) == f'a manifest without the section "sqs-delay" that a card is in{BUILDS}'


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (note(BASIC, {"Front": "Q", "Back": "A"}), "a package with note types that are not cheatdeck's"),
        (note(QUESTION, {"Question": "Q"}), "a package with a note that has no key"),
    ],
)
def test_a_package_with_a_note_that_is_not_ours_is_said(tmp_path: Path, other: genanki.Note, said: str) -> None:
    path = package(tmp_path / "other.apkg", note(QUESTION, {"Question": "Q", "Key": "a"}), other)
    assert refusal(path) == f"{said}{BUILDS}"


def test_a_zip_that_is_no_package_is_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme", "text")
    assert refusal(tmp_path / "other.zip") == f"a zip file, but not a package for Anki{BUILDS}"


def test_a_broken_package_is_said(tmp_path: Path) -> None:
    path = small_package(tmp_path / "small.apkg")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert refusal(path).startswith("a broken package: ")
    start = data.index(b"collection.anki2")
    path.write_bytes(data[: start + 40] + bytes(60) + data[start + 100 :])
    assert refusal(path).startswith("a broken package: ")


def with_collection(path: Path, collection: bytes, packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("collection.anki2", collection)
    return path


def with_models(path: Path, models: str) -> Path:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE col AS SELECT ? AS models", (models,))
        connection.commit()
        return with_collection(path, connection.serialize())


@pytest.mark.parametrize("collection", [b"text", b"SQLite format 3\x00" + bytes(1000)])
def test_a_broken_collection_is_said(tmp_path: Path, collection: bytes) -> None:
    assert refusal(with_collection(tmp_path / "a.apkg", collection)).startswith("a package with a broken collection: ")


NOT_MODELS = ["", "[]", '{"1": {}}', '{"1": {"name": "Cheatdeck Cloze", "flds": [1]}}', "[" * 9999]


@pytest.mark.parametrize("models", NOT_MODELS)
def test_broken_note_types_are_said(tmp_path: Path, models: str) -> None:
    path = with_models(tmp_path / "a.apkg", models)
    assert refusal(path) == f"a package whose note types cannot be read{BUILDS}"


def test_a_collection_too_large_to_be_true_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = with_collection(tmp_path / "bomb.apkg", bytes(10_000))
    empty = with_collection(tmp_path / "empty.apkg", b"")
    monkeypatch.setattr(diff, "LARGEST_COLLECTION", 9_999)
    monkeypatch.delattr("zipfile.ZipFile.open")
    assert refusal(path) == f"a package whose collection has 10,000 bytes{BUILDS}"
    assert refusal(empty) == f"a package whose collection has 0 bytes{BUILDS}"


def test_a_collection_larger_than_it_says_is_not_unpacked_whole(tmp_path: Path) -> None:
    path = with_collection(tmp_path / "bomb.apkg", bytes(1_000_000))
    lying = path.read_bytes().replace((1_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(lying)
    assert refusal(path).startswith("a broken package: Bad CRC-32")


def test_a_package_packed_in_another_way_is_refused(tmp_path: Path) -> None:
    path = with_collection(tmp_path / "bomb.apkg", bytes(1_000), zipfile.ZIP_BZIP2)
    assert refusal(path) == f"a package that is packed in another way than cheatdeck's{BUILDS}"


def test_cards_are_added_changed_moved_retired_and_removed_in_order() -> None:
    old = by_key(
        card("gone-2"), card("same"), card("reworded"), card("answered"), card("moved"), card("both"), card("old"),
        card("gone-1"),
    )  # fmt: skip
    new = by_key(
        card("new-2"), card("both", "Other", section="18 SNS"), card("moved", section="17.6 Delay queues & timers"),
        card("answered", answer="Other"), card("reworded", "Other"), card("same"), card("new-1"),
        card("old", "This card is retired.", section="", retired=True),
    )  # fmt: skip
    differences = compare(old, new)
    assert [one.key for one in differences.added] == ["new-2", "new-1"]
    assert [change.new.key for change in differences.changed] == ["both", "answered", "reworded"]
    assert differences.moved == (Change(old["both"], new["both"]), Change(old["moved"], new["moved"]))
    assert differences.retired == (Change(old["old"], new["old"]),)
    assert [one.key for one in differences.removed] == ["gone-2", "gone-1"]


def test_retired_cards_are_not_told_again() -> None:
    differences = compare(
        by_key(card("stays", retired=True), card("gone", retired=True)),
        by_key(card("stays", "Another reason", retired=True), card("never-had", retired=True)),
    )
    assert (as_text(differences), as_markdown(differences)) == (["No card differs."], ["## No card differs."])


def test_a_card_that_is_back_counts_as_added() -> None:
    back = card("a")
    differences = compare(by_key(card("a", "This card is retired.", section="", retired=True)), by_key(back))
    assert (differences.added, differences.changed, differences.moved) == ((back,), (), ())


OLD = by_key(
    card("sqs-max", "What is the *largest* message?", "256 KB with_all attributes"),
    card("sqs-1", "A [queue] waits up to [15 minutes]", ""),
    card("sqs-2"),
    card("sqs-old", "Who needs <this>?", "Nobody"),
    card("sqs-gone", "Who misses it?", "Nobody"),
)
NEW = by_key(
    card("sqs-max", "What is the *largest* message?", "1 MiB with_all attributes, since August"),
    card("sqs-1", "A [queue] waits for up to [15 minutes]", "", section="17.6 Delays"),
    card("sqs-2", section="17.6 Delays"),
    card("sqs-new", "What is `new`?", ""),
    card("sqs-old", "This card is retired: nobody asks.", "Nothing to learn here.", section="", retired=True),
)


def test_a_terminal_shows_what_differs() -> None:
    assert as_text(compare(OLD, NEW)) == [
        "1 added, 2 changed, 2 moved, 1 retired, 1 removed",
        "",
        "Added:",
        "  sqs-new (17.5 Delay queues & timers)",
        "    Question: What is `new`?",
        "",
        "Changed:",
        "  sqs-max (17.5 Delay queues & timers)",
        "    Answer: [-256 KB-] {+1 MiB+} with_all [-attributes-] {+attributes, since August+}",
        "  sqs-1 (17.6 Delays)",
        "    Question: A [queue] waits {+for+} up to [15 minutes]",
        "",
        "Moved:",
        "  17.5 Delay queues & timers -> 17.6 Delays",
        "    sqs-1, sqs-2",
        "",
        "Retired:",
        "  sqs-old (17.5 Delay queues & timers)",
        "    Question: Who needs <this>?",
        "    Now: This card is retired: nobody asks.",
        "",
        "Removed:",
        "  sqs-gone (17.5 Delay queues & timers)",
        "    Question: Who misses it?",
        "    Answer: Nobody",
    ]


def test_release_notes_show_what_differs() -> None:
    assert as_markdown(compare(OLD, NEW))[:18] == [
        "## 1 added, 2 changed, 2 moved, 1 retired, 1 removed",
        "",
        "### Added",
        "",
        "- sqs-new (17.5 Delay queues \\& timers)",
        "  - Question: What is \\`new\\`?",
        "",
        "### Changed",
        "",
        "- sqs-max (17.5 Delay queues \\& timers)",
        "  - Answer: ~~256 KB~~ **1 MiB** with\\_all ~~attributes~~ **attributes, since August**",
        "- sqs-1 (17.6 Delays)",
        "  - Question: A \\[queue\\] waits **for** up to \\[15 minutes\\]",
        "",
        "### Moved",
        "",
        "- 17.5 Delay queues \\& timers → 17.6 Delays",
        "  - sqs-1, sqs-2",
    ]


@pytest.mark.parametrize(
    ("chapter", "section", "shown"),
    [
        ("18 SQS", "18.5 Delays", "17 SQS -> 18 SQS; 17.5 Delays -> 18.5 Delays"),
        ("17 Queues", "17.5 Delays", "17 SQS -> 17 Queues"),
        ("17 SQS", "17 SQS", "17.5 Delays -> 17 SQS"),
    ],
)
def test_a_move_shows_what_of_the_place_differs(chapter: str, section: str, shown: str) -> None:
    new = Card("a", "question", chapter, section, "Q", "A", "", retired=False)
    assert as_text(compare(by_key(card("a", section="17.5 Delays")), by_key(new)))[3] == f"  {shown}"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a*b_c`d~e\\f", "a\\*b\\_c\\`d\\~e\\\\f"),
        ("<b> &amp; [x](y) ![z] $1$", "\\<b\\> \\&amp; \\[x\\](y) !\\[z\\] \\$1\\$"),
        ("# 1. a-b + c", "\\# 1. a-b + c"),
        ("@Override #12 a@b.example", "@<!-- -->Override \\#<!-- -->12 a@<!-- -->b.example"),
        ("at :key: and :a_b:", "at :<!-- -->key: and :<!-- -->a\\_b:"),
        ("https://a.example www.a.example", "https:<!-- -->//a.example www<!-- -->.a.example"),
    ],
)
def test_github_shows_the_text_as_it_is(text: str, markdown: str) -> None:
    told = as_markdown(compare({}, by_key(card("a", text, ""))))
    assert told[-1] == f"  - Question: {markdown}"


@pytest.mark.parametrize(
    ("key", "markdown"), [("- a", "\\- a"), ("+ a", "\\+ a"), ("1. a", "1\\. a"), ("2) a", "2\\) a"), ("---", "\\---")]
)
def test_a_list_item_starts_no_other_list(key: str, markdown: str) -> None:
    assert as_markdown(compare({}, by_key(card(key, "Q", "", ""))))[4] == f"- {markdown}"
