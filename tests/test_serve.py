"""The live page, as a browser asks for it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cheatdeck.serve import Attempt, PortError, Site, State, keep_fresh, served

PAGE = "<!doctype html><html><head><title>{}</title></head><body>{}</body></html>"


class Notes:
    """What a page is made of; text that begins with ! is a mistake."""

    def __init__(self) -> None:
        self.text = "One"

    def make(self, events: str) -> Attempt:
        if self.text.startswith("!"):
            return Attempt(None, (self.text,))
        return Attempt(PAGE.format(self.text, events), ("a warning",) if self.text.endswith("?") else ())


@pytest.fixture
def notes() -> Notes:
    return Notes()


FILES: dict[str, bytes | str | None] = {"sheet.pdf": b"%PDF", "broken.pdf": "no letter for it"}


@pytest.fixture
def site(notes: Notes) -> Site:
    site = Site(notes.make, FILES.get)
    site.renew()
    return site


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with served(site, 0) as address:
        yield address


@contextmanager
def asked(address: str, path: str, host: str = "") -> Iterator[HTTPResponse]:
    place = urlsplit(address)
    assert place.hostname == "127.0.0.1"
    connection = HTTPConnection("127.0.0.1", place.port or 0, timeout=10)
    connection.request("GET", path, headers={"Host": host} if host else {})
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def event(response: HTTPResponse) -> tuple[str, str]:
    """Return the next event's name and data."""
    lines = iter(lambda: response.fp.readline().decode().rstrip("\n"), "")
    told = dict(line.split(": ", 1) for line in lines)
    return told["event"], told["data"]


def problems(reports: list[str], *, is_stale: bool) -> tuple[str, str]:
    return "problems", json.dumps({"isStale": is_stale, "reports": reports})


def test_the_page_is_there_and_never_kept_by_a_browser(address: str) -> None:
    with asked(address, "/") as response:
        assert response.read().decode() == PAGE.format("One", "/events?1")
        assert response.headers["Cache-Control"] == "no-store"


def test_a_new_page_is_to_be_loaded(site: Site, notes: Notes, address: str) -> None:
    with asked(address, "/events?1") as response:
        assert event(response) == problems([], is_stale=False)
        notes.text = "Two"
        site.renew()
        assert event(response) == ("reload", "")
    with asked(address, "/") as response:
        assert "<title>Two</title>" in response.read().decode()


def test_a_page_that_changed_while_it_was_loaded_is_to_be_loaded_again(site: Site, address: str) -> None:
    site.renew()
    with asked(address, "/events?1") as response:
        assert event(response) == ("reload", "")


def test_problems_are_told_and_the_last_good_page_stays(site: Site, notes: Notes, address: str) -> None:
    with asked(address, "/events?1") as response:
        assert event(response) == problems([], is_stale=False)
        notes.text = "! a mistake"
        site.renew()
        assert event(response) == problems(["! a mistake"], is_stale=True)
        with asked(address, "/") as page:
            assert "<title>One</title>" in page.read().decode()
        notes.text = "One"
        site.renew()
        assert event(response) == ("reload", "")


def test_a_page_that_is_opened_while_something_is_wrong_is_told(site: Site, notes: Notes, address: str) -> None:
    notes.text = "! a mistake"
    site.renew()
    with asked(address, "/events?1") as response:
        assert event(response) == problems(["! a mistake"], is_stale=True)


def test_warnings_are_told_beside_the_new_page(site: Site, notes: Notes, address: str) -> None:
    notes.text = "Two?"
    site.renew()
    with asked(address, "/events?2") as response:
        assert event(response) == problems(["a warning"], is_stale=False)
    with asked(address, "/") as page:
        assert "<title>Two?</title>" in page.read().decode()


def test_where_there_was_never_a_page_the_problems_stand_alone(notes: Notes) -> None:
    notes.text = "! <b>wrong</b> & {odd}"
    site = Site(notes.make, lambda _: None)
    site.renew()
    with served(site, 0) as address, asked(address, "/") as page:
        assert "<pre>! &lt;b&gt;wrong&lt;/b&gt; &amp; {odd}</pre>" in page.read().decode()


def test_files_are_made_when_they_are_asked_for(address: str) -> None:
    with asked(address, "/sheet.pdf") as response:
        assert (response.read(), response.headers["Content-Type"]) == (b"%PDF", "application/pdf")
    with asked(address, "/broken.pdf") as response:
        assert (response.status, response.read()) == (500, b"no letter for it")


@pytest.mark.parametrize(
    "path", ["/other.pdf", "/../notebook.toml", "/%2e%2e/notebook.toml", "/index.html", "/events", "/events?x"]
)
def test_nothing_else_is_there(address: str, path: str) -> None:
    with asked(address, path) as response:
        assert response.status == 404


def test_other_names_of_this_machine_are_refused(address: str) -> None:
    with asked(address, "/", host="rebound.example") as response:
        assert (response.status, b"One" in response.read()) == (403, False)
    with asked(address, "/", host="localhost:8000") as response:
        assert response.status == 200


def test_a_port_that_is_taken_is_an_error(site: Site, address: str) -> None:
    port = urlsplit(address).port or 0
    with pytest.raises(PortError, match=f"port {port}: .* in use; --port 0"), served(site, port):
        pass
    with pytest.raises(PortError, match="port 65536: a port is a number"), served(site, 65536):
        pass


def test_what_changes_on_disk_makes_the_page_anew(tmp_path: Path, site: Site, notes: Notes) -> None:
    told: list[State] = []
    stop = threading.Event()
    renewed = threading.Event()

    def tell(state: State) -> None:
        told.append(state)
        renewed.set()

    out = tmp_path / "build"
    out.mkdir()
    watcher = threading.Thread(target=keep_fresh, args=(site, [tmp_path], out, tell, stop), daemon=True)
    watcher.start()
    notes.text = "Two"
    count = 0
    while not renewed.wait(0.2):
        # The watcher may not have begun when the first change comes.
        count += 1
        (tmp_path / "chapter.html").write_text(f"changed {count}", encoding="utf-8")
        assert count < 50
    stop.set()
    watcher.join(10)
    assert not watcher.is_alive()
    assert told[0] == State(PAGE.format("Two", "/events?2"), is_stale=False, reports=(), edition=2)
