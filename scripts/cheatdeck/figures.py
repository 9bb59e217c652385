"""What stands on the limits sheet: limits, and the quantities that plain notes name."""

from collections.abc import Iterable

from cheatdeck.model import Limit, Notebook


def on_one_sheet(notebook: Notebook) -> list[Limit]:
    """Return the limits of a notebook and the figures of its plain notes, in the order of the sections."""
    figures = (
        Limit("", figure.subject, figure.value, "", section.key, figure.span)
        for section in notebook.sections()
        for figure in section.figures
    )
    return in_order(notebook, (*notebook.limits, *figures))


def in_order(notebook: Notebook, limits: Iterable[Limit]) -> list[Limit]:
    """Return limits in the order of the sections that own them."""
    numbers = {section.key: section.number for section in notebook.sections()}
    return sorted(limits, key=lambda limit: numbers[limit.section])
