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
        AddIndexConcurrently(
            "searchfacets",
            GinIndex(
                models.Func(models.F("id"), function="readout_vector"),
                fastupdate=False,
                name="searchfacets_vector",
            ),
        ),
    ]
