"""Words for people."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 card, 1,200 cards."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
