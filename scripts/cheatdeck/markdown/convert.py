"""Markdown -> a page of plain HTML, each block with the line that it comes from.

The page is for the reader of plain HTML, which decides what of it makes sections and cards, and what may not stand
in notes. What Obsidian, Notion and GitHub write beyond CommonMark becomes elements that HTML has.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from cheatdeck.frontmatter import read_front_matter
from cheatdeck.markdown import footnotes, rawhtml
from cheatdeck.markdown.block import DATE, add_block_rules
from cheatdeck.markdown.inline import add_inline_rules, read_attributes
from cheatdeck.markdown.places import add_place_rule
from cheatdeck.problems import Code, Problem
from cheatdeck.source import SourceText
from cheatdeck.vault import bare_name, place_of, title_of

Lookup = Callable[[str], str | None]
# Some four thick books; what is written to be slow is read in a minute.
LONGEST = 2_000_000
# Lists and quotes within each other, two levels a list; markdown-it leaves out what lies deeper.
DEEPEST = 40
_CONTAINERS = {"blockquote_open", "list_item_open", "dd_open", "answer_open", "footnote_reference_open"}
# What Notion writes of a page below its title, a line each.
_PROPERTY = re.compile(r"[^\W\d_][\w ()/&-]{0,40}: \S")
_PICTURE = re.compile(r"\.(avif|bmp|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
# Obsidian has the width of a picture behind its text.
_WIDTH = re.compile(r"\|[0-9]+(x[0-9]+)?$")


def to_html(
    source: SourceText, resolve: Lookup, read: Lookup, *, by_place: bool = False
) -> tuple[str, tuple[Problem, ...]]:
    """Return a note's Markdown as a page of HTML, and what is wrong with it.

    `resolve` takes the name of a page or a picture as a note has it, and returns its address relative to the note,
    or None if there is none; `read` returns the text of a table (CSV) by such a name, or None. Nothing else of the
    world is looked at.

    The <title> is the front matter's, or else the file's name; headings stand as they are written. Each block has
    its 1-based line of the source as `data-line`; from there to the end of its text, the page has the line breaks of
    the source. A link to a heading ends in the heading's `place_of`.
    With `by_place`, elements that have no id have one that tells where it can be written.
    """
    matter, problems = read_front_matter(source)
    if (nul := source.text.find("\0")) >= 0:
        hint = "save the file as text, in UTF-8"
        problems += (Problem(Code.UNREADABLE, source.span(nul), "a NUL character, which no text has", hint),)
    head, text = source.text[: matter.length], source.text[matter.length :]
    body = ""
    if len(text) > LONGEST:
        message = f"the note is too long: {len(text):,} characters"
        hint = f"divide it into files of {LONGEST:,} characters at most"
        problems += (Problem(Code.UNREADABLE, source.span(0), message, hint),)
    else:
        note = _Note(source, resolve, read, list(problems), by_place)
        # The lines of the front matter are there, and empty: so all others keep their numbers.
        body = note.html("\n" * head.count("\n") + text.removeprefix("\N{BYTE ORDER MARK}"))
        problems = tuple(note.problems)
    title = escape(matter.title or title_of(source.file), quote=False)
    page = (
        f'<!doctype html>\n<html>\n<head><meta charset="utf-8"><title>{title}</title></head>\n<body>\n{body}</body>\n'
    )
    return f"{page}</html>\n", problems


@cache
def _parser() -> MarkdownIt:
    """Return a parser for Markdown as notes have it."""
    md = MarkdownIt("commonmark", {"maxNesting": DEEPEST, "xhtmlOut": False, "tasklists": True}, renderer_cls=_Renderer)
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, move_to_end=False)
    md.use(deflist_plugin)
    md.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    add_block_rules(md)
    add_place_rule(md)
    add_inline_rules(md)
    return md


class _Renderer(RendererHTML):
    """Writes tokens as HTML."""

    def fence(
        self,
        tokens: Sequence[Token],
        idx: int,
        options: OptionsDict,  # noqa: ARG002 - markdown-it's signature
        env: EnvType,  # noqa: ARG002 - markdown-it's signature
    ) -> str:
        """Write a block of code, or a Mermaid diagram."""
        token = tokens[idx]
        code = escape(token.content, quote=False)
        if token.info.lower() == "mermaid":
            return f"<pre{self.renderAttrs(token)}>\n{code}</pre>\n"
        language = f' class="language-{escape(token.info)}"' if token.info else ""
        return f"<pre{self.renderAttrs(token)}><code{language}>{code}</code></pre>\n"


@dataclass(frozen=True, slots=True)
class _Note:
    """A note while it is read, and what is found wrong with it."""

    source: SourceText
    resolve: Lookup
    read: Lookup
    problems: list[Problem]
    by_place: bool
    footnotes: dict[int, dict[str, Any]] = field(default_factory=dict)

    def html(self, text: str) -> str:
        """Return the text as HTML, without the page around it."""
        md = _parser()
        env: dict[str, Any] = {"footnotes": {"list": self.footnotes}}
        if self.by_place:
            env["places"] = self.source
        tokens = list(self._blocks(md.parse(text, env)))
        tokens = footnotes.at_sections_end(tokens, self.footnotes)
        self._show_tables(tokens)
        for token in tokens:
            if token.map and token.nesting >= 0 and token.type not in {"inline", "html_block"}:
                token.attrs["data-line"] = token.map[0] + 1
        return str(md.renderer.render(tokens, md.options, env))

    def _report(self, code: Code, line: int, message: str, hint: str, *, at: str = "") -> None:
        """Report a problem on a line, or at a text that stands on it or soon after."""
        start = self.source.starts[min(line, len(self.source.starts)) - 1]
        found = self.source.text.find(at, start) if at else -1
        span = self.source.span(start, 200) if found < 0 else self.source.span(found, len(at))
        self.problems.append(Problem(code, span, message, hint))

    # Blocks

    def _blocks(self, tokens: list[Token]) -> Iterator[Token]:
        """Yield blocks such as HTML has."""
        line = 1
        for token in tokens:
            line = token.map[0] + 1 if token.map else line
            match token.type:
                case "inline" | "brackets":
                    token.children = self._inlines(token, line)
                    token.type = "inline"
                    _divide_lines(token)
                case "fence":
                    _find_language(token)
                case "html_block":
                    token.content = self._raw(token.content, line)
                case "tr_open" if token.meta["excess"]:
                    hint = r"write a bar within a cell as \|, or give the table one more column"
                    self._report(Code.RAGGED_ROW, line, f'no column for "{token.meta["excess"]}"', hint)
                case _ if token.type in _CONTAINERS and token.level >= DEEPEST - 1:
                    hint = f"{DEEPEST // 2} lists or {DEEPEST} quotes within each other are read"
                    self._report(Code.BROKEN_TAGS, line, "lists or quotes nested too deep", hint)
            if token.type == "math_block":
                yield from _paragraph(token)
            else:
                yield token

    def _raw(self, text: str, line: int) -> str:
        fragment = rawhtml.Fragment(text, line)
        for where, what in fragment.unclosed:
            self._report(Code.BROKEN_TAGS, where, f"{what} is never closed", "close it where it ends")
        return fragment.html

    def _show_tables(self, tokens: list[Token]) -> None:
        """Put Notion's tables in place of paragraphs that only link to their files."""
        for opening, text, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
            name, caption = _linked_table(text) if opening.type == "paragraph_open" else ("", "")
            made = self._table(name, caption, opening.map[0] + 1) if name and opening.map else None
            if made is not None:
                text.type, text.content = "html_block", made
                opening.hidden = closing.hidden = True

    def _table(self, name: str, caption: str, line: int) -> str | None:
        text = self.read(name)
        if text is None or len(text) > LONGEST:
            hint = f"put the file, of {LONGEST:,} characters at most, where the link leads"
            self._report(Code.BROKEN_LINK, line, f'no table "{name}"', hint, at="[")
            return None
        try:
            return _table(text.removeprefix("\N{BYTE ORDER MARK}"), caption, line)
        except csv.Error as error:
            self._report(Code.UNREADABLE, line, f'"{name}" is no table: {error}', "export it again as CSV", at="[")
            return None

    # Text within blocks

    def _inlines(self, block: Token, line: int) -> list[Token]:
        """Return the text of a block as HTML has it."""
        children = block.children or []
        if block.type == "brackets":
            hint = r"write \[ for one that is no link's"
            self._report(Code.BROKEN_TAGS, line, "brackets nested too deep", hint, at="[")
            return [_text(block.content)]
        if any(child.level > DEEPEST for child in children):
            hint = f"{DEEPEST} of bold, italics, marks and links within each other are read"
            self._report(Code.BROKEN_TAGS, line, "styled text nested too deep", hint)
            return [_text(block.content)]
        unclosed = rawhtml.unclosed([child.content if child.type == "html_inline" else "" for child in children])
        made: list[Token] = []
        for place, child in enumerate(children):
            if name := unclosed.get(place):
                hint = f"add </{name}> where it ends"
                self._report(Code.BROKEN_TAGS, line, f"<{name}> is never closed", hint, at=child.content)
            found = [_text(child.content)] if name else list(self._inline(child, line))
            made += found
            line += sum(map(_line_breaks, found))
        if block.meta.get("strong"):
            return [Token("strong_open", "strong", 1), *made, Token("strong_close", "strong", -1)]
        return made

    def _inline(self, token: Token, line: int) -> Iterator[Token]:
        match token.type:
            case "html_inline":
                token.content = rawhtml.inline(token.content)
            case "math_inline" | "math_inline_double":
                token = _text(f"{token.markup}{token.content}{token.markup}")
            case "footnote_ref":
                note = self.footnotes[token.meta["id"]]
                breaks = rawhtml.breaks(note.get("content", ""))
                # A footnote in the text itself is read where it stands.
                if "content" in note and "map" not in note:
                    note["map"] = [line - 1, line]
                    whole = Token("inline", "", 0, content=note["content"], children=note["tokens"])
                    note["tokens"] = self._inlines(whole, line)
                token = footnotes.reference(token.meta["id"], breaks)
            case "image":
                token.children = self._inlines(token, line)
                if token.children and token.children[-1].type == "text":
                    token.children[-1].content = _WIDTH.sub("", token.children[-1].content)
            case "wiki_link" | "wiki_embed":
                yield from self._wiki(token, line)
                return
        yield token

    def _wiki(self, token: Token, line: int) -> Iterator[Token]:
        name, place, says = token.meta["name"], token.meta["place"], token.meta["text"]
        address = self.resolve(name) if name else ""
        is_embedded, is_picture = token.type == "wiki_embed", bool(_PICTURE.search(name))
        # The width may stand alone there.
        says = _WIDTH.sub("", f"|{says}").removeprefix("|") if is_picture else says
        shown = _text(says or _called(name if address is None else bare_name(name), place))
        if is_embedded and address is None:
            hint = "put the file into the folder, or remove the line"
            self._report(Code.BROKEN_LINK, line, f'no file "{name}" to show here', hint, at=token.content)
        if address is None:
            yield shown
        elif is_embedded and is_picture:
            alt = says or _PICTURE.sub("", bare_name(name))
            yield Token("picture", "img", 0, attrs={"src": _quoted(address), "alt": alt})
        else:
            yield Token("link_open", "a", 1, attrs={"href": f"{_quoted(address)}{_fragment(place)}"})
            yield shown
            yield Token("link_close", "a", -1)


def _divide_lines(text: Token) -> None:
    """Keep lines apart of which each says what a property is, or begins with a date."""
    lines = text.content.split("\n")
    if len(lines) > 1 and (all(map(_PROPERTY.match, lines)) or all(map(DATE.match, lines))):
        for child in text.children or ():
            if child.type == "softbreak":
                child.type, child.tag = "hardbreak", "br"


def _line_breaks(token: Token) -> int:
    """Return how many line breaks of the source a token stands for."""
    if token.children:
        return sum(map(_line_breaks, token.children))
    return token.content.count("\n") + (token.type in {"softbreak", "hardbreak"})


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _called(name: str, place: str) -> str:
    """Return what a wiki link shows that says no text of its own."""
    heading = "" if place.startswith("^") else place.replace("#", " > ")
    return " > ".join(filter(None, [name, heading])) or place


def _quoted(address: str) -> str:
    # File names need not be UTF-8.
    return quote(address, errors="surrogateescape")


def _fragment(place: str) -> str:
    """Return the end of an address for a heading, the last of several, or for the ^id of a block."""
    if not place:
        return ""
    return f"#{_quoted(place[1:] if place.startswith('^') else place_of(place.rpartition('#')[2]))}"


def _find_language(fence: Token) -> None:
    """Leave the language alone in what stands behind ```, of forms such as ```js {#id} and ```{.python .wide}."""
    named, brace, braced = fence.info.partition("{")
    found = read_attributes(brace + braced, 0)
    given = dict(found[1]) if found else {}
    classes = str(given.pop("class", "")).split()
    if not named.strip():
        named, classes = (classes[0], classes[1:]) if classes else (braced, [])
    fence.info = re.split(r"[\s,}]", named.strip(), maxsplit=1)[0].lstrip(".")
    if fence.info.lower() == "mermaid":
        classes.insert(0, "mermaid")
    fence.attrs |= given | ({"class": " ".join(classes)} if classes else {})


def _paragraph(block: Token) -> list[Token]:
    """Return a block of math as a paragraph, as it is written."""
    text = _text(f"{block.markup}{block.content}{block.markup}")
    return [
        Token("paragraph_open", "p", 1, block=True, map=block.map, attrs=block.attrs),
        Token("inline", "", 0, children=[text]),
        Token("paragraph_close", "p", -1, block=True),
    ]


def _linked_table(text: Token) -> tuple[str, str]:
    """Return the name and the caption of a table's file, where a text is nothing but a link to one."""
    children = text.children or []
    if [child.type for child in children] != ["link_open", "text", "link_close"]:
        return "", ""
    name = unquote(str(children[0].attrs["href"]))
    return (name, bare_name(children[1].content)) if name.lower().endswith(".csv") else ("", "")


def _table(text: str, caption: str, line: int) -> str:
    """Return a table in CSV as HTML; raise csv.Error if it is none."""
    head, *body = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)] or [[]]
    rows = "".join(f"{_row('td', row, line)}\n" for row in body)
    return (
        f'<table data-line="{line}"><caption>{escape(caption, quote=False)}</caption>\n'
        f"<thead>\n{_row('th', head, line)}\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )


def _row(cell: str, texts: list[str], line: int) -> str:
    cells = "".join(f"<{cell}>{escape(text.strip(), quote=False)}</{cell}>" for text in texts)
    return f'<tr data-line="{line}">{cells}</tr>'
