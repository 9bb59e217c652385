"""What holds of a whole notebook: each rule is a small function from the notebook to its problems."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import PurePosixPath

from cheatdeck import model
from cheatdeck.arithmetic import agrees, calculate
from cheatdeck.model import Block, Inline, Notebook, Span
from cheatdeck.problems import Code, Problem


def check(notebook: Notebook) -> list[Problem]:
    """Return all problems that the rules find."""
    return [problem for rule in RULES for problem in rule(notebook)]


def missing_ids(notebook: Notebook) -> Iterator[Problem]:
    """Whatever makes a card, and each section, needs an id of its own: it is the card's key for ever."""
    for section in notebook.sections():
        if not section.key:
            yield _missing_id(section.span, "a section", model.plain(section.title))
        for block in model.blocks(section.blocks):
            for part in model.keyed_parts(block):
                if named := unnamed(part):
                    yield _missing_id(part.span, *named)


def unnamed(part: model.Keyed) -> tuple[str, str] | None:
    """Return what a part is and what it says, if it makes a card and has no id."""
    match part:
        case model.Question(key="", question=question):
            return "a question", model.plain(question)
        case model.Diagram(key="", caption=caption):
            return "a diagram", model.plain(caption)
        case model.Paragraph(key="", content=content) | model.Item(key="", content=content) if marks(content):
            return "text with a <mark>", model.plain(content)
        case _:
            return None


def _missing_id(span: Span, what: str, text: str) -> Problem:
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in text.lower()).split()[:4]
    hint = f'name what it says, for example id="{"-".join(words) or "sqs-delay-queue"}"'
    return Problem(Code.MISSING_ID, span, f"{what} needs an id", hint)


def duplicate_ids(notebook: Notebook) -> Iterator[Problem]:
    """An id, a limit's and its aliases' among them, stands once in the notebook."""
    seen: dict[str, Span] = {}
    for key, span in keys(notebook):
        if key in seen:
            first = seen[key]
            message = f'duplicate id "{key}" (first at {first.file}:{first.line}:{first.column})'
            hint = f'ids are for ever; pick a new one, for example "{key}-2"'
            yield Problem(Code.DUPLICATE_ID, span, message, hint)
        seen.setdefault(key, span)


def empty_questions(notebook: Notebook) -> Iterator[Problem]:
    """A question has both sides: something is asked, and something is answered."""
    for block in _all_blocks(notebook):
        match block:
            case model.Question(question=question, answer=answer, look=look):
                listed = look is model.Look.LISTED
                ask, reply = ("<dt>", "<dd>") if listed else ("<summary>", "text after the <summary>")
                if not model.plain(question).strip():
                    yield Problem(Code.EMPTY_QUESTION, block.span, "an empty question", f"ask in the {ask}")
                if not any(_says_something(part) for part in model.blocks(answer)):
                    yield Problem(Code.EMPTY_QUESTION, block.span, "an empty answer", f"answer in the {reply}")
            case model.Paragraph(key=key, content=content) if key:
                yield from _empty_terms(content)
            case model.ItemList(items=items):
                for item in items:
                    yield from _empty_terms(item.content)
            case model.Diagram(caption=caption) if not model.plain(caption).strip():
                hint = "ask in the <figcaption> what the picture answers"
                yield Problem(Code.EMPTY_QUESTION, block.span, "an empty caption", hint)
            case _:
                pass


def _empty_terms(content: tuple[Inline, ...]) -> Iterator[Problem]:
    for term in model.inlines(content):
        if isinstance(term, model.Term) and not (term.title or model.plain(term.children)).strip():
            yield Problem(Code.EMPTY_QUESTION, term.span, "an empty term", "put the term into the <dfn>")


def _says_something(block: Block) -> bool:
    if isinstance(block, model.Code | model.Diagram | model.Image):
        return True
    return any(model.plain(content).strip() for content in model.contents(block))


def clozes(notebook: Notebook) -> Iterator[Problem]:
    """A deletion hides some text and no other deletion."""
    for content in _all_contents(notebook):
        for mark in marks(content):
            if not model.plain(mark.children).strip():
                hint = "put the words to be asked into it, or remove it"
                yield Problem(Code.EMPTY_CLOZE, mark.span, "an empty <mark>", hint)
            for nested in marks(mark.children):
                hint = 'end the first </mark> before it; data-cloze="1" on both hides them together'
                yield Problem(Code.NESTED_CLOZE, nested.span, "a <mark> within a <mark>", hint)


def cardless_ids(notebook: Notebook) -> Iterator[Problem]:
    """Text with an id is meant to be a card, so it marks or defines something."""
    for block in _all_blocks(notebook):
        for part in model.keyed_parts(block):
            if isinstance(part, model.Paragraph | model.Item) and part.key:
                kinds = {type(inline) for inline in model.inlines(part.content)}
                if not kinds & {model.Mark, model.Term}:
                    hint = "mark what is to be asked with <mark>, define a term with <dfn>, or drop the id"
                    yield Problem(Code.NO_CARD, part.span, f'"{part.key}" makes no card', hint)


def limits(notebook: Notebook) -> Iterator[Problem]:
    """A limit that the notes name is in limits.toml, and the section that owns it is in the notes."""
    known = notebook.limits_by_id()
    for content in _all_contents(notebook):
        for inline in model.inlines(content):
            if isinstance(inline, model.LimitRef) and inline.limit not in known:
                hint = f"add [{inline.limit}] to limits.toml" if inline.limit else "name the limit: value=…"
                yield Problem(Code.UNKNOWN_LIMIT, inline.span, f'unknown limit "{inline.limit}"', hint)
    sections = {section.key for section in notebook.sections()}
    for limit in notebook.limits:
        if limit.section not in sections:
            message = f'limit "{limit.key}" belongs to an unknown section "{limit.section}"'
            yield Problem(Code.UNKNOWN_LIMIT, limit.span, message, "name the id of a <section> or <article>")


def links(notebook: Notebook) -> Iterator[Problem]:
    """A link leads to an id that is there, in the file that it names."""
    limits = notebook.limits_by_id()
    found = [(key, PurePosixPath(span.file).name) for key, span in keys(notebook) if key not in limits]
    places = dict(reversed(found))
    for content in _all_contents(notebook):
        for inline in model.inlines(content):
            if isinstance(inline, model.Link):
                here = PurePosixPath(inline.span.file).name
                target = places.get(inline.key)
                if target is None:
                    hint = "link to an id that stands in the notebook"
                    yield Problem(Code.BROKEN_LINK, inline.span, f'no such id "{inline.key}"', hint)
                elif target != (inline.file or here):
                    hint = f'write href="{target}#{inline.key}"'
                    yield Problem(Code.BROKEN_LINK, inline.span, f'"{inline.key}" is in another file', hint)


def tasks(notebook: Notebook) -> Iterator[Problem]:
    """The exam has the tasks that sections name."""
    exam = notebook.settings.exam
    known = exam.tags() if exam else {}
    for section in notebook.sections():
        for task in section.tasks:
            if task not in known:
                main = sorted(key for key in known if key.count(".") == 1)
                hint = f"the exam's tasks are {', '.join(main)}, and their skills" if known else "there is no [exam]"
                yield Problem(Code.UNKNOWN_TASK, section.span, f'unknown exam task or skill "{task}"', hint)


def groups(notebook: Notebook) -> Iterator[Problem]:
    """Where there are groups of chapters, each chapter is in one."""
    defined = notebook.settings.groups
    for chapter in notebook.chapters:
        number = chapter.number[0]
        homes = [group.key for group in defined if number in group.chapters]
        if defined and len(homes) != 1:
            message = f"chapter {number} is in {' and '.join(homes) or 'no group'}"
            hint = f"have {number} among the chapters of one group: [groups.{defined[0].key}] in notebook.toml"
            yield Problem(Code.UNGROUPED, chapter.span, message, hint)


def old_values(notebook: Notebook) -> Iterator[Problem]:
    """What older questions expect stands beside what holds now."""
    for content in _all_contents(notebook):
        changes = [inline for inline in model.inlines(content) if isinstance(inline, model.Old | model.New)]
        for old, new in zip_longest(changes, changes[1:]):
            if isinstance(old, model.Old) and not isinstance(new, model.New):
                hint = 'write behind it what holds now: <ins datetime="2025-08">…</ins>'
                yield Problem(Code.OLD_WITHOUT_NEW, old.span, "an old value without the new one", hint)


def rows(notebook: Notebook) -> Iterator[Problem]:
    """A row that makes a card has what the card is made of: caption, column headings, row heading, cells."""
    for block in _all_blocks(notebook):
        if not isinstance(block, model.Table):
            continue
        width = len(block.head[0].cells) if block.head else 0
        for row in block.body:
            headed = bool(row.cells) and row.cells[0].header and model.plain(row.cells[0].content).strip()
            if row.key and headed and not any(model.plain(cell.content).strip() for cell in row.cells[1:]):
                yield Problem(Code.EMPTY_QUESTION, row.span, "an empty answer", "answer in the cells after the <th>")
            if row.key and not (headed and width and model.plain(block.caption).strip()):
                hint = "give the table a <caption> and a <thead>, and begin the row with <th>"
                yield Problem(Code.ROW_WITHOUT_HEADING, row.span, "a card without a heading", hint)
            if width and len(row.cells) != width:
                message = f"a row of {len(row.cells)} cells under {width} headings"
                yield Problem(Code.RAGGED_ROW, row.span, message, "give each row a cell for each heading")


def results(notebook: Notebook) -> Iterator[Problem]:
    """A computed figure is what its arithmetic gives, and a worked example computes one."""
    for content in _all_contents(notebook):
        for result in (inline for inline in model.inlines(content) if isinstance(inline, model.Result)):
            printed = model.plain(result.children)
            hint = 'write the arithmetic into <output data-calc="ceil(6 / 4) * 10">'
            try:
                value = calculate(result.calculation)
            except ValueError as error:
                message = f"“{result.calculation}” is no arithmetic: {error}"
                yield Problem(Code.WRONG_ARITHMETIC, result.span, message, hint)
                continue
            if not agrees(printed, value):
                message = f"“{printed}” is printed where the arithmetic gives {value:,g}"
                yield Problem(Code.WRONG_ARITHMETIC, result.span, message, "correct the one or the other")
    for block in _all_blocks(notebook):
        if isinstance(block, model.Question) and block.look is model.Look.EXAMPLE and not _computes(block):
            hint = 'mark each figure that is computed: <output data-calc="6 / 4">1.5</output>'
            yield Problem(Code.WRONG_ARITHMETIC, block.span, "an example that computes nothing", hint)


def _computes(example: model.Question) -> bool:
    parts = (content for block in model.blocks(example.answer) for content in model.contents(block))
    return any(isinstance(inline, model.Result) for content in parts for inline in model.inlines(content))


RULES = (
    missing_ids, duplicate_ids, empty_questions, clozes, cardless_ids, limits, links, tasks, groups, old_values, rows,
    results,
)  # fmt: skip


def keys(notebook: Notebook) -> Iterator[tuple[str, Span]]:
    """Yield every id of the notebook with its place: sections, what makes cards, limits and their aliases."""
    for section in notebook.sections():
        if section.key:
            yield section.key, section.span
        for block in model.blocks(section.blocks):
            for part in model.keyed_parts(block):
                if part.key:
                    yield part.key, part.span
        for card in section.cards:
            yield card.key, card.span
    for limit in notebook.limits:
        for key in (limit.key, *limit.aliases):
            # An alias that stands twice has to come up twice, which a dictionary would hide.
            yield key, limit.span


def marks(content: tuple[Inline, ...]) -> list[model.Mark]:
    """Return the deletions in inline content."""
    return [inline for inline in model.inlines(content) if isinstance(inline, model.Mark)]


def _all_blocks(notebook: Notebook) -> Iterator[Block]:
    for section in notebook.sections():
        yield from model.blocks(section.blocks)


def _all_contents(notebook: Notebook) -> Iterator[tuple[Inline, ...]]:
    for section in notebook.sections():
        yield from model.section_contents(section)
