"""Giving out numbers, storing what was issued, and replacing it.

Setting the pages takes long, so it happens between two short transactions, as `issue` does it:
`reserve` a number, make the PDF, `store` it. A number whose document was never stored stays unused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from cat.errors import AlreadyDecided, NotDue
from web.clock import WIB, as_datetime
from web.dokumen.kinds import Jenis
from web.dokumen.record import SignedRecord
from web.dokumen.typeset import Sheet, Stamp, produce
from web.operations import audit
from web.operations.dokumen import berita_acara, hasil, peringkat, rekap
from web.operations.dokumen.subjects import Subject
from web.operations.sittings import Keys
from web.tables import Dokumen, DokumenPdf, DokumenUrut, PenarikanDokumen

SHORTEST_REASON = 10
CODE_LENGTH = 8


@dataclass(frozen=True)
class Issued:
    """A finished PDF on its way into the database. by : account that asked for it."""

    subject: Subject
    stamp: Stamp
    pdf: bytes
    signed: SignedRecord
    by: str


def compose(session: Session, subject: Subject, keys: Keys) -> Sheet:
    """What the document of a subject says now; raises NotDue when it is too early for it."""
    if subject.jenis is Jenis.HASIL:
        return hasil.compose_one(session, subject.sitting_id or "")
    if subject.jenis is Jenis.BERITA_ACARA:
        return berita_acara.compose(session, subject.sesi_id or 0, keys.record)
    if subject.jenis is Jenis.PERINGKAT:
        return peringkat.compose(session, subject.pengumuman_id or 0, subject.instansi_id)
    return rekap.compose(session, subject.instansi_id or 0, subject.pengumuman_id)


@dataclass(frozen=True)
class Desk:
    """Who issues, when, and with what.

    by : account. now : microseconds. address : of the platform as the public sees it, such as
    https://cat.example.go.id. transaction : opens a transaction that writes.
    """

    by: str
    now: int
    address: str
    keys: Keys
    transaction: Callable[[], AbstractContextManager[Session]]


def issue(
    desk: Desk,
    subject: Subject,
    sheet: Sheet,
    *,
    replaces: Dokumen | None = None,
    alasan: str | None = None,
) -> Dokumen:
    """Make one document and keep it; see `store` for `replaces`, `alasan` and what it raises."""
    with desk.transaction() as session:
        current = find_in_force(session, subject)
        if replaces is None and current is not None and current.sidik_isi == sheet.digest:
            return current
        old = replaces.nomor if replaces else ""
        (stamp,) = reserve(session, desk, subject.jenis, 1, replaces=old)
    pdf, signed = produce(sheet, stamp, desk.keys.signing)
    with desk.transaction() as session:
        issued = Issued(subject, stamp, pdf, signed, desk.by)
        return store(session, issued, replaces=replaces, alasan=alasan)


def reserve(
    session: Session, desk: Desk, jenis: Jenis, count: int, *, replaces: str = ""
) -> list[Stamp]:
    """The next numbers of a series, for `count` documents.

    replaces : number of the document that the new one takes the place of; empty for a first one.
    """
    tahun = as_datetime(desk.now).astimezone(WIB).year
    row = _series(session, jenis.awalan, tahun)
    first, row.terakhir = row.terakhir + 1, row.terakhir + count
    session.flush()
    numbers = [f"{jenis.awalan}-{tahun}-{n:06}" for n in range(first, first + count)]
    return [_stamp(nomor, desk, replaces) for nomor in numbers]


def store(
    session: Session, issued: Issued, *, replaces: Dokumen | None = None, alasan: str | None = None
) -> Dokumen:
    """Keep a document; what is in force for the same subject and says the same is kept instead.

    replaces : the document in force that this one takes the place of, for the reason `alasan`.

    Raises AlreadyDecided where another document is in force and is not the one to be replaced.
    """
    record, stamp = issued.signed.record, issued.stamp
    _series(session, issued.subject.jenis.awalan, int(stamp.nomor.split("-")[1]))  # one at a time
    kept = _kept_instead(find_in_force(session, issued.subject), record.digest, replaces)
    if kept is not None:
        return kept
    row = Dokumen(
        nomor=stamp.nomor,
        kode=stamp.kode.replace("-", ""),
        jenis=issued.subject.jenis.value,
        **issued.subject.ids,
        catatan=record.to_mapping(),
        sidik_isi=record.digest,
        kunci=issued.signed.key,
        tanda_tangan=issued.signed.signature,
        pdf_sha256=hashlib.sha256(issued.pdf).hexdigest(),
        issued_at=stamp.issued_at,
        issued_by=issued.by,
        replaces_id=replaces.id if replaces else None,
        alasan=alasan,
    )
    session.add(row)
    session.flush()
    session.add(DokumenPdf(dokumen_id=row.id, pdf=issued.pdf))
    act = "terbitkan ulang dokumen" if replaces else "terbitkan dokumen"
    old = {"menggantikan": replaces.nomor, "alasan": alasan} if replaces else {}
    audit.record(session, at=stamp.issued_at, by=issued.by, act=act, subject=row.nomor, **old)
    session.flush()
    return row


def _kept_instead(current: Dokumen | None, digest: str, replaces: Dokumen | None) -> Dokumen | None:
    """The document in force, where the new one would only repeat it; raises AlreadyDecided."""
    if replaces is not None:
        if current is not None and current.replaces_id == replaces.id:
            return current  # asked twice
        if current is None or current.id != replaces.id:
            raise AlreadyDecided(f"Dokumen {replaces.nomor} sudah diganti atau ditarik.")
        return None
    if current is not None and current.sidik_isi != digest:
        raise AlreadyDecided(
            f"Dokumen {current.nomor} masih berlaku dan isinya berbeda. Terbitkan ulang dokumen "
            "itu dengan alasan."
        )
    return current


def check_reason(alasan: str) -> str:
    """The reason without blanks around it; raises NotDue for one too short to be one."""
    alasan = alasan.strip()
    if len(alasan) < SHORTEST_REASON:
        raise NotDue(f"Tuliskan alasan, sekurang-kurangnya {SHORTEST_REASON} huruf.")
    return alasan


def in_force() -> ColumnElement[bool]:
    """The condition that a document is neither replaced nor withdrawn."""
    later = aliased(Dokumen)
    return ~exists().where(later.replaces_id == Dokumen.id) & ~exists().where(
        PenarikanDokumen.dokumen_id == Dokumen.id, PenarikanDokumen.agreed.is_(True)
    )


def find_in_force(session: Session, subject: Subject) -> Dokumen | None:
    """The document that holds for a subject, if one does."""
    same = [getattr(Dokumen, name) == value for name, value in subject.ids.items()]
    return session.scalar(
        select(Dokumen).where(Dokumen.jenis == subject.jenis.value, *same, in_force())
    )


def results_in_force(session: Session, sitting_ids: Sequence[str]) -> dict[str, Dokumen]:
    """Sitting id -> the document that holds for its result."""
    rows = session.scalars(
        select(Dokumen).where(
            Dokumen.jenis == Jenis.HASIL.value, Dokumen.sitting_id.in_(sitting_ids), in_force()
        )
    )
    return {row.sitting_id: row for row in rows if row.sitting_id}


def _series(session: Session, awalan: str, tahun: int) -> DokumenUrut:
    """The row of a series, locked, so that no two documents get one number."""
    wanted = (
        select(DokumenUrut)
        .where(DokumenUrut.awalan == awalan, DokumenUrut.tahun == tahun)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalar(wanted)
    if row is None:
        try:
            with session.begin_nested():
                session.add(DokumenUrut(awalan=awalan, tahun=tahun, terakhir=0))
        except IntegrityError:
            pass  # somebody else has just begun the series
        row = session.scalars(wanted).one()
    return row


def _stamp(nomor: str, desk: Desk, replaces: str) -> Stamp:
    # Whoever knows one number must not be able to guess the code of the next.
    mac = hmac.new(desk.keys.signing, f"kode periksa {nomor}".encode(), hashlib.sha256).digest()
    kode = base64.b32encode(mac).decode()[:CODE_LENGTH]
    half = CODE_LENGTH // 2
    return Stamp(
        nomor=nomor,
        kode=f"{kode[:half]}-{kode[half:]}",
        issued_at=desk.now,
        address=f"{desk.address.rstrip('/')}/periksa/{nomor}?k={kode}",
        replaces=replaces,
    )
