"""Elements known by their places instead of by their ids: so keys tell which element a section or a card is of.

No heading and no question makes a key of these forms.
"""

import re

from cheatdeck.archive import sha256
from cheatdeck.plain.keys import key_of

_AT = re.compile(r"cheatdeck0at(?P<offset>\d+)of[0-9a-f]{16}")
_KEPT = "cheatdeck0kept-{}-kept0cheatdeck"
# Keys that hang on an element's: of further cards of it, and of what a section has by itself.
_HELD = re.compile(rf"(?:{_AT.pattern}|{_KEPT.format('.*')})(?:-card|-diagram)?(?:-\d+)?")


def at(file: str, offset: int) -> str:
    """Return the id of an element that has none, by the place in its file where one can be written."""
    return f"cheatdeck0at{offset}of{sha256(file)[:16]}"


def kept(given: str) -> str:
    """Return the id that stands for one that an element was given; empty for one that no key is made of."""
    key = key_of(given)
    return _KEPT.format(key) if key and not _AT.fullmatch(given) else given


def offset_of(key: str) -> int | None:
    """Return the place that a key tells, if it is that of an element without an id."""
    found = _AT.fullmatch(key)
    return int(found["offset"]) if found else None


def is_held(key: str) -> bool:
    """Tell whether a key hangs on an element that has an id, or can have one."""
    return _HELD.fullmatch(key) is not None
