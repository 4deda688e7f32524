"""Objections: filed inside the window, answered by two people, never a way back into the exam.

An objection can have a printed nilai replaced by what the record of the exam says; nobody can type
another one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import AlreadyDecided, NotDue, NotLawful
from cat.exam.outcome import outcome
from cat.exam.state import Phase
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.masa_sanggah import MasaSanggah
from cat.ketentuan.ruleset import RuleSet
from web.operations import audit
from web.operations.records import state_of
from web.operations.seleksi import berlaku, nilai_lama
from web.operations.seleksi.status import formasi_of
from web.operations.seleksi.ujian import exams_of
from web.operations.seleksi.usul import Jenis, propose
from web.tables import Hasil, JadwalSanggah, NilaiLama, Peserta, Sanggah, Sitting, Usul

DITERIMA, DITOLAK = "diterima", "ditolak"
ADMINISTRASI = "administrasi"
# Without letters and digits that look alike when read aloud or copied by hand.
_TICKET_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_TICKET_LENGTH = 12


@dataclass(frozen=True)
class Banding:
    """One part as printed, as stored, and as the record of the exam says; None where there is none.

    The record is replayed; for a reused SKD it is what is on file.
    """

    bagian: str
    tercetak: int | None
    tersimpan: int | None
    rekaman: int | None

    @property
    def differs(self) -> bool:
        """Whether print or store says something else than the record."""
        return not self.tercetak == self.tersimpan == self.rekaman


def set_window(
    session: Session,
    tahun: int,
    tahap: str,
    days: tuple[date, date, date],
    rules: RuleSet,
    *,
    by: str,
    now: int,
) -> JadwalSanggah:
    """Set the days of a stage. days : first and last day to object, last day to answer.

    Raises NotLawful where the year has no window for the stage, or another length.
    """
    mulai, sampai, jawab = days
    rule = rules.get_masa_sanggah(tahap)
    if found := _breaches(rule, mulai, sampai, jawab):
        raise NotLawful(f"Masa sanggah {tahap}: {'; '.join(found)} ({rule.dasar_hukum}).")
    row = find_window(session, tahun, tahap)
    if row is None:
        row = JadwalSanggah(tahun=tahun, tahap=tahap)
        session.add(row)
    row.mulai, row.sampai, row.jawab_sampai = mulai, sampai, jawab
    row.saved_by, row.saved_at = by, now
    session.flush()
    told = {"mulai": str(mulai), "sampai": str(sampai), "jawab_sampai": str(jawab)}
    act = "tetapkan masa sanggah"
    audit.record(session, at=now, by=by, act=act, subject=f"{tahun} {tahap}", **told)
    return row


def find_window(session: Session, tahun: int, tahap: str) -> JadwalSanggah | None:
    """The days of a stage, or None."""
    return session.scalar(
        select(JadwalSanggah).where(JadwalSanggah.tahun == tahun, JadwalSanggah.tahap == tahap)
    )


def file(
    session: Session,
    peserta: Peserta,
    tahap: str,
    isi: str,
    *,
    by: str,
    now: int,
    today: date,
    tiket: str | None = None,
) -> Sanggah:
    """File an objection for a participant. tiket : drawn at random unless given.

    Raises NotDue outside the window, for a blank text, or where the participant is in no
    announcement of the stage; AlreadyDecided for a second objection at the same stage.
    """
    formasi = formasi_of(peserta)
    window = find_window(session, formasi.tahun, tahap)
    if window is None or not window.mulai <= today <= window.sampai:
        raise NotDue(f"Masa sanggah tahap {tahap} tidak sedang dibuka.")
    if not isi.strip():
        raise NotDue("Tuliskan isi sanggahan.")
    if tahap != ADMINISTRASI and printed(session, peserta, tahap) is None:
        raise NotDue(f"{peserta.nomor} tidak termuat dalam pengumuman tahap {tahap}.")
    session.get(Peserta, peserta.id, with_for_update={"key_share": True})  # one at a time
    if find(session, peserta, tahap) is not None:
        raise AlreadyDecided(f"{peserta.nomor} sudah menyanggah pada tahap {tahap}.")
    row = Sanggah(
        tiket=tiket or _ticket(),
        tahun=formasi.tahun,
        tahap=tahap,
        peserta=peserta,
        isi=isi.strip(),
        filed_by=by,
        filed_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(session, at=now, by=by, act="catat sanggah", subject=peserta.nomor, tahap=tahap)
    return row


def answer(
    session: Session, row: Sanggah, putusan: str, jawaban: str, *, alasan: str, by: str, now: int
) -> Usul:
    """Propose the answer to an objection. alasan : for the file; jawaban : for the participant.

    Raises AlreadyDecided for a second answer, NotDue for an unknown decision or a blank answer.
    """
    if row.putusan is not None:
        raise AlreadyDecided(f"Sanggah {row.tiket} sudah dijawab.")
    if putusan not in (DITERIMA, DITOLAK) or not jawaban.strip():
        raise NotDue("Pilih putusan dan tuliskan jawaban bagi peserta.")
    return propose(
        session,
        Jenis.JAWAB_SANGGAH,
        tahun=row.tahun,
        peserta_id=row.peserta_id,
        isi={
            "bagian": row.tahap,
            "sanggah": row.id,
            "putusan": putusan,
            "jawaban": jawaban.strip(),
        },
        alasan=alasan,
        by=by,
        now=now,
    )


def apply_answer(session: Session, usul: Usul, *, now: int) -> Sanggah:
    """Write the answer that two people agreed on; where it is granted, restore damaged results."""
    row = session.get_one(
        Sanggah, usul.isi["sanggah"], with_for_update=True, populate_existing=True
    )
    if row.putusan is not None:
        raise AlreadyDecided(f"Sanggah {row.tiket} sudah dijawab.")
    row.putusan, row.jawaban, row.answered_at = usul.isi["putusan"], usul.isi["jawaban"], now
    if row.putusan == DITERIMA and row.tahap != ADMINISTRASI:
        _restore(session, row.peserta, by=usul.decided_by or "", now=now)
    session.flush()
    return row


def comparison(session: Session, peserta: Peserta, tahap: str) -> list[Banding]:
    """SKD points of a participant as printed, as stored and by the record of the exam."""
    hasil = printed(session, peserta, tahap)
    old = session.get(NilaiLama, peserta.id)
    if old is not None and old.pilihan == nilai_lama.PAKAI:
        stored = record = nilai_lama.points(old)
    else:
        sitting = _counted(session, peserta)
        stored = {each.part: each.nilai for each in sitting.results} if sitting else {}
        record = _record(session, sitting) if sitting else {}
    return [
        Banding(part, getattr(hasil, part) if hasil else None, stored.get(part), record.get(part))
        for part in PARTS
    ]


def printed(session: Session, peserta: Peserta, tahap: str) -> Hasil | None:
    """What the announcement in force says of a participant, or None."""
    formasi = formasi_of(peserta)
    head = berlaku.in_force(session, formasi.tahun, tahap, formasi.instansi_id)
    if head is None:
        return None
    return session.get(Hasil, (head.id, peserta.id), populate_existing=True)


def find(session: Session, peserta: Peserta, tahap: str) -> Sanggah | None:
    """The objection of a participant at a stage, or None."""
    return session.scalar(
        select(Sanggah).where(Sanggah.peserta_id == peserta.id, Sanggah.tahap == tahap)
    )


def by_ticket(session: Session, tiket: str) -> Sanggah | None:
    """The objection that a ticket is for, or None."""
    wanted = tiket.strip().upper()
    return session.scalar(select(Sanggah).where(Sanggah.tiket == wanted))


def all_of(session: Session, tahun: int) -> Sequence[Sanggah]:
    """Every objection of a year, the unanswered first, then the newest."""
    return session.scalars(
        select(Sanggah)
        .where(Sanggah.tahun == tahun)
        .options(joinedload(Sanggah.peserta).joinedload(Peserta.person))
        .order_by(Sanggah.answered_at.is_not(None), Sanggah.filed_at.desc(), Sanggah.id)
    ).all()


def awaiting_correction(session: Session, tahun: int) -> list[Sanggah]:
    """Granted objections whose nilai is still printed otherwise: a new announcement is due."""
    return [
        row
        for row in all_of(session, tahun)
        if row.putusan == DITERIMA
        and row.tahap != ADMINISTRASI
        and any(each.differs for each in comparison(session, row.peserta, row.tahap))
    ]


def _breaches(rule: MasaSanggah, mulai: date, sampai: date, jawab: date) -> list[str]:
    if not rule.ada:
        return ["tidak ada masa sanggah resmi pada tahap ini"]
    found = []
    length = (sampai - mulai).days + 1
    if length < 1 or (rule.hari_pengajuan is not None and length != rule.hari_pengajuan):
        wanted = rule.hari_pengajuan or "sekurang-kurangnya 1"
        found.append(f"lama pengajuan {length} hari, ketentuan {wanted} hari")
    latest = None if rule.hari_jawaban is None else sampai + timedelta(days=rule.hari_jawaban)
    if jawab < sampai or (latest is not None and jawab > latest):
        until = "" if latest is None else f", paling akhir {rule.hari_jawaban} hari sesudahnya"
        found.append(f"hari jawaban tidak boleh sebelum pengajuan berakhir{until}")
    return found


def _counted(session: Session, peserta: Peserta) -> Sitting | None:
    formasi = formasi_of(peserta)
    exams = exams_of(session, [formasi.id]).get(formasi.id, [])
    return next((each.counted for each in exams if each.peserta.id == peserta.id), None)


def _record(session: Session, sitting: Sitting) -> dict[str, int]:
    """Part -> points by replay of the record; the record is only read."""
    return {each.part: each.nilai for each in outcome(state_of(session, sitting))}


def _restore(session: Session, peserta: Peserta, *, by: str, now: int) -> None:
    """Let stored results say again what the record says, where they were changed."""
    sitting = _counted(session, peserta)
    if sitting is None or sitting.phase != Phase.FINISHED.value:
        return
    by_part = {each.part: each for each in outcome(state_of(session, sitting))}
    for stored in sitting.results:
        right = by_part[stored.part]
        if stored.nilai == right.nilai:
            continue
        told = {"bagian": stored.part, "tersimpan": stored.nilai, "rekaman": right.nilai}
        for name, value in vars(right).items():
            setattr(stored, name, value)
        act = "pulihkan nilai dari rekaman"
        audit.record(session, at=now, by=by, act=act, subject=peserta.nomor, **told)


def _ticket() -> str:
    letters = (secrets.choice(_TICKET_LETTERS) for _ in range(_TICKET_LENGTH))
    return "".join(letters)
