"""Copies of blocks and of inline content in which something is changed, wherever it stands in them."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from cheatdeck import model
from cheatdeck.model import Block, Inline

ChangeInline = Callable[[Inline], Iterable[Inline]]
ChangeContent = Callable[[tuple[Inline, ...]], tuple[Inline, ...]]
ChangeBlock = Callable[[Block], Iterable[Block]]


def in_content(content: tuple[Inline, ...], change: ChangeInline) -> tuple[Inline, ...]:
    """Return inline content with what `change` makes of each part, those within others first."""
    return tuple(made for part in content for made in change(_with_children(part, change)))


def _with_children(part: Inline, change: ChangeInline) -> Inline:
    if isinstance(part, model.Text | model.Break | model.Value):
        return part
    return replace(part, children=in_content(part.children, change))


def in_blocks(blocks: tuple[Block, ...], change: ChangeContent) -> tuple[Block, ...]:
    """Return blocks with their inline contents, and those of the blocks in them, changed."""
    return tuple(_with_content(block, change) for block in blocks)


def _with_content(block: Block, change: ChangeContent) -> Block:  # noqa: PLR0911 - one case a kind of block
    match block:
        case model.Paragraph(content=content) | model.Remember(content=content):
            return replace(block, content=change(content))
        case model.ItemList(items=items):
            changed = (
                replace(item, content=change(item.content), nested=in_blocks(item.nested, change)) for item in items
            )
            return replace(block, items=tuple(changed))
        case model.Question(question=question, answer=answer):
            return replace(block, question=change(question), answer=in_blocks(answer, change))
        case model.QuestionList(questions=questions):
            return replace(block, questions=_questions(in_blocks(questions, change)))
        case model.Table(caption=caption, head=head, body=body):
            return replace(block, caption=change(caption), head=_rows(head, change), body=_rows(body, change))
        case model.Diagram(caption=caption) | model.Image(caption=caption):
            return replace(block, caption=change(caption))
        case model.Quote(content=quoted):
            return replace(block, content=in_blocks(quoted, change))
        case _:
            return block


def _rows(rows: tuple[model.Row, ...], change: ChangeContent) -> tuple[model.Row, ...]:
    return tuple(
        replace(row, cells=tuple(replace(cell, content=change(cell.content)) for cell in row.cells)) for row in rows
    )


def _questions(blocks: tuple[Block, ...]) -> tuple[model.Question, ...]:
    return tuple(block for block in blocks if isinstance(block, model.Question))


def each_block(blocks: tuple[Block, ...], change: ChangeBlock) -> tuple[Block, ...]:
    """Return blocks with what `change` makes of each, those within others first; of a question it makes one."""
    return tuple(made for block in blocks for made in change(_with_blocks(block, change)))


def _with_blocks(block: Block, change: ChangeBlock) -> Block:
    match block:
        case model.ItemList(items=items):
            changed = tuple(replace(item, nested=each_block(item.nested, change)) for item in items)
            return replace(block, items=changed)
        case model.Question(answer=answer):
            return replace(block, answer=each_block(answer, change))
        case model.QuestionList(questions=questions):
            return replace(block, questions=_questions(each_block(questions, change)))
        case model.Quote(content=quoted):
            return replace(block, content=each_block(quoted, change))
        case _:
            return block


def each_section(section: model.Section, change: Callable[[model.Section], model.Section]) -> model.Section:
    """Return a section with what `change` makes of it and of each section in it, the outer first."""
    changed = change(section)
    return replace(changed, sections=tuple(each_section(nested, change) for nested in changed.sections))
