"""Words beside typographic marks are found under the locale C, too."""

from django.db import migrations

from negotiations.search.schema import FUNCTIONS

AGAIN = """
UPDATE negotiations_searchname n SET vector = x.vector FROM readout_names x
  WHERE x.id = n.id AND x.vector <> n.vector;
UPDATE negotiations_searchentry e SET vector = x.vector FROM readout_entries x
  WHERE x.id = e.id AND x.vector <> e.vector;
"""


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0021_wikidata")]

    operations = [migrations.RunSQL([FUNCTIONS, AGAIN], migrations.RunSQL.noop)]
