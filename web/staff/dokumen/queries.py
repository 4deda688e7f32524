"""What the documents pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from web.db import db
from web.operations.dokumen.checking import Checked, Status, check
from web.operations.dokumen.issuing import in_force
from web.operations.dokumen.subjects import Subject
from web.tables import (
    Dokumen,
    DokumenPdf,
    Formasi,
    Hasil,
    Instansi,
    PenarikanDokumen,
    Pengumuman,
    Peserta,
    Sitting,
)

SHOWN = 50


@dataclass(frozen=True)
class Row:
    """A document in a list, with where it stands."""

    dokumen: Dokumen
    checked: Checked

    @property
    def waiting(self) -> PenarikanDokumen | None:
        """The proposal to withdraw it that nobody has decided yet."""
        rows = [row for row in self.dokumen.penarikan if row.decided_at is None]
        return rows[0] if rows else None


def page(
    keys: Sequence[str], *, jenis: str, status: str, cari: str, before: int | None
) -> tuple[list[Row], int | None]:
    """Newest documents first, and the id to go on from where there are more.

    before : only those with a smaller id. keys : public keys that are trusted.
    """
    chosen = _documents().order_by(Dokumen.id.desc()).limit(SHOWN + 1)
    if jenis:
        chosen = chosen.where(Dokumen.jenis == jenis)
    if status:
        chosen = chosen.where(_stands(status))
    if cari := cari.strip():
        by_person = select(Sitting.id).join(Sitting.peserta).where(Peserta.nomor == cari)
        chosen = chosen.where(or_(Dokumen.nomor == cari.upper(), Dokumen.sitting_id.in_(by_person)))
    if before is not None:
        chosen = chosen.where(Dokumen.id < before)
    found = db.session.scalars(chosen).all()
    rows = [Row(each, check(each, keys)) for each in found[:SHOWN]]
    return rows, rows[-1].dokumen.id if len(found) > SHOWN else None


def one(dokumen_id: int, keys: Sequence[str]) -> Row:
    """One document; 404 when there is none."""
    dokumen = db.one_or_404(_documents().where(Dokumen.id == dokumen_id))
    return Row(dokumen, check(dokumen, keys))


def about(subject: Subject, keys: Sequence[str]) -> list[Row]:
    """Documents of a subject, newest first; ids that the subject leaves open may be anything."""
    ids = {name: value for name, value in subject.ids.items() if value is not None}
    same = [getattr(Dokumen, name) == value for name, value in ids.items()]
    chosen = _documents().where(Dokumen.jenis == subject.jenis.value, *same)
    found = db.session.scalars(chosen.order_by(Dokumen.id.desc()).limit(SHOWN))
    return [Row(each, check(each, keys)) for each in found]


def pdf_of(dokumen_id: int) -> bytes:
    """The PDF as it was issued."""
    return db.get_or_404(DokumenPdf, dokumen_id).pdf


def agencies_of(pengumuman_id: int) -> Sequence[Instansi]:
    """The agencies that an announcement has results of, in the order of their names."""
    listed = (
        select(Formasi.instansi_id)
        .join(Hasil)
        .where(Hasil.pengumuman_id == pengumuman_id)
        .distinct()
    )
    return db.session.scalars(
        select(Instansi).where(Instansi.id.in_(listed)).order_by(Instansi.nama)
    ).all()


def announcements_of(instansi_id: int) -> Sequence[Pengumuman]:
    """Approved SKD announcements that concern an agency, newest first."""
    return db.session.scalars(
        select(Pengumuman)
        .where(
            Pengumuman.approved_at.is_not(None),
            Pengumuman.tahap == "skd",
            or_(Pengumuman.instansi_id.is_(None), Pengumuman.instansi_id == instansi_id),
        )
        .order_by(Pengumuman.approved_at.desc())
    ).all()


def _documents() -> Select[tuple[Dokumen]]:
    return select(Dokumen).options(
        selectinload(Dokumen.penarikan),
        selectinload(Dokumen.replaced_by),
        joinedload(Dokumen.replaces),
    )


def _stands(status: str) -> ColumnElement[bool]:
    proposal = exists().where(PenarikanDokumen.dokumen_id == Dokumen.id)
    withdrawn = proposal.where(PenarikanDokumen.agreed.is_(True))
    if status == "usul":
        return proposal.where(PenarikanDokumen.decided_at.is_(None))
    if status == Status.DITARIK:
        return withdrawn
    if status == Status.DIGANTI:
        later = aliased(Dokumen)
        return exists().where(later.replaces_id == Dokumen.id) & ~withdrawn
    return in_force()
