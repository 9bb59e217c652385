"""The command line: a topic and what measures it. `nox -s bench -- TOPIC` runs this."""

import argparse
import sys
from collections.abc import Callable

import bench
from bench.deck import deck
from bench.measure import Promise
from bench.sheet import sheet
from cheatdeck.problems import NotesError
from cheatdeck.typeset import SheetError

TOPICS: dict[str, Callable[[], list[Promise]]] = {"deck": deck, "sheet": sheet}


def main() -> int:
    """Measure a topic, print the tables and what was promised; return 1 where a promise is broken."""
    try:
        promises = TOPICS[arguments().topic]()
    except (NotesError, SheetError) as error:
        print(f"{error}\n`nox -s build` tells more.", file=sys.stderr)
        return 1
    for promise in promises:
        print(f"{'kept' if promise.is_kept else 'BROKEN':6}  {promise.text}")
    return 0 if all(promise.is_kept for promise in promises) else 1


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="nox -s bench --",
        description=bench.__doc__,
        epilog="Tables go to the standard output, progress to standard error. "
        "Exit codes: 0 all promises are kept, 1 one is broken, 2 wrong usage.",
    )
    parser.add_argument(
        "topic", choices=list(TOPICS), help="what to measure; deck: the Anki package of notes that are made up, "
        "against genanki alone, Anki's own export and bare rows in sqlite, in two or three minutes; sheet: the cheat "
        "sheet of the notes in source/, against WeasyPrint alone and Chromium, with more notes, and in other layouts, "
        "in about five minutes",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
