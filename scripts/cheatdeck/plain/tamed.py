"""HTML as anybody writes it -> HTML that every parser reads alike, with each letter of it in its old place.

Parsers differ, between versions of Python too, in what they make of a comment, a declaration or a tag that never ends:
some take what follows for a part of it, some look for its end again and again, which takes for ever.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5

from cheatdeck.page import ENDLESS, SWALLOWING
from cheatdeck.source import LONG_NUMBER, TAG

# Stand for a < that begins no tag, and for an & that begins no name of a letter; Unicode keeps them for such uses.
LESS, AND = "\ufdd0", "\ufdd1"
_COMMENT_END = re.compile("--!?>")
_SHORTEST_COMMENT = len("<!---->")
_PIECE = re.compile(
    rf"""(?P<empty><!---?>)|(?P<comment><!--)|<!doctype\b[^<>]*+>|(?P<declared><[!?][^<>]*+>)
    |{TAG.pattern}|<[a-z][^<>"'\0]*+>|(?P<spoilt></?[a-z][\w:-]*+)[^<>]*+>
    |(?P<less><(?=[!?/a-z]))""",
    re.IGNORECASE | re.VERBOSE,
)
# An entity that a page declares may name itself, and grow without end.
_ENTITIES = re.compile(r"\s*+(?:<\?xml\b[^<>]*+>\s*+)?<!doctype\b[^<>\[]*+\[[^\]]*+\]\s*+>", re.IGNORECASE)
_LETTER = re.compile(r"&(?=([a-z][a-z0-9]*+;))", re.IGNORECASE)
_NAME = re.compile(r"<([a-z][^\s/>]*+)", re.IGNORECASE)
_END = re.compile(rf"</({'|'.join(SWALLOWING)})\s*+>", re.IGNORECASE | re.ASCII)
_NO_TEXT = str.maketrans(dict.fromkeys((LESS, AND), "\N{REPLACEMENT CHARACTER}"))
_UNSEEN = frozenset({"script", "style"})


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that is no HTML, by the offset at which it begins; what it is, and what to do about it."""

    offset: int
    message: str
    hint: str


@dataclass
class Tamed:
    """A page that all parsers read alike; `text` has `LESS` for each < that was taken for text, and `AND` for an &."""

    text: str
    oddities: list[Oddity] = field(default_factory=list)

    @classmethod
    def of(cls, page: str) -> "Tamed":
        """Return a page in which all that begins like markup ends, in time that grows with the page's length.

        Comments, declarations and scripts are blank.
        """
        tamed = cls(LONG_NUMBER.sub(_no_letter, page.translate(_NO_TEXT)))
        tamed.text = "".join(tamed._pieces())
        return tamed

    def _pieces(self) -> Iterator[str]:
        text = self.text
        entities = _ENTITIES.match(text)
        position = entities.end() if entities else 0
        yield blank(text[:position])
        ends = list(_END.finditer(text))
        last_ends = {end[1].lower(): end.start() for end in ends}
        last_comment_end = max(text.rfind("-->"), text.rfind("--!>"))
        while found := _PIECE.search(text, position):
            start = found.start()
            yield _LETTER.sub(_letter, text[position:start])
            position = found.end()
            if found["empty"] or found["declared"]:
                yield _comment(found[0])
            elif found["comment"] and position <= last_comment_end and (end := _COMMENT_END.search(text, position)):
                position = end.end()
                yield _comment(text[start:position])
            elif found["comment"] or found["less"]:
                what = "a comment" if found["comment"] else "a declaration" if text[start + 1] in "!?" else "a tag"
                yield self._less(found, f"{what} that never ends, taken for text")
            elif (name := _name(found[0])) == ENDLESS or (name in SWALLOWING and last_ends.get(name, -1) < position):
                yield self._less(found, f"<{name}> is never closed, and was taken for text")
            else:
                yield self._tag(found)
                if name in _UNSEEN:
                    end = next(end for end in ends if end.start() >= position and end[1].lower() == name)
                    inner = text[position : end.start()]
                    # Styles tell what word processors have as classes.
                    yield inner.replace("<", " ") if name == "style" else blank(inner)
                    position = end.start()
        yield _LETTER.sub(_letter, text[position:])

    def _less(self, found: re.Match[str], message: str) -> str:
        """Return something that does not end as text; </3 was meant to be."""
        if not re.match(r"</[^a-z]", self.text[found.start() : found.start() + 3], re.IGNORECASE):
            self.oddities.append(Oddity(found.start(), message, "end it, or write &lt; for a < in text"))
        return f"{LESS}{found[0][1:]}"

    def _tag(self, found: re.Match[str]) -> str:
        """Return a tag, one with quotes that do not close without its attributes."""
        if not (kept := found["spoilt"]):
            return found[0]
        hint = 'write attributes as name="value", or &lt; for a < in text'
        self.oddities.append(Oddity(found.start(), "a tag whose attributes cannot be told apart, left out", hint))
        return f"{kept}{blank(found[0][len(kept) : -1])}>"


def _letter(found: re.Match[str]) -> str:
    """Return the & that begins a letter's name, or what stands for another one: parsers lose the semicolon."""
    return "&" if found[1] in html5 else AND


def _comment(text: str) -> str:
    """Return a comment, or a declaration as one, without what it says; spaces where it is too short to be one."""
    return f"<!--{blank(text[4:-3])}-->" if len(text) >= _SHORTEST_COMMENT else blank(text)


def blank(text: str) -> str:
    """Return spaces, on as many lines."""
    return re.sub(r"[^\n]", " ", text)


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1].lower() if found else ""


def _no_letter(number: re.Match[str]) -> str:
    """Return a reference to the letter for what is none, as long as the number of one that no parser can read."""
    end = ";" if number[0].endswith(";") else ""
    return f"&#x{'FFFD'.rjust(len(number[0]) - len('&#x') - len(end), '0')}{end}"
