"""The API gives each kind of record, as lists and one by one, by the pages' own questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from negotiations.exchange.records.all import ALL, RESOURCES
from negotiations.models import Statement
from negotiations.models.visibility import withdraw
from tests import factories

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
BASE = "http://testserver"


def read(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status, response.content.decode()
    return response.json()


@pytest.fixture
def statement() -> Statement:
    speaker = factories.PersonFactory(name="Sergey Lavrov", slug="lavrov")
    party = factories.PartyFactory(name="Russia", slug="russia")
    meeting = factories.MeetingFactory(title="Talks in Riyadh", slug="riyadh")
    made = factories.StatementFactory(
        words="We agreed to remove artificial barriers.", speaker=speaker, party=party,
        meeting=meeting, date="about February 2025",
    )  # fmt: skip
    made.topics.add(factories.TopicFactory(name="Embassies", slug="embassies"))
    source = factories.SourceFactory(title="Press conference", publisher="RT", text="Secret text.")
    factories.CitationFactory(statement=made, source=source, passage="", where="2nd paragraph")
    factories.PositionFactory(statement=made, stance="opposes")
    return made


def test_it_works(client: Client, statement: Statement) -> None:
    found = read(client, f"statements/{statement.pk}")
    assert found["type"] == "statement"
    assert found["url"] == f"{BASE}/statements/{statement.pk}/"
    assert found["words"] == statement.words
    assert found["date"] == {"edtf": "2025-02~", "from": "2025-02-01", "until": "2025-02-28"}
    assert found["speaker"] == {
        "id": statement.speaker_id,
        "url": f"{BASE}/people/lavrov/",
        "name": "Sergey Lavrov",
    }
    assert [topic["name"] for topic in found["topics"]] == ["Embassies"]
    (citation,) = found["citations"]
    assert (citation["where"], citation["passage"]) == ("2nd paragraph", None)
    assert citation["source"]["name"] == "Press conference"
    assert found["positions"][0]["stance"] == "opposes"
    assert found["original_words"] is None
    assert found["demonstration"] is False


def test_what_stays_at_the_desk_is_not_told(client: Client, statement: Statement) -> None:
    everything = client.get(
        f"/api/v1/statements/{statement.pk}?expand=citations,party,meeting"
    ).content.decode()
    assert "Press conference" in everything
    for word in ("Secret text", "revision", "created", "author_id", "status"):
        assert word not in everything


@pytest.mark.parametrize("resource", ALL, ids=lambda each: each.name)
def test_each_kind_has_a_list_and_single_records(client: Client, resource: Any) -> None:
    made = getattr(factories, f"{resource.model.__name__}Factory")()
    listed = read(client, f"{resource.path}?fields={','.join(resource.fields)}")["data"]
    single = read(client, f"{resource.path}/{made.pk}")
    assert single in listed
    assert list(single) == list(resource.fields)
    assert single["url"] == f"{BASE}{made.get_absolute_url()}"
    expand = ",".join(resource.expandable)
    if expand:
        expanded = read(client, f"{resource.path}/{made.pk}?expand={expand}")
        assert list(expanded) == list(single)
    if resource.has_slug:
        assert read(client, f"{resource.path}/{made.slug}") == single


def test_expand_puts_the_record_in_place_of_its_reference(
    client: Client, statement: Statement
) -> None:
    (found,) = read(client, "statements?expand=party,citations,topics")["data"]
    party = read(client, "parties/russia")
    assert found["party"] == party
    assert found["citations"][0]["source"]["publisher"] == "RT"
    assert found["topics"][0]["slug"] == "embassies"
    assert set(found["speaker"]) == {"id", "url", "name"}


def test_fields_are_those_wanted_in_the_order_wanted(client: Client, statement: Statement) -> None:
    (found,) = read(client, "statements?fields=words,id")["data"]
    assert list(found) == ["words", "id"]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("party=russia", True), ("person=lavrov", True), ("topic=embassies", True),
        ("meeting=riyadh", True), ("publisher=RT", True), ("year=2025", True),
        ("q=barriers", True), ("q=speaker:lavrov+form:paraphrase", True), ("from=2025", True),
        ("q=troops", False), ("to=2024", False), ("form=verbatim", False),
        ("data=demonstration", False),
    ],
)  # fmt: skip
def test_lists_are_narrowed_as_the_page_is(
    client: Client, statement: Statement, query: str, fits: bool
) -> None:
    found = read(client, f"statements?{query}")["data"]
    page = client.get(f"/statements/?{query}").content.decode()
    assert bool(found) is fits
    assert (f"/statements/{statement.pk}/" in page) is fits


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_follow_one_another_without_gap_or_repetition(client: Client, order: str) -> None:
    for year in (2023, 2024, 2024, 2024, 2025):
        factories.StatementFactory(date=str(year))
    address, seen = f"/api/v1/statements?limit=2&sort={order}&fields=id,date", []
    for _ in range(3):
        response = client.get(address)
        found = response.json()
        seen += found["data"]
        if found["next"]:
            assert response["Link"] == f'<{found["next"]}>; rel="next"'
        address = found["next"]
    assert address is None
    assert len({each["id"] for each in seen}) == len(seen) == 5
    years = [each["date"]["edtf"] for each in seen]
    assert years == sorted(years, reverse=order == "newest")


def test_a_page_keeps_what_is_wanted_of_records(client: Client) -> None:
    factories.StatementFactory.create_batch(3)
    query = "limit=1&expand=party&fields=id,party&year=2025"
    found = read(client, f"statements?{query}")["next"]
    for part in ("limit=1", "expand=party", "fields=id%2Cparty", "year=2025", "after="):
        assert part in found


def test_facets_count_what_fits(client: Client, statement: Statement) -> None:
    factories.StatementFactory(party=statement.party, date="2024")
    found = read(client, "statements?facets=party,year&party=russia&limit=1")
    assert (found["count"], found["count_is_exact"]) == (2, True)
    assert {v["value"]: v["count"] for v in found["facets"]["year"]["values"]} == {
        "2025": 1,
        "2024": 1,
    }
    assert "topic" not in found["facets"]
    following = client.get(found["next"]).json()
    assert len(following["data"]) == 1
    assert following["next"] is None


def test_search_finds_all_kinds(client: Client, statement: Statement) -> None:
    factories.ActionFactory(title="Remove barriers", meeting=statement.meeting)
    found = read(client, "search?q=barriers&expand=record")["data"]
    assert {each["type"] for each in found} == {"action", "statement"}
    said = next(each for each in found if each["type"] == "statement")
    assert said["text"] == statement.words
    assert said["url"] == f"{BASE}/statements/{statement.pk}/"
    assert said["party"]["name"] == "Russia"
    assert said["publisher"] == "RT"
    assert said["record"]["topics"][0]["name"] == "Embassies"
    only = read(client, "search?q=barriers&in=actions")["data"]
    assert [each["type"] for each in only] == ["action"]


def test_search_says_what_it_could_not_read(client: Client, statement: Statement) -> None:
    found = read(client, "search?q=barriers+before:soon")
    assert found["data"]
    assert "is not a date" in found["notes"][0]
    relaxed = read(client, "search?q=barriers+zebrafish")
    assert "a part of it" in relaxed["notes"][-1]


def test_sources_are_listed_by_their_own_filters(client: Client) -> None:
    old = factories.SourceFactory(publisher="RT", date="2024")
    new = factories.SourceFactory(publisher="AP", date="2025-03")
    factories.SourceFactory(status="draft")

    def ids(query: str) -> list[int]:
        return [each["id"] for each in read(client, f"sources?{query}")["data"]]

    assert ids("") == [new.pk, old.pk]
    assert ids("sort=oldest") == [old.pk, new.pk]
    assert ids("publisher=RT") == [old.pk]
    assert ids("from=2025") == [new.pk]
    first = read(client, "sources?limit=1&publisher=RT&publisher=AP")
    assert [each["id"] for each in client.get(first["next"]).json()["data"]] == [old.pk]


def test_an_action_tells_what_follows_from_accounts_and_reports(client: Client) -> None:
    action = factories.ActionFactory()
    factories.DelegationFactory(
        meeting=action.meeting, party=(account := factories.AccountFactory(action=action)).party
    )
    factories.ProgressFactory(action=action, state="done", date="2025-05")
    factories.ProgressFactory(action=action, state="stalled", date="2025-04")
    found = read(client, f"actions/{action.pk}")
    assert (found["status"], found["corroboration"]) == ("done", "one_side")
    assert [each["state"] for each in found["progress"]] == ["done", "stalled"]
    assert found["accounts"][0]["party"]["id"] == account.party_id
    assert found["progress"][0]["citations"][0]["source"]["id"]


def test_the_number_of_queries_does_not_grow_with_rows(
    client: Client, django_assert_num_queries: Any
) -> None:
    factories.StatementFactory.create_batch(2)
    with django_assert_num_queries(3):
        client.get("/api/v1/statements?expand=party,meeting")
    factories.StatementFactory.create_batch(6)
    with django_assert_num_queries(3):
        client.get("/api/v1/statements?expand=party,meeting")


# --- What is not there ---


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("statements?limit=0", 400, "“limit” is a number from 1 to 200"),
        ("statements?limit=201", 400, "“limit”"),
        ("statements?fields=secret", 400, "“fields=secret” is not known"),
        ("statements?expand=words", 400, "“expand” is of speaker, party"),
        ("statements?facets=form,day", 400, "“facets=day”"),
        ("statements?autor=x", 400, "There is no parameter “autor”"),
        ("statements?due=none", 400, "There is no parameter “due”"),
        ("statements?party=nobody", 404, "No party has the address “nobody”"),
        ("statements?year=25", 400, "four digits"),
        ("statements?after=1", 400, "“after” can't be read"),
        ("search?q=x&after=2025-01-01_1&sort=relevance", 409, "goes with sort=newest"),
        ("statements?q=%00", 400, ""),
        (f"statements?q={'x' * 1001}", 400, "1,000 characters"),
        ("statements/999999", 404, "no public statement “999999”"),
        (f"statements/{'9' * 30}", 404, "There is no public statement"),
        ("statements/%E2%80%AEabc", 404, "There is no public statement"),
        ("meetings/nowhere", 404, "no public meeting “nowhere”"),
        ("sources?after=x", 400, "“after” can't be read"),
        ("sources?kind=poem", 400, "“kind=poem” is not known"),
        ("nothing", 404, "/api/ lists"),
        ("statements/1/more", 404, "/api/ lists"),
    ],
)
def test_bad_input_gets_a_problem_with_a_sentence(
    client: Client, address: str, status: int, says: str
) -> None:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == status
    assert says in found["detail"]


def test_what_was_withdrawn_says_so(client: Client) -> None:
    meeting = factories.MeetingFactory(slug="gone", title="Secret talks")
    withdraw(meeting, "Never held.")
    for address in (
        f"/api/v1/meetings/{meeting.pk}",
        "/api/v1/meetings/gone",
        "/meetings/gone.json",
    ):
        response = client.get(address)
        assert response.status_code == 410
        assert "Never held." in response.json()["detail"]
        assert "Secret" not in response.content.decode()
    assert client.get("/meetings/gone.csv").status_code == 410


def test_a_former_address_leads_to_the_new_one(client: Client) -> None:
    meeting = factories.MeetingFactory(slug="before")
    meeting.slug = "after"
    meeting.save()
    for address in ("/api/v1/meetings/before", "/meetings/before.json", "/meetings/before.csv"):
        response = client.get(address)
        assert response.status_code == 301
        assert response["Location"] == address.replace("before", "after")


def test_a_whole_page_of_expanded_questions_is_bounded() -> None:
    assert RESOURCES["question"].fields["positions"].most <= 100  # type: ignore[attr-defined]
