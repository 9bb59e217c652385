"""Hands a package to an Anki that runs on this machine, through its add-on AnkiConnect."""

import json
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

ADDRESS = "http://127.0.0.1:8765"
PROTOCOL = 6
# AnkiConnect says its version at once, but says nothing while it imports, which takes minutes for a large deck.
ANSWER_SECONDS = 5.0
IMPORT_SECONDS = 600.0

# Anki opens the package by its path, which means nothing on another machine.
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_PORT = 8765
_LONGEST_REPLY = 1_000_000

_INSTALL = "Tools → Add-ons → Get Add-ons, code 2055492159, then restart Anki"
_BY_HAND = "Import the package by hand: in Anki, File → Import."
# What AnkiConnect says, and what to do about it.
_REMEDIES = {
    "valid api key must be provided": (
        "Give the key with --key, as it stands under apiKey in Tools → Add-ons → AnkiConnect → Config; "
        "give none if none stands there."
    ),
    "collection is not available": "Open a profile in Anki, and push again.",
    "unsupported action": f"Update AnkiConnect: {_INSTALL}.",
}


class PushError(Exception):
    """Why Anki has not taken a package, and on a second line what to do."""


def push(package: Path, address: str = ADDRESS, key: str = "") -> None:
    """Have Anki import a package; `key` is AnkiConnect's apiKey, if it has one.

    Raises PushError if Anki has not said that the import is done.
    """
    if not package.is_file():
        raise PushError(f"There is no package {package}.\nMake it with: cheatdeck build")
    anki = _AnkiConnect(address, *_place(address), key)
    _check(anki.ask("version", ANSWER_SECONDS), address)
    if anki.ask("importPackage", IMPORT_SECONDS, path=str(package.resolve())) is not True:
        raise PushError(f"AnkiConnect has not imported {package}, and does not say why.\n{_BY_HAND}")


def _place(address: str) -> tuple[str, int]:
    """Return host and port of an address on this machine."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts = urlsplit("")
        host = port = None
    if host not in _HOSTS or parts.scheme != "http" or parts.path.strip("/") or parts.query:
        raise PushError(
            f'"{address}" is no address of AnkiConnect on this machine.\n'
            f"Anki reads the package from its own disk, so the address is {ADDRESS}, "
            "or another port of 127.0.0.1, localhost or [::1]."
        )
    return host, _PORT if port is None else port


def _check(version: object, address: str) -> None:
    if not isinstance(version, int) or isinstance(version, bool):
        raise _foreign(address)
    if version < PROTOCOL:
        raise PushError(
            f"AnkiConnect speaks version {version} of its protocol; cheatdeck needs {PROTOCOL}.\n"
            f"Update the add-on: {_INSTALL}."
        )


@dataclass(frozen=True, slots=True)
class _AnkiConnect:
    """The add-on at its address; it is asked directly, whatever proxies the environment names."""

    address: str
    host: str
    port: int
    key: str

    def ask(self, action: str, seconds: float, **params: str) -> object:
        """Return the result of an action."""
        request: dict[str, object] = {"action": action, "version": PROTOCOL, "params": params}
        if self.key:
            # AnkiConnect takes an empty key for a wrong one.
            request["key"] = self.key
        try:
            reply = self._exchange(json.dumps(request).encode(), seconds)
        except (OSError, HTTPException) as error:
            raise _failure(error, self.address, seconds) from error
        except (ValueError, RecursionError) as error:
            raise _foreign(self.address) from error
        return _result(reply, self.address)

    def _exchange(self, request: bytes, seconds: float) -> object:
        with closing(HTTPConnection(self.host, self.port, timeout=seconds)) as connection:
            connection.request("POST", "/", request, {"Content-Type": "application/json"})
            with connection.getresponse() as response:
                if response.status != HTTPStatus.OK:
                    raise _foreign(self.address)
                return json.loads(response.read(_LONGEST_REPLY))


def _result(reply: object, address: str) -> object:
    match reply:
        case {"result": result, "error": None}:
            return result
        case {"error": str(words)}:
            raise PushError(f"AnkiConnect says: {words}\n{_REMEDIES.get(words, _BY_HAND)}")
        case int():
            # Before version 5 of the protocol, a reply was the bare result.
            return reply
        case _:
            raise _foreign(address)


def _failure(error: Exception, address: str, seconds: float) -> PushError:
    match error:
        case TimeoutError():
            return PushError(
                f"Anki has not answered within {seconds:g} seconds; what it was asked for, it may still do.\n"
                "Bring its window to the front and close every dialogue that is open in it; then push again."
            )
        case ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError():
            return PushError(f"{address} broke off without an answer.\nLook whether Anki still runs; then push again.")
        case HTTPException():
            return _foreign(address)
        case _:
            return PushError(
                f"Nothing listens at {address}: Anki does not run, or has no AnkiConnect.\n"
                f"Start Anki; if it runs, install the add-on: {_INSTALL}."
            )


def _foreign(address: str) -> PushError:
    return PushError(
        f"What listens at {address} is not AnkiConnect.\n"
        "Look which port stands under webBindPort in Tools → Add-ons → AnkiConnect → Config, "
        "and which other program uses this one."
    )
