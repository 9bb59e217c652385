"""What stands on the limits sheet: limits, and the quantities that plain notes name."""

from collections.abc import Iterable, Iterator

from cheatdeck import model
from cheatdeck.model import Card, Limit, Notebook, Section

_GAP = "…"


def on_one_sheet(notebook: Notebook) -> list[Limit]:
    """Return the limits of a notebook and the figures of its plain notes, in the order of the sections."""
    made = ((section, card) for section in notebook.sections() for card in section.cards)
    figures = (_figure(section, card) for section, card in made if card.hides_figures)
    return in_order(notebook, (*notebook.limits, *figures))


def in_order(notebook: Notebook, limits: Iterable[Limit]) -> list[Limit]:
    """Return limits in the order of the sections that own them."""
    numbers = {section.key: section.number for section in notebook.sections()}
    return sorted(limits, key=lambda limit: numbers[limit.section])


def _figure(section: Section, card: Card) -> Limit:
    said = "".join(_GAP if isinstance(part, model.Mark) else model.plain((part,)) for part in card.front)
    subject = f"{card.lead}: {said}" if len(section.number) > 1 else said
    return Limit(card.key, subject, ", ".join(_hidden(card)), "", section.key, card.span)


def _hidden(card: Card) -> Iterator[str]:
    return (model.plain((part,)) for part in card.front if isinstance(part, model.Mark))
