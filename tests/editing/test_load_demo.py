"""`manage.py load_demo`: what is in the demonstration, and that it comes and goes without a trace."""

from __future__ import annotations

from collections import Counter, defaultdict
from io import StringIO

import pytest
from django.core.management import call_command

from negotiations.editing.demonstration import loading
from negotiations.editing.demonstration.story import Story
from negotiations.insight.outcomes import Asked, summary
from negotiations.models import (
    Action,
    Correction,
    Delegate,
    Meeting,
    Party,
    Position,
    Process,
    Statement,
    record_models,
)
from tests import factories


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "Story", lambda: Story(meetings=12, statements=120))


def _run(**options: bool) -> str:
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def _numbers() -> Counter[str]:
    return Counter({str(m._meta.model_name): m._default_manager.count() for m in record_models()})


def test_it_is_large_and_the_same_each_time() -> None:
    story, again = Story(), Story()
    assert len(story.made[Meeting]) == 40
    assert len([p for p in story.made[Party] if not p.part_of]) == 12
    assert len(story.made[Statement]) == 3000
    assert [s.words for s in story.made[Statement]] == [s.words for s in again.made[Statement]]
    assert {s.original_language for s in story.made[Statement]} == {"", "ru", "ar"}
    assert {m.state for m in story.made[Meeting]} == {"held", "planned", "postponed", "cancelled"}
    dues = {(a.due.precision, a.due.about) for a in story.made[Action] if a.due}
    assert dues >= {(1, False), (2, False), (2, True), (3, False)}


def test_people_and_parties_change_their_minds() -> None:
    story = Story()
    sides, wants = defaultdict(set), defaultdict(list)
    for delegate in story.made[Delegate]:
        sides[delegate.person.slug].add(delegate.delegation.party.slug)
    for position in story.made[Position]:
        wants[position.party.slug, position.question.slug].append(position.stance)
    assert len([each for each in sides.values() if len(each) == 2]) >= 5
    assert len([each for each in wants.values() if len(set(each)) > 1]) >= 20


@pytest.mark.django_db
def test_it_is_loaded_once_and_the_rules_hold(small: None) -> None:
    real = factories.StatementFactory()
    before = _numbers()
    assert "records were added" in _run()
    loaded = _numbers()
    assert loaded["statement"] == before["statement"] + 120
    assert loaded["meeting"] == before["meeting"] + 12
    process = Process.objects.get(demonstration=True)
    for model in record_models():
        invented = model._default_manager.demonstrating(True)
        assert not invented.exclude(status="published").exists()
    exact = Statement.objects.demonstrating(True).filter(form="verbatim")
    assert exact.exists()
    assert not exact.filter(citations=None).exists()
    assert not exact.filter(citations__source__text="").exists()
    numbers = summary(Asked(process, demonstration=True))
    assert numbers.overdue > 3
    assert numbers.silent > 3
    for record in Statement.objects.demonstrating(True)[:10]:
        record.full_clean()
    assert _run() == "It was loaded before.\n"
    assert _numbers() == loaded
    assert not Statement.objects.get(pk=real.pk).is_demonstration


@pytest.mark.django_db
def test_it_is_taken_away_without_a_trace_among_the_corrections(small: None) -> None:
    factories.StatementFactory()
    before, told = _numbers(), Correction.objects.count()
    _run()
    assert "taken away" in _run(remove=True)
    assert (_numbers(), Correction.objects.count()) == (before, told)
    assert _run(remove=True) == "It is not loaded.\n"
    assert "records were added" in _run()
