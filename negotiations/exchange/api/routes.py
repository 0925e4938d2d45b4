"""The addresses of the API. Their parameters, answers and descriptions follow from those of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from negotiations.exchange.api import answering, schema
from negotiations.exchange.api.problems import Problem, problem
from negotiations.exchange.records.all import ALL
from negotiations.exchange.records.results import RESULT

if TYPE_CHECKING:
    from negotiations.exchange.records.resources import Resource

DESCRIPTION = """What Readout knows: who met, who said what, what was agreed and by whose account.

All is read-only and open to any site, but for drafts, which editors’ tools send with a token. Lists
take the filters and the query language of the site’s pages. Numbers and addresses stay. Dates are as
exact as they are known. Invented records (“demonstration data”) come only with data=demonstration."""

api = NinjaAPI(
    title="Readout",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, Problem)  # noqa: S101 - as registered
    return problem(error.status, error.detail, error.errors)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, HttpError)  # noqa: S101 - as registered
    response = problem(error.status_code)
    if error.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(400)


def _add_list(resource: Resource) -> None:
    is_source = resource.kind is None
    parameters = schema.of_sources(resource) if is_source else schema.of_lists(resource)
    answer = answering.sources if is_source else answering.listed

    def view(request: HttpRequest) -> HttpResponse:
        return answer(request, resource)

    view.__doc__ = f"{resource.says} Newest first, unless told otherwise."
    api.get(
        f"/{resource.path}",
        operation_id=f"list_{resource.path.replace('-', '_')}",
        summary=f"List {resource.label.lower()}",
        tags=[resource.label],
        url_name=f"{resource.path}-list",
        openapi_extra={
            "parameters": parameters,
            "responses": schema.responses(schema.page_of(resource), 400, 404, 409, 429, 503),
        },
    )(view)


def _add_detail(resource: Resource) -> None:
    what = resource.name.replace("_", " ")
    here = f"{answering.PREFIX}{resource.path}/{{}}"
    says = (
        "Its number, or the last part of its page’s address."
        if resource.has_slug
        else "Its number."
    )
    pattern = schema.SLUG if resource.has_slug else "^[0-9]{1,18}$"

    def view(request: HttpRequest, address: str) -> HttpResponse:
        return answering.record(request, resource, address, here)

    view.__doc__ = resource.says
    api.get(
        f"/{resource.path}/{{address}}",
        operation_id=f"get_{resource.name}",
        summary=f"One {what}",
        tags=[resource.label],
        url_name=f"{resource.path}-one",
        openapi_extra={
            "parameters": schema.of_records(resource),
            "responses": {
                **schema.responses(
                    {"$ref": f"#/components/schemas/{resource.title}"}, 400, 404, 410, 429, 503
                ),
                301: {"description": "It has another address now."},
            },
        },
    )(view)
    ADDRESSES[f"{answering.PREFIX}{resource.path}/{{address}}"] = (says, pattern)


ADDRESSES: dict[str, tuple[str, str]] = {}  # what the path's parameter is, by path


@api.get(
    "/search",
    operation_id="search",
    summary="Search all kinds",
    tags=["Search"],
    url_name="search",
    openapi_extra={
        "parameters": schema.of_lists(RESULT),
        "responses": schema.responses(schema.page_of(RESULT), 400, 404, 409, 429, 503),
    },
)
def search(request: HttpRequest) -> HttpResponse:
    """Records of all kinds that the words find, the likeliest first; without words the newest."""
    return answering.searched(request)


for _resource in ALL:
    _add_list(_resource)
    _add_detail(_resource)


def described(base: str) -> dict[str, Any]:
    """The whole description, OpenAPI 3.1."""
    found = dict(api.get_openapi_schema(path_prefix=answering.PREFIX.strip("/") + "/"))
    for path, (says, pattern) in ADDRESSES.items():
        for operation in found["paths"][path].values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    parameter["schema"] = {"type": "string", "pattern": pattern}
                    parameter["description"] = says
    found["components"]["schemas"] |= schema.components()
    found["servers"] = [{"url": base}]
    return found


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description as JSON."""
    import json

    made = described(answering.base_of(request))
    return answering.answer(json.dumps(made, ensure_ascii=False))
