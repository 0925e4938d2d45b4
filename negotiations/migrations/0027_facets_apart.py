"""What is counted of many matches, in a table of its own, which the next two fill and index."""

from __future__ import annotations

import django.contrib.postgres.search
from django.db import migrations, models

from negotiations.search.schema import FACETS_FOLLOW, NO_FACETS_FOLLOW, NO_VECTOR, VECTOR


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0026_language_of_letters_known"),
    ]

    operations = [
        migrations.RunSQL(VECTOR, NO_VECTOR),
        migrations.CreateModel(
            name="SearchFacets",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
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
                ("facets", models.BinaryField()),
                ("vector", django.contrib.postgres.search.SearchVectorField(null=True)),
            ],
        ),
        migrations.RunSQL(FACETS_FOLLOW, NO_FACETS_FOLLOW),
    ]
