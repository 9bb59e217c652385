"""The words that printed sheets have to show, taken from the notes' files without the modules that render them.

What the sheets add to the notes is added here by rule: the numbers of sections, in headings and behind links that
lead to one; the wording of what has changed; the sign before an answer; the capital that begins a caption; and the
sheets' own titles, headings and page numbers.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from cheatdeck.index import Entry

# Where a section stands, by its key: the number of a page as print shows it.
Pages = Callable[[str], str]


@dataclass(frozen=True)
class Section:
    """A section: its key, its number, its level from 1, its title; the number has a part for each level."""

    key: str
    number: str
    level: int
    title: str

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class Wanted:
    """The notes in a folder, and what an edition calls itself."""

    folder: Path
    edition: str

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What notebook.toml says."""
        return tomllib.loads((self.folder / "notebook.toml").read_text(encoding="utf-8"))

    @property
    def title(self) -> str:
        """The notebook's title."""
        return str(self.settings["title"])

    @cached_property
    def chapters(self) -> list[tuple[str, Tag]]:
        """The chapters in order, each with its number."""
        files = sorted(self.folder.glob("[0-9]*.html"), key=lambda file: _number(file.name))
        return [(str(_number(file.name)), _article(file)) for file in files]

    @cached_property
    def sections(self) -> list[Section]:
        """All sections in order."""
        return [section for number, article in self.chapters for section in _sections(article, number)]

    @cached_property
    def limits(self) -> list[tuple[Section, dict[str, Any]]]:
        """The limits in the order of the sections that they stand in, each with its section."""
        file = self.folder / "limits.toml"
        listed = tomllib.loads(file.read_text(encoding="utf-8")).values() if file.exists() else ()
        return [(section, limit) for section in self.sections for limit in listed if limit["section"] == section.key]

    @cached_property
    def addresses(self) -> set[str]:
        """The addresses of the notes' sources."""
        return {str(link["href"]) for _, article in self.chapters for link in article.select('a[rel~="external"]')}

    def groups(self) -> dict[str, int]:
        """Return the place of each chapter's group among the groups, by the chapter's number."""
        groups = self.settings.get("groups", {}).values()
        listed = [group["chapters"] for group in groups] or [[number] for number, _ in self.chapters]
        return {str(number): place for place, numbers in enumerate(listed) for number in numbers}

    def sheet(self, pages: Pages, index: tuple[Entry, ...]) -> str:
        """Return all words of the sheet; what stands in the index is taken as given."""
        numbers = {section.key: section.number for section in self.sections}
        body = (words(article, numbers) for _, article in self.chapters)
        return "".join([*self._head(), *self._contents(pages), *body, *self._table(), *_index(index, pages)])

    def limits_sheet(self, *, remarks: bool) -> str:
        """Return all words of the limits sheet, with the limits' remarks or without."""
        chapters = {section.number: section for section in self.sections if section.level == 1}
        parts = [self.title, " limits ", self.edition]
        last = ""
        for section, limit in self.limits:
            number = section.number.partition(".")[0]
            parts += [] if number == last else [chapters[number].heading]
            last = number
            exam = f"exam: {limit['exam']}" if "exam" in limit else ""
            parts += [limit["subject"], exam, limit.get("note", "") if remarks else "", limit["value"]]
        if not remarks:
            parts.append("Remarks stand on the cheat sheet: with them, the limits take more than one sheet of paper.")
        return "".join(parts)

    def _head(self) -> Iterator[str]:
        exam = self.settings.get("exam")
        yield self.title
        yield f"{exam['code']} · " if exam else ""
        counts = [(len(self.chapters), "chapter"), (len(self.sections), "section"), (len(self.limits), "limit")]
        yield " · ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts)
        yield self.edition
        yield from (group["name"] for group in self.settings.get("groups", {}).values())

    def _contents(self, pages: Pages) -> Iterator[str]:
        for section in self.sections:
            if section.level <= 2:
                yield section.heading + pages(section.key)
        yield f"Limits {pages('limits_')}" if self.limits else ""
        yield f"Index {pages('index_')}"

    def _table(self) -> Iterator[str]:
        if self.limits:
            yield "Limits Section Limit Value Remarks"
        for section, limit in self.limits:
            remarks = [limit.get("note", ""), f"exam: {limit['exam']}" if "exam" in limit else ""]
            yield section.number + limit["subject"] + limit["value"] + "; ".join(filter(None, remarks))


def _index(index: tuple[Entry, ...], pages: Pages) -> Iterator[str]:
    yield "Index"
    for entry in index:
        yield entry.term + ", ".join(f"{place.label} ({pages(place.key)})" for place in entry.places)


def _number(name: str) -> int:
    found = re.match(r"\d+", name)
    assert found
    return int(found[0])


def _article(file: Path) -> Tag:
    article = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").article
    assert article
    return article


def _sections(tag: Tag, number: str) -> Iterator[Section]:
    level = number.count(".") + 1
    title = tag.find(f"h{level}", recursive=False)
    assert title
    yield Section(str(tag["id"]), number, level, " ".join(title.get_text().split()))
    for place, nested in enumerate(tag.find_all("section", recursive=False), start=1):
        yield from _sections(nested, f"{number}.{place}")


def words(node: PageElement, numbers: Mapping[str, str]) -> str:
    """Return the words that the sheet shows of a part of the notes; `numbers` are those of the sections by key."""
    if not isinstance(node, Tag):
        return str(node) if type(node) is NavigableString else ""
    inner = "".join(words(child, numbers) for child in node.children)
    match node.name:
        case "footer":
            inner = ""
        case "h1" | "h2" | "h3" | "h4":
            assert node.parent
            inner = numbers[str(node.parent["id"])] + inner
        case "del":
            inner = f"{inner} in older questions,"
        case "ins":
            inner = f"{inner} since {_month(str(node['datetime']))}"
        case "a":
            inner += numbers.get(str(node["href"]).partition("#")[2], "")
        case "dd":
            inner = f"▸{inner}"
        case "caption":
            inner = inner[:1].upper() + inner[1:]
        case "pre" if "mermaid" in node.get_attribute_list("class"):
            inner = _description(node)
        case _:
            pass
    return inner


def _description(picture: Tag) -> str:
    found = re.search(r"^\s*accDescr\s*:(.+)$", picture.get_text(), re.MULTILINE)
    assert found
    return found[1]


def _month(since: str) -> str:
    return datetime.strptime(since, "%Y-%m").replace(tzinfo=UTC).strftime("%B %Y") if "-" in since else since
