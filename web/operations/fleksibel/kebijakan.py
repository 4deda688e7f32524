"""Versions of the flexible-work policy: proposed by one person, approved by another.

In force for an agency on a day are the national rule and, on top of it, the agency's layer: of
each, the approved version that began last. A layer holds only for the national rule it names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput, BadRules
from cat.ketentuan.canonical import digest_of, fields_as_plain
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.section import Section
from web.operations import audit
from web.tables import Instansi, KebijakanVersi, PolicyRow

DASAR, LAPISAN = "dasar", "lapisan"
USULAN, DISETUJUI, DITOLAK = "usulan", "disetujui", "ditolak"


def policy_for(session: Session, instansi_id: int | None, day: date) -> Policy:
    """The policy in force for an agency on a day; raises BadInput where there is none.

    instansi_id : None for the national rule alone.
    """
    base = national_policy(session, day)
    row = _in_force(session, LAPISAN, instansi_id, day, base.kode) if instansi_id else None
    return base.with_layer(as_section(row.content)) if row else base


def national_policy(session: Session, day: date) -> Policy:
    """The national rule in force on a day; raises BadInput where there is none."""
    row = _in_force(session, DASAR, None, day)
    if row is None:
        raise BadInput(f"no flexible-work policy is in force on {day}")
    return Policy.from_mapping(row.content)


def pin(session: Session, policy: Policy) -> str:
    """Keep the policy under the hash of its content, for what is decided under it."""
    if session.get(PolicyRow, policy.digest) is None:
        session.add(
            PolicyRow(digest=policy.digest, kode=policy.kode_lengkap, content=policy.to_mapping())
        )
        session.flush()
    return policy.digest


def pinned(session: Session, digest: str) -> Policy:
    """The policy that something was decided under."""
    return Policy.from_mapping(session.get_one(PolicyRow, digest).content)


def versions(session: Session) -> Sequence[KebijakanVersi]:
    """All versions: the national rule first, then agency by agency, newest first in each."""
    return session.scalars(
        select(KebijakanVersi)
        .outerjoin(Instansi)
        .order_by(
            KebijakanVersi.lapis,
            Instansi.kode,
            KebijakanVersi.berlaku_sejak.desc(),
            KebijakanVersi.id.desc(),
        )
    ).all()


def is_in_force(session: Session, row: KebijakanVersi, day: date) -> bool:
    """Whether this version is what its agency, or everybody, goes by on a day."""
    if row.lapis == DASAR:
        return row is _in_force(session, DASAR, None, day)
    base = _in_force(session, DASAR, None, day)
    return base is not None and row is _in_force(session, LAPISAN, row.instansi_id, day, base.kode)


def policy_of_version(session: Session, row: KebijakanVersi) -> Policy:
    """A version as a whole policy: a layer on the newest approved rule that it names.

    Raises BadInput where that rule is not there, BadRules where the two do not go together.
    """
    if row.lapis == DASAR:
        return Policy.from_mapping(row.content)
    base = session.scalar(
        select(KebijakanVersi)
        .where(
            KebijakanVersi.lapis == DASAR,
            KebijakanVersi.kode == row.dasar,
            KebijakanVersi.status == DISETUJUI,
        )
        .order_by(KebijakanVersi.berlaku_sejak.desc(), KebijakanVersi.id.desc())
        .limit(1)
    )
    if base is None:
        raise BadInput(f"no approved rule {row.dasar!r}")
    return Policy.from_mapping(base.content).with_layer(as_section(row.content))


def as_section(layer: Mapping[str, Any]) -> Section:
    """A layer to be read, named by its code in what is wrong with it."""
    return Section(layer, str(layer.get("kode", "lapisan")))


def check_layer(session: Session, layer: Mapping[str, Any], begins: date) -> dict[str, Any]:
    """The layer as it will be stored; raises BadRules where it is malformed or widens the rule."""
    checked = national_policy(session, begins).with_layer(as_section(layer)).lapisan
    assert checked is not None
    return fields_as_plain(checked)


def propose(
    session: Session,
    lapis: str,
    content: Mapping[str, Any],
    *,
    instansi_id: int | None,
    berlaku_sejak: date,
    by: str,
    reason: str,
    now: int,
) -> KebijakanVersi:
    """Store a version that nobody has approved yet.

    berlaku_sejak : of a layer; the national rule says it in its content.

    Raises BadRules for content that is not well formed, BadInput for a blank reason and for
    content that is already waiting.
    """
    if lapis == DASAR:
        policy = Policy.from_mapping(content)
        plain, berlaku_sejak, dasar = policy.to_mapping(), policy.berlaku_sejak, None
    else:
        plain = check_layer(session, content, berlaku_sejak)
        dasar = plain["dasar"]
    row = KebijakanVersi(
        lapis=lapis,
        instansi_id=instansi_id if lapis == LAPISAN else None,
        kode=plain["kode"],
        dasar=dasar,
        digest=digest_of(plain),
        content=plain,
        berlaku_sejak=berlaku_sejak,
        status=USULAN,
        diusulkan_at=now,
        diusulkan_oleh=by,
        alasan=_reason(reason),
    )
    _refuse_waiting(session, row)
    session.add(row)
    session.flush()
    _note(session, row, at=now, by=by, act="usulkan kebijakan fleksibel", reason=reason)
    return row


def approve(
    session: Session, row: KebijakanVersi, *, by: str, reason: str, now: int, today: date
) -> None:
    """Put a proposed version in force, by another person than who proposed it.

    Raises BadInput for the same person, a blank reason, a decided version, or a first day that
    has passed: nothing is made to have been in force. Raises BadRules where the version and one
    that holds beside it no longer go together.
    """
    _lock(session, row)
    if by == row.diusulkan_oleh:
        raise BadInput("Usulan Anda sendiri harus disetujui oleh orang lain.")
    if row.berlaku_sejak < today:
        raise BadInput("Tanggal mulai berlaku sudah lewat. Usulkan lagi dengan tanggal yang baru.")
    _check_neighbours(session, row)
    _decide(session, row, DISETUJUI, by=by, reason=reason, now=now)


def reject(session: Session, row: KebijakanVersi, *, by: str, reason: str, now: int) -> None:
    """Refuse a proposed version, or withdraw the own one.

    Raises BadInput for a blank reason or a decided version.
    """
    _lock(session, row)
    _decide(session, row, DITOLAK, by=by, reason=reason, now=now)


def adopt(
    session: Session,
    lapis: str,
    content: Mapping[str, Any],
    *,
    instansi_id: int | None = None,
    berlaku_sejak: date = date.min,
    by: tuple[str, str],
    now: int,
) -> None:
    """Put a version that comes with the platform in force at once; again changes nothing.

    by : who counts as having proposed and approved it.
    """
    known = select(KebijakanVersi).where(
        KebijakanVersi.lapis == lapis, KebijakanVersi.instansi_id == instansi_id
    )
    if lapis == DASAR:
        known = known.where(KebijakanVersi.digest == digest_of(content))
    if session.scalar(known.limit(1)) is not None:
        return
    row = propose(
        session,
        lapis,
        content,
        instansi_id=instansi_id,
        berlaku_sejak=berlaku_sejak,
        by=by[0],
        reason="isi awal",
        now=now,
    )
    _decide(session, row, DISETUJUI, by=by[1], reason="isi awal", now=now)


def _in_force(
    session: Session, lapis: str, instansi_id: int | None, day: date, dasar: str | None = None
) -> KebijakanVersi | None:
    query = select(KebijakanVersi).where(
        KebijakanVersi.lapis == lapis,
        KebijakanVersi.instansi_id == instansi_id,
        KebijakanVersi.status == DISETUJUI,
        KebijakanVersi.berlaku_sejak <= day,
    )
    if dasar is not None:
        query = query.where(KebijakanVersi.dasar == dasar)
    newest = (KebijakanVersi.berlaku_sejak.desc(), KebijakanVersi.diputuskan_at.desc())
    return session.scalar(query.order_by(*newest, KebijakanVersi.id.desc()).limit(1))


def _check_neighbours(session: Session, row: KebijakanVersi) -> None:
    """Read together what will hold together: a rule with its layers, a layer with its rules."""
    other = LAPISAN if row.lapis == DASAR else DASAR
    approved = session.scalars(
        select(KebijakanVersi).where(
            KebijakanVersi.lapis == other, KebijakanVersi.status == DISETUJUI
        )
    )
    for each in approved:
        base, layer = (row, each) if row.lapis == DASAR else (each, row)
        if layer.dasar != base.kode:
            continue
        try:
            Policy.from_mapping(base.content).with_layer(as_section(layer.content))
        except BadRules as problem:
            named = each.instansi.nama if each.instansi else each.kode
            raise BadInput(f"Tidak cocok dengan kebijakan {named}: {problem}") from problem


def _refuse_waiting(session: Session, row: KebijakanVersi) -> None:
    same = select(KebijakanVersi).where(
        KebijakanVersi.lapis == row.lapis,
        KebijakanVersi.instansi_id == row.instansi_id,
        KebijakanVersi.digest == row.digest,
        KebijakanVersi.berlaku_sejak == row.berlaku_sejak,
        KebijakanVersi.status == USULAN,
    )
    if (waiting := session.scalar(same.limit(1))) is not None:
        raise BadInput(f"Isi yang sama sudah diusulkan oleh {waiting.diusulkan_oleh}.")


def _lock(session: Session, row: KebijakanVersi) -> None:
    session.refresh(row, with_for_update=True)
    if row.status != USULAN:
        raise BadInput(f"Versi ini sudah {row.status}; tidak ada yang perlu diputuskan.")


def _decide(
    session: Session, row: KebijakanVersi, status: str, *, by: str, reason: str, now: int
) -> None:
    row.status, row.alasan_putusan = status, _reason(reason)
    row.diputuskan_at, row.diputuskan_oleh = now, by
    session.flush()
    act = "setujui" if status == DISETUJUI else "tolak"
    _note(session, row, at=now, by=by, act=f"{act} kebijakan fleksibel", reason=reason)


def _reason(reason: str) -> str:
    if not 5 <= len(reason.strip()) <= 500:
        raise BadInput("Alasan: 5 sampai 500 huruf.")
    return reason.strip()


def _note(
    session: Session, row: KebijakanVersi, *, at: int, by: str, act: str, reason: str
) -> None:
    subject = f"{row.lapis} {row.kode}"
    data = {"versi": row.id, "digest": row.digest, "alasan": reason.strip()}
    audit.record(session, at=at, by=by, act=act, subject=subject, **data)
