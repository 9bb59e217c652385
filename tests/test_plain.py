"""Any HTML: what of it becomes headings, blocks and inline content, and what is said of the rest."""

import pytest

import dump
from cheatdeck.model import Span
from cheatdeck.plain.reader import read_plain
from cheatdeck.source import SourceText

PAGES = {
    "several top headings, skipped levels, headings in divs": (
        "<div><h1>One</h1><div><h3>Skipped</h3><p>a</p></div><h4>Below</h4></div><h2>Next</h2><p>b</p><h1>Two</h1>",
        "# One\n## Skipped\na\n### Below\n## Next\nb\n# Two",
    ),
    "text before the first heading": ("Loose <b>text</b><p>a<h2>H</h2>b", "Loose **text**\na\n# H\nb"),
    "end tags left out": (
        "<ul><li>a<li>b<ul><li>c</ul><li>d</ul><p>e<p>f<dl><dt>g<dd>h<dt>i<dd>j</dl>",
        "- a\n- b\n  - c\n- d\ne\nf\nlisted g\n  = h\nlisted i\n  = j",
    ),
    "a table of contents, by links": (
        (
            '<h1>A</h1><p>Contents:</p><ul><li><a href="#b">B</a><ul><li><a href="#c">C</a></li></ul></li>'
            '<li><a href="#d">D</a></li></ul><h2>B</h2>x<h2>C</h2><h2>D</h2>'
        ),
        "# A\n## B\nx\n## C\n## D",
    ),
    "a table of contents, by its words and with a heading": (
        "<h1>Table of contents</h1><ol><li>A<li>B<li>C</ol><h1>A</h1><h1>B</h1><h1>C</h1>x",
        "# A\n# B\n# C\nx",
    ),
    "front matter": ("---\ntitle: T\ntags: [x]\n---\n<p>a</p>", "a"),
    "scripts, styles, navigation and forms": (
        (
            "<head><title>T</title></head><script>a()</script><style>p{}</style><nav>n</nav><p>a</p>"
            "<form><input><button>b</button></form><template>t</template>"
        ),
        "a",
    ),
    "a page that is all one form": ("<form><h1>A</h1><p>b</p></form>", "# A\nb"),
    "lists with paragraphs, lists and code in them": (
        "<ol><li><p>a</p><p>b</p><pre>c</pre></li><li>d<ul><li>e</li></ul>f</li></ol>",
        "1. a\n  b\n  code\n    c\n1. d\n  - e\n  f",
    ),
    "a list right within a list": ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
    "a table with a head": (
        "<table><caption>C</caption><tr><th>A<th>B<tr><td>1<td>2</table>",
        "table C\n# A | B\n| 1 | 2",
    ),
    "a table without a head": ("<table><tr><td>1<td>2<tr><td>3</table>", "table\n| 1 | 2\n| 3 | "),
    "a table with cells over rows and columns": (
        "<table><thead><tr><td>A<td colspan=2>B</thead><tr><td rowspan=2>1<td>2<td>3<tr><td>4<td>5</table>",
        "table\n# A | B | \n| 1 | 2 | 3\n| 1 | 4 | 5",
    ),
    "a table whose bold first row is its head": (
        "<table><tr><td><b>A</b><td><b>B</b><tr><td>1<td>2</table>",
        "table\n# A | B\n| 1 | 2",
    ),
    "a list in a cell": ("<table><tr><td>a<td><ul><li>b<li>c</ul></table>", "table\n| a | • b / • c"),
    "a table that only lays things out": ("<table><tr><td><h2>A</h2><p>b</p></td></tr></table>", "# A\nb"),
    "definitions": ("<dl><div><dt>a</dt><dt>b</dt><dd>c</dd></div></dl>", "listed a, b\n  = c"),
    "a long definition": (f"<dl><dt>a<dd>{'b ' * 70}</dl>", f"**a**\n{('b ' * 70).strip()}"),
    "a quotation": ("<blockquote><p>a</p><ul><li>b</ul></blockquote>", "> a\n> - b"),
    "a callout of GitHub": ("<blockquote><p>[!NOTE]<br>Careful</p></blockquote>", "> **Note**\n> Careful"),
    "a callout by its class": (
        '<div class="admonition warning"><p class="admonition-title">Warning</p><p>Hot</p></div>',
        "> Warning\n> Hot",
    ),
    "a callout of Notion": ('<figure class="callout"><div>Hot</div></figure>', "> Hot"),
    "line breaks": (
        "<p>a term - one<br>Another: two<br><br>A sentence that goes on and on and is broken<br>only by the window</p>",
        "a term - one\nAnother: two\nA sentence that goes on and on and is broken / only by the window",
    ),
    "lists typed by hand": ("<p>Things:<br>- a<br>- b<br>• c</p>", "Things:\n- a\n- b\n- c"),
    "code with and without a language": (
        (
            '<pre><code class="language-python">a = 1\nb</code></pre><pre class="brush: json">{}</pre><pre>c<br>d</pre>'
            '<pre><code class="language-klingon">e</code></pre>'
        ),
        "code python\n  a = 1\n  b\ncode json\n  {}\ncode\n  c\n  d\ncode\n  e",
    ),
    "Mermaid in all ways": (
        (
            '<pre class="mermaid">graph TD\nA--&gt;B</pre>'
            '<pre><code class="language-mermaid">graph TD\nC--&gt;D</code></pre>'
            '<div class="mermaid">graph TD\nE--&gt;F</div><figure><pre class="mermaid">graph TD\nG--&gt;H</pre>'
            '<figcaption>Cap</figcaption></figure><pre lang="mermaid">graph TD\nI--&gt;J</pre>'
            "<pre>graph TD\nK--&gt;L</pre>"
        ),
        (
            "diagram\n  graph TD\n  A-->B\ndiagram\n  graph TD\n  C-->D\ndiagram\n  graph TD\n  E-->F\n"
            "diagram Cap\n  graph TD\n  G-->H\ndiagram\n  graph TD\n  I-->J\ndiagram\n  graph TD\n  K-->L"
        ),
    ),
    "Mermaid with settings, and line breaks in labels": (
        (
            '<pre class="mermaid">---\ntitle: Cap\n---\n%%{init: {"theme": "dark"}}%%\n'
            "graph TD\nA[a\nb] --&gt; B[c<br>d]</pre>"
        ),
        "diagram Cap\n  graph TD\n  A[a<br/>b] --> B[c<br/>d]",
    ),
    "a diagram in a list": (
        "<ul><li>a<pre>graph TD\nA--&gt;B</pre><li>b</ul>",
        "- a\n- b\ndiagram\n  graph TD\n  A-->B",
    ),
    "details": (
        (
            "<details><summary>Why?</summary>So.</details>"
            f"<details><summary>Long</summary>{'a ' * 70}</details><details><summary>S</summary><h2>H</h2>b</details>"
        ),
        f"boxed Why?\n  = So.\n> **Long**\n> {('a ' * 70).strip()}\n**S**\n# H\nb",
    ),
    "pictures": (
        (
            '<p>a <img src="a.png" alt="A"> b</p><figure><img src="b.png"><figcaption>Cap</figcaption></figure>'
            '<ul><li>c<img src="c.png"></ul><table><tr><td>d<img src="d.png"><td>e</table>'
            '<img class="emoji" alt="☑" src="x">'
        ),
        "a b\npicture a.png A\npicture b.png  Cap\n- c\n  picture c.png\ntable\n| d | e\npicture d.png\n☑",
    ),
    "a drawing within the page": (
        '<svg width="99" height="9"><title>T</title><text>a</text></svg>',
        'picture data:image/svg+xml,<svg width="99" height="9"><title>T</title><text>a</text></svg> T',
    ),
    "all headings down to h6": (
        "".join(f"<h{n}>{n}</h{n}>" for n in range(1, 7)),
        "# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6",
    ),
    "a heading in a list": ("<ul><li><h3>a</h3>b</ul>", "- **a**\n  b"),
    "a heading that links to itself": ('<h2 id="a">A<a class="headerlink" href="#a">¶</a></h2>b', "# A\nb"),
    "styles": (
        (
            "<p><b>a</b> <i>b</i> <tt>c</tt> <del>d</del> <u>e</u> <mark>f</mark> <q>g</q> <dfn>h</dfn> "
            '<span style="font-weight:700">i</span> <font color="red">j</font></p>'
        ),
        "**a** _b_ `c` ~~d~~ e [f] “g” <dfn>h</dfn> **i** j",
    ),
    "words in angle brackets": ("<p>a <bucket-name> b <x-y>c</x-y></p>", "a <bucket-name> b c"),
    "tasks": ('<ul><li><input type="checkbox" checked> a<li><input type="checkbox"> b</ul>', "- ☑ a\n- ☐ b"),
    "a formula": (
        (
            '<p><span class="katex"><math><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></math>'
            '<span class="katex-html" aria-hidden="true">x2</span></span></p>'
        ),
        "`x^2`",
    ),
    "links": (
        (
            '<p><a href="https://example.com/">a</a> <a href="//example.com">b</a> <a href="#c">c</a> '
            '<a href="d.html#e">d</a> <a href="javascript:x()">f</a></p>'
        ),
        "<https://example.com/ a> <https://example.com b> <#c c> <d.html#e d> f",
    ),
    "declarations of other languages": ("<p>a<![if x]>b<![endif]><?php x ?>c</p>", "abc"),
    "white space and characters that are not printed": ("<p>a\n\tb&nbsp;c \0d</p>", "a b c \N{REPLACEMENT CHARACTER}d"),
}


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_says(name: str) -> None:
    html, expected = PAGES[name]
    assert dump.page(html) == expected


def problems(html: str) -> list[tuple[str, int, int]]:
    found = read_plain(SourceText.of("notes.html", html)).problems
    return [(problem.message, problem.span.line, problem.span.column) for problem in found]


def test_text_that_is_left_out_is_reported_with_its_line() -> None:
    html = (
        '<p>a</p>\n<nav><a href="/">Home</a></nav>\n'
        "<p>b <select><option>One</select></p>\n<table>\nloose<tr><td>c</table>"
    )
    assert problems(html) == [
        ("left out, of sheet and deck: <nav>: “Home”", 2, 1),
        ("left out, of sheet and deck: <select>: “One”", 3, 6),
        ("left out, of sheet and deck: “loose”", 5, 1),
    ]


def test_navigation_that_repeats_headings_is_no_loss() -> None:
    assert problems('<nav><a href="#a">A</a></nav><div class="toc">A</div><h1 id="a">A</h1>') == []


def test_an_entry_of_contents_without_its_heading_is_reported() -> None:
    html = '<h1>A</h1>\n<ul>\n<li><a href="#b">B</a>\n<li><a href="#c">C</a>\n'
    html += '<li><a href="#x">Gone</a></ul><h2>B</h2><h2>C</h2>'
    assert problems(html) == [("left out, of sheet and deck, with a table of contents: “Gone”", 5, 5)]


def test_elements_nested_too_deep_are_refused_where_they_are() -> None:
    page = read_plain(SourceText.of("notes.html", "<p>a</p>\n" + "<div>" * 300 + "b"))
    assert [(p.code, p.span.line, p.message) for p in page.problems] == [("C001", 2, "elements nested too deep")]


def test_twenty_thousand_paragraphs_that_are_never_closed_are_not_nested() -> None:
    page = read_plain(SourceText.of("notes.html", "<p>a" * 20_000))
    assert (len(page.whole.blocks), page.problems) == (20_000, ())


def test_what_stands_where() -> None:
    whole = read_plain(SourceText.of("notes.html", "<h1>A</h1>\n\n<p>one\ntwo</p>\n<ul>\n <li>three</li></ul>")).whole
    (part,) = whole.parts
    assert [(part.span.line, part.span.column)] == [(1, 1)]
    assert [(block.span.line, block.span.column) for block in part.blocks] == [(3, 1), (5, 1)]


def test_places_are_those_in_the_file_that_a_page_was_made_from() -> None:
    origin = SourceText.of("notes.md", "# A\n\n- one\n- [x](javascript:y)\n")
    html = (
        '<h1 data-line="1">A</h1>\n<ul data-line="3">\n<li data-line="3">one</li>\n'
        '<li data-line="4"><a href="javascript:y">x</a></li></ul><p>b</p>'
    )
    page = read_plain(SourceText.of("notes.html", html), origin)
    (part,) = page.whole.parts
    assert part.span == Span("notes.md", 1, 1, 3)
    assert [block.span for block in part.blocks] == [Span("notes.md", 3, 1, 5), Span("notes.md", 1, 1, 3)]
    assert [problem.span for problem in page.problems] == [Span("notes.md", 4, 1, 19)]
