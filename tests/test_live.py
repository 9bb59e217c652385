"""What is served of a notebook while it is written."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from cheatdeck.live import site_of
from cheatdeck.paths import Paths
from cheatdeck.serve import Site
from cheatdeck.typeset import SheetError
from notes import page, write_notebook

BODY = '<p id="first">Some <mark>words</mark></p>'


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write_notebook(tmp_path / "notes", chapter_1=page(BODY))


@pytest.fixture
def paths(notebook: Path, tmp_path: Path) -> Paths:
    return Paths.of(notebook, tmp_path / "out")


@pytest.fixture
def site(paths: Paths) -> Site:
    return site_of(paths, lambda _: None)


def pdfs(site: Site) -> dict[str, str]:
    """Return the PDFs that the page offers: names by address."""
    found = re.search(r'<meta name="cheatdeck-live" content="/events\?1" data-pdfs="([^"]*)">', site.state.page)
    assert found
    offered: dict[str, str] = json.loads(unescape(found[1]))
    return offered


def test_the_page_offers_the_sheets_and_they_are_printed_when_asked_for(site: Site, tmp_path: Path) -> None:
    names = {"small-cheatsheet-a4.pdf": "Sheet, A4", "small-cheatsheet-letter.pdf": "Sheet, Letter"}
    assert pdfs(site) == names
    data = site.files("small-cheatsheet-a4.pdf")
    assert isinstance(data, bytes)
    assert data.startswith(b"%PDF")
    assert site.files("small-limits-a4.pdf") is None
    assert site.files("../notes/notebook.toml") is None
    assert not (tmp_path / "out").exists()


def test_a_notebook_with_limits_offers_their_sheets(notebook: Path, paths: Paths) -> None:
    limits = (
        '[most]\nsubject = "Longest stay"\nvalue = "4 days"\nkind = "maximum"\nsection = "one"\nsource = "https://a.b"'
    )
    write_notebook(notebook, chapter_1=page(f'{BODY}<p>Stay <data value="most">4 days</data></p>'), limits=limits)
    assert [name for name in pdfs(site_of(paths, lambda _: None)) if "limits" in name] == [
        "small-limits-a4.pdf", "small-limits-letter.pdf"
    ]  # fmt: skip


def test_warnings_do_not_keep_the_page_back(notebook: Path, site: Site) -> None:
    write_notebook(notebook, chapter_1=page(f"{BODY}<pre><code>{'x' * 61}</code></pre>"))
    state = site.renew()
    assert (state.is_stale, state.edition) == (False, 2)
    assert [report.split()[1] for report in state.reports] == ["W064"]


def test_problems_are_reported_with_place_and_hint_and_pdfs_stay_as_they_were(notebook: Path, site: Site) -> None:
    last = site.state
    write_notebook(notebook, chapter_1=page("<p>A <blink>word</blink></p>"))
    state = site.renew()
    assert (state.page, state.is_stale, state.edition) == (last.page, True, 1)
    (report,) = state.reports
    assert report.startswith(f"{notebook / '01.html'}:5:6: N022 ")
    assert "hint: " in report
    assert isinstance(site.files("small-cheatsheet-a4.pdf"), bytes)


def test_what_cannot_be_laid_out_is_the_reason_why_there_is_no_pdf(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise SheetError("a warning")

    monkeypatch.setattr("cheatdeck.pipeline.print_sheet", refused)
    assert site.files("small-cheatsheet-a4.pdf") == "The sheet cannot be laid out:\na warning"


def test_a_letter_that_no_font_has_is_told_and_a_square_on_paper(notebook: Path, site: Site) -> None:
    write_notebook(notebook, chapter_1=page('<p id="first">Some <mark>\N{ANATOLIAN HIEROGLYPH A001}</mark></p>'))
    assert [report.split()[1] for report in site.renew().reports] == ["W067"]
    assert isinstance(site.files("small-cheatsheet-a4.pdf"), bytes)


def test_a_template_that_is_half_written_is_a_problem_like_others(paths: Paths, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "preview").mkdir(parents=True)
    for file in paths.templates.rglob("*.*"):
        copy = templates / file.relative_to(paths.templates)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes())
    site = site_of(Paths(paths.notebook, paths.out, templates), lambda _: None)
    (templates / "preview" / "preview.html.j2").write_text("{% if %}", encoding="utf-8")
    state = site.renew()
    assert (state.is_stale, state.reports[0].split(":")[0]) == (True, "TemplateSyntaxError")
