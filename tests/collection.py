"""Anki's own library, as a learner's Anki uses it."""

from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from bs4 import BeautifulSoup


@dataclass(frozen=True)
class Imported:
    """How many notes an import added, updated, left as they were, and refused."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


def import_package(col: Collection, package: Path) -> Imported:
    """Import a package with a learner's default options."""
    request = ImportAnkiPackageRequest(package_path=str(package.resolve()), options=ImportAnkiPackageOptions())
    log = col.import_anki_package(request).log
    # Note types that are read after an import come from before it otherwise.
    col.models._clear_cache()  # noqa: SLF001 - Anki has no public name for it
    return Imported(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))


def seen(html: str) -> str:
    """Return what a learner sees of a rendered card: its text, white space folded, and pictures by name."""
    soup = BeautifulSoup(html, "html.parser")
    for style in soup("style"):
        style.decompose()
    for apart in soup.select("br, div, p, .around span"):
        apart.insert_after(" ")
    for picture in soup("img"):
        picture.replace_with(f"[picture {picture['src']}]")
    return " ".join(soup.get_text().split())


def sides(col: Collection, key: str) -> list[tuple[str, str]]:
    """Return what is seen of the question and the answer of each card of a note."""
    found = [col.get_card(card) for card in col.find_cards(f"Key:{key}")]
    return [(seen(card.question()), seen(card.answer())) for card in found]
