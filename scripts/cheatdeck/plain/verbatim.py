"""Preformatted text of any HTML page -> code with its language, and Mermaid in the ways in which exporters write it."""

import re
from collections.abc import Iterator

from bs4.element import NavigableString, PreformattedString, Tag

from cheatdeck import model
from cheatdeck.model import Block
from cheatdeck.page import attribute
from cheatdeck.parse import is_language
from cheatdeck.plain.soup import AnyPage

_MERMAID = re.compile(r"(^|[\s-])mermaid($|\s)")
# The first line of a diagram tells it even where nothing else does.
_BEGINS = re.compile(
    r"(?:graph|flowchart(?:-elk)?)[ \t]+(?:TB|TD|BT|RL|LR)\b"
    r"|(?:classDiagram|sequenceDiagram|stateDiagram(?:-v2)?|erDiagram)\s*$"
)
_LANGUAGE = re.compile(r"^(?:language|lang|highlight-source|highlight|brush)[-:]")
# What plugins of Obsidian put other text in place of.
_QUERIES = {"dataview", "dataviewjs", "query", "tasks"}
_SETTINGS = re.compile(r"%%\{.*?\}%%", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?P<entries>.*?)\n[ \t]*---[ \t]*\n", re.DOTALL)
_TITLE = re.compile(r"^\s*(?:title|accTitle)\s*:\s*(?P<title>.+?)\s*$", re.MULTILINE)
_DESCRIPTION = re.compile(r"^\s*accDescr\s*:\s*(.+?)\s*$", re.MULTILINE)
_LABEL = re.compile(r"""\[+["(/\\]*([^\[\]"]+?)[")/\\]*\]+|\{+"?([^{}"]+?)"?\}+|\("?([^()"]+?)"?\)""")
_NAME = re.compile(r"[\w-]+")
_GROUP = re.compile(r"^(?:subgraph|class|participant|actor|state)\s+")
_STEERS = re.compile(r"(?:end|direction|accDescr|accTitle|title|style|classDef|click|linkStyle|%%)\b")
# An arrow with what stands on it.
_ARROW = re.compile(r"\s*(?:<?--+[^->|]*--+>?|<?(?:--+|==+|-\.+-)>?|<\|--|->>?|\.\.>)(?:\|[^|]*\|)?\s*")
_MOST_LABELS = 12


def is_mermaid(tag: Tag) -> bool:
    """Tell whether an element says that it holds a diagram."""
    tags = (tag, *(tag.find_all("code") if tag.name == "pre" else ()))
    return any(
        _MERMAID.search(attribute(each, name).lower()) for each in tags for name in ("class", "lang", "data-lang")
    )


def code(page: AnyPage, tag: Tag) -> Iterator[Block]:
    """Yield the code or the diagram of an element; one without any text is nothing."""
    if _names(tag) & _QUERIES:
        page.skip(tag)
        return
    text = "".join(_lines(page, tag)).strip("\n").rstrip()
    if not text.strip():
        if tag.find("svg"):
            page.skip(tag)
        return
    first = next((line.strip() for line in _without_settings(text).splitlines() if line.strip()), "")
    if is_mermaid(tag) or _BEGINS.match(first):
        yield _diagram(page, tag, text)
    else:
        yield model.Code(_language(tag), text, page.span(tag))


def _names(tag: Tag) -> set[str]:
    """Return the names of the language of code, as its class has them."""
    classes = " ".join(attribute(each, "class") for each in (tag, *tag.find_all("code")))
    return {_LANGUAGE.sub("", word) for word in classes.lower().split()}


def _lines(page: AnyPage, tag: Tag) -> Iterator[str]:
    for node in tag.descendants:
        if isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            yield page.text(node).replace("\r\n", "\n").replace("\r", "\n")
        elif isinstance(node, Tag) and node.name == "br":
            yield "<br/>" if _is_within_label(node) else "\n"


def _is_within_label(node: Tag) -> bool:
    """Tell whether a line break stands within the label of a diagram, where a new line would end it."""
    before = node.previous_sibling
    line = str(before).rsplit("\n", 1)[-1] if isinstance(before, NavigableString) else ""
    return any(line.count(left) > line.count(right) for left, right in ("[]", "()", "{}"))


def _language(tag: Tag) -> str:
    """Return the name of a language that exporters give, in one way or another; empty if Pygments does not know it."""
    tags = [tag, *tag.find_all("code"), *([tag.parent] if tag.parent else [])]
    for each in tags:
        for name in ("class", "lang", "data-lang", "data-language"):
            for word in attribute(each, name).lower().split():
                language = _LANGUAGE.sub("", word)
                if (language != word or name != "class" or each is not tag.parent) and is_language(language):
                    return language
    return ""


def _diagram(page: AnyPage, tag: Tag, text: str) -> model.Diagram:
    span = page.span(tag)
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front["entries"] if front else text)
    described = _DESCRIPTION.search(text)
    source = _on_one_line(_without_settings(text))
    caption = (model.Text(title["title"], span),) if title else ()
    return model.Diagram(
        attribute(tag, "id"), source, caption, described[1] if described else _labels(source), span, span
    )


def _without_settings(text: str) -> str:
    """Return a diagram without settings of its own, which say how it looks elsewhere; lines stay where they are."""

    def blank(found: re.Match[str]) -> str:
        return "\n" * found[0].count("\n")

    return _SETTINGS.sub(blank, _FRONT_MATTER.sub(blank, text))


def _on_one_line(source: str) -> str:
    """Return a diagram with the line breaks in its labels as Mermaid wants them."""
    lines: list[str] = []
    for line in source.split("\n"):
        if lines and lines[-1].count("[") > lines[-1].count("]") and "]" in line:
            lines[-1] += f"<br/>{line.strip()}"
        elif lines and lines[-1].count("[") > lines[-1].count("]") and not line.strip():
            continue
        else:
            lines.append(line)
    return "\n".join(lines)


def _labels(source: str) -> str:
    """Return the words in a diagram's boxes, for those who do not see it."""
    lines = (line.strip() for line in source.strip().split("\n")[1:])
    pieces = (piece for line in lines if not _STEERS.match(line) for piece in _ARROW.split(_GROUP.sub("", line)))
    named = list(pieces)
    labelled = {name[0] for piece in named if _LABEL.search(piece) and (name := _NAME.match(piece))}
    said = (_label(piece) for piece in named if piece.strip() not in labelled)
    words = list(dict.fromkeys(word for word in said if any(letter.isalnum() for letter in word)))
    return f"Diagram of {', '.join(words[:_MOST_LABELS])}" if words else "Diagram"


def _label(piece: str) -> str:
    """Return what a box says: its label, else its name."""
    labelled = _LABEL.search(piece)
    text = next(filter(None, labelled.groups()), "") if labelled else piece.partition(":")[0]
    return " ".join(re.sub(r"<br\s*/?>|[*`\"]", " ", text).split())
