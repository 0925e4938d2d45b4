"""Which words were found in their sources: the mark on the page, and the command for all."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string

from negotiations.models.quotations import verified
from tests import factories as make
from tests import riyadh

pytestmark = pytest.mark.django_db

REPORT = (
    "Headline\nThe minister spoke at length on Tuesday and said that both sides “not only "
    "listened, but also heard each other” during the four hours of discussions in the city, "
    "which he called useful.\nThe end."
)


def said(words: str, text: str = REPORT, status: str = "draft", **fields: Any) -> Any:
    source = make.SourceFactory(title="Report", text=text, **fields)
    statement = make.StatementFactory(form="verbatim", words=words, status=status)
    make.CitationFactory(statement=statement, source=source)
    return statement


def test_found_words_are_told_with_a_few_words_around() -> None:
    (found,) = verified(said("not only listened, but also heard each other"))
    (part,) = found.parts
    assert part.words == "not only listened, but also heard each other"
    assert part.before == "…spoke at length on Tuesday and said that both sides “"
    assert part.after == "” during the four hours of discussions in the city, which…"
    assert found.title == "Report"


def test_a_cut_quotation_has_its_parts() -> None:
    (found,) = verified(said("not only listened […] heard each other"))
    assert [part.words for part in found.parts] == ["not only listened", "heard each other"]


def test_context_ends_with_the_paragraph_and_the_text() -> None:
    (found,) = verified(said("The end"))
    assert (found.parts[0].before, found.parts[0].after) == ("", ".")
    (found,) = verified(said("Headline"))
    assert (found.parts[0].before, found.parts[0].after) == ("", "")


def test_words_that_are_not_there_are_told_as_not_found() -> None:
    (found,) = verified(said("never said"))
    assert not found.found


@pytest.mark.parametrize("fields", [{"text": ""}, {"language": "ru"}])
def test_a_source_that_can_t_tell_is_left_out(fields: dict[str, str]) -> None:
    assert verified(said("heard each other", **fields)) == []


def test_a_paraphrase_has_nothing_to_verify() -> None:
    assert verified(make.StatementFactory()) == []


def test_the_mark_costs_one_query(django_assert_num_queries: Any) -> None:
    statement = said("not only listened […] heard each other")
    for _ in range(3):
        make.CitationFactory(statement=statement, source=make.SourceFactory(text=REPORT))
    with django_assert_num_queries(1):
        html = render_to_string("components/verified.html", {"verified": verified(statement)})
    assert html.count("Words found in source") == 4


def test_the_mark_shows_a_few_words_and_runs_nothing() -> None:
    text = "<script>alert(1)</script> heard <b>each</b> other " + "on and on " * 200 + "Secret"
    statement = said("heard <b>each</b> other", text=text)
    html = render_to_string("components/verified.html", {"verified": verified(statement)})
    assert "<mark>heard &lt;b&gt;each&lt;/b&gt; other</mark>" in html
    assert "<script>" not in html
    assert "Secret" not in html
    assert len(html) < 1500


def test_a_source_cited_twice_is_told_once() -> None:
    statement = said("heard each other")
    make.CitationFactory(statement=statement, source=statement.citations.get().source)
    (found,) = verified(statement)
    assert len(found.parts) == 1


def verify() -> tuple[str, bool]:
    out = StringIO()
    try:
        call_command("verify_quotations", stdout=out)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


def test_the_command_passes_where_all_is_found() -> None:
    said("heard each other", status="published")
    said("heard each other", text="")
    told, well = verify()
    assert well
    assert "Checked 1 verbatim statements and 0 cited passages: 0 failed." in told
    assert "Not checked for want of a captured text: 1 statements and 0 passages" in told


def test_the_command_lists_what_fails_drafts_too() -> None:
    statement = said("never said")
    source = statement.citations.get().source
    meeting = make.MeetingFactory()
    with make.without_rules("negotiations_citation"):
        make.CitationFactory(meeting=meeting, source=source, passage="no such passage")
    told, well = verify()
    assert not well
    assert f"statement {statement.pk}: “never said”" in told
    assert f"source {source.pk}, “Report”: the words do not occur in the captured text" in told
    assert f"passage cited by meeting {meeting.pk}: “no such passage”" in told
    assert "2 failed" in told


def test_the_command_reads_the_sample() -> None:
    riyadh.load()
    told, well = verify()
    assert well, told
