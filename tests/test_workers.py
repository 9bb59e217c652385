"""Work in processes of its own."""

from functools import partial

import pytest

from cheatdeck.workers import WorkerError, work
from tasks import complain, double, end, fail


def test_results_are_in_the_order_of_the_tasks() -> None:
    assert work([partial(double, number) for number in range(5)], 2) == [0, 2, 4, 6, 8]


def test_what_tasks_complain_of_is_not_heard(capfd: pytest.CaptureFixture[str]) -> None:
    assert work([partial(complain, 1)], 1) == [1]
    assert capfd.readouterr().err == ""


def test_what_a_task_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="7"):
        work([partial(double, 1), partial(fail, 7)], 2)


def test_a_process_that_is_ended_is_said() -> None:
    with pytest.raises(WorkerError, match="a process was ended before its work was done"):
        work([partial(end, 9)], 1)
