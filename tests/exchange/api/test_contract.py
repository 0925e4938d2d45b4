"""The API keeps what its description promises, whatever is sent to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """The test's transaction outlives its requests, as it does with Django's own client."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def description(settings: Any, _one_connection: None) -> Any:
    """The description as the API gives it, with a record of each kind behind it."""
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.API_LIMIT = (0, 0)
    # The client within the process does not unpack.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "GZip" not in name]
    factories.ProgressFactory()
    factories.AccountFactory()
    factories.OpenMatterFactory()
    factories.PositionFactory()
    statement = factories.StatementFactory(words="Peace and artificial barriers.")
    factories.CitationFactory(statement=statement)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def keep_promises(description: Any, mode: GenerationMode, examples: int) -> None:
    """Ask each address so many things, fit and unfit ones, and check the answers by all rules."""
    addresses = 0
    for found in description.get_all_operations():
        operation = found.ok()
        addresses += 1

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=examples, phases=[Phase.generate], deadline=None, database=None,
            derandomize=True, suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def check(case: Any) -> None:
            case.call_and_validate()

        check()
    assert addresses >= 21


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_it_keeps_its_promises(description: Any, mode: GenerationMode) -> None:
    keep_promises(description, mode, 2)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_it_keeps_them_at_length(description: Any, mode: GenerationMode) -> None:
    keep_promises(description, mode, 150)
