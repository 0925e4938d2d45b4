"""Changes as a follower reads them: who said or did what, by which source, and where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db.models import Prefetch

from negotiations.insight.corrections import told
from negotiations.languages import gettext, here, pgettext
from negotiations.models import (
    Account,
    Action,
    Appointment,
    Citation,
    Delegate,
    Delegation,
    Meeting,
    OpenMatter,
    Position,
    Progress,
    Statement,
    Withdrawal,
)
from negotiations.models.corrections import Correction

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from negotiations.insight.corrections import Line
    from negotiations.models import Record
    from negotiations.models.differences import Difference

What = Correction.What
# What text may hold in the database, but neither in XML (1.0, 2.2) nor in a calendar (RFC 5545, 3.1).
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
SHORT = 90  # characters of what was said in a title


class Cited(NamedTuple):
    """A source and where in it something stands."""

    name: str
    url: str


def printable(text: str) -> str:
    """The text without what no feed or calendar can hold."""
    return CONTROLS.sub("", text)


@dataclass
class Detail:
    """What a record says. `by` is whose words or account it is, `words` what they said."""

    title: str
    by: str = ""
    words: str = ""
    language: str = "en"
    who: str = ""
    facts: list[str] = field(default_factory=list)
    sources: list[Cited] = field(default_factory=list)


@dataclass
class News:
    """One change to one record. Of what is not public any more, only that it was withdrawn."""

    id: int
    at: dt.datetime
    what: str
    kind: str
    title: str
    url: str
    detail: Detail
    differences: list[Difference] = field(default_factory=list)
    reason: str = ""


def news(rows: list[Any]) -> list[News]:
    """The news that rows of changes are (`reach.changes_of`); as many queries however many they are."""
    lines = told(rows)
    details = _details(lines)
    whys = _whys(rows)
    made = []
    for row, line in zip(rows, lines, strict=True):
        at, pk, what, kind, number = row[:5]
        reason = row[8] or ""
        url = line.url
        if what == What.WITHDRAWN:
            title = gettext("Withdrawn: {kind} {number}").format(kind=line.kind, number=number)
            detail = Detail(title)
            reason = whys.get((kind, number), reason)
            url = f"{here()}/changes/?record={line.key}&what=withdrawn"
        elif not line.record:
            continue
        else:
            detail = details.get(line.key) or Detail(line.record)
            title = detail.title
            if what == What.CORRECTED:
                title = gettext("Corrected: {title}").format(title=title)
        made.append(News(pk, at, what, kind, title, url, detail, line.differences, reason))
    return made


def _whys(rows: list[Any]) -> dict[tuple[str, int], str]:
    """Why records were withdrawn, as their addresses tell."""
    gone = defaultdict(list)
    for _at, _pk, what, kind, number, *_ in rows:
        if what == What.WITHDRAWN:
            gone[kind].append(number)
    found = Withdrawal.objects.none()
    for kind, numbers in gone.items():
        found |= Withdrawal.objects.filter(kind=kind, record_id__in=numbers, ended_at=None)
    return {(each.kind, each.record_id): each.why for each in found} if gone else {}


def _details(lines: list[Line]) -> dict[str, Detail]:
    wanted = defaultdict(set)
    for line in lines:
        if line.record:
            wanted[line.key.split("-")[0]].add(line.number)
    made = {}
    for kind, numbers in wanted.items():
        if kind in TOLD:
            model: type[Record] = apps.get_model("negotiations", kind)
            prepare, tell = TOLD[kind]
            for record in prepare(model.published.filter(pk__in=numbers)):
                made[f"{kind}-{record.pk}"] = tell(record)
    return made


# --- By kind ---

CITATIONS = Citation.objects.select_related("source")


def _with(*related: str, cited: tuple[str, ...] = ()) -> Any:
    prefetched = [Prefetch(name, CITATIONS) for name in cited]

    def prepare(records: QuerySet) -> QuerySet:
        return records.select_related(*related).prefetch_related(*prefetched)

    return prepare


def _sources(record: Any) -> list[Cited]:
    made = []
    for citation in record.citations.all():
        source = citation.source
        name = f"{source.title}, {source.publisher}"
        where = f"{name}: {citation.where}" if citation.where else name
        made.append(Cited(where, source.get_absolute_url()))
    return made


def _said(statement: Statement) -> dict[str, Any]:
    """Who said what: the parts of a detail that come from a statement."""
    who = str(statement.party)
    if statement.speaker:
        who = gettext("{speaker}, for {party}").format(speaker=statement.speaker, party=who)
    parts = [who, gettext("word for word") if statement.is_verbatim else gettext("in our words")]
    if statement.date:
        parts.append(str(statement.date))
    if statement.occasion != Statement.Occasion.NOT_STATED:
        parts.append(str(statement.get_occasion_display()))
    if statement.meeting:
        parts.append(str(statement.meeting))
    return {
        "by": str(statement.who),
        "words": f"“{statement.words}”" if statement.is_verbatim else statement.words,
        "language": statement.language,
        "who": gettext(", ").join(parts),
        "sources": _sources(statement),
    }


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rsplit(' ', 1)[0]}…"


def _statement(statement: Statement) -> Detail:
    said = _short(statement.words)
    said = f"“{said}”" if statement.is_verbatim else said
    return Detail(f"{statement.who}: {said}", **_said(statement))


def _position(position: Position) -> Detail:
    detail = Detail(
        f"{position.party}: {position.get_stance_display()} – {position.question}",
        **_said(position.statement),
    )
    detail.by = str(position.party)
    detail.facts = [position.summary] if position.summary else []
    return detail


def _account(account: Account) -> Detail:
    said = _said(account.statement) if account.statement else {"sources": []}
    title = pgettext("an account", "{party} {stance}: {action}").format(
        party=account.party, stance=account.get_stance_display(), action=account.action
    )
    detail = Detail(title, **said)
    detail.by = str(account.party)
    detail.facts = [account.note] if account.note else []
    detail.sources = [*detail.sources, *_sources(account)]
    return detail


def _action(action: Action) -> Detail:
    facts = [action.details] if action.details else []
    comma = gettext(", ")
    facts.append(f"{action.get_kind_display().capitalize()}{comma}{action.meeting}")
    owing = comma.join(map(str, action.owed_by.all()))
    facts.append(
        gettext("Owed by: {parties}").format(parties=owing)
        if owing
        else gettext("Owed by: not said")
    )
    facts.append(_due(action))
    accounts = [each for each in action.accounts.all() if each.is_public]
    facts.extend(f"{each.party}: {each.get_stance_display()}" for each in accounts)
    if not accounts:
        facts.append(gettext("No account of it is recorded yet."))
    sources = [*_sources(action)]
    for each in accounts:
        sources.extend(_sources(each.statement) if each.statement else _sources(each))
    title = gettext("Action: {title}").format(title=action)
    return Detail(title, facts=facts, sources=list(dict.fromkeys(sources)))


def _due(action: Action) -> str:
    if action.due and action.due_words:
        return gettext("Due: “{words}”, {date}").format(words=action.due_words, date=action.due)
    if action.due:
        return gettext("Due: {due}").format(due=action.due)
    if action.due_words:
        return gettext("Due: “{words}”, no date given").format(words=action.due_words)
    return gettext("Due: no date given")


def _progress(report: Progress) -> Detail:
    return Detail(
        f"{report.action}: {report.get_state_display()} ({report.date})",
        facts=[report.report] if report.report else [],
        sources=_sources(report),
    )


def _meeting(meeting: Meeting) -> Detail:
    when = str(meeting.date or meeting.timing or pgettext("a meeting", "no date given"))
    if meeting.ended:
        when = gettext("{first} to {last}").format(first=when, last=meeting.ended)
    comma = gettext(", ")
    facts = [comma.join(filter(None, (when, meeting.place)))]
    sides = comma.join(
        f"{each.party} ({each.get_role_display()})"
        for each in meeting.delegations.all()
        if each.is_public
    )
    facts += [text for text in (sides, meeting.summary) if text]
    title = gettext("Meeting {state}: {title}").format(
        state=meeting.get_state_display(), title=meeting
    )
    return Detail(title, facts=facts, sources=_sources(meeting))


def _open_matter(matter: OpenMatter) -> Detail:
    said = _said(matter.statement) if matter.statement else {"sources": []}
    detail = Detail(gettext("Left open: {title}").format(title=matter), **said)
    detail.facts = [matter.details] if matter.details else []
    if not matter.statement or matter.statement.meeting_id != matter.meeting_id:
        detail.facts.append(str(matter.meeting))
    detail.sources = [*detail.sources, *_sources(matter)]
    return detail


def _delegation(delegation: Delegation) -> Detail:
    role = delegation.get_role_display()
    return Detail(f"{delegation.party} ({role}): {delegation.meeting}")


def _delegate(delegate: Delegate) -> Detail:
    return Detail(
        gettext("{delegate}, for {party}: {meeting}").format(
            delegate=delegate,
            party=delegate.delegation.party,
            meeting=delegate.delegation.meeting,
        )
    )


def _appointment(appointment: Appointment) -> Detail:
    times = []
    if appointment.start:
        times.append(gettext("from {since}").format(since=appointment.start))
    if appointment.end:
        times.append(gettext("to {until}").format(until=appointment.end))
    if appointment.attested:
        times.append(gettext("known on {date}").format(date=appointment.attested))
    return Detail(
        f"{appointment.person}: {appointment.office}, {appointment.party}",
        facts=[gettext(", ").join(times)] if times else [],
        sources=_sources(appointment),
    )


STATEMENT = ("statement__speaker", "statement__party", "statement__meeting")
CITED = ("citations", "statement__citations")
# By kind: how its records are read, and what is told of one.
TOLD: dict[str, tuple[Any, Any]] = {
    "statement": (_with("speaker", "party", "meeting", cited=("citations",)), _statement),
    "position": (_with("party", "question", *STATEMENT, cited=CITED[1:]), _position),
    "account": (_with("party", "action", *STATEMENT, cited=CITED), _account),
    "progress": (_with("action", cited=("citations",)), _progress),
    "openmatter": (_with("meeting", *STATEMENT, cited=CITED), _open_matter),
    "delegation": (_with("party", "meeting"), _delegation),
    "delegate": (_with("person", "delegation__party", "delegation__meeting"), _delegate),
    "appointment": (_with("person", "party", cited=("citations",)), _appointment),
    "action": (
        lambda records: records.select_related("meeting").prefetch_related(
            "owed_by",
            "accounts__party",
            Prefetch("citations", CITATIONS),
            Prefetch("accounts__citations", CITATIONS),
            Prefetch("accounts__statement__citations", CITATIONS),
        ),
        _action,
    ),
    "meeting": (
        lambda records: records.prefetch_related(
            "delegations__party", Prefetch("citations", CITATIONS)
        ),
        _meeting,
    ),
}
