"""The search index: its tables, how words are read, and the triggers that keep it."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from negotiations.insight.corroboration import FUNCTION
from negotiations.search.schema import INSTALL, REMOVE


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0002_functions_and_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchPublisher",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("record_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("party_id", models.BigIntegerField(null=True)),
                ("meeting_id", models.BigIntegerField(null=True)),
                ("source_id", models.BigIntegerField(null=True)),
                ("sort_date", models.DateField()),
                ("date_from", models.DateField(null=True)),
                ("date_until", models.DateField(null=True)),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "statements"),
                            (2, "actions"),
                            (3, "meetings"),
                            (4, "people"),
                            (5, "parties"),
                            (6, "topics"),
                            (7, "questions"),
                            (8, "open matters"),
                            (9, "processes"),
                        ]
                    ),
                ),
                ("date_precision", models.SmallIntegerField(null=True)),
                ("date_about", models.BooleanField(default=False)),
                ("facets", models.BinaryField()),
                ("title", models.TextField()),
                ("body", models.TextField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["vector"], name="searchentry_vector"
                    ),
                    models.Index(fields=["-sort_date", "-id"], name="searchentry_newest"),
                    models.Index(
                        condition=models.Q(("kind", 1), _negated=True),
                        fields=["-sort_date", "-id"],
                        name="searchentry_newest_titled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchName",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("record_id", models.BigIntegerField()),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "statements"),
                            (2, "actions"),
                            (3, "meetings"),
                            (4, "people"),
                            (5, "parties"),
                            (6, "topics"),
                            (7, "questions"),
                            (8, "open matters"),
                            (9, "processes"),
                        ]
                    ),
                ),
                ("name", models.TextField()),
                ("slug", models.TextField()),
                ("mark", models.TextField()),
                ("names", models.TextField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["vector"], name="searchname_vector"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False,
                        fields=["names"],
                        name="searchname_nearly",
                        opclasses=["gin_trgm_ops"],
                    ),
                    models.Index(fields=["kind", "slug"], name="searchname_by_address"),
                ],
            },
        ),
        migrations.RunSQL([FUNCTION, *INSTALL], [*REMOVE, "DROP FUNCTION readout_verdict"]),
    ]
