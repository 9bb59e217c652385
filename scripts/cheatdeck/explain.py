"""What each code means, why the rule is there, and an example of what it refuses and of what it wants."""

from dataclasses import dataclass

from cheatdeck.problems import EXCUSABLE, Code


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule in a sentence, its reason, and two fragments: one that breaks it and one that keeps it."""

    rule: str
    why: str
    wrong: str
    right: str


def explain(code: Code) -> str:
    """Return the text that `cheatdeck check --explain CODE` prints."""
    told = EXPLANATIONS[code]
    kind = "warning" if code.is_warning else "error"
    excuse = f"\n  except:  <!-- ignore {code}: the reason --> on the line above" if code in EXCUSABLE else ""
    return (
        f"{code} ({kind}): {told.rule}\n  why:     {told.why}\n"
        f"  wrong:   {_indented(told.wrong)}\n  right:   {_indented(told.right)}{excuse}"
    )


def rule(code: Code) -> str:
    """Return a rule in a sentence."""
    return EXPLANATIONS[code].rule


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 11)


EXPLANATIONS = {
    Code.MISSING_ID: Explanation(
        "whatever makes a card, and each section, has an id",
        "the id is the card's key: Anki knows the card by it, however it is reworded",
        "<p>SQS hides a new message with a <mark>delay</mark>.</p>",
        '<p id="sqs-delay-hides">SQS hides a new message with a <mark>delay</mark>.</p>',
    ),
    Code.DUPLICATE_ID: Explanation(
        "an id stands once in the notebook, limits and their aliases among it",
        "two cards with one key would be one card to Anki",
        '<p id="sqs-a">One <mark>fact</mark> of SQS</p>\n<p id="sqs-a">Another <mark>fact</mark> of SQS</p>',
        '<p id="sqs-a">One <mark>fact</mark> of SQS</p>\n<p id="sqs-b">Another <mark>thing</mark> of SQS</p>',
    ),
    Code.MALFORMED_ID: Explanation(
        "an id is made of a-z, 0-9 and single hyphens",
        "it becomes part of addresses, file names and tags",
        '<p id="SQS Delay">SQS can <mark>delay</mark> a message</p>',
        '<p id="sqs-delay">SQS can <mark>delay</mark> a message</p>',
    ),
    Code.BROKEN_TAGS: Explanation(
        "each tag has its partner",
        "browsers guess where an element ends, and a deck must not be guessed",
        "<ul><li>SQS<li>SNS</ul>",
        "<ul><li>SQS</li><li>SNS</li></ul>",
    ),
    Code.UNKNOWN_ELEMENT: Explanation(
        "elements are those of the vocabulary",
        "what the pipeline does not know could not be shown on both sheet and cards",
        "<p>SQS is a <b>queue</b></p>",
        "<p>SQS is a <strong>queue</strong></p>",
    ),
    Code.UNKNOWN_ATTRIBUTE: Explanation(
        "attributes and classes are those of the vocabulary",
        "a slip in a name would be dropped without a word",
        '<pre><code class="json">{}</code></pre>',
        '<pre><code class="language-json">{}</code></pre>',
    ),
    Code.MISPLACED: Explanation(
        "each element stands where it has a meaning",
        "a question without its answer, or text without an element, would be lost",
        "<dl><dt>What is SQS?</dt><dd>A queue service</dd></dl>",
        '<dl><div id="sqs-is"><dt>What is SQS?</dt><dd>A managed queue</dd></div></dl>',
    ),
    Code.HEADING_LEVEL: Explanation(
        "a section begins with one heading, one level below that around it",
        "numbers and bookmarks follow the levels, and so do screen readers",
        '<section id="sqs-a"><h3>Delay</h3></section>',
        '<section id="sqs-a"><h2>Delay</h2></section>',
    ),
    Code.INLINE_STYLE: Explanation(
        "elements have no style of their own",
        "the sheet and the cards each have theirs, for paper, for phones and for the night",
        '<p style="color: red">SQS</p>',
        "<p><strong>SQS</strong></p>",
    ),
    Code.EMPTY_QUESTION: Explanation(
        "a question asks something and has an answer",
        "a card with an empty side teaches nothing",
        '<dl><div id="sqs-a"><dt>What is SQS?</dt><dd></dd></div></dl>',
        '<dl><div id="sqs-a"><dt>What is SQS?</dt><dd>A managed queue</dd></div></dl>',
    ),
    Code.EMPTY_CLOZE: Explanation(
        "a <mark> hides some text",
        "Anki makes no card of an empty deletion, and says nothing",
        '<p id="sqs-a">SQS is a <mark></mark> queue</p>',
        '<p id="sqs-a">SQS is a <mark>managed</mark> queue</p>',
    ),
    Code.NESTED_CLOZE: Explanation(
        "a <mark> stands in no other <mark>",
        "what one card hides, the other would show",
        '<p id="sqs-a">SQS is a <mark>fully <mark>managed</mark></mark> queue</p>',
        '<p id="sqs-a">SQS is a <mark data-cloze="1">fully</mark> <mark data-cloze="1">managed</mark> queue</p>',
    ),
    Code.CLOZE_NUMBER: Explanation(
        "data-cloze is a whole number from 1",
        "Anki numbers a note's cards by it",
        '<p id="sqs-a">SQS is a <mark data-cloze="0">managed</mark> queue</p>',
        '<p id="sqs-a">SQS is a <mark data-cloze="1">managed</mark> queue</p>',
    ),
    Code.NO_CARD: Explanation(
        "text with an id marks or defines something",
        "an id without a card is most often a forgotten <mark>",
        '<p id="sqs-a">SQS is a managed queue</p>',
        '<p id="sqs-a"><dfn>SQS</dfn>: a managed queue</p>',
    ),
    Code.UNDATED: Explanation(
        "a change says since when it holds",
        "a learner sees which exam questions are older",
        "<p>SQS takes <del>256 KB</del> <ins>1 MiB</ins></p>",
        '<p>SQS takes <del>256 KB</del> <ins datetime="2025-08">1 MiB</ins></p>',
    ),
    Code.OLD_WITHOUT_NEW: Explanation(
        "an old value stands beside the new one",
        "a learner must not take the old one for true",
        "<p>SQS takes <del>256 KB</del></p>",
        '<p>SQS takes <del>256 KB</del> <ins datetime="2025-08">1 MiB</ins></p>',
    ),
    Code.ROW_WITHOUT_HEADING: Explanation(
        "a row that makes a card has a caption, column headings and a heading of its own",
        "the card's front is made of them",
        '<table><tbody><tr id="sqs-a"><td>Order</td><td>strict</td></tr></tbody></table>',
        "<table><caption>SQS FIFO queue</caption><thead><tr><th>Property</th><th>Value</th></tr></thead>\n"
        '<tbody><tr id="sqs-a"><th>Order</th><td>strict</td></tr></tbody></table>',
    ),
    Code.RAGGED_ROW: Explanation(
        "a row has a cell for each heading",
        "a value under the wrong heading is a wrong fact",
        "<table><thead><tr><th>Queue</th><th>Order</th></tr></thead>\n"
        "<tbody><tr><th>SQS FIFO</th></tr></tbody></table>",
        "<table><thead><tr><th>Queue</th><th>Order</th></tr></thead>\n"
        "<tbody><tr><th>SQS FIFO</th><td>strict</td></tr></tbody></table>",
    ),
    Code.UNKNOWN_LIMIT: Explanation(
        "a limit that the notes name is in limits.toml, and its section in the notes",
        "each figure stands once, with its evidence",
        '<p>SQS waits <data value="sqs-delay">15 minutes</data></p>',
        '<p>SQS waits <data value="sqs-delay-max">15 minutes</data></p>',
    ),
    Code.BROKEN_LINK: Explanation(
        "a link leads to an id that is there",
        "on the sheet a link is a page number and a way",
        '<p>SQS: see <a href="#nowhere">delay</a></p>',
        '<p>SQS: see <a href="#one">delay</a></p>',
    ),
    Code.UNKNOWN_TASK: Explanation(
        "the exam in notebook.toml has the tasks and skills that sections name",
        "they become tags, by which a learner studies",
        '<section id="sqs-a" data-tasks="9.9"><h2>SQS</h2></section>',
        '<section id="sqs-a" data-tasks="1.1"><h2>SQS</h2></section>',
    ),
    Code.HIDDEN_LIMIT: Explanation(
        "a limit is shown in some section",
        "a figure without its place in the notes cannot be understood",
        "<p>SQS delays a message for a while</p>",
        '<p>SQS delays a message for <data value="sqs-delay-max">15 minutes</data></p>',
    ),
    Code.OTHER_VALUE: Explanation(
        "a limit is printed as it is written in limits.toml",
        "two figures for one limit: one of them is wrong",
        '<p>SQS waits <data value="sqs-delay-max">900 seconds</data></p>',
        '<p>SQS waits <data value="sqs-delay-max">15 minutes</data></p>',
    ),
    Code.UNGROUPED: Explanation(
        "where notebook.toml has groups of chapters, each chapter is in one of them",
        "the sheet gives each group a color, and a mark at the page's edge by which it is found",
        '[groups.messaging]\nname = "Messaging"\nchapters = [2]',
        '[groups.messaging]\nname = "Messaging"\nchapters = [1, 2]',
    ),
    Code.BROKEN_DIAGRAM: Explanation(
        "Mermaid can draw each diagram",
        "a picture that is missing answers nothing",
        '<figure id="sqs-a"><pre class="mermaid">\nflowchart TB\n  accDescr: A to B.\n  A --> ]\n</pre>'
        "<figcaption>What follows SQS?</figcaption></figure>",
        '<figure id="sqs-a"><pre class="mermaid">\nflowchart TB\n  accDescr: A to B.\n  A --> B\n</pre>'
        "<figcaption>What follows SQS?</figcaption></figure>",
    ),
    Code.LARGE_DIAGRAM: Explanation(
        "a diagram fits a column of the sheet, or the page if it is wide",
        "made smaller, its letters could not be read",
        '<figure id="sqs-a"><pre class="mermaid">\nflowchart LR\n  accDescr: Four boxes in a row.\n'
        "  A[First box] --> B[Second box] --> C[Third box] --> D[Fourth box]\n</pre>"
        "<figcaption>What follows SQS?</figcaption></figure>",
        '<figure id="sqs-a"><pre class="mermaid">\nflowchart TB\n  accDescr: Four boxes, one below the other.\n'
        "  A[First box] --> B[Second box] --> C[Third box] --> D[Fourth box]\n</pre>"
        "<figcaption>What follows SQS?</figcaption></figure>",
    ),
    Code.WRONG_ARITHMETIC: Explanation(
        "a computed figure is what its arithmetic gives, and a worked example computes one",
        "a wrong step is learned as well as a right one",
        '<details class="example" id="sqs-a"><summary>SQS: 24 messages in batches of 10?</summary>\n'
        '<p><output data-calc="24 / 10">3</output> calls</p></details>',
        '<details class="example" id="sqs-a"><summary>SQS: 24 messages in batches of 10?</summary>\n'
        '<p><output data-calc="ceil(24 / 10)">3</output> calls</p></details>',
    ),
    Code.MANY_DELETIONS: Explanation(
        "a note hides four things at most",
        "each deletion is a card; a sentence full of them is a list",
        '<p id="sqs-a">SQS: <mark>u</mark>, <mark>v</mark>, <mark>w</mark>, <mark>x</mark>, <mark>y</mark></p>',
        '<p id="sqs-a">SQS: <mark>u</mark>, <mark>v</mark>, <mark>w</mark>, <mark>x</mark>, y</p>',
    ),
    Code.LONG_LIST: Explanation(
        "an answer lists five things at most",
        "sets are hard to learn and never quite known",
        '<dl><div id="sqs-a"><dt>What does SQS have?</dt><dd>u, v, w, x, y, z</dd></div></dl>',
        '<dl><div id="sqs-a"><dt>What does SQS have?</dt><dd>u, v, w, x, y</dd></div></dl>',
    ),
    Code.GIVEN_AWAY: Explanation(
        "neither the question nor another deletion holds the answer",
        "one would learn to read, not to remember",
        '<dl><div id="sqs-a"><dt>What does an SQS delay queue do?</dt><dd>It delays</dd></div></dl>',
        '<dl><div id="sqs-a"><dt>What does an SQS delay queue do?</dt><dd>It hides new messages</dd></div></dl>',
    ),
    Code.YES_NO: Explanation(
        "no question can be answered with yes or no",
        "half of the guesses are right",
        '<dl><div id="sqs-a"><dt>Is SQS a push service?</dt><dd>No, consumers poll</dd></div></dl>',
        '<dl><div id="sqs-a"><dt>How do messages leave SQS?</dt><dd>Consumers poll</dd></div></dl>',
    ),
    Code.BARE_NUMBER: Explanation(
        "a number has its unit",
        "10 what?",
        '<dl><div id="sqs-a"><dt>What does one SQS call take at most?</dt><dd>10</dd></div></dl>',
        '<dl><div id="sqs-a"><dt>What does one SQS call take at most?</dt><dd>10 messages</dd></div></dl>',
    ),
    Code.UNNAMED: Explanation(
        "the front of a card names one of the `names` in notebook.toml",
        "the card comes alone, among a thousand others",
        '<dl><div id="sqs-a"><dt>How long is the longest delay?</dt><dd>15 minutes</dd></div></dl>',
        '<dl><div id="sqs-a"><dt>How long is the longest SQS delay?</dt><dd>15 minutes</dd></div></dl>',
    ),
    Code.MOJIBAKE: Explanation(
        "letters are what the writer typed",
        "a file saved in one encoding and read in another shows its scars for ever",
        "<p>SQSâ€™s queue</p>",
        "<p>SQS’s queue</p>",
    ),
    Code.MIXED_QUOTES: Explanation(
        "quotes are curly everywhere, or straight everywhere; code is left alone",
        "a printed page shows the difference",
        "<p>SQS’s queue and SNS's topic</p>",
        "<p>SQS’s queue and SNS’s topic</p>",
    ),
    Code.ENDLESS_WORD: Explanation(
        "a word of text has no more than 1,000 letters",
        "nobody learns it, and a sheet with it takes minutes",
        f"<p>SQS says {'yes' * 400}</p>",
        "<p>SQS says yes, and yes again</p>",
    ),
    Code.LOST_CARD: Explanation(
        "from version 1.0.0 on, a card that was released stays, or is retired with a reason",
        "Anki never takes a card away from a learner, who would go on with one that nobody looks after",
        "sqs-delay,…,question,…,…,,,,",
        "sqs-delay,…,question,…,…,,,the exam asks for SQS delays no more,",
    ),
    Code.CHANGED_KIND: Explanation(
        "a released card does not become a cloze, nor cease to be one; from version 1.0.0 on it keeps its kind",
        "Anki takes no update that is of another note type, and a learner has practised what the card asked",
        '<p id="sqs-delay">SQS hides a new message with a <mark>delay</mark>.</p>',
        '<dl><div id="sqs-delay"><dt>With what does SQS hide a new message?</dt><dd>A delay</dd></div></dl>',
    ),
    Code.RETURNED_CARD: Explanation(
        "from version 1.0.0 on, a retired card does not come back",
        "learners were told to delete it, and for those who did not it would ask something else",
        '<p id="sqs-delay">SQS hides a new message with a <mark>delay</mark>.</p>',
        '<p id="sqs-delay-2">SQS hides a new message with a <mark>delay</mark>.</p>',
    ),
    Code.LOST_DELETION: Explanation(
        "from version 1.0.0 on, the deletions of a card that was released keep their numbers",
        "each number is a card with a learner's history; without its deletion that card is empty",
        '<p id="sqs-hides">SQS hides a <mark>new</mark> message with a <mark>delay</mark>.</p>',
        '<p id="sqs-hides">SQS hides a <mark data-cloze="2">new</mark> message with a '
        '<mark data-cloze="1">delay</mark>.</p>',
    ),
    Code.LONG_ANSWER: Explanation(
        "an answer has 25 words at most, 45 in a box",
        "an answer that cannot be said in one breath is several answers",
        f'<dl><div id="sqs-a"><dt>What is SQS?</dt><dd>{"A queue that is managed " * 6}</dd></div></dl>',
        '<dl><div id="sqs-a"><dt>What is SQS?</dt><dd>A queue that is managed</dd></div></dl>',
    ),
    Code.DOUBLE: Explanation(
        "no two cards ask nearly the same",
        "one of them is forgotten because of the other",
        '<dl><div id="sqs-a"><dt>How long does SQS hide a delayed message?</dt><dd>Up to 15 minutes</dd></div>\n'
        '<div id="sqs-b"><dt>How long does SQS hide delayed messages?</dt><dd>15 minutes at most</dd></div></dl>',
        '<dl><div id="sqs-a"><dt>How long does SQS hide a delayed message?</dt><dd>Up to 15 minutes</dd></div>\n'
        '<div id="sqs-b"><dt>From whom does SQS hide a received message?</dt><dd>Other consumers</dd></div></dl>',
    ),
    Code.UNPROVEN_LIMIT: Explanation(
        "a limit has a source or a check",
        "a figure that nobody can look up is hearsay",
        '[sqs-delay-max]\nsubject = "Longest delay of an SQS message"\nvalue = "15 minutes"',
        '[sqs-delay-max]\nsubject = "Longest delay of an SQS message"\nvalue = "15 minutes"\n'
        'check = "cfn: AWS::SQS::Queue/properties/DelaySeconds/maximum == 900"',
    ),
    Code.WIDE_CODE: Explanation(
        "code is 60 characters wide at most",
        "it has to fit a column of the sheet and a phone turned on its side",
        f"<pre><code>{'sqs ' * 16}</code></pre>",
        f"<pre><code>{'sqs ' * 8}\n  {'sqs ' * 8}</code></pre>",
    ),
    Code.UNDESCRIBED: Explanation(
        "a diagram is described in words",
        "not everybody sees it, and a screen reader reads the description",
        '<figure id="sqs-a"><pre class="mermaid">\nflowchart TB\n  A --> B\n</pre>'
        "<figcaption>What follows SQS?</figcaption></figure>",
        '<figure id="sqs-a"><pre class="mermaid">\nflowchart TB\n  accDescr: A leads to B.\n  A --> B\n</pre>'
        "<figcaption>What follows SQS?</figcaption></figure>",
    ),
    Code.TWO_SPELLINGS: Explanation(
        "a name is spelt in one way",
        "one looks for it in the index, and in Anki, by its spelling",
        "<p>CloudFront before SQS</p>\n<p>Cloudfront after SQS</p>",
        "<p>CloudFront before SQS</p>\n<p>CloudFront after SQS</p>",
    ),
    Code.UNPRINTABLE: Explanation(
        "letters are among those that the fonts of the sheet have",
        "what no font has is printed as a box; cards are shown with the fonts of the device",
        "<p>SQS is a 队列</p>",
        "<p>SQS is a queue</p>",
    ),
    Code.LEFT_OUT: Explanation(
        "all text of plain notes is on the sheet",
        "nobody would miss what is gone without a word",
        "<p>SQS</p>\n<nav>Home</nav>",
        "<p>SQS</p>",
    ),
    Code.LOST_LINK: Explanation(
        "links in plain notes lead to the web, or to a place in the notes",
        "paper and cards have no use for others, and some would run a program",
        '<p><a href="javascript:open()">SQS</a></p>',
        '<p><a href="https://aws.amazon.com/sqs/">SQS</a></p>',
    ),
    Code.LOST_PICTURE: Explanation(
        "pictures in plain notes are PNG, JPEG, GIF, WebP or SVG, in the notebook's folder or in the notes themselves",
        "nothing is loaded from elsewhere, and what is no picture cannot be printed",
        '<p>SQS <img src="https://example.com/sqs.png" alt="A queue"></p>',
        "<p>SQS: a queue</p>",
    ),
    Code.UNREADABLE: Explanation(
        "the notebook's files are in its folder, and in UTF-8",
        "a file that cannot be read cannot be learned from",
        "a chapter saved as Latin-1",
        "the same chapter saved as UTF-8",
    ),
    Code.BAD_SETTING: Explanation(
        "notebook.toml and limits.toml have the settings that are known, each of its kind",
        "a slip in a setting's name would be dropped without a word",
        'titel = "My notes"',
        'title = "My notes"',
    ),
    Code.IDLE_EXCEPTION: Explanation(
        "an exception excuses something",
        "a reason for what is no longer there misleads",
        "<!-- ignore N064: asked so in the exam -->\n<p>SQS</p>",
        "<p>SQS</p>",
    ),
    Code.UNREASONED_EXCEPTION: Explanation(
        "an exception has a reason",
        "the next writer has to know whether it still holds",
        '<!-- ignore N065 -->\n<dl><div id="sqs-a"><dt>Which number is the port of SQS?</dt><dd>443</dd></div></dl>',
        "<!-- ignore N065: a port has no unit -->\n"
        '<dl><div id="sqs-a"><dt>Which number is the port of SQS?</dt><dd>443</dd></div></dl>',
    ),
    Code.BAD_LEDGER: Explanation(
        "cards.csv is as the last release wrote it, but for reasons and successors",
        "by it Anki tells what is new to a learner, and which cards are the same",
        "sqs-delay,…,question,…,last week,,,,",
        "sqs-delay,…,question,…,2026-11-01T09:00:00Z,,,,",
    ),
    Code.MALFORMED_CHECK: Explanation(
        "a limit's check can be read (`nox -s facts` looks)",
        "a check that no machine understands proves nothing",
        'check = "cfn: AWS::SQS::Queue/properties/DelaySeconds/maximum is 900"',
        'check = "cfn: AWS::SQS::Queue/properties/DelaySeconds/maximum == 900"',
    ),
    Code.NOTHING_TO_CHECK: Explanation(
        "what a check looks into is there (`nox -s facts` looks)",
        "AWS renames and moves things, and then the check holds nothing any more",
        'check = "cfn: AWS::SQS::Queue/properties/Delay/maximum == 900"',
        'check = "cfn: AWS::SQS::Queue/properties/DelaySeconds/maximum == 900"',
    ),
    Code.CONTRADICTION: Explanation(
        "a limit's check holds (`nox -s facts` looks)",
        "either AWS has changed the limit, or the notes never had it right",
        'check = "cfn: AWS::SQS::Queue/properties/DelaySeconds/maximum == 600"',
        'check = "cfn: AWS::SQS::Queue/properties/DelaySeconds/maximum == 900"',
    ),
}
