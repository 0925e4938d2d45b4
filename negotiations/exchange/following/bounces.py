"""Reports that a letter could not be delivered (RFC 3464): after one that is for good, no other follows.

Which letter it was is read from the letter's own signed header in the part that the report gives back,
so that no address has to be guessed, and nobody can stop another's letters by making up a report.
"""

from __future__ import annotations

import mailbox
import tempfile
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negotiations.exchange.following import links, subscribing
from negotiations.exchange.following.sending import HARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from email.message import Message

TOKEN = "X-Readout-Letter"  # noqa: S105 - the name of a header


@dataclass
class Read:
    """What became of the messages read."""

    stopped: int = 0
    passing: int = 0
    other: int = 0


def read(messages: Iterable[Message]) -> Read:
    """Forget the addresses to which these reports say that nothing can ever be delivered."""
    counts = Read()
    for message in messages:
        statuses, token = _statuses(message), _token(message)
        try:
            letter = links.letter_of(token) if statuses and token else None
        except links.NoSuchLink:
            letter = None
        if letter is None:
            counts.other += 1
        elif any(HARD.fullmatch(status) for status in statuses):
            subscribing.forget(letter.subscription.follower)
            counts.stopped += 1
        else:
            counts.passing += 1
    return counts


def of_mailbox(path: Path) -> Iterator[Message]:
    """The messages of a file in the format mbox.

    Raises:
        OSError: it can't be read.
    """
    box = mailbox.mbox(path, create=False)
    try:
        yield from box
    finally:
        box.close()


def of_stream(content: bytes) -> Iterator[Message]:
    """One message as a mail server pipes it, or several as mbox."""
    if not content.startswith(b"From "):
        yield message_from_bytes(content, policy=policy.compat32)
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        yield from of_mailbox(Path(file.name))


def _statuses(report: Message) -> list[str]:
    """The status of each recipient that failed, as the report gives it."""
    found = []
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks: Any = part.get_payload() if part.is_multipart() else []
        for fields in blocks:
            if str(fields.get("Action", "")).strip().lower() == "failed":
                found.append(str(fields.get("Status", "")).split("(")[0].strip())
    return found


def _token(report: Message) -> str:
    """The signed number of the letter that is given back, whole or its headers only."""
    for part in report.walk():
        given: Any
        if part.get_content_type() == "message/rfc822":
            given = part.get_payload(0) if part.is_multipart() else None
        elif part.get_content_type() == "text/rfc822-headers":
            headers: Any = part.get_payload(decode=True)
            given = message_from_bytes(headers or b"")
        else:
            continue
        if given is not None and (token := given.get(TOKEN)):
            return "".join(str(token).split())
    return ""
