"""Changes: the corrections and withdrawals of what was public, for every reader to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from negotiations.insight.corrections import CHOICES, Asked, corrections
from negotiations.models import record_models
from negotiations.pages.rendering import page
from negotiations.pages.tags import kind_name_plural

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """What was corrected, withdrawn or published, the newest first."""
    refusal = ""
    try:
        asked = Asked.from_address(request.GET)
        changes, older = corrections(asked)
    except ValueError as error:
        asked, changes, older, refusal = Asked(), [], "", str(error)
    context = {
        "asked": asked,
        "changes": changes,
        "older": older,
        "refusal": refusal,
        "choices": [(value, words) for value, (words, _) in CHOICES.items()],
        "kinds": sorted((kind_name_plural(m), m._meta.model_name) for m in record_models()),
    }
    return page(request, "changes", context, status=400 if refusal else 200)
