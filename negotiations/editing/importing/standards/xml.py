"""XML of others, read safely: no entities, no document type, nothing fetched, nothing endless."""

from __future__ import annotations

from typing import Any

from lxml import etree

from negotiations.editing.importing.reading import Unreadable

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parsed(content: bytes) -> Any:
    """The root element.

    Raises:
        Unreadable: it is no XML, declares a document type, or is nested or long beyond measure.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"The file is no XML that can be read: {error.msg}.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("The file declares a document type, with which entities come: remove it.")
    return root


def local(element: Any) -> str:
    return str(etree.QName(element).localname)


def number(element: Any) -> str:
    """Its id, as the standard names it now or once did."""
    return element.get("eId") or element.get("id") or ""


def first(element: Any, name: str) -> Any:
    """The first element of this name within."""
    return next(element.iter(f"{{*}}{name}"), None)


def text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
