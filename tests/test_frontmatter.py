import pytest

from cheatdeck.frontmatter import FrontMatter, read_front_matter
from cheatdeck.source import SourceText


def read(text: str) -> FrontMatter:
    matter, problems = read_front_matter(SourceText.of("note.md", text))
    assert problems == ()
    return matter


def test_title_and_aliases() -> None:
    text = '---\ntitle: "Bees: all of them"\naliases:\n  - hive\n  - the  swarm\ntags: [x]\n...\n'
    assert read(f"{text}# Bees\n") == FrontMatter("Bees: all of them", ("hive", "the swarm"), len(text))
    assert read("---\nalias: hive\n---\n").aliases == ("hive",)


def test_values_are_text_as_they_are_written() -> None:
    matter = read("---\ntitle: 007\naliases: [2024-99-99, yes, 1e999]\n---\n")
    assert (matter.title, matter.aliases) == ("007", ("2024-99-99", "yes", "1e999"))


@pytest.mark.parametrize(
    "text",
    ["", "# Bees\n", "---\n", "---\ntitle: Bees\n", "text\n---\ntitle: Bees\n---\n", "---\nBees dance.\n---\n",
     "---\n- Bees\n- dance\n---\n", f"---\ntitle: {'b' * 30_000}\n---\n"],
)  # fmt: skip
def test_what_is_no_front_matter_is_the_notes_text(text: str) -> None:
    assert read(text) == FrontMatter()


def test_front_matter_that_says_nothing_of_use() -> None:
    assert read("---\n---\nBees\n") == FrontMatter(length=len("---\n---\n"))
    assert read("---\ntitle: [a, b]\naliases: {a: b}\n---\n").title == ""


MISTAKES = {
    "title: Bees: all of them\n": "2:12 C002 front matter that is no YAML: mapping values are not allowed here",
    "a: b\n\ttitle: c\n": "3:1 C002 front matter that is no YAML: found character '\\t' that cannot start any token",
    "title: *bees\n": "2:8 C002 front matter that is no YAML: found undefined alias 'bees'",
    "[" * 2_000 + "\n": "1:1 C002 front matter that is no YAML",
    "title: \x01\n": "1:1 C002 front matter that is no YAML",
}


@pytest.mark.parametrize("yaml", MISTAKES)
def test_mistakes_are_told_where_they_are(yaml: str) -> None:
    matter, problems = read_front_matter(SourceText.of("note.md", f"---\n{yaml}---\nBees\n"))
    assert matter == FrontMatter(length=len(yaml) + len("---\n---\n"))
    assert [f"{p.span.line}:{p.span.column} {p.code} {p.message}" for p in problems] == [MISTAKES[yaml]]


def test_nothing_is_made_of_a_bomb() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    assert read(f"---\n{bomb}title: Bees\n---\n").title == "Bees"
