"""A notebook -> what is served of it while it is written: the preview of the last notes without an error, and PDFs."""

import json
from collections.abc import Iterable, Mapping

from jinja2 import TemplateError
from markupsafe import Markup

from cheatdeck import pipeline
from cheatdeck.archive import WriteError
from cheatdeck.paths import Paths
from cheatdeck.pipeline import Draft, Progress
from cheatdeck.problems import NotesError, Problem, report
from cheatdeck.serve import Attempt, Site
from cheatdeck.typeset import MissingLibraryError, SheetError
from cheatdeck.workers import WorkerError


def live(page: str, events: str, pdfs: Mapping[str, str]) -> str:
    """Return a preview that hears of changes at an address, and offers PDFs: their names for people, by address."""
    told = Markup('<meta name="cheatdeck-live" content="{}" data-pdfs="{}">').format(events, json.dumps(pdfs))
    return page.replace("<head>", f"<head>\n{told}", 1)


def site_of(paths: Paths, progress: Progress, *, strict: bool = False) -> Site:
    """Return the site of a notebook, its page made once."""
    desk = _Desk(paths, progress, strict=strict)
    site = Site(desk.page, desk.pdf)
    site.renew()
    return site


class _Desk:
    """Keeps the last draft that could be made; PDFs are printed of it when they are asked for."""

    def __init__(self, paths: Paths, progress: Progress, *, strict: bool) -> None:
        self._paths = paths
        self._strict = strict
        self._progress = progress
        self._draft: Draft | None = None

    def page(self, events: str) -> Attempt:
        """Make the page anew; `events` is where it hears of changes.

        Whatever a writer may have in a file for a moment is something to report, and no end.
        """
        try:
            self._draft = draft = pipeline.draft(self._paths, self._progress, strict=self._strict)
        except NotesError as error:
            return Attempt(None, _reports(error.problems, error.texts))
        except (WriteError, WorkerError) as error:
            return Attempt(None, (str(error),))
        except (TemplateError, OSError) as error:
            return Attempt(None, (f"{type(error).__name__}: {error}",))
        checked = draft.checked
        return Attempt(live(draft.page, events, draft.pdfs), _reports(checked.warnings, checked.texts))

    def pdf(self, name: str) -> bytes | str | None:
        """Print one of the sheets of the last draft; the reason where that can't be done."""
        if self._draft is None:
            return None
        try:
            return pipeline.print_sheet(self._paths, self._draft, name, self._progress)
        except (SheetError, MissingLibraryError, TemplateError, WriteError, WorkerError) as error:
            return str(error)


def _reports(problems: Iterable[Problem], texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(report(problem, texts.get(problem.span.file, "")) for problem in problems)
