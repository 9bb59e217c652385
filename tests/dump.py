"""What a page says as lines of text, indented: a readable way to compare it with what is expected."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cheatdeck import model
from cheatdeck.files import Files
from cheatdeck.model import Block, Card, Inline, Notebook
from cheatdeck.notebook import read_notebook
from cheatdeck.plain.outline import Part
from cheatdeck.plain.reader import read_plain
from cheatdeck.source import SourceText

_STYLES = {"strong": "**", "em": "_", "code": "`", "s": "~~"}


def inline(content: Sequence[Inline]) -> str:
    """Return inline content with its styles as Markdown has them, deletions in [brackets], links in <>."""
    return "".join(map(_inline, content))


def _inline(part: Inline) -> str:  # noqa: PLR0911 - one case a kind of inline content
    match part:
        case model.Text(text=text):
            return text
        case model.Break():
            return " / "
        case model.Styled(tag=tag, children=children):
            sign = _STYLES.get(tag, f"({tag})")
            return f"{sign}{inline(children)}{sign}"
        case model.Mark(number=number, children=children):
            return f"[{inline(children)}]{number or ''}"
        case model.Link(file=file, key=key, children=children):
            return f"<{file}#{key} {inline(children)}>"
        case model.WebLink(address=address, children=children):
            return f"<{address} {inline(children)}>"
        case model.Term(children=children):
            return f"<dfn>{inline(children)}</dfn>"
        case _:
            raise TypeError(part)


def blocks(content: Sequence[Block], indent: str = "") -> Iterator[str]:
    """Yield the lines of blocks."""
    for block in content:
        yield from (f"{indent}{line}" for line in _block(block))


def _block(block: Block) -> Iterator[str]:  # noqa: C901 - one case a kind of block
    match block:
        case model.Paragraph(content=content):
            yield inline(content)
        case model.ItemList(ordered=ordered, items=items, start=start):
            for item in items:
                yield f"{f'{start}.' if ordered else '-'} {inline(item.content)}"
                yield from blocks(item.nested, "  ")
        case model.Quote(content=quoted):
            yield from (f"> {line}" for line in blocks(quoted))
        case model.QuestionList(questions=questions):
            yield from blocks(questions)
        case model.Question(question=question, answer=answer, look=look):
            yield f"{look} {inline(question)}"
            yield from blocks(answer, "  = ")
        case model.Table(caption=caption, head=head, body=body):
            yield f"table {inline(caption)}".rstrip()
            for sign, rows in (("#", head), ("|", body)):
                yield from (f"{sign} {' | '.join(inline(cell.content) for cell in row.cells)}" for row in rows)
        case model.Code(language=language, text=text):
            yield f"code {language}".rstrip()
            yield from (f"  {line}" for line in text.split("\n"))
        case model.Diagram(source=source, caption=caption):
            yield f"diagram {inline(caption)}".rstrip()
            yield from (f"  {line}" for line in source.strip().split("\n"))
        case model.Image(file=file, alt=alt, caption=caption):
            yield f"picture {file} {alt} {inline(caption)}".rstrip()
        case _:
            raise TypeError(block)


def part(of: Part, level: int = 0) -> Iterator[str]:
    """Yield the lines of a part and all within it, its headings with as many # as they are deep."""
    if level:
        yield f"{'#' * level} {inline(of.title)}"
    yield from blocks(of.blocks)
    for nested in of.parts:
        yield from part(nested, level + 1)


def page(html: str) -> str:
    """Return what a page of HTML says."""
    return "\n".join(part(read_plain(SourceText.of("notes.html", html)).whole))


def read(path: Path) -> tuple[Notebook, Files]:
    """Read a notebook that is a file or a folder; return it, and its files."""
    files = Files.of(path)
    return read_notebook(files), files


def card(of: Card) -> str:
    """Return a card on one line: kind, what it is about, front, back."""
    back = f" = {'; '.join(line.strip() for line in blocks(of.back))}" if of.back else ""
    return f"{of.kind}: ({of.lead}) {inline(of.front)}{back}"
