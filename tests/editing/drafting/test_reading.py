"""How a text reads: headings, paragraphs, sentences, and the names of places."""

from __future__ import annotations

from itertools import pairwise

import pytest

from negotiations.editing.drafting.reading import ordinal, read


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in read(text).sentences]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four… Five.", 5),
        ("Mr. Smith met J. F. Kennedy of the U.S. Army. They talked.", 2),
        ("It lasted 4.5 hours. Then it ended.", 2),
        ("“We are ready.” He smiled.", 2),
        ("“Ready?” he asked. They were.", 2),
        ("В 2025 г. Лавров встретился с Рубио. Они говорили.", 2),
        ("Первое. Второе.", 2),
        ("他说。她说。", 2),
        ("قال. ثم قال.", 2),
        ("No stop at all", 1),
        ("", 0),
        (" \n\n ", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_sentences_and_the_white_space_between_are_the_whole_paragraph() -> None:
    text = "One.  Two is “longer.” Three\n\nAnother one! And more."
    for paragraph in read(text).paragraphs:
        spans = [(s.start, s.end) for s in paragraph.sentences]
        assert spans[0][0] == paragraph.start
        assert spans[-1][1] == paragraph.end
        for (_, end), (start, _) in pairwise(spans):
            assert not text[end:start].strip()


def test_places_are_named_by_heading_and_paragraph() -> None:
    text = "The title\nSubtitle ends here.\nMore.\n**One**\nFirst.\nSecond.\n## Two\nThird."
    assert [p.where for p in read(text).paragraphs] == [
        "title",
        "opening, 1st paragraph",
        "opening, 2nd paragraph",
        "heading “One”",
        "under “One”, 1st paragraph",
        "under “One”, 2nd paragraph",
        "heading “Two”",
        "under “Two”, 1st paragraph",
    ]


def test_lines_broken_for_width_are_one_paragraph() -> None:
    text = "This is a line of\na paragraph that goes\non and on.\n\nAnother paragraph is\nhere as well."
    assert [text[p.start : p.end].count("\n") for p in read(text).paragraphs] == [2, 1]


def test_a_last_line_is_no_heading() -> None:
    assert not read("Something was said.\nJane Doe for the Post").paragraphs[-1].is_heading


def test_ordinals() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 111)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "111th",
    ]
