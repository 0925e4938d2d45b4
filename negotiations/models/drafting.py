"""What the desk remembers of an editor's work at a source. None of it is a record or ever public."""

from __future__ import annotations

from django.db import models

from negotiations.models.meetings import Meeting
from negotiations.models.sources import Source
from negotiations.models.topics import Topic
from negotiations.models.users import User


class Workplace(models.Model):
    """Where an editor works at a source: for which meeting, and on which topic just now."""

    editor = models.ForeignKey(User, models.CASCADE, related_name="workplaces")
    source = models.ForeignKey(Source, models.CASCADE, related_name="workplaces")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="+")
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["editor", "source"], name="workplace_once"),)

    def __str__(self) -> str:
        return f"{self.editor} at {self.source}"


class SectionTopic(models.Model):
    """The topic of what stands under one heading of a source, for the drafts made there."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="section_topics")
    heading = models.CharField(max_length=200)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "heading"], name="section_has_one_topic"),
        )

    def __str__(self) -> str:
        return f"{self.heading}: {self.topic}"


class Dismissal(models.Model):
    """That a suggestion of the extractor was dismissed. `suggestion` tells it from all others by
    its words, not its place, so that a new capture of the text does not bring it back.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="dismissals")
    suggestion = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "suggestion"], name="dismissed_once"),
        )

    def __str__(self) -> str:
        return f"{self.suggestion} in {self.source}"
