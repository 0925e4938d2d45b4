"""What the letters say: plain text, and the same as simple HTML; each sentence leads to its record."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from negotiations.exchange.following import links
from negotiations.exchange.following.addresses import base, host
from negotiations.exchange.following.subjects import Subject, followed, news_of
from negotiations.models import Letter
from negotiations.models.corrections import Correction

if TYPE_CHECKING:
    from negotiations.exchange.following.news import News

MOST_TOLD = 100
LONGEST_TITLE = 100
# What a publication is called among what is new, in the order in which it is told.
NEW = {
    "meeting": "meeting",
    "statement": "statement",
    "question": "question",
    "position": "position",
    "action": "action",
    "account": "account",
    "progress": "progress report",
    "openmatter": "open matter",
}
OTHER = "other record"
ORDER = (Correction.What.PUBLISHED, Correction.What.CORRECTED, Correction.What.WITHDRAWN)


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """The letter as it goes out now; None if a digest has nothing to tell.

    Raises:
        NotFollowable: what it is about can't be found any more.
    """
    subscription = letter.subscription
    subject = followed(subscription)
    context: dict[str, Any] = {
        "subscription": subscription,
        "subject": subject,
        "base": base(),
        "host": host(),
        "manage": links.to_manage(subscription.follower),
    }
    if letter.since and letter.until:
        told = news_of(subscription, MOST_TOLD + 1, letter.since, letter.until)
        if not told:
            return None
        context |= {"told": sorted(told[:MOST_TOLD], key=_place), "more": len(told) > MOST_TOLD}
        context |= {"letter": letter, "stop": links.to_stop(subscription)}
        return _message(letter, "digest", _headline(subject, told), context)
    if subscription.confirmed_at:
        return _message(letter, "already", f"You follow “{_short(subject)}” already", context)
    context |= {"confirm": links.to_confirm(subscription), "days": subscription.LASTS.days}
    return _message(letter, "confirm", f"Please confirm: follow “{_short(subject)}”", context)


def _place(news: News) -> tuple[int, int, int]:
    """What is published before what is corrected and withdrawn; by kind, then in the order entered."""
    kinds = [*NEW]
    kind = kinds.index(news.kind) if news.kind in NEW else len(kinds)
    return ORDER.index(news.what), kind, news.id


def _short(subject: Subject) -> str:
    text = " ".join(subject.title.split())
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"


def _headline(subject: Subject, told: list[News]) -> str:
    """What is new, in numbers: “Talks: 2 statements, 1 correction”."""
    names: dict[str, str] = {
        Correction.What.CORRECTED: "correction",
        Correction.What.WITHDRAWN: "withdrawal",
    }
    found = Counter(names.get(each.what) or NEW.get(each.kind, OTHER) for each in told)
    order = sorted(found, key=lambda name: [*NEW.values(), *names.values(), OTHER].index(name))
    parts = [f"{found[name]} {name}{'s' * (found[name] != 1)}" for name in order]
    more = " and more" if len(told) > MOST_TOLD else ""
    return f"{_short(subject)}: {', '.join(parts)}{more}"


def _message(
    letter: Letter, template: str, subject: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    subscription = letter.subscription
    headers = {
        # The same whenever this letter is sent.
        "Message-ID": f"<{letter.purpose}.{subscription.pk}.{letter.pk}@{host()}>",
        "Auto-Submitted": "auto-generated",
        "X-Readout-Letter": links.letter_token(letter),
    }
    if template == "digest":
        headers |= {
            "List-Id": f"<follow.{host()}>",
            "List-Unsubscribe": f"<{context['stop']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    text = render_to_string(f"following/email/{template}.txt", context)
    message = EmailMultiAlternatives(
        f"Readout: {subject}",
        text,
        settings.DEFAULT_FROM_EMAIL,
        [subscription.follower.address],
        headers=headers,
    )
    html = render_to_string(f"following/email/{template}.html", {**context, "title": subject})
    message.attach_alternative(html, "text/html")
    return message
