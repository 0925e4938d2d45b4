"""From what a tool sends to a draft, through the same checks as the desk's forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction

from negotiations.exchange.api.problems import Problem
from negotiations.models import Citation, Source, VagueDate
from negotiations.models.dates import VagueDateField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negotiations.exchange.writing.kinds import Draftable
    from negotiations.models import Record

MOST = 100  # items of a list
LARGEST = 2**63 - 1
TYPES = {
    models.BooleanField: (bool, "true or false"),
    models.IntegerField: (int, "a number"),
    models.TextField: (str, "a text"),
    models.CharField: (str, "a text"),
}


class _Faults:
    """What is wrong, field by field."""

    def __init__(self) -> None:
        self.told: list[dict[str, str]] = []

    def add(self, pointer: str, detail: str) -> None:
        self.told.append({"pointer": pointer, "detail": detail})

    def add_all(self, error: ValidationError, names: dict[str, str], at: str = "") -> None:
        """Django's own: the model's field names become those that were sent."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        sent = {field: name for name, field in names.items()}
        for field, messages in by_field.items():
            name = sent.get(field, field)
            place = f"{at}/{name}" if name and name != "__all__" else at
            for message in messages:
                self.add(place, message)

    def check(self) -> None:
        if self.told:
            raise Problem(422, "The draft is not good yet; “errors” says what to mend.", self.told)


def read(body: bytes) -> dict[str, Any]:
    """The JSON object that was sent.

    Raises:
        Problem: it is none.
    """
    try:
        sent = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Problem(400, "The body is not JSON in UTF-8.") from error
    if not isinstance(sent, dict):
        raise Problem(400, "Send one JSON object: the fields of the draft.")
    return sent


@transaction.atomic
def draft(kind: Draftable, sent: dict[str, Any]) -> Record:
    """The new draft.

    Raises:
        Problem: 422, with a pointer to each field that is at fault; nothing is kept.
    """
    faults = _Faults()
    known = {*kind.fields, *(["citations"] if kind.cites else [])}
    for name in sent:
        if name not in known:
            faults.add(
                f"/{name[:50]}", f"There is no such field. There are {', '.join(sorted(known))}."
            )
    for name in kind.must:
        if sent.get(name) in (None, ""):
            faults.add(f"/{name}", "This field is needed.")
    faults.check()
    record = kind.model()
    links: dict[str, list[Any]] = {}
    for name, field_name in kind.fields.items():
        if sent.get(name) is not None:
            _fill(record, links, field_name, sent[name], f"/{name}", faults)
    citations = _citations(sent.get("citations"), faults) if kind.cites else []
    faults.check()
    try:
        record.full_clean()
    except ValidationError as error:
        faults.add_all(error, kind.fields)
    faults.check()
    try:
        with transaction.atomic():
            record.save()
            for field_name, others in links.items():
                getattr(record, field_name).set(others)
    except IntegrityError as error:
        said = getattr(getattr(error.__cause__, "diag", None), "message_primary", "")
        raise Problem(409, said or "Another record is in the way. Nothing was drafted.") from error
    _cite(record, citations, faults)
    faults.check()
    return record


def _fill(
    record: Record, links: dict[str, list[Any]], name: str, value: Any, at: str, faults: _Faults
) -> None:
    field = _field(type(record), name)
    if isinstance(field, VagueDateField):
        try:
            setattr(record, name, VagueDate.parse(_typed(value, str, "a text", at, faults) or ""))
        except ValueError as error:
            faults.add(at, str(error))
    elif isinstance(field, models.ManyToManyField):
        others = _typed(value, list, "a list", at, faults) or []
        if len(others) > MOST:
            faults.add(at, f"At most {MOST} are taken.")
            return
        found = [
            _other(field.related_model, each, f"{at}/{place}", faults)
            for place, each in enumerate(others)
        ]
        links[name] = [each for each in found if each]
    elif isinstance(field, models.ForeignKey):
        if other := _other(field.related_model, value, at, faults):
            setattr(record, name, other)
    else:
        kind, words = next(each for base, each in TYPES.items() if isinstance(field, base))
        setattr(record, name, _typed(value, kind, words, at, faults))


def _field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return next(f for f in model._meta.private_fields if f.name == name)


def _typed(value: Any, kind: type, words: str, at: str, faults: _Faults) -> Any:
    """The value, if it is of this type and the database can hold it."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        faults.add(at, f"This is {words}.")
        return None
    if isinstance(value, str) and ("\0" in value or _unpaired(value)):
        faults.add(at, "This text holds characters that no text can hold.")
        return None
    return value


def _unpaired(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _other(model: Any, value: Any, at: str, faults: _Faults) -> Any:
    """Another record, by its number or the last part of its address, draft or public."""
    found = None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST:
        found = model._default_manager.filter(pk=value).first()
    elif isinstance(value, str) and "\0" not in value and not _unpaired(value):
        slugged = any(field.name == "slug" for field in model._meta.concrete_fields)
        found = model._default_manager.filter(slug=value).first() if slugged else None
    if not found:
        words = model._meta.verbose_name
        faults.add(
            at, f"There is no such {words}. Give its number, or the last part of its address."
        )
    return found


def _citations(value: Any, faults: _Faults) -> list[Citation]:
    made = []
    items: Iterable[Any] = (
        _typed(value, list, "a list", "/citations", faults) or [] if value else []
    )
    for place, item in enumerate(items):
        at = f"/citations/{place}"
        if place == MOST:
            faults.add("/citations", f"At most {MOST} are taken.")
            break
        if not isinstance(item, dict) or not set(item) <= {"source", "passage", "where"}:
            faults.add(at, "A citation has source, passage and where.")
            continue
        citation = Citation()
        if source := _other(Source, item.get("source"), f"{at}/source", faults):
            citation.source = source
        for name in ("passage", "where"):
            text = _typed(item.get(name) or "", str, "a text", f"{at}/{name}", faults)
            setattr(citation, name, text or "")
        made.append(citation)
    return made


def _cite(record: Record, citations: list[Citation], faults: _Faults) -> None:
    by = next(f for f in Citation.CITING if isinstance(record, _field(Citation, f).related_model)) if citations else ""  # fmt: skip
    for place, citation in enumerate(citations):
        setattr(citation, by, record)
        try:
            citation.full_clean()
        except ValidationError as error:
            faults.add_all(error, {}, f"/citations/{place}")
        else:
            citation.save()
