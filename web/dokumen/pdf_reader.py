"""What a PDF says and shows page by page, and the record that is attached to it.

This file imports nothing of ours: `guarded` runs it as a program of its own, under limits, on files
that strangers send.
"""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pypdfium2
from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, IndirectObject, StreamObject

MOST_PAGES = 2_000
MOST_RECORD_BYTES = 4 * 1024**2
MEMORY_BYTES = 1024**3
PROCESSOR_SECONDS = 30
# Ways back up the tree, and what says how a stream is packed rather than what it holds.
_NOT_SHOWN = frozenset(
    {"/Parent", "/P", "/Dest", "/StructParent", "/StructParents", "/Tabs", "/Metadata"}
)
_PACKING = frozenset({"/Length", "/Filter", "/DecodeParms"})
_DEEPEST = 40


def read(pdf: bytes, attachment: str) -> dict[str, Any]:
    """What `inspection.Inspection` holds, as JSON has it. attachment : name of the record's file.

    Raises whatever the readers raise on a file that is damaged or no PDF.
    """
    reader = PdfReader(BytesIO(pdf))
    if len(reader.pages) > MOST_PAGES:
        raise ValueError(f"more than {MOST_PAGES} pages")
    seen: dict[int, bytes] = {}
    looks = [_look(page, seen) for page in reader.pages]
    pairs = zip(_words(pdf), looks, strict=True)
    pages = [{"text": text, "look": look} for text, look in pairs]
    return {"pages": pages, "record": _record(reader, attachment)}


def _words(pdf: bytes) -> list[str]:
    """The words of every page; PDFium finds them in a seventh of the time that pypdf takes."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_digest(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def _digest(text: str) -> str:
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if not _is_blank(c))
    return hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()


def _is_blank(character: str) -> bool:
    """White space and control characters, such as the mark of a hyphen at the end of a line."""
    return character.isspace() or unicodedata.category(character) == "Cc"


def _look(page: PageObject, seen: dict[int, bytes]) -> str:
    """seen : object number -> digest, so that fonts that pages share are read once."""
    total = hashlib.sha256()
    contents = page.get_contents()
    total.update(contents.get_data() if contents is not None else b"")
    for key in ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Annots"):
        for piece in _pieces(page.get(key), seen, 0):
            total.update(piece)
    return total.hexdigest()


def _pieces(value: Any, seen: dict[int, bytes], depth: int) -> Iterator[bytes]:
    """A value as bytes that do not depend on object numbers, order of keys or compression."""
    if depth > _DEEPEST:
        raise ValueError("objects are nested too deep")
    if isinstance(value, IndirectObject):
        if value.idnum not in seen:
            seen[value.idnum] = b"(cycle)"
            inside = hashlib.sha256()
            for piece in _pieces(value.get_object(), seen, depth + 1):
                inside.update(piece)
            seen[value.idnum] = inside.digest()
        yield seen[value.idnum]
    elif isinstance(value, DictionaryObject):
        left_out = _NOT_SHOWN | _PACKING if isinstance(value, StreamObject) else _NOT_SHOWN
        for key in sorted(value.keys() - left_out):
            yield f"/{key} ".encode()
            yield from _pieces(value.raw_get(key), seen, depth + 1)
        if isinstance(value, StreamObject):
            yield value.get_data()
    elif isinstance(value, ArrayObject):
        yield b"["
        for each in value:
            yield from _pieces(each, seen, depth + 1)
        yield b"]"
    else:
        yield f"{float(value):.6g};".encode() if _is_number(value) else f"{value!r};".encode()


def _is_number(value: Any) -> bool:
    return isinstance(value, FloatObject | int) and not isinstance(value, bool)


def _record(reader: PdfReader, name: str) -> str | None:
    for attachment in reader.attachments.get(name, []):
        if len(attachment) > MOST_RECORD_BYTES:
            raise ValueError("the attached record is too large to be one")
        return bytes(attachment).decode("utf-8", "replace")
    return None


def _limit() -> None:
    """Give this process little memory and time: a file may be made to eat both."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit()
    json.dump(read(sys.stdin.buffer.read(), sys.argv[1]), sys.stdout)
