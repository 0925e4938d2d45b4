"""What an import leaves behind: which row became which record, and files that wait for a yes."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ImportKey(models.Model):
    """Which record a row of an imported file became, so that the same row never makes a second.

    `columns` has for each column the marks of what the file said and of what was stored: a later
    import can tell what changed in the file, and what an editor changed since.
    """

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    record_id = models.BigIntegerField()
    columns = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "key"], name="importkey_is_one_records"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"


class ImportFile(models.Model):
    """A file whose dry run an editor is looking at. It goes once it is imported, or after a day."""

    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    encoding = models.CharField(max_length=30, blank=True)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    # What the dry run found, as the page shows it.
    findings = models.JSONField()

    def __str__(self) -> str:
        return self.name
