"""XML from strangers: no DTD, no entities, no inclusion, no network, and not too deep."""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree

from cat.errors import FileRefused

Node = Any  # lxml brings no types

XINCLUDE = "http://www.w3.org/2001/XInclude"
MOST_BYTES = 5 * 1024 * 1024
MOST_DEPTH = 100
MOST_ELEMENTS = 50_000
_DECLARATION = re.compile(r"\s*<\?xml\b([^>]*)\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def parse(
    data: bytes, place: str, *, most_bytes: int = MOST_BYTES, most_elements: int = MOST_ELEMENTS
) -> Node:
    """The root element of an XML document, without comments.

    place : the name that refusals give to the document.

    Raises FileRefused naming place and rule.
    """
    if len(data) > most_bytes:
        raise FileRefused(f"{place}: XML paling banyak {most_bytes // 1024 // 1024} MB.")
    text = _decoded(data, place)
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise FileRefused(f"{place}: DTD dan entitas tidak diterima (<!DOCTYPE atau <!ENTITY).")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise FileRefused(f"{place}: bukan XML yang utuh ({_short(error.msg)}).") from error
    _refuse_shape(root, place, most_elements)
    return root


def local(node: Node) -> str:
    """Name of an element without its namespace; empty for an instruction to a processor."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def namespace(node: Node) -> str:
    """Namespace URI of an element; empty where there is none."""
    return (etree.QName(node).namespace or "") if isinstance(node.tag, str) else ""


def _decoded(data: bytes, place: str) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(f"{place}: simpan sebagai UTF-8; ada bita yang bukan UTF-8.") from error
    if "\0" in text:
        raise FileRefused(f"{place}: ada tanda NUL.")
    found = _DECLARATION.match(text)
    if found is None:
        return text
    named = _ENCODING.search(found[1])
    wanted = ("utf-16", "utf-16le", "utf-16be") if wide else ("utf-8", "us-ascii", "ascii")
    if named and named[1].lower() not in wanted:
        raise FileRefused(f"{place}: penyandian {named[1][:20]} tidak diterima; simpan UTF-8.")
    return text[found.end() :]


def _refuse_shape(root: Node, place: str, most_elements: int) -> None:
    count, stack = 0, [(root, 1)]
    while stack:
        node, depth = stack.pop()
        count += 1
        if depth > MOST_DEPTH:
            raise FileRefused(f"{place}: elemen bersarang lebih dari {MOST_DEPTH} tingkat.")
        if count > most_elements:
            raise FileRefused(f"{place}: lebih dari {most_elements} elemen.")
        if namespace(node) == XINCLUDE:
            raise FileRefused(f"{place}: XInclude tidak diterima.")
        if node.tag is etree.Entity:
            raise FileRefused(f"{place}: entitas {node.text[:40]} tidak diterima.")
        stack.extend((child, depth + 1) for child in node)


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"
