"""Texts that people do not write, and notes that are made of them."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

# What one of the readers on the way may take for its own: HTML, Jinja, Anki, LaTeX, CSS, Mermaid, TOML, a terminal.
BITS = (
    "{{", "}}", "{%", "%}", "{#", "#}", "{{c1::", "::", "}", "{", ":", "[sound:a.mp3]", "[latex]", "[/latex]", "[$]",
    "[anki:play:q:0]", "\\(", "\\)", "\\[", "\\", "<script>", "</script>", "<img src=x onerror=alert(1)>", "<", ">",
    "&", "&amp;", "&lt;", '"', "'", "javascript:alert(1)", "data:text/html,x", "https://example.com/", "url(x)",
    "@import", "/*", "-->", "<!--", "]]>", "<!", "<?", "Question", "{{Question}}", "{{FrontSide}}", "{{type:Typed}}",
    "$$", "$", "`", "%%{", "#", "##", "[", "]", "=", "c1", "- ", ". ", "1", "42", "10,240", "·", "–", "…", "“", "”",
    "’", "\u00a0", "\u200b", "\u200d", "\u2060", "\u00ad", "\u202e", "\u2066", "\ufeff", "\ufe0f", "é", "e\u0301", "ß",
    "İ", "ﬁ", "½", "²", "٣", "א", "ع", "中", "あ", "한", "ก", "अ", "😀", "👩\u200d💻", "⚠\ufe0f", "\U0001d49c", "→",
    "✓", "\u2028", "\u2029", "\U000f0000", "\ue000",
)  # fmt: skip
ODD = ("\x00", "\x01", "\x1b[2J", "\x7f", "\x85", "\ufffe", "\uffff", "\r", "\t", "\n", "\v", "\f", "\x1c")
WORDS = ("queue", "SQS", "table", "a", "the", "of", "is", "Lambda", "no", "yes")

# Text within a line, of letters that a file may have.
lines = st.lists(st.sampled_from(BITS + WORDS) | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")),
                 max_size=6), min_size=1, max_size=8).map("".join)  # fmt: skip
# Such text as says something.
words = lines.map(lambda text: f"w{text}w")

_TAGS = (
    "html", "body", "article", "section", "h1", "h2", "h3", "p", "ul", "ol", "li", "dl", "div", "dt", "dd", "details",
    "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "pre", "code", "figure", "figcaption", "footer",
    "a", "mark", "dfn", "data", "del", "ins", "output", "em", "abbr", "br", "script", "svg", "style", "iframe", "title",
)  # fmt: skip
_ATTRIBUTES = (
    ' id="a"', ' id="b"', " id='A B'", ' class="mermaid"', ' class="remember"', ' class="example"', ' class="wide"',
    ' class="comparison"', ' class="language-python"', ' class=""', ' href="#a"', ' href="x.html#a"', ' rel="external"',
    ' href="https://example.com/{{"', ' href="javascript:x#y"', ' value="most"', ' datetime="2025-08"', ' cite="x"',
    ' data-cloze="1"', ' data-cloze="0"', ' data-calc="1/0"', ' data-calc="ceil(1e999)"', ' data-tasks="1.1"',
    ' title="{{c1::x}}"', ' onclick="x()"', " a=b", ' a="', " '", " =", "/", ' scope="row"', ' style="x"',
)  # fmt: skip


def tags(names: Sequence[str], attributes: Sequence[str]) -> st.SearchStrategy[str]:
    """Return tags that begin and end elements, or only seem to."""
    return st.builds(
        lambda slash, name, given, end: f"<{slash}{name}{''.join(given)}{end}",
        st.sampled_from(("", "", "/")),
        st.sampled_from(names),
        st.lists(st.sampled_from(attributes), max_size=2),
        st.sampled_from((">", ">", ">", "/>", "")),
    )


_REFERENCES = ("&amp;", "&#0;", "&#x1b;", "&#xD800;", "&#x110000;", "&#99999999999;", "&nope;", "&#", "&#x", "&")
_COMMENTS = (
    "<!-- x -->",
    "<!-- ignore N062: x -->",
    "<!-- ignore",
    "<!-->",
    "<!doctype html>",
    "<![CDATA[x]]>",
    "<?x?>",
)
pieces = tags(_TAGS, _ATTRIBUTES) | st.sampled_from(_REFERENCES + _COMMENTS + ODD) | lines

# Anything that looks like HTML, in a page of its own half of the time.
soups = st.builds(
    lambda pieces, in_page: "".join(pieces if not in_page else (_HEAD, *pieces, _FOOT)),
    st.lists(pieces, max_size=30),
    st.booleans(),
)
_HEAD = '<!doctype html>\n<html lang="en"><body>\n<article id="one">\n<h1>One</h1>\n'
_FOOT = "\n</article></body></html>\n"

_TOML = (
    "[", "]", "[[", "]]", "=", '"', "'", '"""', "{", "}", ",", ".", "\n", "#", "# ignore W063: x", "most", "id",
    "title", "version", "exam", "domains", "tasks", "names", "groups", "subject", "value", "kind", "section", "1",
    "1e999", "-inf", "true", "0.1.0", "2026-11-01T09:00:00Z", "\\u0000", "\\ud800", "\\U00110000", "maximum", "one",
)  # fmt: skip
tomls = st.lists(st.sampled_from(_TOML + ODD) | lines, max_size=25).map("".join)
_CSV = (",", '"', "\n", "key", "cloze", "note-type", "2026-11-01T09:00:00Z", "0" * 16, "Cheatdeck ")
csvs = st.lists(st.sampled_from(_CSV + ODD) | lines, max_size=30).map("".join)


@dataclass(frozen=True)
class Notes:
    """The files of a notebook as their writer has them, and what stands in them, to be found again."""

    chapter: str
    limits: str
    title: str
    texts: tuple[str, ...]

    def settings(self) -> str:
        """Return notebook.toml."""
        return (
            f'id = "small"\ntitle = {quoted(self.title)}\nversion = "0.1.0"\nnames = [{quoted(self.title)}]\n'
            f'[exam]\ncode = "EX-1"\nname = {quoted(self.title)}\n'
            f'[exam.domains.1]\nname = {quoted(self.title)}\ntag = "1-first"\n'
            f'tasks = {{ "1.1" = {{ name = {quoted(self.title)} }} }}\n'
        )


def quoted(text: str) -> str:
    """Return a text as TOML has it."""
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in text) + '"'


_escaped = words.map(html.escape)


@st.composite
def notes(draw: st.DrawFn) -> Notes:
    """Draw notes that keep the rules, with texts that nobody expects."""
    used: list[str] = []

    def text() -> str:
        used.append(draw(words))
        return html.escape(used[-1])

    parts = [draw(st.sampled_from(_PARTS)) for _ in range(draw(st.integers(1, 6)))]
    body = "\n".join(
        _filled(part, f"k{number}", [text() for _ in range(part.count("TEXT"))]) for number, part in enumerate(parts)
    )
    title, subject, value, remark = (draw(words) for _ in range(4))
    chapter = (
        f'<!doctype html>\n<html lang="en"><body>\n<article id="one" data-tasks="1.1">\n<h1>{html.escape(title)}</h1>\n'
        f'<p>Up to <data value="most">{html.escape(value.strip())}</data></p>\n{body}\n'
        f'<section id="last"><h2>{text()}</h2>\n<p>{text()}</p>\n'
        f'<footer><a rel="external" href="https://example.com/?q={text()}">{text()}</a></footer></section>\n'
        "</article></body></html>\n"
    )
    limits = (
        f'[most]\nsubject = {quoted(subject)}\nvalue = {quoted(value)}\nkind = "maximum"\nsection = "one"\n'
        f'note = {quoted(remark)}\nexam = {quoted(remark)}\ncheck = "none"\n'
    )
    return Notes(chapter, limits, title, (*used, title, subject, value, remark))


def _filled(part: str, key: str, texts: list[str]) -> str:
    for text in texts:
        part = part.replace("TEXT", text, 1)
    return part.replace("KEY", key)


_PARTS = (
    '<p id="KEY">TEXT <mark>TEXT</mark> TEXT <mark data-cloze="1">TEXT</mark></p>',
    '<ul><li id="KEY">TEXT<code>TEXT</code><mark>TEXT</mark></li><li>TEXT<ol><li>TEXT</li></ol></li></ul>',
    '<dl><div id="KEY"><dt>TEXT</dt><dd>TEXT</dd></div></dl>',
    '<details id="KEY"><summary>TEXT</summary><p>TEXT</p><ul><li>TEXT</li></ul></details>',
    '<details class="example" id="KEY"><summary>TEXT</summary><p><output data-calc="1+1">2 TEXT</output></p></details>',
    '<p id="KEY"><dfn title="TEXT">TEXT</dfn>: TEXT</p>',
    ('<table><caption>TEXT</caption><thead><tr><th>TEXT</th><th>TEXT</th></tr></thead>\n'
    '<tbody><tr id="KEY"><th>TEXT</th><td>TEXT <kbd>TEXT</kbd></td></tr></tbody></table>'),
    '<pre><code class="language-python">TEXT</code></pre>',
    "<pre><code>TEXT\nTEXT</code></pre>",
    '<p><del>TEXT</del> <ins datetime="2025-08">TEXT</ins> <abbr title="TEXT">TEXT</abbr> H<sub>TEXT</sub></p>',
    '<p id="KEY"><strong>TEXT<em>TEXT</em></strong><br><mark><strong>TEXT</strong></mark></p>',
)  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn) -> Notes:
    """Draw notes that kept the rules until somebody's hand slipped."""
    whole = draw(notes())
    chapter, limits = whole.chapter, whole.limits
    for _ in range(draw(st.integers(1, 4))):
        chapter = slipped(draw, chapter, pieces)
    if draw(st.booleans()):
        limits = slipped(draw, limits, st.sampled_from(_TOML + ODD))
    return Notes(chapter, limits, whole.title, whole.texts)


def slipped(draw: st.DrawFn, text: str, pieces: st.SearchStrategy[str]) -> str:
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 12)))
    return text[:start] + draw(pieces) + text[end:]
