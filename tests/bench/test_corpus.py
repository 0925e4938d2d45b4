"""The corpus is valid: what is measured is what the rules of the records allow."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from negotiations.models import Statement, record_models
from negotiations.search.schema import ENTRY_COLUMNS
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_fills_an_empty_database_with_valid_and_indexed_records() -> None:
    call_command("make_corpus", statements=300, seed=1, verbosity=0)
    assert Statement.published.count() == 300
    for model in record_models():
        for record in model.objects.order_by("?")[:3]:
            record.full_clean()
    with connection.cursor() as cursor:
        kept = f"SELECT {ENTRY_COLUMNS} FROM negotiations_searchentry"
        anew = f"SELECT {ENTRY_COLUMNS} FROM readout_entries"
        cursor.execute(f"({kept} EXCEPT {anew}) UNION ALL ({anew} EXCEPT {kept})")
        assert cursor.fetchall() == []
    person = factories.PersonFactory(slug="somebody")  # the numbers go on where the corpus ends
    assert person.pk > 20


def test_a_database_with_records_is_refused() -> None:
    factories.PersonFactory()
    with pytest.raises(CommandError, match="holds records"):
        call_command("make_corpus", statements=10, verbosity=0)
