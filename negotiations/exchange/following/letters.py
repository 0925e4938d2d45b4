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
from negotiations.languages import counted, gettext, speaking
from negotiations.models import Letter
from negotiations.models.corrections import Correction

if TYPE_CHECKING:
    from negotiations.exchange.following.news import News

What = Correction.What
MOST_TOLD = 100
LONGEST_TITLE = 100
# The kinds of what is published, in the order in which they are told; then all others.
KINDS = (
    "meeting",
    "statement",
    "question",
    "position",
    "action",
    "account",
    "progress",
    "openmatter",
)
OTHER = "other"
ORDER = (What.PUBLISHED, What.CORRECTED, What.WITHDRAWN)


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """The letter as it goes out now, in its language; None if a digest has nothing to tell.

    Raises:
        NotFollowable: what it is about can't be found any more.
    """
    with speaking(letter.subscription.language):
        return _composed(letter)


def _composed(letter: Letter) -> EmailMultiAlternatives | None:
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
        headline = gettext("You follow “{title}” already").format(title=_short(subject))
        return _message(letter, "already", headline, context)
    context |= {"confirm": links.to_confirm(subscription), "days": subscription.LASTS.days}
    headline = gettext("Please confirm: follow “{title}”").format(title=_short(subject))
    return _message(letter, "confirm", headline, context)


def _place(news: News) -> tuple[int, int, int]:
    """What is published before what is corrected and withdrawn; by kind, then in the order entered."""
    kind = KINDS.index(news.kind) if news.kind in KINDS else len(KINDS)
    return ORDER.index(news.what), kind, news.id


def _short(subject: Subject) -> str:
    text = " ".join(subject.title.split())
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"


def _headline(subject: Subject, told: list[News]) -> str:
    """What is new, in numbers: “Talks: 2 statements, 1 correction”."""
    found = Counter(_counted_as(each) for each in told)
    numbers = {
        "meeting": counted("{number} meeting", "{number} meetings", found["meeting"]),
        "statement": counted("{number} statement", "{number} statements", found["statement"]),
        "question": counted("{number} question", "{number} questions", found["question"]),
        "position": counted("{number} position", "{number} positions", found["position"]),
        "action": counted("{number} action", "{number} actions", found["action"]),
        "account": counted("{number} account", "{number} accounts", found["account"]),
        "progress": counted(
            "{number} progress report", "{number} progress reports", found["progress"]
        ),
        "openmatter": counted("{number} open matter", "{number} open matters", found["openmatter"]),
        What.CORRECTED: counted(
            "{number} correction", "{number} corrections", found[What.CORRECTED]
        ),
        What.WITHDRAWN: counted(
            "{number} withdrawal", "{number} withdrawals", found[What.WITHDRAWN]
        ),
        OTHER: counted("{number} other record", "{number} other records", found[OTHER]),
    }
    listed = gettext(", ").join(words for what, words in numbers.items() if found[what])
    if len(told) > MOST_TOLD:
        listed = gettext("{listed} and more").format(listed=listed)
    return f"{_short(subject)}: {listed}"


def _counted_as(news: News) -> str:
    """Under which of the headline's numbers it falls."""
    if news.what != What.PUBLISHED:
        return news.what
    return news.kind if news.kind in KINDS else OTHER


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
