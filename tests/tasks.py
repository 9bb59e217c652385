"""Tasks for processes of their own, which find them here by name."""

import os
import subprocess
import sys


def double(number: int) -> int:
    return 2 * number


def complain(number: int) -> int:
    os.write(2, b"a process of a task says something")
    subprocess.run([sys.executable, "-c", "raise SystemExit('so does one that it starts')"], check=False)
    return number


def end(number: int) -> int:
    os._exit(number)


def fail(number: int) -> int:
    raise ValueError(number)
