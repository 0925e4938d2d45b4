"""Four eyes: nobody publishes their own where the setting says so."""

from __future__ import annotations

import pghistory
import pytest

from negotiations.models import (
    Topic,
)
from negotiations.models.visibility import (
    NotReady,
    publish,
    send_to_review,
)
from tests import factories as make
from tests.editing.review.conftest import by, logged_in, person, publish_whole, status
from tests.editing.test_desk import form_of, sentences

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("four_eyes")
def test_nobody_publishes_what_they_made_and_the_sentence_names_who_may() -> None:
    anna, _boris = person("anna"), person("boris")
    make.UserFactory(username="carla", group="editor")
    topic = by(anna, make.TopicFactory)
    with pytest.raises(
        NotReady, match=r"another reviewer publishes it. It needs the eyes of boris\."
    ):
        publish(topic, anna)
    assert status(topic) == "draft"
    assert publish(topic, _boris) == 1


@pytest.mark.usefixtures("four_eyes")
def test_who_changed_the_words_last_does_not_publish_them_either() -> None:
    anna, boris, carla = person("anna"), person("boris"), person("carla")
    topic = by(anna, make.TopicFactory)
    with pghistory.context(user=boris.pk):
        Topic.objects.update(description="In other words.")
    with pytest.raises(NotReady, match=r"the eyes of carla\."):
        publish(topic, boris)
    assert publish(topic, carla) == 1


@pytest.mark.usefixtures("four_eyes")
def test_sending_to_review_makes_nobody_an_author() -> None:
    anna, boris = person("anna"), person("boris")
    topic = by(anna, make.TopicFactory)
    with pghistory.context(user=boris.pk):
        send_to_review(topic)
        Topic.objects.get().save()  # a form saved without a change
    assert publish(topic, boris) == 1


@pytest.mark.usefixtures("four_eyes")
def test_a_part_has_its_own_author() -> None:
    anna, boris = person("anna"), person("boris")
    meeting = by(anna, make.MeetingFactory)
    by(boris, make.DelegationFactory, meeting=meeting)
    with pytest.raises(NotReady, match=r"at Meeting"):
        publish(meeting, boris)
    assert status(meeting) == "draft"


@pytest.mark.usefixtures("four_eyes")
def test_without_another_reviewer_the_sentence_says_so() -> None:
    anna = person()
    with pytest.raises(NotReady, match="There is no other reviewer yet"):
        publish(by(anna, make.TopicFactory), anna)


@pytest.mark.usefixtures("four_eyes")
def test_what_a_command_made_anybody_publishes() -> None:
    assert publish(make.TopicFactory(status="draft"), person()) == 1


def test_where_the_setting_is_off_one_person_is_enough() -> None:
    anna = person()
    assert publish(by(anna, make.TopicFactory), anna) == 1


@pytest.mark.usefixtures("four_eyes")
@pytest.mark.parametrize("way", ["form", "list", "whole"])
def test_every_way_to_publish_asks_for_other_eyes(way: str) -> None:
    anna = person()
    meeting = by(anna, make.MeetingFactory)
    client = logged_in(anna)
    address = f"/admin/negotiations/meeting/{meeting.pk}/change/"
    if way == "form":
        page = client.post(address, {**form_of(client, address), "_publish": "1"}, follow=True)
    elif way == "list":
        chosen = {"action": "act_publish", "_selected_action": meeting.pk}
        page = client.post("/admin/negotiations/meeting/", chosen, follow=True)
    else:
        page = publish_whole(client, meeting)
    assert "another reviewer publishes it" in sentences(page)
    assert status(meeting) == "draft"


@pytest.mark.parametrize(
    ("hosts", "value", "on"),
    [("", "", False), ("example.org", "", True), ("example.org", "0", False), ("", "1", True)],
)
def test_four_eyes_are_for_production_unless_the_environment_says_otherwise(
    hosts: str, value: str, on: bool
) -> None:
    assert settings_of(READOUT_HOSTS=hosts, READOUT_FOUR_EYES=value).strip() == str(on)


def test_a_setting_that_can_not_be_read_is_told() -> None:
    assert "READOUT_FOUR_EYES is 'maybe'" in settings_of(READOUT_FOUR_EYES="maybe")


def settings_of(**environment: str) -> str:
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", "from negotiations.settings import FOUR_EYES; print(FOUR_EYES)"],
        env={**os.environ, "READOUT_SECRET_KEY": "x" * 50, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
