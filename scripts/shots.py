"""Takes pictures of cards as learners see them: on a phone, and in Anki's own window."""

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

if TYPE_CHECKING:
    from anki.cards import Card, CardId
    from aqt.main import AnkiQt
    from playwright.sync_api import Browser, Playwright

SIDES = ("question", "answer")
PHONES = (320, 390)
WINDOW = (760, 620)
# What Anki, AnkiMobile and AnkiDroid call a card by day and by night, all at once.
MODES = {"day": "card", "night": "card nightMode night_mode"}
MISSING = 3
# What pip does not bring, as Debian 12 and 13 call it; most of what Qt needs comes with Chromium.
INSTALL = "On Debian: apt-get install chromium libatomic1 libegl1. `nox -s shots` brings the rest."
PROFILE, SAID, DONE = "Learner", "said.txt", "done.txt"
# Milliseconds between looks at Anki's page, how many looks its paint gets to dry, and how many a step may take.
PAUSE, PAINT, PATIENCE = 100, 4, 600
DECKS = "!!document.querySelector('tr.deck')"
MARK = "document.querySelectorAll('.sheet').forEach(card => card.classList.add('seen'))"
SHOWN = """(() => {
    const box = document.getElementById('qa'), card = box && box.querySelector('.sheet:not(.seen)');
    return !!card && box.style.opacity !== '0' && [...document.images].every(picture => picture.complete);
})()"""


class MissingError(Exception):
    """Something that the machine lacks, and the command that installs it."""

    def __init__(self, what: str, why: object) -> None:
        """Take what does not work, and what was said of it."""
        super().__init__(f"{what}: {why}\n{INSTALL}")


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=f"{__doc__} Of each kind of card in the package it takes the first, by day and by night.",
        epilog="Exit codes: 0 pictures taken, 1 a card is wider than a phone or is not there, 2 wrong usage, "
        f"{MISSING} something is missing on the machine. The variable CHROMIUM names another Chromium than PATH does.",
    )
    package, out = Path("build/aws-certified-developer.apkg"), Path("build/shots")
    parser.add_argument("package", nargs="?", type=Path, default=package, help="the .apkg file (default: %(default)s)")
    parser.add_argument("keys", nargs="*", metavar="KEY", help="another card to take, by its key: the id in the notes")
    parser.add_argument("--out", type=Path, default=out, help="the folder for the pictures (default: %(default)s)")
    options = parser.parse_args(given)
    if not options.package.is_file():
        parser.error(f"there is no package {options.package}; `nox -s build` makes one")
    return options


def check_imports() -> None:
    """Find out whether Anki's window and Playwright have the libraries that they need."""
    try:
        import aqt.main  # noqa: F401, PLC0415 - what may fail is told in words
        import playwright.sync_api  # noqa: F401, PLC0415 - the same
    except ImportError as error:
        raise MissingError("Anki’s window or Playwright does not start", error) from error


def import_package(col: Collection, package: Path) -> None:
    """Import a package with a learner's default options."""
    path = str(package.resolve())
    col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=ImportAnkiPackageOptions()))
    # Note types that are read after an import come from before it otherwise.
    col.models._clear_cache()  # noqa: SLF001 - Anki has no public name for it


def choose(col: Collection, keys: Sequence[str]) -> "dict[str, CardId]":
    """Return the card of each kind that learners get first, then those that are named by their keys, by name."""
    kinds = sorted({tag.rsplit("::", 1)[1] for tag in col.tags.all() if "::kind::" in tag})
    wanted = {kind: f"tag:*::kind::{kind}" for kind in kinds} | {key: f'"Key:{key}"' for key in keys}
    found = {name: [col.get_card(card) for card in col.find_cards(query)] for name, query in wanted.items()}
    return {name: min(cards, key=lambda card: (card.due, card.ord)).id for name, cards in found.items() if cards}


def page(card: "Card", side: str, mode: str, style: str) -> str:
    """Return a card on a page like the one on which Anki and AnkiMobile show it."""
    shown = card.question() if side == "question" else card.answer()
    return (
        '<!doctype html><html class="mobile"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f'<body class="{MODES[mode]} card{card.ord + 1}"><div id="qa">{typed(card, shown, side)}</div></body></html>'
    )


def typed(card: "Card", shown: str, side: str) -> str:
    """Return a card with what Anki puts where an answer is typed; this learner left out the last character."""
    font = 'style="font-family: Arial; font-size: 20px"'

    def put(found: re.Match[str]) -> str:
        expected = card.note()[found[1]]
        if side == "question":
            return f'<center><input type="text" id="typeans" {font}></center>'
        return f"<div {font}>{card.col.compare_answer(expected, expected[:-1])}</div>"

    return re.sub(r"\[\[type:(.+?)\]\]", put, shown)


def phone_pictures(col: Collection, cards: "Mapping[str, CardId]", out: Path) -> Iterator[tuple[Path, bool]]:
    """Take the pictures of phones; yield each, and whether the card fits the phone's width."""
    from aqt.utils import aqt_data_folder  # noqa: PLC0415 - needs what check_imports() checks

    style = (Path(aqt_data_folder()) / "web/css/reviewer.css").read_text(encoding="utf-8")
    file = Path(col.media.dir()) / "_shot.html"  # beside the pictures of the cards
    player, browser = start()
    for (name, card), side, mode, width in product(cards.items(), SIDES, MODES, PHONES):
        file.write_text(page(col.get_card(card), side, mode, style), encoding="utf-8")
        picture = out / f"{name}-{side}-{width}-{mode}.png"
        yield picture, photograph(browser, file, width, picture)
    player.stop()


def start() -> tuple["Playwright", "Browser"]:
    """Start Chromium, and what drives it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed for --help

    chromium = shutil.which(os.environ.get("CHROMIUM") or "chromium")
    if not chromium:
        raise MissingError("no Chromium", "it is not on PATH, nor where the variable CHROMIUM says")
    try:
        player = sync_playwright().start()
        return player, player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    except Exception as error:
        # A driver that lacks a library raises nothing more special.
        raise MissingError("Chromium does not start", error) from error


def photograph(browser: "Browser", file: Path, width: int, picture: Path) -> bool:
    """Take a picture of a page; return whether it fits the width."""
    tab = browser.new_page(viewport={"width": width, "height": 2 * width}, device_scale_factor=2)
    tab.goto(file.as_uri())
    tab.screenshot(path=picture, full_page=True)
    fits = bool(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
    tab.close()
    return fits


def window_pictures(base: Path, cards: "Mapping[str, CardId]", out: Path) -> list[Path]:
    """Take the pictures of Anki's window, in a process of its own: Qt ends its process where something is missing."""
    (base / SAID).touch()
    process = get_context("spawn").Process(target=open_window, args=(base, cards, out.resolve()))
    process.start()
    process.join()
    if not (base / DONE).exists():
        said = (base / SAID).read_text(encoding="utf-8", errors="replace").splitlines()
        raise MissingError("Anki’s window does not work", "\n".join(said[-3:]))
    return [out / name for name in (base / DONE).read_text(encoding="utf-8").split()]


def open_window(base: Path, cards: "Mapping[str, CardId]", out: Path) -> None:
    """Open Anki's window where nobody sees it, on the profile in `base`; leave there what it says and has taken."""
    with (base / SAID).open("wb") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
    import aqt  # noqa: PLC0415 - needs what check_imports() checks, and the environment above
    from aqt.profiles import ProfileManager  # noqa: PLC0415 - the same

    profiles = ProfileManager(base)
    profiles.setupMeta()
    profiles.setLang("en_US")
    profiles.meta["firstRun"] = False
    profiles.set_update_check(on=False)
    profiles.set_check_for_addon_updates(on=False)
    profiles.create(PROFILE)
    profiles.load(PROFILE)
    profiles.save()
    taken: list[str] = []
    failed: list[Exception] = []

    def opened() -> None:
        window = aqt.mw
        assert window
        window.resize(*WINDOW)
        play(window, learn(window, cards, out, taken), failed)

    aqt.gui_hooks.main_window_did_init.append(opened)
    aqt._run(["anki", "-b", str(base), "-p", PROFILE])  # noqa: SLF001 - what Anki's own starter calls
    for error in failed:
        raise error
    (base / DONE).write_text("\n".join(taken), encoding="utf-8")


def learn(window: "AnkiQt", cards: "Mapping[str, CardId]", out: Path, taken: list[str]) -> Iterator[str]:
    """Review the cards and take pictures; yield what must be true of the page before the next step, as JavaScript."""
    from aqt.theme import Theme  # noqa: PLC0415 - needs what check_imports() checks

    # The list of decks comes when it is ready, and would cover a card that came before it.
    yield DECKS
    show: dict[str, Callable[[], None]] = {
        "question": partial(window.moveToState, "review"),
        "answer": window.reviewer._showAnswer,  # noqa: SLF001 - what the button calls
    }
    window.col.sched.suspend_cards(window.col.find_cards(""))
    for name, card in cards.items():
        # Anki shows what is due: this card alone.
        window.col.sched.unsuspend_cards([card])
        window.col.decks.select(window.col.get_card(card).did)
        for side, mode in product(SIDES, MODES):
            window.set_theme(Theme.DARK if mode == "night" else Theme.LIGHT)
            window.web.eval(MARK)
            show[side]()
            yield SHOWN
            taken.append(f"{name}-{side}-window-{mode}.png")
            window.grab().save(str(out / taken[-1]))
        window.col.sched.suspend_cards([card])


def play(window: "AnkiQt", steps: Iterator[str], failed: list[Exception]) -> None:
    """Take a step whenever what the last one waits for has been true for a while, then close the window."""
    from aqt.qt import QTimer  # noqa: PLC0415 - needs what check_imports() checks

    timer = QTimer(window)
    awaited, looks, times = "", 0, 0

    def step() -> None:
        nonlocal awaited, looks, times
        looks, times = 0, 0
        try:
            awaited = next(steps)
        except StopIteration:
            close()
        except Exception as error:  # noqa: BLE001 - Anki would show it in a window that nobody sees
            close(error)

    def close(*errors: Exception) -> None:
        timer.stop()
        failed.extend(errors)
        window.unloadProfileAndExit()

    def look() -> None:
        nonlocal looks
        looks += 1
        if looks > PATIENCE:
            close(TimeoutError(f"waited for {awaited}"))
        # No answer comes from a page that is just being replaced; the next look asks again.
        window.web.evalWithCallback(awaited, seen)

    def seen(is_true: object) -> None:
        nonlocal times
        times = times + 1 if is_true else 0
        if times > PAINT and timer.isActive():
            step()

    timer.timeout.connect(look)
    step()
    timer.start(PAUSE)


def run(options: argparse.Namespace, say: Callable[[object], None]) -> int:
    """Take all pictures, say where they are, and return the exit code."""
    check_imports()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / PROFILE).mkdir()
        col = Collection(str(base / PROFILE / "collection.anki2"))
        import_package(col, options.package)
        cards = choose(col, options.keys)
        problems = [f"no card: {key}" for key in options.keys if key not in cards]
        for picture, fits in phone_pictures(col, cards, options.out):
            say(picture)
            problems += [] if fits else [f"wider than the phone: {picture}"]
        col.close()
        for picture in window_pictures(base, cards, options.out):
            say(picture)
    say("\n".join(problems) or f"{len(cards)} cards")
    return 1 if problems else 0


def main() -> None:
    """Run the command line."""
    try:
        code = run(arguments(None), partial(print, flush=True))
    except MissingError as error:
        print(error, file=sys.stderr)
        code = MISSING
    sys.exit(code)


if __name__ == "__main__":
    main()
