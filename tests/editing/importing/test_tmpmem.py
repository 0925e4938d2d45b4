import io,tracemalloc,pytest
from negotiations.editing.importing.kinds import KINDS
from negotiations.editing.importing.running import run
from tests import factories
pytestmark = pytest.mark.django_db
def test_m():
    factories.PartyFactory(slug="russia")
    text = io.BytesIO(); text.write(b"key,party,form,words\n")
    for n in range(5000):
        text.write(f"{n},russia,paraphrase,{'word ' * 60}{n}\n".encode())
    snaps=[]
    def progress(rows,total,about):
        for i,r in enumerate(rows):
            if i in (1490,4490): snaps.append(tracemalloc.take_snapshot())
            yield r
    tracemalloc.start(3)
    run(text, "s.csv", KINDS["statement"], write=True, progress=progress)
    for st in snaps[1].compare_to(snaps[0],'traceback')[:6]:
        print(st); print('\n'.join(st.traceback.format()))
    assert 0
