import pytest

from cheatdeck.vault import Vault, chapter_number, in_order, place_of, title_of

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
    ("path", "number", "title"),
    [
        ("Bees.md", None, "Bees"),
        ("notes/17-sqs.html", 17, "sqs"),
        ("12-simple-queues.md", 12, "simple-queues"),
        ("02-honey bees.md", 2, "honey bees"),
        ("12-Honey bees.md", 12, "Honey bees"),
        ("01. Bees.markdown", 1, "Bees"),
        ("02 - Bees", 2, "Bees"),
        ("17.html", 17, "17"),
        (f"a/03_Honey bees {NOTION_ID}.md", 3, "Honey bees"),
        (f"Kinds {NOTION_ID}_all.csv", None, "Kinds"),
        ("12-factor app.md", None, "12-factor app"),
        ("80-20 rule.md", None, "80-20 rule"),
        ("802.11 WiFi.md", None, "802.11 WiFi"),
        ("3D printing.md", None, "3D printing"),
        ("2024-05-01.md", None, "2024-05-01"),
        ("5 whys", None, "5 whys"),
        ("01-.md", None, "01-"),
        ("v1.2 notes", None, "v1.2 notes"),
    ],
)
def test_a_file_is_called_by_its_name_without_the_number_of_its_chapter(
    path: str, number: int | None, title: str
) -> None:
    assert (chapter_number(path), title_of(path)) == (number, title)


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
