"""Cuts three releases of a small notebook, as a maintainer does, in the past."""

import csv
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cheatdeck import pipeline
from cheatdeck.ledger import LEDGER_FILE
from cheatdeck.paths import Paths

HERE = Path(__file__).parent
DAY = 86_400
# Version -> days ago on which it is cut.
CUT = {"1.0.0": 300, "1.1.0": 200, "1.2.0": 100}
# What a maintainer writes into the ledger before a release: key -> reason and successor.
RETIRED = {
    "1.1.0": {"retires": "Towers are painted by contractors now", "retires-cloze": "Nobody is sure of it"},
    "1.2.0": {"retires-last": "The exam does not ask for it any more"},
}
SUCCESSORS = {"retires": "added"}
# The last release has a new style.
NEW_STYLE = "/* The style of 1.2.0 */"


def cut_releases(out: Path, now: int) -> None:
    """Leave the packages `1.0.0.apkg`, … in a folder; `now` is in seconds since 1970."""
    notes, built = out / "notes", out / "built"
    templates = shutil.copytree(Paths.of(notes, built).templates, out / "templates")
    for version, days in CUT.items():
        shutil.copytree(HERE / version, notes, dirs_exist_ok=True)
        _retire(notes / LEDGER_FILE, RETIRED.get(version, {}))
        if version == "1.2.0":
            with (templates / "cards" / "card.css").open("a", encoding="utf-8") as css:
                css.write(NEW_STYLE)
        paths = Paths(notes, built, templates)
        with _dated(now - days * DAY):
            pipeline.release(paths, _silent)
            pipeline.build(paths, _silent)
        shutil.copy(built / "lighthouses.apkg", out / f"{version}.apkg")


def _retire(ledger: Path, reasons: dict[str, str]) -> None:
    if not reasons:
        return
    with ledger.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["key"] in reasons:
            row |= {"reason": reasons[row["key"]], "successor": SUCCESSORS.get(row["key"], "")}
    with ledger.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@contextmanager
def _dated(second: int) -> Iterator[None]:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(second)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


def _silent(_: str) -> None:
    pass
