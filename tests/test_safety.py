"""Notes that try to have something else loaded: they are refused at their own line, and nothing is loaded."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cheatdeck import pipeline
from cheatdeck.paths import Paths
from cheatdeck.problems import NotesError
from notes import page, write_notebook

PRIVATE = "what only the owner of this machine may read"
DIAGRAM = """<figure id="drawn"><pre class="mermaid">
flowchart TB
  accDescr: A leads to B.
  A --> B
  {}
</pre><figcaption>What is drawn?</figcaption></figure>"""
NOTES = {
    "picture": '<p>See <img src="ADDRESS" alt="it"></p>',
    "link": '<p>See <a href="ADDRESS">it</a></p>',
    "style": '<p style="background: url(ADDRESS)">See it</p>',
    "frame": '<iframe src="ADDRESS"></iframe>',
    "script": '<script src="ADDRESS"></script>',
    "style sheet": '<link rel="stylesheet" href="ADDRESS">',
    "import": "<style>@import url(ADDRESS)</style>",
    "object": '<object data="ADDRESS"></object>',
    "SVG": '<svg><image href="ADDRESS"/></svg>',
    "source": '<section id="s"><h2>S</h2><p>See</p><footer><a rel="external" href="ADDRESS">it</a></footer></section>',
    "date of a change": '<p>It is <del>old</del> <ins datetime="2025" cite="ADDRESS">new</ins></p>',
    "click in a diagram": DIAGRAM.format('click A "ADDRESS" "it"'),
    "picture in a diagram": DIAGRAM.format('C@{ img: "ADDRESS", label: "it" }'),
    "fill of a diagram": DIAGRAM.format("style A fill:url(ADDRESS)"),
}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server on this machine that nobody should call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


@pytest.fixture
def addresses(listener: socket.socket, tmp_path: Path) -> dict[str, str]:
    """Where notes have no business: on the network, and in files beside the notebook."""
    secret = tmp_path / "secret.txt"
    secret.write_text(PRIVATE, encoding="utf-8")
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    return {"http": f"http://{host}/", "file": secret.as_uri(), "up": "../secret.txt", "no scheme": f"//{host}/"}


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("way", ["http", "file", "up", "no scheme"])
def test_nothing_else_is_loaded(
    note: str, way: str, tmp_path: Path, listener: socket.socket, addresses: dict[str, str]
) -> None:
    body = NOTES[note].replace("ADDRESS", addresses[way])
    paths = Paths.of(write_notebook(tmp_path / "notes", chapter_1=page(body)), tmp_path / "out")
    with pytest.raises(NotesError) as refused:
        pipeline.build(paths, lambda _: None)
    first, last = 5, 5 + body.count("\n")
    places = {(Path(problem.span.file).name, first <= problem.span.line <= last) for problem in refused.value.problems}
    assert places == {("01.html", True)}
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert PRIVATE not in str(refused.value)
    left = paths.out.rglob("*") if paths.out.exists() else ()
    assert [path for path in left if path.is_file() and PRIVATE.encode() in path.read_bytes()] == []
