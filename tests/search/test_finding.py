"""What is found, in which order, with which counts; and that no query breaks the search."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiations.models import Statement
from negotiations.search import cards, finding, spread, walking
from negotiations.search.asking import Ask, Refused
from negotiations.search.cards import START, STOP
from negotiations.search.entries import Dimension, Kind, entry_id, lexeme
from tests import factories

pytestmark = pytest.mark.django_db


def found(query: str, kind: Kind | None = None) -> finding.Found:
    return finding.find(Ask.from_address(QueryDict(query), kind))


def said(query: str) -> list[int]:
    """The statements found for the words, best first."""
    return [card.pk for card in found(urlencode({"q": query})).cards if card.kind == Kind.STATEMENT]


def facet(answer: finding.Found, name: str) -> dict[str, int]:
    return next(({v.value: v.count for v in f.values} for f in answer.facets if f.name == name), {})


# --- Words ---


@pytest.mark.parametrize(
    ("words", "language", "query"),
    [
        ("They negotiated for hours.", "en", "negotiating"),
        ("Il a parlé à Genève.", "fr", "geneve"),
        ("Il a parlé a Geneve.", "fr", "Genève"),
        ("Стороны договорились о встречах", "ru", "встреча"),
        ("Ещё одна встреча", "ru", "еще"),
        ("Sie sprachen über die Grenze", "de", "uber"),
        ("co\u00adop\u00aderation", "en", "cooperation"),
        ("a one\u2011sided account", "en", "one-sided"),
        ("the parties’ talks", "en", "parties' talks"),
        ("לדבר על שלום", "he", "שלום"),
        ("diplomatic missions", "en", "diplom*"),
        ("negotiations", "en", "negotiatio*"),
        ("to be or not to be", "en", '"to be or not"'),
    ],
)
def test_words_are_found_in_other_spellings_and_inflections(
    words: str, language: str, query: str
) -> None:
    statement = factories.StatementFactory(words=words, language=language)
    factories.StatementFactory(words="Something else altogether.")
    assert said(query) == [statement.pk]


def test_words_beside_typographic_marks_are_found_and_marked() -> None:
    words = "They spoke of “artificial barriers”—«мир»… and Ankara–Doha’s flights"
    statement = factories.StatementFactory(words=words)
    for query in ("barriers", '"artificial barriers"', "мир", "Doha", "Ankara", "flights"):
        (card,) = found(urlencode({"q": query})).cards
        assert card.pk == statement.pk, query
        assert START in card.snippet
        assert card.snippet.replace(START, "").replace(STOP, "") == words


def test_original_words_are_found_and_shown() -> None:
    statement = factories.StatementFactory(
        words="artificial barriers", original_words="искусственные барьеры", original_language="ru"
    )
    answer = found(urlencode({"q": "барьер"}))
    assert [card.pk for card in answer.cards] == [statement.pk]
    assert f"{START}барьеры{STOP}" in answer.cards[0].original_snippet


def test_phrase_not_or() -> None:
    one = factories.StatementFactory(words="artificial barriers must go")
    two = factories.StatementFactory(words="barriers that are artificial")
    assert said('"artificial barriers"') == [one.pk]
    assert said("artificial -must") == [two.pk]
    assert sorted(said("must OR are")) == sorted([one.pk, two.pk])
    assert sorted(said("-nothing")) == sorted([one.pk, two.pk])


def test_a_name_stands_for_what_its_bearer_said() -> None:
    lavrov = factories.PersonFactory(name="Sergey Lavrov", native_name="Сергей Лавров")
    his = factories.StatementFactory(speaker=lavrov, words="Peace.")
    about = factories.StatementFactory(words="Lavrov spoke.", date="2026")
    answer = found("q=lavrov")
    assert [(card.kind, card.pk) for card in answer.cards] == [
        (Kind.PERSON, lavrov.pk),
        (Kind.STATEMENT, his.pk),
        (Kind.STATEMENT, about.pk),
    ]
    assert said("Лавров peace") == [his.pk]


def test_renaming_changes_what_is_found() -> None:
    person = factories.PersonFactory(name="Old Name")
    statement = factories.StatementFactory(speaker=person)
    person.name = "Xenophon"
    person.save()
    assert said("xenophon") == [statement.pk]
    assert said("speaker:xenophon") == [statement.pk]
    assert found("q=old").count == 0


def test_titles_come_before_bodies_and_newer_before_older() -> None:
    old = factories.StatementFactory(words="The summit matters.", date="2024")
    new = factories.StatementFactory(words="A summit, a summit.", date="2025")
    newest = factories.StatementFactory(words="No summit.", date="2026")
    topic = factories.TopicFactory(name="Summit")
    factories.TopicFactory(name="Else", description="Not of a summit.")
    cards = found("q=summit").cards
    assert (cards[0].kind, cards[0].pk) == (Kind.TOPIC, topic.pk)
    ours = [card.pk for card in cards if card.kind == Kind.STATEMENT]
    assert ours == [newest.pk, new.pk, old.pk]


def test_words_close_together_come_first() -> None:
    far = factories.StatementFactory(words="peace " + "and so on " * 20 + "treaty", date="2026")
    near = factories.StatementFactory(words="a peace treaty", date="2020")
    assert said("peace treaty") == [near.pk, far.pk]


def test_misspelt_names_are_offered() -> None:
    factories.PersonFactory(name="Yury Ushakov", slug="yury-ushakov")
    page = Client().get("/search/?q=ushakof").content.decode()
    assert "Did you mean" in page
    assert "/search/?q=ushakov" in page


def test_where_nothing_holds_all_words_those_that_hold_some_are_shown() -> None:
    statement = factories.StatementFactory(words="NATO membership")
    answer = found("q=NATO+membership+wherefore")
    assert answer.relaxed
    assert [card.pk for card in answer.cards] == [statement.pk]


# --- Fields ---


@pytest.mark.parametrize(
    "query",
    [
        "speaker:lavrov",
        "speaker:sergey-lavrov",
        "party:us",
        'topic:"arms control"',
        "topic:arms",
        "form:paraphrase",
        "meeting:riyadh",
        "before:2025-03",
        "after:2024",
        "has:source",
        "publisher:agency",
        "process:normalisation",
        "-form:verbatim",
        "-before:2025",
        "status:pending OR has:source",
    ],
)
def test_fields(query: str) -> None:
    person = factories.PersonFactory(name="Sergey Lavrov", slug="sergey-lavrov")
    us = factories.PartyFactory(name="United States", short_name="US")
    body = factories.PartyFactory(name="A body", kind="body", part_of=us)
    process = factories.ProcessFactory(name="Normalisation")
    meeting = factories.MeetingFactory(title="Talks", place="Riyadh", process=process)
    arms = factories.TopicFactory(name="Arms control")
    nuclear = factories.TopicFactory(name="Nuclear", parent=arms)
    statement = factories.StatementFactory(speaker=person, party=body, meeting=meeting)
    statement.topics.add(nuclear)
    factories.CitationFactory(statement=statement, source__publisher="Agency")
    other = factories.StatementFactory(words="Other.", date="2024-06")
    Statement.objects.filter(pk=other.pk).update(status="draft")
    other.refresh_from_db()
    factories.CitationFactory(statement=other, source__publisher="Else")
    Statement.objects.filter(pk=other.pk).update(form="verbatim", status="published")
    hits = said(query)
    assert statement.pk in hits
    if query not in ("before:2025-03", "has:source", "status:pending OR has:source"):
        assert hits == [statement.pk]


def test_a_field_that_names_nobody_is_told_and_the_rest_searched() -> None:
    statement = factories.StatementFactory(words="Peace.")
    ask = Ask.from_address(QueryDict("q=peace+speaker:nobody+form:sung+before:2025-13-45"))
    assert [card.pk for card in finding.find(ask).cards] == [statement.pk]
    assert len(ask.problems) == 3


# --- Facets ---


def test_facets_count_right_and_a_chosen_one_shows_its_alternatives() -> None:
    russia, us = (factories.PartyFactory(name=n, slug=n.lower()) for n in ("Russia", "US"))
    fund = factories.PartyFactory(name="Fund", slug="fund", kind="body", part_of=russia)
    factories.StatementFactory.create_batch(3, party=russia)
    factories.StatementFactory.create_batch(2, party=us, date="2024")
    factories.StatementFactory(party=fund)
    answer = found("", Kind.STATEMENT)
    assert answer.count == 6
    assert facet(answer, "party") == {"russia": 4, "us": 2, "fund": 1}
    assert facet(answer, "year") == {"2025": 4, "2024": 2}
    chosen = found("party=us", Kind.STATEMENT)
    assert chosen.count == 2
    assert facet(chosen, "party") == {"russia": 4, "us": 2, "fund": 1}
    assert found("party=us&party=fund", Kind.STATEMENT).count == 3
    assert found("party=us&year=2025", Kind.STATEMENT).count == 0


def test_every_filter_of_the_address_survives_in_its_links() -> None:
    factories.PartyFactory(slug="russia")
    query = "q=peace&party=russia&form=verbatim&year=2024&year=2025&from=2020&sort=oldest"
    ask = Ask.from_address(QueryDict(query))
    assert parse_qs(ask.address()) == parse_qs(query)
    assert len(ask.chips()) == 5


def test_kinds_are_counted_whichever_is_shown() -> None:
    factories.StatementFactory(words="About peace.")
    factories.TopicFactory(name="Peace")
    for query in ("q=peace", "q=peace&in=topics"):
        assert found(query).kinds == {Kind.STATEMENT: 1, Kind.TOPIC: 1}


# --- How many there will be ---


@pytest.mark.parametrize(
    "query",
    [
        "'peac'",
        "('now')",
        "'soon' & 'now'",
        "'soon' | 'now'",
        "!'now'",
        "'never'",
        "'o''clock'",
        "('soon' | 'now') & !('never' | 'clock')",
        "!('soon' & !'now') | 'never' & 'now'",
        lexeme(Dimension.KIND, Kind.STATEMENT),
    ],
)
def test_matches_are_reckoned_as_the_planner_does(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        said = [word for n, word in enumerate(("now", "soon", "clock"), 2) if number % n == 0]
        factories.StatementFactory(words=" ".join(["Peace", *said]))
    asked = ("vector @@ %s::tsquery", [query])
    _analyze(monkeypatch)
    reckoned = spread.of_records().matching(query)
    monkeypatch.setattr(spread.Spread, "matching", lambda *_: None)
    assert walking.estimated(asked) == [pytest.approx(reckoned, abs=1)]


@pytest.mark.parametrize("query", ["'peac':*", "'peac' <-> 'now'", "'peac':B", "'o\\clock'"])
def test_what_is_more_than_lexemes_is_left_to_the_planner(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.StatementFactory.create_batch(9, words="Peace now.")
    _analyze(monkeypatch)
    assert spread.of_records().matching(query) is None
    assert walking.estimated(("vector @@ %s::tsquery", [query]))


# --- Pages ---


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
@pytest.mark.parametrize("way", ["all read", "newest walked", "newest years read"])
def test_all_pages_together_show_every_record_once(
    sort: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where not all are read at once, which small tables never make the planner expect."""
    made = {
        factories.StatementFactory(words="Peace now.", date=f"{2000 + n % 7}").pk for n in range(47)
    }
    if way != "all read":
        monkeypatch.setattr(finding, "EXACT", 5)
    if way == "newest years read":
        _read_newest_years(monkeypatch)
    query, seen = f"q=peace&sort={sort}", []
    for _ in range(8):
        answer = found(query)
        seen += [card.pk for card in answer.cards]
        query = answer.next
        if not query:
            break
    assert answer.next == ""
    if answer.exact or sort != "relevance":  # the rest follows by date, from the newest
        assert len(seen) == 47
    assert set(seen) == made


# As it was before each test takes its place.
READ_STATISTICS = spread._of_records.__wrapped__


def _analyze(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE negotiations_searchentry")
    monkeypatch.setattr(spread, "_of_records", READ_STATISTICS)


def _read_newest_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FARTHEST", 1)  # nothing would be met on so short a walk
    monkeypatch.setattr(finding, "WINDOW", 11)  # more than a page
    monkeypatch.setattr(finding, "RECENT", 12)
    _analyze(monkeypatch)


def test_of_many_the_newest_years_are_counted_and_titles_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for year in range(2001, 2011):
        factories.StatementFactory.create_batch(4, words="Peace.", date=str(year))
    topic = factories.TopicFactory(name="Peace")
    monkeypatch.setattr(finding, "EXACT", 5)
    _read_newest_years(monkeypatch)
    answer = found("q=peace")
    assert not answer.exact
    years = facet(answer, "year")
    assert "2001" not in years
    assert (years["2009"], years["2010"]) == (4, 4)
    assert answer.cards[0].pk == topic.pk


def test_where_the_newest_years_hold_few_older_ones_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    factories.StatementFactory.create_batch(12, words="Xenon.", date="2001")
    for year in range(2002, 2011):
        factories.StatementFactory.create_batch(4, words="Peace.", date=str(year))
    monkeypatch.setattr(finding, "EXACT", 5)
    _read_newest_years(monkeypatch)
    answer = found("q=xenon")
    assert (answer.count, answer.exact) == (12, True)
    assert facet(answer, "year") == {}


def test_pages_by_date_reach_what_lies_farther_than_is_to_be_expected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = factories.StatementFactory.create_batch(20, words="Xenon.", date="2001")
    factories.StatementFactory.create_batch(60, words="Peace.", date="2010")
    _analyze(monkeypatch)
    ask = Ask.from_address(QueryDict("q=xenon&sort=newest"))
    rows = walking.walk(ask, None, 2)
    following = walking.walk(ask, (rows[-1][1], rows[-1][0]), 50)
    entries = sorted((entry_id(Kind.STATEMENT, each.pk) for each in old), reverse=True)
    assert [pk for pk, _ in [*rows, *following]] == entries


def test_the_walk_finds_what_is_rare_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    statement = factories.StatementFactory(words="Xenon peace.")
    factories.StatementFactory.create_batch(5)
    monkeypatch.setattr(finding, "EXACT", -1)
    answer = found("q=xenon")
    assert (answer.count, answer.exact) == (1, True)
    assert [card.pk for card in answer.cards] == [statement.pk]


def test_a_walk_counts_facets_of_what_it_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.StatementFactory.create_batch(9, words="Peace.")
    monkeypatch.setattr(finding, "EXACT", -1)
    monkeypatch.setattr(finding, "WINDOW", 5)
    answer = found("q=peace")
    assert not answer.exact
    assert (answer.counted, facet(answer, "year")) == (5, {})
    assert len(answer.cards) == 5
    assert "sort=newest" in answer.next


# --- Whatever is asked ---


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(
                ["peace", "OR", "-", '"', "'", "\\", ":*", "&", "!", "(", "speaker:", "topic:x", "*",
                 "a*", "before:2025", "after:0", "has:source", "-has:date", "<->", "שלום", "'a':*"]
            ),
            max_size=40,
        ).map(" ".join),
    )
)  # fmt: skip
def test_no_query_breaks_the_search(text: str) -> None:
    try:
        answer = found(urlencode({"q": text.replace("\x00", "").encode("utf-8", "replace")}))
    except Refused:
        return
    assert answer.count >= len(answer.cards)


@pytest.mark.parametrize(
    "query",
    [
        "a " * 499,
        "OR " * 300,
        '"' * 999,
        "-" * 1000,
        "(((((",
        "\u202eabc",
        "\U0001f54a",
        "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        "𝔭𝔢𝔞𝔠𝔢",
        "x" * 1000,
        "before:9999-12-31 after:0001",
        "year:2025",
    ],
)
def test_hostile_queries_are_answered(client: Client, query: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code in (200, 400)


def test_what_takes_too_long_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "CARDS", "SELECT pg_sleep(10), %s, %s")
    factories.StatementFactory(words="Peace.")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
    response: Any = client.get("/search/?q=peace")
    assert response.status_code == 503
    assert "took too long" in response.content.decode()


# --- Suggestions ---


def test_suggestions(client: Client) -> None:
    factories.PersonFactory(name="Sergey Lavrov", slug="lavrov")
    factories.PersonFactory(name="Larissa Draft", status="draft")
    page = client.get("/search/suggest/?q=la").content.decode()
    assert 'role="option"' in page
    assert "/people/lavrov/" in page
    assert "Draft" not in page
    assert "/people/lavrov/" in client.get("/search/suggest/?q=lavrof").content.decode()
    for text in ("", "'", "a:* & !", "\\", "x" * 5000):
        assert client.get("/search/suggest/", {"q": text}).status_code == 200
