"""A changed citation of what is public is a correction too."""

from django.db import migrations, models

from negotiations.models.corrections import NO_NOTING_CITATIONS, NOTING_CITATIONS


class Migration(migrations.Migration):
    dependencies = [
        ("negotiations", "0014_facets_with_ids"),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="citation_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(NOTING_CITATIONS, NO_NOTING_CITATIONS),
    ]
