"""Chapters as the parser reads them: content in the model, each part at its place."""

from cheatdeck import model
from cheatdeck.model import Section, Span
from cheatdeck.parse import parse_chapter
from cheatdeck.source import SourceText
from notes import page

FIRST_LINE = 5


def chapter(body: str, number: int = 1) -> Section:
    section, problems = parse_chapter(SourceText.of("f.html", page(body)), number)
    assert problems == ()
    assert section is not None
    return section


def only_block(body: str) -> model.Block:
    (block,) = chapter(body).blocks
    return block


def test_sections_are_numbered_by_their_place() -> None:
    body = """<section id="a"><h2>A</h2>
<section id="b"><h3>B</h3></section><section id="c"><h3>C</h3></section></section>
<section id="d" data-tasks="1.1 1.2"><h2>D <code>x</code></h2></section>"""
    found = [(s.label, s.key, model.plain(s.title), s.tasks) for s in chapter(body, 17).walk()]
    assert found == [
        ("17", "one", "One", ("1.1",)),
        ("17.1", "a", "A", ()),
        ("17.1.1", "b", "B", ()),
        ("17.1.2", "c", "C", ()),
        ("17.2", "d", "D x", ("1.1", "1.2")),
    ]


def test_every_part_knows_its_place() -> None:
    block = only_block('<p id="a">See\n  <mark>this &amp; <code>that</code></mark></p>')
    assert isinstance(block, model.Paragraph)
    text, mark = block.content
    assert block.span == Span("f.html", FIRST_LINE, 1, len('<p id="a">'))
    assert text == model.Text("See ", Span("f.html", FIRST_LINE, 11, 3))
    assert isinstance(mark, model.Mark)
    assert mark.span == Span("f.html", FIRST_LINE + 1, 3, len("<mark>"))
    words, code = mark.children
    assert words == model.Text("this & ", Span("f.html", FIRST_LINE + 1, 9, len("this &")))
    assert code.span == Span("f.html", FIRST_LINE + 1, 20, len("<code>"))


def test_white_space_is_folded_but_not_in_code() -> None:
    paragraph = only_block("<p>\n  two\n  words <em>and\ttwo</em>\n</p>")
    assert isinstance(paragraph, model.Paragraph)
    assert model.plain(paragraph.content) == "two words and two"
    code = only_block('<pre><code class="language-yaml">\na:\n  - b  c\n</code></pre>')
    assert isinstance(code, model.Code)
    assert (code.language, code.text) == ("yaml", "a:\n  - b  c")


def test_no_break_spaces_are_kept() -> None:
    paragraph = only_block("<p>10&nbsp;MB</p>")
    assert isinstance(paragraph, model.Paragraph)
    assert model.plain(paragraph.content) == "10\N{NO-BREAK SPACE}MB"


def test_marks_without_a_number_get_the_free_ones_in_order() -> None:
    block = only_block(
        '<p id="a"><mark>a</mark> <mark data-cloze="2">b</mark> <mark>c</mark> <mark data-cloze="2">d</mark></p>'
    )
    assert isinstance(block, model.Paragraph)
    assert [i.number for i in block.content if isinstance(i, model.Mark)] == [1, 2, 3, 2]


def test_a_list_item_holds_its_text_and_then_what_is_nested() -> None:
    block = only_block('<ul><li id="a">one <mark>two</mark><ol><li>three</li></ol></li></ul>')
    assert isinstance(block, model.ItemList)
    (item,) = block.items
    assert (item.key, model.plain(item.content)) == ("a", "one two")
    (nested,) = item.nested
    assert isinstance(nested, model.ItemList)
    assert (nested.ordered, model.plain(nested.items[0].content)) == (True, "three")


def test_questions_have_answers_of_text_and_blocks() -> None:
    block = only_block(
        '<dl><div id="a"><dt>Q <code>q</code>?</dt><dd>Text<ul><li>item</li></ul></dd></div>'
        '<div id="b"><dt>R?</dt><dd>S</dd></div></dl>'
    )
    assert isinstance(block, model.QuestionList)
    first, second = block.questions
    assert (first.key, model.plain(first.question), first.look) == ("a", "Q q?", model.Look.LISTED)
    assert [type(part) for part in first.answer] == [model.Paragraph, model.ItemList]
    assert (second.key, model.plain(second.question)) == ("b", "R?")
    boxed = only_block('<details id="c"><summary>T?</summary><p>U</p><pre><code>v</code></pre></details>')
    assert isinstance(boxed, model.Question)
    assert (boxed.key, model.plain(boxed.question), boxed.look) == ("c", "T?", model.Look.BOXED)
    assert [type(part) for part in boxed.answer] == [model.Paragraph, model.Code]


def test_a_table_keeps_head_and_body_apart() -> None:
    block = only_block(
        "<table><caption>C</caption><thead><tr><th>A</th><th>B</th></tr></thead>"
        "<tbody><tr><th>x</th><td>1</td></tr><tr><th>y</th><td>2</td></tr></tbody></table>"
    )
    assert isinstance(block, model.Table)
    rows = [[(cell.header, model.plain(cell.content)) for cell in row.cells] for row in (*block.head, *block.body)]
    assert rows == [[(True, "A"), (True, "B")], [(True, "x"), (False, "1")], [(True, "y"), (False, "2")]]
    assert (model.plain(block.caption), len(block.head)) == ("C", 1)


def test_a_diagram_is_described_by_its_own_source_or_else_by_its_caption() -> None:
    described = only_block(
        '<figure id="a"><pre class="mermaid">\nflowchart TB\n  accDescr: A leads to B.\n  A --&gt; B\n</pre>'
        "<figcaption>What leads to B?</figcaption></figure>"
    )
    assert isinstance(described, model.Diagram)
    assert described.source == "\nflowchart TB\n  accDescr: A leads to B.\n  A --> B\n"
    assert (described.description, model.plain(described.caption)) == ("A leads to B.", "What leads to B?")
    plain = only_block(
        '<figure id="a"><pre class="mermaid">pie\n "a": 1</pre><figcaption>How much?</figcaption></figure>'
    )
    assert isinstance(plain, model.Diagram)
    assert plain.description == "How much?"


def test_a_label_of_a_diagram_may_be_broken_by_an_element() -> None:
    block = only_block(
        '<figure id="a"><pre class="mermaid">pie\n "one<br>two": 1</pre><figcaption>How much?</figcaption></figure>'
    )
    assert isinstance(block, model.Diagram)
    assert block.source == 'pie\n "one<br/>two": 1'


def test_sources_terms_limits_and_links() -> None:
    section = chapter(
        '<p>A <dfn title="whole term">term</dfn> of <data value="max">4 days</data>, see <a href="02.html#b">b</a></p>'
        '<footer><a rel="external" href="https://example.com/a">Title</a></footer>'
    )
    (paragraph,) = section.blocks
    assert isinstance(paragraph, model.Paragraph)
    term, limit, link = (part for part in paragraph.content if not isinstance(part, model.Text))
    assert isinstance(term, model.Term)
    assert (term.title, model.plain(term.children)) == ("whole term", "term")
    assert isinstance(limit, model.LimitRef)
    assert (limit.limit, model.plain(limit.children)) == ("max", "4 days")
    assert isinstance(link, model.Link)
    assert (link.file, link.key) == ("02.html", "b")
    assert [(source.title, source.address) for source in section.sources] == [("Title", "https://example.com/a")]


def test_comments_are_for_writers_only() -> None:
    paragraph = only_block("<p>a<!-- b -->c</p><!-- d -->")
    assert isinstance(paragraph, model.Paragraph)
    assert model.plain(paragraph.content) == "ac"
