"""Any HTML: what of it becomes headings, blocks and inline content, and what is said of the rest."""

import pytest

import dump
from cheatdeck import model
from cheatdeck.model import Span
from cheatdeck.plain.keys import Keys
from cheatdeck.plain.reader import read_plain
from cheatdeck.problems import Code
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
    "a table of contents below a line that says so": (
        "<h1>T</h1><p>Contents:</p><ul><li>A<li>B</ul><h2>A</h2><h2>B</h2>x",
        "# T\n## A\n## B\nx",
    ),
    "a list whose words are those of sections": (
        "<h1>T</h1><p>There are three:</p><ul><li>A<li>B<li>C</ul><h2>A</h2><h2>B</h2><h2>C</h2>x",
        "# T\nThere are three:\n- A\n- B\n- C\n## A\n## B\n## C\nx",
    ),
    "a list of links with more in it": (
        (
            '<h1>T</h1><ul><li><a href="#a">A</a><pre>b</pre><li><a href="#c">C</a><li><a href="#d">D</a></ul>'
            "<h2>A</h2><h2>C</h2><h2>D</h2>"
        ),
        "# T\n- <#a A>\n  code\n    b\n- <#c C>\n- <#d D>\n## A\n## C\n## D",
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
    "lists that go on with numbers": (
        "<ol><li>a</ol><pre>b</pre><ol start=2><li>c<li>d</ol><ol start=0><li>e</ol><ol start=-3><li>f</ol>",
        "1. a\ncode\n  b\n2. c\n2. d\n0. e\n1. f",
    ),
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
    "callouts and questions in cells": (
        (
            "<table><tr><td>a<td><div class=note><p><b>Why?</b></p><p>Because so.</p></div>"
            "<tr><td>b<td><ul><li>c<div class='macro-warning'><p>d</p><ul><li>e</ul></div></ul></table>"
        ),
        "table\n| a | Why? / Because so.\n| b | • c / d / – • e",
    ),
    "diagrams in cells": (
        (
            '<table><tr><th>A<th>B<tr><td>c<td>d <div class="mermaid">graph LR\nE--&gt;F</div>'
            "<tr><td>g<td><pre>graph LR\nH--&gt;I</pre></table>j"
        ),
        "table\n# A | B\n| c | d\n| g | \ndiagram\n  graph LR\n  E-->F\ndiagram\n  graph LR\n  H-->I\nj",
    ),
    "code in cells of a table with headings": (
        "<table><tr><th>A<th>B<tr><td>a<td><pre>if b:\n  c\n\nd</pre><tr><td>e<td>f</table>",
        "table\n# A | B\n| a | `if b:` / `\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}c` / `d`\n| e | f",
    ),
    "spans over columns that nothing stands in": (
        "<table><tr><th colspan=3>A<th colspan=9>B<tr><td>1<td>2<td><td rowspan=9 colspan=9>3<tr><td>4<td>5</table>",
        "table\n# A |  | B\n| 1 | 2 | 3\n| 4 | 5 | 3",
    ),
    "a table that only lays things out": ("<table><tr><td><h2>A</h2><p>b</p></td></tr></table>", "# A\nb"),
    "definitions": ("<dl><div><dt>a</dt><dt>b</dt><dd>c</dd></div></dl>", "listed a, b\n  = c"),
    "two meanings of one term": ("<dl><dt>a<dd>b<dd>c <i>d</i></dl>", "listed a\n  = b\n  = c _d_"),
    "a long definition": (f"<dl><dt>a<dd>{'b ' * 70}</dl>", f"**a**\n{('b ' * 70).strip()}"),
    "a quotation": ("<blockquote><p>a</p><ul><li>b</ul></blockquote>", "> a\n> - b"),
    "a callout of GitHub": ("<blockquote><p>[!NOTE]<br>Careful</p></blockquote>", "> **Note**\n> Careful"),
    "a callout by its class": (
        '<div class="admonition warning"><p class="admonition-title">Warning</p><p>Hot</p></div>',
        "> Warning\n> Hot",
    ),
    "a callout of Notion": ('<figure class="callout"><div>Hot</div></figure>', "> Hot"),
    "a callout with a marker before bold text": (
        "<blockquote><p>[!NOTE] <b>Careful</b> text</p></blockquote>",
        "> **Note**: **Careful** text",
    ),
    "a figure that only sounds like a callout": (
        '<figure class="image-info"><img src="a.png"><figcaption>Caption: 14 days</figcaption></figure>',
        "picture a.png  Caption: 14 days",
    ),
    "a figure whose table has a caption of its own": (
        "<figure><table><caption>C</caption><tr><td>a<td>b</table><figcaption>D</figcaption></figure>",
        "table C, D\n| a | b",
    ),
    "lines that stand apart in a heading, a summary and a caption": (
        (
            "<h1><div>a</div><div>b</div></h1><details><summary><p>c</p><p>d</p></summary>e</details>"
            "<figure><img src=f.png><figcaption><p>g</p><p>h</p></figcaption></figure>"
        ),
        "# a b\nboxed c d\n  = e\npicture f.png  g h",
    ),
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
    "Mermaid that is nothing but settings": (
        "<pre>%%{init: {\n 'theme': 'dark'\n}}%%</pre>",
        "code\n  %%{init: {\n   'theme': 'dark'\n  }}%%",
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
    "all that stands outside of the main part": (
        "<header><h1>Site</h1></header><aside><p>n</p></aside><main><h1>A</h1><p>b</p></main><footer>c</footer>",
        "# A\nb",
    ),
    "a heading before the main part": ("<header><h1>A</h1></header><main><p>b</p></main>", "# A\nb"),
    "sections about what is left out elsewhere": (
        (
            '<h1>T</h1><section id="pagination"><h2>2.1 Pagination<a href="#pagination">¶</a></h2>a</section>'
            '<section id="api_breadcrumbs"><h2>API: breadcrumbs</h2>b</section>'
            '<div id="sidebar"><h2>Recent posts</h2>c</div><div class="toc" id="toc"><h2>Toc</h2>d</div>'
            '<div id="table-of-contents"><h2>Table of Contents</h2>e</div>'
        ),
        "# T\n## 2.1 Pagination\na\n## API: breadcrumbs\nb",
    ),
    "what wikis put around headings and pages": (
        (
            '<div role="banner">n</div><h1>A</h1><div class="page-metadata">by me</div>'
            '<h2>B<span class="mw-editsection">[<a href="/e">edit</a>]</span></h2><p class="has-toc">c</p>'
            '<ol><li><b><a href="#r">^</a></b> d</ol>'
            '<div class="theme-doc-breadcrumbs">n</div><a class="theme-edit-this-page" href="/e">Edit</a>'
        ),
        "# A\n## B\nc\n1. d",
    ),
    "a callout that asks": (
        "<blockquote><p>[!question]</p></blockquote><blockquote><p><b>Why?</b></p><p>So.</p></blockquote>",
        "> **Question**\nboxed Why?\n  = So.",
    ),
    "Google Docs": (
        (
            "<style>.c5{font-weight:700}</style><p class='c3 title'>T</p><h1>A</h1><p><span class='c5'>b</span></p>"
            "<ul class='c8 lst-kix_x-0 start'><li>c</ul><ul class='c8 lst-kix_x-1 start'><li>d</ul>"
            "<ul class='c8 lst-kix_x-0'><li>e</ul><p>"
            "<a href='https://www.google.com/url?q=https://example.com/&amp;sa=D'>f</a>"
            "<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup></p>"
            "<div><p><a href='#cmnt_ref1' id='cmnt1'>[a]</a> g</p></div>"
        ),
        "# T\n## A\n**b**\n- c\n  - d\n- e\n<https://example.com/ f>",
    ),
    "Word": (
        (
            "<p class=MsoTitle>T</p><p class=MsoToc1><a href='#_Toc1'>A 1</a></p><h1>A</h1>"
            "<p class=MsoListParagraphCxSpFirst><span>·<span>&nbsp; </span></span>b</p>"
            "<p class=MsoListParagraphCxSpMiddle style='margin-left:1.0in'>o<span>&nbsp; </span>c</p>"
            "<p class=MsoListParagraphCxSpLast><span>·<span>&nbsp; </span></span>o d</p><p class=MsoNormal>e</p>"
            "<p class=MsoListParagraph>1.<span>&nbsp; </span>f</p><p>g</p>"
            "<p class=MsoListParagraph>2.<span>&nbsp; </span>h</p><p class=MsoListParagraph>3.<span>&nbsp; </span>i</p>"
        ),
        "# T\n## A\n- b\n  - c\n- o d\ne\n1. f\ng\n2. h\n2. i",
    ),
    "a table of contents in paragraphs": (
        "<h1>T</h1>"
        + "".join(f"<p><a href='#{x}'>{x}</a> <a href='#{x}'>1</a></p>" for x in "ABC")
        + "<h2>A</h2><h2>B</h2><h2>C</h2>d",
        "# T\n## A\n## B\n## C\nd",
    ),
    "Notion": (
        (
            '<article id="1-2" class="page sans"><header><span class="icon">i</span><h1>A</h1></header>'
            '<table class="properties"><tr><th>T<td><span class="selected-value">b</span>'
            '<span class="selected-value">c</span></table><ul class="bulleted-list"><li>d</ul>'
            '<ul class="bulleted-list"><li>e</ul>'
            '<ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> f</ul>'
            '<ul class="toggle"><li><details><summary>Why?</summary>So.</details></ul></article>'
        ),
        "# A\ntable\n| T | b, c\n- d\n- e\n- ☑ f\nboxed Why?\n  = So.",
    ),
    "Confluence": (
        (
            '<ul class="inline-task-list"><li class="checked">a</ul><div class="expand-container">'
            '<div class="expand-control"><span class="expand-control-icon"><img src="i.png"></span>Why?</div>'
            '<div class="expand-content">So.</div></div>'
        ),
        "- ☑ a\nboxed Why?\n  = So.",
    ),
    "Evernote": (
        (
            '<ul style="--en-todo:true"><li style="--en-checked:true"><div>a</div><li><div>b</div></ul>'
            '<div style="padding: 8px;-en-codeblock:true"><div>c()</div><div>d()</div></div>'
        ),
        "- ☑ a\n- ☐ b\ncode\n  c()\n  d()",
    ),
    "OneNote": (
        ('<meta content="Microsoft OneNote 15"><p>A</p><p style="color:#767676">Sunday, March 3, 2024</p><h1>B</h1>c'),
        "# A\n## B\nc",
    ),
    "a table of Apple Notes": (
        "<object><table><tr><td>a<td>b</table></object>",
        "table\n| a | b",
    ),
    "a notebook of Jupyter, and lines with numbers": (
        (
            '<div class="jp-InputPrompt jp-InputArea-prompt">In [1]:</div><pre>a</pre>'
            '<table><tr><td class="linenos"><pre>1</pre></td><td class="code"><pre>b</pre></td></tr></table>'
        ),
        "code\n  a\ncode\n  b",
    ),
    "tabs of MkDocs": (
        (
            '<div class="tabbed-set"><div class="tabbed-labels"><label>A</label><label>B</label></div>'
            '<div class="tabbed-content"><div class="tabbed-block">a</div><div class="tabbed-block">b</div></div></div>'
        ),
        "A\na\nB\nb",
    ),
    "queries of Obsidian's plugins": ('<pre><code class="language-dataview">TABLE a</code></pre><p>b</p>', "b"),
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
    "links with spaces and line breaks in their addresses": (
        (
            '<p><a href=" My File.html#x ">a</a> <a href="https://example.com/a b\n/c">b</a> '
            '<a href="java\n\tscript:x()">c</a> <a href=" javascript:x()">d</a></p>'
        ),
        "<My File.html#x a> <https://example.com/a b/c b> c d",
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


def test_what_an_exporter_adds_is_told() -> None:
    html = (
        '<div class="toc"><h2>Contents</h2><span>1</span> <a href="#a">A</a></div>\n<h1>A<span class="editsection">edit'
        '</span></h1>\n<ul><li><span class="icon">★</span>b</ul>'
    )
    assert problems(html) == [
        ("left out, of sheet and deck: <div>: “Contents”", 1, 1),
        ("left out, of sheet and deck: <span>: “edit”", 2, 6),
    ]


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


def test_fifty_thousand_equal_headings_are_told_apart() -> None:
    keys = Keys(["a-2"], ["a-50000"])
    taken = [keys.take("a") for _ in range(50_000)]
    assert (taken[:2], taken[-2:]) == (["a", "a-3"], ["a-50001", "a-50002"])


def test_a_text_in_fifty_thousand_pieces_is_one() -> None:
    assert dump.page("<p>" + "a <!---->" * 50_000) == " ".join("a" * 50_000)


def test_a_sentence_on_ten_thousand_lines_is_one() -> None:
    line = "one two three four five six seven"
    assert dump.page(f"<p>{f'{line}<br>' * 10_000}") == " / ".join([line] * 10_000)


def test_cells_that_reach_far_take_no_room_where_nothing_is_said() -> None:
    cell, row = "<td colspan=50 rowspan=50>a", "<tr><td>b"
    assert dump.page(f"<table><tr>{cell * 100}{row * 60}</table>").split("\n") == [
        "table",
        f"| {' | '.join('a' * 100)} | ",
        *[f"| {' | '.join('a' * 100)} | b"] * 49,
        *[f"| b{' | ' * 100}"] * 11,
    ]


def test_a_table_that_is_wider_than_any_paper_is_read_cell_by_cell() -> None:
    html = f"<table><tr>{''.join(f'<td>{number}' for number in range(5_000))}{'<tr><td>a' * 5_000}</table>"
    assert dump.page(html).split("\n") == [*map(str, range(5_000)), *["a"] * 5_000]


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
    assert [block.span for block in part.blocks] == [Span("notes.md", 3, 1, 5), Span("notes.md", 4, 1, 19)]
    assert [problem.span for problem in page.problems] == [Span("notes.md", 4, 1, 19)]


ENDLESS = (
    "<!-- a ", "<! a ", "<![CDATA[ a ", "<? a ", "<a b ", '<a b="', "<a b='c ", "</a ", "<script>", "<title> ",
)  # fmt: skip


@pytest.mark.parametrize("piece", ENDLESS)
def test_what_never_ends_is_text_and_said_in_time(piece: str) -> None:
    page = read_plain(SourceText.of("n.html", f"<p>b</p>\n<p>{piece * 30_000}</p>"))
    first = page.problems[0]
    assert (first.code, first.span.line, first.span.column) == (Code.BROKEN_TAGS, 2, 4)
    said = "".join(model.plain(content) for block in page.whole.blocks for content in model.contents(block))
    assert "".join(said.split()).startswith("b" + "".join(piece.split()) * 1000)


ODD = {
    "an unfinished tag": ("<p>a <b c</p><p>d", "a <b c\nd", "a tag that never ends, taken for text"),
    "an unfinished comment": ("<p>a <!-- b</p><p>c", "a <!-- b\nc", "a comment that never ends, taken for text"),
    "a script without end": ("<p>a<script>b<p>c", "a<script>b\nc", "<script> is never closed, and was taken for text"),
    "quotes that do not close": (
        '<p class="a>b</p><p>c',
        "b\nc",
        "a tag whose attributes cannot be told apart, left out",
    ),
    "an element that never ends": (
        "<p>a<plaintext>b",
        "a<plaintext>b",
        "<plaintext> is never closed, and was taken for text",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_html_is_taken_for_text_and_reported(name: str) -> None:
    html, expected, message = ODD[name]
    assert dump.page(html) == expected
    assert [problem.message for problem in read_plain(SourceText.of("n.html", html)).problems] == [message]


FINE = {
    "a heart, and less than": ("<p>I </3 x <3 y < z", "I </3 x <3 y < z"),
    "attributes without quotes": ("<p><a href=http://example.com/?a=b>c</a>", "<http://example.com/?a=b c>"),
    "comments of all forms": ("<p>a<!---->b<!-- c --!>d<!-- <p> -- > -->e", "abde"),
    "entities of its own": ('<!DOCTYPE html [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><p>&c;</p>', "&c;"),
    "names of no letter": (
        "<p>x = a&b; <a href='https://e.org/?a&b;=c'>AT&T;</a> &lt;&notin;",
        "x = a&b; <https://e.org/?a&b;=c AT&T;> <∉",
    ),
    "an ampersand at the end": ("R&D", "R&D"),
    "numbers that no letter has": (f"<p>a&#{'9' * 5000};b&#x{'f' * 5000}g", "a�b�g"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_parsers_read_differently_is_read_one_way(name: str) -> None:
    html, expected = FINE[name]
    assert dump.page(html) == expected
    assert read_plain(SourceText.of("n.html", html)).problems == ()


def test_terms_within_many_others_are_paragraphs() -> None:
    html = "".join(f"<dl><dt>{number}<dd>a" for number in range(10)) + "</dl>" * 10
    lines = dump.page(html).split("\n")
    assert [line.lstrip(" =") for line in lines if "listed" in line] == [f"listed {number}" for number in range(8)]
    assert [line.lstrip(" =") for line in lines[-4:]] == ["**8**", "a", "**9**", "a"]


def test_lists_within_many_others_are_unfolded() -> None:
    html = "".join(f"<ul><li>{number}" for number in range(12)) + "</ul>" * 12
    assert dump.page(html) == "\n".join(f"{'  ' * min(number, 8)}- {number}" for number in range(12))
