"""The editors' desk: entering, sending to review, publishing, and what happens to mistakes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.models import (
    Citation,
    Delegation,
    Meeting,
    Party,
    Person,
    Process,
    Source,
    Statement,
    User,
)
from negotiations.models.visibility import publish

pytestmark = pytest.mark.django_db


def desk(*groups: str, **fields: Any) -> Client:
    user = User.objects.create_user("+".join(groups) or "nobody", is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor() -> Client:
    return desk("editor")


@pytest.fixture
def reviewer() -> Client:
    return desk("reviewer")


def form_of(client: Client, address: str) -> dict[str, str]:
    """What the form at this address would send if nothing were changed."""
    html = client.get(address).content.decode()
    data = {}
    for tag in re.findall(r"<input[^>]+>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="submit"' not in tag and 'type="checkbox"' not in tag:
            data[name[1]] = value[1] if value else ""
    for name, body in re.findall(
        r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL
    ):
        data[name] = body
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        if chosen:
            data[name] = chosen[0]
    return {k: v for k, v in data.items() if "__prefix__" not in k}


def rows(prefix: str, *entries: dict[str, Any]) -> dict[str, Any]:
    data = {f"{prefix}-TOTAL_FORMS": len(entries), f"{prefix}-INITIAL_FORMS": 0}
    for number, entry in enumerate(entries):
        data |= {f"{prefix}-{number}-{name}": value for name, value in entry.items()}
    return data


def empty(*prefixes: str) -> dict[str, Any]:
    return {k: v for prefix in prefixes for k, v in rows(prefix).items()}


def sentences(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


def problems(page: Any) -> list[str]:
    """The sentences above the form and at its fields."""
    found = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', sentences(page), re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", "".join(found), re.DOTALL)


@pytest.fixture
def riyadh(editor: Client) -> dict[str, Any]:
    """The meeting, entered by an editor from nothing."""

    def add(model: type, **data: Any) -> Any:
        known = set(model.objects.values_list("pk", flat=True))
        response = editor.post(f"/admin/negotiations/{model._meta.model_name}/add/", data)
        assert response.status_code == 302, sentences(response)
        return model.objects.exclude(pk__in=known).get()

    russia = add(Party, name="Russia", slug="russia", kind="state")
    us = add(Party, name="United States", slug="us", kind="state")
    process = add(Process, name="Talks", slug="talks", parties=[russia.pk, us.pk])
    people = [
        add(Person, name=name, slug=name.split()[1].lower(), **empty("appointments"))
        for name in ("Sergey Lavrov", "Marco Rubio")
    ]
    seats = [
        {"party": party.pk, "role": "negotiating", "person": person.pk, "title": title, "rank": 1}
        for party, person, title in zip(
            (russia, us), people, ("Foreign Minister", "Secretary of State"), strict=True
        )
    ]
    meeting = add(
        Meeting,
        process=process.pk,
        title="Riyadh",
        slug="riyadh",
        kind="talks",
        state="held",
        date="18 Feb 2025",
        **rows("delegates", *seats),
        **empty("open_matters", "citations"),
    )
    source = add(Source, title="Report", kind="news_report", publisher="RT", language="en")
    statement = add(
        Statement,
        meeting=meeting.pk,
        speaker=people[0].pk,
        form="verbatim",
        words="not only listened, but also heard each other",
        language="en",
        occasion="not_stated",
        **rows("citations", {"source": source.pk, "passage": "heard", "where": "1st paragraph"}),
        **empty("positions"),
    )
    return {
        "parties": [russia, us],
        "process": process,
        "people": people,
        "meeting": meeting,
        "source": source,
        "statement": statement,
    }


def test_an_editor_enters_a_meeting_from_nothing(riyadh: dict[str, Any]) -> None:
    meeting, statement = riyadh["meeting"], riyadh["statement"]
    assert {d.party.name for d in meeting.delegations.all()} == {"Russia", "United States"}
    assert str(meeting.date) == "18 February 2025"
    assert statement.party.name == "Russia"  # from the speaker's delegation
    assert statement.date == meeting.date
    assert statement.status == "draft"


def test_what_an_editor_enters_goes_to_review_and_a_reviewer_publishes_it(
    riyadh: dict[str, Any], editor: Client, reviewer: Client, client: Client
) -> None:
    everything = [*riyadh["parties"], riyadh["process"], *riyadh["people"], riyadh["source"]]
    for record in [*everything, riyadh["meeting"], riyadh["statement"]]:
        address = f"/admin/negotiations/{record._meta.model_name}/"
        action = {"_selected_action": record.pk}
        editor.post(address, {**action, "action": "act_review"})
        record.refresh_from_db()
        assert record.status == "in_review"
        assert client.get(record.get_absolute_url()).status_code == 404
        reviewer.post(address, {**action, "action": "act_publish"})
        record.refresh_from_db()
        assert record.status == "published"
        assert client.get(record.get_absolute_url()).status_code == 200
    assert Delegation.published.count() == 2


def test_publishing_too_early_says_what_to_publish_first(
    riyadh: dict[str, Any], reviewer: Client
) -> None:
    data = {"_selected_action": riyadh["statement"].pk, "action": "act_publish"}
    page = reviewer.post("/admin/negotiations/statement/", data, follow=True)
    assert "Publish first what this hangs on" in sentences(page)
    riyadh["statement"].refresh_from_db()
    assert riyadh["statement"].status == "draft"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"date": "31 February 2025"}, "is not a date that can be read"),
        ({"date": ""}, "A meeting that was held has a date"),
        ({"ended": "2024"}, "The last day comes before the first"),
        ({"duration": "0"}, "A duration is at least one minute"),
        ({"slug": ""}, "required"),
    ],
)
def test_a_mistake_gets_its_sentence_and_nothing_typed_is_lost(
    riyadh: dict[str, Any], editor: Client, changes: dict[str, str], sentence: str
) -> None:
    address = f"/admin/negotiations/meeting/{riyadh['meeting'].pk}/change/"
    data = {**form_of(editor, address), "summary": "Typed with care", **changes}
    page = editor.post(address, data)
    assert page.status_code == 200
    assert sentence in sentences(page)
    assert "Typed with care" in sentences(page)


def test_one_person_on_two_sides_is_refused_with_a_sentence(
    riyadh: dict[str, Any], editor: Client
) -> None:
    address = f"/admin/negotiations/meeting/{riyadh['meeting'].pk}/change/"
    data = form_of(editor, address)
    data["delegates-1-person"] = str(riyadh["people"][0].pk)
    assert "One person sits on one side of a table" in sentences(editor.post(address, data))


def publish_all(riyadh: dict[str, Any]) -> None:
    for record in (*riyadh["parties"], riyadh["process"], *riyadh["people"], riyadh["source"]):
        publish(type(record).objects.get(pk=record.pk))
    for record in (riyadh["meeting"], riyadh["statement"]):
        publish(type(record).objects.get(pk=record.pk))


def test_a_rule_of_the_database_comes_back_as_a_sentence_with_the_form_still_filled(
    riyadh: dict[str, Any], reviewer: Client
) -> None:
    publish_all(riyadh)
    statement = riyadh["statement"]
    address = f"/admin/negotiations/statement/{statement.pk}/change/"
    data = {**form_of(reviewer, address), "citations-0-DELETE": "on", "occasion_note": "typed"}
    page = reviewer.post(address, data)
    assert page.status_code == 200
    assert "cites at least one source" in "".join(problems(page))
    assert "was changed successfully" not in sentences(page)
    assert 'value="typed"' in sentences(page)
    assert Citation.objects.filter(statement=statement).count() == 1


def test_two_editors_at_once_lose_nothing(riyadh: dict[str, Any], editor: Client) -> None:
    other = desk("editor", "reviewer")
    address = f"/admin/negotiations/person/{riyadh['people'][0].pk}/change/"
    first, second = form_of(editor, address), form_of(other, address)
    editor.post(address, {**first, "description": "By the first"})
    page = other.post(address, {**second, "description": "By the second"})
    assert "editor changed description since you opened this form" in sentences(page)
    assert "By the second" in sentences(page)
    assert Person.objects.get(pk=riyadh["people"][0].pk).description == "By the first"


def test_an_editor_can_not_change_publish_or_delete_what_is_public(
    riyadh: dict[str, Any], editor: Client
) -> None:
    publish_all(riyadh)
    person = riyadh["people"][0]
    address = f"/admin/negotiations/person/{person.pk}/change/"
    assert "A reviewer can correct it" in sentences(editor.get(address))
    assert editor.post(address, {"name": "X"}).status_code == 403
    assert editor.get(f"/admin/negotiations/person/{person.pk}/delete/").status_code == 403
    take_back = {"_selected_action": person.pk, "action": "act_take_back"}
    editor.post("/admin/negotiations/person/", take_back)
    assert Person.objects.get(pk=person.pk).status == "published"


def test_an_editor_can_not_publish_by_sending_the_button_of_a_reviewer(
    riyadh: dict[str, Any], editor: Client
) -> None:
    party = riyadh["parties"][0]
    address = f"/admin/negotiations/party/{party.pk}/change/"
    editor.post(address, {**form_of(editor, address), "_publish": "1"})
    editor.post(
        "/admin/negotiations/party/", {"_selected_action": party.pk, "action": "act_publish"}
    )
    party.refresh_from_db()
    assert party.status == "draft"


def test_a_reviewer_corrects_a_title_and_the_history_says_why(
    riyadh: dict[str, Any], reviewer: Client
) -> None:
    publish_all(riyadh)
    delegate = riyadh["meeting"].delegates.first()
    address = f"/admin/negotiations/delegate/{delegate.pk}/change/"
    data = {
        **form_of(reviewer, address),
        "title": "Minister of Foreign Affairs",
        "why": "As he signs",
    }
    assert reviewer.post(address, data).status_code == 302
    history = sentences(reviewer.get(f"/admin/negotiations/delegate/{delegate.pk}/history/"))
    assert "As he signs" in history
    assert "Minister of Foreign Affairs" in history
    assert "reviewer" in history


def test_the_desk_offers_its_tools_in_the_order_of_the_work() -> None:
    page = sentences(desk("reviewer").get("/admin/"))
    places = [
        page.index(f'href="/admin/{each}/"') for each in ("capture", "draft", "review", "import")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("who", ["anonymous", "staff"])
@pytest.mark.parametrize("act", ["add/", "{}/change/", "{}/delete/", "{}/history/", ""])
def test_nobody_else_gets_in(riyadh: dict[str, Any], who: str, act: str) -> None:
    client = Client() if who == "anonymous" else desk()
    response = client.get(f"/admin/negotiations/statement/{act.format(riyadh['statement'].pk)}")
    assert response.status_code == (302 if who == "anonymous" else 403)


def test_drafts_have_a_preview_for_editors_only(
    riyadh: dict[str, Any], editor: Client, client: Client
) -> None:
    address = riyadh["meeting"].get_absolute_url()
    assert "the public does not see it" in sentences(editor.get(f"{address}?preview=1"))
    assert client.get(f"{address}?preview=1").status_code == 404
    assert desk().get(f"{address}?preview=1").status_code == 404
    assert editor.get(address).status_code == 404


def test_the_next_statement_keeps_meeting_and_speaker(
    riyadh: dict[str, Any], editor: Client
) -> None:
    data = {
        "meeting": riyadh["meeting"].pk,
        "speaker": riyadh["people"][0].pk,
        "form": "paraphrase",
        "words": "More",
        "language": "en",
        "occasion": "interview",
        "_addanother": "1",
        **empty("citations", "positions"),
    }
    response = editor.post("/admin/negotiations/statement/add/", data)
    assert f"meeting={riyadh['meeting'].pk}" in response["Location"]
    assert "occasion=interview" in response["Location"]


def test_a_one_time_password_must_be_changed_first() -> None:
    client = desk("editor", must_change_password=True, password="gerbil-otter-lynx-44")
    assert client.get("/admin/")["Location"] == "/admin/password_change/"
    new = {"new_password1": "walrus-heron-vole-71", "new_password2": "walrus-heron-vole-71"}
    done = client.post("/admin/password_change/", {"old_password": "gerbil-otter-lynx-44", **new})
    assert done.status_code == 302
    assert client.get("/admin/").status_code == 200


LISTS = [
    "process",
    "party",
    "person",
    "appointment",
    "meeting",
    "delegation",
    "delegate",
    "topic",
    "question",
    "statement",
]
LISTS += ["position", "action", "account", "progress", "openmatter", "source"]


@pytest.mark.parametrize("kind", LISTS)
def test_every_list_answers(kind: str, reviewer: Client) -> None:
    assert reviewer.get(f"/admin/negotiations/{kind}/?q=a").status_code == 200
    assert reviewer.get(f"/admin/negotiations/{kind}/add/").status_code == 200


def test_the_list_of_statements_does_not_ask_more_for_more_rows(
    riyadh: dict[str, Any], reviewer: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            reviewer.get("/admin/negotiations/statement/")
        return len(asked)

    queries()
    few = queries()
    for number in range(20):
        person = Person.objects.create(name=f"A {number}", slug=f"a-{number}")
        Statement.objects.create(
            speaker=person, party=riyadh["parties"][0], meeting=riyadh["meeting"], words="x"
        )
    assert queries() == few


@pytest.mark.parametrize("chosen", ["9" * 30, "x", "-1"])
@pytest.mark.parametrize("field", ["topics", "speaker", "citations-0-source"])
def test_what_no_form_would_send_is_refused(editor: Client, field: str, chosen: str) -> None:
    add = "/admin/negotiations/statement/add/"
    data = form_of(editor, add) | rows("citations", {"source": ""}) | {field: [chosen]}
    response = editor.post(add, data)
    assert response.status_code == 400
    assert f"“{chosen}” is no record’s number." in response.content.decode()


def test_a_number_of_thousands_of_digits_is_refused(editor: Client) -> None:
    add = "/admin/negotiations/statement/add/"
    response = editor.post(add, form_of(editor, add) | {"topics": ["9" * 5000]})
    assert response.status_code == 400


def test_a_choice_that_is_gone_is_told_and_the_rest_kept(editor: Client) -> None:
    add = "/admin/negotiations/statement/add/"
    response = editor.post(add, form_of(editor, add) | {"topics": ["99999"], "words": "As typed."})
    page = sentences(response)
    assert "Select a valid choice" in page
    assert "As typed." in page
