"""Items of the bank as assessmentItem and assessmentStimulus of QTI 3.0.

1EdTech QTI 3.0 ASI Information Model, Final Release, 1 May 2022: sections on AssessmentItem,
ChoiceInteraction, ResponseDeclaration and AssessmentStimulus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Any

from lxml import etree, html
from lxml.builder import ElementMaker

from cat.errors import BadItem
from cat.itembank.content import ItemContent, is_keyed
from cat.itembank.exchange.qti.names import MATHML, QTI3, XML_LANG
from cat.itembank.exchange.xml import Node
from cat.itembank.figures import is_uploaded
from cat.itembank.rendering import MEDIA_PREFIX, render

TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_E: Any = ElementMaker(namespace=QTI3, nsmap={None: QTI3, "xsi": _XSI})
_BLOCKS = {"p", "ul", "ol", "table", "blockquote", "pre", "h3", "h4", "math"}
# What XML cannot hold at all.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Written:
    """An XML document. pictures : drawings in it, by file name."""

    xml: bytes
    pictures: Mapping[str, bytes]


def write_item(item: ItemContent, *, stimulus_href: str = "") -> Written:
    """The item as an XML document; equal items give equal bytes.

    stimulus_href : where the shared text stands, relative to the item, if it has one.

    Raises BadItem for an item that cannot be shown or written.
    """
    _refuse_unsayable(item)
    shown = render(replace(item, stimulus="", stimulus_text=""))
    multiple = item.max_choices != 1
    root = _root("qti-assessment-item", identifier_of(item.code), item.code)
    root.set("adaptive", "false")
    root.set("time-dependent", "false")
    root.append(_response(item, multiple))
    root.append(_outcome())
    if stimulus_href:
        given = {"identifier": identifier_of(item.stimulus), "href": stimulus_href}
        root.append(_E("qti-assessment-stimulus-ref", given))
    body = _E("qti-item-body")
    body.extend(_blocks(shown.stem))
    body.append(_interaction(item, shown.options))
    root.append(body)
    matches = is_keyed(item.part) and not multiple
    template = TEMPLATES + ("match_correct" if matches else "map_response")
    root.append(_E("qti-response-processing", {"template": template}))
    return Written(_document(root), shown.pictures)


def write_stimulus(item: ItemContent) -> Written:
    """The text that the item shares with others, as an XML document."""
    _refuse_unsayable(item)
    shown = render(
        replace(item, stem=item.stimulus_text, stimulus="", stimulus_text="", options=())
    )
    root = _root("qti-assessment-stimulus", identifier_of(item.stimulus), item.stimulus)
    body = _E("qti-stimulus-body")
    body.extend(_blocks(shown.stem))
    root.append(body)
    return Written(_document(root), shown.pictures)


def identifier_of(code: str) -> str:
    """A code as identifiers of QTI are spelled: a letter first, then letters, digits, - _ and ."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", code)
    return plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"


def stored_pictures(item: ItemContent) -> set[str]:
    """Names of the stored pictures among the figures of an item."""
    return {figure["nama"] for figure in item.figures.values() if is_uploaded(figure)}


def _root(name: str, identifier: str, title: str) -> Node:
    root = _E(name, {"identifier": identifier, "title": title})
    root.set(f"{{{_XSI}}}schemaLocation", f"{QTI3} {_SCHEMA}")
    root.set(XML_LANG, "id")
    return root


def _document(root: Node) -> bytes:
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return text


def _response(item: ItemContent, multiple: bool) -> Node:
    declaration = _E(
        "qti-response-declaration",
        {
            "identifier": "RESPONSE",
            "cardinality": "multiple" if multiple else "single",
            "base-type": "identifier",
        },
    )
    letters = ascii_uppercase[: len(item.options)]
    if is_keyed(item.part) and not multiple:
        key = next((x for x, worth in zip(letters, item.points, strict=True) if worth), "")
        declaration.append(_E("qti-correct-response", _E("qti-value", key)))
        return declaration
    mapping = _E("qti-mapping", {"default-value": "0"})
    for letter, worth in zip(letters, item.points, strict=True):
        entry = {"map-key": letter, "mapped-value": str(worth)}
        mapping.append(_E("qti-map-entry", entry))
    declaration.append(mapping)
    return declaration


def _outcome() -> Node:
    given = {"identifier": "SCORE", "cardinality": "single", "base-type": "float"}
    return _E("qti-outcome-declaration", given, _E("qti-default-value", _E("qti-value", "0")))


def _interaction(item: ItemContent, options: tuple[str, ...]) -> Node:
    given = {
        "response-identifier": "RESPONSE",
        "shuffle": "false",
        "max-choices": str(item.max_choices),
    }
    node = _E("qti-choice-interaction", given)
    for letter, option in zip(ascii_uppercase, options, strict=False):
        choice = _E("qti-simple-choice", {"identifier": letter})
        _copy_inside(_tree(option), choice)
        node.append(choice)
    return node


def _blocks(text: str) -> list[Node]:
    """Rendered HTML as blocks of an item body; what stands outside a block goes into a p."""
    tree, found = _tree(text), []
    loose = _E("p")
    loose.text = tree.text if (tree.text or "").strip() else None
    for child in tree:
        if child.tag in _BLOCKS:
            found.append(loose)
            found.append(_copied(child))
            loose = _E("p")
        else:
            copy = _copied(child)
            loose.append(copy)
        if (child.tail or "").strip():
            _append_text(loose, child.tail)
    found.append(loose)
    return [node for node in found if len(node) or (node.text or "").strip()]


def _tree(text: str) -> Node:
    return html.fragment_fromstring(text, create_parent="div")


def _copied(node: Node) -> Node:
    """An HTML element as one of QTI or MathML, without its tail."""
    is_math = node.tag == "math" or any(each.tag == "math" for each in node.iterancestors())
    space = MATHML if is_math else QTI3
    attributes = {name: value for name, value in node.attrib.items() if name != "xmlns"}
    if node.tag == "img":
        source = attributes.get("src", "")
        attributes["src"] = "../gambar/" + source.removeprefix(MEDIA_PREFIX)
    names = {None: MATHML} if node.tag == "math" else None
    copy = etree.Element(f"{{{space}}}{node.tag}", attributes, nsmap=names)
    _copy_inside(node, copy)
    if node.tag == "table" and node.find("tbody") is None:
        _move_rows(copy)
    return copy


def _copy_inside(node: Node, copy: Node) -> None:
    copy.text = node.text
    for child in node:
        new = _copied(child)
        new.tail = child.tail
        copy.append(new)


def _move_rows(table: Node) -> None:
    """A table needs a body: one that is all header becomes all body."""
    for part in table:
        if part.tag == f"{{{QTI3}}}thead":
            part.tag = f"{{{QTI3}}}tbody"


def _append_text(node: Node, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text


def _refuse_unsayable(item: ItemContent) -> None:
    for text in (item.code, item.shown_stem, *item.options):
        if found := _UNSAYABLE.search(text):
            raise BadItem(f"{item.code}: tanda U+{ord(found[0]):04X} tidak dapat ditulis dalam XML")
