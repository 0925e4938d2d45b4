"""Every public record can be cited, in three styles and three formats, with its version."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from typing import Any

import bibtexparser
import pytest
import rispy
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from negotiations.models import Person, Statement
from negotiations.models.visibility import withdraw
from tests import factories
from tests.editing.test_desk import sentences
from tests.pages.test_withdrawn import ADDRESSED, made

pytestmark = pytest.mark.django_db
SUFFIXES = ("bib", "ris", "csl.json")
NASTY = 'Tea & 5% {of} $x_1^2 ~#\\ "straight" “curly”\nnext line; اتفاق, and more'


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: dt.date(2026, 11, 25))


def beside(record: Any, suffix: str) -> str:
    return f"{record.get_absolute_url()[:-1]}.{suffix}"


def file(client: Client, record: Any, suffix: str) -> str:
    answer = client.get(beside(record, suffix))
    assert answer.status_code == 200
    return str(answer.content.decode())


def entry(text: str) -> dict[str, str]:
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    [found] = library.entries
    return {"key": found.key, **{field.key: field.value for field in found.fields}}


def item(text: str) -> dict[str, Any]:
    """The one item, after a CSL processor has read it and knew all that it holds."""
    from citeproc.source.json import CiteProcJSON

    [found] = json.loads(text)
    with warnings.catch_warnings(record=True) as unknown:
        warnings.simplefilter("always")
        # What CSL 1.0.2 calls event-title was event before; this processor knows that only.
        CiteProcJSON([{key.replace("event-title", "event"): found[key] for key in found}])
    assert [str(each.message) for each in unknown] == []
    return dict(found)


def said(**fields: Any) -> Statement:
    """What a minister says at talks."""
    meeting = factories.MeetingFactory(
        title="Talks in Riyadh", place="Riyadh", slug="riyadh", date="2025-02-18"
    )
    speaker = factories.PersonFactory(name="Sergey V. Lavrov", sort_name="Lavrov, Sergey V.")
    given = {"words": "We agreed on much.", "status": "draft", "form": "verbatim", **fields}
    statement: Statement = factories.StatementFactory(
        meeting=meeting, speaker=speaker, party__name="Russia", **given
    )
    factories.CitationFactory(statement=statement, source__title="Remarks")
    Statement.objects.filter(pk=statement.pk).update(status="published")
    return Statement.objects.get(pk=statement.pk)


def test_a_statement_in_each_style(client: Client) -> None:
    statement = said()
    page = client.get(f"{statement.get_absolute_url()}cite/")
    html = sentences(page)
    n = statement.pk
    address = f"http://testserver/statements/{n}/v1/"
    for sentence in (
        f"Lavrov, Sergey V. “We agreed on much.” Statement at Talks in Riyadh, February 18, 2025. "
        f"Readout, statement {n}, version 1. Accessed November 25, 2026. {address}",
        f"Lavrov, S. V. (2025, February 18). “We agreed on much.” [Statement at Talks in Riyadh]. "
        f"Readout, statement {n} (Version 1). Retrieved November 25, 2026, from {address}",
        f"Sergey V. Lavrov, ‘We agreed on much.’ (statement at Talks in Riyadh, 18 February 2025) "
        f"Readout, statement {n}, version 1 &lt;{address}&gt; accessed 25 November 2026.",
    ):
        assert sentence in html
    assert f'href="/statements/{n}/v1/"' in html
    assert f"/statements/{n}/cite/" in client.get(statement.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("date", "chicago", "apa", "oscola"),
    [
        ("February 2025", "Riyadh, February 2025.", "(2025, February).", "February 2025)"),
        ("about 2025", "Riyadh, ca. 2025.", "(ca. 2025).", "about 2025)"),
        (None, "Riyadh. Readout", "(n.d.).", "at Talks in Riyadh) Readout"),
    ],
)
def test_no_date_is_more_exact_than_it_is_known(
    date: str | None, chicago: str, apa: str, oscola: str, client: Client
) -> None:
    statement = said(date=date)
    html = sentences(client.get(f"{statement.get_absolute_url()}cite/"))
    for words in (chicago, apa, oscola):
        assert words in html
    found, csl = entry(file(client, statement, "bib")), item(file(client, statement, "csl.json"))
    [ris] = rispy.loads(file(client, statement, "ris"))
    if date is None:
        assert not {"year", "month"} & found.keys()
        assert "issued" not in csl
        assert "date" not in ris
    else:
        assert found["year"] == ris["year"] == "2025"
        assert ("month" in found) is date.startswith("Feb")
        assert csl["issued"]["date-parts"] == ([[2025, 2]] if "Feb" in date else [[2025]])
        assert csl["issued"].get("circa", False) is ("about" in date)
        assert ris["date"] == ("2025/02//" if "Feb" in date else "2025///")


def test_a_paraphrase_is_never_cited_as_somebodys_words(client: Client) -> None:
    statement = said(form="paraphrase", words="Both sides want more.")
    html = sentences(client.get(f"{statement.get_absolute_url()}cite/"))
    assert (
        "Lavrov, Sergey V. Both sides want more. Statement at Talks in Riyadh, paraphrased" in html
    )
    assert "“Both" not in html
    assert "‘Both" not in html
    assert "[paraphrase] Both sides" in item(file(client, statement, "csl.json"))["title"]


def test_a_source_is_its_publishers_and_leads_to_the_original(client: Client) -> None:
    source = factories.SourceFactory(
        title="On the talks", publisher="RT", author="Ann Lee", kind="news_report",
        date="2025-02-18", url="https://rt.example/a_b?x=1&y=2",
    )  # fmt: skip
    html = sentences(client.get(f"{source.get_absolute_url()}cite/"))
    assert (
        "Ann Lee. “On the talks.” RT, news report, February 18, 2025. "
        "https://rt.example/a_b?x=1&amp;y=2. Readout, source"
    ) in html
    assert "Ann Lee. (2025, February 18). On the talks [News report]. RT. https://rt" in html
    [ris] = rispy.loads(file(client, source, "ris"))
    assert (ris["type_of_reference"], ris["publisher"]) == ("NEWS", "RT")
    assert item(file(client, source, "csl.json"))["type"] == "article-newspaper"


@pytest.mark.parametrize("kind", ADDRESSED)
def test_every_kind_in_every_format(kind: str, client: Client) -> None:
    record = made(kind)
    found = entry(file(client, record, "bib"))
    [ris] = rispy.loads(file(client, record, "ris"))
    csl = item(file(client, record, "csl.json"))
    address = f"http://testserver{record.get_absolute_url()}v1/"
    assert found["key"] == ris["id"] == csl["id"] == f"readout-{kind}-{record.pk}-v1"
    assert found["url"] == ris["urls"][0] == csl["URL"] == address
    assert found["version"] == csl["version"] == "1"
    assert found["urldate"] == "2026-11-25"
    assert ris["access_date"] == "2026/11/25/"
    assert csl["accessed"] == {"date-parts": [[2026, 11, 25]]}
    assert ris["title"] == csl["title"]
    html = sentences(client.get(f"{record.get_absolute_url()}cite/"))
    for words in ("Chicago", "APA", "OSCOLA", "BibTeX", "RIS", "CSL-JSON", "25 November 2026"):
        assert words in html
    assert f'href="{beside(record, "csl.json")}"' in html
    assert (
        f'href="{beside(record, "bib")}"' in client.get(record.get_absolute_url()).content.decode()
    )


def test_nothing_in_the_words_breaks_a_format(client: Client) -> None:
    statement = said(words=NASTY)
    Person.objects.filter(pk=statement.speaker_id).update(sort_name="", name="Smith and Sons, {Ltd")
    text = file(client, statement, "bib")
    found = entry(text)
    assert r"Tea \& 5\% \textbraceleft{}of\textbraceright{} \$x\_1\textasciicircum{}2" in text
    assert "اتفاق" in found["title"]
    assert text.count("{") == text.count("}")
    [ris] = rispy.loads(file(client, statement, "ris"))
    assert ris["title"] == f"“{' '.join(NASTY.split())}”"
    assert ris["authors"] == ["Smith and Sons, {Ltd"]
    csl = item(file(client, statement, "csl.json"))
    assert csl["author"] == [{"literal": "Smith and Sons, {Ltd"}]


def test_the_version_that_is_cited_is_the_newest(client: Client) -> None:
    with connection.cursor() as cursor:  # an earlier version, of an earlier transaction
        statement = said()
        cursor.execute(
            """CREATE TEMP TABLE earlier AS SELECT * FROM negotiations_statementevent
               WHERE pgh_obj_id = %s AND status = 'published';
            UPDATE earlier SET pgh_created_at = now() - interval '1 day', words = 'Before.',
              pgh_id = -1;
            INSERT INTO negotiations_statementevent SELECT * FROM earlier""",
            [statement.pk],
        )
    assert "/v2/" in file(client, statement, "ris")
    assert "Before." in client.get(f"{statement.get_absolute_url()}v1/").content.decode()


def test_what_is_not_public_is_not_cited(client: Client) -> None:
    draft = factories.PersonFactory(status="draft", slug="quagga")
    for address in (*(beside(draft, suffix) for suffix in SUFFIXES), "/people/quagga/cite/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Person" not in answer.content.decode()
    person = factories.PersonFactory(slug="gone")
    withdraw(person, "Wrong.")
    for address in (*(beside(person, suffix) for suffix in SUFFIXES), "/people/gone/cite/"):
        assert client.get(address).status_code == 410
    for number in (0, 2**63, 2**80):
        assert client.get(f"/statements/{number}.bib").status_code == 404
        assert client.get(f"/statements/{number}/cite/").status_code == 404


def test_a_former_address_leads_on_and_demonstration_data_says_so(client: Client) -> None:
    person = factories.PersonFactory(slug="old")
    Person.objects.filter(pk=person.pk).update(slug="new")
    for address, now in (("old.csl.json", "new.csl.json"), ("old/cite/", "new/cite/")):
        moved = client.get(f"/people/{address}")
        assert (moved.status_code, moved["Location"]) == (301, f"/people/{now}")
    shown = factories.PersonFactory(slug="demonstration-x", demonstration=True)
    for suffix in SUFFIXES:
        assert "demonstration data, invented" in file(client, shown, suffix)


def test_citing_takes_a_fixed_number_of_queries(client: Client) -> None:
    statement = said()

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            file(client, statement, "bib")
        return len(caught)

    before = queries()
    for _ in range(5):
        factories.CitationFactory(statement=statement)
        statement.topics.add(factories.TopicFactory())
    assert queries() == before
