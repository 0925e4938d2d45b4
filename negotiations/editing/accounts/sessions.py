"""Where an account is logged in, and how that ends."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account.signals import password_reset
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from negotiations.editing.pages import at_the_desk, desk_page
from negotiations.models import User

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse

NOTED, SINCE = "noted", "since"
LONGEST = 30 * 24 * 60 * 60  # seconds after which one logs in again, however busy
EVERY = 300  # seconds between two notes of one session
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class SessionLine:
    """One session as its owner reads it."""

    pk: int
    device: str
    address: str
    began: dt.datetime
    seen: dt.datetime
    current: bool


def note(request: HttpRequest) -> None:
    """Keep where a session is used from; a new one at once, others now and then."""
    key, at = request.session.get(NOTED, ("", 0))
    if key != request.session.session_key or time.time() - at > EVERY:
        UserSession.objects.create_from_request(request)
        request.session[NOTED] = (request.session.session_key, time.time())


@receiver(user_logged_in)
def _begin(request: HttpRequest, **kwargs: Any) -> None:
    request.session[SINCE] = time.time()


def end_if_old(request: HttpRequest) -> None:
    """Log out a session that has lasted as long as any may."""
    if time.time() - request.session.get(SINCE, time.time()) > LONGEST:
        logout(request)


def lines(user: Any, current: str | None = None) -> list[SessionLine]:
    """The sessions of an account that still open the desk, the last used first."""
    found = [
        SessionLine(
            each.pk,
            device(each.user_agent),
            each.ip,
            each.created_at,
            each.last_seen_at,
            each.session_key == current,
        )
        for each in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda line: (line.current, line.seen), reverse=True)


def device(agent: str) -> str:
    """What a person would call the browser, from what it says of itself."""
    browser = next((name for sign, name in BROWSERS if re.search(sign + r"\w*/", agent)), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return " on ".join(filter(None, (browser, system))) or "Something that does not say what it is"


def end(user: Any, *, only: str | None = None, but: str | None = None) -> int:
    """End sessions of an account: all, only the one with this id, or all but that with this key."""
    found = UserSession.objects.filter(user=user)
    if only is not None:
        found = found.filter(pk=int(only)) if only.isdecimal() else found.none()
    if but is not None:
        found = found.exclude(session_key=but)
    ending = list(found)
    get_adapter().end_sessions(ending)
    return len(ending)


@at_the_desk(lambda user: user.is_staff)
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """/admin/account/sessions/: one's own, each with the means to end it."""
    key = request.session.session_key
    if request.method == "POST":
        only = request.POST.get("session")
        ended = end(request.user, only=only, but=key if only is None else None)
        if not UserSession.objects.filter(user=request.user, session_key=key).exists():
            logout(request)
            return HttpResponseRedirect(reverse("account_login"))
        say_ended(request, ended)
        return HttpResponseRedirect(request.path)
    context = {"title": "Where you are logged in", "lines": lines(request.user, key), "own": True}
    return desk_page(request, "sessions", context)


def say_ended(request: HttpRequest, ended: int) -> None:
    words = {0: "There was no other session to end.", 1: "One session was ended."}
    messages.success(request, words.get(ended, f"{ended} sessions were ended."))


@receiver(post_save, sender=User)
def _end_with_the_account(instance: User, **kwargs: Any) -> None:
    """Who has no seat any more is out at once; Django asks at every request, this tidies up."""
    if not (instance.is_active and instance.is_staff):
        end(instance)


@receiver(password_reset)
def _chosen_by_mail(user: User, **kwargs: Any) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    end(user)
