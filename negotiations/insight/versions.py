"""The versions of a record: each state of it that was public, numbered, and none that never was.

A version is what the record itself said, what it was linked to and what it cited at the end of
a transaction that left it public. What was changed while it was taken back shows in the version that
was published in the end; what hangs on the record (accounts, positions, reports) has versions of
its own. What is not told to readers (a list's order, a party's mark) makes no version.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from negotiations.models import Citation, Record, Source, Status, Withdrawal
from negotiations.models.differences import Difference, Names, Told, told_fields
from negotiations.models.records import kept_link

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from django.db import models

NOT_TOLD = {"status", "slug", "text_sha256", "mark", "position", "sort_name"}


class Link(NamedTuple):
    """What a record of some kind is linked to, under the words of its field."""

    words: str
    target: type[Record]


class Cited(NamedTuple):
    """One citation of a version: which source, the passage, and where it stands."""

    source: int
    passage: str
    where: str


@dataclass(frozen=True)
class State:
    """What a record said, by field; what it was linked to; what it cited."""

    values: dict[str, Any]
    links: dict[Link, frozenset[int]]
    cited: tuple[Cited, ...]


@dataclass(frozen=True)
class Version:
    """One public state of a record, from when on it was public, and the withdrawals of it."""

    number: int
    since: dt.datetime
    state: State
    withdrawn: list[Withdrawal] = field(default_factory=list)


@cache
def shown_fields(model: type[Record]) -> tuple[Told, ...]:
    """What a version tells of the record itself."""
    return tuple(told for told in told_fields(model) if told.name not in NOT_TOLD)


def versions(record: Record) -> list[Version]:
    """All versions of a public record, the oldest first; a query for each kind of tie, and two.

    A record whose history does not reach back to a publication has one version: what it is now.
    """
    found: list[Version] = []
    for at, state in _states(record):
        if state and (not found or state != found[-1].state):
            found.append(Version(len(found) + 1, at, state))
    if not found:
        return [Version(1, record.updated_at, _now(record))]
    withdrawals = Withdrawal.objects.filter(
        kind=record._meta.model_name, record_id=record.pk
    ).order_by("written_at")
    for withdrawal in withdrawals:
        was = [version for version in found if version.since <= withdrawal.written_at]
        if was:
            was[-1].withdrawn.append(withdrawal)
    return found


def newest(record: Record) -> Version:
    """The version that is public now."""
    return versions(record)[-1]


# --- From the history ---


class _Event(NamedTuple):
    at: dt.datetime
    strand: Any  # None: the record itself; a Link; or Citation
    row: int
    said: Any  # None: the row is gone


def _states(record: Record) -> Iterator[tuple[dt.datetime, State | None]]:
    """The state at the end of each transaction that changed the record; None where not public.

    All rows of a transaction have the same moment.
    """
    events = sorted(_events(record), key=lambda event: event.at)
    own: Any = None
    ties: dict[Any, dict[int, Any]] = {link: {} for link, _ in _links(type(record))}
    ties[Citation] = {}
    for place, event in enumerate(events):
        if event.strand is None:
            own = event.said
        elif event.said is None:
            ties[event.strand].pop(event.row, None)
        else:
            ties[event.strand][event.row] = event.said
        is_last = place + 1 == len(events) or events[place + 1].at != event.at
        if is_last:
            is_public = own is not None and own.status == Status.PUBLISHED
            yield event.at, _state(record, own, ties) if is_public else None


def _events(record: Record) -> Iterator[_Event]:
    model = type(record)
    own = _history(model).filter(pgh_obj_id=record.pk)
    yield from _strand(None, own.defer("text") if model is Source else own, lambda event: event)
    for link, (through, near, far) in _links(model):
        events = _history(kept_link(through)).filter(**{near: record.pk})
        yield from _strand(link, events, lambda event, far=far: getattr(event, far))
    if column := model.cited_by_column():
        events = _history(Citation).filter(**{column: record.pk})
        yield from _strand(Citation, events, _cited)


def _history(model: Any) -> Any:
    return model.pgh_event_model.objects


def _strand(strand: Any, events: Any, said: Any) -> Iterator[_Event]:
    """The events of one table in their order: a transaction that began early may come late."""
    last: Any = None
    for event in events.order_by("pgh_id"):
        last = max(last, event.pgh_created_at) if last else event.pgh_created_at
        gone = event.pgh_label == "delete"
        yield _Event(last, strand, event.pgh_obj_id, None if gone else said(event))


@cache
def _links(
    model: type[Record],
) -> tuple[tuple[Link, tuple[type[models.Model], str, str]], ...]:
    """By what its versions tell of them: the many-to-manys of a kind, with both columns."""
    return tuple(
        (Link(link.words, link.target), (link.through, link.by, link.to)) for link in model.links()
    )


def _cited(citation: Any) -> Cited:
    return Cited(citation.source_id, citation.passage, citation.where)


def _state(record: Record, said: Any, ties: dict[Any, dict[int, Any]]) -> State:
    return State(
        {told.name: told.raw(said) for told in shown_fields(type(record))},
        {link: frozenset(ties[link].values()) for link, _ in _links(type(record))},
        tuple(each for _, each in sorted(ties[Citation].items())),
    )


def _now(record: Record) -> State:
    ties: dict[Any, dict[int, Any]] = {Citation: {}}
    for link, (through, near, far) in _links(type(record)):
        rows = through._default_manager.filter(**{near: record.pk}).values_list("pk", far)
        ties[link] = dict(rows)
    if column := type(record).cited_by_column():
        citations = Citation.objects.filter(**{column: record.pk})
        ties[Citation] = {each.pk: _cited(each) for each in citations}
    return _state(record, record, ties)


# --- As words ---


@dataclass(frozen=True)
class Citing:
    """A citation as words; the source is None where it is not public now, and then nothing is told."""

    source: Any
    passage: str
    where: str


@dataclass(frozen=True)
class Telling:
    """What a version said, as words, and what is said otherwise in the newest."""

    facts: list[tuple[str, str]]
    citations: list[Citing]
    differences: list[Difference]


def telling(record: Record, version: Version, latest: Version) -> Telling:
    """A version in words. What it points at has the name that it has now, if it is public now."""
    names = Names(public=True)
    states = (version.state, latest.state)
    for told in shown_fields(type(record)):
        names.want(told, (state.values[told.name] for state in states))
    for state in states:
        for link, numbers in state.links.items():
            names.wanted[link.target].update(numbers)
        names.wanted[Source].update(each.source for each in state.cited)
    names.ask()
    then, now = (dict(_lines(type(record), state, names)) for state in states)
    differences = [
        Difference(label, then.get(label, ""), now.get(label, ""), is_text)
        for label, is_text in _labels(type(record))
        if then.get(label, "") != now.get(label, "")
    ]
    gone = Difference("citation", _list(version, latest, names), _list(latest, version, names))
    return Telling(
        [(label, words) for label, words in then.items() if words],
        [_citing(each, names) for each in version.state.cited],
        [*differences, *([gone] if gone.before or gone.after else [])],
    )


def _labels(model: type[Record]) -> Iterator[tuple[str, bool]]:
    yield from ((told.label, told.is_text) for told in shown_fields(model))
    yield from ((link.words, False) for link, _ in _links(model))


def _lines(model: type[Record], state: State, names: Names) -> Iterator[tuple[str, str]]:
    for told in shown_fields(model):
        yield told.label, told.words(state.values[told.name], names)
    for link, numbers in state.links.items():
        yield link.words, ", ".join(sorted(names.of(link.target, number) for number in numbers))


def _citing(cited: Cited, names: Names) -> Citing:
    if source := names.found.get((Source, cited.source)):
        return Citing(source, cited.passage, cited.where)
    return Citing(None, "", "")


def _list(version: Version, other: Version, names: Names) -> str:
    """The citations that this version has and the other has not, as text."""
    only: Iterable[Cited] = (each for each in version.state.cited if each not in other.state.cited)
    told = (_citing(each, names) for each in only)
    return "\n".join(
        ", ".join(
            filter(None, [str(each.source), each.where, each.passage and f"“{each.passage}”"])
        )
        if each.source
        else names.of(Source, 0)
        for each in told
    )
