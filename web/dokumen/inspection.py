"""Fingerprints of a PDF's pages, and the record that is attached to it.

The readers themselves are in `pdf_reader`, which is loaded where a PDF is read: they are large, and
most web processes never read one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ATTACHMENT = "catcpns-dokumen.json"


@dataclass(frozen=True)
class Page:
    """Fingerprints of one page, SHA-256, hexadecimal.

    text : of its words in reading order, without white space.
    look : of everything that is drawn: operators, fonts, pictures, annotations.
    """

    text: str
    look: str


@dataclass(frozen=True)
class Inspection:
    """The pages in order, and the text of the attached record; None where there is none."""

    pages: tuple[Page, ...]
    record: str | None

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Inspection:
        """From what `pdf_reader.read` gives."""
        return cls(tuple(Page(**page) for page in found["pages"]), found["record"])


def inspect(pdf: bytes) -> Inspection:
    """Read a PDF of our own. Raises whatever the readers raise on one that is damaged."""
    from web.dokumen import pdf_reader

    return Inspection.of(pdf_reader.read(pdf, ATTACHMENT))
