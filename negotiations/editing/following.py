"""What an operator sees of following by e-mail: numbers, and letters that failed; no address."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.views.decorators.http import require_safe

from negotiations.editing.accounts.users import may_administer
from negotiations.editing.pages import TOOLS, Tool, at_the_desk, desk_page
from negotiations.languages import LANGUAGES
from negotiations.models import Follower, Letter, Subscription

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LATELY = dt.timedelta(days=7)
MOST = 100
TOOLS += [
    Tool(
        "/admin/following/",
        "Following",
        "How many follow, and which letters failed.",
        may_administer,
    )
]


@at_the_desk(may_administer)
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """/admin/following/"""
    confirmed = Q(confirmed_at__isnull=False)
    since = timezone.now() - LATELY
    languages = Subscription.objects.confirmed().values_list("language")
    context = {
        "title": "Following",
        "sends": bool(settings.MAILERS),
        "addresses": Follower.objects.filter(
            pk__in=Subscription.objects.confirmed().values("follower")
        ).count(),
        "subscriptions": Subscription.objects.aggregate(
            daily=Count("pk", filter=confirmed & Q(frequency="daily")),
            weekly=Count("pk", filter=confirmed & Q(frequency="weekly")),
            unconfirmed=Count("pk", filter=~confirmed),
        ),
        "languages": [
            (LANGUAGES[code], number)
            for code, number in languages.annotate(Count("pk")).order_by("language")
        ],
        "letters": Letter.objects.aggregate(
            waiting=Count("pk", filter=Q(sent_at=None, given_up=False)),
            lately=Count("pk", filter=Q(sent_at__gte=since)),
            last=Max("sent_at"),
        ),
        "failed": Letter.objects.exclude(trouble="")
        .select_related("subscription__follower")
        .order_by("-made_at")[:MOST],
    }
    return desk_page(request, "following", context)
