"""What lists share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest

from negotiations.models import Process, visibility

if TYPE_CHECKING:
    from django.http import HttpRequest

PER_PAGE = 30


def asks_for_demonstration(request: HttpRequest) -> bool:
    """Does the address ask for demonstration data (`?data=demonstration`)? A list never mixes.

    Raises:
        BadRequest: it asks for something else.
    """
    try:
        return visibility.asks_for_demonstration(request.GET.get("data", ""))
    except ValueError as error:
        raise BadRequest(str(error)) from error


def data_shown(demonstration: bool) -> dict[str, Any]:
    """For the context of a list: what it holds, and whether there is demonstration data beside."""
    beside = not demonstration and Process.published.demonstrating(True).exists()
    return {"demonstration": demonstration, "other_data": beside}
