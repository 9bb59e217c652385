"""Notes that were not written for cheatdeck, as nobody would write them: HTML and Markdown, whole, spoilt, and none."""

import html
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from texts import BITS, ODD, pieces, slipped, tags

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Page:
    """A file of notes; each of its words says something that must not be lost without a warning."""

    name: str
    text: str
    words: tuple[str, ...] = ()


# Text that acts where it is taken for something else than text.
_bits = st.lists(st.sampled_from(BITS), max_size=3).map(" ".join)
_MORE_TAGS = (
    "h4", "h5", "h6", "blockquote", "b", "i", "q", "span", "font", "center", "form", "button", "select", "option",
    "nav", "aside", "details", "summary", "template", "math", "annotation", "svg", "text", "title", "textarea",
    "noscript", "plaintext", "xmp", "object", "embed", "video", "ruby", "rt", "bucket-name", "caption", "colgroup",
)  # fmt: skip
_MORE_ATTRIBUTES = (
    ' class="callout"', ' class="toc"', ' id="toc"', " hidden", ' aria-hidden="true"', ' colspan="3"', ' rowspan="9"',
    ' colspan="99999999999"', ' style="font-weight:bold"', ' src="a.png"', ' src="../a.png"', ' src="data:,x"',
    ' src="data:image/svg+xml,<svg/>"', ' alt="x"', ' href="#"', ' href="n.html#x"', ' href="//x.y"', ' href="a b"',
    ' href="http://[::1"', ' type="checkbox"', " checked", ' data-src="x"', ' data-line="3"', ' lang="en"', " open",
    ' role="presentation"', ' name="x"',
)  # fmt: skip
_LOOSE = (
    "<!--", "-->", "<script>", "&#99999999999999;", "---\n", "<a b='", '<img src="a.png" alt="x">',
    '<img src="../a.png">',
)  # fmt: skip
_any_pieces = pieces | tags(_MORE_TAGS, _MORE_ATTRIBUTES) | st.sampled_from(_LOOSE)


@st.composite
def _structured(draw: st.DrawFn) -> Page:
    """Draw a page of elements that end, with words in them that are told apart."""
    numbers = itertools.count()
    words: list[str] = []

    def text() -> str:
        words.append(f"w{next(numbers)}q")
        return f"{words[-1]} {html.escape(draw(_bits))}"

    def inline(depth: int) -> str:
        around = draw(
            st.sampled_from(("", "", "b", "em", "code", "mark", "q", "span", "a", "kbd", "button", "sub", "font"))
        )
        inner = text() + (inline(depth - 1) if depth and draw(st.booleans()) else "")
        more = draw(st.sampled_from(("", "<br>", " – ", ": ", " = ", "; ", ". ", "<br>- ")))
        return (f"<{around}{_link(around, draw)}>{inner}</{around}>" if around else inner) + more

    def block(depth: int) -> str:
        name = draw(st.sampled_from(_HOLDERS if depth else _LEAVES))
        return _BLOCKS[name](lambda: inline(2), lambda: block(depth - 1) if depth else f"<p>{inline(1)}</p>")

    body = "\n".join(block(draw(st.integers(0, 3))) for _ in range(draw(st.integers(1, 5))))
    return Page("n.html", body, tuple(words))


def _link(name: str, draw: st.DrawFn) -> str:
    addresses = ("#x", "https://x.y/", "javascript:alert(1)", "other.html", "data:text/html,x", "")
    return f' href="{draw(st.sampled_from(addresses))}" onclick="x()"' if name == "a" else ""


_Text = Callable[[], str]
# Of something to write a line, and something to write a block.
_BLOCKS: dict[str, Callable[[_Text, _Text], str]] = {
    "p": lambda i, _: f"<p>{i()}{i()}</p>",
    "h2": lambda i, _: f"<h2>{i()}</h2><p>{i()}</p>",
    "h4": lambda i, _: f"<h4 id='x'>{i()}</h4>",
    "pre": lambda i, _: f"<pre>{i()}\n{i()}</pre>",
    "loose": lambda i, _: i(),
    "ul": lambda i, b: f"<ul><li>{i()}</li><li>{i()}{b()}</li>{b()}</ul>",
    "ol": lambda i, b: f"<ol><li>{b()}<li><p>{i()}</p><p>{i()}</ol>",
    "dl": lambda i, b: f"<dl><dt>{i()}<dd>{b()}<dt>{i()}<dt>{i()}</dl>",
    "table": lambda i, b: (
        f"<table><caption>{i()}</caption><tr><th>{i()}<th>{i()}<tr><td>{i()}<td>{b()}<td>{i()}</table>"
    ),
    "pairs": lambda i, _: f"<table><tr><td>{i()}<td>{i()}<tr><td rowspan=2>{i()}<td>{i()}<tr><td>{i()}</table>",
    "blockquote": lambda i, b: f"<blockquote>{i()}{b()}</blockquote>",
    "div": lambda _, b: f"<div>{b()}{b()}</div>",
    "note": lambda i, b: f"<aside class='note'><p>{i()}</p>{b()}</aside>",
    "details": lambda i, b: f"<details><summary>{i()}</summary>{b()}</details>",
    "figure": lambda i, b: f"<figure>{b()}<figcaption>{i()}</figcaption></figure>",
    "nav": lambda _, b: f"<nav>{b()}</nav>",
    "hidden": lambda _, b: f"<section hidden>{b()}</section>",
    "form": lambda i, b: f"<form onsubmit=x()>{b()}<select><option>{i()}</select></form>",
    "paragraph around": lambda i, b: f"<p>{i()}{b()}{i()}",
    "link around": lambda _, b: f"<a href='https://x.y'>{b()}</a>",
}
_LEAVES = ("p", "h2", "h4", "pre", "loose", "pairs")
_HOLDERS = tuple(_BLOCKS)

_real = st.sampled_from(tuple(sorted((TESTS / "notes_plain").glob("*.html"))))


@st.composite
def _spoilt(draw: st.DrawFn) -> Page:
    """Draw a real page that somebody's hand slipped on."""
    text = draw(_real).read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 5))):
        text = slipped(draw, text, _any_pieces)
    return Page("n.html", text)


plain_pages = (
    _structured()
    | _spoilt()
    | st.lists(_any_pieces, max_size=30).map("".join).map(lambda text: Page("n.html", text))
    | st.text(max_size=60).map(lambda text: Page("n.html", text))
)

_MARKDOWN = (
    "# ", "## ", "###### ", "- ", "* ", "1. ", "2) ", "> ", "    ", "  ", "\t", "\n", "\n\n", "\n---\n", "***", "**",
    "__", "~~", "==", "`", "```\n", "```python\n", "~~~\n", "| a | b |\n|---|---|\n", "| ", "|", "[^1]", "[^1]: ",
    "^[", "[", "](", ")", "![", "![[", "[[", "]]", "|", "#x", "#^x", "{{c1::", "{{c2::", "}}", "::", "Q: ", "A: ",
    "\nQ: ", "\nA: ", "> [!note] ", "> [!warning]- ", "$", "$$", "\\(", "\\[", "<div>", "</div>", "<b>", "</b>",
    "<br>", "<script>", "</script>", "<!--", "-->", "<img src=x onerror=alert(1)>", "<details><summary>", "</summary>",
    "</details>", "<textarea>", "<plaintext>", "- [ ] ", "- [x] ", ": ", "\n: ", "{#id .c}", "{: onclick=x}", "^id",
    "other.md", "table.csv", "a.png", "javascript:x", "<https://x.y>", "https://x.y/", "&amp;", "&#0;", "%%", "#tag",
    "[a]: javascript:x\n", "---\ntitle: x\n---\n", "---\na: [\n---\n", "\\", "  \n", "![x](a.png)", "![x](../a.png)",
    "![[../other.md]]", "[x](../table.csv)",
)  # fmt: skip
_markdown_soups = st.lists(st.sampled_from(_MARKDOWN + ODD) | _bits | pieces, max_size=40).map("".join)


@st.composite
def _structured_markdown(draw: st.DrawFn) -> Page:
    """Draw a note of blocks that are whole, with words in them that are told apart."""
    numbers = itertools.count()
    words: list[str] = []

    def text() -> str:
        words.append(f"w{next(numbers)}q")
        shape = draw(st.sampled_from(_LINES))
        return shape.replace("WORD", words[-1])

    parts = [draw(st.sampled_from(_PARTS)) for _ in range(draw(st.integers(1, 8)))]
    filled = [re.sub("TEXT", lambda _: text(), part) for part in parts]
    return Page("n.md", "\n\n".join(filled) + "\n", tuple(words))


_LINES = (
    "WORD", "**WORD**", "*WORD* and", "`WORD`", "==WORD==", "~~WORD~~", "[WORD](javascript:alert(1))", "[WORD](#x)",
    "<b onclick=x()>WORD</b>", "[[WORD]]", "[[none|WORD]]", "[WORD](https://x.y 'z')", "$WORD$", "{{c1::WORD}}",
    "{{c2::WORD::hint}}", "WORD {% x %}", "![WORD](gone.png)", "<kbd>WORD</kbd>", "\\(WORD\\)", "[sound:WORD]",
    "^[WORD]", "WORD – 5 km", "WORD: 10 %", "<button>WORD</button>", "&lt;WORD&gt;", "<WORD", "WORD <", "![[WORD.png]]",
    "![WORD](a.png)", "![WORD](../a.png)", "[WORD](../table.csv)",
)  # fmt: skip
_PARTS = (
    "# TEXT", "## TEXT", "#### TEXT\n\nTEXT", "TEXT\nTEXT", "TEXT  \nTEXT", "- TEXT\n- TEXT\n  - TEXT\n\n  TEXT",
    "1. TEXT\n2. TEXT", "> TEXT\n> > TEXT", "> [!note] TEXT\n> TEXT", "> [!tip]-\n> - TEXT",
    "| TEXT | b |\n|---|---|\n| a | TEXT |", "TEXT\n: TEXT\n: TEXT", "```\nTEXT\n```", "    TEXT",
    "Q: TEXT\nA: TEXT", "- [x] TEXT\n- [ ] TEXT", "TEXT[^1]\n\n[^1]: TEXT", "<div>TEXT\n\nTEXT\n</div>",
    "<details><summary>TEXT</summary>\n\nTEXT\n</details>", "$$\nTEXT\n$$", "TEXT\n===", "***\n\nTEXT",
    "<ul><li>TEXT</ul>", "<script>x</script>TEXT", "TEXT <!-- x --> TEXT", "- TEXT\n\n      TEXT", "TEXT {#x}",
    "<p hidden>TEXT</p>",
)  # fmt: skip

markdown_pages = _structured_markdown() | _markdown_soups.map(lambda text: Page("n.md", text))
