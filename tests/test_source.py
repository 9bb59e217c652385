from cheatdeck.model import Span
from cheatdeck.source import SourceText, TagReader

TEXT = 'one\n<p id="a"\n   class=b>two &amp; <br>three</p>\n<!-- no -->four'


def test_offsets_become_lines_and_columns() -> None:
    source = SourceText.of("f.html", TEXT)
    assert source.span(0) == Span("f.html", 1, 1, 1)
    assert source.span(TEXT.index("two"), 3) == Span("f.html", 3, 12, 3)
    assert source.offset(3, 11) == TEXT.index("two")


def test_a_place_ends_with_its_line() -> None:
    source = SourceText.of("f.html", TEXT)
    assert source.tag_span(TEXT.index("<p")) == Span("f.html", 2, 1, len('<p id="a"'))


def test_an_attribute_is_found_within_its_tag() -> None:
    source = SourceText.of("f.html", TEXT)
    tag = TEXT.index("<p")
    assert source.attribute_span(tag, "id") == Span("f.html", 2, 4, len('id="a"'))
    assert source.attribute_span(tag, "class") == Span("f.html", 3, 4, len("class=b"))
    assert source.attribute_span(tag, "lang") == source.tag_span(tag)


def test_attributes_are_told_from_values_and_longer_names() -> None:
    text = '<p class="id id=3" idx="1" id="Bad">'
    source = SourceText.of("f.html", text)
    assert source.attribute_span(0, "id") == source.span(text.index('id="Bad"'), len('id="Bad"'))


def test_a_nest_too_deep_is_not_read() -> None:
    tags = TagReader(SourceText.of("f.html", "<em>" * 2000))
    assert not tags.is_readable
    assert [problem.code for problem in tags.problems] == ["N021"]


def test_texts_start_after_tags_and_comments() -> None:
    tags = TagReader(SourceText.of("f.html", TEXT))
    starts = [0, *(TEXT.index(text) for text in ("two", "three", "\n<!--", "four"))]
    assert starts == tags.text_starts
    assert tags.problems == []
