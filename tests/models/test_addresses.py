"""Where records are: the models say it, and the pages' addresses agree."""

from __future__ import annotations

import pytest
from django.urls import reverse, set_script_prefix

from negotiations.addresses import with_pages
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["/", "/ru/"])
@pytest.mark.parametrize("kind", sorted(with_pages()))
def test_a_record_leads_to_its_page_in_the_language_of_the_address(kind: str, prefix: str) -> None:
    model = with_pages()[kind]
    record = getattr(make, f"{model.__name__}Factory")()
    which = getattr(record, "slug", record.pk)
    set_script_prefix(prefix)
    try:
        assert record.get_absolute_url() == reverse(kind, args=[which])
        assert record.get_absolute_url().startswith(prefix)
    finally:
        set_script_prefix("/")
