"""Notebook -> HTML of the sheet, and of the limits sheet, by Jinja."""

import itertools
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cheatdeck import figures, index, model
from cheatdeck.breaks import broken
from cheatdeck.diagrams import MOST_HEIGHT, Picture
from cheatdeck.edition import Edition
from cheatdeck.letters import boxed
from cheatdeck.markup import Html
from cheatdeck.model import Limit, Notebook, Section, plain
from cheatdeck.typeset import font_css, letters
from cheatdeck.widths import BOLD, CODE, longest_word
from cheatdeck.words import counted


class SheetHtml(Html):
    """HTML of the sheet: links lead to places on it, pictures are among its assets."""

    def __init__(
        self, pictures: Mapping[str, Picture], limits: Mapping[str, Limit], sections: Mapping[str, Section]
    ) -> None:
        """Take the diagrams' pictures by key, the limits by id and alias, and the sections by key."""
        self._pictures = pictures
        self._limits = limits
        self._sections = sections
        contents = (each for section in sections.values() for each in model.section_contents(section))
        self._is_short = sum(len(plain(content)) for content in contents) < _SHORT_SHEET

    def text(self, text: str) -> Markup:
        """Render plain text; one that ends with a space, before an element, gets a zero-width space behind it.

        WeasyPrint 70 ends a line after its first word where all of it fits but for that space.
        """
        return escape(f"{text}\N{ZERO WIDTH SPACE}" if text.endswith(" ") else text)

    def prose(self, text: str) -> Markup:
        """Render plain text in which names of things in code, such as kms:GenerateDataKey, get no hyphens."""
        names = Markup('<span class="name">{}</span>')
        parts = enumerate(_NAME.split(text))
        return Markup("").join(names.format(part) if place % 2 else self.text(part) for place, part in parts if part)

    def attribute(self, text: str) -> Markup:
        """Render an attribute's value, which needs no font, so that its letters stay as they are."""
        return Markup(str(escape(text)).encode("ascii", "xmlcharrefreplace").decode())

    def limit(self, part: model.LimitRef) -> Markup:
        """Link a limit's value to its row in the limits table; the link's text is plain, as below."""
        limit = self._limits[part.limit]
        look = "limit short" if _is_short(part) else "limit"
        return Markup('<a class="{}" href="#limit_{}">{}</a>').format(look, limit.key, self.text(plain(part.children)))

    def link(self, part: model.Link) -> Markup:
        """Link to a place on the sheet; a section's number stands behind its name.

        The link's text is plain, since WeasyPrint 70 makes a further link of each element in it.
        """
        section = self._sections.get(part.key)
        number = Markup(' <span class="number">{}</span>').format(section.label) if section else ""
        return Markup('<a href="#{}">{}</a>{}').format(part.key, self.text(plain(part.children)), number)

    def listed(self, key: str, question: Markup, answer: Markup) -> Markup:
        """Render a question and its answer without an element around them, which a tagged list must not have."""
        return Markup("<dt{}>{}</dt><dd>{}</dd>").format(self.anchor(key), question, answer)

    def table_class(self, part: model.Table) -> str:
        """Tell a table whose words are wider than a column: they are broken, lest it runs out of it.

        One with a word that fills a column alone has its words broken anywhere; one that would fill most of a column is
        not kept together. Nor is one of many rows on a short sheet: WeasyPrint 70 takes a minute to balance the columns
        around it.
        """
        rows = (*part.head, *part.body)
        widths = [[_least_width(cell) for cell in row.cells] for row in rows]
        least = sum(max(column) for column in zip(*widths, strict=True))
        letters = sum(len(plain(content)) for content in model.contents(part))
        looks = {
            "tight": least > _COLUMN,
            "broken": max(map(max, widths), default=0) > _COLUMN * _MOST_OF,
            "long": letters > _LONG_TABLE or (self._is_short and len(part.body) > _MANY_ROWS),
        }
        return " ".join(["table", *(look for look, holds in looks.items() if holds)])

    def diagram(self, part: model.Diagram) -> Markup:
        """Show the picture above its caption, no larger than it was drawn for reading."""
        picture = self._pictures[part.key]
        return Markup(
            '<figure{}{}><img src="asset:{}" alt="{}" style="width: {:.2f}pt"><figcaption>{}</figcaption></figure>'
        ).format(
            self.anchor(part.key),
            Markup(' class="wide"') if part.is_wide else "",
            picture.file_name,
            self.attribute(part.description),
            picture.width * min(DIAGRAM_SCALE, _TALLEST / picture.height),
            self.inline(part.caption),
        )

    def image(self, part: model.Image) -> Markup:
        """Show a picture above its caption."""
        caption = Markup("<figcaption>{}</figcaption>").format(self.inline(part.caption)) if part.caption else ""
        return Markup('<figure class="{}"><img src="asset:{}" alt="{}">{}</figure>').format(
            "photo wide" if part.is_wide else "photo", part.file, part.alt, caption
        )

    def web_link(self, part: model.WebLink) -> Markup:
        """Link to a page of the web; the link's text is plain, as above."""
        return Markup('<a href="{}">{}</a>').format(self.address(part.address), self.text(plain(part.children)))


# A hyphen at a line's end would be taken for a part of them; shorter ones are hardly ever broken.
_NAME = re.compile(r"((?<!\S)(?=\S*(?:[A-Za-z]\d|\d[A-Za-z]|_|\w:\w)|[a-z]+[A-Z])\S{12,})")


def _least_width(cell: model.Cell) -> float:
    """Return the points that a cell takes with each of its words on a line of its own; short limits stay whole."""
    text = "".join(
        plain((part,)).replace(" ", "\N{NO-BREAK SPACE}") if _is_short(part) else plain((part,))
        for part in cell.content
    )
    code = " ".join(plain((part,)) for part in model.inlines(cell.content) if _is_code(part))
    return max(longest_word(text, BOLD, _SIZE), longest_word(code, CODE, _CODE_SIZE)) + _CELL_PADDING


def _is_code(part: model.Inline) -> bool:
    return isinstance(part, model.Styled) and part.tag in {"code", "kbd"}


def _is_short(part: model.Inline) -> bool:
    return isinstance(part, model.LimitRef) and len(plain(part.children)) <= _SHORT


# As in sheet.css, in points: a column of A4, which is narrower than one of Letter, letters, and the sides of a cell.
_COLUMN = 58.4 / 25.4 * 72
_SIZE, _CODE_SIZE = 7.5, 7.5 * 0.93
_CELL_PADDING = 1.6 / 25.4 * 72
# A word so wide leaves no room for another column.
_MOST_OF = 0.6
# Letters of a table that fills most of a column.
_LONG_TABLE = 2500
# Letters of a sheet of three pages or so, and rows of a table that may be divided on one.
_SHORT_SHEET, _MANY_ROWS = 20_000, 5
# So many colors of groups stand in base.css, hue1 and on.
HUES = 12
# A value of so many characters is never broken over two lines.
_SHORT = 20
# Diagrams are drawn with letters of 16 px; on paper those come out at 7.5 pt.
DIAGRAM_SCALE = 7.5 / 16
# In points: taller pictures would run off the page.
_TALLEST = MOST_HEIGHT * DIAGRAM_SCALE


def render_sheet(notebook: Notebook, pictures: Mapping[str, Picture], edition: Edition, templates: Path) -> str:
    """Return the whole sheet as one HTML document, its style within.

    `templates` is the folder of the templates and styles. The notebook is one without problems.
    """
    sections = {section.key: section for section in notebook.sections()}
    html = SheetHtml(pictures, notebook.limits_by_id(), sections)
    environment = _environment(templates)
    environment.filters.update(blocks=html.blocks, inline=html.inline, counted=counted)
    groups = _groups(notebook)
    page = environment.get_template("sheet.html.j2").render(
        notebook=notebook,
        limits=figures.in_order(notebook, notebook.limits),
        sections=sections,
        edition=edition,
        index=index.entries(notebook),
        groups=[(f"hue{_hue(place)}", name) for place, (name, _) in enumerate(groups)],
        colors=_colors(groups),
        css=_css(templates, "sheet.css", _thumbs(len(groups))),
    )
    return broken(boxed(page, letters()))


def render_limits(notebook: Notebook, edition: Edition, templates: Path, *, remarks: bool) -> str:
    """Return the limits sheet as one HTML document, with the limits' remarks or without."""
    chapters = {section.key: chapter for chapter in notebook.chapters for section in chapter.walk()}
    limits = [(chapters[limit.section], limit) for limit in figures.on_one_sheet(notebook)]
    page = (
        _environment(templates)
        .get_template("limits.html.j2")
        .render(
            notebook=notebook,
            chapters=[
                (chapter, [limit for _, limit in found])
                for chapter, found in itertools.groupby(limits, key=lambda pair: pair[0])
            ],
            edition=edition,
            colors=_colors(_groups(notebook)),
            remarks=remarks,
            css=_css(templates, "limits.css"),
        )
    )
    return broken(boxed(page, letters()))


def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["text"] = plain
    return environment


def _css(templates: Path, name: str, *more: str) -> Markup:
    styles = [(templates / style).read_text(encoding="utf-8") for style in ("base.css", name)]
    return Markup("\n".join([font_css(), *styles, *more]))


def _groups(notebook: Notebook) -> list[tuple[str, list[str]]]:
    """Return each group's name and its chapters' keys; without groups, each chapter is one of its own."""
    if not notebook.settings.groups:
        return [(plain(chapter.title), [chapter.key]) for chapter in notebook.chapters]
    by_number = {chapter.number[0]: chapter.key for chapter in notebook.chapters}
    return [
        (group.name, [by_number[number] for number in group.chapters if number in by_number])
        for group in notebook.settings.groups
    ]


def _colors(groups: list[tuple[str, list[str]]]) -> dict[str, str]:
    """Return the classes that give a chapter, by its key, the color of its group and the place of its marks."""
    return {key: f"group{place} hue{_hue(place)}" for place, (_, keys) in enumerate(groups) for key in keys}


def _hue(place: int) -> int:
    return place % HUES + 1


# In the share of a group at the edge, a mark stands a little below its top: edges of one height would shine through.
_BELOW = 0.1


def _thumbs(count: int) -> str:
    """Return the rules that give each group's thumb marks a height of their own at the page's edge."""
    return "\n".join(f".thumb.group{place} {{ top: {100 * (place + _BELOW) / count:.2f}% }}" for place in range(count))
