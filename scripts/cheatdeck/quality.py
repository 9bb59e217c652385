"""What makes a card good: rules on what is asked and answered, and on how words are written.

They follow the twenty rules of formulating knowledge (Piotr Wozniak, supermemo.com, 1999): one thing at a
time, no lists, nothing that gives the answer away, no doubles.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise, zip_longest

from cheatdeck import model
from cheatdeck.model import Block, Inline, Kind, Notebook, Span
from cheatdeck.problems import Code, Problem
from cheatdeck.prompts import Prompt, prompts, sections_by_limit

MOST_WORDS = 25
MOST_WORDS_BOXED = 45
MOST_DELETIONS = 4
MOST_ITEMS = 5
MOST_COLUMNS = 60
ALIKE = 0.85
_WORDS_OF_AN_ITEM = 4
_SHOWN = 20

_WORD = re.compile(r"[^\W_][\w.@/:+’'-]*")
_AUXILIARY = re.compile(r"(is|are|can|does|do|may|must|will|should|has|have|was|were|did|could|would)\b", re.IGNORECASE)
_YES_NO = re.compile(r"(yes|no)\b", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"[~≈]?\s*\d[\d.,]*")
_HIDDEN = re.compile(r"\x02([^\x03]*)\x03\s*(\S?)")
_MOJIBAKE = re.compile(r"Ã[\x80-\xbf]|â€|Â[\xa0-\xbf]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f�\ufffe\uffff]")
_ENDLESS = re.compile(r"\S{1001,}+")
_STRAIGHT, _CURLY = re.compile("[\"']"), re.compile("[“”‘’]")
_STOP = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be by can do does for from has have how in into is it its may of on one or that the their
        them then there these they this to until up was what when where which who whose why will with you your""",
    )
)


def check(notebook: Notebook) -> list[Problem]:
    """Return all problems that the rules find."""
    asked = prompts(notebook)
    boxed = {
        block.key
        for block in _blocks(notebook)
        if isinstance(block, model.Question) and block.look is not model.Look.LISTED
    }
    found = [
        problem
        for prompt in asked
        for problem in long_answers(prompt, MOST_WORDS_BOXED if prompt.key in boxed else MOST_WORDS)
    ]
    found += [problem for rule in PROMPT_RULES for prompt in asked for problem in rule(prompt)]
    found += [problem for rule in NOTEBOOK_RULES for problem in rule(notebook)]
    return [*found, *unnamed(asked, notebook.settings.names), *doubles(asked)]


# One prompt at a time


def long_answers(prompt: Prompt, most: int) -> Iterator[Problem]:
    """An answer is short enough to be said in one breath: 25 words, or 45 in a box."""
    words = answer_words(prompt)
    if words > most:
        hint = "cut it to what is asked, or make two cards of it"
        yield Problem(Code.LONG_ANSWER, prompt.span, f"an answer of {words} words, of {most} at most", hint)


def many_deletions(prompt: Prompt) -> Iterator[Problem]:
    """A note hides four things at most."""
    numbers = {mark.number for mark in prompt.marks}
    if len(numbers) > MOST_DELETIONS:
        hint = 'split the sentence, or hide words together with data-cloze="1"'
        message = f"{len(numbers)} deletions, of {MOST_DELETIONS} at most"
        yield Problem(Code.MANY_DELETIONS, prompt.span, message, hint)


def long_lists(prompt: Prompt) -> Iterator[Problem]:
    """An answer lists five things at most."""
    lists = [len(block.items) for block in model.blocks(prompt.back) if isinstance(block, model.ItemList)]
    parts = re.split(r"[,;]\s*(?:and\s|or\s)?|\sand\s", answer_text(prompt))
    if len(parts) > MOST_ITEMS and all(len(part.split()) <= _WORDS_OF_AN_ITEM for part in parts):
        lists.append(len(parts))
    if prompt.kind is not Kind.EXAMPLE and lists and max(lists) > MOST_ITEMS:
        message = f"an answer that lists {max(lists)} things, of {MOST_ITEMS} at most"
        yield Problem(Code.LONG_LIST, prompt.span, message, "split it: ask for groups, or for each of them")


def given_away(prompt: Prompt) -> Iterator[Problem]:
    """Neither the question nor another deletion holds the answer."""
    if prompt.kind is Kind.CLOZE:
        # Each is looked for among all others, and so many are a problem of their own.
        for mark in prompt.marks[:_COMPARED]:
            hidden = content_words(model.plain(mark.children))
            shown = content_words(_without(prompt.front, mark.number))
            if hidden and hidden <= shown:
                hint = 'reword the sentence, or hide both with the same data-cloze="…"'
                yield Problem(Code.GIVEN_AWAY, prompt.span, f"“{model.plain(mark.children)}” stands there twice", hint)
    elif prompt.kind not in {Kind.DEFINITION, Kind.DIAGRAM, Kind.EXAMPLE}:
        answer = content_words(answer_text(prompt))
        if answer and answer <= content_words(model.plain(prompt.front)):
            hint = "ask without the words of the answer"
            yield Problem(Code.GIVEN_AWAY, prompt.span, "the question holds the answer", hint)


_COMPARED = 50


def yes_or_no(prompt: Prompt) -> Iterator[Problem]:
    """A question cannot be answered with yes or no: half of the guesses would be right."""
    if prompt.kind not in {Kind.QUESTION, Kind.DIAGRAM}:
        return
    last = re.split(r"(?<=[.!?:])\s+", model.plain(prompt.front).strip())[-1]
    if (last.endswith("?") and _AUXILIARY.match(last)) or _YES_NO.match(answer_text(prompt)):
        hint = "ask for the thing itself: what, which, why, how many"
        yield Problem(Code.YES_NO, prompt.span, "a question that yes or no would answer", hint)


def bare_numbers(prompt: Prompt) -> Iterator[Problem]:
    """A number has its unit."""
    hidden = [(found[1], found[2]) for found in _HIDDEN.finditer(_marked(prompt.front))]
    bare = [number for number, behind in hidden if _BARE_NUMBER.fullmatch(number) and not _is_unit(behind)]
    answer = answer_text(prompt)
    if prompt.kind is not Kind.CLOZE and _BARE_NUMBER.fullmatch(answer):
        bare.append(answer)
    for number in bare:
        yield Problem(Code.BARE_NUMBER, prompt.span, f"“{number}” has no unit", "say of what: 300 calls per second")


def _is_unit(character: str) -> bool:
    return character.isalpha() or character in {"%", "×", "°"}


PROMPT_RULES = (many_deletions, long_lists, given_away, yes_or_no, bare_numbers)


# All prompts together


def unnamed(asked: tuple[Prompt, ...], names: tuple[str, ...]) -> Iterator[Problem]:
    """A front names its service, so that it makes sense among a thousand others."""
    if not names:
        return
    any_name = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})s?(?!\w)")
    for prompt in asked:
        if not any_name.search(model.plain(prompt.front)):
            hint = "name the service, or add its name to `names` in notebook.toml"
            yield Problem(Code.UNNAMED, prompt.span, "nothing in front says which service is meant", hint)


def doubles(asked: tuple[Prompt, ...]) -> Iterator[Problem]:
    """No two prompts ask nearly the same."""
    words = [content_words(model.plain(prompt.front)) for prompt in asked]
    frequency = Counter(word for found in words for word in found)
    by_rare_word: dict[str, list[int]] = defaultdict(list)
    by_words: dict[frozenset[str], list[int]] = defaultdict(list)
    for position, found in enumerate(words):
        by_words[found].append(position)
        for word in sorted(found, key=lambda word: (frequency[word], word))[:3]:
            by_rare_word[word].append(position)
    # A word that so many have is not rare; those that are the same to the word are found all the same.
    pairs = {pair for group in by_rare_word.values() if len(group) <= _CROWD for pair in combinations(group, 2)}
    pairs |= {pair for found, group in by_words.items() if found for pair in pairwise(group)}
    for first, second in (
        (asked[one], asked[other]) for one, other in sorted(pairs) if _alike(words[one], words[other])
    ):
        # Rows of a table share its caption; ids that stand twice are a problem of their own.
        if {first.kind, second.kind} != {Kind.ROW} and first.key != second.key:
            place = f"{first.span.file}:{first.span.line}"
            hint = "drop one of them, or make the difference stand out"
            yield Problem(Code.DOUBLE, second.span, f'asks nearly the same as "{first.key}" ({place})', hint)


_CROWD = 500


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) / len(one | other) >= ALIKE


# The notebook's words


def limits(notebook: Notebook) -> Iterator[Problem]:
    """A limit is shown somewhere, as it is written in limits.toml, and rests on something."""
    known = notebook.limits_by_id()
    for section in notebook.sections():
        for content in model.section_contents(section):
            for inline in model.inlines(content):
                if isinstance(inline, model.LimitRef) and inline.limit in known:
                    printed, value = model.plain(inline.children).strip(), known[inline.limit].value
                    if printed != value:
                        hint = f"print {value}, or correct limits.toml"
                        message = f'"{printed}" is not the value of {inline.limit}'
                        yield Problem(Code.OTHER_VALUE, inline.span, message, hint)
    shown = sections_by_limit(notebook)
    for limit in notebook.limits:
        if limit.key not in shown:
            hint = f'print it in the section that owns it: <data value="{limit.key}">{limit.value}</data>'
            yield Problem(Code.HIDDEN_LIMIT, limit.span, f'no section shows limit "{limit.key}"', hint)
        if not limit.source and not limit.check:
            hint = "add a source that was seen, or a check against AWS's own models"
            yield Problem(Code.UNPROVEN_LIMIT, limit.span, f'limit "{limit.key}" rests on nothing', hint)


def wide_code(notebook: Notebook) -> Iterator[Problem]:
    """Code fits a column of the sheet and a phone turned on its side: 60 characters."""
    for block in _blocks(notebook):
        if isinstance(block, model.Code):
            widest = max(map(len, block.text.splitlines()), default=0)
            if widest > MOST_COLUMNS:
                message = f"code {widest} characters wide, of {MOST_COLUMNS} at most"
                yield Problem(Code.WIDE_CODE, block.span, message, "break the line, or shorten names")


def undescribed_pictures(notebook: Notebook) -> Iterator[Problem]:
    """A picture is described for those who do not see it."""
    for block in _blocks(notebook):
        if isinstance(block, model.Diagram) and block.description == model.plain(block.caption) != "":
            hint = "say what the picture shows in a line of the diagram: accDescr: …"
            yield Problem(Code.UNDESCRIBED, block.span, "a diagram without a description", hint)


def mojibake(notebook: Notebook) -> Iterator[Problem]:
    """Letters are what the writer typed."""
    for text, span in _written(notebook):
        if found := _MOJIBAKE.search(text):
            shown = "".join(letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in found[0])
            message = f"“{shown}” looks like a letter in the wrong encoding"
            yield Problem(Code.MOJIBAKE, span, message, "type the letter again, and save the file as UTF-8")


def _written(notebook: Notebook) -> Iterator[tuple[str, Span]]:
    """Yield whatever is shown of the notes, in attributes and diagrams too, with its place."""
    for block in _blocks(notebook):
        match block:
            case model.Code(text=text, span=span):
                yield text, span
            case model.Diagram(source=text, source_span=span):
                yield text, span
            case _:
                pass
    for inline in (inline for content in _contents(notebook) for inline in model.inlines(content)):
        match inline:
            case model.Text(text=text, span=span):
                yield text, span
            case model.Term(title=text, span=span) | model.Styled(title=text, span=span):
                yield text, span
            case _:
                pass
    for section in notebook.sections():
        yield from ((source.title, source.span) for source in section.sources)


def endless_words(notebook: Notebook) -> Iterator[Problem]:
    """A word of prose has an end; what has none takes minutes to be laid out."""
    for content in _contents(notebook):
        found = _ENDLESS.search(model.plain(content))
        if found:
            hint = "put blanks into it, or have it in <pre><code>"
            message = f"a word of {len(found[0]):,} letters"
            yield Problem(Code.ENDLESS_WORD, content[0].span, message, hint)


def mixed_quotes(notebook: Notebook) -> Iterator[Problem]:
    """Quotes are curly everywhere or straight everywhere; code is left alone."""
    texts = list(_texts(notebook))
    if any(_CURLY.search(text.text) for text in texts):
        for text in texts:
            if found := _STRAIGHT.search(text.text):
                yield Problem(Code.MIXED_QUOTES, text.span, f"a straight {found[0]}", "write ’ “ ” as elsewhere")


def two_spellings(notebook: Notebook) -> Iterator[Problem]:
    """A name is spelt in one way."""
    found: dict[str, dict[str, list[tuple[str, Span]]]] = defaultdict(lambda: defaultdict(list))
    for text in _texts(notebook):
        for word in re.findall(r"[^\W\d_]{4,}", text.text):
            # The first letter may be large at the start of a sentence.
            found[word.lower()][word[1:]].append((word, text.span))
    for spellings in found.values():
        usual, *others = sorted(spellings, key=lambda form: (-len(spellings[form]), form))
        for other in others:
            if not (other.isupper() or usual.isupper()):
                (word, span), (elsewhere, _) = spellings[other][0], spellings[usual][0]
                message = f"“{word}” is elsewhere spelt “{elsewhere}”"
                yield Problem(Code.TWO_SPELLINGS, span, message, "keep to one spelling")
    yield from _hyphens(notebook)


def _hyphens(notebook: Notebook) -> Iterator[Problem]:
    named = [section.title for section in notebook.sections()]
    named += [term.children for content in _contents(notebook) for term in model.inlines(content)
              if isinstance(term, model.Term)]  # fmt: skip
    compounds = {
        (found[1], found[2])
        for content in named
        for found in re.finditer(r"\b(\w+)-(\w+)\b", model.plain(content).lower())
    }
    joined = {"".join(parts) for parts in compounds}
    for text in _texts(notebook):
        words = list(re.finditer(r"\w+", text.text))
        for word, following in zip_longest(words, words[1:]):
            both = f"{word[0]} {following[0]}" if following else ""
            if word[0].lower() in joined:
                apart = word[0]
            elif tuple(both.lower().split()) in compounds and text.text.startswith(both, word.start()):
                apart = both
            else:
                continue
            message = f"“{apart}” is elsewhere spelt with a hyphen"
            yield Problem(Code.TWO_SPELLINGS, text.span, message, "keep to one spelling")
            break


NOTEBOOK_RULES = (limits, wide_code, undescribed_pictures, mojibake, endless_words, mixed_quotes, two_spellings)


# Words of prompts and notebooks


def answer_text(prompt: Prompt) -> str:
    """Return the words of an answer, code blocks and the term that is defined left out."""
    parts = [model.plain(content).strip() for block in model.blocks(prompt.back) for content in model.contents(block)]
    text = " ".join(part for part in parts if part)
    if prompt.kind is Kind.DEFINITION:
        return text.removeprefix(model.plain(prompt.front)).lstrip(" :,–-")
    return "" if prompt.kind is Kind.DIAGRAM else text


def answer_words(prompt: Prompt) -> int:
    """Return how many words an answer has."""
    return len(_WORD.findall(answer_text(prompt)))


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that mean something, in lower case, without a plural's s."""
    words = (word.lower().rstrip(".:’'") for word in _WORD.findall(text))
    return frozenset(word.removesuffix("s") if len(word) > len("sqs") else word for word in words if word not in _STOP)


def _marked(content: tuple[Inline, ...]) -> str:
    """Return plain text with deletions between STX and ETX."""
    return "".join(
        f"\x02{model.plain(part.children)}\x03"
        if isinstance(part, model.Mark)
        else model.plain((part,))
        if isinstance(part, model.Text | model.Break | model.Value)
        else _marked(part.children)
        for part in content
    )


def _without(content: tuple[Inline, ...], number: int) -> str:
    """Return plain text without the deletions of a number."""
    return "".join(
        ""
        if isinstance(part, model.Mark) and part.number == number
        else model.plain((part,))
        if isinstance(part, model.Text | model.Break | model.Value)
        else _without(part.children, number)
        for part in content
    )


def _blocks(notebook: Notebook) -> Iterator[Block]:
    for section in notebook.sections():
        yield from model.blocks(section.blocks)


def _contents(notebook: Notebook) -> Iterator[tuple[Inline, ...]]:
    for section in notebook.sections():
        yield from model.section_contents(section)


def _texts(notebook: Notebook) -> Iterator[model.Text]:
    """Yield all texts outside of code."""
    for content in _contents(notebook):
        yield from _prose(content)


def _prose(content: tuple[Inline, ...]) -> Iterator[model.Text]:
    for part in content:
        match part:
            case model.Text():
                yield part
            case model.Break() | model.Value() | model.Styled(tag="code") | model.Styled(tag="kbd"):
                pass
            case _:
                yield from _prose(part.children)
