"""What of a notebook cannot be printed, for there is no font among those of sheet and diagrams that has the letters."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from cheatdeck import diagrams, letters, model, typeset
from cheatdeck.model import Notebook, Span
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText


@dataclass(frozen=True, slots=True)
class _Printed:
    """A text that is printed, the place where it begins in its file, or near it, and what stands behind it there."""

    text: str
    span: Span
    end: str


def check(notebook: Notebook, texts: Mapping[str, str], settings_file: str) -> Iterator[Problem]:
    """Yield a problem for each text with letters that are printed as boxes, at the first of them.

    `texts` are the notebook's files by shown name, `settings_file` the name of that with its title.
    """
    sources = {file: SourceText.of(file, text) for file, text in texts.items()}
    for printed in (*_texts(notebook), *_figures(notebook), *_names(notebook, Span(settings_file, 1, 1))):
        yield from _problems(printed, typeset.letters(), sources)
    for section in notebook.sections():
        for block in model.blocks(section.blocks):
            if isinstance(block, model.Diagram):
                drawing = _Printed(diagrams.drawn(block), block.source_span, "</pre")
                yield from _problems(drawing, diagrams.letters(), sources)


def _problems(printed: _Printed, known: Collection[int], sources: Mapping[str, SourceText]) -> Iterator[Problem]:
    missing = letters.missing(printed.text, known)
    if missing:
        name = unicodedata.name(missing[0], f"U+{ord(missing[0]):04X}")
        others = f" and {len(missing) - 1} more" if missing[1:] else ""
        hint = f"write it in other letters; cards show them, but paper has {letters.BOX} in their place"
        message = f"no font has “{missing[0]}” ({name}){others}"
        yield Problem(Code.UNPRINTABLE, _place(missing[0], printed, sources), message, hint)


def _place(letter: str, printed: _Printed, sources: Mapping[str, SourceText]) -> Span:
    """Return where a letter of a text stands in its file, or the place of the text where it is a reference."""
    source = sources.get(printed.span.file)
    if source is None:
        return printed.span
    start = source.offset(printed.span.line, printed.span.column - 1)
    end = source.text.find(printed.end, start + 1)
    found = source.text.find(letter, start, None if end < 0 else end)
    return printed.span if found < 0 else source.span(found)


def _texts(notebook: Notebook) -> Iterator[_Printed]:
    for section in notebook.sections():
        for content in model.section_contents(section):
            for inline in model.inlines(content):
                match inline:
                    case model.Text(text=text, span=span):
                        yield _Printed(text, span, "<")
                    case model.Term(title=title, span=span) | model.Styled(title=title, span=span):
                        yield _Printed(title, span, "</")
                    case _:
                        pass
        for block in model.blocks(section.blocks):
            if isinstance(block, model.Code):
                yield _Printed(block.text, block.span, "</")


def _figures(notebook: Notebook) -> Iterator[_Printed]:
    for limit in notebook.limits:
        yield from (_Printed(text, limit.span, "\n[") for text in (limit.subject, limit.value, limit.note, limit.exam))


def _names(notebook: Notebook, span: Span) -> Iterator[_Printed]:
    for name in (notebook.settings.title, *(group.name for group in notebook.settings.groups)):
        yield _Printed(name, span, "\0")
