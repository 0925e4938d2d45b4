"""What comes back of the letters."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from negotiations.models import Follower
from tests import factories
from tests.exchange.following.mail import READER, earlier, following, run

if TYPE_CHECKING:
    from tests.exchange.following.conftest import Mailbox

pytestmark = pytest.mark.django_db


REPORT = """From: MAILER-DAEMON@mail.example
To: readout@readout.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {reader}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no

--b
Content-Type: {given}

{original}
--b--
"""


def report(
    letter: Any, status: str, action: str = "failed", given: str = "message/rfc822"
) -> bytes:
    original = letter.as_string()
    if given == "text/rfc822-headers":
        original = original.split("\n\n")[0] + "\n"
    return REPORT.format(
        reader=READER, action=action, status=status, given=given, original=original
    ).encode()


def bounce(content: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    call_command("read_bounces", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("given", ["message/rfc822", "text/rfc822-headers"])
def test_after_a_hard_bounce_no_letter_follows(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    following(factories.TopicFactory())
    following(factories.TopicFactory(), address="other@mail.example")
    earlier()
    run()
    letter = next(each for each in mailbox.letters if each["To"] == READER)
    for passing in (
        report(letter, "4.4.7"),
        report(letter, "5.2.2"),
        report(letter, "5.1.1", "delayed"),
    ):
        bounce(passing, monkeypatch)
    forged = report(letter, "5.1.1").replace(b"X-Readout-Letter: ", b"X-Readout-Letter: 9")
    for other in (forged, b"", b"From: x\n\nHello", b"\xff\0 \n" * 50, b"From x\n" * 3):
        assert "0 addresses" in bounce(other, monkeypatch)
    assert Follower.objects.count() == 2
    hard = report(letter, "5.1.1 (no such user)", given=given)
    assert "1 addresses will never do" in bounce(hard, monkeypatch)
    assert [each.address for each in Follower.objects.all()] == ["other@mail.example"]


def test_a_mailbox_of_reports_is_read(mailbox: Mailbox, tmp_path: Any) -> None:
    following(factories.TopicFactory())
    earlier()
    run()
    box = tmp_path / "box"
    content = report(mailbox.letters[0], "5.1.1").decode()
    box.write_text(
        f"From a@b Mon Jan  1 00:00:00 2024\n{content}\nFrom a@b Mon Jan  1 00:00:00 2024\n{content}\n"
    )
    out = io.StringIO()
    call_command("read_bounces", str(box), stdout=out)
    assert out.getvalue().startswith("1 addresses will never do and were deleted, 0 troubles")
    assert not Follower.objects.exists()
    with pytest.raises(CommandError, match="There is no file"):
        call_command("read_bounces", str(tmp_path / "none"))
