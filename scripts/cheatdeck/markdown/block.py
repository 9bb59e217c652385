"""What notes write in lines of their own beyond CommonMark: questions, callouts, comments, math, attributes.

Each rule has markdown-it's signature: whether it matches at a line; with `silent` it makes no tokens.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_block import table as gfm_table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from cheatdeck.markdown.inline import Attributes, read_attributes

# Q: and A:, in bold or not, in a list or not: **Q:** … and **Q**: …, or all of **Q: the question**.
_LABEL = re.compile(
    r"(?P<bullet>(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)?(?P<bold>\*\*|__|)"
    r"(?:(?P<asks>Q|Question)|A|Answer)(?: ?[0-9]{1,4})?(?:(?P=bold):|:(?P=bold)|(?P<all_bold>:))[ \t]*"
)
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")
_FENCE = re.compile(r"`{3,}|~{3,}")
_BULLET = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
# 9. November 1989: no list that begins with number 9.
DATE = re.compile(r"[0-9]{1,2}\.[ \t]+[^\W\d_]{3,12}\.?[ \t]+[0-9]{3,4}\b")
_ASIDE = re.compile(r"<aside(?:[ \t][^<>]*)?>[ \t]*", re.IGNORECASE)
_CALLOUT = re.compile(r"\[!(?P<kind>[A-Za-z][\w -]*)(?:\|[^\]\n]*)?\][+-]?(?:[ \t]+(?P<title>[^\n]*\S))?[ \t]*(?:\n|$)")
_BLOCK_ID = re.compile(r"\^(?P<id>[A-Za-z0-9][A-Za-z0-9-]{2,})")
_AT_END = re.compile(rf"(?<=\s)(?:\{{[^{{}}\n]*\}}|{_BLOCK_ID.pattern})$")
# Whose paragraph is theirs alone, and of which element a part is.
_HOLDERS = {"list_item_open", "dd_open", "answer_open"}
_WHOLE = {"th_open": "tr_open", "td_open": "tr_open", "asked_open": "question_open", "answer_open": "question_open"}
_LONGEST_ATTRIBUTES = 300
_MOST_BRACKETS = 20
_DONE, _OPEN = "\N{BALLOT BOX WITH CHECK}", "\N{BALLOT BOX}"
_ANYWHERE = ["paragraph", "reference", "blockquote", "list"]


def add_block_rules(md: MarkdownIt) -> None:
    """Add the rules to a parser."""
    md.block.ruler.at("table", table, {"alt": ["paragraph", "reference"]})
    md.block.ruler.at("list", lists, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block.ruler.before("blockquote", "questions", questions, {"alt": _ANYWHERE})
    md.block.ruler.before("blockquote", "aside", aside, {"alt": _ANYWHERE})
    md.block.ruler.before("blockquote", "comment", comment, {"alt": _ANYWHERE})
    md.block.ruler.before("blockquote", "math", math, {"alt": _ANYWHERE})
    md.block.ruler.before("blockquote", "attributes", attributes, {"alt": _ANYWHERE})
    md.core.ruler.after("block", "callouts", callouts)
    md.core.ruler.after("callouts", "tasks", tasks)
    md.core.ruler.after("tasks", "paragraphs", show_paragraphs)
    md.core.ruler.after("paragraphs", "attributes", place_attributes)
    md.core.ruler.before("inline", "brackets", leave_brackets)


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


@lru_cache(maxsize=2)
def _lines_with(text: str, part: str) -> tuple[int, ...]:
    """Return the numbers of the lines that have a part in them."""
    found: list[int] = []
    line, counted = 0, 0
    for match in re.finditer(re.escape(part), text, re.IGNORECASE):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        found.append(line)
    return tuple(found)


def _next_line_with(state: StateBlock, part: str, start: int, end: int) -> int | None:
    """Return the first line from `start` and before `end` that has a part in it."""
    lines = _lines_with(state.src, part)
    place = bisect_left(lines, start)
    return lines[place] if place < len(lines) and lines[place] < end else None


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table, cells with their line; `meta` of a row has those without a column, which GitHub leaves out."""
    first = len(state.tokens)
    if not gfm_table(state, start, end, silent):
        return False
    columns = sum(token.type == "th_open" for token in state.tokens[first:])
    lines: list[int] | None = None
    for token in state.tokens[first:]:
        token.attrs.pop("style", None)
        if token.type in {"th_open", "td_open"}:
            token.map = lines
        elif token.type == "tr_open" and token.map:
            lines = token.map
            row = _text(state, token.map[0]).strip().removeprefix("|").removesuffix("|")
            cells = escapedSplit(row) if row.count("|") >= columns else []
            token.meta["excess"] = " ".join(" ".join(cells[columns:]).split())
    return True


@dataclass(frozen=True, slots=True)
class _Pair:
    """A question from its line to that of its answer, whose text begins at an offset."""

    question: str
    line: int
    answer: int
    offset: int
    in_list: bool


def questions(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines that begin with Q: and A: as a list of questions."""
    pair = _pair(state, start, end)
    if pair is None or silent:
        return pair is not None
    lines = [start, start]
    state.push("dl_open", "dl", 1).map = lines
    while pair is not None:
        lines[1] = state.line = _push(state, pair, end)
        pair = _pair(state, state.skipEmptyLines(state.line), end)
    state.push("dl_close", "dl", -1)
    return True


def _pair(state: StateBlock, line: int, end: int) -> _Pair | None:
    asked = _label(state, line, end)
    if not asked or not asked["asks"]:
        return None
    words = [(asked["bold"] if asked["all_bold"] else "") + state.src[asked.end() : state.eMarks[line]].strip()]
    at = line + 1
    while at < end and not state.isEmpty(at) and not _label(state, at, end):
        text = _text(state, at).strip()
        if state.sCount[at] < state.blkIndent or _HEADING.match(text) or _FENCE.match(text):
            return None
        words.append(text)
        at += 1
    at = state.skipEmptyLines(at)
    answered = _label(state, at, end)
    if not answered or answered["asks"] or not any(words):
        return None
    return _Pair("\n".join(words).strip(), line, at, answered.end(), answered["bullet"] is not None)


def _label(state: StateBlock, line: int, end: int) -> re.Match[str] | None:
    if line >= end or state.sCount[line] < state.blkIndent or state.is_code_block(line):
        return None
    return _LABEL.match(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])


def _push(state: StateBlock, pair: _Pair, end: int) -> int:
    """Make the tokens of a question and its answer; return the line after them."""
    end = _answer_end(state, pair, end)
    state.push("question_open", "div", 1).map = [pair.line, end]
    state.push("asked_open", "dt", 1).map = [pair.line, pair.answer]
    question = state.push("inline", "", 0)
    question.content, question.map, question.children = pair.question, [pair.line, pair.answer], []
    state.push("asked_close", "dt", -1)
    state.push("answer_open", "dd", 1).map = [pair.answer, end]
    first = len(state.tokens)
    _read_answer(state, pair, end)
    paragraphs = [t for t in state.tokens[first:] if t.level == state.level and t.type.startswith("paragraph_")]
    if [token.type for token in paragraphs] == ["paragraph_open", "paragraph_close"]:
        for token in paragraphs:
            token.hidden = True
    state.push("answer_close", "dd", -1)
    state.push("question_close", "div", -1)
    return end


def _answer_end(state: StateBlock, pair: _Pair, end: int) -> int:
    """Return the line after an answer.

    It ends at an empty line, unless all of it follows, or what follows is indented or a list that a colon announces.
    """
    is_empty = pair.offset >= state.eMarks[pair.answer]
    fence = ""
    at = pair.answer + 1
    while at < end:
        if state.isEmpty(at) and not fence:
            following = state.skipEmptyLines(at)
            is_indented = following < end and state.sCount[following] >= state.sCount[pair.answer] + 2
            if following >= end or not (is_empty or is_indented or _announces(state, at - 1, following)):
                break
            at = following
        text = _text(state, at)
        if fence:
            fence = "" if text.startswith(fence) and not text.strip().strip(fence[0]) else fence
        elif _ends_answer(state, pair, at, end):
            break
        elif opened := _FENCE.match(text):
            fence = opened[0]
        is_empty = False
        at += 1
    return at


def _announces(state: StateBlock, line: int, following: int) -> bool:
    """Tell whether a line ends in a colon, and a list follows."""
    return _text(state, line).rstrip().endswith(":") and _BULLET.match(_text(state, following)) is not None


def _ends_answer(state: StateBlock, pair: _Pair, line: int, end: int) -> bool:
    text, indent = _text(state, line), state.sCount[line]
    is_next_item = pair.in_list and _BULLET.match(text) and indent <= state.sCount[pair.answer]
    return bool(is_next_item or indent < state.blkIndent or _HEADING.match(text) or _label(state, line, end))


def _read_answer(state: StateBlock, pair: _Pair, end: int) -> None:
    """Read the lines of an answer as blocks, as if its label were not there."""
    line = pair.answer
    indents = [state.sCount[at] for at in range(line + 1, end) if not state.isEmpty(at)]
    indent = max(state.blkIndent, min(indents, default=0))
    first = line if pair.offset < state.eMarks[line] else line + 1
    kept = state.bMarks[line], state.tShift[line], state.sCount[line]
    kept_around = state.blkIndent, state.lineMax
    state.bMarks[line], state.tShift[line], state.sCount[line] = pair.offset, 0, indent
    state.blkIndent, state.lineMax = indent, end
    state.md.block.tokenize(state, first, end)
    state.bMarks[line], state.tShift[line], state.sCount[line] = kept
    state.blkIndent, state.lineMax = kept_around


def aside(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read Notion's callout, <aside> with Markdown in it, as a quote."""
    opened = _ASIDE.match(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    if not opened or state.is_code_block(start):
        return False
    close = _next_line_with(state, "</aside>", start, end)
    if close is None or not _text(state, close).rstrip().lower().endswith("</aside>"):
        return False
    if silent:
        return True
    kept = state.bMarks[start], state.tShift[start], state.eMarks[close], state.lineMax
    state.push("blockquote_open", "blockquote", 1).map = [start, close + 1]
    state.bMarks[start], state.tShift[start] = opened.end(), 0
    state.eMarks[close] -= len(_text(state, close)) - len(_text(state, close).rstrip()[: -len("</aside>")])
    state.lineMax = close + 1
    state.md.block.tokenize(state, start, close + 1)
    state.push("blockquote_close", "blockquote", -1)
    state.bMarks[start], state.tShift[start], state.eMarks[close], state.lineMax = kept
    state.line = close + 1
    return True


def lists(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a list; a line that begins with a date is none."""
    return not DATE.match(_text(state, start)) and list_block(state, start, end, silent)


def comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Leave out Obsidian's comments that begin and end a line: %% … %%."""
    text = _text(state, start).rstrip()
    if not text.startswith("%%") or state.is_code_block(start):
        return False
    close: int | None = start
    if "%%" not in text[2:]:
        close = _next_line_with(state, "%%", start + 1, end)
    elif silent or text.index("%%", 2) != len(text) - len("%%"):
        # It may be a part of a paragraph.
        return False
    if close is None or not _text(state, close).rstrip().endswith("%%"):
        return False
    if not silent:
        state.line = close + 1
    return True


def math(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Keep lines between \[ and \], which stand alone on theirs, as they are written."""
    if _text(state, start).strip() != r"\[" or state.is_code_block(start):
        return False
    close = start + 1
    while close < end and _text(state, close).strip() not in {"", r"\[", r"\]"}:
        close += 1
    if close >= end or _text(state, close).strip() != r"\]":
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.map = [start, close + 1]
        token.content = "\n".join(_text(state, line) for line in range(start, close + 1))
        state.line = close + 1
    return True


def attributes(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read {#id .class} on a line right above what it is meant for."""
    text = _text(state, start).strip()
    if not text.startswith("{") or start + 1 >= end or state.isEmpty(start + 1) or state.is_code_block(start):
        return False
    found = read_attributes(text, 0)
    if not found or found[0] < len(text) or not found[1]:
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.attrs, token.hidden = found[1], True
        state.line = start + 1
    return True


def callouts(state: StateCore) -> None:
    """Give quotes that begin with [!NOTE] a title in bold: the callout's own, or its kind."""
    tokens: list[Token] = []
    for token in state.tokens:
        found = _CALLOUT.match(token.content) if token.type == "inline" else None
        if not found or [t.type for t in tokens[-2:]] != ["blockquote_open", "paragraph_open"] or not token.map:
            tokens.append(token)
            continue
        first, last = token.map
        title = found["title"] or found["kind"].replace("-", " ").capitalize()
        tokens += [Token("inline", "", 0, content=title, map=[first, first + 1], meta={"strong": True}, children=[])]
        if rest := token.content[found.end() :]:
            lines, level = [first + 1, last], token.level - 1
            tokens.append(Token("paragraph_close", "p", -1, level=level, block=True))
            tokens.append(Token("paragraph_open", "p", 1, level=level, block=True, map=lines))
            tokens.append(Token("inline", "", 0, level=level + 1, content=rest, map=lines, children=[]))
    state.tokens = tokens


def tasks(state: StateCore) -> None:
    """Show what is done and what is not by a sign in front of the item."""
    for item, text in zip(state.tokens, state.tokens[2:], strict=False):
        if item.type == "list_item_open" and "checked" in item.meta:
            is_done = item.meta.pop("checked")
            if text.type == "inline":
                text.content = f"{_DONE if is_done else _OPEN} {text.content}"
        if item.attrs.get("class") in {"task-list-item", "contains-task-list"}:
            item.attrs.pop("class")


def show_paragraphs(state: StateCore) -> None:
    """Make elements of the paragraphs of items that stand behind other blocks: so they have lines and ids."""
    for before, opening, closing in zip(state.tokens, state.tokens[1:], state.tokens[3:], strict=False):
        if opening.type == "paragraph_open" and before.nesting <= 0:
            opening.hidden = closing.hidden = False


def place_attributes(state: StateCore) -> None:
    """Give {#id .class}, above a block or at its end, and Obsidian's ^id, at its end or below it, to the element."""
    tokens: list[Token] = []
    opened: list[_Opened] = []
    above: Token | None = None
    given: Attributes = {}
    for token in state.tokens:
        if token.type == "attributes":
            given |= token.attrs
            continue
        if token.nesting >= 0:
            token.attrs |= given
        given = {}
        tokens.append(token)
        if token.type == "inline":
            _take_attributes(token, opened)
        elif token.nesting > 0:
            opened.append(_Opened(token, above))
            above = None
        elif token.nesting < 0:
            above = opened.pop().token
            token.hidden = above.hidden
        else:
            above = token
    state.tokens = tokens


@dataclass(frozen=True, slots=True)
class _Opened:
    """An element that is open, and the block right above it in the same element."""

    token: Token
    above: Token | None


def _take_attributes(text: Token, opened: list[_Opened]) -> None:
    around = opened[-1]
    text.meta["owner"] = owner = _owner(opened)
    alone = _BLOCK_ID.fullmatch(text.content)
    if alone and around.above and around.token.type == "paragraph_open":
        around.above.attrs["id"] = alone["id"]
        around.token.hidden = True
        text.content = ""
    elif found := _at_end(text.content):
        text.content, at_end = found
        owner.attrs |= at_end
        text.meta["braces"] = True


def _owner(opened: list[_Opened]) -> Token:
    """Return the opening token of the element that a text is a card of, where elements are open around it."""
    around = opened[-1]
    if around.token.type == "paragraph_open" and not around.above and opened[-2:-1]:
        holder = opened[-2].token.type
        kind = holder if holder in _HOLDERS else around.token.type
    else:
        kind = around.token.type
    return next(each.token for each in reversed(opened) if each.token.type == _WHOLE.get(kind, kind))


def leave_brackets(state: StateCore) -> None:
    """Leave texts as they are in which brackets nest deeper than links do: each level multiplies the time to read."""
    for token in state.tokens:
        if (
            token.type == "inline"
            and token.content.count("[") > _MOST_BRACKETS
            and _depth(token.content) > _MOST_BRACKETS
        ):
            token.type = "brackets"


def _depth(text: str) -> int:
    """Return how many brackets are open at once."""
    return max(accumulate(1 if sign == "[" else -1 for sign in re.findall(r"[\[\]]", text)))


def _at_end(content: str) -> tuple[str, Attributes] | None:
    """Return a text without the attributes at its end, and these."""
    found = _AT_END.search(content, max(0, len(content) - _LONGEST_ATTRIBUTES))
    if not found or not (rest := content[: found.start()].rstrip()):
        return None
    if found["id"]:
        return rest, {"id": found["id"]}
    read = read_attributes(content, found.start())
    return (rest, read[1]) if read and read[0] == len(content) and read[1] else None
