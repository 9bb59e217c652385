"""What the rules' examples show is what the rules find."""

from pathlib import Path

import pytest

from cheatdeck import pipeline
from cheatdeck.archive import sha256
from cheatdeck.explain import EXPLANATIONS, explain
from cheatdeck.identity import guid, note_type
from cheatdeck.ledger import COLUMNS
from cheatdeck.paths import Paths
from cheatdeck.problems import EXCUSABLE, Code, NotesError
from notes import SETTINGS, page

WHEN = "2026-11-01T09:00:00Z"
# What the last release wrote down of the cards in the examples of rules for cards that were released.
RELEASED = {
    Code.CHANGED_KIND: "sqs-delay,…,question,…,2026-11-01T09:00:00Z,,,,",
    Code.RETURNED_CARD: "sqs-delay,…,cloze,…,2026-11-01T09:00:00Z,1:00000000,2026-11-01T09:00:00Z,No longer asked,",
    Code.LOST_DELETION: f"sqs-hides,…,cloze,…,2026-11-01T09:00:00Z,1:{sha256('delay')[:8]},,,",
}
IN_SETTINGS = [Code.UNGROUPED]
IN_LEDGER = [Code.LOST_CARD, Code.BAD_LEDGER]
# What `nox -s facts` finds is in test_facts.py.
IN_FACTS = {code for code in Code if code.startswith("F")}
# What is found only in notes that nobody wrote for cheatdeck.
IN_PLAIN_NOTES = [Code.LEFT_OUT, Code.LOST_LINK, Code.LOST_PICTURE]
ELSEWHERE = {
    Code.UNREADABLE, Code.BAD_SETTING, Code.UNPROVEN_LIMIT, *RELEASED, *IN_SETTINGS, *IN_LEDGER, *IN_FACTS,
    *IN_PLAIN_NOTES,
}  # fmt: skip
IN_NOTES = [code for code in Code if code not in ELSEWHERE]
LIMIT = """[sqs-delay-max]
subject = "Longest delay of an SQS message"
value = "15 minutes"
kind = "maximum"
section = "one"
check = "none"
"""
ABOUT_LIMITS = {Code.UNKNOWN_LIMIT, Code.HIDDEN_LIMIT, Code.OTHER_VALUE}


def codes(folder: Path, body: str, limits: str = "", released: str = "", settings: str = "") -> set[Code]:
    folder.mkdir()
    (folder / "notebook.toml").write_text('names = ["SQS"]\n' + SETTINGS, encoding="utf-8")
    (folder / "01.html").write_text(page(body), encoding="utf-8")
    (folder / "limits.toml").write_text(limits, encoding="utf-8")
    if settings:
        with (folder / "notebook.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
    if released:
        key = released.partition(",")[0]
        row = (
            released.replace("…", guid("small", key), 1).replace("…", "0" * 16, 1).replace("…", "2026-11-01T09:00:00Z")
        )
        types = f"Cheatdeck Cloze,{note_type('small', 'Cloze')},note-type,{'0' * 16},{WHEN},,,,"
        (folder / "cards.csv").write_text(f"{','.join(COLUMNS)}\n{types}\n{row}\n", encoding="utf-8")
        toml = (folder / "notebook.toml").read_text(encoding="utf-8")
        (folder / "notebook.toml").write_text(toml.replace("0.1.0", "1.0.0"), encoding="utf-8")
    try:
        return {problem.code for problem in pipeline.check(Paths.of(folder, folder / "out"), lambda _: None).warnings}
    except NotesError as error:
        return {problem.code for problem in error.problems}


def test_every_code_is_explained() -> None:
    assert set(Code) == set(EXPLANATIONS)


@pytest.mark.parametrize("code", IN_NOTES)
def test_the_wrong_example_breaks_the_rule_and_the_right_one_keeps_all(code: Code, tmp_path: Path) -> None:
    limits = LIMIT if code in ABOUT_LIMITS else ""
    assert code in codes(tmp_path / "wrong", EXPLANATIONS[code].wrong, limits)
    assert codes(tmp_path / "right", EXPLANATIONS[code].right, limits) == set()


@pytest.mark.parametrize("code", IN_PLAIN_NOTES)
def test_what_is_lost_of_plain_notes(code: Code, tmp_path: Path) -> None:
    wrong, right = tmp_path / "wrong.html", tmp_path / "right.html"
    wrong.write_text(EXPLANATIONS[code].wrong, encoding="utf-8")
    right.write_text(EXPLANATIONS[code].right, encoding="utf-8")
    found = [pipeline.check(Paths.of(path, tmp_path / "out"), lambda _: None).warnings for path in (wrong, right)]
    assert [[problem.code for problem in problems] for problems in found] == [[code], []]


@pytest.mark.parametrize("code", RELEASED)
def test_what_a_release_binds(code: Code, tmp_path: Path) -> None:
    assert code in codes(tmp_path / "wrong", EXPLANATIONS[code].wrong, released=RELEASED[code])
    assert code not in codes(tmp_path / "right", EXPLANATIONS[code].right, released=RELEASED[code])
    assert codes(tmp_path / "before", EXPLANATIONS[code].wrong) == set()


@pytest.mark.parametrize("code", IN_SETTINGS)
def test_what_the_settings_say(code: Code, tmp_path: Path) -> None:
    body = "<p>SQS is a queue</p>"
    assert codes(tmp_path / "wrong", body, settings=EXPLANATIONS[code].wrong) == {code}
    assert codes(tmp_path / "right", body, settings=EXPLANATIONS[code].right) == set()


@pytest.mark.parametrize("code", IN_LEDGER)
def test_what_the_ledger_says(code: Code, tmp_path: Path) -> None:
    body = '<p id="sqs-delay">SQS can <mark>delay</mark> a message</p>' if code is Code.BAD_LEDGER else "<p>SQS</p>"
    told = EXPLANATIONS[code]
    wrong, right = (
        side.replace("question", "cloze").replace(",,,", ",1:00000000,,", 1) for side in (told.wrong, told.right)
    )
    assert codes(tmp_path / "wrong", body, released=wrong) == {code}
    assert codes(tmp_path / "right", body, released=right) == set()


def test_a_limit_that_rests_on_nothing(tmp_path: Path) -> None:
    rest = 'kind = "maximum"\nsection = "one"\n'
    body = '<p>SQS waits <data value="sqs-delay-max">15 minutes</data></p>'
    told = EXPLANATIONS[Code.UNPROVEN_LIMIT]
    assert codes(tmp_path / "wrong", body, f"{told.wrong}\n{rest}") == {Code.UNPROVEN_LIMIT}
    assert codes(tmp_path / "right", body, f"{told.right}\n{rest}") == set()


def test_an_explanation_says_whether_exceptions_are_possible() -> None:
    assert {code for code in Code if "except:" in explain(code)} == EXCUSABLE
