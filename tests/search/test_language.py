"""The query language reads every text, and says what it could not understand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.search.language import MOST_TERMS, Atom, read


def word(text: str, *, negated: bool = False) -> Atom:
    return Atom("word", text, negated=negated)


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("nato membership", [[word("nato")], [word("membership")]]),
        ("summit OR arctic nato", [[word("summit"), word("arctic")], [word("nato")]]),
        ("nato -troops", [[word("nato")], [word("troops", negated=True)]]),
        ('"artificial barriers"', [[Atom("phrase", "artificial barriers")]]),
        ("“artificial barriers”", [[Atom("phrase", "artificial barriers")]]),
        ("diplom*", [[Atom("prefix", "diplom")]]),
        ("speaker:lavrov", [[Atom("field", "lavrov", "speaker")]]),
        ('-topic:"NATO troops"', [[Atom("field", "NATO troops", "topic", negated=True)]]),
        ("OR nato OR", [[word("nato")]]),
        ("https://example.org", [[word("https://example.org")]]),
        ("- * … :", []),
    ],
)
def test_queries_are_read_as_people_mean_them(query: str, groups: list[list[Atom]]) -> None:
    asked = read(query)
    assert asked.groups == groups
    assert asked.problems == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ('"not closed', "not closed"),
        ("colour:red nato", "no field “colour:”"),
        ("speaker: lavrov", "has no value"),
        ('speaker:"" lavrov', "has no value"),
        ("a " * 100, f"first {MOST_TERMS}"),
    ],
)
def test_what_is_not_understood_is_told_and_the_rest_is_read(query: str, sentence: str) -> None:
    asked = read(query)
    assert any(sentence in problem for problem in asked.problems)
    assert asked.groups


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    asked = read(text)
    assert len(asked.atoms()) <= MOST_TERMS
    assert all(atom.text for atom in asked.atoms())
    assert all(group for group in asked.groups)


@given(st.lists(st.sampled_from(["nato", "OR", "-", '"', "*", "speaker:", "x:y", "|", "(", "''"])))
def test_any_heap_of_operators_can_be_read(tokens: list[str]) -> None:
    asked = read(" ".join(tokens))
    assert all(any(c.isalnum() for c in atom.text) for atom in asked.atoms())
