"""Drafts cost the search index next to nothing."""

from django.db import migrations

from negotiations.search.schema import REFRESH


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0012_accounts")]

    operations = [migrations.RunSQL(REFRESH, migrations.RunSQL.noop)]
