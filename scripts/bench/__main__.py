"""The command line: a topic and what measures it. `nox -s bench -- TOPIC` runs this."""

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import bench

if TYPE_CHECKING:
    from bench.measure import Promise

TOPICS = ("deck", "growth", "preview", "sheet")


def main() -> int:
    """Measure a topic, print the tables and what was promised; return 1 where a promise is broken."""
    topic = arguments().topic
    # Processes of their own import this module: with other topics in it they would need more memory from the start.
    promises: list[Promise] = getattr(import_module(f"bench.{topic}"), topic)()
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
        "topic", choices=TOPICS,
        help="what to measure; deck: the Anki package of notes that are made up, against genanki alone, Anki's own "
        "export and bare rows in sqlite, in two or three minutes; growth: a whole build of the notes in source/, and "
        "of 4 and 16 times as many, in about an hour; preview: the page of the notes in source/ in Chromium, how soon "
        "it opens, answers a key and shows an edit, in a minute or two; sheet: the cheat sheet of the notes in "
        "source/, against WeasyPrint alone and Chromium, with more notes, and in other layouts, in about ten minutes",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
