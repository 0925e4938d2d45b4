"""What tests of following by e-mail do again and again."""

from __future__ import annotations

import datetime as dt
import io
import re
import threading
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from negotiations.models import Correction, Follower, Subscription

if TYPE_CHECKING:
    pass

READER = "reader@mail.example"


def ask(
    client: Client, query: str, address: str = READER, frequency: str = "daily", *, prefix: str = ""
) -> Any:
    """Fill in the form; `prefix` is that of the page's language."""
    return client.post(f"{prefix}/follow/?{query}", {"address": address, "frequency": frequency})


def run() -> str:
    out = io.StringIO()
    call_command("send_digests", stdout=out)
    return out.getvalue()


def link(letter: Any, what: str) -> str:
    """The path of a link in a letter's plain text, and only of this site's own name."""
    found = re.search(
        rf"^.*?(https://readout\.example)((?:/ru|/ar)?/follow/{what}/\S+)$",
        text(letter),
        re.MULTILINE,
    )
    assert found
    return found[2]


def text(letter: Any) -> str:
    return str(letter.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def html(letter: Any) -> str:
    return str(letter.get_body(("html",)).get_content())


def following(
    what: Any, *, address: str = READER, frequency: str = "daily", language: str = "en"
) -> Subscription:
    """Somebody who has followed it for ten days."""
    which = what if isinstance(what, str) else f"{what._meta.model_name}-{what.pk}"
    follower, _ = Follower.objects.get_or_create(address=address)
    then = timezone.now() - dt.timedelta(days=10)
    return Subscription.objects.create(
        follower=follower, what="search" if "=" in which else "record", which=which,
        frequency=frequency, language=language, confirmed_at=then, told_until=then,
    )  # fmt: skip


def earlier() -> None:
    """What is in the database became public yesterday."""
    Correction.objects.update(at=timezone.now() - dt.timedelta(days=1))


def together(act: Any, each: Any) -> None:
    """Do it for each, all at once."""
    threads = [threading.Thread(target=act, args=(one,)) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
