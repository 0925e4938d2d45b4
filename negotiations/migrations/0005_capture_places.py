"""Where quoted words stand in a text, by the same reading as the rule that they must."""

from django.db import migrations

from negotiations.models.functions import FUNCTIONS


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0004_kept_pages")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
