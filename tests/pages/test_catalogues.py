"""The catalogues are whole: nothing that is said lacks a translation, and none is out of date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests import catalogues

if TYPE_CHECKING:
    from babel.messages import Message

LANGUAGES = pytest.mark.parametrize("code", catalogues.TRANSLATED)
# What is written the same in another language.
ALIKE = {"Wikidata", ", ", "{day}, {time}", "{day} {month} {year}", "{month} {year}", "{year}"}
PLACE = re.compile(r"%\(\w+\)s|\{\w*\}")


def messages(code: str) -> list[Message]:
    return [message for message in catalogues.kept(code) if message.id]


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def key(message: Message) -> tuple[str | None, str | tuple[str, ...]]:
    return message.context, message.id


@LANGUAGES
def test_all_that_is_said_is_there_and_nothing_else(code: str) -> None:
    said = {key(message) for message in catalogues.said() if message.id}
    kept = {key(message) for message in messages(code)}
    assert said - kept == set(), "Run `python -m tests.catalogues`, then translate what it added."
    assert kept - said == set(), "Run `python -m tests.catalogues`: this is said no more."


def test_what_is_said_is_found() -> None:
    """By each way of saying it."""
    said = {key(message) for message in catalogues.said()}
    assert {
        (None, "Skip to the content"),  # translate
        (None, ("%(number)s statement", "%(number)s statements")),  # blocktranslate, counted
        ("a party", "for"),
        (None, "Nothing is published yet."),  # _() as what an include is given
        (None, ("{number} pair", "{number} pairs")),
        ("position", "supports"),  # a choice
        ("month with its day", "May"),
    } <= said


@LANGUAGES
def test_nothing_is_empty_or_unsure(code: str) -> None:
    for message in messages(code):
        assert all(texts(message)), message.id
        assert not message.fuzzy, message.id
        assert message.string != message.id or message.id in ALIKE


@LANGUAGES
def test_all_plural_forms_are_there(code: str) -> None:
    number = catalogues.kept(code).num_plurals
    counted = [message for message in messages(code) if message.pluralizable]
    assert counted
    assert {len(texts(message)) for message in counted} == {number}


@LANGUAGES
def test_the_same_places_are_filled(code: str) -> None:
    """A form for one or two of something may leave the number out."""
    for message in messages(code):
        original = message.id if isinstance(message.id, str) else message.id[1]
        wanted = sorted(PLACE.findall(original))
        for text in texts(message):
            found = sorted(PLACE.findall(text))
            numbers = {"{number}", "%(number)s", "%(written)s"} if message.pluralizable else set()
            assert set(wanted) - set(found) <= numbers, text
            assert set(found) <= set(wanted), text


@LANGUAGES
def test_the_html_is_the_same(code: str) -> None:
    for message in messages(code):
        original = message.id if isinstance(message.id, str) else message.id[0]
        wanted = sorted(re.findall(r"</?[a-z]+", original))
        for text in texts(message):
            found = sorted(re.findall(r"</?[a-z]+", text))
            assert found == wanted or (message.pluralizable and not found), text


@LANGUAGES
def test_what_is_compiled_is_what_is_written(code: str) -> None:
    compiled = catalogues.path_of(code, "mo").read_bytes()
    assert compiled == catalogues.compiled(catalogues.kept(code)), (
        "Run `python -m tests.catalogues`."
    )
