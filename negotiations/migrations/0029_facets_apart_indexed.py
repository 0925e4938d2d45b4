"""The index of the facets by their entries' words, made when all are there, while others write."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("negotiations", "0028_facets_apart_filled"),
    ]

    operations = [
        # What is left of a try that had to give way: it is not valid, and in the way of the next one.
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS searchfacets_vector", migrations.RunSQL.noop
        ),
        AddIndexConcurrently(
            "searchfacets",
            GinIndex(
                models.Func(models.F("id"), function="readout_vector"),
                fastupdate=False,
                name="searchfacets_vector",
            ),
        ),
    ]
