"""In which language a follower is written to: English for all who asked before, and for the version before."""

from __future__ import annotations

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0024_translated_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("ru", "Русский"), ("ar", "العربية")],
                db_default="en",
                default="en",
                max_length=10,
            ),
        ),
        AddConstraintNotValid(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=Q(("language__in", ["en", "ru", "ar"])),
                name="subscription_language_is_known",
            ),
        ),
    ]
