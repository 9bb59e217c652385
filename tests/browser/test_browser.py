"""The preview in a browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from cheatdeck.live import live as live_page
from cheatdeck.serve import Attempt, Site, served

Opener = Callable[..., Page]

WIDE, PHONE = (1200, 800), (360, 640)
VIEWS = ("#cards_", "#most", "#sheet_", "#sections_", "#exam_", "#limits_")
FRONT, BACK = "#open_ .front", "#open_ .back"


def listed(page: Page) -> list[str]:
    """Return the keys of the cards that the list shows."""
    return [str(row.get_attribute("id")) for row in page.locator(".entry:visible").all()]


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def opened_card(page: Page) -> str:
    return str(page.locator(".current").get_attribute("id"))


def test_a_link_opens_its_card(opened: Opener) -> None:
    page = opened("#term")
    assert opened_card(page) == "term"
    expect(page.locator(FRONT)).to_contain_text("Dead-letter queue")
    expect(page.locator(BACK)).to_be_hidden()


def test_a_click_flips_a_card_and_flips_it_back(opened: Opener) -> None:
    page = opened("#pair")
    page.locator(f"{FRONT} .question").click()
    expect(page.locator(BACK)).to_contain_text("DeleteMessage")
    expect(page.locator(FRONT)).to_be_hidden()
    page.locator(f"{BACK} .answer").click()
    expect(page.locator(FRONT)).to_be_visible()


def test_the_button_flips_a_card_and_says_what_it_does(opened: Opener) -> None:
    page = opened("#pair")
    page.get_by_role("button", name="Show answer").press("Enter")
    expect(page.locator(BACK)).to_be_visible()
    page.get_by_role("button", name="Show question").press(" ")
    expect(page.locator(FRONT)).to_be_visible()


def test_keys_flip_cards_and_go_through_them(opened: Opener) -> None:
    page = opened("#cloze")
    page.keyboard.press(" ")
    expect(page.locator(BACK)).to_contain_text("A queue keeps a message for days")
    page.keyboard.press("ArrowRight")
    assert opened_card(page) == "cloze_2"
    expect(page.locator(FRONT)).to_contain_text("A queue keeps a message for [...]")
    page.keyboard.press("ArrowLeft")
    assert opened_card(page) == "cloze"
    assert page.url.endswith("#cloze")
    page.keyboard.press("ArrowLeft")
    assert opened_card(page) == "cloze"


def test_keys_that_are_typed_flip_nothing(opened: Opener) -> None:
    page = opened("#most")
    page.locator(f"{FRONT} input").press_sequentially("4 days")
    page.locator(f"{FRONT} input").press("ArrowRight")
    assert opened_card(page) == "most"
    expect(page.locator(FRONT)).to_be_visible()
    expect(page.locator(f"{FRONT} input")).to_have_value("4 days")


def test_a_search_finds_cards_that_have_all_words(opened: Opener) -> None:
    page = opened()
    assert listed(page) == ["cloze", "cloze_2", "pair", "picture", "term", "case", "row", "most", "other"]
    page.get_by_label("Search", exact=True).fill("QUEUE message")
    assert listed(page) == ["cloze", "cloze_2", "term"]
    expect(page.locator("#count_")).to_have_text("3 of 9 cards")
    page.get_by_label("Search", exact=True).fill("deletemess")
    assert listed(page) == ["pair"]
    expect(page.get_by_role("heading", name="2 Two")).to_be_hidden()
    page.get_by_label("Search", exact=True).fill("no such word")
    assert listed(page) == []


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("Chapter", "two", ["other"]),
        ("Kind", "diagram", ["picture"]),
        ("Exam task", "1.2", ["term", "case", "row", "most"]),
        ("Tag", "small::kind::limit", ["most"]),
    ],
)
def test_filters_leave_what_they_name(opened: Opener, label: str, value: str, expected: list[str]) -> None:
    page = opened()
    page.get_by_text("Filters").click()
    page.get_by_label(label, exact=True).select_option(value)
    assert listed(page) == expected
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#count_")).to_have_text("9 cards")


def test_a_link_to_a_card_that_is_filtered_out_shows_it(opened: Opener) -> None:
    page = opened()
    page.get_by_label("Search", exact=True).fill("deletemess")
    page.evaluate("location.hash = 'other'")
    expect(page.locator(".current")).to_have_attribute("id", "other")
    expect(page.locator("#count_")).to_have_text("9 cards")


def test_a_count_of_the_exam_leads_to_its_cards(opened: Opener) -> None:
    page = opened("#exam_")
    page.locator('[data-task="1.2"]').click()
    expect(page.locator("#count_")).to_have_text("4 of 9 cards")
    assert listed(page) == ["term", "case", "row", "most"]


def test_a_card_leads_to_its_place_in_the_text_and_back(opened: Opener) -> None:
    page = opened("#term")
    page.locator("#open_").get_by_role("link", name="01.html:").click()
    expect(page.locator("#text_term")).to_be_in_viewport()
    expect(page.locator("#cards_")).to_be_hidden()
    page.locator("#text_deep").get_by_text("4 cards").click()
    page.locator("#text_deep .asks").get_by_role("link", name="A case?").click()
    expect(page.locator(".current")).to_have_attribute("id", "case")


def test_the_text_can_be_searched(opened: Opener) -> None:
    page = opened("#sheet_")
    page.get_by_label("Search the text").fill("strict group")
    expect(page.get_by_role("heading", name="1.1 Deeper")).to_be_visible()
    expect(page.get_by_role("heading", name="2 Two")).to_be_hidden()
    expect(page.locator("#within_count_")).to_have_text("1 of 3 sections")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_night_follows_the_system_until_it_is_switched(opened: Opener, scheme: str) -> None:
    page = opened("#pair", scheme=scheme)
    papers = {"light": "rgb(255, 255, 255)", "dark": "rgb(26, 32, 39)"}
    other = {"light": "dark", "dark": "light"}[scheme]
    card = page.locator(f"{FRONT} .card")
    expect(card).to_have_css("background-color", papers[scheme])
    page.get_by_label("Theme").select_option(other)
    expect(card).to_have_css("background-color", papers[other])
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Next").click()
    expect(card).to_have_css("background-color", papers[other])


def test_a_card_can_be_as_narrow_as_a_phone(opened: Opener) -> None:
    page = opened("#pair")
    expect(page.locator(f"{FRONT} .card")).to_have_css("font-size", "20.8px")
    page.get_by_label("Card width").select_option("360px")
    assert page.locator("#open_ .face").bounding_box() is not None
    expect(page.locator("#open_ .face")).to_have_css("width", "360px")
    expect(page.locator(f"{FRONT} .card")).to_have_css("font-size", "18px")


def test_a_phone_shows_the_list_or_a_card(opened: Opener) -> None:
    page = opened(size=PHONE)
    expect(page.locator(".stage")).to_be_hidden()
    page.get_by_role("link", name="What removes a message?").first.click()
    expect(page.locator(FRONT)).to_be_visible()
    expect(page.locator("#search_")).to_be_hidden()
    page.get_by_role("button", name="Next").click()
    assert opened_card(page) == "picture"
    page.get_by_role("link", name="All cards").click()
    expect(page.locator("#search_")).to_be_visible()
    expect(page.locator("#picture h4 a")).to_be_focused()


@pytest.mark.parametrize("place", VIEWS)
@pytest.mark.parametrize("size", [(320, 640), WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anyone_out(opened: Opener, place: str, size: tuple[int, int], scheme: str) -> None:
    page = opened(place, size=size, scheme=scheme)
    page.keyboard.press(" ")
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found] == []
    assert sideways(page) == 0


def test_all_can_be_read_without_a_script(opened: Opener) -> None:
    page = opened(scripts=False, size=(320, 640))
    for key, question, answer in (
        ("pair", "What removes a message?", "The call DeleteMessage"),
        ("cloze", "A queue keeps a [...] for days", "A queue keeps a message for days"),
        ("term", "Dead-letter queue", "where messages go that fail"),
    ):
        card = page.locator(f"#{key}")
        expect(card.locator(".front .question")).to_contain_text(question)
        expect(card.locator(".front .question")).to_be_visible()
        answered = card.locator(".back .answer, .back .question:not(.asked)")
        expect(answered).to_contain_text(answer)
        expect(answered).to_be_visible()
    for place in ("#text_deep", "#sections_ table >> nth=0", "#exam_", "#limit_most"):
        expect(page.locator(place)).to_be_visible()
    expect(page.locator("#search_")).to_be_hidden()


def test_print_shows_questions_with_answers(opened: Opener) -> None:
    page = opened("#pair")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#pair .front .question")).to_be_visible()
    expect(page.locator("#pair .back .answer")).to_be_visible()
    expect(page.locator("#search_")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened_card(page) == "pair"


@dataclass
class Live:
    """A page that is served, and what comes of it next."""

    html: str
    attempt: Attempt
    address: str = ""

    def make(self, events: str) -> Attempt:
        page = self.attempt.page and live_page(self.attempt.page, events, {"sheet.pdf": "Sheet, A4"})
        return Attempt(page, self.attempt.reports)

    def tell(self, page: str | None, *reports: str) -> None:
        self.attempt = Attempt(page, reports)
        self.site.renew()

    def __post_init__(self) -> None:
        self.site = Site(self.make, {"sheet.pdf": b"%PDF-1.7"}.get)
        self.site.renew()


@pytest.fixture
def live(html: str) -> Iterator[Live]:
    found = Live(html, Attempt(html, ()))
    with served(found.site, 0) as found.address:
        yield found


def test_a_live_page_shows_problems_until_there_are_none(opened: Opener, live: Live) -> None:
    page = opened(at=live.address)
    report = "source/09-s3.html:41:1: N012 duplicate id <b>\n   41 | <section>"
    alert = page.get_by_role("alert")
    live.tell(None, report, "another")
    expect(alert.locator("pre")).to_have_text([report, "another"])
    page.mouse.wheel(0, 5000)
    expect(alert).to_be_in_viewport()
    expect(alert.locator("p")).to_have_text("The notes have problems; this page shows them as they were before.")
    live.tell(live.html, "a warning")
    expect(alert.locator("pre")).to_have_text(["a warning"])
    expect(alert.locator("p")).to_have_text("The notes have no error, but something to look at.")
    live.tell(live.html)
    expect(page.locator("#problems_")).to_be_hidden()


def test_a_live_page_that_reloads_stays_where_it_was(opened: Opener, live: Live) -> None:
    page = opened(at=live.address, size=(1200, 300))
    page.get_by_label("Search", exact=True).fill("queue")
    page.get_by_text("Filters").click()
    page.get_by_label("Kind", exact=True).select_option("cloze")
    page.get_by_label("Theme").select_option("dark")
    page.get_by_label("Card width").select_option("320px")
    page.locator("#cloze_2 h4 a").click()
    page.get_by_role("button", name="Show answer").click()
    page.evaluate("scrollTo(0, 40); window.isOld = true")
    live.tell(live.html)
    page.wait_for_function("!window.isOld && document.readyState === 'complete'")
    expect(page.locator(BACK)).to_be_visible()
    assert opened_card(page) == "cloze_2"
    assert listed(page) == ["cloze", "cloze_2"]
    expect(page.get_by_label("Search", exact=True)).to_have_value("queue")
    expect(page.locator("#open_ .face")).to_have_css("width", "320px")
    expect(page.locator(f"{BACK} .card")).to_have_css("background-color", "rgb(26, 32, 39)")
    assert page.evaluate("scrollY") == 40


def test_a_live_page_offers_what_can_be_printed(opened: Opener, live: Live) -> None:
    page = opened("#sheet_", at=live.address)
    expect(page.get_by_role("link", name="Sheet, A4")).to_have_attribute("href", "sheet.pdf")
    assert page.request.get(f"{live.address}sheet.pdf").body() == b"%PDF-1.7"


def test_a_page_that_is_not_served_offers_nothing_to_print(opened: Opener) -> None:
    expect(opened("#sheet_").locator(".pdfs")).to_be_hidden()
