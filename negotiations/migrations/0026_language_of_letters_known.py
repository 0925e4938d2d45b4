"""The rule that 0025 made for new subscriptions, looked up for the old ones while others write."""

from __future__ import annotations

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0025_language_of_letters"),
    ]

    operations = [
        ValidateConstraint(model_name="subscription", name="subscription_language_is_known"),
    ]
