"""A record inside a PDF that speaks of the PDF itself.

A file cannot hold its own hash, so the record is added behind it as PDF allows: an incremental
update, which leaves every byte before it as it was. The record names the length and the hash of
what precedes it, and the addition follows from that and the record alone: `attach` again, and
compare.
"""

from __future__ import annotations

import re

from cat.errors import BadInput
from web.dokumen.inspection import ATTACHMENT

_TRAILER = re.compile(
    rb"trailer\s*<</Size (\d+)/Root (\d+) 0 R(/Info \d+ 0 R)?/ID(\[.*?\])>>\s*"
    rb"startxref\s+(\d+)\s+%%EOF\s*\Z",
    re.DOTALL,
)
_TAIL_BYTES = 4096


def attach(base: bytes, record: bytes, modified: str) -> bytes:
    """The PDF with the record as an embedded file, associated with the whole document.

    base : PDF with a plain cross-reference table, as typst writes it, without embedded files.
    modified : PDF date, such as D:20261122080000Z.

    Raises BadInput for another kind of PDF.
    """
    found = _TRAILER.search(base[-_TAIL_BYTES:])
    if found is None:
        raise BadInput("this PDF has no plain trailer at its end; nothing can be attached")
    size, root = int(found[1]), int(found[2])
    catalog = _catalog(base, root)
    file, spec = size, size + 1
    objects = {
        root: b"<<%b/Names<</EmbeddedFiles<</Names[(%b)%d 0 R]>>>>/AF[%d 0 R]>>"
        % (catalog, ATTACHMENT.encode(), spec, spec),
        file: b"<</Type/EmbeddedFile/Subtype/application#2Fjson/Length %d"
        b"/Params<</Size %d/ModDate(%b)>>>>\nstream\n%b\nendstream"
        % (len(record), len(record), modified.encode(), record),
        spec: b"<</Type/Filespec/F(%b)/UF(%b)/Desc(%b)/AFRelationship/Data"
        b"/EF<</F %d 0 R/UF %d 0 R>>>>"
        % (
            *(ATTACHMENT.encode(), ATTACHMENT.encode()),
            b"Catatan bertanda tangan untuk memeriksa keaslian dokumen ini",
            *(file, file),
        ),
    }
    return base + _update(base, objects, found, size + 2, root)


def _catalog(base: bytes, root: int) -> bytes:
    """What stands between the outer brackets of the document catalog."""
    found = re.search(rb"\n%d 0 obj\s*<<(.*?)>>\s*endobj" % root, base, re.DOTALL)
    if found is None or b"/Names" in found[1] or b"/AF" in found[1]:
        raise BadInput("the catalog of this PDF is missing or has attachments already")
    return found[1]


def _update(
    base: bytes, objects: dict[int, bytes], trailer: re.Match[bytes], size: int, root: int
) -> bytes:
    out = bytearray(b"" if base.endswith(b"\n") else b"\n")
    table = bytearray(b"xref\n")
    for number, body in objects.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(base) + len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(base) + len(out)
    info = trailer[3] or b""
    out += table
    out += b"trailer\n<</Size %d/Root %d 0 R%b/ID%b/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        *(size, root, info, trailer[4], int(trailer[5]), start),
    )
    return bytes(out)
