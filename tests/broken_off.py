"""Builds of a small notebook for one paper, to be broken off, and what they leave."""

import sys
from pathlib import Path

from notes import page, write_notebook

BODY = """<p id="cloze">It takes <mark>{0}</mark>, or <data value="most">4 days</data></p>
<figure id="picture"><pre class="mermaid">
flowchart TB
  accDescr: A leads to {0}.
  A --> {0}
</pre><figcaption>What is drawn?</figcaption></figure>"""
LIMITS = """[most]
subject = "Longest stay"
value = "4 days"
kind = "maximum"
section = "one"
check = "none"
note = "from {0} notes"
"""
# How often a build gives a file its name: a picture unless it has it, a deck, two sheets, a page, checksums, manifest.
NAMINGS = 7
# A build that kills itself when it is about to do so for the given time.
KILLED = """
import os, signal, sys
number = int(sys.argv.pop(1))
def count(event, given):
    global number
    if event == "os.rename" and str(given[0]).endswith(".unfinished"):
        number -= 1
        if number == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from cheatdeck.__main__ import run
run()
"""


def write_notes(folder: Path, word: str) -> Path:
    """Write a notebook of which each file that is built depends on a word."""
    return write_notebook(folder, chapter_1=page(BODY.format(word)), limits=LIMITS.format(word))


def arguments(notes: Path, out: Path) -> list[str]:
    """Return the arguments of a build."""
    return ["build", str(notes), "--out", str(out), "--paper", "a4"]


def command(notes: Path, out: Path, *program: str) -> list[str]:
    """Return the command of a build; it may be one that does something to itself."""
    return [sys.executable, *(program or ("-m", "cheatdeck")), *arguments(notes, out)]


def files(out: Path) -> dict[str, bytes]:
    """Return all files of a build, hidden ones among them, but for the cache's pictures and locks."""
    found = [path for path in out.rglob("*") if path.is_file() and path.suffix not in {".svg", ".lock"}]
    return {str(path.relative_to(out)): path.read_bytes() for path in found if path.name != "lock"}


def named(found: dict[str, bytes]) -> dict[str, bytes]:
    """Return those of a build's files that have their names."""
    return {name: data for name, data in found.items() if "unfinished" not in name and not name.startswith(".cache")}
