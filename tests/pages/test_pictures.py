"""The pages with pictures, and the files to keep: timeline, who met whom, map."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree, html

from negotiations.insight.within import INVENTED
from negotiations.models import Process
from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> فيصل & “Co”"


def body(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, address
    return html.fromstring(response.content.decode())


def talks(number: int = 2, **meeting: Any) -> Process:
    """A process with meetings of two sides, a statement of each at each, and an action."""
    sides = factories.PartyFactory.create_batch(2)
    process = factories.ProcessFactory(parties=sides)
    people = factories.PersonFactory.create_batch(2)
    for _ in range(number):
        held = factories.MeetingFactory(
            process=process, **{"place": "Vienna", "coordinates": "48.21, 16.37"} | meeting
        )
        for side, person in zip(sides, people, strict=True):
            delegation = factories.DelegationFactory(meeting=held, party=side)
            factories.DelegateFactory(delegation=delegation, person=person)
            factories.StatementFactory(meeting=held, party=side, speaker=person)
        factories.ActionFactory(meeting=held, due="2025-06")
    return process


def pictures(process: Process) -> list[str]:
    """The pages with a picture, each of which has it as a file beside it."""
    return [f"{process.get_absolute_url()}timeline/", "/network/", "/network/?of=parties", "/map/"]


def file(address: str, suffix: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path}picture.{suffix}{mark}{query}"


def test_each_page_has_its_picture_the_same_facts_as_a_table_and_files_to_keep(
    client: Client,
) -> None:
    process = talks()
    for address in pictures(process):
        page = body(client, address)
        (picture,) = page.cssselect("figure svg")
        for name in ("labelledby", "describedby"):
            assert page.get_element_by_id(picture.get(f"aria-{name}")).text.strip()
        assert page.cssselect("#table ~ .scroll table tbody tr"), address
        assert page.cssselect("a[href='#table']"), address
        notes = page.cssselect("figcaption")[0].text_content()
        assert "n = " in notes
        assert "As of" in notes
        for suffix, kind in (("svg", "image/svg+xml"), ("png", "image/png")):
            (link,) = page.cssselect(f"figcaption a[href='{file(address, suffix)}']")
            response = client.get(link.get("href"))
            assert (response.status_code, response["Content-Type"]) == (200, kind)
            assert "attachment" in response["Content-Disposition"]


def test_every_mark_leads_somewhere(client: Client) -> None:
    process = talks(3)
    for address in pictures(process):
        links = {a.get("href") for a in body(client, address).cssselect("figure svg a")}
        assert links, address
        for link in links:
            path = link if link.startswith("/") else address.partition("?")[0] + link
            assert client.get(path).status_code == 200, (address, link)


def test_a_single_entry_leads_to_its_record_and_several_to_their_time(client: Client) -> None:
    process = talks(1)
    here = f"{process.get_absolute_url()}timeline/"
    links = {a.get("href") for a in body(client, here).cssselect("figure svg a")}
    assert process.meetings.get().get_absolute_url() in links
    factories.MeetingFactory(process=process)
    links = {a.get("href") for a in body(client, here).cssselect("figure svg a")}
    assert process.meetings.first().get_absolute_url() not in links
    assert f"{here}?period=2025-02" in links
    # Closer by years, months and days.
    assert f"{here}?period=2025" in links
    year = {a.get("href") for a in body(client, f"{here}?period=2025").cssselect("figure svg a")}
    assert f"{here}?period=2025" not in year
    assert f"{here}?period=2025-02" in year
    month = body(client, f"{here}?period=2025-02")
    assert f"{here}?period=2025-02-18" in {a.get("href") for a in month.cssselect("figure svg a")}
    assert month.cssselect("nav.zoom a[href='?period=2025']")


def test_hostile_names_are_escaped(client: Client) -> None:
    process = talks()
    for record in (process, *process.parties.all(), *process.meetings.all()):
        for name in ("name", "title", "place"):
            if hasattr(record, name):
                setattr(record, name, f"{HOSTILE} {record.pk}")
        record.save()
    for address in pictures(process):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text
        assert "alert(1)" in text, address
        drawn = client.get(file(address, "svg"))
        assert b"<script>alert" not in drawn.content
        etree.fromstring(drawn.content)
        assert client.get(file(address, "png")).status_code == 200


def test_drafts_are_in_no_page_and_no_file(client: Client) -> None:
    process = talks(1)
    secret = {"title": "Secret talks", "status": "draft"}
    meeting = factories.MeetingFactory(
        process=process, place="Secret island", coordinates="1.5, 2.5", **secret
    )
    person = factories.PersonFactory(name="Secret envoy", status="draft")
    held = process.meetings.get(status="published")
    factories.DelegateFactory(delegation=held.delegations.first(), person=person, status="draft")
    factories.StatementFactory(
        meeting=held, words="Secret words", status="draft", date="2025-03-01"
    )
    factories.ActionFactory(meeting=held, title="Secret pact", status="draft", due="2025-04-01")
    here = f"{process.get_absolute_url()}timeline/"
    editor = Client()
    editor.force_login(factories.UserFactory(group="editor"))
    for reader in (client, editor):
        for address in (*pictures(process), f"{here}?view=list", "/map/?at=1.5,2.5"):
            assert "Secret" not in reader.get(address).content.decode(), address
        for address in pictures(process):
            assert "Secret" not in reader.get(file(address, "svg")).content.decode(), address
            preview = f"{file(address, 'svg')}{'&' if '?' in address else '?'}preview=1"
            assert "Secret" not in reader.get(preview).content.decode()
    assert meeting.title in editor.get(f"{here}?preview=1").content.decode()
    assert "Secret" not in client.get(f"{here}?preview=1").content.decode()
    draft = factories.ProcessFactory(status="draft")
    for name in ("", "picture.svg", "picture.png"):
        assert client.get(f"{draft.get_absolute_url()}timeline/{name}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "{here}?period=soon",
        "{here}?view=circle",
        "{here}?page=0",
        "{here}picture.svg?period=soon",
        "/network/?of=cities",
        "/network/?process=none",
        "/network/?with=nobody",
        "/network/?page=-1",
        "/network/?from=2025&to=2024",
        "/network/picture.png?from=soon",
        "/map/?at=there",
        "/map/?at=100,0",
        "/map/?view=moon",
        "/map/picture.svg?to=soon",
        "/map/?process=%3Cscript%3E",
    ],
)
def test_bad_input_is_told(client: Client, address: str) -> None:
    response = client.get(address.format(here=f"{talks(1).get_absolute_url()}timeline/"))
    assert response.status_code == 400
    assert "“<script>”" not in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/processes/none/timeline/",
        "/network/people/a/b/",
        "/network/cities/a/b/",
        "/network/picture.gif",
    ],
)
def test_unknown_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_empty_pages_say_so(client: Client) -> None:
    process = factories.ProcessFactory()
    for address in (f"{process.get_absolute_url()}timeline/", "/network/", "/map/"):
        page = body(client, address)
        assert page.cssselect(".empty")
        assert not page.cssselect("figure, table")
    assert client.get(f"{process.get_absolute_url()}timeline/picture.svg").status_code == 404
    # Nothing to draw is a picture, too: whoever asks for the file is told in it.
    assert client.get("/network/picture.png").status_code == 200
    assert client.get("/map/picture.png").status_code == 200


def test_queries_do_not_grow(client: Client) -> None:
    process = talks(2)
    addresses = [*pictures(process), f"{pictures(process)[0]}?view=list", "/map/?at=48.21,16.37"]
    person = process.meetings.first().delegates.first().person
    addresses += [person.get_absolute_url(), f"{pictures(process)[0]}?period=2025-02"]
    counts: list[list[int]] = []
    for months in ((1, 2, 3), (4, 5, 6, 8)):
        for month in months:
            _round(process, month, person)
        counts.append([])
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]


def _round(process: Process, month: int, person: Any) -> None:
    """One more meeting in its own month and place, with all that hangs on it."""
    meeting = factories.MeetingFactory(
        process=process, date=f"2025-{month:02}-03", place="P", coordinates=f"{month}, {month}"
    )
    for at, side in enumerate(process.parties.order_by("pk")):
        delegation = factories.DelegationFactory(meeting=meeting, party=side)
        factories.DelegateFactory(delegation=delegation)
        if at == 0:
            factories.DelegateFactory(delegation=delegation, person=person)
        factories.StatementFactory(meeting=meeting, party=side, date=f"2025-{month:02}")
    action = factories.ActionFactory(meeting=meeting, due=f"2026-{month:02}-01")
    action.owed_by.add(process.parties.first())
    factories.ProgressFactory(action=action, state="done", date=f"2026-{month:02}-09")


def test_a_long_list_has_pages(client: Client) -> None:
    process = talks(1)
    factories.StatementFactory.create_batch(120, meeting=process.meetings.get(), date="2025-02-18")
    here = f"{process.get_absolute_url()}timeline/"
    day = body(client, f"{here}?period=2025-02-18")
    assert len(day.cssselect("tbody tr")) == 100
    (following,) = day.cssselect("a[rel=next]")
    second = body(client, here + following.get("href"))
    assert len(second.cssselect("tbody tr")) == 23
    # The picture has bars, not a mark for each.
    assert len(body(client, here).cssselect("figure svg a")) < 20


def test_a_renamed_process_and_person_are_found(client: Client) -> None:
    process = talks(1)
    one, other = (delegate.person for delegate in process.meetings.get().delegates.all())
    process.slug, one.slug = "renamed", "zz-renamed"
    old = Process.objects.get(pk=process.pk).slug
    person = type(one).objects.get(pk=one.pk).slug
    process.save()
    one.save()
    response = client.get(f"/processes/{old}/timeline/?period=2025")
    assert (response.status_code, response["Location"]) == (
        301,
        "/processes/renamed/timeline/?period=2025",
    )
    assert client.get(f"/processes/{old}/timeline/picture.svg").status_code == 200
    response = client.get(f"/network/people/{person}/{other.slug}/?from=2025")
    assert response["Location"] == f"/network/people/{other.slug}/zz-renamed/?from=2025"
    assert client.get(response["Location"]).status_code == 200


def test_a_person_page_tells_whom_they_met_most(client: Client) -> None:
    process = talks(3)
    one, other = (delegate.person for delegate in process.meetings.first().delegates.all())
    page = body(client, one.get_absolute_url())
    (link,) = page.cssselect("#met ~ ul a[href^='/network/']")
    assert link.text_content().startswith("3 shared meetings")
    shared = body(client, link.get("href"))
    assert len(shared.cssselect("article.meeting")) == 3
    assert other.name in page.cssselect("#met ~ ul")[0].text_content()


def test_from_the_front_page_to_who_met_whom_most(client: Client) -> None:
    """In three clicks: the front page, who met whom, the meetings themselves."""
    process = talks(3)
    talks(1)
    (first,) = body(client, "/").cssselect("main a[href='/network/']")
    network = body(client, first.get("href"))
    row = network.cssselect("#table ~ .scroll tbody tr")[0]
    one, other = (delegate.person for delegate in process.meetings.first().delegates.all())
    assert one.name in row.text_content()
    assert other.name in row.text_content()
    (meetings,) = row.cssselect(".number a")
    found = body(client, meetings.get("href"))
    assert len(found.cssselect("article.meeting")) == 3


def test_demonstration_data_is_apart_and_says_so_in_page_and_file(client: Client) -> None:
    talks(1)
    demo = {"demonstration": True}
    sides = [factories.PartyFactory(slug=f"demonstration-side-{n}", **demo) for n in (1, 2)]
    process = factories.ProcessFactory(slug="demonstration-talks", parties=sides, **demo)
    meeting = factories.MeetingFactory(
        process=process, slug="demonstration-round", place="Invented bay", coordinates="1, 1"
    )
    people = []
    for side in sides:
        slug = f"demonstration-envoy-of-{side.pk}"
        people.append(factories.PersonFactory(name=f"Invented {side.pk}", slug=slug, **demo))
        delegation = factories.DelegationFactory(meeting=meeting, party=side)
        factories.DelegateFactory(delegation=delegation, person=people[-1])
    for address in ("/network/", "/map/"):
        assert "Invented" not in client.get(address).content.decode()
        assert b"Invented" not in client.get(f"{address}picture.svg").content
        for query in ("?data=demonstration", f"?process={process.slug}"):
            assert "Invented" in client.get(address + query).content.decode()
            assert INVENTED.encode() in client.get(f"{address}picture.svg{query}").content
            page = body(client, address + query)
            assert page.cssselect("aside.demonstration")
            assert "Vienna" not in page.text_content()
    for address in (f"/network/?with={people[0].slug}", f"{process.get_absolute_url()}timeline/"):
        assert body(client, address).cssselect("aside.demonstration")
    timeline = client.get(f"{process.get_absolute_url()}timeline/picture.svg")
    assert INVENTED.encode() in timeline.content
    met = body(client, people[0].get_absolute_url()).cssselect("#met ~ ul")[0]
    assert people[1].name in met.text_content()


def test_a_process_leads_to_its_pictures(client: Client) -> None:
    process = talks(1)
    page = body(client, process.get_absolute_url())
    for address in (
        f"{process.get_absolute_url()}timeline/",
        f"/network/?process={process.slug}",
        f"/map/?process={process.slug}",
    ):
        assert page.cssselect(f"a[href='{address}']")
        assert client.get(address).status_code == 200
