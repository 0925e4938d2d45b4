"""What a meeting's records lack: what keeps them from being published, and what would be good to have."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import connection

from negotiations.editing.whole import Whole, form_address
from negotiations.models import (
    Account,
    Action,
    Appointment,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Party,
    Person,
    Position,
    Progress,
    Question,
    ReviewNote,
    Source,
    Statement,
    StatementTopic,
    Status,
)
from negotiations.models.authorship import authorship, is_own
from negotiations.models.visibility import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Line(NamedTuple):
    """One record, what is said of it, and the form that mends it."""

    record: Any
    said: str
    address: str


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, and where; `blocks` says that it keeps records from the public."""

    what: str
    lines: list[Line]
    blocks: bool


def gaps(whole: Whole, user: Any) -> list[Gap]:
    """What is missing, what blocks first; `user` is the reviewer whose own records are told."""
    found = [Gap(what, lines, True) for what, lines in _blocking(whole, user)]
    found += [Gap(what, lines, False) for what, lines in _good_to_have(whole)]
    return [gap for gap in found if gap.lines]


def _lines(records: Iterable[Any], said: str = "") -> list[Line]:
    return [Line(each, said, form_address(each)) for each in records]


# --- What blocks ---


def _blocking(whole: Whole, user: Any) -> Iterator[tuple[str, list[Line]]]:
    waiting = whole.waiting
    cited = {(name, getattr(c, f"{name}_id")) for c in whole.citations for name in c.CITING}
    verbatim = [each for each in waiting if isinstance(each, Statement) and each.is_verbatim]
    yield (
        "Verbatim without a citation",
        _lines(each for each in verbatim if ("statement", each.pk) not in cited),
    )
    problems = _quotation_problems([s for s in verbatim if ("statement", s.pk) in cited])
    yield (
        "Quoted words that their source does not have",
        [
            Line(each, problems[each.pk], form_address(each))
            for each in verbatim
            if each.pk in problems
        ],
    )
    names = {Account: "account", Progress: "progress", OpenMatter: "open_matter"}
    yield (
        "Accounts, progress reports and open matters that say nowhere where they are documented",
        _lines(
            each
            for each in waiting
            if (name := names.get(type(each)))
            and not getattr(each, "statement_id", None)
            and (name, each.pk) not in cited
        ),
    )
    yield "Reviewers’ notes that are open", _open_notes(waiting)
    gone = {(type(each), each.pk) for each in whole if each.status == Status.WITHDRAWN}
    yield (
        "Hangs on what was withdrawn",
        [
            Line(each, f"{field.verbose_name} “{getattr(each, field.name)}”", form_address(each))
            for each in waiting
            for field in each.hangs_on()
            if (field.related_model, getattr(each, field.attname)) in gone
        ],
    )
    yield "Yours: another reviewer publishes what you made or changed last", _own(waiting, user)


def _quotation_problems(statements: list[Any]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pk, readout_quotation_problem(pk) FROM unnest(%s::bigint[]) AS pk",
            [[each.pk for each in statements]],
        )
        return {pk: problem for pk, problem in cursor.fetchall() if problem}


def _open_notes(records: list[Any]) -> list[Line]:
    notes: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for note in ReviewNote.objects.about_these(records).filter(resolved_at=None):
        notes[note.kind, note.record_id].append(note.text)
    return [
        Line(each, text, form_address(each))
        for each in records
        for text in notes[kind_of(each), each.pk]
    ]


def _own(records: list[Any], user: Any) -> list[Line]:
    if not settings.FOUR_EYES:
        return []
    by_kind: defaultdict[Any, list[Any]] = defaultdict(list)
    for each in records:
        by_kind[type(each)].append(each)
    own = []
    for model, some in by_kind.items():
        known = authorship(model, [each.pk for each in some])
        own += [each for each in some if is_own(known.get(each.pk), user)]
    return _lines(own)


# --- What would be good to have ---


def _good_to_have(whole: Whole) -> Iterator[tuple[str, list[Line]]]:
    meeting = whole.records[Meeting].get(whole.meeting.pk, whole.meeting)
    yield "Meeting without a date", _lines([meeting] if not meeting.date else [])
    yield "Meeting without a place", _lines([meeting] if not meeting.place else [])
    delegates = [each for each in whole.of(Delegate) if not each.title]
    yield "Delegates without a title", _lines(delegates)
    yield "Parties that speak here but have no delegation", _not_at_the_table(whole)
    spoken = {each.action_id for each in whole.of(Account)}
    yield (
        "Actions without an account",
        _lines(each for each in whole.of(Action) if each.pk not in spoken),
    )
    statements = whole.records[Statement]
    links = StatementTopic.objects.filter(statement__in=statements)
    about = set(links.values_list("statement", flat=True))
    yield (
        "Statements without a topic",
        _lines(each for pk, each in statements.items() if pk not in about),
    )
    answered = {each.question_id for each in whole.of(Position)}
    answered.update(
        Position.objects.filter(question__in=whole.records[Question]).values_list(
            "question", flat=True
        )
    )
    yield (
        "Questions without a position",
        _lines(each for each in whole.of(Question) if each.pk not in answered),
    )
    holding = {each.person_id for each in whole.of(Appointment)}
    yield (
        "People without an appointment",
        _lines(each for each in whole.of(Person) if each.pk not in holding),
    )
    yield "Citations whose source has no captured text", _not_captured(whole)


def _not_at_the_table(whole: Whole) -> list[Line]:
    parties = {each.pk: each for each in whole.of(Party)}
    seated = {each.party_id for each in whole.of(Delegation) if each.meeting_id == whole.meeting.pk}
    said_here = (each for each in whole.of(Statement) if each.meeting_id == whole.meeting.pk)
    speaking = {each.party_id for each in said_here}
    address = f"{form_address(whole.meeting)}#delegates-group"
    return [
        Line(parties[pk], "seat a delegate, or leave it: not all who speak sat there", address)
        for pk in sorted(speaking)
        if not _above(parties, pk) & seated
    ]


def _above(parties: dict[int, Any], pk: int | None) -> set[int]:
    found: set[int] = set()
    while pk and pk not in found:
        found.add(pk)
        pk = parties[pk].part_of_id
    return found


def _not_captured(whole: Whole) -> list[Line]:
    numbers: defaultdict[int, int] = defaultdict(int)
    for citation in whole.citations:
        numbers[citation.source_id] += 1
    return [
        Line(each, f"cited {numbers[pk]} time{'s' * (numbers[pk] != 1)}", form_address(each))
        for pk, each in whole.records[Source].items()
        if not each.captured
    ]
