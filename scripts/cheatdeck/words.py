"""Words for people, and tables of them."""

from collections.abc import Collection, Sequence


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 card, 1,200 cards."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def aligned(rows: Sequence[Sequence[str]], numbers: Collection[int]) -> list[str]:
    """Return a table's rows as lines; the columns in `numbers`, counted from 0, stand to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
