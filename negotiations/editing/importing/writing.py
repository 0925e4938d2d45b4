"""Makes drafts of rows: the same rules as admin's, in batches, all of them or none."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.text import slugify

from negotiations.editing.base import broken_rule
from negotiations.editing.importing.findings import Became, Finding
from negotiations.editing.importing.kinds import (
    KINDS,
    Column,
    Kind,
    citation_of,
    linked,
    seat_of,
)
from negotiations.editing.importing.references import References
from negotiations.models import Citation, Delegate, Delegation, ImportKey, Record

if TYPE_CHECKING:
    from negotiations.models import User

BATCH = 500
LONGEST_KEY = 200
PUBLISHED = (
    "This is published. Correct it at the desk, where the reason is kept with the correction."
)
DELETED = (
    "Its record was deleted after an earlier import. To make it again, give the row another key."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as a row gives it: its cells by column, and where the row stands."""

    row: int
    kind: str
    key: str
    values: dict[str, str]


@contextmanager
def importing(name: str, user: User | None, *, write: bool) -> Iterator[Callable[[], None]]:
    """One transaction for a whole import, with its reason in the history.

    Yields a function to call if nothing is to stay. A dry run is the real thing, taken back: it
    meets every rule that the writing will meet.
    """
    reason = {"note": f"Import of {name}"[:300], **({"user": user.pk} if user else {})}
    with transaction.atomic(), pghistory.context(**reason):

        def take_back() -> None:
            transaction.set_rollback(True)

        yield take_back
        if not write:
            take_back()


@dataclass(slots=True)
class _Draft:
    """A record on its way: what it was, and what of it the row touches."""

    entry: Entry
    record: Any
    before: dict[str, tuple[str, str]]  # column: (mark, words)
    known: ImportKey | None
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.record.pk is None


class Writer:
    """Takes entries in, writes them in batches, and tells what became of each.

    Use it inside of `importing`. Nothing is kept but the batch, and a few bytes for each row.
    """

    def __init__(self, tell: Callable[[Finding], None]) -> None:
        self._tell = tell
        self._waiting: dict[str, list[Entry]] = defaultdict(list)
        self._names: set[tuple[str, str]] = set()
        self._number = 0
        self._keys: dict[str, set[int]] = defaultdict(set)
        self._touched: dict[str, set[int]] = defaultdict(set)
        self._new: Counter[str] = Counter()
        self._look_at: dict[str, int] = defaultdict(lambda: BATCH)

    def add(self, entry: Entry) -> None:
        kind = KINDS[entry.kind]
        if sentence := self._key_problem(entry):
            self._tell_problem(entry, "key", sentence)
            return
        named = (
            each
            for name in kind.own_references
            for each in kind.columns[name].references(entry.values.get(name, ""))
        )
        if any(each in self._names for each in named):
            self.flush()
        self._waiting[entry.kind].append(entry)
        self._names |= {(entry.kind, entry.key), (entry.kind, entry.values.get("slug", ""))}
        self._number += 1
        if self._number >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits, what others hang on first."""
        waiting, self._waiting = self._waiting, defaultdict(list)
        self._names.clear()
        self._number = 0
        for name, kind in KINDS.items():
            if entries := waiting.get(name):
                self._write(kind, entries)

    # --- One batch ---

    def _key_problem(self, entry: Entry) -> str:
        if not entry.key:
            return "Every row has a key: any text that is this row’s alone."
        if len(entry.key) > LONGEST_KEY:
            return f"A key has {LONGEST_KEY} characters at most."
        number = int(_mark(entry.key, 8), 16)
        if number in self._keys[entry.kind]:
            return f"The key “{entry.key}” stands in an earlier row already."
        self._keys[entry.kind].add(number)
        return ""

    def _write(self, kind: Kind, entries: list[Entry]) -> None:
        drafts = [draft for draft in self._drafts(kind, entries) if not self._problems(draft)]
        new = [draft for draft in drafts if draft.is_new]
        old = [draft for draft in drafts if not draft.is_new]
        if kind.addressed:
            _give_addresses(kind, new)
        if kind.model is Delegate:
            _seat(drafts)
        self._save_new(kind, new)
        for draft in old:
            self._save_changed(kind, draft)
        for draft in drafts:
            # It points back at its record: a ring that memory would long keep.
            draft.record.__dict__.pop("_to_cite", None)

    def _problems(self, draft: _Draft) -> bool:
        for column, sentence in draft.problems:
            self._tell_problem(draft.entry, column, sentence)
        return bool(draft.problems)

    def _tell_problem(self, entry: Entry, column: str, sentence: str) -> None:
        self._tell(Finding(entry.row, entry.kind, entry.key, Became.PROBLEM, "", column, sentence))

    def _drafts(self, kind: Kind, entries: list[Entry]) -> Iterator[_Draft]:
        """The records of these rows with the rows' values, but for those that rest as they are."""
        keys = ImportKey.objects.filter(kind=kind.name, key__in=[each.key for each in entries])
        known = {each.key: each for each in keys}
        ids = {each.record_id for each in known.values()}
        alive = set(kind.model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
        moved = []
        for entry in entries:
            key = known.get(entry.key)
            if key and key.record_id not in alive:
                self._tell(
                    Finding(entry.row, kind.name, entry.key, Became.LEFT_OUT, sentence=DELETED)
                )
            elif key and not _moved(key, entry):
                self._tell(Finding(entry.row, kind.name, entry.key, Became.UNCHANGED))
            else:
                moved.append(entry)
        stored, by_slug = self._stored(kind, moved, known)
        references = References(
            each
            for entry in moved
            for name, text in entry.values.items()
            for each in kind.columns[name].references(text)
        )
        for entry in moved:
            key = known.get(entry.key)
            record = stored[key.record_id] if key else by_slug.get(entry.values.get("slug", ""))
            yield self._draft(kind, entry, key, record, references)

    def _stored(
        self, kind: Kind, entries: list[Entry], known: dict[str, ImportKey]
    ) -> tuple[dict[int, Record], dict[str, Record]]:
        ids = [known[each.key].record_id for each in entries if each.key in known]
        slugs = [
            slug for each in entries if each.key not in known and (slug := each.values.get("slug"))
        ]
        records = kind.records().prefetch_related(*kind.read_with)
        stored = {each.pk: each for each in records.filter(pk__in=ids)} if ids else {}
        found: Any = records.filter(slug__in=slugs) if slugs else ()
        return stored, {each.slug: each for each in found}

    def _draft(
        self,
        kind: Kind,
        entry: Entry,
        key: ImportKey | None,
        record: Record | None,
        references: References,
    ) -> _Draft:
        if record and record.pk in self._touched[kind.name]:
            draft = _Draft(entry, record, {}, key)
            draft.problems.append(("slug", "An earlier row is this record already."))
            return draft
        record = record or kind.model()
        before: dict[str, tuple[str, str]] = {}
        draft = _Draft(entry, record, before, key)
        for name, column in kind.columns.items():
            text = entry.values.get(name, "")
            if not self._is_touched(draft, name, text):
                if column.required and draft.is_new and not text:
                    draft.problems.append((name, "This is needed."))
                continue
            if record.pk:
                before[name] = column.mark(record), column.show(record)
            self._put(draft, column, text, references)
        if record.pk:
            self._touched[kind.name].add(record.pk)
        if not draft.problems:
            self._check(kind, draft)
        return draft

    @staticmethod
    def _is_touched(draft: _Draft, name: str, text: str) -> bool:
        """Does the row say something of this column that it did not say before?"""
        if name not in draft.entry.values:
            return False
        if draft.known:
            return _given(draft.known, name) != _mark(text)
        return bool(text)

    def _put(self, draft: _Draft, column: Column, text: str, references: References) -> None:
        if column.required and not text:
            draft.problems.append((column.name, "This is needed."))
            return
        try:
            value = column.read(text, references)
        except ValueError as error:
            draft.problems.append((column.name, str(error)))
            return
        column.put(draft.record, value)
        if column.name not in draft.before:
            return
        was, words = draft.before[column.name]
        if was == column.mark(draft.record):
            del draft.before[column.name]
        elif (
            draft.known and _mark(was) != draft.known.columns.get(column.name, ["", _mark(was)])[1]
        ):
            draft.problems.append(
                (
                    column.name,
                    f"An editor changed this since the last import (it is now “{words}”), and the "
                    "file says something else. Put what is right into the file, or leave the cell "
                    "as it was and correct the record at the desk.",
                )
            )

    def _check(self, kind: Kind, draft: _Draft) -> None:
        """The rules that need no look at other rows; the database keeps the others."""
        record = draft.record
        if not draft.is_new and draft.before and record.is_public:
            draft.problems.append(("", PUBLISHED))
            return
        try:
            _clean(kind, record)
            _clean_citation(record, kind)
        except ValidationError as error:
            draft.problems += list(_sentences(kind, error))

    # --- Saving ---

    def _save_new(self, kind: Kind, drafts: list[_Draft]) -> None:
        saved = []
        try:
            with transaction.atomic():
                _create(kind, drafts)
                saved = drafts
        except IntegrityError:
            for draft in drafts:
                draft.record.pk, draft.record._state.adding = None, True
                if citation := getattr(draft.record, "_to_cite", None):
                    citation.pk, citation._state.adding = None, True
                if self._saved_alone(kind, draft):
                    saved.append(draft)
        keys = []
        for draft in saved:
            self._touched[kind.name].add(draft.record.pk)
            keys.append(self._keep(kind, draft))
            self._tell(
                Finding(
                    draft.entry.row,
                    kind.name,
                    draft.entry.key,
                    Became.NEW,
                    str(draft.record),
                    changes=_first_values(kind, draft),
                )
            )
        ImportKey.objects.bulk_create(keys)
        self._count(kind, len(saved))

    def _count(self, kind: Kind, number: int) -> None:
        """Let the database look at its tables again when they have doubled.

        The triggers' plans were made for what the tables held when the transaction began; a plan
        for an empty table reads all of a full one, for each row anew.
        """
        self._new[kind.name] += number
        if self._new[kind.name] >= self._look_at[kind.name]:
            self._look_at[kind.name] = 2 * self._new[kind.name]
            tables = [kind.model, ImportKey, *([Citation] if kind.cites else [])]
            tables += [each.remote_field.through for each in kind.model._meta.many_to_many]
            with connection.cursor() as cursor:
                for table in tables:
                    cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")

    def _saved_alone(self, kind: Kind, draft: _Draft) -> bool:
        try:
            with transaction.atomic():
                draft.record.full_clean(exclude=_known_good(kind, draft.record))
                _create(kind, [draft])
        except ValidationError as error:
            draft.problems += list(_sentences(kind, error))
        except IntegrityError as error:
            draft.problems.append(("", broken_rule(error)))
        return not self._problems(draft)

    def _save_changed(self, kind: Kind, draft: _Draft) -> None:
        record, entry = draft.record, draft.entry
        if draft.before:
            try:
                with transaction.atomic():
                    record.full_clean(exclude=_known_good(kind, record))
                    record.save()
                    _link(record)
                    _cite(record)
                    connection.check_constraints()
            except ValidationError as error:
                draft.problems += list(_sentences(kind, error))
            except IntegrityError as error:
                draft.problems.append(("", broken_rule(error)))
            if self._problems(draft):
                return
        key = self._keep(kind, draft)
        key.save()
        changes = tuple(
            (name, words, kind.columns[name].show(record))
            for name, (_mark_before, words) in draft.before.items()
        )
        became = Became.CHANGED if changes else Became.UNCHANGED
        self._tell(Finding(entry.row, kind.name, entry.key, became, str(record), changes=changes))

    def _keep(self, kind: Kind, draft: _Draft) -> ImportKey:
        """The key with the marks of what the file says and of what is stored now."""
        entry, record = draft.entry, draft.record
        key = draft.known or ImportKey(kind=kind.name, key=entry.key)
        key.record_id = record.pk
        for name, text in entry.values.items():
            if name not in key.columns or _given(key, name) != _mark(text):
                key.columns[name] = [_mark(text), _mark(kind.columns[name].mark(record))]
        return key


def _mark(text: str, size: int = 6) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def _given(key: ImportKey, name: str) -> str:
    return str(key.columns[name][0]) if name in key.columns else ""


def _moved(key: ImportKey, entry: Entry) -> bool:
    """Does the file say something else than when this row was last imported?"""
    return any(_given(key, name) != _mark(text) for name, text in entry.values.items())


def _first_values(kind: Kind, draft: _Draft) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, "", text) for name, text in draft.entry.values.items() if text)


def _known_good(kind: Kind, record: Any) -> set[str]:
    """Fields that need no check: references that were just read, and what the database fills."""
    good = {"status", "revision"}
    for model_field in record._meta.concrete_fields:
        if isinstance(model_field, models.ForeignKey) and getattr(record, model_field.attname):
            good.add(model_field.name)
    if kind.model is Delegate:
        good |= {"meeting", "delegation"}
    if kind.addressed and not record.slug:
        good.add("slug")
    return good


def _clean(kind: Kind, record: Any) -> None:
    problems: dict[str, Any] = {}
    for step in (lambda: record.clean_fields(exclude=_known_good(kind, record)), record.clean):
        try:
            step()
        except ValidationError as error:
            problems = error.update_error_dict(problems)
    if problems:
        raise ValidationError(problems)


def _clean_citation(record: Any, kind: Kind) -> None:
    if not kind.cites:
        return
    citation = citation_of(record)
    if not citation.source_id:
        if citation.passage or citation.where:
            raise ValidationError("Say which source this passage stands in (column “source”).")
        return
    if not (citation.passage or citation.where):
        raise ValidationError("Give the passage, or say where in the source it stands.")
    citation.clean_fields(exclude={"source", *Citation.CITING})
    citation.clean()


def _sentences(kind: Kind, error: ValidationError) -> Iterator[tuple[str, str]]:
    for name, messages in (
        error.message_dict.items() if hasattr(error, "error_dict") else (("", error.messages),)
    ):
        column = name if name in kind.columns else ""
        for message in messages:
            yield column, message


def _give_addresses(kind: Kind, drafts: list[_Draft]) -> None:
    """Addresses for new records whose rows give none: of the name, with a bit of the key if taken."""
    bare = [draft for draft in drafts if not draft.record.slug]
    if not bare:
        return
    wished = {id(draft): slugify(str(draft.record))[:80].strip("-") or kind.name for draft in bare}
    taken = set(
        kind.model._default_manager.filter(slug__in=wished.values()).values_list("slug", flat=True)
    )
    taken |= {draft.record.slug for draft in drafts}
    for draft in bare:
        slug = wished[id(draft)]
        if slug in taken:
            slug = f"{slug}-{_mark(draft.entry.key)}"
        taken.add(slug)
        draft.record.slug = slug


def _seat(drafts: list[_Draft]) -> None:
    """The delegates' delegations, found or made."""
    seats = {
        (seat["meeting"].pk, seat["party"].pk): seat
        for draft in drafts
        if "meeting" in (seat := seat_of(draft.record)) and "party" in seat
    }
    found = Delegation.objects.filter(
        meeting__in={meeting for meeting, _ in seats}, party__in={party for _, party in seats}
    ).select_related("meeting", "party")
    by_seat = {(each.meeting_id, each.party_id): each for each in found}
    missing = [
        Delegation(meeting=seat["meeting"], party=seat["party"])
        for pair, seat in seats.items()
        if pair not in by_seat
    ]
    for made in Delegation.objects.bulk_create(missing):
        by_seat[made.meeting_id, made.party_id] = made
    for draft in drafts:
        seat = seat_of(draft.record)
        draft.record.delegation = by_seat[seat["meeting"].pk, seat["party"].pk]


def _create(kind: Kind, drafts: list[_Draft]) -> None:
    records = [draft.record for draft in drafts]
    if kind.model.save is models.Model.save:
        kind.model._default_manager.bulk_create(records)
    else:
        for record in records:
            record.save(force_insert=True)
    _link_new(kind, records)
    if kind.cites:
        Citation.objects.bulk_create(
            [citation for each in records if (citation := _tied(each)).source_id]
        )
    connection.check_constraints()


def _tied(record: Any) -> Citation:
    citation = citation_of(record)
    setattr(citation, record._meta.get_field("citations").remote_field.name, record)
    return citation


def _link_new(kind: Kind, records: list[Any]) -> None:
    for model_field in kind.model._meta.many_to_many:
        through: Any = model_field.remote_field.through
        by, to = f"{model_field.m2m_field_name()}_id", f"{model_field.m2m_reverse_field_name()}_id"
        through.objects.bulk_create(
            [
                through(**{by: record.pk, to: other.pk})
                for record in records
                for other in linked(record).get(model_field.name, ())
            ]
        )


def _link(record: Any) -> None:
    for name, others in linked(record).items():
        getattr(record, name).set(others)


def _cite(record: Any) -> None:
    citation = getattr(record, "_to_cite", None)
    if citation is None:
        return
    if citation.source_id:
        _tied(record).save()
    elif citation.pk:
        citation.delete()
