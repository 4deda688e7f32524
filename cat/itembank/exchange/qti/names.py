"""What QTI calls things, in 2.x (simpleChoice) and in 3.0 (qti-simple-choice)."""

from __future__ import annotations

import re

from cat.itembank.exchange.xml import Node, local, namespace

QTI3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
# Namespace URI -> version; prefixes mean nothing.
VERSIONS = {
    "http://www.imsglobal.org/xsd/imsqti_v2p1": "2.1",
    "http://www.imsglobal.org/xsd/imsqti_v2p2": "2.2",
    QTI3: "3.0",
}
# Known by sight, and refused by name.
OTHER_VERSIONS = {
    "http://www.imsglobal.org/xsd/imsqti_v2p0": "QTI 2.0",
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2": "QTI 1.2",
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p1": "QTI 1.1",
}
XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
SVG = "http://www.w3.org/2000/svg"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

_HUMP = re.compile(r"-([a-z0-9])")
_TEMPLATE = re.compile(
    r"^https?://(www\.imsglobal\.org/question/qti_v2p[012]"
    r"|purl\.imsglobal\.org/spec/qti/v3p0)/rptemplates/([A-Za-z0-9_]+)(\.xml)?$"
)


def name_of(node: Node) -> str:
    """What an element is: a QTI 2 name, a lower-case HTML name, "math" or "svg".

    "{uri}name" for an element of a namespace that is none of these.
    """
    space, name = namespace(node), local(node)
    if space == MATHML:
        return "math" if name == "math" else f"math:{name}"
    if space == SVG:
        return "svg" if name == "svg" else f"svg:{name}"
    if space in VERSIONS or space == XHTML:
        return camel(name.removeprefix("qti-")) if name.startswith("qti-") else name
    return f"{{{space}}}{name}" if name else ""


def camel(name: str) -> str:
    """max-choices -> maxChoices; names of QTI 2 stay as they are."""
    return _HUMP.sub(lambda match: match[1].upper(), name)


def template_name(uri: str) -> str:
    """match_correct, map_response ... from the URI of a response processing template; "" if none.

    QTI 2.1 Implementation Guide, "Response processing templates"; QTI 3.0 ASI, section 5.
    """
    found = _TEMPLATE.match(uri.strip())
    return found[2] if found else ""
