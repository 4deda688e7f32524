"""QTI items and packages for tests, written as other systems write them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

NAMESPACES = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "2.2": "http://www.imsglobal.org/xsd/imsqti_v2p2",
}
QTI3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
MAP = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"
CORRECT_B = "<correctResponse><value>B</value></correctResponse>"
CHOICES = "".join(f'<simpleChoice identifier="{x}">pilihan {x}</simpleChoice>' for x in "ABCDE")
SCORE = (
    '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">'
    "<defaultValue><value>0</value></defaultValue></outcomeDeclaration>"
)


def item(
    body: str = "<p>Ibu kota Indonesia?</p>",
    *,
    version: str = "2.1",
    cardinality: str = "single",
    response: str = CORRECT_B,
    processing: str = f'<responseProcessing template="{MATCH}"/>',
    interaction: str = 'maxChoices="1"',
    choices: str = CHOICES,
    head: str = "",
    outcome: str = SCORE,
    after: str = "",
    identifier: str = "q1",
    root: str = "",
) -> bytes:
    """An assessmentItem of QTI 2.x."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<assessmentItem xmlns="{NAMESPACES[version]}" identifier="{identifier}" title="Soal" '
        f'adaptive="false" timeDependent="false"{root}>'
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" '
        f'baseType="identifier">{response}</responseDeclaration>{outcome}'
        f"<itemBody>{body}"
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" {interaction}>'
        f"{choices}</choiceInteraction></itemBody>{processing}{after}</assessmentItem>"
    ).encode()


def mapping(**points: float) -> str:
    """A mapping with a value for each choice."""
    entries = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in points.items()
    )
    return f'<mapping defaultValue="0">{entries}</mapping>'


def mapped(**points: float) -> dict[str, str]:
    """Arguments of an item whose points its mapping gives."""
    return {
        "response": mapping(**points),
        "processing": f'<responseProcessing template="{MAP}"/>',
    }


def ruled(rules: str) -> str:
    """Response processing with rules of its own."""
    return f"<responseProcessing>{rules}</responseProcessing>"


def manifest(*paths: str, extra: str = "") -> bytes:
    """A manifest of items."""
    resources = "".join(
        f'<resource identifier="r{n}" type="imsqti_item_xmlv2p1" href="{path}">'
        f'<file href="{path}"/></resource>'
        for n, path in enumerate(paths)
    )
    return (
        f'<manifest xmlns="{CP}" identifier="m"><organizations/>'
        f"<resources>{resources}{extra}</resources></manifest>"
    ).encode()


def package(files: dict[str, bytes], *paths: str) -> bytes:
    """A package whose manifest names these items; all XML files at the top without any."""
    named = paths or tuple(path for path in files if path.endswith(".xml"))
    return zipped({"imsmanifest.xml": manifest(*named), **files})


def zipped(files: dict[str, bytes], how: int = ZIP_DEFLATED) -> bytes:
    """Files as a ZIP."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", how) as archive:
        for path, body in files.items():
            archive.writestr(path, body)
    return buffer.getvalue()


def png(width: int = 3, height: int = 2) -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), (10, 20, 30)).save(buffer, "PNG")
    return buffer.getvalue()


def with_picture(body: bytes, name: str = "a.png") -> bytes:
    """A package with one item that shows one picture."""
    shown = item(f'<p>Lihat <img src="{name}" alt="gambar uji"/></p>')
    return package({"q.xml": shown, name: body}, "q.xml")
