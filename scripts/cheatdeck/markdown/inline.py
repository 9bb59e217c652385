"""What notes write within a line beyond CommonMark: marks, Anki's deletions, wiki links, comments, math, attributes.

Each rule has markdown-it's signature: whether it matches at `state.pos`; with `silent` it makes no tokens.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, backtick
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

# As markdown-it has them.
Attributes = dict[str, str | int | float]
_MARK = ord("=")
# Chinese has no spaces around what is marked or left out.
_WORD = re.compile(r"\w", re.ASCII)
# Behind these, == compares: numpy==1.26, len(x)==2.
_COMPARED = re.compile(r"[\w)\]]", re.ASCII)
_DIGIT = re.compile(r"[0-9]")
# Of Windows' batch files, such as %%f and %%~nf.
_VARIABLE = re.compile(r"""[\s"'(=]%%[\w~]""", re.ASCII)
_CLOZE = re.compile(r"\{\{c(?P<number>[1-9][0-9]{0,2})::")
_CLOZE_PARTS = re.compile(r"(?P<opens>\{\{c[1-9][0-9]{0,2}::)|(?P<hint>::)|(?P<closes>\}\})")
_WIKI = re.compile(r"!?\[\[(?P<name>[^\[\]|#\n]*)(?P<place>#[^\[\]|\n]*)?(?:\|(?P<text>[^\[\]\n]*))?\]\]")
_ATTRIBUTES = re.compile(r"\{:?[ \t]*(?:(?:[#.][\w:-]++|[\w-]++=(?:\"[^\"{}\n]*+\"|[^\s{}\"]++))[ \t]*+)++\}")
_ATTRIBUTE = re.compile(
    r"(?P<sign>[#.])(?P<word>[\w:-]+)|(?P<name>[\w-]+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s{}\"]+))"
)
# What may have attributes in braces right behind it.
_MAY_HAVE_ATTRIBUTES = {"image", "link_close", "code_inline"}


def add_inline_rules(md: MarkdownIt) -> None:
    """Add the rules to a parser."""
    md.inline.ruler.at("backticks", code)
    md.inline.ruler.before("escape", "math", math)
    md.inline.ruler.before("link", "wiki", wiki)
    md.inline.ruler.before("link", "cloze", cloze)
    md.inline.ruler.before("link", "comment", comment)
    md.inline.ruler.before("link", "attributes", attributes)
    md.inline.ruler.before("emphasis", "mark", mark)
    md.inline.ruler2.before("emphasis", "mark", pair_marks)


def code(state: StateInline, silent: bool) -> bool:
    """Read `code`; markdown-it makes spaces of the line breaks in it, without which no line behind it is known."""
    start = state.pos
    if not backtick(state, silent):
        return False
    if not silent and not state.pending:
        token = state.tokens[-1]
        written = state.src[start + len(token.markup) : state.pos - len(token.markup)]
        token.content = written if len(written) == len(token.content) else written[1:-1]
    return True


def math(state: StateInline, silent: bool) -> bool:
    r"""Keep \(…\) as it is written."""
    start = state.pos
    if not state.src.startswith(r"\(", start) or state.html_terminator_last(r"\)") < start:
        return False
    end = state.src.find(r"\)", start, state.posMax)
    if end < 0:
        return False
    if not silent:
        state.push("text", "", 0).content = state.src[start : end + 2]
    state.pos = end + 2
    return True


def mark(state: StateInline, silent: bool) -> bool:
    """Find what may be an end of ==marked text==, after markdown-it-mark and the rule for ~~; a==1 has none."""
    if silent or state.src[state.pos] != "=":
        return False
    start = state.pos
    scanned = state.scanDelims(start, canSplitWord=True)
    token = state.push("text", "", 0)
    token.content = "=" * scanned.length
    state.pos += scanned.length
    if scanned.length == len("=="):
        place = len(state.tokens) - 1
        opens = scanned.can_open and not _COMPARED.match(state.src[max(0, start - 1) : start])
        closes = scanned.can_close and not _DIGIT.match(state.src, state.pos)
        state.delimiters.append(Delimiter(_MARK, length=0, token=place, end=-1, open=opens, close=closes))
    return True


def pair_marks(state: StateInline) -> None:
    """Make elements of the pairs that were found."""
    for delimiters in (state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta)):
        for delimiter in delimiters:
            if delimiter.marker == _MARK and delimiter.end >= 0:
                _become(state.tokens[delimiter.token], "mark_open", 1)
                _become(state.tokens[delimiters[delimiter.end].token], "mark_close", -1)


def _become(token: Token, kind: str, nesting: int) -> None:
    token.type, token.tag, token.content = kind, "mark", ""
    token.nesting = 1 if nesting > 0 else -1


def cloze(state: StateInline, silent: bool) -> bool:
    """Read Anki's {{c1::text::hint}}: as in Anki, the first :: begins the hint, and the first }} ends all."""
    start = state.pos
    opened = _CLOZE.match(state.src, start, state.posMax)
    end = _cloze_ends(state.src).get(start, state.posMax) if opened else state.posMax
    if not opened or end + 2 > state.posMax:
        return False
    if not silent:
        maximum = state.posMax
        token = state.push("mark_open", "mark", 1)
        token.attrs = {"data-cloze": opened["number"]}
        hint = _hint(state.src, opened.end(), end)
        if hint < end:
            token.attrs["title"] = state.src[hint + 2 : end].strip()
        state.pos, state.posMax = opened.end(), hint
        state.md.inline.tokenize(state)
        state.push("mark_close", "mark", -1)
        state.posMax = maximum
    state.pos = end + 2
    return True


# A deletion within another asks for the same text again.
@lru_cache(maxsize=2)
def _cloze_ends(text: str) -> dict[int, int]:
    """Return where deletions end, by where they begin."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for part in _CLOZE_PARTS.finditer(text):
        if part["opens"]:
            opened.append(part.start())
        elif part["closes"] and opened:
            ends[opened.pop()] = part.start()
    return ends


def _hint(text: str, start: int, end: int) -> int:
    """Return where a deletion's hint begins, its end if it has none."""
    depth = 0
    for part in _CLOZE_PARTS.finditer(text, start, end):
        if part["hint"] and depth == 0:
            return part.start()
        depth += bool(part["opens"]) - bool(part["closes"])
    return end


def wiki(state: StateInline, silent: bool) -> bool:
    """Read [[Page#Heading|text]] and ![[picture.png]]; `meta` has the parts, `content` all as it is written."""
    found = _WIKI.match(state.src, state.pos, state.posMax)
    if not found or not (found["name"].strip() or found["place"]):
        return False
    if not silent:
        token = state.push("wiki_embed" if found[0].startswith("!") else "wiki_link", "", 0)
        token.content = found[0]
        # Outside tables, too, some write the bar as \|.
        token.meta = {
            "name": found["name"].strip().removesuffix("\\"),
            "place": (found["place"] or "").removesuffix("\\").strip("# "),
            "text": (found["text"] or "").strip(),
        }
    state.pos = found.end()
    return True


def comment(state: StateInline, silent: bool) -> bool:
    """Leave out Obsidian's %%comments%%, but for their line breaks; 100%% begins none, and %%f to %%f is none."""
    start = state.pos
    if not state.src.startswith("%%", start) or _WORD.match(state.src[max(0, start - 1) : start]):
        return False
    if state.html_terminator_last("%%") < start + 2:
        return False
    end = state.src.find("%%", start + 2, state.posMax)
    if end < 0 or (not state.src[start + 2].isspace() and _VARIABLE.match(state.src, end - 1)):
        return False
    if not silent:
        state.append_pending("\n" * state.src.count("\n", start, end))
    state.pos = end + 2
    return True


def attributes(state: StateInline, silent: bool) -> bool:
    """Give {#id .class} behind a picture, a link or code to it."""
    if silent or state.pending or not state.tokens or state.tokens[-1].type not in _MAY_HAVE_ATTRIBUTES:
        return False
    found = read_attributes(state.src, state.pos)
    if not found:
        return False
    end, given = found
    _opening(state.tokens).attrs.update(given)
    state.pos = end
    return True


def _opening(tokens: list[Token]) -> Token:
    """Return the token that opens what the last one closes."""
    depth = 0
    for token in reversed(tokens):
        depth += token.nesting
        if depth == 0:
            return token
    return tokens[-1]


def read_attributes(text: str, start: int) -> tuple[int, Attributes] | None:
    """Return where {#id .class name=value} ends that begins at an offset, and its id, class and data-tasks.

    mdit-py-plugins has a reader of its own, which takes {% … %} for a comment and leaves it out.
    """
    found = _ATTRIBUTES.match(text, start)
    if not found:
        return None
    classes = []
    given: Attributes = {}
    for part in _ATTRIBUTE.finditer(found[0]):
        if part["sign"] == "#":
            given["id"] = part["word"]
        elif part["sign"]:
            classes.append(part["word"])
        elif part["name"] in {"id", "class", "data-tasks"}:
            given[part["name"]] = part["quoted"] or part["bare"] or ""
    if classes:
        given["class"] = " ".join(classes)
    return found.end(), given
