"""A date says how exactly it is known, and nothing makes it say more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from negotiations.models import Meeting, Precision, VagueDate
from negotiations.models.dates import VagueDateFormField
from tests.factories import MeetingFactory


@pytest.mark.parametrize(
    ("written", "shown", "edtf", "last"),
    [
        ("18 February 2025", "18 February 2025", "2025-02-18", dt.date(2025, 2, 18)),
        ("18 Feb. 2025", "18 February 2025", "2025-02-18", dt.date(2025, 2, 18)),
        ("February 18, 2025", "18 February 2025", "2025-02-18", dt.date(2025, 2, 18)),
        ("2025-02-18", "18 February 2025", "2025-02-18", dt.date(2025, 2, 18)),
        ("  feb   2024 ", "February 2024", "2024-02", dt.date(2024, 2, 29)),
        ("2025-02", "February 2025", "2025-02", dt.date(2025, 2, 28)),
        ("2025", "2025", "2025", dt.date(2025, 12, 31)),
        ("about 2025", "about 2025", "2025~", dt.date(2025, 12, 31)),
        ("c. Feb 2025", "about February 2025", "2025-02~", dt.date(2025, 2, 28)),
        ("2025-02~", "about February 2025", "2025-02~", dt.date(2025, 2, 28)),
        ("12 1999-", None, None, None),
        ("31 February 2025", None, None, None),
        ("30 Feb 2024", None, None, None),
        ("2025-13", None, None, None),
        ("2025-00-01", None, None, None),
        ("0000", None, None, None),
        ("0 May 2025", None, None, None),
        ("yesterday", None, None, None),
        ("18/02/2025", None, None, None),
        ("Ju 2025", None, None, None),
        ("", None, None, None),
        ("9" * 5000, None, None, None),
    ],
)
def test_what_people_write_is_read_as_exactly_as_it_says(
    written: str, shown: str | None, edtf: str | None, last: dt.date | None
) -> None:
    if shown is None:
        with pytest.raises(ValueError, match="is not a date that can be read"):
            VagueDate.parse(written)
        return
    date = VagueDate.parse(written)
    assert (str(date), date.edtf, date.last) == (shown, edtf, last)
    assert VagueDate.parse(str(date)) == VagueDate.parse(date.edtf) == date


def test_no_precision_is_invented_in_a_value() -> None:
    with pytest.raises(ValueError, match="claims more"):
        VagueDate(dt.date(2025, 2, 18), Precision.MONTH)


def test_the_coarser_sorts_first() -> None:
    dates = [VagueDate.parse(text) for text in ("2025-01-01", "2025-02", "2025-01", "2025")]
    assert [date.edtf for date in sorted(dates)] == ["2025", "2025-01", "2025-01-01", "2025-02"]


@pytest.mark.django_db
def test_a_date_comes_back_from_the_database_as_it_went_in() -> None:
    MeetingFactory(date="about February 2024")
    meeting = Meeting.objects.get()
    assert str(meeting.date) == "about February 2024"
    assert meeting.date_until == dt.date(2024, 2, 29)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"date_precision": 2},
        {"date_precision": 1},
        {"date_precision": 9},
        {"date_precision": None},
        {"date_from": None},
        {"date_from": None, "date_precision": None, "date_about": True},
    ],
)
def test_the_database_refuses_invented_precision(values: dict[str, object]) -> None:
    meeting = MeetingFactory(state="planned", date="18 February 2025")
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**values)


def test_the_form_field_tells_a_change_from_none() -> None:
    field, date = VagueDateFormField(), VagueDate.parse("Feb 2025")
    assert not field.has_changed(date, "February 2025")
    assert field.has_changed(date, "1 February 2025")
    assert field.has_changed(date, "nonsense")
    assert not field.has_changed(None, "")
