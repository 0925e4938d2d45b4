"""Where quoted words stand in a captured text: one reading for page, command and rule."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from negotiations.models.sources import all_passage_places, passage_places, quotation_found


def found(passage: str, text: str) -> list[str]:
    return [text[start:end] for start, end in passage_places(passage, text)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("passage", "text", "parts"),
    [
        ("heard each other", "They heard each other.", ["heard each other"]),
        ("'heard'", "They “heard” it", ["“heard”"]),
        ("one - two", "a \n one \n\n – two.", ["one \n\n – two"]),
        ("two", "\n\n  one\n\n\n two  \n", ["two"]),
        ("normalize", "to nor\u00admalize\u200b it", ["nor\u00admalize"]),
        ("a […] c […] e", "a b c d e", ["a", "c", "e"]),
        ("a [. . .] a", "a b a", ["a", "a"]),
        ("c […] a", "a b c", []),
        ("[…]", "a […] b", []),
        ("", "anything", []),
        ("a", "", []),
        ("gone", "not here", []),
        ("a\0b", "ab", []),
        ("café x", "the cafe\u0301 x", ["cafe\u0301 x"]),
        ("cafe\u0301", "le café.", ["café"]),
        ("cafe\u0301", "le cafe\u0301.", ["cafe\u0301"]),
        ("қ 😀 б", "а\u200b  қ 😀\t\tб", ["қ 😀\t\tб"]),
        ("שלום עולם", "ש\u05c1 שלום\u00a0עולם", ["שלום\u00a0עולם"]),
        # A character that becomes two when normalised.
        ("\u0958 x", "\u0958\u0958 \u0958 x \u0958", ["\u0958 x"]),
        ("the end", "  the   end", ["the   end"]),
    ],
)
def test_the_parts_are_found_where_they_stand(passage: str, text: str, parts: list[str]) -> None:
    assert found(passage, text) == parts
    assert quotation_found(passage, text) == bool(parts)


@pytest.mark.django_db
def test_many_passages_are_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert all_passage_places(["b", "x", "a […] c"], "a b c") == [
            [(2, 3)],
            [],
            [(0, 1), (4, 5)],
        ]
    assert all_passage_places([], "a b c") == []


@pytest.mark.django_db
def test_a_long_text_is_searched_to_its_end() -> None:
    text = "Ein Satz — mit  Strichen.\n\n" * 40_000 + "“The last words.”"
    assert found("'The last words.'", text) == ["“The last words.”"]


class AnyTextTests(TestCase):
    """What was cut out of a text is found in it, as the same words."""

    letters = st.text("ab c\n\u00a0\u00ad\u200b“”«'–-é\u0301e\u0958😀", max_size=40)

    @given(letters, letters, letters)
    @settings(max_examples=300, deadline=None)
    def test_places_and_rule_agree(self, before: str, words: str, after: str) -> None:
        text = before + words + after
        places = passage_places(words, text)
        assert quotation_found(words, text) == bool(places)
        for start, end in places:
            assert 0 <= start < end <= len(text)
            assert quotation_found(words, text[start:end])
            assert not unicodedata.category(text[end - 1]).startswith("Z")
