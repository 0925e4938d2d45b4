"""What an operator sees of following by e-mail."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from negotiations.models import Follower, Letter, Subscription
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_administrator_sees_numbers_and_troubles_but_no_address(client: Client) -> None:
    follower = Follower.objects.create(address="anna.reader@paper.example")
    now = timezone.now()
    confirmed = Subscription.objects.create(
        follower=follower,
        what="record",
        which="topic-1",
        language="ru",
        confirmed_at=now,
        told_until=now,
    )
    Subscription.objects.create(follower=follower, what="record", which="topic-2")
    Letter.objects.create(
        subscription=confirmed, purpose="confirm", period="x", attempts=6, given_up=True,
        trouble="5.7.1",
    )  # fmt: skip
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    page = client.get("/admin/following/").content.decode()
    assert "a…@p….example" in page
    assert "5.7.1" in page
    assert "none: given up" in page
    assert '<span lang="ru">Русский</span></th><td>1</td>' in page
    assert "anna" not in page
    assert "paper" not in page
    assert "/admin/following/" in client.get("/admin/").content.decode()


def test_it_is_for_administrators_only(client: Client) -> None:
    client.force_login(factories.UserFactory(group="reviewer"))
    assert client.get("/admin/following/").status_code == 403
