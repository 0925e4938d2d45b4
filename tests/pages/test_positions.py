"""Accounts, positions and comparisons as readers see them: each figure leads to its records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.models import Question
from tests import factories, riyadh
from tests.insight.test_positions import say

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def read(client: Client, address: str, status: int = 200, **headers: str) -> Any:
    response = client.get(address, headers=headers or None)
    assert response.status_code == status
    return lxml.html.fromstring(response.content.decode())


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


# --- From the front page, in at most three clicks ---


class Reader:
    """Somebody who follows links by their words, and counts the clicks."""

    def __init__(self, client: Client) -> None:
        self.client, self.clicks = client, 0
        self.address, self.page = "/", read(client, "/")

    def click(self, words: str) -> None:
        (link, *_) = (
            each for each in self.page.iter("a") if words in text(each) and each.get("href")
        )
        self.address = link.get("href")
        self.page, self.clicks = read(self.client, self.address), self.clicks + 1


def test_which_outcomes_of_riyadh_are_confirmed_by_both_sides(client: Client) -> None:
    riyadh.load()
    reader = Reader(client)
    reader.click("Russia–US talks in Riyadh")
    reader.click("confirmed by all sides")
    (found,) = reader.page.cssselect("#results article h3")
    assert text(found) == "Resolve the situation of the diplomatic missions"
    assert reader.clicks <= 3


def test_what_russia_wants_on_nato_troops_and_since_when(client: Client) -> None:
    riyadh.load()
    reader = Reader(client)
    reader.click("May NATO troops deploy in Ukraine")
    (line,) = reader.page.cssselect("#side-russia")
    assert "opposes, 18 February 2025" in text(line)
    assert "Russia can’t accept soldiers of NATO countries in Ukraine" in text(line)
    reader.click("and its source")
    assert re.fullmatch(r"/statements/\d+/", reader.address)
    assert reader.clicks <= 3


# --- The meeting and its actions ---


def test_riyadhs_table_tells_truthfully_who_announced_what(client: Client) -> None:
    riyadh.load()
    page = read(client, "/meetings/riyadh-2025-02-18/")
    (table,) = page.cssselect("#agreed table")
    heads = [text(head) for head in table.cssselect("thead th")]
    assert heads == ["What was agreed", "Russia", "United States"]
    rows = {
        text(row.cssselect(".matrix-title")[0]): [text(cell) for cell in row.cssselect("td > div")]
        for row in table.cssselect("tbody tr")
    }
    assert len(rows) == 8
    mechanism = rows["Set up a consultation mechanism for matters between the two countries"]
    assert mechanism[0] == "Silent"
    assert mechanism[1].startswith("Announced US Department of State")
    ambassadors = rows["Appoint ambassadors to each other’s countries"]
    assert ambassadors[0].startswith("Announced Sergey Lavrov")
    assert "The report names no speaker for this" in ambassadors[0]
    assert ambassadors[1] == "Silent"
    teams = rows["Appoint high-level teams to seek a settlement in Ukraine"]
    assert teams[0].startswith("Qualified Yury Ushakov")
    assert "“The Americans should appoint their representatives" in teams[0]
    assert teams[1].startswith("Announced no person named")
    (differ,) = page.cssselect("#differ")
    heads = [text(head) for head in differ.cssselect("h3")]
    assert heads[:3] == [
        "Told with a reservation",
        "Only by the account of Russia",
        "Only by the account of United States",
    ]


def test_an_action_says_why_it_has_its_verdict(client: Client) -> None:
    one, other = factories.PartyFactory.create_batch(2)
    meeting = factories.MeetingFactory(process=factories.ProcessFactory(parties=[one, other]))
    for party in (one, other):
        factories.DelegationFactory(meeting=meeting, party=party)
    action = factories.ActionFactory(meeting=meeting)
    said = factories.AccountFactory(action=action, party=one, stance="qualified")
    page = read(client, action.get_absolute_url())
    why = (
        "one side’s account 2 parties negotiated at the meeting: 1 with a reservation, 1 is silent."
    )
    assert why in text(page)
    assert said.statement.words in text(page)
    assert said.statement.get_absolute_url() in page.xpath("//a/@href")


# --- A question ---


@pytest.fixture
def question() -> Question:
    """Two sides, a change, one day with both, and vague dates."""
    question = factories.QuestionFactory(slug="q")
    arland = factories.PartyFactory(name="Arland", slug="arland")
    borovia = factories.PartyFactory(name="Borovia", slug="borovia")
    for party, date, stance in (
        (arland, "2023-01-05", "opposes"),
        (arland, "2024-02-05", "opposes"),
        (arland, "2024-05-01", "supports"),
        (arland, "2024", "undecided"),
        (borovia, "2024-05-01", "supports"),
        (borovia, "2024-05-01", "conditional"),
        (borovia, "about 2024-05", "supports"),
        (borovia, None, "opposes"),
        (borovia, "2022", "not_stated"),
    ):
        say(question, party, date, stance)
    return question


def test_a_change_shows_both_statements_and_their_dates(client: Client, question: Question) -> None:
    page = read(client, "/questions/q/")
    (changed,) = page.cssselect("#side-arland .changed")
    assert text(changed).startswith(
        "Changed after 5 February 2024, by 1 May 2024 supports, 1 May 2024"
    )
    before, after = changed.cssselect(".before-after > div")
    assert [text(each) for each in (before[0], before[1])] == ["Before", "opposes"]
    assert [text(each) for each in (after[0], after[1])] == ["After", "supports"]
    assert not page.cssselect("#side-borovia .changed")
    assert "Which came last is not known" in text(page.cssselect("#side-borovia")[0])


@pytest.mark.parametrize("more", [0, 14], ids=["days", "years"])
def test_each_number_of_the_table_leads_to_its_statements(
    client: Client, question: Question, more: int
) -> None:
    party = factories.PartyFactory(name="Cestria")
    for month in range(more):
        say(question, party, f"20{month:02}-03-01", "supports")
    page = read(client, "/questions/q/")
    (table,) = page.cssselect("table.grid")
    links = table.cssselect("td a")
    numbers = []
    for link in links:
        listed = read(client, "/questions/q/" + link.get("href").split("#")[0])
        rows = listed.cssselect("#statements ol > li")
        shown = link.cssselect(".count")
        assert len(rows) == (int(text(shown[0])) if shown else 1), text(link)
        stance = text(link.cssselect(".stance-of")[0])
        assert all(text(row.cssselect(".stance-of")[0]) == stance for row in rows)
        numbers.append(len(rows))
    older = re.findall(r"(\d+) older statements?", text(page))
    assert sum(numbers) + sum(map(int, older)) == 9 + more


def test_the_list_is_narrowed_and_its_part_is_answered_to_htmx(
    client: Client, question: Question
) -> None:
    part = read(
        client,
        "/questions/q/?party=borovia&stance=supports",
        **{"HX-Request": "true", "HX-Target": "statements"},
    )
    assert part.get("id") == "statements"
    assert len(part.cssselect("ol > li")) == 2


@pytest.mark.parametrize("query", ["party=nobody", "stance=loves", "when=soon", "known=hour"])
def test_what_can_not_be_listed_is_told(client: Client, question: Question, query: str) -> None:
    page = read(client, f"/questions/q/?{query}", 400)
    (told,) = page.cssselect("#statements [role=alert]")
    assert text(told).endswith(".")


def test_drafts_are_shown_to_editors_only(client: Client) -> None:
    question = factories.QuestionFactory(slug="q")
    party = factories.PartyFactory(slug="p")
    say(question, party, "2025-01-01", "supports")
    draft = say(question, party, "2025-02-01", "opposes", status="draft")
    topic = question.topic.get_absolute_url()
    for address in ("/questions/q/", "/questions/q/?preview=1", "/questions/q/?party=p", topic):
        assert draft.statement.words not in text(read(client, address))
    client.force_login(factories.UserFactory(group="editor"))
    assert draft.statement.words in text(read(client, "/questions/q/?preview=1"))


# --- Comparing ---


def test_the_address_holds_the_comparison(client: Client, question: Question) -> None:
    page = read(client, "/compare/?a=arland&a_until=2023&b=borovia&show=differ")
    chosen = [each.get("value") for each in page.cssselect("option[selected]")]
    assert chosen == ["arland", "borovia"]
    assert page.cssselect("#a_until")[0].get("value") == "2023"
    assert "Arland, up to 2023 and Borovia" in text(page.cssselect("h2#result")[0])
    links = [each.get("href") for each in page.cssselect(".tally a")]
    assert "?a=arland&a_until=2023&b=borovia" in links
    part = read(
        client,
        "/compare/?a=arland&b=borovia",
        **{"HX-Request": "true", "HX-Target": "compared"},
    )
    assert part.get("id") == "compared"


def test_comparing_begins_with_what_to_choose(client: Client) -> None:
    for address in ("/compare/", "/compare/?a=arland", "/compare/?a=&b="):
        assert "Choose two parties, or two meetings." in text(read(client, address))


def test_what_can_not_be_compared_is_told_beside_the_form(client: Client) -> None:
    factories.PartyFactory(slug="arland", name="Arland")
    page = read(client, "/compare/?a=arland&b=arland", 400)
    (told,) = page.cssselect("#compared [role=alert]")
    assert text(told).startswith("Both sides are the same.")
    assert page.cssselect("option[selected]")


def test_demonstration_data_is_compared_by_itself(client: Client) -> None:
    for slug, invented in (("arland", False), ("demonstration-osmeria", True)):
        party = factories.PartyFactory(slug=slug, demonstration=invented)
        process = factories.ProcessFactory(slug=f"{slug}-talks", demonstration=invented)
        meeting = factories.MeetingFactory(slug=f"{slug}-first", process=process)
        topic = factories.TopicFactory(slug=f"{slug}-borders", demonstration=invented)
        question = factories.QuestionFactory(slug=f"{slug}-toll", topic=topic)
        statement = factories.StatementFactory(party=party, speaker=None, meeting=meeting)
        factories.PositionFactory(question=question, statement=statement)
    offered = [each.get("value") for each in read(client, "/compare/").cssselect("option")]
    assert "arland" in offered
    assert "demonstration-osmeria" not in offered
    page = read(client, "/compare/?data=demonstration")
    assert "demonstration-osmeria" in [each.get("value") for each in page.cssselect("option")]
    assert "arland" not in [each.get("value") for each in page.cssselect("option")]
    page = read(client, "/compare/?a=arland&b=demonstration-osmeria", 400)
    assert "Choose two of a kind" in text(page.cssselect("#compared [role=alert]")[0])


def test_hostile_words_are_escaped_and_others_read_in_their_direction(client: Client) -> None:
    question = factories.QuestionFactory(slug="q", text="May <b>it</b>?")
    for slug, words in (("a", "<script>alert(1)</script>"), ("b", "אנחנו מתנגדים")):
        party = factories.PartyFactory(slug=slug)
        statement = factories.StatementFactory(party=party, words=words, language="he")
        factories.PositionFactory(question=question, statement=statement)
    for address in ("/questions/q/", "/compare/?a=a&b=b", question.topic.get_absolute_url()):
        page = read(client, address)
        assert not page.xpath("//script[contains(., 'alert')] | //h1/b | //th//b")
        assert page.xpath("//blockquote[@lang='he'][@dir='auto']")


# --- At size ---


def _meeting(rows: int) -> str:
    sides = factories.PartyFactory.create_batch(3)
    meeting = factories.MeetingFactory(process=factories.ProcessFactory(parties=sides))
    for side in sides:
        factories.DelegationFactory(meeting=meeting, party=side)
    for number in range(rows):
        action = factories.ActionFactory(meeting=meeting)
        for side in sides[: 1 + number % 3]:
            account = factories.AccountFactory(action=action, party=side)
            factories.CitationFactory(account=account)
    return meeting.get_absolute_url()


def _question(rows: int) -> Question:
    question = factories.QuestionFactory()
    for number in range(rows):
        party = factories.PartyFactory(slug=f"{question.slug}-{number}")
        for year, stance in ((2023, "supports"), (2024, "opposes")):
            position = say(question, party, f"{year}-01-{number + 1:02}", stance)
            factories.CitationFactory(statement=position.statement)
    return question


def _compared(rows: int) -> str:
    one, other = factories.PartyFactory.create_batch(2)
    for _ in range(rows):
        question = factories.QuestionFactory()
        for side in (one, other):
            position = say(question, side, "2024", "supports")
            factories.CitationFactory(statement=position.statement)
    return f"/compare/?a={one.slug}&b={other.slug}"


@pytest.mark.parametrize(
    "make",
    [
        _meeting,
        lambda rows: _question(rows).get_absolute_url(),
        lambda rows: _question(rows).topic.get_absolute_url(),
        _compared,
    ],
    ids=["meeting", "question", "topic", "compare"],
)
def test_queries_do_not_grow(client: Client, make: Callable[[int], str]) -> None:
    counts = []
    for rows in (3, 12):
        address = make(rows)
        with CaptureQueriesContext(connection) as queries:
            read(client, address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
