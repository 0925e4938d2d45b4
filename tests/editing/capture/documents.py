"""Documents for the tests, good and hostile, made in memory."""

from __future__ import annotations

import io
import zipfile

import docx
from pypdf import PdfWriter

ARTICLE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Talks end | The Herald</title>
<meta property="og:site_name" content="The Herald"><meta property="og:title" content="Talks end">
<meta property="og:type" content="article"><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2025-02-18T10:00:00Z">
<script>alert("in the head")</script></head><body><nav><a href="/">Home</a> <a href="/x">World</a></nav>
<article><h1>Talks end</h1><p>The sides “heard each other”, Mr Smith said.</p>
<script>document.write("written")</script><p onclick="evil()">Writing &lt;script&gt; is no crime.</p>
<blockquote><p>“It was useful,” he added.</p></blockquote></article><footer>Imprint</footer></body></html>"""


def word(*paragraphs: str, body: str = "", parts: dict[str, str] | None = None) -> bytes:
    """A Word file; `body` is XML put before its end, `parts` replace files inside it."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    made = io.BytesIO()
    document.save(made)
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = (parts or {}).get(name) or old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                content = content.replace("<w:sectPr", f"{body}<w:sectPr", 1)
            new.writestr(name, content.encode("utf-8", "surrogateescape"))
    return out.getvalue()


def bomb() -> bytes:
    """A Word file of some kilobytes that unpacks to 200 MB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("word/document.xml", "w") as part,
    ):
        for _ in range(200):
            part.write(b" " * 2**20)
    return out.getvalue()


def pdf(*lines: str, password: str = "") -> bytes:
    """A PDF of one page with these lines; without any, it is a blank page."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    content = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n"
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    if not password:
        return made
    writer = PdfWriter(clone_from=io.BytesIO(made))
    writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
