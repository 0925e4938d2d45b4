"""The address of the Model Context Protocol endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from negotiations.limits import SEARCHES, limited

if TYPE_CHECKING:
    from django.http import HttpRequest

LARGEST = 64 * 1024


@csrf_exempt  # it knows nobody and writes nothing
@limited(SEARCHES)
@require_POST
def mcp(request: HttpRequest) -> HttpResponse:
    """One message of an assistant."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:12]) > LARGEST:
        return HttpResponse(
            f"A message has {LARGEST:,} bytes at most.\n", status=413, content_type="text/plain"
        )
    # Only who asks for it waits for the SDK to be read in, and has it in memory.
    from negotiations.exchange.assistants.serving import serve

    return serve(request)


urlpatterns = [path("mcp", mcp, name="mcp")]
