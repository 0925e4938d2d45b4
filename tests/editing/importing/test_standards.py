"""`manage.py import_popolo` and `import_akomantoso`: other sites' files become drafts, told in full.

The files here are written for these tests, in the shapes that the standards' own examples, mySociety's
SayIt and the Irish parliament publish.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from negotiations.editing.importing.standards import running
from negotiations.models import (
    Appointment,
    Delegate,
    ImportKey,
    Meeting,
    Party,
    Person,
    Record,
    Statement,
    record_models,
)
from tests import factories, riyadh

pytestmark = pytest.mark.django_db

POPOLO: dict[str, Any] = {
    "persons": [
        {"id": "1", "name": "Anna Berg", "gender": "female", "shoe_size": 39,
         "email": "anna@example.org", "contact_details": [{"type": "voice", "value": "+1555"}],
         "identifiers": [{"scheme": "wikidata", "identifier": "Q42"}, {"scheme": "viaf", "identifier": "7"}],
         "other_names": [{"name": "Anna Tal", "note": "Birth name"}, {"name": "אנה", "note": "native name"}]},
        {"id": "2", "given_name": "Omar", "family_name": "Said"},
    ],
    "organizations": [
        {"id": "office", "name": "Office of the Envoy", "parent_id": "state"},
        {"id": "state", "name": "Borduria", "classification": "state"},
        {"id": "house", "name": "House", "classification": "legislature"},
    ],
    "memberships": [
        {"person_id": "1", "organization_id": "office", "role": "Envoy", "start_date": "2024-05",
         "sources": [{"url": "https://example.org/envoy"}]},
        {"person_id": "2", "organization_id": "house"},
    ],
    "events": [
        {"id": "t1", "name": "First session", "start_date": "2025-02-18T10:00:00Z", "status": "confirmed", "parent_id": "t0",
         "organization_id": "house", "attendees": [{"id": "2", "name": "Omar Said"}]},
    ],
    "speeches": [
        {"creator_id": "1", "text": "We shall meet again.", "event_id": "t1", "position": 3,
         "attribution_text": "The envoy, for Borduria", "date": "2025-02-19"},
    ],
    "votes": [{}],
}  # fmt: skip


def popolo(path: Path, *arguments: str, **changed: Any) -> str:
    file = path / "other.popolo.json"
    file.write_text(json.dumps({**POPOLO, **changed}))
    return told("import_popolo", str(file), *arguments)


def told(*arguments: str) -> str:
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue()


def counts() -> dict[type[Record], int]:
    return {model: model._default_manager.count() for model in record_models()}


def test_popolo_becomes_drafts_once(tmp_path: Path) -> None:
    process = factories.ProcessFactory()
    before = counts()
    options = ("--process", process.slug, "--report", str(tmp_path / "report.csv"))
    out = popolo(tmp_path, *options)
    assert "Add --write" in out
    assert counts() == before
    assert "Imported, as drafts." in popolo(tmp_path, *options, "--write")
    anna = Person.objects.get(name="Anna Berg")
    assert (anna.wikidata, anna.native_name, anna.other_names) == ("Q42", "אנה", "Anna Tal")
    assert Person.objects.get(name="Omar Said")
    office = Party.objects.get(name="Office of the Envoy")
    assert (office.kind, str(office.part_of)) == ("body", "Borduria")
    held = Appointment.objects.get(person=anna)
    assert (held.office, held.start.edtf) == ("Envoy", "2024-05")
    where = held.citations.get().where
    assert where == "memberships[0], from https://example.org/envoy"
    said = Statement.objects.get()
    assert (said.words, said.form, said.date.edtf) == (
        "We shall meet again.",
        "verbatim",
        "2025-02-19",
    )
    assert (said.speaker, str(said.party), said.meeting.title) == (
        anna,
        "Borduria",
        "First session",
    )
    made = [model._default_manager.exclude(status="draft") for model in (Person, Party, Statement)]
    assert not any(each.exists() for each in made)
    with (tmp_path / "report.csv").open(encoding="utf-8-sig") as file:
        notes = [row for row in csv.DictReader(file) if row["became"] == "note"]
    assert {row["column"].lstrip("'") for row in notes} >= {
        "persons[0].gender", "persons[0].shoe_size", "persons[0].identifiers", "organizations[2].classification",
        "persons[0].other_names[0]", "memberships[1].role", "events[0].start_date", "events[0].status",
        "events[0].attendees[0]", "events[0].parent_id", "persons[0].email", "events[0].classification", "speeches[0].position", "votes",
    }  # fmt: skip
    report = (tmp_path / "report.csv").read_text()
    assert "anna@" not in report
    assert "+1555" not in report
    again = popolo(tmp_path, *options, "--write")
    assert "Nothing to change" in again
    assert ": new" not in again


def test_popolo_with_faults_lists_them_all_and_writes_nothing(tmp_path: Path) -> None:
    before = counts()
    out = popolo(
        tmp_path,
        "--write",
        persons=[{"id": "1", "name": None}, {"id": "1", "name": "Ben"}, {"id": "3", "name": ["x"]}, 7,
                 {"id": "5", "name": "null\0byte"}, {"id": "6", "name": "\ud800"}],
        organizations=[{"id": "a", "name": "A", "parent_id": "b"}, {"id": "b", "name": "B", "parent_id": "a"}],
        memberships=[{"person_id": "nobody", "organization_id": "a", "role": "R"},
                     {"person_id": "1", "organization_id": "none", "start_date": "soon"}],
        speeches={"id": "1"},
    )  # fmt: skip
    for place in (
        "persons[0].name: This is needed",
        "persons[1].id: The id “1” is an earlier element’s",
        "persons[2].name: This is a string in Popolo",
        "persons[3]: This is no object",
        "persons[4].name: There are characters",
        "persons[5].name: There are characters",
        "organizations[0].parent_id: These organizations are all part of one another",
        "memberships[0].person_id: No element of “persons” has the id “nobody”",
        "memberships[1].organization_id: No element of “organizations” has the id “none”",
        "events[0].parent_id: This event is in no process. Name one with --process",
        "speeches: This is an array in Popolo",
    ):
        assert place in out, place
    assert out.endswith("Nothing was imported.")
    assert counts() == before
    assert not ImportKey.objects.exists()


def test_who_is_here_already_is_left_as_they_are(tmp_path: Path) -> None:
    process = factories.ProcessFactory()
    anna = factories.PersonFactory(name="A. Berg", wikidata="Q42")
    state = factories.PartyFactory(name="BORDURIA")
    popolo(tmp_path, "--process", process.slug, "--write")
    assert Person.objects.count() == 2
    assert Statement.objects.get().speaker == anna
    assert Statement.objects.get().party == state
    anna.refresh_from_db()
    assert anna.name == "A. Berg"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"{", "no JSON that can be read (line 1)"),
        (b"[]", "A Popolo file is an object"),
        (b'{"a": 1}', "none of what is read"),
        (b"[" * 100_000, "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b" " * 3000, "larger than"),
    ],
)
def test_what_is_no_popolo(
    content: bytes, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "larger" in sentence:
        monkeypatch.setattr(running, "LARGEST", 2000)
    (tmp_path / "x.json").write_bytes(content)
    assert sentence in told("import_popolo", str(tmp_path / "x.json"))
    assert "No such file" in told("import_popolo", str(tmp_path / "none.json"))


def test_what_we_write_we_read(client: Client, tmp_path: Path) -> None:
    """Into a site that has it already, then into one that has nothing."""
    riyadh.load()
    ways = (
        ("/data/popolo.json", "import_popolo"),
        ("/meetings/riyadh-2025-02-18.akn.xml", "import_akomantoso"),
    )
    files = [tmp_path / command for _address, command in ways]
    for (address, command), file in zip(ways, files, strict=True):
        response = client.get(address)
        file.write_bytes(b"".join(response.streaming_content if response.streaming else response))
        assert "Nothing to change" in told(command, str(file), "--write")
    before = said_and_sat()
    for (_address, command), file in zip(ways, files, strict=True):
        _empty()
        factories.ProcessFactory(slug="talks")
        options = (command, str(file), "--process", "talks", "--write")
        assert "Imported, as drafts." in (out := told(*options)), out
        assert said_and_sat() == before
        meeting = Meeting.objects.get(slug="riyadh-2025-02-18")
        assert (meeting.status, meeting.kind) == ("draft", "talks")
        assert (str(meeting.date), meeting.place) == ("18 February 2025", "Riyadh, Saudi Arabia")
        assert "Nothing to change" in told(*options)


def said_and_sat() -> tuple[set[Any], set[Any]]:
    """What was said by whom for whom when, and who sat where under which title."""
    said = {
        (s.words, s.form, str(s.speaker), str(s.party), s.date) for s in Statement.objects.all()
    }
    return said, {(str(seat), seat.delegation.party.slug) for seat in Delegate.objects.all()}


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE negotiations_person, negotiations_party, negotiations_process,"
            " negotiations_source, negotiations_importkey CASCADE"
        )


DEBATE = """<akomaNtoso xmlns="{namespace}"><debate name="hansard"><meta><identification source="#s">
<FRBRWork><FRBRthis value="/x"/><FRBRuri value="/x"/><FRBRdate date="2014-05-01" name="x"/>
<FRBRauthor href="#s"/><FRBRcountry value="ie"/></FRBRWork></identification><lifecycle source="#s"/>
<references source="#s"><TLCOrganization id="s" href="/o/house" showAs="The House"/>
<TLCPerson id="ann" href="http://www.wikidata.org/entity/Q42" showAs="Ann Kelly"/>
<TLCPerson id="unheard" href="/p/2" showAs="Un Heard"/></references></meta>
<preface><p><docTitle>Debates, 1 May 2014</docTitle></p><p>Volume 3</p></preface>
<debateBody><debateSection id="d1"><heading>Fisheries</heading><narrative>The House met.</narrative>
{body}</debateSection></debateBody><attachments/></debate></akomaNtoso>"""
SPEECH = """<speech by="#ann" startTime="2014-05-02T10:00:00" to="#s"><from>Ann Kelly:</from>
<p>We <b>must</b> act<remark> (Applause) </remark>now<authorialNote><p>aside</p></authorialNote>.</p>
<p>At   once.</p></speech>"""


def debate(path: Path, body: str, *arguments: str, namespace: str = "") -> str:
    file = path / "debate.xml"
    namespace = namespace or "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
    text = DEBATE.replace("{namespace}", namespace).replace("{body}", body)
    file.write_text(text if namespace != "none" else text.replace(' xmlns="none"', ""))
    return told("import_akomantoso", str(file), *arguments)


@pytest.mark.parametrize(
    "namespace", ["", "http://docs.oasis-open.org/legaldocml/ns/akn/3.0/CSD13", "none"]
)
def test_a_debate_becomes_drafts_once(namespace: str, tmp_path: Path) -> None:
    process, party = factories.ProcessFactory(), factories.PartyFactory()
    options = ("--process", process.slug, "--party", party.slug, "--write")
    out = debate(tmp_path, SPEECH, *options, namespace=namespace)
    assert "Imported, as drafts." in out
    assert ("not that of Akoma Ntoso 3.0" in out) == bool(namespace)
    said = Statement.objects.get()
    assert said.words == "We must actnow.\nAt once."
    assert (str(said.speaker), said.speaker.wikidata) == ("Ann Kelly", "Q42")
    assert (said.party, said.status, said.date.edtf) == (party, "draft", "2014-05-02")
    assert (said.meeting.title, str(said.meeting.date)) == ("Debates, 1 May 2014", "1 May 2014")
    assert said.citations.get().source.title == "Debates, 1 May 2014"
    for sentence in (
        "<lifecycle> is not kept", "<narrative> is not kept: “The House met.”", "<attachments> is not kept",
        "<p> is not kept: “Volume 3”", "“Un Heard” is not kept", "<remark> is not among the words: “(Applause)”",
        "<authorialNote> is not among the words: “aside”", "<b>: its words are kept", "Its time of day is not kept",
        "To whom it was said is not kept", "Not kept as a topic: “Fisheries”", "“hansard” is no kind of meeting",
    ):  # fmt: skip
        assert sentence in out, sentence
    assert "Nothing to change" in debate(tmp_path, SPEECH, *options, namespace=namespace)


def test_a_debate_with_faults_lists_them_all_and_writes_nothing(tmp_path: Path) -> None:
    before = counts()
    body = (
        SPEECH + '<speech by="#nobody"><p>Who?</p></speech><speech by=""><p>Voice</p></speech>'
        '<other><p>Papers</p></other><answer by="#ann"><p/></answer>'
    )
    out = debate(tmp_path, body, "--write")
    for sentence in (
        "Name it with --process",
        "The <references> have no “#nobody”",
        "No speaker is named: “Voice”",
        "<other> is not kept: “Papers”",
        "Nothing is said in this",
        "Nothing was imported",
    ):
        assert sentence in out, sentence
    assert counts() == before
    process = factories.ProcessFactory()
    assert "Say for which party" in debate(tmp_path, SPEECH, "--process", process.slug)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty"),
        ("<a>", "no XML that can be read"),
        ("<akomaNtoso><act/></akomaNtoso>", "no <debate> in this file, but <act>"),
        ("<akomaNtoso/>", "no <debate> in this file, but nothing"),
        ('<akomaNtoso xmlns="urn:x"><debate/></akomaNtoso>', "This is no Akoma Ntoso"),
        ("<html/>", "This is no Akoma Ntoso"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><akomaNtoso>&x;</akomaNtoso>', "document type"),
        ("<akomaNtoso><debate/></akomaNtoso>", "Nothing tells the title"),
        ("<a>" * 5000 + "</a>" * 5000, "no XML that can be read"),
    ],
)  # fmt: skip
def test_what_is_no_debate(content: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(content)
    assert sentence in told("import_akomantoso", str(tmp_path / "x.xml"))
