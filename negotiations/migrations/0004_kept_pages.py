"""What tells kept pages that something public has changed."""

from django.db import migrations

from negotiations.pages.freshness import CHANGES, NO_CHANGES


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0003_search_index")]
    operations = [migrations.RunSQL(CHANGES, NO_CHANGES)]
