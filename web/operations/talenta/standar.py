"""Competency standards in versions: proposed by one person, decided by another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson
from cat.kompetensi.standar import JABATAN, JENJANG, Standar
from web.operations import audit
from web.operations.talenta.acuan import Acuan
from web.tables import Jabatan, StandarJabatan

SETUJU, TOLAK = "setuju", "tolak"


@dataclass(frozen=True)
class StandarBerlaku:
    """A standard in force. row : the version that set it; None for the usual one of the jenjang."""

    standar: Standar
    row: StandarJabatan | None

    @property
    def asal(self) -> str:
        """Where it comes from, in words."""
        if self.row is None:
            return "standar lazim jenjang (bawaan platform)"
        what = "jabatan" if self.row.sasaran.startswith(JABATAN) else "jenjang"
        return f"standar {what}, versi {self.row.versi}"


def propose(
    session: Session,
    standar: Standar,
    acuan: Acuan,
    *,
    berlaku_mulai: date,
    alasan: str,
    by: str,
    now: int,
) -> StandarJabatan:
    """Put up a new version for decision; flushes.

    Proposing what already waits for decision changes nothing. Raises BadInput for a sasaran that
    does not exist.
    """
    versions = session.scalars(
        select(StandarJabatan).where(StandarJabatan.sasaran == standar.sasaran)
    ).all()
    for row in versions:
        if (row.digest, row.berlaku_mulai, row.putusan) == (standar.digest, berlaku_mulai, None):
            return row
    _refuse_unknown(session, standar.sasaran, acuan)
    made = StandarJabatan(
        sasaran=standar.sasaran,
        versi=1 + max((row.versi for row in versions), default=0),
        berlaku_mulai=berlaku_mulai,
        content=standar.to_mapping(),
        digest=standar.digest,
        alasan=alasan,
        proposed_at=now,
        proposed_by=by,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, at=now, by=by, act="usul standar", subject=_name(made), digest=made.digest
    )
    return made


def decide(
    session: Session, standar_id: int, putusan: str, *, alasan: str, by: str, now: int
) -> StandarJabatan:
    """Agree to a version or reject it; the same decision again changes nothing. Flushes.

    Raises NeedsSecondPerson where the decider proposed it, AlreadyDecided where it was decided
    otherwise, BadInput.
    """
    row = session.get_one(StandarJabatan, standar_id, with_for_update=True, populate_existing=True)
    if putusan not in (SETUJU, TOLAK):
        raise BadInput(f"putusan harus {SETUJU} atau {TOLAK}; terbaca {putusan!r}")
    if row.putusan == putusan:
        return row
    if row.putusan is not None:
        raise AlreadyDecided("Standar ini sudah diputuskan. Usulkan versi baru bila perlu diubah.")
    if row.proposed_by == by:
        raise NeedsSecondPerson(
            "Pengusul tidak dapat memutuskan usulnya sendiri. Mintalah orang kedua."
        )
    row.putusan, row.alasan_putusan, row.decided_at, row.decided_by = putusan, alasan, now, by
    session.flush()
    audit.record(session, at=now, by=by, act=f"{putusan} standar", subject=_name(row))
    return row


def standards_in_force(
    session: Session, positions: Iterable[Jabatan], today: date, acuan: Acuan
) -> dict[int, StandarBerlaku]:
    """Position id -> its standard; a position without one and without jenjang is left out.

    The position's own newest version comes first, then its jenjang's, then the usual one.
    """
    newest = _in_force(session, today)
    found = {each.id: _pick(newest, each.kode, each.jenjang, acuan) for each in positions}
    return {who: standar for who, standar in found.items() if standar is not None}


def standard_of_jenjang(
    session: Session, jenjang: str, today: date, acuan: Acuan
) -> StandarBerlaku | None:
    """The standard of positions of a jenjang that have none of their own."""
    return _pick(_in_force(session, today), "", jenjang, acuan)


def read_standard(row: StandarJabatan, acuan: Acuan) -> Standar:
    """The content of a version."""
    return Standar.from_mapping(row.content, acuan.kamus)


def _pick(
    newest: dict[str, StandarJabatan], kode: str, jenjang: str | None, acuan: Acuan
) -> StandarBerlaku | None:
    for sasaran in (JABATAN + kode, JENJANG + (jenjang or "")):
        if sasaran in newest:
            return StandarBerlaku(read_standard(newest[sasaran], acuan), newest[sasaran])
    usual = acuan.jenjang.find(jenjang)
    if usual is None:
        return None
    return StandarBerlaku(acuan.jenjang.usual_standard(usual, acuan.kamus), None)


def _in_force(session: Session, today: date) -> dict[str, StandarJabatan]:
    """Sasaran -> the agreed version that began last."""
    rows = session.scalars(
        select(StandarJabatan)
        .where(StandarJabatan.putusan == SETUJU, StandarJabatan.berlaku_mulai <= today)
        .order_by(StandarJabatan.berlaku_mulai, StandarJabatan.versi)
    )
    return {row.sasaran: row for row in rows}


def _refuse_unknown(session: Session, sasaran: str, acuan: Acuan) -> None:
    if sasaran.startswith(JABATAN):
        kode = sasaran.removeprefix(JABATAN)
        known = session.scalar(select(Jabatan.id).where(Jabatan.kode == kode)) is not None
    else:
        known = acuan.jenjang.find(sasaran.removeprefix(JENJANG)) is not None
    if not known:
        raise BadInput(f"{sasaran!r} bukan jabatan atau jenjang yang tercatat", sasaran=sasaran)


def _name(row: StandarJabatan) -> str:
    return f"{row.sasaran} versi {row.versi}"
