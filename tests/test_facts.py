"""The limits' checks: how they are read, what each proves, and what is said where one does not hold."""

import json
from pathlib import Path
from typing import TypeVar

import pytest

from cheatdeck.explain import EXPLANATIONS
from cheatdeck.problems import Code, NotesError, report
from facts import __main__ as command
from facts.__main__ import MACHINE, PROBLEMS, PROVED, main, prove
from facts.checks import Check, Form, Json, MalformedError, Operator, parse
from facts.evidence import Evidence, Finding
from facts.packages import MissingError, file_text
from facts.report import summary, tables
from notes import page, write_notebook

MODELS: dict[str, Json] = {
    "sqs": {
        "documentation": "<p>A queue &amp; its\n <b>messages</b>.</p>",
        "shapes": {
            "Delay": {"type": "integer", "max": 900, "documentation": "<p>At most 15\nminutes</p>"},
            "Kind": {"type": "string", "enum": ["standard", "fifo"]},
        },
    }
}
SCHEMAS: dict[str, Json] = {
    "AWS::SQS::Queue": {
        "properties": {"DelaySeconds": {"maximum": 900, "description": "15 minutes"}},
        "oneOf": [{"required": ["Name"]}],
    },
}
FILES = {
    "sdk/rule.json": '{"default": {"rate": 0.05, "a/b~c": true}}',
    "sdk/limits.py": "LARGEST = 900\n",
    "sdk/examples/get.rst": "900",
    "data/sqs/examples-1.json": '{"DelaySeconds": 900}',
}


T = TypeVar("T")


class Small:
    """Packages that hold little, and say what they lack."""

    def model(self, service: str) -> Json:
        return one(MODELS, service)

    def schema(self, kind: str) -> Json:
        return one(SCHEMAS, kind)

    def text(self, file: str) -> str:
        return one(FILES, file)


def one(published: dict[str, T], name: str) -> T:
    if name not in published:
        raise MissingError(f"there is no {name}", "look elsewhere")
    return published[name]


def notebook(folder: Path, check: str = "", source: str = "") -> Path:
    """Write a notebook with one limit, whose check stands in line 7 of limits.toml."""
    limits = (
        '[sqs-delay-max]\nsubject = "Longest delay of an SQS message"\nvalue = "15 minutes"\n'
        f'kind = "maximum"\nsection = "one"\n{source}\n{check}\n'
    )
    return write_notebook(folder, chapter_1=page("<p>SQS</p>"), limits=limits)


def found(folder: Path, check: str) -> Finding:
    """Return what comes of a check."""
    return prove(notebook(folder, f"check = '{check}'"), Small())[0][0]


def said(folder: Path, check: str) -> list[tuple[Code, str, str]]:
    """Return what is wrong with a check: code, message, and the text that is underlined."""
    line = f"check = '{check}'"
    problems = found(folder, check).problems
    assert {problem.span.line for problem in problems} <= {7}
    starts = [(problem, problem.span.column - 1) for problem in problems]
    return [(problem.code, problem.message, line[start : start + problem.span.length]) for problem, start in starts]


def test_a_check_is_read_in_parts() -> None:
    text = 'pkgjson: sdk/rule.json#/a~1b/0 not-contains "x && y" && calc: 2 * (3 + 4) == 14'
    assert parse(text) == (
        Check(
            Form.JSON_FILE, "sdk/rule.json#/a~1b/0", "sdk/rule.json", ("a/b", "0"), Operator.LACKS, "x && y",
            'pkgjson: sdk/rule.json#/a~1b/0 not-contains "x && y"',
        ),
        Check(
            Form.CALCULATION, "2 * (3 + 4)", "2 * (3 + 4)", (), Operator.EQUALS, 14, "calc: 2 * (3 + 4) == 14",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("none", "none"),
        ("botocore: sqs.shapes is 1", "botocore: sqs.shapes is 1"),
        ("python: 1 + 1 == 2", "python: 1 + 1 == 2"),
        ("botocore: sqs == nothing", "botocore: sqs == nothing"),
        ("botocore: sqs == " + "[" * 9999, "botocore: sqs == " + "[" * 9999),
        ("botocore: sqs == 1 and more", "and more"),
        ("botocore: sqs == 1 && ", ""),
        ("botocore: sqs && cfn: A == 1", "botocore: sqs && cfn: A == 1"),
        ("calc: 1 == 1 && botocore: sqs", "botocore: sqs"),
        ('botocore-doc: sqs == "A queue"', 'botocore-doc: sqs == "A queue"'),
        ("pkgfile: sdk/limits.py contains 900", "pkgfile: sdk/limits.py contains 900"),
        ("calc: 1 contains 1", "calc: 1 contains 1"),
        ("calc: 1 == true", "calc: 1 == true"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, rest: str) -> None:
    with pytest.raises(MalformedError) as error:
        parse(text)
    assert error.value.text == rest


@pytest.mark.parametrize(
    ("check", "evidence"),
    [
        ("botocore: sqs.shapes.Delay.max == 900", Evidence.CONSTRAINT),
        ("cfn: AWS::SQS::Queue/properties/DelaySeconds/maximum == 900", Evidence.CONSTRAINT),
        ('cfn: AWS::SQS::Queue/oneOf/0/required contains "Name"', Evidence.CONSTRAINT),
        ('botocore: sqs.shapes.Kind.enum contains "fifo"', Evidence.DATA),
        ('botocore: sqs.shapes.Kind.enum == ["standard", "fifo"]', Evidence.DATA),
        ('botocore: sqs.shapes.Kind.enum not-contains "lifo"', Evidence.DATA),
        ('botocore: sqs.shapes contains "Delay"', Evidence.DATA),
        ("pkgjson: sdk/rule.json#/default/rate == 0.05", Evidence.DATA),
        ("pkgjson: sdk/rule.json#/default/a~1b~0c == true", Evidence.DATA),
        ('pkgfile: sdk/limits.py contains "LARGEST = 900"', Evidence.DATA),
        ('pkgfile: sdk/limits.py not-contains "901"', Evidence.DATA),
        ('botocore-doc: sqs contains "queue & its messages."', Evidence.PROSE),
        ('botocore-doc: sqs.shapes.Delay contains "At most 15 minutes"', Evidence.PROSE),
        ('cfn: AWS::SQS::Queue/properties/DelaySeconds/description contains "15"', Evidence.PROSE),
        ('pkgfile: sdk/examples/get.rst contains "900"', Evidence.PROSE),
        ("pkgjson: data/sqs/examples-1.json#/DelaySeconds == 900", Evidence.PROSE),
        ("calc: 15 * 60 == 900", Evidence.ARITHMETIC),
        ("calc: 0.1 + 0.2 == 0.3", Evidence.ARITHMETIC),
        ('botocore-doc: sqs contains "queue" && botocore: sqs.shapes.Delay.max == 900', Evidence.PROSE),
    ],
)
def test_what_a_check_proves_by(check: str, evidence: Evidence, tmp_path: Path) -> None:
    finding = found(tmp_path, check)
    assert (finding.problems, finding.evidence) == ((), evidence)


def test_without_a_check_there_is_a_source_or_nothing(tmp_path: Path) -> None:
    address = "https://example.com/sqs"
    folders = notebook(tmp_path / "a", source=f'source = "{address}"'), notebook(tmp_path / "b")
    findings = [prove(folder, Small())[0][0] for folder in folders]
    assert [(each.evidence, each.place) for each in findings] == [(Evidence.SOURCE, address), (Evidence.NONE, "")]


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("botocore: sqs.shapes.Delay.max == 600", "sqs.shapes.Delay.max is 900, not 600"),
        ('botocore: sqs.shapes.Delay.type == "long"', 'sqs.shapes.Delay.type is "integer", not "long"'),
        ('botocore: sqs.shapes.Kind.enum contains "lifo"', 'sqs.shapes.Kind.enum does not contain "lifo"'),
        ('botocore: sqs.shapes.Kind.enum not-contains "fifo"', 'sqs.shapes.Kind.enum contains "fifo"'),
        ('botocore-doc: sqs.shapes.Delay contains "hours"', 'sqs.shapes.Delay does not contain "hours"'),
        ("pkgjson: sdk/rule.json#/default/a~1b~0c == 1", "sdk/rule.json#/default/a~1b~0c is true, not 1"),
        ('pkgfile: sdk/limits.py contains "= 600"', 'sdk/limits.py does not contain "= 600"'),
        ("calc: 15 * 60 == 600", "15 * 60 is 900, not 600"),
    ],
)
def test_a_contradiction_says_what_is_there_instead(check: str, message: str, tmp_path: Path) -> None:
    assert said(tmp_path, check) == [(Code.CONTRADICTION, message, check)]


@pytest.mark.parametrize(
    ("check", "message", "hint"),
    [
        ("botocore: sns.shapes == 1", "there is no sns", "look elsewhere"),
        ("botocore: sqs.shapes.Dely.max == 900", "sqs.shapes.Dely.max: there is no Dely", "there is Delay"),
        ("cfn: AWS::SQS::Queue/oneOf/1 == 1", "AWS::SQS::Queue/oneOf/1: there is no 1", "nothing stands below"),
        ("botocore: sqs.shapes.Delay.max.x == 1", "sqs.shapes.Delay.max.x: there is no x", "nothing stands below"),
        ('botocore-doc: sqs.shapes.Kind contains "a"', "sqs.shapes.Kind: there is no documentation", "there is type"),
        ("pkgjson: sdk/limits.py#/a == 1", "sdk/limits.py is no JSON", "name a JSON file"),
        ("botocore: sqs.shapes.Delay.max contains 9", "sqs.shapes.Delay.max has no parts, it is 900", "compare it as"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(check: str, message: str, hint: str, tmp_path: Path) -> None:
    assert said(tmp_path, check) == [(Code.NOTHING_TO_CHECK, message, check)]
    assert found(tmp_path, check).problems[0].hint.startswith(hint)


def test_every_part_that_fails_is_underlined_and_puts_the_limit_in_doubt(tmp_path: Path) -> None:
    parts = ["calc: 1 / 0 == 1", "calc: 15 * 60 == 900", "botocore: sqs.shapes.Delay.max == 600"]
    check = " && ".join(parts)
    assert said(tmp_path, check) == [
        (Code.MALFORMED_CHECK, "1 / 0: it divides by zero, or is too large", parts[0]),
        (Code.CONTRADICTION, "sqs.shapes.Delay.max is 900, not 600", parts[2]),
    ]
    assert found(tmp_path, check).evidence is Evidence.DOUBT


def test_in_a_string_with_escapes_the_whole_line_is_underlined(tmp_path: Path) -> None:
    line = r'check = "botocore: sqs.shapes.Kind.enum contains \"lifo\""'
    findings, texts = prove(notebook(tmp_path, line), Small())
    problem = findings[0].problems[0]
    file = str(tmp_path / "limits.toml")
    assert report(problem, texts[file]).splitlines() == [
        f'{file}:7:1: F003 sqs.shapes.Kind.enum does not contain "lifo"',
        f"    7 | {line}",
        f"      | {'^' * len(line)}",
        "   hint: if AWS has changed the limit, change its value; if AWS says it elsewhere or otherwise, the check",
    ]


@pytest.mark.parametrize("code", [code for code in Code if code.startswith("F")])
def test_the_examples_of_the_rules_are_what_the_rules_find(code: Code, tmp_path: Path) -> None:
    told = EXPLANATIONS[code]
    wrong, right = (prove(notebook(tmp_path, line), Small())[0][0] for line in (told.wrong, told.right))
    assert [problem.code for problem in wrong.problems] == [code]
    assert right.problems == ()


def test_tables_have_a_row_for_each_limit_and_for_each_kind_of_evidence(tmp_path: Path) -> None:
    finding = found(tmp_path, "botocore: sqs.shapes.Delay.max == 900 && calc: 15 * 60 == 900")
    assert tables([finding]) == [
        "limit          value       evidence    where",
        "sqs-delay-max  15 minutes  constraint  botocore sqs.shapes.Delay.max",
        "",
        "evidence     limits",
        "constraint        1",
        "data              0",
        "prose             0",
        "arithmetic        0",
        "source only       0",
        "unproven          0",
        "in doubt          0",
        "all               1",
    ]
    assert summary([finding], "sdk 1.0") == "2 checks of 1 limit, 0 problems, against sdk 1.0."


class Installation:
    """What `facts.installed` is to the command, with packages that hold little."""

    Installed = Small

    @staticmethod
    def versions() -> str:
        return "sdk 1.0"


@pytest.mark.parametrize(("seconds", "exit_code"), [(900, PROVED), (600, PROBLEMS)])
def test_the_exit_code_tells_whether_all_holds(
    seconds: int, exit_code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "import_module", lambda _: Installation)
    folder = notebook(tmp_path, f'check = "botocore: sqs.shapes.Delay.max == {seconds}"')
    assert main([str(folder)]) == exit_code
    told = capsys.readouterr()
    assert told.out.startswith("limit ")
    assert ("F003" in told.err) == (exit_code == PROBLEMS)


def test_a_notebook_that_cannot_be_read_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "import_module", lambda _: Installation)
    folder = notebook(tmp_path, "check = 900")
    assert main([str(folder)]) == PROBLEMS
    assert capsys.readouterr().err.startswith(f"{folder / 'limits.toml'}:7:1: C002 sqs-delay-max.check is not as")
    with pytest.raises(NotesError):
        prove(tmp_path / "nowhere", Small())


def test_a_missing_package_is_told_of(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name}")

    monkeypatch.setattr(command, "import_module", missing)
    assert main([]) == MACHINE
    assert "`nox -s facts` installs" in capsys.readouterr().err


def test_files_are_those_of_installed_packages_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "some_sdk"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "data" / "rule.json").write_text(json.dumps({"rate": 1}), encoding="utf-8")
    (package / "picture").write_bytes(b"\xff")
    (tmp_path / "site" / "secret.txt").write_text("secret", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert file_text("some_sdk/data/rule.json") == '{"rate": 1}'
    refused = {
        "some_sdk/data": "some_sdk has no file data",
        "some_sdk/../secret.txt": "some_sdk has no file ../secret.txt",
        "some_sdk/picture": "some_sdk/picture is no text",
        "other_sdk/rule.json": "there is no package other_sdk",
        "/etc/hosts": "there is no package ",
        "os/path": "there is no package os",
    }
    for file, message in refused.items():
        with pytest.raises(MissingError) as error:
            file_text(file)
        assert str(error.value) == message
