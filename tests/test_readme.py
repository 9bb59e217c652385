"""What the README promises learners and writers."""

import re
from pathlib import Path

import pytest

from advice import ADVICE

ROOT = Path(__file__).parents[1]


def text(page: str) -> str:
    """Return a page's words as they are read, markup and line breaks apart."""
    return " ".join(re.sub(r"[*`]", "", (ROOT / page).read_text(encoding="utf-8")).split())


@pytest.mark.parametrize("advice", ADVICE)
def test_where_anki_leaves_no_other_way_the_readme_says_what_to_do(advice: str) -> None:
    assert advice in text("README.md")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "source/README.md"])
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    here = [target for target in targets if not target.startswith("https://")]
    assert [target for target in here if not ((ROOT / page).parent / target).exists()] == []
