"""What in plain text is worth a card: terms with their meanings, sentences, names, what was typed for Anki.

All places are those of characters in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cheatdeck.derive.quantities import quantities
from cheatdeck.quality import content_words
from cheatdeck.slices import MOST_CLOZES, Piece

# Terms and meanings

_APART = re.compile(r"(?<!\s)(?:\s+(?:-{1,3}>|—>|–>|→|=>|⇒|[-–—]{1,2})\s+|\s*::?\s+|\s*—\s*)")
_ARROW = re.compile(r"-{1,3}>|—>|–>|→|=>|⇒|<-{1,3}|<—")
_MOST_TERM_WORDS = 6
_MOST_TERM_LETTERS = 60
_MOST_WORDS_AT_AN_ARROW = 4
# What exporters write at the head of a page.
METADATA = frozenset(
    {"created", "updated", "modified", "edited", "tags", "author", "owner", "url"}
    | {"last edited", "last updated", "last modified", "created by", "created time", "last edited time"}
)
# What stands before a colon or a dash without being a term.
_NO_TERMS = (
    METADATA
    | frozenset(
        re.findall(
            r"\S+",
            """e.g e.g. eg i.e i.e. ie example examples note notes nb n.b tip hint important warning caution attention
        remember todo source sources see ref reference references link links edit update ps p.s yes no ok and or but
        so then also however therefore thus optional optionally default answer question q a why how where when what
        who which more further next previous back date status tag step
        wichtig merke achtung hinweis beispiel
        remarque exemple""",
        )
    )
    | {"see also", "read on", "read more"}
)
# A clause has them, and a term does not; with a capital in the middle of a line they are names: Type I, IT.
_CLAUSE = re.compile(
    r"\b(is|are|was|were|be|been|has|have|had|can|cannot|can't|could|will|would|shall|should|must|may|might|does|do|did|"
    r"don't|doesn't|if|when|because|while|"
    r"default|not|no|only|never|always|you|we|they|it|i|this|that|these|those)\b"
)
# Years are terms in a timeline.
_YEARS = re.compile(r"(?:1\d|20)\d\d(?:\s?[-–]\s?\d{2,4})?")
_IN_PARENTHESES = re.compile(r"\([^()]*\)")
# What is between two things is no name of one.
_LEADS_ON = re.compile(r"\s*(between|from|than|with)\b", re.IGNORECASE)
_HANGS = re.compile(r"\b(a|an|the|of|to|in|on|at|by|for|with|from|and|or|as|than|into|per|via)$", re.IGNORECASE)
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"))


@dataclass(frozen=True, slots=True)
class Meaning:
    """A term, and what is said of it."""

    term: Piece
    meaning: Piece
    is_definition: bool


def meaning(text: str) -> Meaning | None:
    """Return the term that a line begins with, and what follows it after a dash, a colon or an arrow."""
    found = _APART.search(text)
    if not found or found.start() == 0:
        return None
    term, rest = text[: found.start()], text[found.end() :].strip()
    sign = found[0].strip()
    is_arrow = _ARROW.fullmatch(sign) is not None
    most = _MOST_WORDS_AT_AN_ARROW if is_arrow else _MOST_TERM_WORDS
    is_chain = is_arrow and _ARROW.search(rest) is not None
    if not _is_term(term, most) or is_chain or not any(letter.isalnum() for letter in rest) or rest[-1] in "-–—":
        return None
    is_range = term.isdigit() and rest[0].isdigit() and not sign.startswith(":")
    if is_range or rest.startswith(("http://", "https://")) or content_words(rest) <= content_words(term):
        return None
    return Meaning(
        (0, found.start()), (found.end(), len(text)), is_definition=not sign.startswith(":") and not is_arrow
    )


def _is_term(text: str, most_words: int) -> bool:
    words = text.split()
    folded = text.strip(" .").casefold()
    return (
        0 < len(words) <= most_words
        and len(text) <= _MOST_TERM_LETTERS
        and (any(letter.isalpha() for letter in text) or _YEARS.fullmatch(text) is not None)
        and folded not in _NO_TERMS
        and text.rstrip()[-1] not in ",;.!?<"
        and all(text.count(left) == text.count(right) for left, right in _PAIRS)
        and not _CLAUSE.search(_IN_PARENTHESES.sub("", text[0].lower() + text[1:]))
        and not _HANGS.search(text)
        and not _LEADS_ON.match(text)
        and not quantities(text)
    )


_LABEL_WORDS = 8


def is_label(text: str) -> bool:
    """Tell whether a line only says what stands below it is about."""
    words = text.rstrip(" :").split()
    is_short = 0 < len(words) <= _LABEL_WORDS and text.rstrip()[-1] not in ".!;,"
    return is_short and text.strip(" .:").casefold() not in _NO_TERMS


def is_remark(text: str) -> bool:
    """Tell whether the words that a line begins with only say what sort of line it is: Note, Step 2, 3."""
    word = text.strip(" .:!)")
    is_number = word.isdigit() and len(word) <= len("99")
    return not word or is_number or word.rstrip("0123456789").strip().casefold() in _NO_TERMS


# Sentences and names

_END = re.compile(r"(?<![.!?…])[.!?…]+[)”\"'’]*\s+(?=[\"“(\[]?[A-Z0-9À-Þ])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|ca|cf|freq|infreq|prev|temp|perf|max|min|fig|dr|mr|mrs|st|resp|incl|apl|env|"
    r"req|z\.b|d\.h|u\.a|bzw|vgl|ggf|evtl|v|n|prof|gen|gov|sen|lt|col|jr|et al))\.$"
    # Initials, and numbers of a day, a century or a king.
    r"|(?-i:\b[A-Z]\.$)|(?<![\d.,])\d{1,2}\.$",
    re.IGNORECASE,
)
# These are words, too, where no number follows: the answer is no.
_NUMBERED = re.compile(r"\b(?:no|nr|art|abs|sec|vol|pp?)\.$", re.IGNORECASE)
_LONGEST_ABBREVIATION = 12
_MOST_BREATH = 40


def sentences(text: str) -> Iterator[Piece]:
    """Yield the sentences of a text, without the white space between them."""
    start = 0
    for match in _END.finditer(text):
        end = match.start() + len(match[0].rstrip())
        before = text[max(0, end - _LONGEST_ABBREVIATION) : end]
        is_number_of = text[match.end()].isdigit() and _NUMBERED.search(before)
        if not is_number_of and not _ABBREVIATED.search(before):
            yield start, end
            start = match.end()
    if text[start:].strip():
        yield start, start + len(text[start:].rstrip())


_NAME = re.compile(
    r"\b(?:[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}[\w-]*|[a-z]+[A-Z]\w*|[A-Z][a-z]+(?:\s[A-Z][a-z]+)+|[A-Z][a-z]{3,})\b"
)
# Behind these a word has a capital whatever it is.
_BEGINS = re.compile(r"(?:^|[.!?:;•]|\s[—–-]+)[\s\"“(]*$")
# Words with the ending of a noun, for languages that have such.
_NOUN = re.compile(r"\b[^\W\d_]{4,}(?:tion|ment|ity|ance|ence|ism|logy|ness|ship|ung|heit|keit|schaft)s?\b(?!-)")


def breaths(text: str) -> list[Piece]:
    """Return a line as it is said in one breath: all of it, or each sentence of a long one."""
    return [(0, len(text))] if len(text.split()) <= _MOST_BREATH else list(sentences(text))


def names(text: str) -> Iterator[Piece]:
    """Yield what looks like a name in a sentence, its first word apart, the most telling first; then other nouns."""
    found = [match.span() for match in _NAME.finditer(text) if not _BEGINS.search(text[: match.start()])]
    yield from sorted(found, key=lambda piece: -sum(letter.isupper() for letter in text[piece[0] : piece[1]]))
    nouns = [match.span() for match in _NOUN.finditer(text) if match.start() > 0]
    yield from sorted(nouns, key=lambda piece: piece[0] - piece[1])


# What stands in notes without being a part of what they say

_FOOTNOTE = re.compile(r"\[\w{1,12}\]")
_TAG = re.compile(r"#(?=[\w/-]*[^\W\d_])[\w/-]+")
_WORD = re.compile(r"\S+")
# Sections that lead elsewhere.
_SOURCES = re.compile(
    r"(references|sources|further reading|external links|see also|bibliography|footnotes|citations|attachments|"
    r"einzelnachweise|quellen|literatur|weblinks|siehe auch):?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b")


def is_footnote(text: str) -> bool:
    """Tell whether a raised text leads to a footnote or a source: [1]."""
    return _FOOTNOTE.fullmatch(text.strip()) is not None


def tags_start(text: str) -> int:
    """Return where the tags at a text's end begin, #bees #illness/mites; the text's length if there are none."""
    start = len(text)
    for word in reversed(list(_WORD.finditer(text))):
        if not _TAG.fullmatch(word[0]):
            break
        start = word.start()
    return start


def names_sources(title: str) -> bool:
    """Tell whether a section's title says that it has sources and links."""
    return _SOURCES.fullmatch(re.sub(r"^[\d.]+\s+", "", title.strip())) is not None


def names_year(text: str) -> bool:
    """Tell whether a text names a year, as sources do."""
    return _YEAR.search(text) is not None


# Questions and deletions typed by hand

# F. is an initial more often.
_QUESTION = re.compile(r"\s*(?:(?:Q|Question)\s*(?P<sign>[:.)])|(?:F|Frage)\s*:)\s*", re.IGNORECASE)
_ANSWER = re.compile(r"\s*(?:A|Answer|Antwort)\s*(?P<sign>[:.)])\s*", re.IGNORECASE)
_ANSWER_WITHIN = re.compile(r"\s(?:A|Answer|Antwort)\s*(?P<sign>[:.)])\s+")
_SECOND = re.compile(r"(?:^|\s)B\s*(?P<sign>[:.)])\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a question begins behind its Q:, and the sign there, which its answer has, too."""

    start: int
    sign: str


def question(text: str) -> Asked | None:
    """Return where a question begins, in a line that is typed as one."""
    found = _QUESTION.match(text)
    return Asked(found.end(), found["sign"] or ":") if found and found.end() < len(text) else None


def answer_start(text: str, asked: Asked, after: str) -> int:
    """Return where an answer begins behind its A:, or 0 if there is none; `after` is the line after it."""
    found = _ANSWER.match(text)
    if not found or found["sign"] != asked.sign or found.end() == len(text):
        return 0
    second = _SECOND.match(after)
    is_choice = _has_second(text, asked) or (second is not None and second["sign"] == asked.sign)
    return 0 if is_choice else found.end()


def answer_within(text: str, asked: Asked) -> Piece | None:
    """Return the A: that divides a line into a question and its answer."""
    for found in _ANSWER_WITHIN.finditer(text, asked.start):
        # A. behind anything but a question mark is an initial more often.
        is_sign = found["sign"] == asked.sign and (asked.sign == ":" or text[found.start() - 1] == "?")
        if is_sign and found.end() < len(text):
            return None if _has_second(text[found.end() :], asked) else found.span()
    return None


def _has_second(text: str, asked: Asked) -> bool:
    """Tell whether a second answer to choose from is in a text: B, with the sign of the question."""
    return any(found["sign"] == asked.sign for found in _SECOND.finditer(text))


_CLOZE = re.compile(
    r"\{\{c(?P<number>[1-9]\d{0,2})::(?P<hidden>.{1,500}?)(?:::(?P<hint>[^{}]{0,200}?))?\}\}", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deletion as Anki writes it: all of it, what it hides, its hint, which may be empty, and its number."""

    whole: Piece
    hidden: Piece
    hint: Piece
    number: int


def deletions(text: str) -> list[Deletion]:
    """Return the deletions that are typed as Anki has them: {{c1::hidden::hint}}."""
    found = []
    for match in _CLOZE.finditer(text):
        hint = match.span("hint") if match["hint"] else (match.end(), match.end())
        if "{{c" not in match["hidden"] and int(match["number"]) <= MOST_CLOZES:
            found.append(Deletion(match.span(), match.span("hidden"), hint, int(match["number"])))
    return found
