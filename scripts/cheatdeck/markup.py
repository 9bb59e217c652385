"""Model -> HTML, as far as the sheet and the cards agree; each renderer overrides what it does otherwise."""

from functools import singledispatchmethod
from urllib.parse import quote

from markupsafe import Markup, escape
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

from cheatdeck import model
from cheatdeck.model import Block, Inline, Look, plain

# What an address may have as it is: what Anki would interpret is left out, and written as %5B and the like.
_IN_ADDRESSES = "%/:?#@!$&'()*+,;=~"


class Html:
    """Renders blocks and inline content as HTML fragments."""

    def text(self, text: str) -> Markup:
        """Render plain text."""
        return escape(text)

    def prose(self, text: str) -> Markup:
        """Render plain text where elements may stand in it."""
        return self.text(text)

    def attribute(self, text: str) -> Markup:
        """Render plain text as the value of an attribute."""
        return escape(text)

    # Inline content

    def inline(self, content: tuple[Inline, ...]) -> Markup:
        """Render inline content."""
        return Markup("").join(self.one(part) for part in content)

    @singledispatchmethod
    def one(self, part: Inline) -> Markup:
        """Render one inline node."""
        raise TypeError(part)

    @one.register
    def _(self, part: model.Text) -> Markup:
        return self.prose(part.text)

    @one.register
    def _(self, _: model.Break) -> Markup:
        return Markup("<br>")

    @one.register
    def _(self, part: model.Styled) -> Markup:
        title = Markup(' title="{}"').format(self.attribute(part.title)) if part.title else ""
        return Markup("<{0}{1}>{2}</{0}>").format(Markup(part.tag), title, self.inline(part.children))

    @one.register
    def _(self, part: model.Mark) -> Markup:
        return self.mark(part)

    @one.register
    def _(self, part: model.Term) -> Markup:
        return Markup("<dfn>{}</dfn>").format(self.inline(part.children))

    @one.register
    def _(self, part: model.LimitRef) -> Markup:
        return self.limit(part)

    @one.register
    def _(self, part: model.Link) -> Markup:
        return self.link(part)

    @one.register
    def _(self, part: model.WebLink) -> Markup:
        return self.web_link(part)

    @one.register
    def _(self, part: model.Old) -> Markup:
        return Markup('<span class="old">{} in older questions</span>,').format(self.inline(part.children))

    @one.register
    def _(self, part: model.New) -> Markup:
        shape = Markup('<span class="new"><b>{}</b> since {}</span>')
        return shape.format(self.inline(part.children), month(part.since))

    @one.register
    def _(self, part: model.Result) -> Markup:
        return Markup("<b>{}</b>").format(self.inline(part.children))

    @one.register
    def _(self, part: model.Value) -> Markup:
        return Markup('<b class="limit">{}</b>').format(self.text(part.text))

    def mark(self, part: model.Mark) -> Markup:
        """Render the words that a card asks for."""
        return Markup("<b>{}</b>").format(self.inline(part.children))

    def limit(self, part: model.LimitRef) -> Markup:
        """Render a limit's value in running text."""
        return Markup('<b class="limit">{}</b>').format(self.inline(part.children))

    def link(self, part: model.Link) -> Markup:
        """Render a link to another place in the notebook."""
        return self.inline(part.children)

    def web_link(self, part: model.WebLink) -> Markup:
        """Render a link to a page of the web."""
        return Markup('<a href="{}">{}</a>').format(self.address(part.address), self.inline(part.children))

    def address(self, address: str) -> Markup:
        """Render an address of the web as the value of an attribute; in a deletion, two colons would begin a hint."""
        return escape(quote(address, safe=_IN_ADDRESSES).replace("::", ":%3A"))

    # Blocks

    def blocks(self, content: tuple[Block, ...]) -> Markup:
        """Render blocks one after the other."""
        return Markup("\n").join(self.block(part) for part in content)

    @singledispatchmethod
    def block(self, part: Block) -> Markup:
        """Render one block."""
        raise TypeError(part)

    @block.register
    def _(self, part: model.Paragraph) -> Markup:
        return Markup("<p{}>{}</p>").format(self.anchor(part.key), self.inline(part.content))

    @block.register
    def _(self, part: model.Remember) -> Markup:
        return Markup('<p class="remember">{}</p>').format(self.inline(part.content))

    @block.register
    def _(self, part: model.ItemList) -> Markup:
        items = Markup("").join(
            Markup("<li{}>{}{}</li>").format(self.anchor(item.key), self.inline(item.content), self.blocks(item.nested))
            for item in part.items
        )
        start = Markup(' start="{}"').format(part.start) if part.ordered and part.start != 1 else ""
        return Markup("<{0}{1}>{2}</{0}>").format(Markup("ol" if part.ordered else "ul"), start, items)

    @block.register
    def _(self, part: model.QuestionList) -> Markup:
        return Markup('<dl class="questions">{}</dl>').format(self.blocks(part.questions))

    @block.register
    def _(self, part: model.Question) -> Markup:
        question = self.inline(part.question)
        if part.look is Look.LISTED:
            return self.listed(part.key, question, self.answer(part.answer))
        box = Markup('<div class="box {}"{}><p class="ask">{}</p>{}</div>')
        return box.format(part.look, self.anchor(part.key), question, self.blocks(part.answer))

    def listed(self, key: str, question: Markup, answer: Markup) -> Markup:
        """Render a question and its answer in a list of them."""
        return Markup("<div{}><dt>{}</dt><dd>{}</dd></div>").format(self.anchor(key), question, answer)

    def answer(self, content: tuple[Block, ...]) -> Markup:
        """Render an answer; one that is a single paragraph goes without the <p> around it."""
        match content:
            case (model.Paragraph(key="", content=only),):
                return self.inline(only)
            case _:
                return self.blocks(content)

    @block.register
    def _(self, part: model.Table) -> Markup:
        caption = Markup("<caption>{}</caption>").format(self.inline(part.caption)) if plain(part.caption) else ""
        shape = Markup('<div class="{}"><table>{}<thead>{}</thead><tbody>{}</tbody></table></div>')
        return shape.format(self.table_class(part), caption, self._rows(part.head, "col"), self._rows(part.body, "row"))

    def table_class(self, part: model.Table) -> str:  # noqa: ARG002 - for those whose columns are narrow
        """Return the class of what a table stands in."""
        return "table"

    def _rows(self, rows: tuple[model.Row, ...], scope: str) -> Markup:
        cells = (Markup("").join(self._cell(cell, scope) for cell in row.cells) for row in rows)
        shape = Markup("<tr{}>{}</tr>")
        return Markup("").join(
            shape.format(self.anchor(row.key), inner) for row, inner in zip(rows, cells, strict=True)
        )

    def _cell(self, cell: model.Cell, scope: str) -> Markup:
        content = self.inline(cell.content)
        if cell.header:
            return Markup('<th scope="{}">{}</th>').format(scope, content)
        return Markup("<td>{}</td>").format(content)

    @block.register
    def _(self, part: model.Code) -> Markup:
        lexer = get_lexer_by_name(part.language or "text", stripnl=False, ensurenl=False)
        tokens = Markup("").join(
            Markup('<span class="{}">{}</span>').format(name, self.text(value))
            if (name := STANDARD_TYPES.get(kind, ""))
            else self.text(value)
            for kind, value in lexer.get_tokens(part.text)
        )
        return Markup('<pre class="code"><code>{}</code></pre>').format(tokens)

    @block.register
    def _(self, part: model.Diagram) -> Markup:
        return self.diagram(part)

    def diagram(self, part: model.Diagram) -> Markup:
        """Render a diagram."""
        raise NotImplementedError

    @block.register
    def _(self, part: model.Image) -> Markup:
        return self.image(part)

    def image(self, part: model.Image) -> Markup:
        """Render a picture that came with the notes."""
        raise NotImplementedError

    @block.register
    def _(self, part: model.Quote) -> Markup:
        return Markup("<blockquote>{}</blockquote>").format(self.blocks(part.content))

    def anchor(self, key: str) -> Markup:
        """Render the attribute that makes a key a place to link to."""
        return Markup(' id="{}"').format(key) if key else Markup("")


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def month(since: str) -> str:
    """Return a year, or a month of a year, as people write it: August 2025 for 2025-08."""
    year, _, number = since.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}" if number else year
