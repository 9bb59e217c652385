"""Which numbers in plain text are worth knowing by heart."""

import pytest

from cheatdeck.derive.quantities import counts, quantities


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
    ],
)
def test_a_number_that_counts_or_bounds(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in counts(text)] == expected
