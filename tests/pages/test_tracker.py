"""The tracker and the report: what became of it, for readers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from negotiations.models import Process, VagueDate
from negotiations.pages import report
from tests import factories

pytestmark = pytest.mark.django_db


def _body(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return response.content.decode()


def _process(**action: Any) -> Process:
    factories.ActionFactory(meeting__date="2024-01-10", **action)
    return Process.objects.get()


def test_what_is_overdue_says_since_when_and_by_which_rule(client: Client) -> None:
    _process(title="Appoint ambassadors", due="about March 2024")
    factories.ActionFactory(title="Not due")
    body = _body(client, "/actions/tracker/?due=overdue")
    assert "1 action<" in body
    assert "Appoint ambassadors" in body
    assert "was due by 30 April 2024" in body
    assert "Not due" not in body
    assert "the last day that its due date can mean is over" in body


def test_each_number_leads_to_what_it_counts(client: Client) -> None:
    process = _process(title="Late", due="2024-02-01")
    done = factories.ActionFactory(meeting__process=process, title="Finished")
    factories.ProgressFactory(action=done, state="done")
    body = _body(client, process.get_absolute_url())
    for query, title in (("due=overdue", "Late"), ("status=done", "Finished")):
        address = f"/actions/tracker/?process={process.slug}&amp;{query}"
        assert f'href="{address}"' in body
        found = _body(client, address.replace("&amp;", "&"))
        assert [name for name in ("Late", "Finished") if name in found] == [title]


def test_the_bars_can_be_kept_for_the_process_or_party_that_is_asked_for(client: Client) -> None:
    process = _process(title="Late", due="2024-02-01")
    factories.ActionFactory()
    for page, number in ((process.get_absolute_url(), 1), ("/actions/tracker/", 2)):
        for suffix, kind in (("svg", "image/svg+xml"), ("png", "image/png")):
            query = f"?process={process.slug}" if number == 1 else ""
            address = f"/actions/tracker/picture.{suffix}{query}"
            assert f'href="{address}"' in _body(client, page)
            kept = client.get(address)
            assert (kept.status_code, kept["Content-Type"]) == (200, kind)
            if suffix == "svg":
                assert f"n = {number} action" in kept.content.decode()
    assert client.get("/actions/tracker/picture.svg?process=none").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["status=finished", "due=yesterday", "news=old", "process=none", "party=none", "page=0", "page=x", "party=%00"],
)  # fmt: skip
def test_bad_input_is_told(client: Client, query: str) -> None:
    assert client.get(f"/actions/tracker/?{query}").status_code == 400


def test_drafts_never_leak(client: Client) -> None:
    process = _process(title="Seen")
    meeting = process.meetings.get()
    factories.ActionFactory(meeting=meeting, title="Hidden", due="2024-02-01", status="draft")
    factories.OpenMatterFactory(meeting=meeting, title="Hidden matter", status="draft")
    factories.ProgressFactory(action=meeting.actions.get(title="Seen"), report="Hidden report", state="stalled", status="draft")  # fmt: skip
    for address in ("/", "/actions/tracker/", process.get_absolute_url(), f"{process.get_absolute_url()}report/"):  # fmt: skip
        body = _body(client, address)
        assert "Hidden" not in body, address
        assert "state-stalled" not in body, address
    hidden = factories.ProcessFactory(status="draft")
    assert client.get(f"{hidden.get_absolute_url()}report/").status_code == 404


def test_htmx_gets_the_fragment_alone(client: Client) -> None:
    _process()
    body = _body(client, "/actions/tracker/", HX_Request="true", HX_Target="tracked")
    assert body.lstrip().startswith('<div id="tracked">')


def test_hostile_words_are_escaped(client: Client) -> None:
    process = _process(title="<script>alert(1)</script>", due_words="<b>soon</b>")
    for address in ("/actions/tracker/", f"{process.get_absolute_url()}report/"):
        body = _body(client, address)
        assert "<script>alert" not in body
        assert "<b>soon" not in body


def test_today_is_shown_only_when_there_is_something(client: Client) -> None:
    today = timezone.localdate()
    assert 'id="today"' not in _body(client, "/")
    factories.ActionFactory(title="Due now", due=VagueDate(today), meeting__date="2024")
    body = _body(client, "/")
    assert 'id="today"' in body
    assert "Due now" in body.split('id="today"')[1]


def test_the_life_of_an_action_is_told_in_order(client: Client) -> None:
    action = factories.ActionFactory(meeting__date="2024-01-10", due="March 2024")
    factories.ProgressFactory(action=action, state="stalled", date="2024-05-01")
    factories.ProgressFactory(action=action, state="under_way", date="2024-02-01")
    body = _body(client, action.get_absolute_url()).split('id="progress"')[1]
    order = [
        "on the table at",
        "<strong>under way",
        "<strong>due",
        "<strong>stalled",
        "today: stalled",
    ]
    places = [body.index(each) for each in order]
    assert places == sorted(places)
    assert "was due by 31 March 2024" in body
    assert "no news since 1 May 2024" in body


@pytest.mark.parametrize("address", ["/actions/tracker/", "/processes/{}/", "/processes/{}/report/", "/"])  # fmt: skip
def test_queries_do_not_grow(client: Client, address: str) -> None:
    process = factories.ProcessFactory(slug="talks")
    counts = []
    for more in (2, 12):
        for _ in range(more):
            meeting = factories.MeetingFactory(process=process, date="2024-01-02")
            factories.DelegateFactory(delegation__meeting=meeting)
            action = factories.ActionFactory(meeting=meeting, due="2024-02-01")
            factories.AccountFactory(action=action, statement__meeting=meeting)
            factories.ProgressFactory(action=action)
            factories.OpenMatterFactory(meeting=meeting)
            factories.PositionFactory(statement__meeting=meeting)
        with CaptureQueriesContext(connection) as queries:
            _body(client, address.format("talks"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- The report ---


def test_the_report_holds_all_and_numbers_its_sources(client: Client) -> None:
    process = _process(title="Appoint ambassadors", due="2024-02-01")
    action = process.meetings.get().actions.get()
    factories.DelegateFactory(delegation__meeting=action.meeting, person__name="Ada Head")
    account = factories.AccountFactory(action=action, stance="denied")
    source = factories.SourceFactory(title="The readout")
    factories.CitationFactory(statement=account.statement, source=source)
    factories.CitationFactory(action=action, source=source)
    factories.ProgressFactory(action=action, state="stalled", date="March 2024")
    factories.OpenMatterFactory(meeting=action.meeting, title="Who pays")
    body = _body(client, f"{process.get_absolute_url()}report/")
    for words in ("Ada Head", "Appoint ambassadors", f"{account.party.name} denied", "stalled", "was due by 1 February 2024", "Who pays"):  # fmt: skip
        assert words in body, words
    assert body.count('<li id="source-') == 2
    assert body.count("The readout") == 1
    assert 'href="#source-1"' in body
    assert 'id="source-1"' in body


def test_the_report_says_where_each_party_stands_since_when(client: Client) -> None:
    meeting = factories.MeetingFactory()
    question, party = factories.QuestionFactory(), factories.PartyFactory(name="Aland")
    for stance, date in (("opposes", "2024-01-01"), ("supports", "2024-03-01"), ("supports", "2024-05-01")):  # fmt: skip
        said = factories.StatementFactory(meeting=meeting, party=party, date=date)
        factories.PositionFactory(question=question, statement=said, stance=stance)
    body = _body(client, f"{meeting.process.get_absolute_url()}report/")
    told = body.split(question.text)[1].split("</ul>")[0]
    assert "supports" in told
    assert "changed" in told
    assert "1 March 2024" in told
    assert "opposes" not in told


def test_a_report_too_large_says_what_it_leaves_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(report, "MEETINGS", 2)
    process = factories.ProcessFactory()
    for year in ("2021", "2022", "2023"):
        meeting = factories.MeetingFactory(process=process, date=year, title=f"Talks of {year}")
        factories.ActionFactory(meeting=meeting)
    body = _body(client, f"{process.get_absolute_url()}report/")
    assert "Left out: 1 earlier meeting, 1 action." in body
    assert "Talks of 2021" not in body
    assert "Talks of 2023" in body


def test_the_report_of_an_empty_process(client: Client) -> None:
    process = factories.ProcessFactory()
    body = _body(client, f"{process.get_absolute_url()}report/")
    assert "No action is recorded." in body
    assert '<h2 id="sources">' not in body
