"""The sheet's index: terms, abbreviations and names, and the sections to look them up in."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cheatdeck import model
from cheatdeck.model import Notebook, Section, plain

# A name that stands nearly everywhere is of use where it stands most.
_MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A term, and the sections that tell of it, in the order of the notes; the last of its letter is marked."""

    term: str
    places: tuple[Section, ...]
    is_last: bool


def entries(notebook: Notebook) -> tuple[Entry, ...]:
    """Return the index: terms that are defined, abbreviations with their full form, names of settings.names."""
    found: dict[str, tuple[str, dict[str, Section]]] = {}
    for term, section in (*_defined(notebook), *_named(notebook)):
        found.setdefault(term.casefold(), (term, {}))[1].setdefault(section.key, section)
    order = {section.key: number for number, section in enumerate(notebook.sections())}
    by_letter = itertools.groupby(sorted(found, key=_sorting), key=lambda folded: _sorting(folded)[0][:1])
    return tuple(
        Entry(
            found[folded][0],
            tuple(sorted(found[folded][1].values(), key=lambda section: order[section.key])),
            is_last=folded == letter[-1],
        )
        for letter in (list(group) for _, group in by_letter)
        for folded in letter
    )


def _sorting(term: str) -> tuple[str, str]:
    return re.sub(r"\W+", " ", term).strip(), term


def _defined(notebook: Notebook) -> Iterator[tuple[str, Section]]:
    for section in notebook.sections():
        for content in model.section_contents(section):
            for inline in model.inlines(content):
                match inline:
                    case model.Term(title=title, children=children):
                        yield title or plain(children), section
                    case model.Styled(tag="abbr", title=title, children=children) if title:
                        yield f"{plain(children)}: {title}", section
                    case _:
                        pass


def _named(notebook: Notebook) -> Iterator[tuple[str, Section]]:
    texts = {section.key: " ".join(map(plain, model.section_contents(section))) for section in notebook.sections()}
    sections = {section.key: section for section in notebook.sections()}
    for name in notebook.settings.names:
        for key in _places(name, texts, sections):
            yield name, sections[key]


def _places(name: str, texts: Mapping[str, str], sections: Mapping[str, Section]) -> list[str]:
    """Return the keys of the sections that name something most, those that name it in their titles before others."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    counts = {key: len(pattern.findall(text)) for key, text in texts.items()}
    titled = {key for key in counts if pattern.search(plain(sections[key].title))}
    ranked = sorted((key for key in counts if counts[key]), key=lambda key: (key not in titled, -counts[key]))
    return ranked[:_MOST_PLACES]
