"""Acts that take two people: one proposes with a reason, another agrees or refuses.

What an agreed proposal brings about is done by `web.operations.seleksi.keputusan`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import AlreadyDecided, NeedsSecondPerson, NotDue
from web.operations import audit
from web.operations.seleksi.as_of import NOW, AsOf
from web.tables import Formasi, Peserta, Usul

SHORTEST_REASON = 10


class Jenis(StrEnum):
    """Which act; the value is stored."""

    STATUS = "status"
    CABUT_STATUS = "cabut_status"
    BATAL_UJIAN = "batal_ujian"
    KOREKSI_SKB = "koreksi_skb"
    URUTAN = "urutan"
    JAWAB_SANGGAH = "jawab_sanggah"


WORDS = {
    Jenis.STATUS: "beri status",
    Jenis.CABUT_STATUS: "cabut status",
    Jenis.BATAL_UJIAN: "batalkan ujian",
    Jenis.KOREKSI_SKB: "koreksi nilai SKB",
    Jenis.URUTAN: "tetapkan urutan peserta yang sama",
    Jenis.JAWAB_SANGGAH: "jawab sanggah",
}


def propose(
    session: Session,
    jenis: Jenis,
    *,
    tahun: int,
    isi: dict[str, Any],
    alasan: str,
    by: str,
    now: int,
    peserta_id: int | None = None,
    formasi_id: int | None = None,
    sitting_id: str | None = None,
) -> Usul:
    """Write down an act that waits for a second person.

    Raises NotDue for a reason too short to be one, AlreadyDecided where the same act on the same
    subject is waiting already.
    """
    alasan = alasan.strip()
    if len(alasan) < SHORTEST_REASON:
        raise NotDue(f"Tuliskan alasan, sekurang-kurangnya {SHORTEST_REASON} huruf.")
    row = Usul(
        jenis=jenis.value,
        tahun=tahun,
        peserta_id=peserta_id,
        formasi_id=formasi_id,
        sitting_id=sitting_id,
        isi=isi,
        alasan=alasan,
        proposed_by=by,
        proposed_at=now,
    )
    for table, key in ((Peserta, peserta_id), (Formasi, formasi_id)):
        if key is not None:  # of two proposals of the same moment the second sees the first
            session.get(table, key, with_for_update={"key_share": True})
    if any(_is_same(row, other) for other in pending(session, tahun)):
        raise AlreadyDecided(f"Usul untuk {WORDS[jenis]} ini sudah menunggu orang kedua.")
    session.add(row)
    session.flush()
    act = f"usul: {WORDS[jenis]}"
    audit.record(session, at=now, by=by, act=act, subject=subject(row), alasan=alasan, isi=isi)
    return row


def decide(session: Session, usul_id: int, *, agree: bool, by: str, now: int) -> Usul:
    """Write down the decision of the second person. Who proposed may take it back (refuse it).

    Raises NotDue where there is no such proposal, AlreadyDecided, NeedsSecondPerson.
    """
    row = session.get(Usul, usul_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotDue("Usul itu tidak ada.")
    if row.decided_at is not None:
        raise AlreadyDecided(f"Usul ini sudah diputuskan oleh {row.decided_by}.")
    if agree and by == row.proposed_by:
        raise NeedsSecondPerson(
            "Anda yang mengusulkan tindakan ini. Persetujuan harus diberikan akun lain."
        )
    row.agreed, row.decided_by, row.decided_at = agree, by, now
    session.flush()
    act = f"{'setujui' if agree else 'tolak'}: {WORDS[Jenis(row.jenis)]}"
    audit.record(session, at=now, by=by, act=act, subject=subject(row), usul=row.id, isi=row.isi)
    return row


def pending(session: Session, tahun: int) -> Sequence[Usul]:
    """Proposals of a year's selection that wait for a second person, oldest first."""
    return session.scalars(
        select(Usul)
        .where(Usul.tahun == tahun, Usul.decided_at.is_(None))
        .options(joinedload(Usul.peserta).joinedload(Peserta.person), joinedload(Usul.formasi))
        .order_by(Usul.id)
    ).all()


def agreed(
    session: Session, *jenis: Jenis, formasi_ids: Sequence[int], as_of: AsOf = NOW
) -> Sequence[Usul]:
    """Agreed acts on participants of some formasi, in the order in which they were agreed."""
    return session.scalars(
        select(Usul)
        .join(Usul.peserta)
        .where(
            Usul.jenis.in_([each.value for each in jenis]),
            Usul.agreed.is_(True),
            Peserta.formasi_id.in_(formasi_ids),
            *as_of.written(Usul.decided_at),
        )
        .order_by(Usul.decided_at, Usul.id)
    ).all()


def subject(row: Usul) -> str:
    """Whom or what a proposal is about, in a few words."""
    if row.peserta is not None:
        return row.peserta.nomor
    if row.formasi is not None:
        return row.formasi.kode
    return f"usul {row.id}"


def _is_same(one: Usul, other: Usul) -> bool:
    names = ("jenis", "peserta_id", "formasi_id", "sitting_id")
    part = one.isi.get("bagian") == other.isi.get("bagian")
    return part and all(getattr(one, name) == getattr(other, name) for name in names)
