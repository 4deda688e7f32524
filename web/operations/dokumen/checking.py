"""Does a document exist, does it hold, and is this file a true copy of it?"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from cat.errors import BadInput
from web.dokumen.guarded import inspect_guarded
from web.dokumen.record import Record, SignedRecord
from web.dokumen.verify import Report, Verdict, compare, verify
from web.tables import Dokumen


class Status(StrEnum):
    """Whether a document may be relied on."""

    BERLAKU = "berlaku"
    DIGANTI = "diganti"
    DITARIK = "ditarik"
    RUSAK = "tidak sah"


@dataclass(frozen=True)
class Checked:
    """A document as the public may see it.

    since : when it was replaced or withdrawn, microseconds; None while it holds.
    successor : number of the document in its place; empty where there is none.
    """

    record: Record
    status: Status
    since: int | None
    successor: str


@dataclass(frozen=True)
class FileCheck:
    """What was found of an uploaded file, and the document that it claims to be, if known."""

    report: Report
    checked: Checked | None


def find(session: Session, nomor: str, kode: str) -> Dokumen | None:
    """The document with this number, for whoever knows its code too."""
    row = session.scalar(_documents().where(Dokumen.nomor == nomor.strip().upper()))
    given = plain_code(kode).encode()
    return row if row is not None and hmac.compare_digest(row.kode.encode(), given) else None


def plain_code(kode: str) -> str:
    """A check code as it is stored, however it was typed: base 32 knows no 0 and no 1."""
    wanted = kode.upper().replace("0", "O").replace("1", "I")
    return "".join(letter for letter in wanted if letter.isascii() and letter.isalnum())


def check(dokumen: Dokumen, keys: Sequence[str]) -> Checked:
    """Where a document stands. keys : public keys (hexadecimal) that are trusted."""
    signed = signed_record(dokumen)
    is_sound = (
        signed is not None
        and signed.is_signed_by(keys)
        and (signed.record.nomor, signed.record.jenis) == (dokumen.nomor, dokumen.jenis)
        and (signed.record.digest, signed.record.issued_at)
        == (dokumen.sidik_isi, dokumen.issued_at)
    )
    if signed is None or not is_sound:
        # Nothing of a record that is not ours may be shown as if it were.
        empty = Record(dokumen.nomor, dokumen.jenis, "", dokumen.issued_at, "", (), "", (), 0, "")
        return Checked(empty, Status.RUSAK, None, "")
    withdrawn = [row.decided_at for row in dokumen.penarikan if row.agreed]
    successor = dokumen.replaced_by
    if withdrawn:
        return Checked(signed.record, Status.DITARIK, withdrawn[0], "")
    if successor is not None:
        return Checked(signed.record, Status.DIGANTI, successor.issued_at, successor.nomor)
    return Checked(signed.record, Status.BERLAKU, None, "")


def check_file(
    session: Session, pdf: bytes, keys: Sequence[str], claimed: Dokumen | None = None
) -> FileCheck:
    """Hold a file against the document that it claims to be.

    The session's transaction is ended before the file is read, which takes long.

    claimed : the document that the person named by number and code; None to believe the record
        inside the file, if its signature holds.

    Raises TimeoutError when too many files are being read already.
    """
    hashed = hashlib.sha256(pdf).hexdigest()
    known = session.scalar(_documents().where(Dokumen.pdf_sha256 == hashed))
    if known is not None:
        checked = check(known, keys)
        verdict = Verdict.FORGED if checked.status is Status.RUSAK else Verdict.GENUINE
        return FileCheck(Report(verdict, record=checked.record), checked)
    session.rollback()
    found = inspect_guarded(pdf)
    if claimed is None or found is None:
        report = verify(pdf, found, keys)
        nomor = report.record.nomor if report.record else ""
        row = session.scalar(_documents().where(Dokumen.nomor == nomor)) if nomor else None
        return FileCheck(report, check(row, keys) if row else None)
    checked, signed = check(claimed, keys), signed_record(claimed)
    if checked.status is Status.RUSAK or signed is None:
        return FileCheck(Report(Verdict.FORGED), checked)
    return FileCheck(compare(pdf, found.pages, signed), checked)


def signed_record(dokumen: Dokumen) -> SignedRecord | None:
    """The stored record; None where it is no record at all."""
    try:
        record = Record.from_mapping(dokumen.catatan)
    except BadInput:
        return None
    return SignedRecord(record, dokumen.kunci, dokumen.tanda_tangan)


def _documents() -> Select[tuple[Dokumen]]:
    return select(Dokumen).options(
        selectinload(Dokumen.penarikan), selectinload(Dokumen.replaced_by)
    )
