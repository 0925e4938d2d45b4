"""Every fact of the report on the Riyadh talks is a public record, and no sentence was copied."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import transaction

from negotiations.editing.sample import load_riyadh
from negotiations.insight.corroboration import with_verdict
from negotiations.models import (
    Account,
    Action,
    Appointment,
    Delegate,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Position,
    Process,
    Progress,
    Source,
    Statement,
    Topic,
    record_models,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT.parent / "shared" / "seed" / "riyadh-talks.txt"
DATA = ROOT / "negotiations" / "sample" / "riyadh.toml"

has_report = pytest.mark.skipif(not REPORT.exists(), reason="the report is kept beside the project")


@pytest.fixture(scope="module", autouse=True)
def _riyadh(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once for all facts, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_riyadh()
        yield
        transaction.set_rollback(True)


def said(words: str, who: str, form: str = "paraphrase", party: str = "") -> bool:
    """Is there one public, cited statement with these words, by this person or body?"""
    found = Statement.published.filter(words__contains=words, form=form)
    found = found.filter(speaker__name=who) if who else found.filter(speaker=None)
    if party:
        found = found.filter(party__name=party)
    return found.count() == 1 and found.get().citations.filter(source__publisher="RT").exists()


def sat(name: str, party: str, title: str) -> bool:
    return Delegate.published.filter(
        meeting__slug="riyadh-2025-02-18",
        person__name=name,
        delegation__party__name=party,
        title__contains=title,
    ).exists()


def agreed(title: str, *accounts: tuple[str, str, str], due: str = "") -> bool:
    """Is it an action with exactly these accounts: (party, stance, speaker or empty)?"""
    action = Action.published.get(title__icontains=title)
    known = {
        (a.party.name, a.stance, a.statement.speaker.name if a.statement.speaker else "")
        for a in Account.published.filter(action=action)
    }
    return known == set(accounts) and action.due_words == due and action.due is None


RU, US, STATE = "Russia", "United States", "US Department of State"
LAVROV, USHAKOV, DMITRIEV = "Sergey Lavrov", "Yury Ushakov", "Kirill Dmitriev"
RUBIO, BRUCE = "Marco Rubio", "Tammy Bruce"

FACTS: dict[str, Any] = {
    "the source: publisher, republisher, author; its date is not told": lambda: (
        Source.published.filter(
            publisher="RT",
            republisher="TROIB News",
            author="Sophie Wagner",
            date_from=None,
            text="",
        ).exists()
    ),
    "both countries took steps towards normal relations": lambda: Process.published.filter(
        parties__name=RU, summary__contains="normal relations"
    ).exists(),
    "met on Tuesday, 18 February 2025": lambda: str(riyadh().date) == "18 February 2025",
    "met in Riyadh, Saudi Arabia": lambda: riyadh().place == "Riyadh, Saudi Arabia",
    "nearly 4.5 hours": lambda: riyadh().get_duration_display() == "about 4½ hours",
    "spoke of diplomatic ties, peace talks and a summit": lambda: all(
        word in riyadh().summary for word in ("diplomatic", "peace talks", "summit")
    ),
    "Lavrov sat for Russia": lambda: sat(LAVROV, RU, "Foreign Minister"),
    "Ushakov sat for Russia": lambda: sat(USHAKOV, RU, "residential aide"),
    "Dmitriev sat for Russia": lambda: sat(
        DMITRIEV, RU, "CEO of the Russian Direct Investment Fund"
    ),
    "Rubio sat for the US": lambda: sat(RUBIO, US, "Secretary of State"),
    "Waltz sat for the US": lambda: sat("Mike Waltz", US, "National Security Adviser"),
    "Witkoff sat for the US": lambda: sat("Steve Witkoff", US, "Special envoy, Ambassador"),
    "six delegates, no more": lambda: Delegate.published.count() == 6,
    "Putin is President of Russia": lambda: office("Vladimir Putin", "President"),
    "Trump is his counterpart": lambda: office("Donald Trump", "President"),
    "Bruce speaks for the State Department": lambda: office(BRUCE, "Spokesperson"),
    "the fund is part of Russia": lambda: Party.published.filter(
        name="Russian Direct Investment Fund", part_of__name=RU
    ).exists(),
    "Lavrov: useful": lambda: said("useful", LAVROV, "verbatim"),
    "Lavrov: both want contact": lambda: said("in touch again", LAVROV),
    "Lavrov: quite successfully": lambda: said("quite successfully", LAVROV, "verbatim"),
    "Lavrov: fruitful": lambda: said("bore fruit", LAVROV),
    "Lavrov: missions, expulsions under Biden, gaps": lambda: said(
        "diplomats were expelled", LAVROV
    ),
    "Lavrov: ambassadors": lambda: said("name an ambassador", LAVROV),
    "artificial barriers": lambda: said("artificial barriers", LAVROV, "verbatim"),
    "deputy heads to meet": lambda: said("Deputy heads", LAVROV),
    "Lavrov: listened and heard": lambda: said(
        "not only listened, but also heard each other", LAVROV, "verbatim"
    ),
    "Lavrov: the US understands better": lambda: said("more clearly", LAVROV),
    "Lavrov: interests still conflict": lambda: said("still conflict", LAVROV),
    "Lavrov: geopolitics and economy": lambda: said("geopolitical subjects", LAVROV),
    "Lavrov: determination to move forward": lambda: said(
        "determination […] move forward", LAVROV, "verbatim"
    ),
    "Russia: NATO membership a threat": lambda: said("directly threaten", "", party=RU),
    "Lavrov: NATO troops unacceptable, after the press conference": lambda: (
        said("soldiers of NATO countries", LAVROV)
        and Statement.published.get(words__contains="soldiers of NATO").occasion_note
        == "after the press conference"
    ),
    "Lavrov thanks Trump": lambda: said("thanks President Trump", LAVROV),
    "Ushakov: serious talks": lambda: said("spoke seriously", USHAKOV),
    "Ushakov: unclear whether positions converge": lambda: said("come closer", USHAKOV),
    "Ushakov: interests": lambda: said(
        "take each other’s interests into account", USHAKOV, "verbatim"
    ),
    "Ushakov: both outlined positions": lambda: said("set out where they stand", USHAKOV),
    "Ushakov: teams, in due course": lambda: said(
        "teams of negotiators […] in due course", USHAKOV, "verbatim"
    ),
    "Ushakov: appoint representatives": lambda: said("we will appoint ours", USHAKOV, "verbatim"),
    "Dmitriev: with respect": lambda: said("with respect", DMITRIEV, "verbatim"),
    "Dmitriev: equals, two or three months": lambda: said("two or three months", DMITRIEV),
    "Dmitriev: compromises premature, foundations, cooperation": lambda: said(
        "groundwork", DMITRIEV
    ),
    "Dmitriev: joint projects, the Arctic": lambda: said("the Arctic", DMITRIEV, "verbatim"),
    "Ushakov: no date for the summit": lambda: said("hard to name a day", USHAKOV),
    "Ushakov: unlikely next week": lambda: said("unlikely", USHAKOV, "verbatim"),
    "State Department: consultation mechanism": lambda: said(
        "consultation mechanism", "", "verbatim", STATE
    ),
    "State Department: what it is for": lambda: said("missions of both", "", party=STATE),
    "Rubio: staff numbers": lambda: said("Moscow and Washington", RUBIO),
    "Rubio: cooperation after the conflict": lambda: said("Once the conflict", RUBIO),
    "Washington: high-level teams": lambda: said("high-level teams", "", party=US),
    "Bruce: one call, one meeting": lambda: said(
        "one phone call followed by one meeting", BRUCE, "verbatim", STATE
    ),
    "Bruce: important step": lambda: said("important step forward", BRUCE, "verbatim", STATE),
    "Bruce: more is needed": lambda: said("not enough for a lasting peace", BRUCE),
    "agreed: missions, by both accounts": lambda: agreed(
        "diplomatic missions", (RU, "announced", LAVROV), (STATE, "confirmed", "")
    ),
    "agreed: ambassadors, by Russia's account": lambda: agreed(
        "ambassadors", (RU, "announced", LAVROV), due="swiftly"
    ),
    "agreed: deputy heads, by Russia's account": lambda: agreed(
        "deputy heads", (RU, "announced", LAVROV), due="soon"
    ),
    "agreed: interests, by Russia's account": lambda: agreed(
        "interests into account", (RU, "announced", USHAKOV)
    ),
    "agreed: mechanism, by the State Department's account": lambda: agreed(
        "consultation mechanism", (STATE, "announced", "")
    ),
    "agreed: staff, confirmed by Rubio": lambda: agreed("former number", (US, "confirmed", RUBIO)),
    "agreed: cooperation after the conflict": lambda: agreed(
        "geopolitical and economic",
        (US, "announced", RUBIO),
        (RU, "qualified", LAVROV),
        due="after the conflict",
    ),
    "agreed: teams, announced by Washington": lambda: agreed(
        "high-level teams",
        (US, "announced", ""),
        (RU, "qualified", USHAKOV),
        due="as swiftly as possible",
    ),
    "eight actions, no more": lambda: Action.published.count() == 8,
    "open: confiscated property": lambda: still_open("property confiscated"),
    "open: bank restrictions": lambda: still_open("bank transactions"),
    "open: whether positions converge": lambda: still_open("positions converge"),
    "position: against membership": lambda: stands("Ukraine join NATO", "opposes"),
    "position: against troops": lambda: stands("NATO troops", "opposes"),
    "position: convergence undecided": lambda: stands("converged", "undecided"),
    "position: summit undecided": lambda: stands("summit", "undecided"),
    "to come: deputy heads, no date": lambda: foreseen("deputy heads", "soon"),
    "to come: negotiating teams, no date": lambda: foreseen("negotiating teams", "in due course"),
    "to come: the summit, no date": lambda: foreseen(
        "Summit of Vladimir Putin", "unlikely next week"
    ),
    "a topic for each of the nine headings": lambda: Topic.published.count() == 10,
    "nothing is reported done": lambda: Progress.published.count() == 0,
}


def riyadh() -> Meeting:
    return Meeting.published.get(slug="riyadh-2025-02-18")


def office(name: str, title: str) -> bool:
    found = Appointment.published.get(person__name=name, office=title)
    return str(found.attested) == "18 February 2025" and found.start is None and found.end is None


def still_open(title: str) -> bool:
    return OpenMatter.published.filter(title__contains=title, statement__isnull=False).exists()


def stands(question: str, stance: str) -> bool:
    return Position.published.filter(
        question__text__contains=question, stance=stance, party__name=RU
    ).exists()


def foreseen(title: str, timing: str) -> bool:
    meeting = Meeting.published.get(title__icontains=title, follows=riyadh())
    return meeting.state == "planned" and meeting.date is None and meeting.timing == timing


@pytest.mark.parametrize("fact", FACTS)
def test_the_fact_has_its_record(fact: str) -> None:
    assert FACTS[fact]()


def test_who_corroborates_what_is_shown_truthfully() -> None:
    verdicts = {a.title: a.verdict for a in with_verdict(Action.published.all())}
    expected = {
        "diplomatic missions": "confirmed",
        "Appoint ambassadors": "one_side",
        "deputy heads": "one_side",
        "interests into account": "one_side",
        "consultation mechanism": "one_side",
        "former number": "one_side",
        "geopolitical": "partly",
        "high-level teams": "partly",
    }
    found = {part: next(v for title, v in verdicts.items() if part in title) for part in expected}
    assert found == expected


def test_loading_twice_doubles_nothing() -> None:
    before = {model: model.objects.count() for model in record_models()}
    call_command("load_sample", verbosity=0)
    assert {model: model.objects.count() for model in record_models()} == before


def test_an_editors_corrections_survive_a_second_load() -> None:
    Statement.objects.filter(words="useful").update(words="very useful")
    Person.objects.filter(slug="mike-waltz").update(slug="michael-waltz", name="Michael Waltz")
    Meeting.objects.filter(slug="putin-trump-summit").update(timing="later")
    assert load_riyadh() == 0
    assert Statement.objects.filter(words="useful").count() == 0
    assert Person.objects.filter(name="Mike Waltz").count() == 0
    assert Meeting.objects.get(slug="putin-trump-summit").timing == "later"


def test_all_of_it_is_published() -> None:
    assert {
        model.__name__
        for model in record_models()
        if model.objects.exclude(status="published").exists()
    } == set()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("’", "'"))


@has_report
def test_no_sentence_of_the_reporter_was_copied() -> None:
    outside_quotes = re.sub(r"“[^”]*”", " | ", REPORT.read_text("utf-8").split("\n", 1)[1])
    runs = set()
    for piece in re.split(r"\||\n", outside_quotes):
        words = _words(piece)
        runs |= {" ".join(words[i : i + 8]) for i in range(len(words) - 7)}
    ours = " | ".join(
        " ".join(_words(text)) for text in _strings(tomllib.loads(DATA.read_text("utf-8")))
    )
    assert sorted(run for run in runs if f" {run} " in f" {ours} ") == []


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _strings(each)


@has_report
def test_what_is_called_verbatim_stands_between_quotation_marks_in_the_report() -> None:
    quoted = re.findall(r"“([^”]*)”", REPORT.read_text("utf-8"))
    quotes = [
        each["words"]
        for each in tomllib.loads(DATA.read_text("utf-8"))["statement"]
        if each.get("quote")
    ]
    parts = [part for words in quotes for part in re.split(r"\s*\[…\]\s*", words)]
    assert [part for part in parts if not any(part in quote for quote in quoted)] == []
    assert len(parts) >= len(quoted) - 1
