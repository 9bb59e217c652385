"""Which numbers in plain text are worth knowing by heart."""

from time import process_time

import pytest

from cheatdeck.derive.quantities import counts, measures, quantities

SOON = 2.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("default retention 4 days, max 14 days", ["4 days", "14 days"]),
        ("between 1 to 3600 seconds", ["1 to 3600 seconds"]),
        ("high - 1/5/10/30 seconds", ["1/5/10/30 seconds"]),
        ("99,90 % and 99.9% of 5TB", ["99,90 %", "99.9%", "5TB"]),
        ("10 MB/second, 3,000 requests", ["10 MB/second"]),
        ("(12h) and 5 GB per month", ["12h", "5 GB per month"]),
        ("boils at 100 °C, 9.81 m/s, 230 V", ["100 °C", "9.81 m/s", "230 V"]),
        ("costs $0.20 or 5 €", ["$0.20", "5 €"]),
        ("costs 1$/month", ["1$"]),
        ("49 m above the sea, 14.6 nautical miles away, with 5 A records", ["49 m", "14.6 nautical miles"]),
        ("Python 3.11, version 5 days, HTTP2, TLS 1.2", []),
        ("on 3 May 2024, in the 1980s, 2024-05-03", []),
        ("1. first, 2) second, (3) third", []),
        ("falls with 9.81 m/s², 1000 kg/m³, over 7140 m² in area", ["9.81 m/s²", "1000 kg/m³", "7140 m²"]),
        ("13-17 g/dL, max 4 g/day, 5 V/m here", ["13-17 g/dL", "4 g/day", "5 V/m"]),
        ("c = 3 × 10^8 m/s, 2 × 500 mg, 6·10⁻⁷ m long", ["3 × 10^8 m/s", "2 × 500 mg", "6·10⁻⁷ m"]),
        ("90 mL/min/1.73 m², 8.314 J/(mol K), 125 mg/5 mL", ["90 mL/min/1.73 m²", "8.314 J/(mol K)", "125 mg/5 mL"]),
        ("Give Aspirin 300 mg, Vitamin B12 1 mg, Heparin 5,000 IU", ["300 mg", "1 mg", "5,000 IU"]),
        ("Die Strafe sank um 25 Prozent in 2 bis 5 Jahren", ["25 Prozent", "2 bis 5 Jahren"]),
        ("de 2 à 5 ans, 100 km par heure, 1 766,92 €", ["2 à 5 ans", "100 km par heure", "1 766,92 €"]),
        ("reserved (1 & 3 years), between 15 and 60 min", ["1 & 3 years", "15 and 60 min"]),
        ("in 1945 and 3 years later, 1939 und 2 Jahre danach", ["3 years", "2 Jahre"]),
        ("in 2020 100 € were paid", ["100 €"]),
        ("page 5 m, it’s 5 km", ["5 km"]),
        ("http://localhost:8080/5 10.0.0.1:443 port 443", []),
        ("m5.2XLARGE, i-1234567890abcdef0, gp 2/3, v2", []),
    ],
)
def test_a_number_with_a_unit(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in quantities(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("up to 15 read replicas, max 256", ["15", "256"]),
        ("has 6 copies across 3 AZs", ["6", "3"]),
        ("4/6 needed for writes", ["4/6"]),
        ("concurrent executions 1000 (soft)", ["1000"]),
        ("answers with 503 on port 6801", ["503", "6801"]),
        ("retention 4 days", []),
        ("Route 53 routing, layer 7 routing, Chapter 12 begins", []),
        ("in 2024 it was 3 May", []),
        ("a key changes its version: 1, 2, 3", []),
        ("About 40,000 people died; 17,000 were executed", ["40,000", "17,000"]),
        ("Environ 17 000 personnes, höchstens 12 Teile", ["17 000", "12"]),
        ("25 PutItems and deleteItems in one call", ["25"]),
        ("the ephemeral port range (1024-65535), from 1914–1918", ["1024-65535"]),
        ("is 50:1, at 10:30, John 3:1 says", ["50:1"]),
        ("§ 823 Abs. 1 BGB und Art. 12 GG, Seite 234", []),
        ("cf. p. 234; see lecture 4 for more", []),
        ("Bastille : 14 juillet 1789, le 3 mars, am 3. Mai", []),
        ("3 main reasons, 8 marvels", ["3", "8"]),
        ("ISBN is 978 3 16 148410 0, call 0800 123 456 now", []),
        ("6.626 × 10⁻³⁴ J s, 3.5 —> 4, 1.2 —> 2", []),
    ],
)
def test_a_number_that_counts_or_bounds(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in counts(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max 100 items, max 16 mb", ["100", "16 mb"]),
        ("50:1 of 200 GiB for 3 users", ["50:1", "200 GiB"]),
        ("max 100 items", []),
    ],
)
def test_limits_beside_quantities(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in measures(text)] == expected


@pytest.mark.parametrize(
    "unit",
    ["1", "1 ", "1/", "1,", "111 ", "111.", "1 and ", "111 111 - ", "5 m/1", "10^1 × ", "max 1,", "\\(", "$a ", "A 9"],
)
def test_long_runs_of_numbers_are_soon_read(unit: str) -> None:
    text = unit * (100_000 // len(unit)) + "a"
    start = process_time()
    counts(text)
    assert process_time() - start < SOON
