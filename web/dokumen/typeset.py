"""From content to a signed PDF: typst sets the page, then the record is attached behind it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from cat.errors import CannotBePrinted
from cat.exam.record import MICROSECONDS
from cat.ketentuan.canonical import digest_of
from web.clock import WIB, as_datetime
from web.dokumen import qr
from web.dokumen.attachment import attach
from web.dokumen.inspection import Page, inspect
from web.dokumen.kinds import Jenis
from web.dokumen.record import Record, SignedRecord

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).resolve().parent / "templates"
# Archives can keep it (PDF/A-3), screen readers can read it (PDF/UA-1).
STANDARDS = ["a-3a", "ua-1"]
_MISSING = re.compile(r"the text `(.+?)` could not be displayed")


@dataclass(frozen=True)
class Sheet:
    """What a document says.

    data : everything that its template prints, texts and integers only.
    public : (label, value) pairs that anybody may see when checking it.
    """

    jenis: Jenis
    judul: str
    data: Mapping[str, Any]
    public: tuple[tuple[str, str], ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that it says, hexadecimal."""
        return digest_of({"jenis": self.jenis.value, "judul": self.judul, "data": self.data})


@dataclass(frozen=True)
class Stamp:
    """What makes one copy of a sheet a document.

    nomor : its number; kode : what one must know besides the number to check it.
    issued_at : microseconds since 1970-01-01 UTC. address : where it can be checked, with the code.
    replaces : number of the document that it replaces; empty for a first one.
    """

    nomor: str
    kode: str
    issued_at: int
    address: str
    replaces: str = ""


@dataclass(frozen=True)
class Printed:
    """A PDF without its record, and the fingerprints of its pages."""

    pdf: bytes = field(repr=False)
    pages: tuple[Page, ...]


def print_sheet(sheet: Sheet, stamp: Stamp) -> Printed:
    """Set the pages and take their fingerprints; the slow part, safe in several processes.

    Raises CannotBePrinted for a letter that no font of ours has: archives forbid empty boxes.
    """
    import typst  # here and below: most web processes print nothing

    compiler, lock = _compiler(sheet.jenis)
    try:
        with lock:
            pdf = compiler.compile(
                format="pdf",
                sys_inputs=inputs(sheet, stamp),
                pdf_standards=STANDARDS,
                timestamp=stamp.issued_at // MICROSECONDS,
            )
    except typst.TypstError as error:
        missing = _MISSING.search(error.message)
        if missing is None:
            raise
        raise CannotBePrinted(
            f"Huruf {missing[1]} tidak ada dalam huruf dokumen; perbaiki tulisannya di data asal."
        ) from error
    return Printed(pdf, inspect(pdf).pages)


def inputs(sheet: Sheet, stamp: Stamp) -> dict[str, str]:
    """What a template reads."""
    marks = {
        "nomor": stamp.nomor,
        "kode": stamp.kode,
        "terbit": tanggal_panjang(stamp.issued_at),
        "alamat": stamp.address,
        "alamat_pendek": stamp.address.partition("/periksa/")[0].partition("://")[2] + "/periksa",
        "sidik": " ".join(sheet.digest[i : i + 4] for i in range(0, 16, 4)),
        "menggantikan": stamp.replaces,
        "qr": qr.svg(stamp.address),
        "judul": sheet.judul,
    }
    return {"isi": json.dumps({"tanda": marks, "data": sheet.data})}


def seal(sheet: Sheet, stamp: Stamp, printed: Printed, seed: bytes) -> tuple[bytes, SignedRecord]:
    """The finished PDF with its signed record attached, and that record."""
    record = Record(
        nomor=stamp.nomor,
        jenis=sheet.jenis.value,
        judul=sheet.judul,
        issued_at=stamp.issued_at,
        replaces=stamp.replaces,
        public=sheet.public,
        digest=sheet.digest,
        pages=printed.pages,
        base_bytes=len(printed.pdf),
        base_sha256=hashlib.sha256(printed.pdf).hexdigest(),
    )
    signed = SignedRecord.sign(record, seed)
    return attach(printed.pdf, signed.to_bytes(), pdf_date(stamp.issued_at)), signed


def produce(sheet: Sheet, stamp: Stamp, seed: bytes) -> tuple[bytes, SignedRecord]:
    """One finished PDF with its record, made here and now. seed : of the signing key."""
    return seal(sheet, stamp, print_sheet(sheet, stamp), seed)


def pdf_date(at: int) -> str:
    """A moment (microseconds) as PDF writes it."""
    return datetime.fromtimestamp(at // MICROSECONDS, UTC).strftime("D:%Y%m%d%H%M%SZ")


def tanggal_panjang(at: int) -> str:
    """The day of a moment (microseconds) in Jakarta, such as 22 November 2026."""
    day = as_datetime(at).astimezone(WIB).date()
    return str(format_date(day, "d MMMM yyyy", locale="id"))


@cache
def _compiler(jenis: Jenis) -> tuple[typst.Compiler, Lock]:
    """One compiler a template, kept with its fonts; it serves one caller at a time.

    Only the fonts inside the typst package are used, so that a page looks alike on every machine.
    """
    import typst

    fonts = typst.Fonts(include_system_fonts=False)
    path = TEMPLATES / f"{jenis.value}.typ"
    return typst.Compiler(path, root=TEMPLATES, font_paths=fonts), Lock()
