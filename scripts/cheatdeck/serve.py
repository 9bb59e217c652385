"""A page that is served on this machine alone, and is made anew whenever what it is made of changes."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from markupsafe import Markup
from watchfiles import DefaultFilter, watch

HOST = "127.0.0.1"
_EVENTS = "/events"
# A connection that is never used is closed by some who stand between.
_SILENCE_SECONDS = 15.0

_NO_PAGE = Markup(
    """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>No page yet</title><link rel="icon" href="data:,"></head>
<body>
<h1>The notes have problems</h1>
<pre>{}</pre>
<script>
let isNew = true;
const events = new EventSource("{}");
events.addEventListener("reload", () => location.reload());
events.addEventListener("problems", () => {{
  if (!isNew) {{
    location.reload();
  }}
  isNew = false;
}});
</script>
</body>
</html>
"""
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A page, or none where it could not be made; and what there is to say of it, problem by problem."""

    page: str | None
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """The last page that could be made, whether there was none since, what there is to say, and which page it is."""

    page: str
    is_stale: bool
    reports: tuple[str, ...]
    edition: int


@dataclass
class Site:
    """What is served: the newest state, and the files that are made when they are asked for.

    `make` is given the address at which its page hears of changes.
    `files` makes a file by its name; it returns the reason where it can't, and None for a file that there is none of.
    """

    make: Callable[[str], Attempt]
    files: Callable[[str], bytes | str | None]
    state: State = field(default_factory=lambda: State("", is_stale=True, reports=(), edition=0))
    is_closed: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def renew(self) -> State:
        """Make the page anew; one that can't be made leaves the last one where it is, and says why."""
        last = self.state
        made = self.make(_events(last.edition + 1))
        with self._changed:
            if made.page is None:
                self.state = State(last.page, is_stale=True, reports=made.reports, edition=last.edition)
            else:
                self.state = State(made.page, is_stale=False, reports=made.reports, edition=last.edition + 1)
            self._changed.notify_all()
            return self.state

    def close(self) -> None:
        """Let everybody go who waits for changes."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    def changes(self) -> Iterator[State | None]:
        """Yield the state, and each one after it; None where nothing has happened for a while."""
        seen = None
        while not self.is_closed:
            with self._changed:
                if self.state is seen:
                    self._changed.wait(_SILENCE_SECONDS)
                fresh = None if self.state is seen else self.state
            seen = fresh or seen
            if not self.is_closed:
                yield fresh


class PortError(Exception):
    """A port that nothing can be served at."""


@contextmanager
def served(site: Site, port: int) -> Iterator[str]:
    """Serve a site on this machine, for as long as the context lasts; gives its address.

    `port` 0 takes one that is free. Raises PortError where the port is taken, or is none.
    """
    try:
        server = ThreadingHTTPServer((HOST, port), partial(_Handler, site))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "a port is a number up to 65535"
        raise PortError(f"port {port}: {reason}; --port 0 takes one that is free") from error
    with server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_address[1]}/"
        finally:
            site.close()
            server.shutdown()
            thread.join()


def keep_fresh(
    site: Site, folders: Sequence[Path], out: Path, told: Callable[[State], None], stop: threading.Event
) -> None:
    """Make the page anew whenever a file in one of the folders changes, until `stop` is set.

    What is written in the folder `out` changes nothing: it may be within another.
    """
    written = DefaultFilter(ignore_paths=[out.resolve()])
    for _ in watch(*folders, watch_filter=written, stop_event=stop, debounce=50, step=20):
        told(site.renew())


class _Handler(BaseHTTPRequestHandler):
    """Answers with the page, with its changes, and with files that are made when they are asked for."""

    protocol_version = "HTTP/1.1"

    def __init__(self, site: Site, *connection: Any) -> None:  # noqa: ANN401 - what a server hands to its handlers
        self._site = site
        super().__init__(*connection)

    def do_GET(self) -> None:
        if self.headers.get("Host", "").partition(":")[0] not in {HOST, "localhost"}:
            # A page from elsewhere may have its own name point to this machine.
            self._send(HTTPStatus.FORBIDDEN, "text/plain", b"This page is for this machine alone.\n")
        elif self.path == "/":
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", _page(self._site.state).encode())
        elif (known := self.path.removeprefix(f"{_EVENTS}?")).isdecimal():
            self._tell(int(known))
        else:
            self._send_file(self._site.files(self.path.removeprefix("/")))

    def _send_file(self, made: bytes | str | None) -> None:
        if isinstance(made, bytes):
            self._send(HTTPStatus.OK, "application/pdf", made)
        elif made:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", made.encode())
        else:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"There is nothing here.\n")

    def _send(self, status: HTTPStatus, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def _tell(self, edition: int) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        with suppress(ConnectionError):
            for state in self._site.changes():
                self.wfile.write(_event(state, edition))
                self.wfile.flush()
                edition = state.edition if state else edition
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet: what is told stands on the page."""


def _event(state: State | None, edition: int) -> bytes:
    """Return what a page is told that has an edition: to load the next, or what is wrong."""
    if state is None:
        return b": still here\n\n"
    if state.edition != edition:
        return b"event: reload\ndata: \n\n"
    problems = json.dumps({"isStale": state.is_stale, "reports": state.reports})
    return f"event: problems\ndata: {problems}\n\n".encode()


def _events(edition: int) -> str:
    """Return where the page of an edition hears of those after it, however long it took to load."""
    return f"{_EVENTS}?{edition}"


def _page(state: State) -> str:
    return state.page or _NO_PAGE.format("\n\n".join(state.reports), _events(state.edition))
