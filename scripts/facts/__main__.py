"""The command line. `nox -s facts` runs this."""

import argparse
import io
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import facts
from cheatdeck.files import Files
from cheatdeck.notebook import LIMITS_FILE, read_notebook
from cheatdeck.problems import NotesError, Problem, in_order, report
from cheatdeck.source import SourceText
from facts.evidence import Finding, examine
from facts.report import summary, tables

if TYPE_CHECKING:
    from facts.packages import Packages

PROVED, PROBLEMS, MACHINE = 0, 1, 3

_EPILOG = """evidence, from strong to weak:
  constraint   what AWS itself refuses otherwise: a minimum, a maximum, a pattern, what is required
  data         other data of an API model, a resource schema or a package
  prose        AWS's words: documentation in an API model, and examples
  arithmetic   a worked example calculated again
  source only  an address, no check
  unproven     neither
  in doubt     a check that does not hold, or cannot be made
What counts is the first part of a limit's check; all of them have to hold.

Tables go to the standard output, problems to standard error.

exit codes:
  0  all checks hold
  1  one does not, or the notebook cannot be read
  2  wrong usage
  3  a package is missing on this machine"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the limits, print what proves them, and return the exit code."""
    notebook: Path = _parser().parse_args(arguments).notebook
    try:
        installed = import_module("facts.installed")
        versions = installed.versions()
    except ImportError as error:
        _say(f"{error}\n`nox -s facts` installs the packages that limits are checked against.")
        return MACHINE
    try:
        findings, texts = prove(notebook, installed.Installed())
    except NotesError as error:
        return _report(error.problems, error.texts)
    print("\n".join([*tables(findings), "", summary(findings, versions)]))
    return _report(in_order(problem for finding in findings for problem in finding.problems), texts)


def prove(notebook: Path, packages: "Packages") -> tuple[list[Finding], dict[str, str]]:
    """Return what each limit of a notebook rests on, and the notebook's files by shown name.

    Raises NotesError where the notebook cannot be read.
    """
    files = Files(notebook)
    limits = read_notebook(files).limits
    if any(not problem.code.is_warning for problem in files.problems):
        raise NotesError(files.problems, files.texts)
    name = str(notebook / LIMITS_FILE)
    source = SourceText.of(name, files.texts.get(name, ""))
    return [examine(limit, source, packages) for limit in limits], files.texts


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s facts --", description=f"{facts.__doc__}\nPrints what proves the value of each.",
        epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "notebook", nargs="?", type=Path, default=Path("source"), metavar="NOTEBOOK",
        help="the folder with limits.toml (default: %(default)s)",
    )  # fmt: skip
    return parser


def _report(problems: Sequence[Problem], texts: Mapping[str, str]) -> int:
    """Print problems, and return the exit code."""
    for problem in problems:
        _say(report(problem, texts.get(problem.span.file, "")))
    return PROBLEMS if problems else PROVED


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def run() -> NoReturn:
    """Run the command line as a program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())


if __name__ == "__main__":
    run()
