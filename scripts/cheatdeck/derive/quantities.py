"""Quantities in plain text: numbers that are worth knowing by heart.

All places are those of characters in the text.
"""

import re
from collections.abc import Iterable, Iterator

from cheatdeck.quality import content_words
from cheatdeck.slices import Piece

# So many repetitions that a text of nothing but digits is soon read, too.
_POWER = r"(?:\^[-−]?\d{1,3}|⁻?[⁰¹²³⁴-⁹]{1,3})"
_SPACE = r" \u00a0\u202f"
_GROUPED = rf"\d{{1,3}}(?:[,.{_SPACE}]\d{{3}}){{1,4}}(?!\d)"
_NUMBER = rf"(?:{_GROUPED}|\d{{1,20}})(?:[.,]\d{{1,20}})?{_POWER}?"
# A year before a word is apart from a quantity behind it: in 1945 and 3 years later.
_JOINED = r"\s*(?:-|–|/|×|·|x|\.\.)\s*|\s+(?:to|or|and|&|bis|oder|und|à|et|ou)\s+"
_RANGE = rf"(?!(?:1\d|20)\d\d\s+(?:or|and|&|oder|und|et|ou)\s){_NUMBER}(?:(?:{_JOINED}){_NUMBER}){{0,6}}"
_UNITS = re.findall(
    r"\S+",
    r"""milliseconds? microseconds? nanoseconds? seconds? secs? minutes? mins? minuten hours? hrs? days? weeks?
    months? quarters? years? ms µs ns fps rpm bits? bytes? [KMGTPEkmgtpe]i?[Bb](?:it|yte)?s? [kKMG]bps
    [KMGT]bit/s bps iops IOPS RCUs? WCUs? vCPUs? rps qps tps percent procent per\s?cent pct ppm % ‰ ° °C °F
    ℃ dollars? euros? cents? USD EUR GBP mm cm dm km nm µm kg mg µg ml mL dl cl hl ha kW MW GW kWh MWh mA kV
    mV Hz kHz MHz GHz THz kPa hPa mbar bar dB kJ MJ kcal kN mol mmol µmol eV keV MeV GeV Ω kΩ MΩ lux lm cd
    px pt dpi km/h m/s mph knots? mcg pg IU mEq mmHg bpm
    (?:nautical\s|sea\s|square\s)?miles? feet foot ft inch(?:es)? lbs? oz gallons? liters? litres? meters?
    metres? kilometers? kilometres? grams? kilograms? tons? tonnes? degrees? characters? times
    Sekunden? Minuten? Stunden? Tagen? Tage? Wochen? Monate?n? Monat Jahre?n? Jahr Prozent Grad Meter Kilometer Liter
    Gramm Kilogramm Tonnen? Euro secondes? heures? jours? semaines? mois années? ans? pour\scent degrés? mètres?
    kilomètres? litres? grammes? tonnes?""",
)
_SHORT_UNITS = "[smhdgtAVWJNKLlC]"
# Behind other words, a single letter is a name more often: 5 A records.
_GOES_ON = (
    r"(?!\s+(?!(?:above|after|and|apart|at|below|by|deep|for|from|high|in|long|of|on|or|per|tall|to|up|wide)\b)"
    r"[^\W\d_])"
)
_RATE = (
    r"(?:\s*/\s*(?:\d{1,6}(?:[.,]\d{1,6})?\s?)?(?:[A-Za-zµ]{1,12}[²³]?(?!\w)|\([\w ·*]{1,20}\))"
    r"|\s+(?:(?:per|a|an)\s+(?:second|minute|hour|day|week|month|year)|pro\s+(?:Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr)"
    r"|par\s+(?:seconde|minute|heure|jour|semaine|mois|an))\b)"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,:/@#§$€£^-])(?P<number>[~≈<>≤≥±+]?\s?{_RANGE})"
    rf"(?:\s?(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})[²³]?(?![\w-]){_RATE}{{0,2}}"
    rf"|(?P<short>{_SHORT_UNITS})[²³]?(?![\w-]){_RATE}{{0,2}}"
    rf"|\s{_SHORT_UNITS}[²³]?(?![\w-])(?:{_RATE}{{1,2}}|{_GOES_ON}))"
)
_MATH = re.compile(r"\$[^\s$](?:[^$\n]*[^\s$])?\$(?!\d)|\\\(.{0,500}?\\\)|\$\$.*?\$\$", re.DOTALL)
_MONEY = re.compile(
    rf"(?<![\w.])[$€£¥]\s?{_NUMBER}(?:\s?(?:k|M|million|billion))?\b|(?<![\w.,]){_NUMBER}\s?[$€£¥](?!\w)"
)
# A bare number counts where a word says that it is an end of something, or where it counts what follows.
_BOUND = re.compile(
    r"\b(?:max(?:imum)?|min(?:imum)?|up to|at most|at least|atleast|limit(?:ed)?(?: of| to)?|no more than|more than|"
    r"less than|less then|fewer than|over|under|exactly|only|default(?: is)?|increments of|every|after|within|"
    r"maximal|minimal|höchstens|mindestens|bis zu|mehr als|weniger als|au plus|au moins|jusqu['’]à|plus de|moins de)"
    r"\.?\s+(?:of\s+|is\s+)?"
    r"(?P<number>\d{1,20}(?:[.,]\d{1,20}){0,4})(?![\w.,:/-]*[\w/]|\s?%)",
    re.IGNORECASE,
)
_BEFORE = rf"(?<![\w.,:/@#§$€£^-])(?<!\d[{_SPACE}])"
_COUNT = re.compile(
    rf"{_BEFORE}(?P<number>{_GROUPED}|\d{{1,3}}|\d/\d)\s+"
    r"(?=[a-zß-ÿ][a-zß-ÿ-]{2,}\b|[A-Z]{2,}s?\b|[A-Z][a-z]+[A-Z]|different\b)"
)
_MANY = rf"(?:[1-9]\d{{0,2}}(?:[,.’'{_SPACE}]\d{{3}}){{1,6}}|\d{{3,20}})"
_LARGE = re.compile(rf"{_BEFORE}(?P<number>(?:{_MANY}\s?[-–]\s?)?{_MANY})(?![\w.,:/-]*\w|[{_SPACE}]\d|\s?[×·^])")
_RATIO = re.compile(rf"{_BEFORE}(?P<number>\d{{1,4}}:1)(?![\w.,:/-]*\w)")
# Numbers behind these are names: layer 7, version 4, Route 53.
_NAMING = re.compile(
    r"(?<![\w'’])(?:version|layer|level|chapter|section|step|part|figure|table|page|nr|v|§|art|article|artikel|abs|pp?|s|"
    r"seite|kapitel|no|lecture)\.?\s+$",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\b[A-Z][\w-]*\s+$")
_BEGINS = re.compile(r"(^|[.!?:;•]\s+|,\s+)[A-Z][\w-]*\s+$")
_FIRST = re.compile(r"\s*([A-Z][a-z][\w-]*)\s+")
_LONGEST_NAME = 60
_MONTHS = frozenset(
    re.findall(
        r"\w+",
        """jan feb mar apr may jun jul aug sep sept oct nov dec
        january february march april june july august september october november december
        januar februar märz mai juni juli oktober dezember mär okt dez
        janvier février fév mars avril avr juin juillet août aoû septembre octobre novembre décembre déc
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre""",
    )
)
_YEAR = re.compile(r"(1[5-9]|20)\d\d")
_NEXT_WORD = re.compile(r"[^\W\d_]*")


def quantities(text: str) -> list[Piece]:
    """Return the numbers with a unit or a percent sign: no versions, dates, numbers of lists, ports in addresses."""
    found = [found.span() for found in _MONEY.finditer(text)]
    for match in _QUANTITY.finditer(text):
        is_decade = match["short"] == "s" and _YEAR.fullmatch(match["number"].strip()) is not None
        # What a unit measures may have a capital: Aspirin 300 mg.
        is_name = _is_numbered if match["unit"] else _is_named
        if not is_decade and not is_name(text, match.start()):
            found.append(_without_space(text, match.start(), match.end()))
    return _apart(_outside(found, _formulas(text)))


def measures(text: str) -> list[Piece]:
    """Return the quantities of a text, and limits and ratios beside them without a unit: max 100 items of 16 MB."""
    found = quantities(text)
    return _apart([*found, *_bare(text, found, [*_bounds(text), *_ratios(text)])]) if found else []


def counts(text: str) -> list[Piece]:
    """Return numbers without a unit that limit something, or that count what stands behind them."""
    found = [*_bounds(text), *_ratios(text)]
    found += [
        match.span("number")
        for match in _COUNT.finditer(text)
        if not _is_date(text, match.end()) and not _is_named(text, match.start()) and not _follows_name(text, match)
    ]
    found += [match.span("number") for match in _LARGE.finditer(text) if not _is_name(text, match)]
    return _apart(_bare(text, quantities(text), found))


def _bounds(text: str) -> Iterator[Piece]:
    return (match.span("number") for match in _BOUND.finditer(text))


def _ratios(text: str) -> Iterator[Piece]:
    return (match.span("number") for match in _RATIO.finditer(text) if not _is_behind_capital(text, match.start()))


def _bare(text: str, measured: list[Piece], found: Iterable[Piece]) -> Iterator[Piece]:
    """Yield numbers that are no part of quantities or of formulas, and no years."""
    for start, end in _outside(found, [*measured, *_formulas(text)]):
        if not any(map(_YEAR.fullmatch, re.split(r"\s?[-–]\s?", text[start:end]))):
            yield start, end


def _formulas(text: str) -> Iterator[Piece]:
    return (formula.span() for formula in _MATH.finditer(text))


def _is_date(text: str, end: int) -> bool:
    """Tell whether a month stands behind a number; may is a verb more often."""
    word = _NEXT_WORD.match(text, end)
    return word is not None and word[0] != "may" and word[0].casefold() in _MONTHS


def _is_numbered(text: str, start: int) -> bool:
    """Tell whether a number tells which one of several is meant: page 5."""
    return _NAMING.search(_before(text, start)) is not None


def _is_named(text: str, start: int) -> bool:
    """Tell whether a number belongs to the name before it, which a sentence does not just begin with."""
    before = _before(text, start)
    is_name = _CAPITAL.search(before) is not None and not _BEGINS.search(before) and not before.rstrip().isupper()
    return is_name or _is_numbered(text, start)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Tell whether a large number is a part of a name: Boeing 747; no name has thousands apart, or is a range."""
    is_plain = match["number"].isdigit()
    return _is_numbered(text, match.start()) or (is_plain and _is_behind_capital(text, match.start()))


def _is_behind_capital(text: str, start: int) -> bool:
    """Tell whether a word with a capital stands right before a number: Boeing 747, John 3:1."""
    return _CAPITAL.search(_before(text, start)) is not None


def _follows_name(text: str, match: re.Match[str]) -> bool:
    """Tell whether a line begins with a name and the number: Route 53. Verbs have an s at their end, or are common."""
    first = _FIRST.fullmatch(text[: match.start()][:_LONGEST_NAME])
    return first is not None and bool(content_words(first[1])) and not first[1].endswith("s")


def _before(text: str, start: int) -> str:
    return text[max(0, start - _LONGEST_NAME) : start]


def _outside(pieces: Iterable[Piece], others: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces in order, without those that begin in others."""
    left = sorted(others, reverse=True)
    covered = 0
    for piece in sorted(pieces):
        while left and left[-1][0] <= piece[0]:
            covered = max(covered, left.pop()[1])
        if piece[0] >= covered:
            yield piece


def _without_space(text: str, start: int, end: int) -> Piece:
    while text[start].isspace():
        start += 1
    return start, end


def _apart(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces in order, without those that begin within another."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: (piece[0], -piece[1])):
        if not found or piece[0] >= found[-1][1]:
            found.append(piece)
    return found
