"""HTML -> Section tree, with the place of everything kept.

The vocabulary is closed: what is not in it is a problem, never dropped in silence. Elements that may
stand in a place are named where that place is read.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count

from bs4.element import NavigableString, PageElement, Tag
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

from cheatdeck import model
from cheatdeck.model import Block, Inline, Look, Section, Span
from cheatdeck.page import BLOCKS, HEADINGS, INLINE, Page, attribute, meaningful, mixed_children
from cheatdeck.problems import Code, Problem
from cheatdeck.slices import MOST_CLOZES, trimmed
from cheatdeck.source import SourceText

# Of deeper ones, columns of the sheet have nothing left, and WeasyPrint 70 takes seconds for each.
_DEEPEST_LIST = 8
_MONTH = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_ACCESSIBLE_DESCRIPTION = re.compile(r"^\s*accDescr\s*:\s*(.+?)\s*$", re.MULTILINE)


# While notes are written, one chapter changes, and is read again with all the others.
@lru_cache(maxsize=256)
def parse_chapter(source: SourceText, number: int) -> tuple[Section | None, tuple[Problem, ...]]:
    """Read a chapter's HTML; `number` is the chapter's.

    Returns the chapter, as far as it can be read, and all problems of its markup. There is no
    chapter where there is no <article>.
    """
    page = Page(source)
    chapter = _Reader(page).chapter(number)
    if chapter is None and not page.problems:
        hint = "put the chapter into <html><body><article id=…>"
        page.problems.append(Problem(Code.MISPLACED, source.span(0), "the file has no <article>", hint))
    return chapter, tuple(page.problems)


class _Reader:
    """Reads the chapter of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._cloze_numbers: dict[int, int] = {}

    # The page and its sections

    def chapter(self, number: int) -> Section | None:
        articles = []
        for html in self._page.children(self._page.soup, {"html"}):
            for part in self._page.children(html, {"head", "body"}):
                if part.name == "head":
                    list(self._page.children(part, {"meta", "title", "link"}))
                else:
                    articles += list(self._page.children(part, {"article"}))
        for article in articles[1:]:
            self._page.report(Code.MISPLACED, article, "a second <article>", "give each chapter a file of its own")
        return self._section(articles[0], (number,)) if articles else None

    def _section(self, tag: Tag, number: tuple[int, ...]) -> Section:
        level = len(number)
        heading = f"h{level}"
        allowed = {*HEADINGS, *BLOCKS, "footer", "section"}
        content: list[Block] = []
        sources: list[model.Source] = []
        sections: list[Section] = []
        title: tuple[Inline, ...] = ()
        for position, child in enumerate(self._page.children(tag, allowed)):
            if child.name in HEADINGS:
                if position == 0 and child.name == heading:
                    title = self._content(child)
                else:
                    self._refuse_heading(child, tag, heading, is_first=position == 0)
            elif child.name == "section":
                sections.append(self._section(child, (*number, len(sections) + 1)))
            elif sections:
                self._page.report(Code.MISPLACED, child, f"<{child.name}> stands after a nested <section>",
                             "a section's own content comes before the sections within it")  # fmt: skip
            elif child.name == "footer":
                sources += self._sources(child)
            else:
                content.append(self._block(child))
        for late in (block for block in content[1:] if isinstance(block, model.Remember)):
            hint = "put it right below the <h1>, and only one"
            self._page.problems.append(Problem(Code.MISPLACED, late.span, "a remember line in the wrong place", hint))
        self._check_title(tag, title, level)
        tasks = tuple(attribute(tag, "data-tasks").split())
        return Section(
            self._page.key(tag),
            number,
            title,
            tasks,
            tuple(content),
            tuple(sources),
            tuple(sections),
            self._page.span(tag),
        )

    def _refuse_heading(self, child: Tag, tag: Tag, heading: str, *, is_first: bool) -> None:
        if is_first:
            hint = f"headings go down one level at a time; at this depth it is <{heading}>"
            self._page.report(Code.HEADING_LEVEL, child, f"<{child.name}> where <{heading}> is due", hint)
        else:
            hint = "a section has one heading, at its start; give this one a <section> of its own"
            self._page.report(Code.HEADING_LEVEL, child, f"a second heading in one <{tag.name}>", hint)

    def _check_title(self, tag: Tag, title: tuple[Inline, ...], level: int) -> None:
        if level > len(HEADINGS):
            self._page.report(Code.HEADING_LEVEL, tag, "a section nested too deep", "headings go down to <h4>")
        elif not model.plain(title).strip() and tag.find(HEADINGS, recursive=False) is None:
            hint = f"begin it with <h{level}>"
            self._page.report(Code.HEADING_LEVEL, tag, f"<{tag.name}> has no heading", hint)
        elif (found := tag.find(f"h{level}", recursive=False)) and not found.get_text().strip():
            self._page.report(Code.HEADING_LEVEL, found, "a heading without text", "give the section a title")

    def _sources(self, footer: Tag) -> Iterator[model.Source]:
        for link in self._page.children(footer, {"a"}):
            address = attribute(link, "href")
            if attribute(link, "rel") == "external" and address.startswith("https://"):
                yield model.Source(model.plain(self._content(link)), address, self._page.span(link))
            else:
                hint = 'write <a rel="external" href="https://…">title of the page</a>'
                self._page.report(Code.MISPLACED, link, "a <footer> holds sources only", hint)

    # Blocks

    def _block(self, tag: Tag) -> Block:
        readers: dict[str, Callable[[Tag], Block]] = {
            "p": self._paragraph,
            "ul": self._list,
            "ol": self._list,
            "dl": self._question_list,
            "details": self._question_box,
            "table": self._table,
            "pre": self._code,
            "figure": self._diagram,
        }
        return readers[tag.name](tag)

    def _paragraph(self, tag: Tag) -> model.Paragraph | model.Remember:
        if self._page.has_class(tag, "remember", 'a <p> may have class="remember", and only at a chapter\'s head'):
            if tag.parent is None or tag.parent.name != "article" or "id" in tag.attrs:
                hint = "put it right below the chapter's <h1>, without an id: it makes no card"
                self._page.report(Code.MISPLACED, tag, "a remember line in the wrong place", hint)
            return model.Remember(self._content(tag), self._page.span(tag))
        return model.Paragraph(self._page.key(tag), self._content(tag, marks=True), self._page.span(tag))

    def _list(self, tag: Tag) -> model.ItemList:
        if len(tag.find_parents(["ul", "ol"])) == _DEEPEST_LIST:
            hint = "make sections of the outer ones"
            self._page.report(Code.MISPLACED, tag, f"lists within more than {_DEEPEST_LIST} others", hint)
        items = tuple(self._item(item) for item in self._page.children(tag, {"li"}))
        return model.ItemList(tag.name == "ol", items, self._page.span(tag))

    def _item(self, tag: Tag) -> model.Item:
        content, nested = self._mixed(tag, {"ul", "ol", "pre", "table"}, marks=True)
        return model.Item(self._page.key(tag), content, nested, self._page.span(tag))

    def _question_list(self, tag: Tag) -> model.QuestionList:
        groups = self._page.children(tag, {"div"})
        return model.QuestionList(tuple(self._question(group) for group in groups), self._page.span(tag))

    def _question(self, tag: Tag) -> model.Question:
        question: tuple[Inline, ...] = ()
        answer: tuple[Block, ...] = ()
        for position, child in enumerate(self._page.children(tag, {"dt", "dd"})):
            if (position, child.name) == (0, "dt"):
                question = self._content(child)
            elif (position, child.name) == (1, "dd"):
                answer = self._answer(child, mixed_children(child))
            else:
                hint = "write one <dt> with the question, then one <dd> with the answer"
                self._page.report(Code.MISPLACED, child, f"<{child.name}> out of order", hint)
        return model.Question(self._page.key(tag), question, answer, Look.LISTED, self._page.span(tag))

    def _question_box(self, tag: Tag) -> model.Question:
        children = meaningful(tag)
        question: tuple[Inline, ...] = ()
        summary = children[0] if children else None
        if isinstance(summary, Tag) and summary.name == "summary":
            self._page.check_attributes(summary)
            question = self._content(summary)
            del children[0]
        example = self._page.has_class(tag, "example", 'a <details> may have class="example", for worked examples')
        look = Look.EXAMPLE if example else Look.BOXED
        answer = self._answer(tag, children)
        return model.Question(self._page.key(tag), question, answer, look, self._page.span(tag))

    def _answer(self, tag: Tag, children: list[PageElement]) -> tuple[Block, ...]:
        content, nested = self._split(tag, children, BLOCKS - {"details", "dl"}, marks=False)
        text = (model.Paragraph("", content, self._page.span(tag)),) if content else ()
        return (*text, *nested)

    def _table(self, tag: Tag) -> model.Table:
        comparison = self._page.has_class(tag, "comparison", 'a <table> may have class="comparison"')
        caption: tuple[Inline, ...] = ()
        rows: dict[str, list[model.Row]] = {"thead": [], "tbody": []}
        for part in self._page.children(tag, {"caption", "thead", "tbody"}):
            if part.name == "caption" and caption:
                self._page.report(Code.MISPLACED, part, "a second <caption>", "a table has one caption")
            elif part.name == "caption":
                caption = self._content(part)
            else:
                rows[part.name] += [self._row(row) for row in self._page.children(part, {"tr"})]
        for row in rows["thead"]:
            if row.key:
                hint = "give the id to a row of the <tbody>"
                self._page.problems.append(Problem(Code.MISPLACED, row.span, "a row of headings makes no card", hint))
        return model.Table(caption, comparison, tuple(rows["thead"]), tuple(rows["tbody"]), self._page.span(tag))

    def _row(self, tag: Tag) -> model.Row:
        cells = tuple(
            model.Cell(cell.name == "th", self._content(cell), self._page.span(cell))
            for cell in self._page.children(tag, {"th", "td"})
        )
        return model.Row(self._page.key(tag), cells, self._page.span(tag))

    def _code(self, tag: Tag) -> model.Code:
        self._class_name(tag, "")
        codes = list(self._page.children(tag, {"code"}))
        for code in codes[1:]:
            self._page.report(Code.MISPLACED, code, "a second <code> in one <pre>", "give it a <pre> of its own")
        if not codes:
            self._page.report(Code.MISPLACED, tag, "<pre> without <code>", "write <pre><code>…</code></pre>")
            return model.Code("", "", self._page.span(tag))
        for part in codes[0].find_all(recursive=True):
            self._page.refuse(part, codes[0], ())
        language = self._class_name(codes[0], "language-")
        text = "".join(str(node) for node in codes[0].descendants if type(node) is NavigableString)
        return model.Code(language, text.strip("\n"), self._page.span(tag))

    def _class_name(self, tag: Tag, prefix: str) -> str:
        """Return the language of a class attribute such as language-json; any other class is a problem."""
        if "class" not in tag.attrs:
            return ""
        name = attribute(tag, "class")
        if prefix and name.startswith(prefix) and is_language(name.removeprefix(prefix)):
            return name.removeprefix(prefix)
        hint = "on <code> it is language-json, language-yaml, …; on <pre> it is mermaid, in a <figure>"
        self._page.report_attribute(Code.UNKNOWN_ATTRIBUTE, tag, "class", f'unknown class "{name}"', hint)
        return ""

    def _diagram(self, tag: Tag) -> model.Diagram:
        is_wide = self._page.has_class(tag, "wide", 'a <figure> may have class="wide", to stand across the columns')
        source, source_span = "", self._page.span(tag)
        caption: tuple[Inline, ...] = ()
        children = list(self._page.children(tag, {"pre", "figcaption"}))
        for child in children:
            if child.name == "figcaption":
                caption = self._content(child)
            elif attribute(child, "class") == "mermaid":
                source, source_span = self._mermaid(child), self._page.span(child)
            else:
                self._class_name(child, "")
        if [child.name for child in children] != ["pre", "figcaption"] or not source.strip():
            hint = 'write <figure id=…><pre class="mermaid">…</pre><figcaption>…</figcaption></figure>'
            self._page.report(Code.MISPLACED, tag, "a <figure> holds one diagram and one caption", hint)
        described = _ACCESSIBLE_DESCRIPTION.search(source)
        description = described[1] if described else model.plain(caption)
        return model.Diagram(
            self._page.key(tag), source, caption, description, self._page.span(tag), source_span, is_wide
        )  # fmt: skip

    def _mermaid(self, tag: Tag) -> str:
        """Return a diagram's source; a line break in a label may be an element of the page."""
        parts = []
        for node in mixed_children(tag):
            if not isinstance(node, Tag):
                parts.append(str(node))
            elif node.name == "br":
                parts.append("<br/>")
            else:
                self._page.refuse(node, tag, {"br"})
        return "".join(parts)

    # Inline content

    def _mixed(self, tag: Tag, allowed: set[str], *, marks: bool) -> tuple[tuple[Inline, ...], tuple[Block, ...]]:
        return self._split(tag, mixed_children(tag), allowed, marks=marks)

    def _split(
        self, tag: Tag, children: list[PageElement], allowed: set[str], *, marks: bool
    ) -> tuple[tuple[Inline, ...], tuple[Block, ...]]:
        """Read text followed by blocks."""
        first = next((i for i, node in enumerate(children) if _is_block(node)), len(children))
        content = self._inlines(tag, children[:first], marks=marks)
        nested = []
        for node in children[first:]:
            if isinstance(node, Tag) and node.name in allowed:
                self._page.check_attributes(node)
                nested.append(self._block(node))
            elif isinstance(node, Tag) or str(node).strip():
                self._page.refuse(node, tag, allowed)
        return content, tuple(nested)

    def _content(self, tag: Tag, *, marks: bool = False) -> tuple[Inline, ...]:
        return self._inlines(tag, mixed_children(tag), marks=marks)

    def _inlines(self, tag: Tag, children: list[PageElement], *, marks: bool) -> tuple[Inline, ...]:
        if marks:
            self._number_marks(children)
        allowed = INLINE if marks else INLINE - {"mark"}
        return trimmed([inline for node in children for inline in self._inline(node, tag, allowed)])

    def _inline(self, node: PageElement, parent: Tag, allowed: set[str]) -> Iterator[Inline]:
        if not isinstance(node, Tag):
            yield model.Text(_SPACE.sub(" ", str(node)), self._page.span(node))
            return
        if node.name not in allowed:
            self._page.refuse(node, parent, allowed)
            return
        self._page.check_attributes(node)
        span = self._page.span(node)
        if node.name == "br":
            yield model.Break(span)
            return
        children = tuple(part for child in mixed_children(node) for part in self._inline(child, node, allowed))
        yield from self._element(node, children, span)

    def _element(self, node: Tag, children: tuple[Inline, ...], span: Span) -> Iterator[Inline]:
        match node.name:
            case "mark":
                yield model.Mark(self._cloze_numbers[id(node)], children, span, "data-cloze" in node.attrs)
            case "dfn":
                yield model.Term(children, span, attribute(node, "title"))
            case "data":
                yield model.LimitRef(attribute(node, "value"), children, span)
            case "del":
                yield model.Old(children, span)
            case "ins":
                yield self._new(node, children, span)
            case "output":
                yield model.Result(attribute(node, "data-calc"), children, span)
            case "a":
                yield from self._link(node, children, span)
            case _:
                if "class" in node.attrs:
                    self._class_name(node, "")
                yield model.Styled(node.name, children, span, attribute(node, "title"))

    def _new(self, node: Tag, children: tuple[Inline, ...], span: Span) -> model.New:
        since, cite = attribute(node, "datetime"), attribute(node, "cite")
        if not _MONTH.fullmatch(since):
            hint = 'say since when: <ins datetime="2025-08">, or the year alone'
            self._page.report(Code.UNDATED, node, "a change without its date", hint)
            since = ""
        if cite and not cite.startswith("https://"):
            hint = "cite an https:// address, or none"
            self._page.report_attribute(Code.UNKNOWN_ATTRIBUTE, node, "cite", f'"{cite}" is no source', hint)
        return model.New(children, span, since, cite)

    def _link(self, node: Tag, children: tuple[Inline, ...], span: Span) -> Iterator[Inline]:
        file, hash_mark, key = attribute(node, "href").partition("#")
        if "rel" in node.attrs or not hash_mark or "/" in file or ":" in file:
            hint = 'link to an id of the notebook ("#id", "17-sqs.html#id"); an outside source goes into the <footer>'
            self._page.report(Code.MISPLACED, node, "a link out of the notebook stands in the text", hint)
            yield from children
        else:
            yield model.Link(file, key, children, span)

    def _number_marks(self, children: list[PageElement]) -> None:
        """Give every mark its number: its own `data-cloze`, or else the next that no mark of the note has."""
        inline = [node for node in children if isinstance(node, Tag)]
        marks = [mark for tag in inline for mark in (tag, *tag.find_all("mark")) if mark.name == "mark"]
        given = {id(mark): self._given_number(mark) for mark in marks if "data-cloze" in mark.attrs}
        taken = set(given.values())
        free = (number for number in count(1) if number not in taken)
        for mark in marks:
            number = self._cloze_numbers[id(mark)] = given.get(id(mark)) or next(free)
            if number == MOST_CLOZES + 1:
                hint = "make several notes of it: Anki makes no cards of the rest"
                self._page.report(Code.CLOZE_NUMBER, mark, f"more than {MOST_CLOZES} deletions", hint)

    def _given_number(self, mark: Tag) -> int:
        value = attribute(mark, "data-cloze")
        if re.fullmatch("[1-9][0-9]{0,2}", value) and int(value) <= MOST_CLOZES:
            return int(value)
        hint = f'number deletions from 1 to {MOST_CLOZES}: <mark data-cloze="1">'
        self._page.report_attribute(Code.CLOZE_NUMBER, mark, "data-cloze", f'"{value}" is no cloze number', hint)
        return 0


def _is_block(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name in BLOCKS


def is_language(name: str) -> bool:
    """Tell whether Pygments knows a language by this name."""
    try:
        find_lexer_class_by_name(name)
    except ClassNotFound:
        return False
    return True
