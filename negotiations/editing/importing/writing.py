"""Makes drafts of rows: the same rules as admin's, in batches, all of them or none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from negotiations.editing.base import broken_rule
from negotiations.editing.importing.checking import clean, clean_citation, known_good, sentences
from negotiations.editing.importing.drafts import Draft, Entry, given, has_moved, mark
from negotiations.editing.importing.findings import Became, Finding
from negotiations.editing.importing.kinds import (
    KINDS,
    Column,
    Kind,
)
from negotiations.editing.importing.making import cite, create, give_addresses, give_seats, link
from negotiations.editing.importing.references import References
from negotiations.models import Citation, Delegate, ImportKey, Record

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

        # Unset, it is an exception in each trigger: a savepoint taken back, for which PostgreSQL goes
        # through all that waits for the end of the transaction, and the longer that is the slower.
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        yield take_back
        if not write:
            take_back()


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
        number = int(mark(entry.key, 8), 16)
        if number in self._keys[entry.kind]:
            return f"The key “{entry.key}” stands in an earlier row already."
        self._keys[entry.kind].add(number)
        return ""

    def _write(self, kind: Kind, entries: list[Entry]) -> None:
        drafts = [draft for draft in self._drafts(kind, entries) if not self._problems(draft)]
        new = [draft for draft in drafts if draft.is_new]
        old = [draft for draft in drafts if not draft.is_new]
        if kind.addressed:
            give_addresses(kind, new)
        if kind.model is Delegate:
            give_seats(drafts)
        self._save_new(kind, new)
        for draft in old:
            self._save_changed(kind, draft)
        for draft in drafts:
            # It points back at its record: a ring that memory would long keep.
            draft.record.__dict__.pop("_to_cite", None)

    def _problems(self, draft: Draft) -> bool:
        for column, sentence in draft.problems:
            self._tell_problem(draft.entry, column, sentence)
        return bool(draft.problems)

    def _tell_problem(self, entry: Entry, column: str, sentence: str) -> None:
        self._tell(Finding(entry.row, entry.kind, entry.key, Became.PROBLEM, "", column, sentence))

    def _drafts(self, kind: Kind, entries: list[Entry]) -> Iterator[Draft]:
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
            elif key and not has_moved(key, entry):
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
    ) -> Draft:
        if record and record.pk in self._touched[kind.name]:
            draft = Draft(entry, record, {}, key)
            draft.problems.append(("slug", "An earlier row is this record already."))
            return draft
        record = record or kind.model()
        before: dict[str, tuple[str, str]] = {}
        draft = Draft(entry, record, before, key)
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
    def _is_touched(draft: Draft, name: str, text: str) -> bool:
        """Does the row say something of this column that it did not say before?"""
        if name not in draft.entry.values:
            return False
        if draft.known:
            return given(draft.known, name) != mark(text)
        return bool(text)

    def _put(self, draft: Draft, column: Column, text: str, references: References) -> None:
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
        elif draft.known and mark(was) != draft.known.columns.get(column.name, ["", mark(was)])[1]:
            draft.problems.append(
                (
                    column.name,
                    f"An editor changed this since the last import (it is now “{words}”), and the "
                    "file says something else. Put what is right into the file, or leave the cell "
                    "as it was and correct the record at the desk.",
                )
            )

    def _check(self, kind: Kind, draft: Draft) -> None:
        """The rules that need no look at other rows; the database keeps the others."""
        record = draft.record
        if not draft.is_new and draft.before and record.is_public:
            draft.problems.append(("", PUBLISHED))
            return
        try:
            clean(kind, record)
            clean_citation(record, kind)
        except ValidationError as error:
            draft.problems += list(sentences(kind, error))

    # --- Saving ---

    def _save_new(self, kind: Kind, drafts: list[Draft]) -> None:
        saved = []
        try:
            with transaction.atomic():
                create(kind, drafts)
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

    def _saved_alone(self, kind: Kind, draft: Draft) -> bool:
        try:
            with transaction.atomic():
                draft.record.full_clean(exclude=known_good(kind, draft.record))
                create(kind, [draft])
        except ValidationError as error:
            draft.problems += list(sentences(kind, error))
        except IntegrityError as error:
            draft.problems.append(("", broken_rule(error)))
        return not self._problems(draft)

    def _save_changed(self, kind: Kind, draft: Draft) -> None:
        record, entry = draft.record, draft.entry
        if draft.before:
            try:
                with transaction.atomic():
                    record.full_clean(exclude=known_good(kind, record))
                    record.save()
                    link(record)
                    cite(record)
                    connection.check_constraints()
            except ValidationError as error:
                draft.problems += list(sentences(kind, error))
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

    def _keep(self, kind: Kind, draft: Draft) -> ImportKey:
        """The key with the marks of what the file says and of what is stored now."""
        entry, record = draft.entry, draft.record
        key = draft.known or ImportKey(kind=kind.name, key=entry.key)
        key.record_id = record.pk
        for name, text in entry.values.items():
            if name not in key.columns or given(key, name) != mark(text):
                key.columns[name] = [mark(text), mark(kind.columns[name].mark(record))]
        return key


def _first_values(kind: Kind, draft: Draft) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, "", text) for name, text in draft.entry.values.items() if text)
