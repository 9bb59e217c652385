import pytest

from cheatdeck.arithmetic import agrees, calculate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3 / 2", 4.5),
        ("-2 - -3", 1),
        ("ceil(6 / 4) * 10", 20),
        ("floor(5.9) + round(2.567, 2)", 7.57),
        ("min(3000, max(100, 3 * 20))", 100),
    ],
)
def test_arithmetic_is_calculated(text: str, value: float) -> None:
    assert calculate(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "x",
        "'a'",
        "True",
        "2 ** 9",
        "1 if 1 else 2",
        "[1][0]",
        "(1).real",
        "round(number=1)",
        "ceil()",
        "1 / 0",
        "ceil(1e400)",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^it "):
        calculate(text)


def test_a_long_text_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 300 characters"):
        calculate("(" * 5000 + ")" * 5000)


@pytest.mark.parametrize(
    ("printed", "value", "agreed"),
    [
        ("20", 20, True),
        ("1,500 IOPS", 1500, True),
        ("3.33", 10 / 3, True),
        ("3", 10 / 3, True),
        ("3.4", 10 / 3, False),
        ("about 5.21 TiB", 5334 / 1024, True),
        ("none", 0, False),
        ("-5 and −5", -5, True),
        ("5", -5, False),
        ("3", 5 / 2, True),
        ("0.13", 0.125, True),
        ("1", float("inf"), False),
    ],
)
def test_a_printed_number_is_compared_as_far_as_it_is_printed(printed: str, value: float, *, agreed: bool) -> None:
    assert agrees(printed, value) == agreed
