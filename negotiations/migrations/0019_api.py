from __future__ import annotations

from django.db import migrations

from negotiations.exchange.api.limits import TABLE


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0018_meeting_coordinates")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE readout_api_calls")]
