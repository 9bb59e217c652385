"""Quantities in plain text: numbers that are worth knowing by heart.

All places are those of characters in the text.
"""

import re

from cheatdeck.quality import content_words
from cheatdeck.slices import Piece

# So many repetitions that a text of nothing but digits is soon read, too.
_NUMBER = r"\d{1,20}(?:[ ,.\u202f]\d{3}){0,4}(?:[.,]\d{1,20})?"
_RANGE = rf"{_NUMBER}(?:\s*(?:-|–|to|/|or|\.\.)\s*{_NUMBER}){{0,6}}"
_UNITS = re.findall(
    r"\S+",
    r"""milliseconds? microseconds? nanoseconds? seconds? secs? minutes? mins? minuten hours? hrs? days? weeks?
    months? quarters? years? ms µs ns fps rpm bits? bytes? [KMGTPEkmgtpe]i?[Bb](?:it|yte)?s? [kKMG]bps
    [KMGT]bit/s bps iops IOPS RCUs? WCUs? vCPUs? rps qps tps percent procent per\s?cent pct ppm % ‰ ° °C °F
    ℃ dollars? euros? cents? USD EUR GBP mm cm dm km nm µm kg mg µg ml mL dl cl hl ha kW MW GW kWh MWh mA kV
    mV Hz kHz MHz GHz THz kPa hPa mbar bar dB kJ MJ kcal kN mol mmol µmol eV keV MeV GeV Ω kΩ MΩ lux lm cd
    px pt dpi km/h m/s mph knots?
    (?:nautical\s|sea\s|square\s)?miles? feet foot ft inch(?:es)? lbs? oz gallons? liters? litres? meters?
    metres? kilometers? kilometres? grams? kilograms? tons? tonnes? degrees? characters? times""",
)
_SHORT_UNITS = "[smhdgtAVWJNKLlC]"
# Behind other words, a single letter is a name more often: 5 A records.
_GOES_ON = (
    r"(?!\s+(?!(?:above|after|and|apart|at|below|by|deep|for|from|high|in|long|of|on|or|per|tall|to|up|wide)\b)"
    r"[^\W\d_])"
)
_RATE = (
    r"(?:\s*/\s*(?:s|sec|second|min|minute|h|hour|day|week|month|year|[A-Za-z]{1,12})\b"
    r"|\s+(?:per|a|an)\s+(?:second|minute|hour|day|week|month|year)\b)?"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,:/@#§$€£-])(?P<number>[~≈<>≤≥±+]?\s?{_RANGE})"
    rf"(?:\s?(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![\w-]){_RATE}"
    rf"|(?P<short>{_SHORT_UNITS})(?![\w-]){_RATE}|\s{_SHORT_UNITS}(?![\w-]){_GOES_ON})"
)
_MATH = re.compile(r"\$[^\s$](?:[^$\n]*[^\s$])?\$(?!\d)|\\\(.*?\\\)|\$\$.*?\$\$", re.DOTALL)
_MONEY = re.compile(
    r"(?<![\w.])[$€£¥]\s?\d[\d.,]*\d?(?:\s?(?:k|M|million|billion))?\b|(?<![\w.])\d[\d.,]*\s?[$€£¥](?!\w)"
)
# A bare number counts where a word says that it is an end of something, or where it counts what follows.
_BOUND = re.compile(
    r"\b(?:max(?:imum)?|min(?:imum)?|up to|at most|at least|atleast|limit(?:ed)?(?: of| to)?|no more than|more than|"
    r"less than|less then|fewer than|over|under|exactly|only|default(?: is)?|increments of|every|after|within)\.?\s+"
    r"(?:of\s+|is\s+)?"
    r"(?P<number>\d+(?:[.,]\d+)*)(?![\w.,:/-]*[\w/]|\s?%)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?<![\w.,:/@#§$€£-])(?P<number>\d{1,3}(?:[,. ]\d{3}){0,4}|\d/\d)\s+"
    r"(?=[a-z][a-z-]{2,}\b|[A-Z]{2,}s?\b|different\b)"
)
_LARGE = re.compile(r"(?<![\w.,:/@#§$€£-])(?P<number>\d{1,3}(?:[,.’']\d{3})+|\d{3,})(?![\w.,:/-]*\w)")
# Numbers behind these are names: layer 7, version 4, Route 53.
_NAMING = re.compile(
    r"\b(?:version|layer|level|chapter|section|step|part|figure|table|page|port|nr|v)\.?\s+$", re.IGNORECASE
)
_CAPITAL = re.compile(r"\b[A-Z][\w-]*\s+$")
_BEGINS = re.compile(r"(^|[.!?:;•]\s+|,\s+)[A-Z][\w-]*\s+$")
_FIRST = re.compile(r"\s*([A-Z][a-z][\w-]*)\s+")
_LONGEST_NAME = 60
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_YEAR = re.compile(r"(1[5-9]|20)\d\d")


def quantities(text: str) -> list[Piece]:
    """Return the numbers with a unit or a percent sign: no versions, dates, numbers of lists, ports in addresses."""
    found = [found.span() for found in _MONEY.finditer(text)]
    for match in _QUANTITY.finditer(text):
        is_decade = match["short"] == "s" and _YEAR.fullmatch(match["number"].strip()) is not None
        if not is_decade and not _is_named(text, match.start()):
            found.append(_without_space(text, match.start(), match.end()))
    formulas = [formula.span() for formula in _MATH.finditer(text)]
    return _apart([piece for piece in found if not _is_within(piece, formulas)])


def counts(text: str) -> list[Piece]:
    """Return numbers without a unit that limit something, or that count what stands behind them."""
    found = [match.span("number") for match in _BOUND.finditer(text)]
    found += [
        match.span("number")
        for match in _COUNT.finditer(text)
        if not _is_date(text, match.end()) and not _is_named(text, match.start()) and not _follows_name(text, match)
    ]
    found += [
        match.span("number") for match in _LARGE.finditer(text) if not _CAPITAL.search(_before(text, match.start()))
    ]
    taken = [*quantities(text), *(formula.span() for formula in _MATH.finditer(text))]
    return _apart(
        [
            (start, end)
            for start, end in found
            if not _YEAR.fullmatch(text[start:end]) and not _is_within((start, end), taken)
        ]
    )


def _is_date(text: str, end: int) -> bool:
    """Tell whether a month stands behind a number; may is a verb more often."""
    return text[end : end + 3].casefold() in _MONTHS and text[end : end + 4] != "may "


def _is_named(text: str, start: int) -> bool:
    """Tell whether a number belongs to the name before it, which a sentence does not just begin with."""
    before = _before(text, start)
    if _NAMING.search(before):
        return True
    return _CAPITAL.search(before) is not None and not _BEGINS.search(before) and not before.rstrip().isupper()


def _follows_name(text: str, match: re.Match[str]) -> bool:
    """Tell whether a line begins with a name and the number: Route 53. Verbs have an s at their end, or are common."""
    first = _FIRST.fullmatch(text[: match.start()][:_LONGEST_NAME])
    return first is not None and bool(content_words(first[1])) and not first[1].endswith("s")


def _before(text: str, start: int) -> str:
    return text[max(0, start - _LONGEST_NAME) : start]


def _is_within(piece: Piece, others: list[Piece]) -> bool:
    """Tell whether a piece begins in another."""
    return any(low <= piece[0] < high for low, high in others)


def _without_space(text: str, start: int, end: int) -> Piece:
    while text[start].isspace():
        start += 1
    return start, end


def _apart(pieces: list[Piece]) -> list[Piece]:
    """Return pieces in order, without those that begin within another."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: (piece[0], -piece[1])):
        if not found or piece[0] >= found[-1][1]:
            found.append(piece)
    return found
