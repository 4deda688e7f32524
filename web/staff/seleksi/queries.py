"""What the pages of a selection show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cat.exam.state import Phase
from web.db import db
from web.operations.seleksi import nilai_skb, rencana
from web.operations.seleksi.akhir import Final
from web.operations.seleksi.usul import WORDS, Jenis, pending
from web.operations.terhitung import counts as counted
from web.tables import (
    Formasi,
    Hasil,
    Instansi,
    Jabatan,
    NilaiLama,
    NilaiSKB,
    Pengumuman,
    Peserta,
    RencanaSKB,
    Sanggah,
    Sitting,
    Usul,
)


@dataclass(frozen=True)
class AgencyRow:
    """One agency in a year. heads : stage -> announcement in force."""

    instansi: Instansi
    formasi: int
    kebutuhan: int
    heads: dict[str, Pengumuman]


@dataclass(frozen=True)
class Counts:
    """How far a year's selection is."""

    selesai: int
    belum: int
    usul: int
    sanggah: int


@dataclass(frozen=True)
class PlanRow:
    """A jabatan of an agency that needs a plan. entered, wanted : cells of SKB nilai."""

    instansi: Instansi
    jabatan: Jabatan
    plan: RencanaSKB | None
    entered: int
    wanted: int


@dataclass(frozen=True)
class FormasiRow:
    """One formasi after SKD. waiting : how many still lack a nilai. undecided : in ties."""

    formasi: Formasi
    jenis: str
    going_on: int
    waiting: int
    undecided: int
    placed: int


@dataclass(frozen=True)
class EntryRow:
    """One participant on the entry page. cells : jenis -> what is entered, "" for nothing."""

    hasil: Hasil
    cells: dict[str, str]


@dataclass(frozen=True)
class UsulRow:
    """A proposal in words."""

    usul: Usul
    act: str
    whom: str
    details: list[tuple[str, str]]


def years() -> list[int]:
    """Years with formasi, newest first."""
    return list(db.session.scalars(select(Formasi.tahun).distinct().order_by(Formasi.tahun.desc())))


def counts(tahun: int) -> Counts:
    """How far a year's selection is."""
    phases = dict(
        db.session.execute(
            select(Sitting.phase, func.count())
            .join(Sitting.peserta)
            .join(Peserta.formasi)
            .where(Formasi.tahun == tahun, counted())
            .group_by(Sitting.phase)
        ).all()
    )
    finished = phases.get(Phase.FINISHED.value, 0)
    open_objections = select(func.count()).where(Sanggah.tahun == tahun, Sanggah.putusan.is_(None))
    return Counts(
        selesai=finished,
        belum=sum(phases.values()) - finished,
        usul=len(pending(db.session(), tahun)),
        sanggah=db.session.scalar(open_objections) or 0,
    )


def agencies(tahun: int) -> list[AgencyRow]:
    """Every agency with formasi in a year."""
    rows = db.session.execute(
        select(Instansi, func.count(Formasi.id), func.sum(Formasi.kebutuhan))
        .join(Formasi, Formasi.instansi_id == Instansi.id)
        .where(Formasi.tahun == tahun)
        .group_by(Instansi.id)
        .order_by(Instansi.kode)
    ).all()
    approved = [row for row in announcements(tahun) if row.approved_at is not None]
    return [
        AgencyRow(instansi, count, posts, _heads(approved, instansi))
        for instansi, count, posts in rows
    ]


def _heads(approved: Sequence[Pengumuman], instansi: Instansi) -> dict[str, Pengumuman]:
    """Stage -> announcement in force for an agency, as `berlaku.in_force` finds it."""
    own = [head for head in approved if head.instansi_id in (None, instansi.id)]
    return {head.tahap: head for head in sorted(own, key=lambda each: (each.approved_at, each.id))}


def formasi_rows(final: Final) -> list[FormasiRow]:
    """The formasi of an agency with how far each is."""
    rules = final.rules
    return [
        FormasiRow(
            formasi=each,
            jenis=rules.get_ambang_batas(each.jenis_kebutuhan).nama,
            going_on=len(rows := final.of_formasi[each.id]),
            waiting=sum(not row.is_complete for row in rows),
            undecided=sum(row.undecided for row in rows),
            placed=sum(row.placed for row in rows),
        )
        for each in final.formasi
    ]


def plan_rows(tahun: int, instansi: Instansi) -> list[PlanRow]:
    """Every jabatan of an agency in a year, with its plan and how much is entered."""
    stored = rencana.plans(db.session(), tahun)
    positions = db.session.scalars(
        select(Jabatan)
        .join(Formasi, Formasi.jabatan_id == Jabatan.id)
        .where(Formasi.tahun == tahun, Formasi.instansi_id == instansi.id)
        .distinct()
        .order_by(Jabatan.id)
    ).all()
    entered = Counter[int](
        dict(
            db.session.execute(
                select(NilaiSKB.bagian_id, func.count())
                .where(NilaiSKB.versi == 1)
                .group_by(NilaiSKB.bagian_id)
            ).all()
        )
    )
    rows = []
    for jabatan in positions:
        plan = stored.get((instansi.id, jabatan.id))
        people = len(nilai_skb.entitled(db.session(), plan)) if plan else 0
        parts = plan.bagian if plan else []
        done = sum(entered[part.id] for part in parts)
        rows.append(PlanRow(instansi, jabatan, plan, done, people * len(parts)))
    return rows


def entry_rows(plan: RencanaSKB) -> list[EntryRow]:
    """Those who go on under a plan, with what is entered."""
    known = nilai_skb.current(db.session(), [plan])
    return [
        EntryRow(
            hasil,
            {
                part.jenis: nilai_skb.as_text(known.get((hasil.peserta_id, part.id)))
                for part in plan.bagian
            },
        )
        for hasil in nilai_skb.entitled(db.session(), plan)
    ]


def usul_rows(rows: Sequence[Usul]) -> list[UsulRow]:
    """Proposals in words."""
    return [
        UsulRow(
            usul=row,
            act=WORDS[Jenis(row.jenis)],
            whom=_whom(row),
            details=_details(row),
        )
        for row in rows
    ]


def decided(tahun: int, most: int = 50) -> Sequence[Usul]:
    """Proposals that were decided, newest first."""
    return db.session.scalars(
        select(Usul)
        .where(Usul.tahun == tahun, Usul.decided_at.is_not(None))
        .options(joinedload(Usul.peserta).joinedload(Peserta.person), joinedload(Usul.formasi))
        .order_by(Usul.decided_at.desc(), Usul.id.desc())
        .limit(most)
    ).all()


def _whom(row: Usul) -> str:
    if row.peserta is not None:
        return f"{row.peserta.person.nama}, {row.peserta.nomor}"
    return f"Formasi {row.formasi.kode}" if row.formasi else ""


def _details(row: Usul) -> list[tuple[str, str]]:
    """What is proposed, as label and text."""
    isi = row.isi
    if row.jenis == Jenis.URUTAN:
        found = db.session.scalars(select(Peserta).where(Peserta.id.in_(isi["peserta"])))
        numbers = {each.id: each.nomor for each in found}
        return [("Urutan", ", lalu ".join(numbers[each] for each in isi["peserta"]))]
    labels = {
        "kode": "Kode",
        "tahap": "Sejak tahap",
        "nama": "Tes",
        "lama": "Nilai tercatat",
        "baru": "Nilai seharusnya",
        "sesi": "Sesi",
        "putusan": "Putusan",
        "jawaban": "Jawaban",
    }
    return [(label, str(isi[name])) for name, label in labels.items() if name in isi]


def announcements(tahun: int) -> Sequence[Pengumuman]:
    """Every announcement and draft of a year, newest first."""
    return db.session.scalars(
        select(Pengumuman).where(Pengumuman.tahun == tahun).order_by(Pengumuman.id.desc())
    ).all()


def reuse_rows(tahun: int) -> Sequence[NilaiLama]:
    """Earlier SKD on file for a year's participants."""
    return db.session.scalars(
        select(NilaiLama)
        .join(NilaiLama.peserta)
        .join(Peserta.formasi)
        .where(Formasi.tahun == tahun)
        .options(joinedload(NilaiLama.peserta).joinedload(Peserta.person))
        .order_by(Peserta.nomor)
    ).all()
