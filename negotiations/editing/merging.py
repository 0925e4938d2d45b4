"""Two at once: a form that was open while somebody else saved keeps both versions, and asks.

Each form carries what its fields held when it was opened (Django's hidden initial values), so that
three versions of a field are known: what it was, theirs, and mine. What only one of both changed
is taken from that one; what both changed is for the editor to choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.choices import flatten_choices
from django.utils.functional import cached_property

from negotiations.editing.history import last_saved
from negotiations.models.differences import Difference

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

THEIRS, MINE = "theirs", "mine"
# Longer texts are not sent twice with every form.
LONGEST_SEEN = 50_000
# Fields that hold nothing of the record.
ABOUT_THE_SAVE = {"typist", "why", "public_reason"}
WAS_DELETED = (
    "Somebody deleted this row after you opened the form. What you typed is kept as a new row: save "
    "once more to add it, or empty the row to leave it out."
)


@dataclass(frozen=True)
class Clash:
    """A field of which the stored version and the typed one differ, with the choice between them."""

    name: str  # of the radio buttons
    label: str
    was: str
    theirs: str
    mine: str
    seal: str  # of their version, so that a choice holds only for what was shown
    choice: str
    decided: bool

    @property
    def they_did(self) -> Difference:
        return Difference(self.label, self.was, self.theirs)

    @property
    def i_did(self) -> Difference:
        return Difference(self.label, self.was, self.mine)


class MergingForm(forms.ModelForm):
    """A form of a stored record or part that takes over what others changed since it was opened."""

    clashes: tuple[Clash, ...] = ()
    was_deleted = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name, field in self.fields.items():
                text = self.initial.get(name)
                if name not in ABOUT_THE_SAVE and not (
                    isinstance(text, str) and len(text) > LONGEST_SEEN
                ):
                    field.show_hidden_initial = True

    @cached_property
    def changed_data(self) -> list[str]:
        return [
            name
            for name, bound in self._bound_items()
            if name not in ABOUT_THE_SAVE
            and (
                not _same(bound.field, self._seen(bound), bound.data)
                if self._knows_what_was_seen and bound.field.show_hidden_initial
                else bound.field.has_changed(bound.initial, bound.data)
            )
        ]

    @cached_property
    def _knows_what_was_seen(self) -> bool:
        """Does the form say what it showed? What a program sends may not."""
        return any(self.add_initial_prefix(name) in self.data for name in self.fields)

    def _seen(self, bound: BoundField) -> Any:
        return self._widget_data_value(bound.field.hidden_widget(), bound.html_initial_name)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.was_deleted:
            self.add_error(None, WAS_DELETED)
        elif self.instance.pk and self._knows_what_was_seen:
            self._merge()
        return cleaned

    def _merge(self) -> None:
        clashes = []
        for name, bound in self._bound_items():
            if not bound.field.show_hidden_initial:
                continue
            theirs, mine = self._stored(bound), bound.data
            they_changed = not _same(bound.field, self._seen(bound), theirs)
            # To the letter, line ends included; and who changed nothing overwrites nothing.
            if _same(bound.field, theirs, mine) or not self.changed_data:
                self._take_theirs(name, bound)
                continue
            i_changed = name in self.changed_data
            clash = self._clash(bound, they_changed, i_changed)
            clashes.append((clash, they_changed))
            if clash.choice == THEIRS:
                self._take_theirs(name, bound)
        if any(they_changed for _, they_changed in clashes):
            self.clashes = tuple(clash for clash, _ in clashes)
        if not all(clash.decided for clash in self.clashes):
            self.add_error(None, self._sentence())

    def _clash(self, bound: BoundField, they_changed: bool, i_changed: bool) -> Clash:
        theirs = self._stored(bound)
        seal = blake2b(repr(_plain(bound.field, theirs)).encode(), digest_size=8).hexdigest()
        name = f"choose-{bound.html_name}"
        sent, _, sent_seal = self.data.get(name, "").partition("-")
        decided = sent in (THEIRS, MINE) and sent_seal == seal
        default = "" if they_changed and i_changed else THEIRS if they_changed else MINE
        return Clash(
            name,
            str(bound.label),
            _words(bound.field, self._seen(bound)),
            _words(bound.field, theirs),
            _words(bound.field, bound.data),
            seal,
            sent if decided else default,
            decided or not they_changed,
        )

    def _take_theirs(self, name: str, bound: BoundField) -> None:
        if isinstance(bound.initial, str):
            self.cleaned_data[name] = bound.initial
        elif name in self.errors or not _same(bound.field, self._stored(bound), bound.data):
            self.cleaned_data[name] = bound.field.clean(self._stored(bound))
        self._errors.pop(name, None)

    def _stored(self, bound: BoundField) -> Any:
        return bound.field.prepare_value(bound.initial)

    def _sentence(self) -> str:
        who, when = last_saved(type(self.instance), self.instance.pk)
        changed = ", ".join(clash.label.lower() for clash in self.clashes if not clash.decided)
        return (
            f"{who} changed {changed} since you opened this form (at {when:%H:%M} UTC). Nothing was "
            "overwritten, and your words are still here: choose between both versions, then save."
        )


class MergingFormSet(forms.BaseInlineFormSet):
    """Parts on one form: none is deleted unseen, and none that was typed is dropped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deleted_rows: range = range(0)
        if self.is_bound and not self.save_as_new and self.management_form.is_valid():
            self._sort_out()

    def get_queryset(self) -> Any:
        """The parts; for a form that was sent, in the order of its rows, with which admin pairs them."""
        parts = super().get_queryset()
        if not self.is_bound or self.save_as_new:
            return parts
        if not hasattr(self, "_sent"):
            stored = {str(part.pk): part for part in parts}
            ids = [
                self.data.get(f"{self.prefix}-{row}-id") for row in range(self.total_form_count())
            ]
            self._sent = [stored[pk] for pk in ids if pk in stored]
        return self._sent

    def _sort_out(self) -> None:
        """Rows whose part somebody deleted become new ones if they were typed in, or are left out."""
        stored = {str(part.pk) for part in self.get_queryset()}
        count = min(self.initial_form_count(), self.total_form_count())
        sent = range(count)
        gone = [n for n in sent if self.data.get(f"{self.prefix}-{n}-id") not in stored]
        if not gone:
            return
        there = [n for n in sent if n not in gone]
        typed_in = [n for n in gone if self._typed_in(n)]
        order = [*there, *typed_in, *range(count, self.total_form_count())]
        rows = [self._row(n) for n in range(self.total_form_count())]
        data = self.data.copy()
        for row in rows:
            for name in row.values():
                data.pop(name, None)
        for new, old in enumerate(order):
            for pattern, name in rows[old].items():
                # A new row has no number yet, and nothing that it was before.
                if old not in gone or (
                    pattern.startswith(self.prefix) and not pattern.endswith(("-id", "-DELETE"))
                ):
                    data.setlist(pattern.replace("#", str(new)), self.data.getlist(name))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(there))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(order))
        self.data = data
        self.deleted_rows = range(len(there), len(there) + len(typed_in))
        self.__dict__.pop("management_form", None)

    def _row(self, number: int) -> dict[str, str]:
        """The names of a row's values, by what they are with # for the row's number."""
        head = f"{self.prefix}-{number}-"
        return {
            name.replace(head, f"{self.prefix}-#-", 1): name
            for name in self.data
            if name.startswith((head, f"initial-{head}", f"choose-{head}"))
        }

    def _typed_in(self, number: int) -> bool:
        head = f"{self.prefix}-{number}-"
        if self.data.get(f"{head}DELETE"):
            return False
        seen = [name for name in self.data if name.startswith(f"initial-{head}")]
        return any(
            [value.replace("\r\n", "\n") for value in self.data.getlist(name)]
            != [v.replace("\r\n", "\n") for v in self.data.getlist(name.removeprefix("initial-"))]
            for name in seen
        )

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        form.was_deleted = i in self.deleted_rows
        return form

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            changed = [each for each in form.clashes if not each.decided]
            if changed and self.can_delete and self._should_delete_form(form):
                fields = ", ".join(each.label.lower() for each in changed)
                raise ValidationError(
                    f"You marked “{form.instance}” for deletion, and somebody changed its {fields} "
                    "since you opened this form. Choose between both versions, and save again."
                )


def _same(field: forms.Field, one: Any, other: Any) -> bool:
    return bool(_plain(field, one) == _plain(field, other))


def _plain(field: forms.Field, value: Any) -> Any:
    """A value as sent or as stored, so that both can be compared."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return sorted(str(each) for each in value or ())
    if isinstance(field, forms.ModelChoiceField):
        return str(value or "")
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
    try:
        value = field.to_python(value)
    except ValidationError:
        return value
    return "" if value is None else value


def _words(field: forms.Field, value: Any) -> str:
    """A value as sent or as stored, as the editor reads it."""
    if isinstance(field, forms.ModelChoiceField):
        many = isinstance(field, forms.ModelMultipleChoiceField)
        ids = [pk for pk in (value or () if many else [value]) if str(pk).isdecimal()]
        return ", ".join(map(str, field.queryset.filter(pk__in=ids)))
    plain = _plain(field, value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(flatten_choices(choices)).get(plain, plain))
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return str(plain)
