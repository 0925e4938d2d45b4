"""What the API counts, and the tokens by which tools send drafts."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from negotiations.limits import TABLE


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0018_meeting_coordinates")]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE readout_api_calls"),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="what it is for")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("draft:sources", "draft sources"),
                                ("draft:people", "draft people"),
                                ("draft:meetings", "draft meetings"),
                                ("draft:statements", "draft statements"),
                                ("draft:actions", "draft actions"),
                                ("draft:open-matters", "draft open matters"),
                            ],
                            max_length=30,
                        ),
                        verbose_name="what it may do",
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                ("last_used_at", models.DateTimeField(editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SentDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("answer", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="negotiations.token",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "draft:sources",
                            "draft:people",
                            "draft:meetings",
                            "draft:statements",
                            "draft:actions",
                            "draft:open-matters",
                        ],
                    ),
                    ("scopes__len__gt", 0),
                ),
                name="token_scopes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sentdraft",
            constraint=models.UniqueConstraint(fields=("token", "key"), name="sentdraft_key_once"),
        ),
    ]
