"""The one place that decides what the public sees, and how a record gets there and back."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone

from negotiations.languages import pgettext_lazy
from negotiations.models.authorship import authorship, is_own, whose_eyes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negotiations.models.records import Record
    from negotiations.models.users import User


class Status(models.TextChoices):
    """How far a record has come. Only the published is public; the withdrawn once was."""

    DRAFT = "draft", pgettext_lazy("status of a record", "draft")
    IN_REVIEW = "in_review", pgettext_lazy("status of a record", "in review")
    PUBLISHED = "published", pgettext_lazy("status of a record", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("status of a record", "withdrawn")


ON_THE_WAY = (Status.DRAFT, Status.IN_REVIEW)
DEMONSTRATION = "demonstration"


def asks_for_demonstration(data: str) -> bool:
    """Does the `data` of an address ask for demonstration data, which no list mixes with real records?

    Raises:
        ValueError: it asks for something else.
    """
    if data not in ("", DEMONSTRATION):
        raise ValueError("“data” is demonstration, or is left out.")
    return bool(data)


class RecordQuerySet(models.QuerySet):
    """Records, with the two ways to narrow them to a reader."""

    def public(self) -> Self:
        """What everybody may see. The database sees to it that nothing published hangs on a draft."""
        return self.filter(status=Status.PUBLISHED)

    def real(self) -> Self:
        """All but demonstration data, which no list mixes with real records."""
        return self.demonstrating(False)

    def demonstrating(self, demonstration: bool) -> Self:
        """Only demonstration data, or only real records."""
        return self.filter(**{self.model.demonstration_path(): demonstration})

    def visible(self, *, preview: bool) -> Self:
        """All records for an editor's preview, else the public ones."""
        return self.all() if preview else self.public()


def public_sql(alias: str) -> str:
    """`public()` for SQL by hand."""
    return f"{alias}.status = '{Status.PUBLISHED}'"


def visible_sql(alias: str) -> str:
    """`visible()` for SQL by hand, which takes the parameter `drafts` (preview or not)."""
    return f"(%(drafts)s OR {public_sql(alias)})"


class PublishedManager(models.Manager):
    """`Statement.published`: what everybody may see."""

    def get_queryset(self) -> Any:
        return super().get_queryset().public()


def may_preview(user: Any) -> bool:
    """Drafts are for those who edit."""
    return bool(user.is_active and user.is_staff and user.has_perm("negotiations.preview_records"))


def may_publish(user: Any) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm("negotiations.publish_records"))


class Problem(NamedTuple):
    """What keeps one record from being published, as a sentence for the editor."""

    record: Record
    sentence: str


class NotReady(ValidationError):
    """Nothing was published; `problems` says of each record what to mend."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__([f"{problem.record}: {problem.sentence}" for problem in problems])
        self.problems = problems


def with_parts(record: Record, *, withdrawn: bool = False) -> Iterator[Record]:
    """The record, then all that belongs to it and goes with it, whole before part.

    A part that was withdrawn on its own goes nowhere with the whole, unless `withdrawn` says so.
    """
    yield record
    for name in record.parts:
        for part in getattr(record, name).all():
            if withdrawn or part.status != Status.WITHDRAWN:
                yield from with_parts(part, withdrawn=withdrawn)


# --- Forth ---


def publish(record: Record, by: User | None = None) -> int:
    """Publish a record with its parts, all or nothing; returns how many were made public.

    `by` is the person who publishes; None is a command.

    Raises:
        NotReady: says what is missing, as sentences for the editor.
    """
    return publish_all(with_parts(record), by)


@transaction.atomic
def publish_all(records: Iterable[Record], by: User | None = None) -> int:
    """Publish records together, in whatever order they come, all or nothing.

    Those that are public already stay so. The rules that the database checks at the end of a
    transaction are checked before this returns.

    Raises:
        NotReady: names each record that is not ready, and what to mend.
        IntegrityError: a rule of the database that no record could tell by itself.
    """
    waiting = [each for each in _as_they_are(records) if each.status != Status.PUBLISHED]
    going = frozenset((type(each), each.pk) for each in waiting)
    problems = [problem for each in waiting for problem in _not_ready(each, going)]
    problems += [*_with_open_notes(waiting), *_own(waiting, by)]
    if problems:
        raise NotReady(problems)
    _move(waiting, Status.PUBLISHED)
    connection.check_constraints()
    return len(waiting)


@transaction.atomic
def send_all_to_review(records: Iterable[Record]) -> int:
    """Hand the drafts among these records to a reviewer; returns how many were sent."""
    drafts = [each for each in _as_they_are(records) if each.status == Status.DRAFT]
    _move(drafts, Status.IN_REVIEW)
    return len(drafts)


def send_to_review(record: Record) -> int:
    """Hand a draft and its parts to a reviewer; returns how many were sent."""
    return send_all_to_review(with_parts(record))


# --- Back ---


@transaction.atomic
def send_back(record: Record, note: str, by: User | None = None) -> int:
    """Return a record in review and its parts to their editor; returns how many.

    `note` says what is to be mended; it may be empty where an open note says so already.

    Raises:
        ValidationError: there is no note, or the record is no longer in review.
    """
    whole = _as_they_are(with_parts(record))
    if record.status != Status.IN_REVIEW:
        raise ValidationError(f"“{record}” is not in review: it is {record.get_status_display()}.")
    if note.strip() or not open_notes().filter(kind=kind_of(record), record_id=record.pk).exists():
        write_note(record, note, by)
    back = [each for each in whole if each.status == Status.IN_REVIEW]
    _move(back, Status.DRAFT)
    return len(back)


@transaction.atomic
def unpublish(record: Record) -> int:
    """Take a record and its parts back to draft, to work on them; returns how many.

    Raises:
        ValidationError: names the published records that hang on it.
    """
    public = [each for each in _as_they_are(with_parts(record)) if each.is_public]
    _nothing_public_hangs_on(record, public, "taken back")
    _move(public, Status.DRAFT)
    return len(public)


@transaction.atomic
def withdraw(record: Record, why: str, by: User | None = None) -> int:
    """Take a public record and its parts back for cause; returns how many.

    `why` is for the public: whoever asks for the address is told it, and when.

    Raises:
        ValidationError: no reason is given, the record is not public, or published records hang on
            it, which are named.
    """
    public = [each for each in _as_they_are(with_parts(record)) if each.is_public]
    if not record.is_public:
        raise ValidationError(f"“{record}” is not public: it is {record.get_status_display()}.")
    if not why.strip():
        raise ValidationError("Say why it is withdrawn: those who cited it will ask.")
    _nothing_public_hangs_on(record, public, "withdrawn")
    withdrawal = apps.get_model("negotiations", "Withdrawal")
    withdrawal.objects.bulk_create(
        withdrawal(kind=kind_of(each), record_id=each.pk, why=why.strip(), author=by)
        for each in public
    )
    _move(public, Status.WITHDRAWN)
    return len(public)


@transaction.atomic
def reopen(record: Record) -> int:
    """Bring a withdrawn record and its withdrawn parts back to draft; returns how many.

    Its address goes on saying that it was withdrawn, until it is public again.
    """
    whole = _as_they_are(with_parts(record, withdrawn=True))
    back = [each for each in whole if each.status == Status.WITHDRAWN]
    _move(back, Status.DRAFT)
    return len(back)


def _nothing_public_hangs_on(record: Record, going: list[Record], words: str) -> None:
    keys = {(type(each), each.pk) for each in going}
    hanging = [
        f"{child._meta.verbose_name} “{child}”"
        for each in going
        for child in each.published_dependants()
        if (type(child), child.pk) not in keys
    ]
    if hanging:
        raise ValidationError(
            f"“{record}” can't be {words} while these are published: {'; '.join(hanging[:10])}."
        )


# --- Notes ---


def kind_of(record: Record | type[Record]) -> str:
    """The kind of a record as tables about records of all kinds name it: "openmatter"."""
    return str(record._meta.model_name)


def write_note(record: Record, text: str, by: User | None = None) -> None:
    """Put a reviewer's note on a record.

    Raises:
        ValidationError: the note is empty.
    """
    if not text.strip():
        raise ValidationError("Write a note: what is to be mended?")
    note = apps.get_model("negotiations", "ReviewNote")
    note.objects.create(kind=kind_of(record), record_id=record.pk, text=text.strip(), author=by)


def resolve_notes(notes: Any, by: User | None = None) -> int:
    """Say that what these notes ask for is done; returns how many were open."""
    return int(notes.filter(resolved_at=None).update(resolved_at=timezone.now(), resolved_by=by))


def open_notes() -> Any:
    """The notes that keep their records from being published."""
    return apps.get_model("negotiations", "ReviewNote").objects.filter(resolved_at=None)


def _with_open_notes(records: list[Record]) -> Iterator[Problem]:
    for model, some in _by_kind(records):
        of_kind = open_notes().filter(kind=kind_of(model), record_id__in=[each.pk for each in some])
        texts: defaultdict[int, list[str]] = defaultdict(list)
        for pk, text in of_kind.order_by("pk").values_list("record_id", "text"):
            texts[pk].append(text)
        for each in some:
            for text in texts[each.pk]:
                yield Problem(each, f"Mend and resolve the reviewer’s note first: “{text}”")


def _own(records: list[Record], by: User | None) -> Iterator[Problem]:
    if not (settings.FOUR_EYES and by):
        return
    for model, some in _by_kind(records):
        known = authorship(model, [each.pk for each in some])
        for each in some:
            authors = known.get(each.pk)
            if is_own(authors, by):
                yield Problem(each, whose_eyes(authors.people if authors else set()))


# --- Together ---


def _by_kind(records: Iterable[Record]) -> list[tuple[type[Record], list[Record]]]:
    """The records of each kind, what is hung on before what hangs on it."""
    from negotiations.models.records import in_order

    places = {model: place for place, model in enumerate(in_order())}
    ordered = sorted(records, key=lambda each: places[type(each)])
    return [(model, list(some)) for model, some in groupby(ordered, type)]


def _as_they_are(records: Iterable[Record]) -> list[Record]:
    """The records as the database has them now, kept from everybody else's hands until we are done."""
    now = []
    revisions: dict[int, int]
    for model, some in _by_kind(records):
        rows = model._default_manager.filter(pk__in=[each.pk for each in some]).order_by("pk")
        rows = rows.select_for_update(no_key=True).values_list("pk", "revision")
        revisions = dict(rows)
        for each in some:
            if each.pk not in revisions:
                continue  # deleted meanwhile
            if revisions[each.pk] != each.revision:
                each.refresh_from_db()
            now.append(each)
    return now


def _not_ready(record: Record, going: frozenset[tuple[type[Record], int]]) -> list[Problem]:
    """What the record itself finds wrong with being public together with those that go with it."""
    if record.status == Status.WITHDRAWN:
        return [Problem(record, "It was withdrawn. Bring it back to draft first.")]
    before = record.status
    record.status, record.going_with = Status.PUBLISHED, going
    try:
        # What is unique and what a row must hold, the database has seen to already.
        record.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return [Problem(record, message) for message in error.messages]
    finally:
        record.status, record.going_with = before, frozenset()
    return []


def _move(records: list[Record], status: Status) -> None:
    """Give all the same status: what others hang on first, or last where they leave the public."""
    kinds = _by_kind(records)
    for model, some in kinds if status in (Status.PUBLISHED, Status.IN_REVIEW) else kinds[::-1]:
        model._default_manager.filter(pk__in=[each.pk for each in some]).update(status=status)
        for each in some:
            each.status = status
            each.revision += 1
