"""A page of a small notebook, and the system's Chromium, from which nothing leaves this machine."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cheatdeck.cards import make_notes
from cheatdeck.deck import Deck, Faces, note_types
from cheatdeck.diagrams import Picture
from cheatdeck.edition import Edition
from cheatdeck.paths import Paths
from cheatdeck.preview import render_preview
from notes import SETTINGS, page, read, write_notebook

OWN = ("file:", "data:", "about:", "http://127.0.0.1:")
PICTURE = Picture(
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="90"><rect width="400" height="90" fill="#def"/></svg>',
    400,
    90,
)
ONE = page(
    """<p class="remember">Know the <em>queues</em>.</p>
<p id="cloze">A queue keeps a <mark data-cloze="1">message</mark> for <mark>days</mark></p>
<dl><div id="pair"><dt>What removes a message?</dt><dd>The call <code>DeleteMessage</code></dd></div></dl>
<figure id="picture"><pre class="mermaid">flowchart TB
accDescr: Left leads to right.
A --> B</pre><figcaption>What leads to right?</figcaption></figure>
<section id="deep" data-tasks="1.2"><h2>Deeper</h2>
<ul><li id="term"><dfn>Dead-letter queue</dfn>: where messages go that fail</li></ul>
<details id="case"><summary>A case?</summary><p>Do this</p>
<pre><code class="language-json">{"AVeryLongName": "arn:aws:sqs:eu-central-1:123456789012:AnotherVeryLong"}</code></pre>
</details>
<table><caption>Kinds</caption><thead><tr><th>Kind</th><th>Order</th><th>Throughput</th><th>Price</th></tr></thead>
<tbody>
<tr id="row"><th>FIFO</th><td>strict, within a message group</td><td>3,000 messages</td><td>more</td></tr></tbody>
</table>
<p>At most <data value="most">4 days</data>.</p>
<footer><a rel="external" href="https://example.com/b">Book</a></footer>
</section>"""
)
LIMITS = """[most]
subject = "Longest stay in a queue"
value = "4 days"
kind = "maximum"
section = "deep"
note = "96 hours"
check = 'botocore: sqs.shapes.QueueAttributeName.members.MessageRetentionPeriod contains "345600"'
"""


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a notebook with a card of each kind."""
    folder = tmp_path_factory.mktemp("notes")
    two = page('<p id="other">Another <mark>note</mark></p><p>More</p>', "two", "Two")
    write_notebook(folder, chapter_1=ONE, chapter_2=two, limits=LIMITS)
    (folder / "notebook.toml").write_text(SETTINGS.replace("[exam]", "typed_limits = true\n\n[exam]", 1), "utf-8")
    notebook, problems, _ = read(folder)
    assert problems == []
    templates = Paths.of(folder, folder).templates
    types = note_types(notebook.settings, Faces.read(templates / "cards"))
    notes = make_notes(notebook, {"picture": PICTURE.file_name}, {})
    deck = Deck(notebook.settings, notes, types, {PICTURE.file_name: PICTURE.svg.encode()})
    edition = Edition("1.2.3", 1_700_000_000, dated=True)
    return render_preview(notebook, deck, {"picture": PICTURE}, edition, templates)


@pytest.fixture(scope="session")
def address(html: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "index.html"
    file.write_text(html, encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that CHROMIUM names, else the one on the path."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


Opener = Callable[..., Page]
Scheme = Literal["light", "dark"] | None


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opener]:
    """Open the page, in a window of its own; at the end nothing was loaded and nothing complained of."""
    contexts: list[BrowserContext] = []
    requests: list[str] = []
    complaints: list[str] = []

    def opened(
        place: str = "",
        *,
        size: tuple[int, int] = (1200, 800),
        at: str = address,
        scheme: Scheme = None,
        scripts: bool = True,
    ) -> Page:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        shown = context.new_page()
        shown.on("request", lambda request: requests.append(request.url))
        shown.on("console", lambda message: complaints.append(message.text))
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.goto(f"{at}{place}")
        return shown

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(OWN)] == []
    assert complaints == []
