"""The pages on which a reader begins, confirms, changes and ends to follow by e-mail."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import punycode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from negotiations.exchange.following import links, subscribing
from negotiations.exchange.following.subjects import NotFollowable, asked_for, followed
from negotiations.languages import LANGUAGES, gettext, gettext_lazy
from negotiations.models import Subscription

if TYPE_CHECKING:
    from django.http import HttpRequest

    from negotiations.exchange.following.subjects import Subject

View = Any
LONGEST_ADDRESS = 254


class FollowForm(forms.Form):
    """To which address, and how often."""

    address = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=LONGEST_ADDRESS)
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[
            ("weekly", gettext_lazy("once a week, on Monday")),
            ("daily", gettext_lazy("once a day")),
        ],
        initial="weekly",
    )

    def clean_address(self) -> str:
        """As mail servers write it: in small letters, its domain in ASCII."""
        name, _, domain = self.cleaned_data["address"].rpartition("@")
        try:
            address = f"{name}@{punycode(domain)}".lower()
        except UnicodeError as error:
            raise ValidationError(gettext("Such a domain can't be.")) from error
        if len(address) > LONGEST_ADDRESS or not address.isascii():
            raise ValidationError(gettext("Such an address can't be."))
        return address


def _private(view: View) -> View:
    """For pages that a signed link opens: kept nowhere, and said to nobody."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response: HttpResponse = view(request, token)
        except links.NoSuchLink as error:
            status = 410 if error.gone else 404
            response = render(
                request, "following/no_link.html", {"gone": error.gone}, status=status
            )
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(answer)


@never_cache
@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """/follow/?record=process:<slug>: the ways to follow it. Says the same whoever asks for whom."""
    try:
        subject = asked_for(request.GET)
    except NotFollowable as error:
        refusal = str(error) if request.GET else ""
        told = {"refusal": refusal, "sends": bool(settings.MAILERS)}
        return render(request, "following/begin.html", told, status=400 if refusal else 200)
    sends = bool(settings.MAILERS)
    form = FollowForm(request.POST or None)
    context: dict[str, Any] = {
        "subject": subject,
        "form": form,
        "sends": sends,
        "demonstration": subject.demonstration,
    }
    if request.method != "POST":
        return render(request, "following/follow.html", context)
    if not sends:
        return render(request, "following/follow.html", context, status=409)
    if not form.is_valid():
        return render(request, "following/follow.html", context, status=400)
    if not ratelimit.consume(request, action="follow"):
        context["too_often"] = True
        return render(request, "following/follow.html", context, status=429)
    subscribing.ask(form.cleaned_data["address"], subject, form.cleaned_data["frequency"])
    return HttpResponseRedirect(reverse("follow-asked"))


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """/follow/asked/: what happens next."""
    return render(request, "following/asked.html", {"days": Subscription.LASTS.days})


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """/follow/confirm/<token>/: a button, so that a program that looks at links confirms nothing."""
    subscription = links.confirmed_by(token)
    if request.method == "POST":
        subscribing.confirm(subscription)
        subscription.refresh_from_db()
    context = {
        "subscription": subscription,
        "subject": _subject(subscription),
        "manage": links.to_manage(subscription.follower),
        "stop": links.to_stop(subscription),
    }
    return render(request, "following/confirm.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_private
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """/follow/stop/<token>/: a button, or at once by a mail program's one click (RFC 8058).

    The signature in the address is the proof, so none else is asked for.
    """
    subscription = links.stopped_by(token)
    context = {"subject": _subject(subscription), "stopped": request.method == "POST"}
    if request.method == "POST":
        subscribing.stop(Q(pk=subscription.pk))
    return render(request, "following/stop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """/follow/manage/<token>/: what an address follows; change how often or the language, stop one or all."""
    follower = links.managed_by(token)
    if request.method == "POST":
        if "all" in request.POST:
            subscribing.forget(follower)
            return render(request, "following/stop.html", {"stopped": True})
        _change(request, Q(follower=follower))
        if not follower.subscriptions.exists():
            return render(request, "following/stop.html", {"stopped": True})
        return HttpResponseRedirect(request.path)
    subscriptions = follower.subscriptions.confirmed().order_by("pk")
    context = {
        "lines": [(each, _subject(each)) for each in subscriptions],
        "frequencies": Subscription.Frequency.choices,
        "languages": LANGUAGES.values(),
    }
    return render(request, "following/manage.html", context)


def _change(request: HttpRequest, own: Q) -> None:
    """Do what a button of the page of subscriptions is for; one that is gone is passed over."""
    text = request.POST.get("stop") or request.POST.get("change") or ""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return
    this = own & Q(pk=int(text))
    if "stop" in request.POST:
        subscribing.stop(this)
        return
    choices = {"frequency": Subscription.Frequency.values, "language": [*LANGUAGES]}
    chosen = {
        name: value for name, known in choices.items() if (value := request.POST.get(name)) in known
    }
    Subscription.objects.filter(this).update(**chosen)


def _subject(subscription: Subscription) -> Subject | None:
    """What it follows; None where its search can't be answered any more."""
    try:
        return followed(subscription)
    except NotFollowable:
        return None
