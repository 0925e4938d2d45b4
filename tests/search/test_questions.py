"""Thirty questions that readers come with: the answer is among the first three results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils.http import urlencode

from negotiations.search import finding
from negotiations.search.asking import Ask
from negotiations.search.cards import START, STOP
from tests import riyadh

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

# What is typed, and what the answer's title or words have in them.
QUESTIONS = [
    ("artificial barriers", "artificial barriers"),
    ('"artificial barriers"', "artificial barriers"),
    ("who said artificial barriers", "artificial barriers"),
    ("lavrov", "Sergey Lavrov"),
    ("Lavrof", "Sergey Lavrov"),
    ("who is Dmitriev", "Kirill Dmitriev"),
    ("Witkoff", "Steve Witkoff"),
    ("secretary of state", "Marco Rubio"),
    ("national security adviser", "Mike Waltz"),
    ("presidential aide", "Yury Ushakov"),
    ("spokesperson State Department", "Tammy Bruce"),
    ("NATO membership", "Membership of Ukraine in NATO"),
    ("what did anyone say of NATO membership", "NATO"),
    ("may Ukraine join NATO?", "May Ukraine join NATO?"),
    ("NATO troops", "NATO troops"),
    ("soldiers flag EU", "soldiers of NATO countries"),
    ("Riyadh", "Riyadh"),
    ("talks in Riyadh", "Russia–US talks in Riyadh"),
    ("summit date", "summit"),
    ("Putin Trump summit", "Summit of Vladimir Putin and Donald Trump"),
    ("ambassadors", "ambassadors"),
    ("appoint ambassador", "Appoint ambassadors"),
    ("diplomatic missions", "Diplomatic missions"),
    ("consultation mechanism", "consult"),
    ("Arctic projects", "Arctic"),
    ("negotiating teams", "teams"),
    ("seized property", "property"),
    ("bank transactions", "bank"),
    ("speaker:ushakov unlikely", "unlikely"),
    ("speaker:lavrov heard each other", "heard each other"),
    ("RDIF", "Russian Direct Investment Fund"),
    ("economic cooperation", "economic cooperation"),
]


@pytest.fixture(scope="module", autouse=True)
def _riyadh(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        riyadh.load()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(("question", "answer"), QUESTIONS)
def test_the_answer_is_among_the_first_three(question: str, answer: str) -> None:
    from django.test import Client

    found = finding.find(Ask.from_address(QueryDict(urlencode({"q": question}))))
    texts = [f"{card.title} {card.snippet}" for card in found.cards[:3]]
    texts = [text.replace(START, "").replace(STOP, "") for text in texts]
    if not found.count:  # a misspelling: the corrected search is one click away
        page = Client().get("/search/", {"q": question}).content.decode()
        texts = [page.split("Did you mean")[1][:300]]
    assert any(answer.lower() in text.lower() for text in texts), texts
