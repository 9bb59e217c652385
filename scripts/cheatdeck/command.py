"""The command line."""

import argparse
import sys
import threading
import webbrowser
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cheatdeck import archive, connect, diff, pipeline, stamp, starter
from cheatdeck.archive import WriteError
from cheatdeck.connect import PushError
from cheatdeck.diff import DiffError
from cheatdeck.explain import explain, rule
from cheatdeck.ledger import LEDGER_FILE, Shipment
from cheatdeck.live import site_of
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Built, Checked, ReleaseError
from cheatdeck.problems import Code, NotesError, Problem, report
from cheatdeck.serve import PortError, State, keep_fresh, served
from cheatdeck.stats import tables
from cheatdeck.typeset import MissingLibraryError, Paper, SheetError
from cheatdeck.words import counted
from cheatdeck.workers import WorkerError

BUILT, PROBLEMS, USAGE, MACHINE = 0, 1, 2, 3
PORT = 8318
OUT = Path("build")

_EXIT_CODES = """exit codes:
  0  built, or nothing wrong
  1  problems in the notes, for check also warnings; the last build stays as it was
  2  wrong usage
  3  something is missing on this machine, or cannot be written
130  interrupted; each file is whole, and the next build makes the rest"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except NotesError as error:
        _report(error.problems, error.texts)
        return PROBLEMS
    except (ReleaseError, SheetError) as error:
        said, code = str(error), PROBLEMS
    except MissingLibraryError as error:
        said, code = f"{error}\n./scripts/bootstrap installs the libraries that the sheet is made with.", MACHINE
    except (PushError, WriteError, WorkerError) as error:
        said, code = f"cheatdeck: {error}", MACHINE
    except (DiffError, PortError, OSError) as error:
        said, code = f"cheatdeck: {error}", USAGE
    _say(said)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cheatdeck", description="Turn study notes into an Anki deck and a print-ready cheat sheet.",
        epilog=_EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"cheatdeck {version('cheatdeck')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = _add_command(commands, "build", _build, "check notes, then make their deck and their sheets")
    _add_paths(build)
    _add_strict(build)
    build.add_argument(
        "--paper", choices=[*Paper, "both"], default="both", help="the paper to lay the sheets out for (default: both)"
    )
    check = _add_command(commands, "check", _check, "tell what is wrong with a notebook, and make no deck and no sheet")
    _add_paths(check)
    _add_strict(check)
    check.add_argument("--stats", action="store_true", help="count what chapters have, and what serves each task")
    check.add_argument(
        "--explain", nargs="?", const="", metavar="CODE", help="explain a rule by example (without CODE: all of them)"
    )
    _add_preview(_add_command(commands, "preview", _preview, "show a notebook in a browser, anew after each change"))
    stamped = _add_command(
        commands, "stamp", _stamp,
        "write the ids of headings and cards into the notes, so that learners keep their reviews whatever is reworded",
    )  # fmt: skip
    _add_notes(stamped)
    _add_notes(_add_command(commands, "init", _init, "write a notebook.toml for notes that have none, to go on from"))
    _add_paths(
        _add_command(commands, "release", _release, "write down in cards.csv what a release ships, before it is built")
    )
    _add_diff(_add_command(commands, "diff", _diff, "tell which cards differ between two builds"))
    _add_push(_add_command(commands, "push", _push, "have the Anki that runs on this machine import the deck"))
    return parser


def _add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name, help=what, description=f"{what[0].upper()}{what[1:]}.",
        epilog=_EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.set_defaults(run=run)
    return command


def _add_notes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "notebook", nargs="?", type=Path, default=Path("source"), metavar="PATH",
        help="a folder of notes, with a notebook.toml or without, or a file of notes (default: %(default)s)",
    )  # fmt: skip


def _add_paths(command: argparse.ArgumentParser) -> None:
    _add_notes(command)
    command.add_argument(
        "--out", type=Path, default=OUT, metavar="DIR",
        help="the folder for what is made, drawn diagrams among it (default: %(default)s)",
    )  # fmt: skip


def _add_strict(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--strict", action="store_true", help="take for errors what is a warning in notes not written for cheatdeck"
    )


def _add_preview(command: argparse.ArgumentParser) -> None:
    _add_paths(command)
    _add_strict(command)
    command.add_argument(
        "--port", type=int, default=PORT, metavar="PORT",
        help="where the page is served, on this machine alone; 0 takes a port that is free (default: %(default)s)",
    )  # fmt: skip
    command.add_argument("--no-browser", action="store_true", help="open no browser")


def _add_diff(command: argparse.ArgumentParser) -> None:
    command.add_argument("old", type=Path, metavar="OLD", help="a package, or the manifest.json of a build")
    command.add_argument("new", type=Path, metavar="NEW", help="another one")
    command.add_argument("--markdown", action="store_true", help="write Markdown, for release notes")


def _add_push(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "package", nargs="?", type=Path, metavar="PACKAGE", help="the deck's .apkg (default: the one in build/)"
    )
    command.add_argument(
        "--address", default=connect.ADDRESS, metavar="URL",
        help="where the add-on AnkiConnect listens on this machine (default: %(default)s)",
    )  # fmt: skip
    command.add_argument("--key", default="", help="AnkiConnect's apiKey, if it has one")


def _build(given: argparse.Namespace) -> int:
    paths = Paths.of(given.notebook, given.out)
    papers = tuple(Paper) if given.paper == "both" else (Paper(given.paper),)
    built = pipeline.build(paths, _progress, papers=papers, strict=given.strict)
    checked = built.checked
    _report([problem for problem in checked.warnings if problem.span.file not in checked.plain], checked.texts)
    _remark(checked)
    _sum_up(checked, paths.notebook)
    print("\n".join(summary(built, paths.out)))
    return BUILT


def _check(given: argparse.Namespace) -> int:
    if given.explain is not None:
        return _explain(given.explain)
    checked = pipeline.check(Paths.of(given.notebook, given.out), _progress, strict=given.strict)
    _remark(checked)
    if given.stats:
        print("\n".join(tables(checked.notebook)))
    if checked.warnings:
        _report(checked.warnings, checked.texts)
        return PROBLEMS
    sections = sum(1 for _ in checked.notebook.sections())
    chapters = len(checked.notebook.chapters)
    print(f"No problem in {counted(chapters, 'chapter')}, {counted(sections, 'section')}.")
    return BUILT


def _preview(given: argparse.Namespace) -> int:
    paths = Paths.of(given.notebook, given.out)
    site = site_of(paths, _progress, strict=given.strict)
    _say_state(site.state)
    with served(site, given.port) as address:
        print(f"{address}\nChanges in {paths.notebook} are on the page at once. Ctrl-C ends this.", flush=True)
        if not given.no_browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            keep_fresh(site, [paths.notebook, paths.templates], paths.out, _say_state, threading.Event())
    return BUILT


def _say_state(state: State) -> None:
    _say("\n".join([*state.reports, "The last page stays." if state.is_stale else "The page is new."]))


def _stamp(given: argparse.Namespace) -> int:
    planned = stamp.plan(Paths.of(given.notebook, OUT))
    stamp.write(planned.changes)
    for remark in planned.remarks:
        _say(remark)
    for change in planned.changes:
        print(f"{change.file}: {counted(change.ids, 'id')}")
    if not planned.changes:
        print("No id was written: all are there that have a place.")
    lines: dict[str, set[int]] = {}
    for span in planned.placeless:
        lines.setdefault(span.file, set()).add(span.line)
    for file, numbers in lines.items():
        where = f"line{'' if len(numbers) == 1 else 's'} {', '.join(map(str, sorted(numbers)))}"
        _say(f"{file}: no place for an id on {where}: rewording makes new cards there.")
    return BUILT


def _init(given: argparse.Namespace) -> int:
    path = starter.begin(Paths.of(given.notebook, OUT))
    print(f"Written: {path}. The notebook is its folder: cheatdeck build {path.parent}")
    return BUILT


def _release(given: argparse.Namespace) -> int:
    paths = Paths.of(given.notebook, given.out)
    shipment = pipeline.release(paths, _progress)
    print("\n".join(shipped(shipment)))
    ledger = paths.notebook / LEDGER_FILE
    print(f"{ledger} stays as it is." if shipment.is_released else f"Written: {ledger}. Commit it, then build.")
    return BUILT


def _diff(given: argparse.Namespace) -> int:
    differences = diff.compare(diff.read(given.old), diff.read(given.new))
    print("\n".join(diff.as_markdown(differences) if given.markdown else diff.as_text(differences)))
    return BUILT


def _push(given: argparse.Namespace) -> int:
    package = given.package or _built_package(OUT)
    _progress(f"Anki imports {package}")
    connect.push(package, given.address, given.key)
    print(f"Anki has imported {package}.")
    return BUILT


def _built_package(out: Path) -> Path:
    """Return the package of the last build; one that is not there is for others to miss."""
    names = archive.read_manifest(out).get("files", {})
    return out / next((name for name in names if name.endswith(".apkg")), "deck.apkg")


def shipped(shipment: Shipment) -> list[str]:
    """Return the lines that tell people what a release ships."""
    groups = {
        "added": shipment.added,
        "changed": shipment.changed,
        "retired": shipment.retired,
        "dropped": shipment.dropped,
    }
    number = sum(map(len, groups.values())) - len(shipment.dropped)
    same = len(shipment.ledger) - number
    counts = ", ".join(f"{len(keys):,} {name}" for name, keys in groups.items() if keys)
    return [
        f"Ships {counts or 'nothing new'}; {same:,} as they were.",
        *(f"  {name}  {key}" for name, keys in groups.items() for key in keys),
    ]


def _explain(name: str) -> int:
    if name and name not in set(Code):
        _say(f'There is no code "{name}". The codes are: {", ".join(Code)}')
        return USAGE
    print("\n\n".join(explain(code) for code in Code if name in {"", code}))
    return BUILT


def _report(problems: Sequence[Problem], texts: Mapping[str, str]) -> None:
    for problem in problems:
        _say(report(problem, texts.get(problem.span.file, "")))
    warnings = sum(problem.is_warning for problem in problems)
    if errors := len(problems) - warnings:
        _say(counted(errors, "problem") + (f", {counted(warnings, 'warning')}" if warnings else ""))
    elif warnings:
        _say(counted(warnings, "warning"))


def _remark(checked: Checked) -> None:
    """Say what was taken for granted of notes that were not written for cheatdeck."""
    for remark in checked.remarks:
        _say(remark)
    if checked.plain:
        _say(f"{counted(len(checked.plain), 'file')} of plain notes: cards are made of what they say.")


def _sum_up(checked: Checked, notebook: Path) -> None:
    """Say how much there is to warn of in plain notes: each warning would be too long a list."""
    codes = Counter(problem.code for problem in checked.warnings if problem.span.file in checked.plain)
    if codes:
        kinds = ", ".join(f"{number} × {code} ({rule(code)})" for code, number in sorted(codes.items()))
        _say(f"{counted(codes.total(), 'warning')}: {kinds}. “cheatdeck check {notebook}” tells where.")


def summary(built: Built, out: Path) -> list[str]:
    """Return the lines that tell people what a build left: files, sizes, counts."""
    counts: dict[str, Any] = built.manifest["counts"]
    kinds = ", ".join(f"{number} {kind}" for kind, number in counts["cards_by_kind"].items())
    files = [
        f"  {out / name}  {_measured(entry)}{'' if name in built.made else '  (unchanged)'}"
        for name, entry in sorted(built.manifest["files"].items())
    ]
    numbers = [counted(counts[f"{name}s"], name) for name in ("chapter", "section", "limit", "diagram", "card")]
    return [
        "Built:" if built.made else "Nothing changed since the last build:",
        *files,
        f"{', '.join(numbers)} ({kinds})",
        *_unreleased(built),
    ]


def _unreleased(built: Built) -> list[str]:
    """Return what learners should know of a deck that was released once, or is binding, and is no release now."""
    checked = built.checked
    if built.manifest["released"] or not (checked.released or checked.notebook.settings.is_binding):
        return []
    return ["Not a release: what differs from cards.csv counts as changed now."]


def _measured(entry: Mapping[str, Any]) -> str:
    size = f"{entry['bytes'] / 1000:,.0f} kB"
    pages = f", {counted(entry['pages'], 'page')}" if "pages" in entry else ""
    return f"{size}{pages}{'' if entry.get('remarks', 1) else ', remarks left out'}"


def _progress(text: str) -> None:
    print(f"{text} …", file=sys.stderr, flush=True)


def _say(text: str) -> None:
    print(text, file=sys.stderr)
