"""The facets of a match begin with its day and id, so that many are read from one column."""

from django.db import migrations

from negotiations.search.schema import SEARCHABLE

# Those that were written before begin with a code, which is never negative.
ADD = """
UPDATE negotiations_searchentry SET facets = int4send(-1 - (sort_date - DATE '0001-01-01'))
  || int4send((id >> 30)::integer) || int4send((id & 1073741823)::integer) || facets
WHERE get_byte(facets || '\\x00', 0) < 128
"""


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0013_drafts_unsearched")]

    operations = [migrations.RunSQL([SEARCHABLE, ADD], migrations.RunSQL.noop)]
