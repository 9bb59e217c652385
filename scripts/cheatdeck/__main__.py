"""The command line: `cheatdeck build` and `cheatdeck check`."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from cheatdeck import pipeline
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Built
from cheatdeck.problems import NotesError, report
from cheatdeck.sheet import SheetError
from cheatdeck.words import counted

BUILT, PROBLEMS, USAGE, MACHINE = 0, 1, 2, 3

_EXIT_CODES = """exit codes:
  0  built, or nothing wrong
  1  problems in the notes; the last build stays as it was
  2  wrong usage
  3  something is missing on this machine"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = _parser().parse_args(arguments)
    paths = Paths.of(given.notebook, given.out)
    try:
        return int(given.run(paths))
    except NotesError as error:
        for problem in error.problems:
            _say(report(problem, error.texts.get(problem.span.file, "")))
        _say(counted(len(error.problems), "problem"))
        return PROBLEMS
    except SheetError as error:
        _say(f"The sheet cannot be laid out:\n{error}")
        return PROBLEMS
    except OSError as error:
        # WeasyPrint loads Pango when it is imported, and that is all it says if there is none.
        _say(f"{error}\nIf a library is missing, ./scripts/bootstrap installs it.")
        return MACHINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cheatdeck", description="Turn study notes into an Anki deck and a print-ready cheat sheet.",
        epilog=_EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"cheatdeck {version('cheatdeck')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, what in (
        ("build", _build, "check a notebook, then make its deck and its sheets"),
        ("check", _check, "tell what is wrong with a notebook, and make nothing"),
    ):
        command = commands.add_parser(
            name, help=what, description=f"{what[0].upper()}{what[1:]}.",
            epilog=_EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        command.add_argument(
            "notebook", nargs="?", type=Path, default=Path("source"), metavar="NOTEBOOK",
            help="the folder with notebook.toml (default: %(default)s)",
        )  # fmt: skip
        command.add_argument(
            "--out", type=Path, default=Path("build"), metavar="DIR",
            help="the folder for what is made, drawn diagrams among it (default: %(default)s)",
        )  # fmt: skip
        command.set_defaults(run=run)
    return parser


def _build(paths: Paths) -> int:
    built = pipeline.build(paths, _progress)
    print("\n".join(summary(built, paths.out)))
    return BUILT


def _check(paths: Paths) -> int:
    checked = pipeline.check(paths, _progress)
    sections = sum(1 for _ in checked.notebook.sections())
    chapters = len(checked.notebook.chapters)
    print(f"No problem in {counted(chapters, 'chapter')}, {counted(sections, 'section')}.")
    return BUILT


def summary(built: Built, out: Path) -> list[str]:
    """Return the lines that tell people what a build left: files, sizes, counts."""
    counts: dict[str, Any] = built.manifest["counts"]
    kinds = ", ".join(f"{number} {kind}" for kind, number in counts["cards_by_kind"].items())
    files = [
        f"  {out / name}  {_size(entry['bytes'])}{'' if name in built.made else '  (unchanged)'}"
        for name, entry in sorted(built.manifest["files"].items())
    ]
    numbers = [counted(counts[f"{name}s"], name) for name in ("chapter", "section", "limit", "diagram", "card")]
    return [
        "Built:" if built.made else "Nothing changed since the last build:",
        *files,
        f"{', '.join(numbers)} ({kinds})",
    ]


def _size(number: int) -> str:
    return f"{number / 1000:,.0f} kB"


def _progress(text: str) -> None:
    print(f"{text} …", file=sys.stderr, flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def run() -> NoReturn:
    """Run the command line as a program."""
    sys.exit(main())


if __name__ == "__main__":
    run()
