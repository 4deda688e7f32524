"""Versions of rule sets: proposed by one person, approved by another, in force from a day on.

In force is, of the approved versions of a kode whose days allow it, the one approved last. Nothing
that was decided under an older version changes: sittings and announcements name theirs by digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.ketentuan.ruleset import RuleSet
from web.operations import audit
from web.tables import RuleSetRow

SHIPPED = "isi awal"
LONGEST_KODE = 40
USULAN, DISETUJUI, DITOLAK = "usulan", "disetujui", "ditolak"


class Decision(Protocol):
    """`approve` or `reject`."""

    def __call__(
        self, session: Session, row: RuleSetRow, *, by: str, reason: str, now: int
    ) -> None: ...


def get_version(session: Session, digest: str) -> RuleSetRow:
    """The version with this digest; raises BadInput when there is none."""
    row = session.get(RuleSetRow, digest)
    if row is None:
        raise BadInput(f"no rule set with digest {digest}", digest=digest)
    return row


def versions(session: Session, kode: str | None = None) -> Sequence[RuleSetRow]:
    """Every version, or those of one kode; newest year first, in it the newest proposal first."""
    query = select(RuleSetRow).order_by(
        RuleSetRow.tahun.desc(),
        RuleSetRow.kode,
        RuleSetRow.diusulkan_at.desc(),
        RuleSetRow.digest,
    )
    return session.scalars(query if kode is None else query.where(RuleSetRow.kode == kode)).all()


def find_version(session: Session, kode: str, on: date | None = None) -> RuleSetRow | None:
    """The version in force.

    on : the day; without it the version approved last, whatever its days.
    """
    query = select(RuleSetRow).where(RuleSetRow.kode == kode, RuleSetRow.status == DISETUJUI)
    if on is not None:
        begins, ends = RuleSetRow.berlaku_sejak, RuleSetRow.berlaku_sampai
        query = query.where(
            begins.is_(None) | (begins <= on),
            ends.is_(None) | (ends >= on),
        )
    return session.scalar(query.order_by(RuleSetRow.diputuskan_at.desc()).limit(1))


def find_ended(session: Session, kode: str, on: date) -> RuleSetRow | None:
    """Of the approved versions that ended before the day, the one that ended last."""
    ended = RuleSetRow.kode == kode, RuleSetRow.status == DISETUJUI, RuleSetRow.berlaku_sampai < on
    order = RuleSetRow.berlaku_sampai.desc(), RuleSetRow.diputuskan_at.desc(), RuleSetRow.digest
    return session.scalar(select(RuleSetRow).where(*ended).order_by(*order).limit(1))


def propose(session: Session, rules: RuleSet, *, by: str, reason: str, now: int) -> RuleSetRow:
    """Store a version that nobody has approved yet.

    A version that was refused may be proposed again. Raises BadInput for a blank reason, and for
    content that already is a proposal or was approved before.
    """
    _refuse_blank(reason)
    if len(rules.kode) > LONGEST_KODE:
        raise BadInput(f"Kode paling banyak {LONGEST_KODE} huruf: {rules.kode}.", kode=rules.kode)
    before = find_version(session, rules.kode)
    _refuse_other_kind(rules, before)
    row = session.get(RuleSetRow, rules.digest)
    if row is None:
        row = RuleSetRow(
            digest=rules.digest,
            kode=rules.kode,
            tahun=rules.tahun,
            content=rules.to_mapping(),
            berlaku_sejak=rules.berlaku_sejak,
            berlaku_sampai=rules.berlaku_sampai,
        )
        session.add(row)
    elif row.status == USULAN:
        raise BadInput(f"Isi yang sama sudah diusulkan oleh {row.diusulkan_oleh}.", row=row)
    elif row.status == DISETUJUI:
        raise BadInput(
            "Isi yang sama sudah pernah disetujui. Untuk memberlakukannya lagi, "
            "ubah tanggal mulai berlakunya.",
            row=row,
        )
    row.status, row.menggantikan = USULAN, before.digest if before else None
    row.diusulkan_at, row.diusulkan_oleh, row.alasan = now, by, reason.strip()
    row.diputuskan_at = row.diputuskan_oleh = row.alasan_putusan = None
    session.flush()
    _note(session, row, at=now, by=by, act="usulkan ketentuan", reason=reason)
    return row


def approve(session: Session, row: RuleSetRow, *, by: str, reason: str, now: int) -> None:
    """Put a proposed version in force, by another person than who proposed it.

    Raises BadInput for the same person, a blank reason, a version that is not proposed, and where
    another version has been approved since: approving this one would silently undo that one.
    """
    _lock_proposal(session, row, reason)
    if by == row.diusulkan_oleh:
        raise BadInput(
            "Usulan ini Anda sendiri yang mengajukan. Orang lain harus menyetujuinya.", row=row
        )
    current = find_version(session, row.kode)
    if (current.digest if current else None) != row.menggantikan:
        raise BadInput(
            "Sesudah usulan ini dibuat, versi lain telah disetujui. Tolak usulan ini, lalu usulkan "
            "lagi dari versi yang terbaru.",
            row=row,
        )
    _decide(session, row, DISETUJUI, by, reason, now)


def reject(session: Session, row: RuleSetRow, *, by: str, reason: str, now: int) -> None:
    """Refuse a proposed version; who proposed it may withdraw it so.

    Raises BadInput for a blank reason or a version that is not proposed.
    """
    _lock_proposal(session, row, reason)
    _decide(session, row, DITOLAK, by, reason, now)


def adopt(session: Session, rules: RuleSet, *, by: str, now: int) -> None:
    """Take over a rule set that comes with the platform; nothing where it is stored already.

    It is approved at once, unless people have approved a version of their own: then it stays a
    proposal for them to decide.
    """
    if session.get(RuleSetRow, rules.digest) is not None:
        return
    current = find_version(session, rules.kode)
    row = propose(session, rules, by=by, reason=SHIPPED, now=now)
    if current is None or current.diputuskan_oleh == by:
        _decide(session, row, DISETUJUI, by, SHIPPED, now)


def _refuse_other_kind(rules: RuleSet, before: RuleSetRow | None) -> None:
    """A kode stands for one year and one jenis pengadaan: no version may make it another's."""
    if before is None:
        return
    wanted = before.tahun, str(before.content["jenis_pengadaan"])
    if (rules.tahun, rules.jenis_pengadaan) != wanted:
        raise BadInput(
            f"{rules.kode} ialah ketentuan {wanted[1]} {wanted[0]}; versi barunya tidak dapat "
            f"menjadi ketentuan {rules.jenis_pengadaan} {rules.tahun}.",
            kode=rules.kode,
        )


def _lock_proposal(session: Session, row: RuleSetRow, reason: str) -> None:
    # All versions of the kode: of two approvals of the same moment the second sees the first.
    same = select(RuleSetRow.digest).where(RuleSetRow.kode == row.kode).order_by(RuleSetRow.digest)
    session.scalars(same.with_for_update(key_share=True)).all()
    session.refresh(row, with_for_update=True)
    _refuse_blank(reason)
    if row.status != USULAN:
        raise BadInput(f"Versi ini sudah {row.status}; tidak ada yang perlu diputuskan.", row=row)


def _decide(session: Session, row: RuleSetRow, status: str, by: str, reason: str, now: int) -> None:
    before = find_version(session, row.kode)
    if status == DISETUJUI and before is not None and before.diputuskan_at is not None:
        now = max(now, before.diputuskan_at + 1)  # also where the clock was set back
    row.status = status
    row.diputuskan_at, row.diputuskan_oleh, row.alasan_putusan = now, by, reason.strip()
    session.flush()
    act = "setujui ketentuan" if status == DISETUJUI else "tolak ketentuan"
    _note(session, row, at=now, by=by, act=act, reason=reason)


def _refuse_blank(reason: str) -> None:
    if not reason.strip():
        raise BadInput("Alasan wajib diisi.")


def _note(session: Session, row: RuleSetRow, *, at: int, by: str, act: str, reason: str) -> None:
    audit.record(
        session, at=at, by=by, act=act, subject=row.kode, digest=row.digest, alasan=reason.strip()
    )
