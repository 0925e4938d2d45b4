"""The site described to a browser's search box, to language models, and to who finds a weakness."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from lxml import etree
from lxml.builder import ElementMaker

if TYPE_CHECKING:
    from django.http import HttpRequest

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
# https://llmstxt.org: a title, a summary, then links by section.
LLMS = """\
# Readout

> What came out of negotiations, as records: who met, who said what word for word, what was agreed and
> by whose account, what stays open. Every sentence leads to its source. Readout takes no side: a
> claim is always somebody’s claim.

Quote a statement as verbatim only where its form is “verbatim”; a paraphrase is Readout’s wording.
Say of an action by whose account it is known (all sides, one side, disputed). A date that is only a
month or a year is no day. Cite the record’s permanent address, or better its version’s. Records are
under CC BY 4.0; quoted words belong to those who spoke them. Demonstration data is invented, and
marked as such.

## To read with a program

- [The API]({base}/api/): documentation of the read-only JSON API, with OpenAPI at /api/v1/
- [All records in one file]({base}/data/datapackage.json): a Data Package (CSV) of all that is public
- [MCP]({base}/mcp): Model Context Protocol endpoint to search, get and compare
- [Sitemap]({base}/sitemap.xml): the address of every record

## To read

- [About]({base}/about/): what the words mean, and how claims are told apart
- [Data]({base}/data/): what is here, and how it may be used
- [Search]({base}/search/): the query language, explained on the page
- [Changes]({base}/changes/): what was corrected or withdrawn after it was published
- [Actions tracker]({base}/actions/tracker/): what became of what was agreed

## Beside each record’s page

- Its citation: the page’s address and cite/, or without the last slash .bib, .ris, .csl.json
- Its versions: the page’s address and v1/, v2/ and so on
"""


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The search as OpenSearch 1.1 describes it, for a browser to offer."""
    base = request.build_absolute_uri("/")
    make = ElementMaker(namespace=OPENSEARCH, nsmap={None: OPENSEARCH})
    described = make.OpenSearchDescription(
        make.ShortName("Readout"),
        make.Description("What came out of negotiations: who said what, what was agreed."),
        make.InputEncoding("UTF-8"),
        make.Language("en"),
        make.Image(f"{base}favicon.ico", height="16", width="16", type="image/svg+xml"),
        make.Url(type="text/html", template=f"{base}search/?q={{searchTerms}}"),
        make.Url(type="application/atom+xml", template=f"{base}search/feed/?q={{searchTerms}}"),
        make.Url(
            type="application/opensearchdescription+xml",
            rel="self",
            template=f"{base}opensearch.xml",
        ),
    )
    return HttpResponse(
        etree.tostring(described, xml_declaration=True, encoding="UTF-8"),
        content_type="application/opensearchdescription+xml",
    )


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """What the site is and where a program reads it, for language models."""
    text = LLMS.format(base=request.build_absolute_uri("/").rstrip("/"))
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); not there if READOUT_SECURITY_CONTACT is unset."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    # The RFC asks for less than a year; counted from the first of the month, for who keeps it.
    until = timezone.now().replace(day=1, hour=0, minute=0, second=0) + dt.timedelta(days=180)
    base = request.build_absolute_uri("/").rstrip("/")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {base}{request.path}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
