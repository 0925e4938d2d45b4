"""/admin/tokens/: the keys of one's tools, made, shown once, and revoked."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from negotiations.editing.accounts.users import may_administer
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.models import Scope, Token

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse

MONTHS = ((1, "a month"), (12, "a year"), (0, "until it is revoked"))

TOOLS.append(Tool("/admin/tokens/", "Tokens", "Let your own tools send drafts."))


class TokenForm(forms.Form):
    """What a new token is for."""

    name = forms.CharField(label="What it is for", max_length=100)
    scopes = forms.MultipleChoiceField(
        label="What it may do", choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    months = forms.TypedChoiceField(label="For how long", choices=MONTHS, coerce=int, initial=12)


def _shown_to(user: Any) -> Any:
    """One's own; an administrator sees, and revokes, everybody's."""
    good = Token.objects.good()
    return good if may_administer(user) else good.filter(user=user)


def _in(months: int) -> dt.datetime:
    """The same day so many months on, or that month's last."""
    now = timezone.now()
    years, month = divmod(now.month - 1 + months, 12)
    year = now.year + years
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


@at_the_desk()
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """/admin/tokens/: those that are good, and the form for another."""
    form = TokenForm(request.POST or None)
    context: dict[str, Any] = {"title": "Tokens", "form": form}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        until = _in(asked["months"]) if asked["months"] else None
        made, secret = Token.make(request.user, asked["name"], asked["scopes"], until)
        context |= {"made": made, "secret": secret, "form": TokenForm()}
    shown = _shown_to(request.user).select_related("user")
    context["tokens"] = shown.order_by(F("last_used_at").desc(nulls_last=True), "-made_at")
    response = desk_page(request, "tokens", context)
    # Shown on the page that made it, for it is kept nowhere: no redirect tells that it was saved.
    response.has_saved = "made" in context
    return response


@at_the_desk()
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """/admin/tokens/<pk>/revoke/"""
    token = get_object_or_404(_shown_to(request.user), pk=pk)
    Token.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    messages.success(request, f"The token “{token}” opens nothing any more.")
    return HttpResponseRedirect(reverse("tokens"))
