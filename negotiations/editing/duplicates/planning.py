"""What a merge would do, before it is done: what moves, what is there twice, what stands against it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.urls import NoReverseMatch, reverse

from negotiations.models import Record, VagueDateField
from negotiations.models.records import AddressedRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiations.editing.duplicates.rows import Row

BOOKKEEPING = {"id", "status", "created_at", "updated_at", "revision"}


def pointing_at(model: type[models.Model]) -> list[models.ForeignKey]:
    """Every foreign key to this model, those of many-to-many tables too; not those of the history."""
    found = {}
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or not (relation.one_to_many or relation.one_to_one):
            continue
        child: Any = relation.related_model._meta.concrete_model
        if not issubclass(child, pghistory.models.Event):
            key = child._meta.get_field(relation.field.name)
            found[child._meta.db_table, key.column] = key
    return [found[place] for place in sorted(found)]


@dataclass(frozen=True)
class Choice:
    """A field of both records; `picked` is whose value stays: "kept" or "other"."""

    name: str
    column: str
    label: str
    kept: str
    other: str
    picked: str


@dataclass(frozen=True)
class Move:
    """Rows that point to what goes, and are to point to what stays."""

    key: models.ForeignKey
    ids: list[int]
    was: int
    now: int
    directly: bool

    @property
    def words(self) -> str:
        """What the rows are, in the words of the desk."""
        model, words = self.key.model, str(self.key.verbose_name)
        if model._meta.auto_created:
            # The kind at the far end, and the name of the tie.
            words = str(_through(model).verbose_name)
            model = _far(self.key).related_model
        meta = model._meta
        number = meta.verbose_name if len(self.ids) == 1 else meta.verbose_name_plural
        return f"{number} ({words})"

    @property
    def url(self) -> str | None:
        """The list of these rows in admin, if it has one."""
        model: Any = self.key.model
        name = self.key.name
        if whole := model._meta.auto_created:
            if whole is self.key.related_model:
                return admin_url(whole._base_manager.get(pk=self.was))
            model, name = whole, _through(model).name
        try:
            address = reverse(f"admin:negotiations_{model._meta.model_name}_changelist")
        except NoReverseMatch:
            return None
        return f"{address}?{urlencode({f'{name}__id__exact': self.was})}"


@dataclass(frozen=True)
class Double:
    """A row that both have: `lost` goes, after what is empty in `stays` was filled from it."""

    key: models.ForeignKey
    lost: Any
    stays: Any
    was: Row
    now: Row
    differences: list[tuple[str, str, str]]

    @property
    def model(self) -> type[models.Model]:
        return self.key.model

    @property
    def words(self) -> str:
        if self.model._meta.auto_created:
            far = _far(self.key)
            named = getattr(self.stays, far.name)
            return f"{far.verbose_name} “{named}” ({_through(self.model).verbose_name})"
        return f"{self.model._meta.verbose_name} “{self.lost}”"


def _through(model: Any) -> models.ManyToManyField:
    """The many-to-many whose table this is."""
    fields = model._meta.auto_created._meta.many_to_many
    return next(each for each in fields if each.remote_field.through is model)


def _far(key: models.ForeignKey) -> models.ForeignKey:
    """The other key of a many-to-many's table."""
    fields = key.model._meta.concrete_fields
    return next(each for each in fields if each.is_relation and each != key)


@dataclass(frozen=True)
class Refusal:
    """Why it can not be done, in a sentence, and where that can be changed."""

    sentence: str
    url: str = ""
    link: str = ""


@dataclass
class Plan:
    """All that merging `other` into `kept` would do, in the order in which it is done."""

    kept: Any
    other: Any
    choices: list[Choice] = field(default_factory=list)
    other_names: str | None = None
    steps: list[Move | Double] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def moves(self) -> list[Move]:
        """Those of rows that point to the other itself, and any at all."""
        return [s for s in self.steps if isinstance(s, Move) and s.directly and s.ids]

    @property
    def doubles(self) -> list[Double]:
        return [step for step in self.steps if isinstance(step, Double)]

    @property
    def seal(self) -> str:
        """Changes when what the editor was shown has changed: either record, or what is double."""
        doubles = [(d.model.__name__, d.lost.pk, d.stays.pk, d.now) for d in self.doubles]
        seen = (self.kept.revision, self.other.revision, doubles)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def plan(kept: AddressedRecord, other: AddressedRecord, picked: dict[str, str]) -> Plan:
    """What merging would do; `picked` says by field whose value stays ("kept" or "other")."""
    made = Plan(kept, other, list(_choices(kept, other, picked)))
    made.other_names = _other_names(made)
    if other.is_public and not kept.is_public:
        swap = reverse("merge", args=[kept._meta.model_name, other.pk, kept.pk])
        made.refusals.append(
            Refusal(
                f"“{other}” is published and “{kept}” is not: what is public can’t hang on a "
                f"{kept.get_status_display()}.",
                swap,
                "Keep the published one",
            )
        )
    made.refusals += _chain(kept, other)
    if not made.refusals:
        _Absorbing(made).absorb(type(kept), kept.pk, other.pk, directly=True)
    return made


def _choices(kept: Any, other: Any, picked: dict[str, str]) -> Iterator[Choice]:
    for each in type(kept)._meta.concrete_fields:
        if not each.editable or each.primary_key or each.name == "other_names":
            continue
        empty = getattr(kept, each.attname) in (None, "")
        default = "other" if empty and getattr(other, each.attname) not in (None, "") else "kept"
        choice = picked.get(each.name, default)
        yield Choice(
            each.name,
            each.column,
            str(each.verbose_name),
            shown(kept, each),
            shown(other, each),
            choice if choice in ("kept", "other") else default,
        )


def shown(record: Any, each: Any) -> str:
    """A field's value in words."""
    if each.choices:
        return str(getattr(record, f"get_{each.name}_display")())
    value = getattr(record, each.name)
    return "" if value is None else str(value)


def _other_names(made: Plan) -> str | None:
    """What the kept one is called besides, the names that went among them; None without the field."""
    names = {"name", "native_name", "short_name"}
    if not hasattr(made.kept, "other_names"):
        return None
    pairs = [(c.kept, c.other) for c in made.choices if c.name in names]
    stay = {getattr(c, c.picked).casefold() for c in made.choices if c.name in names}
    lines = [*made.kept.other_names.splitlines(), *(other for _kept, other in pairs)]
    lines += [*(kept for kept, _other in pairs), *made.other.other_names.splitlines()]
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines)):
        found.setdefault(line.casefold(), line)
    return "\n".join(name for fold, name in found.items() if fold not in stay)


def _chain(kept: Any, other: Any) -> Iterator[Refusal]:
    """Refuse to make one of a whole and its part, however far apart."""
    for key in pointing_at(type(kept)):
        if key.model is not type(kept):
            continue
        for part, whole in ((kept, other), (other, kept)):
            above, seen = getattr(part, key.name), set()
            while above and above.pk not in seen and above.pk != whole.pk:
                seen.add(above.pk)
                above = getattr(above, key.name)
            if above and above.pk == whole.pk:
                yield Refusal(
                    f"“{part}” stands under “{whole}” ({key.verbose_name}), so they are two. If "
                    "that is the mistake, correct it first.",
                    admin_url(part),
                    f"Open “{part}”",
                )


def admin_url(record: models.Model) -> str:
    return reverse(f"admin:negotiations_{record._meta.model_name}_change", args=[record.pk])


class _Absorbing:
    """Works out, by the keys and constraints of the models, how all rows of one become another's."""

    def __init__(self, made: Plan) -> None:
        self.plan = made

    def absorb(
        self, model: type[models.Model], keep: int, lose: int, *, directly: bool = False
    ) -> None:
        """Plan for whatever points to row `lose` to point to row `keep`."""
        for key in pointing_at(model):
            child = key.model
            gone = [
                self._double(key, mine, theirs) for mine, theirs in _pairs(key, keep, lose).items()
            ]
            ids = child._base_manager.filter(**{key.attname: lose}).exclude(pk__in=gone)
            moving = sorted(ids.values_list("pk", flat=True))
            self.plan.steps.append(Move(key, moving, lose, keep, directly))

    def _double(self, key: models.ForeignKey, mine: int, theirs: int) -> int:
        """Plan for one of two rows to go; returns its id. `mine` is of the one that goes."""
        child = key.model
        found = child._base_manager.in_bulk([mine, theirs])
        lost, stays = found[mine], found[theirs]
        if getattr(lost, "is_public", False) and not stays.is_public:
            lost, stays = stays, lost
        if isinstance(lost, AddressedRecord):
            self.plan.refusals.append(
                Refusal(
                    f"Both have a {child._meta.verbose_name} named “{stays}”.",
                    reverse("merge", args=[child._meta.model_name, stays.pk, lost.pk]),
                    "Merge those two first",
                )
            )
            return int(lost.pk)
        self.absorb(child, stays.pk, lost.pk)
        self.plan.steps.append(self._compared(key, lost, stays))
        return int(lost.pk)

    def _compared(self, key: models.ForeignKey, lost: Any, stays: Any) -> Double:
        was: Row = {}
        now: Row = {}
        differences = []
        for each in _fields(type(lost), key):
            parts = each.part_names if isinstance(each, VagueDateField) else [each.attname]
            mine, theirs = ([getattr(record, name) for name in parts] for record in (lost, stays))
            if mine == theirs or mine[0] in (None, ""):
                continue
            if theirs[0] in (None, ""):
                was |= {name: _plain(value) for name, value in zip(parts, theirs, strict=True)}
                now |= {name: _plain(value) for name, value in zip(parts, mine, strict=True)}
                continue
            told = (str(each.verbose_name or each.name), shown(stays, each), shown(lost, each))
            differences.append(told)
            if each.choices or each.is_relation:
                label, ours, others = told
                self.plan.refusals.append(
                    Refusal(
                        f"Both have a {lost._meta.verbose_name} for the same: “{stays}” and "
                        f"“{lost}”, but they differ in {label} ({ours} / {others}). Correct or "
                        "delete one first.",
                        admin_url(lost) if isinstance(lost, Record) else "",
                        "Open it",
                    )
                )
        return Double(key, lost, stays, was, now, differences)


def _fields(model: type[models.Model], key: models.ForeignKey) -> Iterator[Any]:
    """The fields in which two rows can differ, a vague date as one."""
    dates = [each for each in model._meta.private_fields if isinstance(each, VagueDateField)]
    parts = {name for each in dates for name in each.part_names}
    yield from dates
    for each in model._meta.concrete_fields:
        if each.name not in BOOKKEEPING | parts and not each.generated and each != key:
            yield each


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _pairs(key: models.ForeignKey, keep: int, lose: int) -> dict[int, int]:
    """Rows that could not both point to `keep`, by the model's constraints: lose's → keep's."""
    model = key.model
    found: dict[int, int] = {}
    for mine, theirs in _clashes(key):
        rows = model._base_manager.filter(**{key.attname: lose}).alias(**mine)
        others = model._base_manager.filter(**{key.attname: keep}).alias(**mine).filter(**theirs)
        double = Subquery(others.order_by("pk").values("pk")[:1])
        clashing = rows.annotate(double=double).exclude(double=None)
        found = dict(clashing.values_list("pk", "double")) | found
    return found


def _clashes(key: models.ForeignKey) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """By constraint that names this key: what to compare, and how with the other row's."""
    model = key.model
    together = [list(names) for names in model._meta.unique_together]
    together += [[key.name]] if key.unique else []
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            together.append(list(constraint.fields))
        elif isinstance(constraint, ExclusionConstraint):
            rest = [pair for pair in constraint.expressions if _name(pair[0]) != key.name]
            if len(rest) < len(constraint.expressions):
                columns = {f"clash_{place}": expr for place, (expr, _op) in enumerate(rest)}
                yield (
                    columns,
                    {
                        f"{name}__{_LOOKUPS[op]}": OuterRef(name)
                        for name, (_expr, op) in zip(columns, rest, strict=True)
                    },
                )
    for names in together:
        if key.name in names:
            yield {}, {name: OuterRef(name) for name in names if name != key.name}


_LOOKUPS: dict[str, str] = {RangeOperators.EQUAL: "exact", RangeOperators.OVERLAPS: "overlap"}


def _name(expression: Any) -> str:
    return expression.name if isinstance(expression, F) else str(expression)
