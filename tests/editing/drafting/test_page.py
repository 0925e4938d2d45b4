"""The page: what is used and what is left, whoever comes in, and texts of every sort."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from negotiations.editing.drafting.reading import PART
from negotiations.models import Citation, Meeting, Person, Source, Statement, Workplace
from tests import factories
from tests.editing.drafting.conftest import TEXT, Desk, client_of, problems

if TYPE_CHECKING:
    from negotiations.editing.drafting.layout import Block

pytestmark = pytest.mark.django_db


def used(desk: Desk) -> list[str]:
    """The stretches of the text that are marked as used."""
    blocks: list[Block] = desk.client.get(desk.address).context["blocks"]
    pieces = [piece for block in blocks for line in block.lines for piece in line.pieces]
    return [piece.text for piece in pieces if piece.is_used]


def test_used_passages_are_marked_where_they_stand(desk: Desk) -> None:
    """The same word stands three times: the paragraph that the citation names decides."""
    desk.save("statement", "“The work was useful,”", words="useful")
    citation = Citation.objects.get()
    citation.passage = "useful"
    citation.save()
    blocks = desk.client.get(desk.address).context["blocks"]
    at = [p.start for b in blocks for line in b.lines for p in line.pieces if p.is_used]
    assert at == [TEXT.rindex("useful")]


def test_a_quotation_with_a_cut_is_marked_in_its_parts(desk: Desk) -> None:
    factories.CitationFactory(
        source=desk.source,
        statement=factories.StatementFactory(status="draft"),
        passage="Lavrov said […] ambassadors would be appointed",
        where="under “First steps”, 1st paragraph",
    )
    assert used(desk) == ["Lavrov said", "ambassadors would be appointed"]


def test_what_no_record_covers_is_counted(desk: Desk) -> None:
    page = desk.client.get(desk.address)
    assert "9 of 9</strong> sentences have no record" in page.content.decode()
    desk.save("statement", "“We need joint projects,”")
    page = desk.client.get(desk.address)
    assert "8 of 9</strong> sentences have no record" in page.content.decode()


def test_each_mark_leads_to_its_record(desk: Desk) -> None:
    desk.save("statement", "“We need joint projects,”")
    statement = Statement.objects.get()
    html = desk.client.get(desk.address).content.decode()
    assert f'href="#statement-{statement.pk}"' in html
    assert f'id="statement-{statement.pk}"' in html
    assert f"/admin/negotiations/statement/{statement.pk}/change/" in html


def test_htmx_gets_the_form_alone_and_both_panes_after_saving(desk: Desk) -> None:
    headers = {"HX-Request": "true", "HX-Target": "form"}
    span = desk.span("“We need joint projects,”")
    form = desk.client.get(desk.address, {"kind": "statement", **span}, headers=headers)
    assert form.content.decode().strip().startswith("<form")
    saved = desk.save("statement", "“We need joint projects,”", htmx=True)
    assert saved.headers["HX-Retarget"] == "#panes"
    assert 'hx-swap-oob="innerHTML:#told"' in saved.content.decode()
    refused = desk.save("statement", "“useful,”", htmx=True, words="no such words")
    assert refused.status_code == 422
    assert "HX-Retarget" not in refused.headers


def test_without_scripts_the_passage_is_typed_in(desk: Desk) -> None:
    page = desk.client.get(desk.address, {"kind": "statement", "passage": "“one phone call”"})
    assert page.context["form"]["words"].value() == "one phone call"


# --- Who may come in, and what the public sees ---


def test_the_desk_is_for_those_who_edit(desk: Desk) -> None:
    for address in (desk.address, "/admin/draft/"):
        assert Client().get(address).status_code == 302
        nobody = Client()
        nobody.force_login(factories.UserFactory())
        assert nobody.get(address).status_code == 403
    assert nobody.post(desk.address, {"kind": "meeting"}).status_code == 403
    assert nobody.post(f"{desk.address}suggestions/").status_code == 403
    assert nobody.post(f"{desk.address}review/").status_code == 403


def test_a_form_that_meets_a_log_out_is_not_replaced_by_the_login(desk: Desk) -> None:
    data = {**desk.filled(desk.open("statement", "“useful,”")), "words": "typed"}
    desk.client.logout()
    htmx = {"HX-Request": "true", "HX-Target": "form"}
    assert desk.client.post(desk.address, data, headers=htmx).status_code == 401
    assert desk.client.post(desk.address, data).status_code == 302


def test_nothing_that_is_drafted_is_public(desk: Desk) -> None:
    Source.objects.update(status="published")
    desk.save("statement", "“We need joint projects,”", topics="Projects")
    public = Client()
    for address in ("/statements/", "/search/?q=projects", desk.source.get_absolute_url()):
        assert "We need joint projects" not in public.get(address).content.decode()
    assert public.get(Statement.objects.get().get_absolute_url()).status_code == 404
    assert public.get("/topics/projects/").status_code == 404


def test_all_is_sent_to_review_in_one_act(desk: Desk) -> None:
    desk.save("person", "He left early.", name="Tammy Bruce", office="Spokesperson", party="US")
    desk.save("statement", "“one phone call”", speaker="Tammy Bruce", topics="Calls")
    desk.save("action", "ambassadors would be appointed", action_title="Name them", said="Soon.")
    desk.client.post(f"{desk.address}review/")
    made = [desk.source, *Statement.objects.all(), Person.objects.get(name="Tammy Bruce")]
    made += [*Statement.objects.get(words="one phone call").topics.all()]
    for record in made:
        record.refresh_from_db()
        assert record.status == "in_review", record
    assert Meeting.objects.get().status == "published"


def test_the_page_asks_the_same_of_the_database_however_much_is_drafted(desk: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.client.get(desk.address).status_code == 200
        return len(asked)

    shows = {"topics": "A", "question": "Is it?", "stance": "supports"}
    desk.save("statement", "“We need joint projects,”", **shows)
    desk.save("action", "ambassadors would be appointed", action_title="Name them", said="Soon.")
    queries()
    before = queries()
    for passage in ("“useful,”", "“one phone call”", "“The work was useful,”"):
        desk.save("statement", passage, **shows)
    desk.save("action", "He left early.", action_title="Leave", said="He left.")
    desk.save("open_matter", "Nobody spoke of Ukraine.", matter_title="Ukraine")
    assert queries() == before


def test_the_list_of_sources_grows_without_more_queries(desk: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.client.get("/admin/draft/").status_code == 200
        return len(asked)

    queries()
    before = queries()
    for _ in range(5):
        factories.SourceFactory(text="A text.")
    factories.SourceFactory(title="Without any text")
    assert queries() == before
    assert "Without any text" not in desk.client.get("/admin/draft/").content.decode()


# --- A text replaced while somebody drafts ---


def test_a_new_capture_meanwhile_is_said_and_nothing_typed_is_lost(desk: Desk) -> None:
    data = desk.filled(desk.open("statement", "“one phone call”")) | {"topics": "My new topic"}
    Source.objects.update(text=f"A line more.\n{TEXT}")
    response = desk.client.post(desk.address, data)
    assert "captured anew" in problems(response)["__all__"][0]
    html = response.content.decode()
    assert "My new topic" in html
    assert not Statement.objects.exists()
    # The form has moved to where the passage stands now, and can be saved.
    again = desk.client.post(desk.address, desk.filled(response.context["form"]))
    assert again.status_code == 302
    assert Statement.objects.get().citations.get().where == "under “First steps”, 2nd paragraph"


def test_a_passage_that_the_new_capture_lacks_is_refused_with_a_sentence(desk: Desk) -> None:
    data = desk.filled(desk.open("statement", "“one phone call”"))
    Source.objects.update(text="All is different now.")
    response = desk.client.post(desk.address, data)
    assert "do not occur" in problems(response)["passage"][0]
    assert "one phone call" in response.content.decode()


def test_an_old_page_that_opens_a_form_gets_the_new_text(desk: Desk) -> None:
    asked = {"kind": "statement", "start": 5, "end": 20, "sha256": "another"}
    response = desk.client.get(
        desk.address, asked, headers={"HX-Request": "true", "HX-Target": "form"}
    )
    assert response.headers["HX-Retarget"] == "#panes"
    assert "captured anew" in response.content.decode()


# --- Texts of every sort ---


def desk_of(text: str, **fields: Any) -> Desk:
    client = client_of("editor")
    source = factories.SourceFactory(text=text, status="draft", **fields)
    process = factories.ProcessFactory(parties=[factories.PartyFactory()])
    meeting = factories.MeetingFactory(process=process)
    Workplace.objects.create(editor=client.user, source=source, meeting=meeting)
    return Desk(client, source)


def shown(desk: Desk) -> str:
    """The captured text as the page shows it, without tags."""
    html = desk.client.get(desk.address).content.decode()
    captured = html.split('id="captured"')[1].split("</section>")[0]
    return re.sub(r"<[^>]*>", "", captured.split(">", 1)[1])


def test_hostile_text_is_shown_as_text() -> None:
    desk = desk_of("He said: “<script>alert(1)</script>” and </p><img src=x onerror=alert(2)>.")
    html = desk.client.get(desk.address).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_text_from_right_to_left_and_code_points_beyond_the_first_plane() -> None:
    text = "אמר השר: “שלום לכולם”. אחר כך הלך.\n🕊🕊 «Мы готовы», сказал он."
    desk = desk_of(text, language="he")
    form = desk.open("statement", "«Мы готовы»")
    assert form["words"].value() == "Мы готовы"
    assert 'dir="auto"' in desk.client.get(desk.address).content.decode()


def test_words_in_another_language_are_kept_beside_their_translation() -> None:
    desk = desk_of("«Мы готовы», сказал Лавров.", language="ru")
    party = Meeting.objects.get().process.parties.get().name
    desk.save("statement", "«Мы готовы»", translation="We are ready", party=party)
    statement = Statement.objects.get()
    assert (statement.words, statement.language) == ("We are ready", "en")
    assert (statement.original_words, statement.original_language) == ("Мы готовы", "ru")


def test_a_passage_over_paragraphs() -> None:
    desk = desk_of("“It began here,\nand it ended here,” they said.\nNothing more.")
    party = Meeting.objects.get().process.parties.get().name
    passage = "“It began here,\nand it ended here,”"
    desk.save("statement", passage, form="verbatim", words=passage[1:-2], party=party)
    assert Statement.objects.get().citations.get().where == "opening, 1st paragraph"
    assert "It began here," in used(desk)
    assert any("and it ended here" in each for each in used(desk))


def test_an_empty_text_says_what_to_do() -> None:
    desk = desk_of("")
    page = desk.client.get(desk.address)
    assert "No text was captured" in page.content.decode()
    assert desk.client.get(desk.address, {"kind": "statement", "end": 5}).status_code == 200


@pytest.mark.parametrize("start", ["-5", "x", "99999999999999999999", "7.5", "\u0663", ""])
def test_a_place_that_is_none_is_no_error(desk: Desk, start: str) -> None:
    asked = {"kind": "statement", "start": start, "end": start, "at": start}
    assert desk.client.get(desk.address, asked).status_code == 200
    assert desk.client.post(desk.address, asked).status_code == 422
    assert desk.client.get(desk.address, {"kind": "no such"}).status_code == 200


def test_a_long_text_is_shown_in_parts() -> None:
    line = "Somebody said that “this is a quotation,” and went on to say more of the same.\n"
    desk = desk_of(line * 2000)
    page = desk.client.get(desk.address)
    work = page.context["work"]
    assert len(work.reading.parts) == -(-len(line) * 2000 // PART) or len(work.reading.parts) > 5
    assert len(page.content) < 20 * PART
    last = desk.client.get(desk.address, {"at": len(line) * 1999})
    assert last.context["work"].part == len(work.reading.parts) - 1
    assert all(s.start > PART for s in last.context["work"].suggestions)
    # All of the text is on one of the pages, and nothing twice.
    spans = work.reading.parts
    assert spans[0][0] == 0
    assert [end for _, end in spans[:-1]] == [first for first, _ in spans[1:]]


def test_the_whole_text_stands_on_the_page(desk: Desk) -> None:
    words = re.sub(r"\d+(?=[“A-Z])", "", shown(desk).replace("&#x27;", "'"))
    assert "Delegations from both countries met." in words
    assert "Nobody spoke of Ukraine." in words
