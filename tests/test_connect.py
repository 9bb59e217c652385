"""Pushing a package: what an AnkiConnect, and what is none, makes of it."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import genanki
import pytest
from anki.collection import Collection

from cheatdeck.connect import PushError, push
from collection import import_package, sides

Reply = tuple[int, bytes]


@contextmanager
def serving(reply: Callable[[bytes], Reply]) -> Iterator[str]:
    """Serve HTTP on this machine, one request after the other, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class AnkiConnect:
    """The add-on, as far as a push asks of it."""

    importing: Callable[[Path], bool] = lambda _: True
    version: int = 6
    key: str | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, body: bytes) -> Reply:
        request = json.loads(body)
        self.asked.append(request)
        try:
            reply = {"result": self._result(request), "error": None}
        except Exception as error:  # noqa: BLE001 - AnkiConnect passes on whatever went wrong
            reply = {"result": None, "error": str(error)}
        return 200, json.dumps(reply).encode()

    def _result(self, request: dict[str, Any]) -> object:
        if request.get("key") != self.key:
            raise ValueError("valid api key must be provided")
        match request["action"]:
            case "version":
                return self.version
            case "importPackage":
                return self.importing(Path(request["params"]["path"]))
            case _:
                raise ValueError("unsupported action")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    model = genanki.Model(
        1_763_900_000_101,
        "Cheatdeck Question",
        fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "Key"}],
        templates=[{"name": "Question", "qfmt": "{{Question}}", "afmt": "{{Answer}}"}],
    )
    deck = genanki.Deck(1_763_900_000_102, "A small notebook")
    deck.add_note(genanki.Note(model, ["What is asked?", "What is answered.", "a"]))
    path = tmp_path / "small.apkg"
    genanki.Package(deck).write_to_file(path)
    return path


def refusal(package: Path, address: str, key: str = "") -> str:
    """Return what is said of a push that fails."""
    with pytest.raises(PushError) as refused:
        push(package, address, key)
    return str(refused.value)


def test_a_pushed_deck_arrives_in_the_learners_collection(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = str(tmp_path / "collection.anki2")

    def importing(path: Path) -> bool:
        assert path.is_absolute()
        col = Collection(learner)
        try:
            return import_package(col, path).new == 1
        finally:
            col.close()

    monkeypatch.chdir(package.parent)
    with serving(AnkiConnect(importing)) as address:
        push(Path(package.name), address)
    col = Collection(learner)
    try:
        assert sides(col, "a") == [("What is asked?", "What is answered.")]
    finally:
        col.close()


def test_the_version_is_asked_before_anything_is_done(package: Path) -> None:
    anki = AnkiConnect()
    with serving(anki) as address:
        push(package, address)
    assert anki.asked == [
        {"action": "version", "version": 6, "params": {}},
        {"action": "importPackage", "version": 6, "params": {"path": str(package.resolve())}},
    ]


def test_a_key_goes_with_every_request(package: Path) -> None:
    anki = AnkiConnect(key="secret")
    with serving(anki) as address:
        push(package, address, "secret")
    assert [request["key"] for request in anki.asked] == ["secret", "secret"]


@pytest.mark.parametrize(("given", "wanted"), [("", "secret"), ("wrong", "secret"), ("needless", None)])
def test_a_wrong_key_is_said_with_where_the_right_one_stands(package: Path, given: str, wanted: str | None) -> None:
    with serving(AnkiConnect(key=wanted)) as address:
        assert refusal(package, address, given) == (
            "AnkiConnect says: valid api key must be provided\n"
            "Give the key with --key, as it stands under apiKey in Tools → Add-ons → AnkiConnect → Config; "
            "give none if none stands there."
        )


def test_a_package_that_is_not_there_is_to_be_built(tmp_path: Path) -> None:
    path = tmp_path / "none.apkg"
    assert refusal(path, "http://127.0.0.1") == f"There is no package {path}.\nMake it with: cheatdeck build"
    assert refusal(tmp_path, "http://127.0.0.1").startswith("There is no package")


def test_without_a_listener_anki_is_to_be_started_or_the_add_on_installed(package: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert refusal(package, address) == (
            f"Nothing listens at {address}: Anki does not run, or has no AnkiConnect.\n"
            "Start Anki; if it runs, install the add-on: "
            "Tools → Add-ons → Get Add-ons, code 2055492159, then restart Anki."
        )


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<!doctype html><title>A web server</title>"),
        (200, b""),
        (200, b"\xff"),
        (200, b"[" * 100_000),
        (200, b"null"),
        (200, b"[6, null]"),
        (200, b"{}"),
        (200, b'{"result": 6}'),
        (200, b'{"result": "6", "error": null}'),
        (200, b'{"result": true, "error": null}'),
        (200, b'{"result": null, "error": 1}'),
        (302, b""),
        (404, b'{"result": 6, "error": null}'),
        (500, b""),
    ],
)
def test_another_server_is_told_from_ankiconnect(package: Path, status: int, body: bytes) -> None:
    with serving(lambda _: (status, body)) as address:
        assert refusal(package, address).startswith(f"What listens at {address} is not AnkiConnect.\n")


@pytest.mark.parametrize(
    ("said", "refused"),
    [(b"220 mail ready\r\n", "What listens at {} is not AnkiConnect.\n"), (b"", "{} broke off without an answer.\n")],
)
def test_what_speaks_no_http_is_told_from_ankiconnect(package: Path, said: bytes, refused: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert refusal(package, address).startswith(refused.format(address))
        thread.join()


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("collection is not available", "Open a profile in Anki, and push again."),
        ("Failed to open '/a.apkg'", "Import the package by hand: in Anki, File → Import."),
    ],
)
def test_what_ankiconnect_refuses_is_passed_on(package: Path, words: str, remedy: str) -> None:
    def importing(_: Path) -> bool:
        raise OSError(words)

    with serving(AnkiConnect(importing)) as address:
        assert refusal(package, address) == f"AnkiConnect says: {words}\n{remedy}"


def test_an_import_that_is_not_done_is_not_taken_for_done(package: Path) -> None:
    with serving(AnkiConnect(lambda _: False)) as address:
        assert refusal(package, address).startswith(f"AnkiConnect has not imported {package}, and does not say why.\n")


@pytest.mark.parametrize("reply", [b'{"result": 5, "error": null}', b"5"])
def test_an_old_ankiconnect_is_to_be_updated(package: Path, reply: bytes) -> None:
    with serving(lambda _: (200, reply)) as address:
        assert refusal(package, address) == (
            "AnkiConnect speaks version 5 of its protocol; cheatdeck needs 6.\n"
            "Update the add-on: Tools → Add-ons → Get Add-ons, code 2055492159, then restart Anki."
        )


LATE = (
    "Anki has not answered within 0.1 seconds; what it was asked for, it may still do.\n"
    "Bring its window to the front and close every dialogue that is open in it; then push again."
)


def test_an_anki_that_says_nothing_is_not_waited_for_long(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cheatdeck.connect.ANSWER_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert refusal(package, f"http://127.0.0.1:{silent.getsockname()[1]}") == LATE


def test_an_import_is_given_up_when_its_time_is_over(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cheatdeck.connect.IMPORT_SECONDS", 0.1)
    closed = threading.Event()
    with serving(AnkiConnect(lambda _: closed.wait())) as address:
        assert refusal(package, address) == LATE
        closed.set()


@pytest.mark.parametrize(
    "address",
    [
        "http://192.168.1.7:8765",
        "http://anki.example:8765",
        "http://127.0.0.1@anki.example:8765",
        "http://127.0.0.1.anki.example",
        "http://0.0.0.0:8765",
        "https://127.0.0.1:8765",
        "http://127.0.0.1:8765/other",
        "http://127.0.0.1:none",
        "http://127.0.0.1:99999",
        "http://[::1",
        "localhost:8765",
        "8765",
        "",
    ],
)
def test_only_this_machine_is_asked(package: Path, address: str) -> None:
    said = refusal(package, address)
    assert said.startswith(f'"{address}" is no address of AnkiConnect on this machine.\n')
    assert said.endswith("the address is http://127.0.0.1:8765, or another port of 127.0.0.1, localhost or [::1].")


def test_localhost_is_this_machine(package: Path) -> None:
    anki = AnkiConnect()
    with serving(anki) as address:
        push(package, address.replace("127.0.0.1", "LOCALHOST") + "/")
    assert [request["action"] for request in anki.asked] == ["version", "importPackage"]


def test_no_proxy_is_asked(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    anki, proxied = AnkiConnect(), AnkiConnect()
    with serving(anki) as address, serving(proxied) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        push(package, address)
    assert (len(anki.asked), len(proxied.asked)) == (2, 0)
