import pytest, json, io
from django.core.management import call_command, CommandError
from django.test import Client
from negotiations.editing.sample import load_riyadh
from negotiations.models import *
@pytest.mark.django_db
def test_x(client,tmp_path):
    load_riyadh()
    r=client.get("/data/popolo.json"); 
    f=tmp_path/"ours.json"; f.write_bytes(b"".join(r.streaming_content))
    out=io.StringIO()
    call_command("import_popolo",str(f),"--write",stdout=out); print(out.getvalue())
    from django.db import connection
    n=Person.objects.count()
    from tests import factories
    with connection.cursor() as c:
        c.execute("TRUNCATE negotiations_person, negotiations_party, negotiations_process, negotiations_source, negotiations_topic, negotiations_formerslug, negotiations_importkey CASCADE")
    for i in range(2):
        out=io.StringIO()
        try: call_command("import_popolo",str(f),"--write",stdout=out, )
        finally: print(out.getvalue())
    print(Person.objects.count(), Statement.objects.count(), Delegate.objects.count())
    r=client.get("/data/popolo.json"); assert json.loads(b"".join(r.streaming_content))["persons"]==[]
    assert 0
