import pytest

from cheatdeck.vault import Vault, in_order, place_of, title_of

NOTION_ID = "0123456789abcdef0123456789abcdef"
FILES = [
    "Home.md",
    "Bees.md",
    "wasps/Bees.md",
    "wasps/nests/Paper.md",
    "pictures/hive.png",
    "wasps/hive.png",
    f"Honey {NOTION_ID}.md",
    f"Honey {NOTION_ID}/Kinds {NOTION_ID}.csv",
]
VAULT = Vault.of(FILES, {"wasps/nests/Paper.md": ["cardboard"]})


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("Bees.md", "Bees"),
        ("notes/17-sqs.html", "sqs"),
        ("01. Bees.markdown", "Bees"),
        ("02 - Bees", "Bees"),
        (f"a/Honey bees {NOTION_ID}.md", "Honey bees"),
        (f"Kinds {NOTION_ID}_all.csv", "Kinds"),
        ("3.5 inches.md", "3.5 inches"),
        ("2024-05-01.md", "2024-05-01"),
        ("5 whys", "5 whys"),
        ("01-.md", "01-"),
        ("v1.2 notes", "v1.2 notes"),
    ],
)
def test_a_file_is_called_by_its_name_alone(path: str, title: str) -> None:
    assert title_of(path) == title


@pytest.mark.parametrize(
    ("here", "name", "address"),
    [
        ("Home.md", "Bees", "Bees.md"),
        ("Home.md", "bees", "Bees.md"),
        ("Home.md", "Bees.md", "Bees.md"),
        ("Home.md", "wasps/Bees", "wasps/Bees.md"),
        ("Home.md", "Paper", "wasps/nests/Paper.md"),
        ("Home.md", "nests/Paper", "wasps/nests/Paper.md"),
        ("Home.md", "cardboard", "wasps/nests/Paper.md"),
        ("Home.md", "Honey", f"Honey {NOTION_ID}.md"),
        ("Home.md", "hive.png", "pictures/hive.png"),
        ("Home.md", f"Honey {NOTION_ID}/Kinds {NOTION_ID}.csv", f"Honey {NOTION_ID}/Kinds {NOTION_ID}.csv"),
        ("wasps/Bees.md", "Bees", "Bees.md"),
        ("wasps/Bees.md", "hive.png", "hive.png"),
        ("wasps/Bees.md", "/Bees", "../Bees.md"),
        ("wasps/Bees.md", "../Home", "../Home.md"),
        ("wasps/nests/Paper.md", "pictures/hive.png", "../../pictures/hive.png"),
        ("Home.md", "Ants", None),
        ("Home.md", "ants/Bees", None),
        ("Home.md", "../Home", None),
        ("Home.md", "hive", None),
        ("Home.md", "", None),
    ],
)
def test_a_name_means_a_file(here: str, name: str, address: str | None) -> None:
    assert VAULT.resolve(here, name) == address


def test_files_are_read_by_name_with_a_home_note_first() -> None:
    wanted = [
        "README.md", "2-bees.md", "10-ants.md", "a/index.html", "a/b.md", "Bees.md", "Bees/Queen.md",
        f"Honey {NOTION_ID}.md", f"Honey {NOTION_ID}/Kinds.md", "Honeycomb.md",
    ]  # fmt: skip
    assert in_order(reversed(wanted)) == wanted
    assert in_order(sorted(wanted)) == wanted


@pytest.mark.parametrize(
    ("heading", "place"),
    [("The hive", "the-hive"), ("Wax & honey (2)", "wax--honey-2"), (" Königin_1 ", "königin_1")],
)
def test_headings_have_githubs_addresses(heading: str, place: str) -> None:
    assert place_of(heading) == place
