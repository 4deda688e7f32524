"""Training plans: drawn up by the machine, agreed by a second person, filled with what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from cat.errors import AlreadyDecided, BadInput, NeedsSecondPerson
from cat.kompetensi.ip_asn import JENIS_PELATIHAN, Riwayat
from cat.kompetensi.kesenjangan import Kesenjangan, by_priority
from cat.kompetensi.pelatihan import Rencana, plan
from web.operations import audit
from web.operations.talenta.acuan import Acuan
from web.tables import Pegawai, PelatihanPegawai, RencanaPelatihan

MOST_JP = 1000


@dataclass(frozen=True)
class Kemajuan:
    """How far a year has come: JP planned and finished, and what the year asks for."""

    jp_minimum: int
    jp_rencana: int
    jp_selesai: int

    @property
    def persen(self) -> int:
        """Finished JP of the minimum (or, without one, of the plan), at most 100, cut off."""
        goal = self.jp_minimum or self.jp_rencana
        return min(100, 100 * self.jp_selesai // goal) if goal else 100


def propose_plan(
    session: Session, pegawai: Pegawai, gaps: Sequence[Kesenjangan], tahun: int, acuan: Acuan
) -> Rencana:
    """The plan that the catalogue offers for these gaps; stores nothing.

    Trainings that the employee has finished are not offered again. Raises BadInput where the
    rules do not say what a year asks of people of this status.
    """
    duty = acuan.pelatihan.duty(pegawai.status)
    if duty is None:
        raise BadInput(f"kewajiban JP bagi status {pegawai.status!r} belum ada dalam data")
    finished = [row for row in _trainings(session, [pegawai.id]) if row.selesai is not None]
    return plan(
        acuan.pelatihan.katalog,
        by_priority(gaps),
        duty,
        done_jp=sum(row.jp_realisasi or 0 for row in finished if _year(row) == tahun),
        exclude={row.kode for row in finished},
    )


def draw_up(
    session: Session,
    pegawai: Pegawai,
    gaps: Sequence[Kesenjangan],
    tahun: int,
    acuan: Acuan,
    *,
    by: str,
    now: int,
) -> RencanaPelatihan:
    """Store a draft for the year in place of an earlier draft; flushes.

    Raises AlreadyDecided where the year's plan is agreed.
    """
    session.get_one(Pegawai, pegawai.id, with_for_update=True)  # one writer per employee
    row = find_plan(session, pegawai.id, tahun)
    if row is not None and row.approved_at is not None:
        raise AlreadyDecided(f"Rencana {tahun} sudah disetujui.")
    found = propose_plan(session, pegawai, gaps, tahun, acuan)
    if row is None:
        row = RencanaPelatihan(pegawai_id=pegawai.id, tahun=tahun)
        session.add(row)
    duty = acuan.pelatihan.duty(pegawai.status)
    row.jp_minimum = duty.jp_minimum if duty else 0
    row.dasar = _basis(found, gaps, acuan)
    row.drawn_at, row.drawn_by = now, by
    row.butir = []
    session.flush()
    session.execute(delete(PelatihanPegawai).where(PelatihanPegawai.rencana_id == row.id))
    row.butir = [
        PelatihanPegawai(
            pegawai_id=pegawai.id,
            kode=each.kode,
            nama=each.nama,
            jenis=each.jenis,
            jp=each.jp,
            kompetensi=list(each.kompetensi),
        )
        for each in found.pelatihan
    ]
    session.flush()
    audit.record(
        session, at=now, by=by, act="susun rencana pelatihan", subject=pegawai.nip, tahun=tahun
    )
    return row


def approve(session: Session, rencana_id: int, *, by: str, now: int) -> RencanaPelatihan:
    """Agree to a plan; again by the same person changes nothing. Flushes.

    Raises NeedsSecondPerson where the person drew it up.
    """
    row = session.get_one(
        RencanaPelatihan, rencana_id, with_for_update=True, populate_existing=True
    )
    if row.approved_at is not None:
        return row
    if row.drawn_by == by:
        raise NeedsSecondPerson(
            "Penyusun tidak dapat menyetujui rencananya sendiri. Mintalah orang kedua."
        )
    row.approved_at, row.approved_by = now, by
    session.flush()
    audit.record(
        session,
        at=now,
        by=by,
        act="setujui rencana pelatihan",
        subject=row.pegawai.nip,
        tahun=row.tahun,
    )
    return row


def finish(
    session: Session, pelatihan_id: int, *, selesai: date, jp: int, today: date, by: str, now: int
) -> PelatihanPegawai:
    """Note that a planned training is finished; the same again changes nothing. Flushes.

    jp : lesson hours attended, 1 to what was planned.

    Raises BadInput where the plan is not agreed, the day is not in its year, or jp is out of range.
    """
    row = session.get_one(
        PelatihanPegawai, pelatihan_id, with_for_update=True, populate_existing=True
    )
    if row.rencana is None or row.rencana.approved_at is None:
        raise BadInput("Realisasi baru dapat dicatat setelah rencananya disetujui orang kedua.")
    if selesai.year != row.rencana.tahun or selesai > today:
        raise BadInput(f"Tanggal selesai harus dalam tahun {row.rencana.tahun} dan sudah lewat.")
    if not 1 <= jp <= row.jp:
        raise BadInput(f"JP realisasi harus antara 1 dan {row.jp}.")
    if (row.selesai, row.jp_realisasi) == (selesai, jp):
        return row
    before = [str(row.selesai), row.jp_realisasi] if row.selesai else None
    row.selesai, row.jp_realisasi = selesai, jp
    session.flush()
    audit.record(
        session,
        at=now,
        by=by,
        act="catat realisasi pelatihan",
        subject=_nip(session, row),
        pelatihan=row.nama,
        jp=jp,
        sebelumnya=before,
    )
    return row


def add_outside(
    session: Session,
    pegawai: Pegawai,
    *,
    nama: str,
    jenis: str,
    jp: int,
    selesai: date,
    today: date,
    by: str,
    now: int,
) -> PelatihanPegawai:
    """Note a finished training that stood in no plan; the same again changes nothing. Flushes.

    jp : 1 to MOST_JP. Raises BadInput.
    """
    if jenis not in JENIS_PELATIHAN or not 1 <= jp <= MOST_JP or selesai > today:
        raise BadInput(f"jenis, JP (1 sampai {MOST_JP}), atau tanggal tidak dapat dipakai")
    session.get_one(Pegawai, pegawai.id, with_for_update=True)
    for row in _trainings(session, [pegawai.id]):
        if (row.rencana_id, row.nama, row.jenis, row.selesai) == (None, nama, jenis, selesai):
            return row
    made = PelatihanPegawai(
        pegawai_id=pegawai.id,
        kode="",
        nama=nama,
        jenis=jenis,
        jp=jp,
        kompetensi=[],
        selesai=selesai,
        jp_realisasi=jp,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, at=now, by=by, act="catat pelatihan", subject=pegawai.nip, pelatihan=nama, jp=jp
    )
    return made


def find_plan(session: Session, pegawai_id: int, tahun: int) -> RencanaPelatihan | None:
    """The year's plan of an employee with its trainings, or None."""
    return session.scalar(
        select(RencanaPelatihan)
        .where(RencanaPelatihan.pegawai_id == pegawai_id, RencanaPelatihan.tahun == tahun)
        .options(selectinload(RencanaPelatihan.butir))
    )


def trainings_of(session: Session, pegawai_id: int) -> list[PelatihanPegawai]:
    """Finished trainings of an employee, the newest first."""
    rows = [row for row in _trainings(session, [pegawai_id]) if row.selesai is not None]
    return sorted(rows, key=lambda row: (row.selesai or date.min, row.id), reverse=True)


def histories(session: Session, ids: Sequence[int]) -> dict[int, tuple[Riwayat, ...]]:
    """Employee id -> finished trainings; an employee with nothing on file is left out.

    A plan counts as something on file: whoever has one but finished nothing has done 0 JP.
    """
    found: dict[int, list[Riwayat]] = defaultdict(list)
    for row in _trainings(session, ids):
        finished = found[row.pegawai_id]
        if row.selesai is not None:
            finished.append(Riwayat(row.jenis, row.selesai.year, row.jp_realisasi or 0))
    return {who: tuple(rows) for who, rows in found.items()}


def progress(session: Session, pegawai: Pegawai, tahun: int, acuan: Acuan) -> Kemajuan:
    """How far an employee has come in a year."""
    duty = acuan.pelatihan.duty(pegawai.status)
    row = find_plan(session, pegawai.id, tahun)
    done = session.scalar(
        select(func.coalesce(func.sum(PelatihanPegawai.jp_realisasi), 0)).where(
            PelatihanPegawai.pegawai_id == pegawai.id,
            PelatihanPegawai.selesai.between(date(tahun, 1, 1), date(tahun, 12, 31)),
        )
    )
    planned = sum(each.jp for each in row.butir) if row else 0
    return Kemajuan(duty.jp_minimum if duty else 0, planned, int(done or 0))


def _basis(found: Rencana, gaps: Sequence[Kesenjangan], acuan: Acuan) -> dict[str, object]:
    return {
        "acuan": acuan.digest,
        "gap": {row.kompetensi: row.gap for row in gaps if row.gap},
        "tercakup": list(found.tercakup),
        "tanpa_pelatihan": list(found.tanpa_pelatihan),
        "ditunda": list(found.ditunda),
        "kurang_jp": found.kurang_jp,
    }


def _trainings(session: Session, ids: Sequence[int]) -> Iterable[PelatihanPegawai]:
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        yield from session.scalars(
            select(PelatihanPegawai)
            .where(PelatihanPegawai.pegawai_id.in_(chunk))
            .order_by(PelatihanPegawai.id)
        )


def _year(row: PelatihanPegawai) -> int | None:
    return row.selesai.year if row.selesai else None


def _nip(session: Session, row: PelatihanPegawai) -> str:
    return session.get_one(Pegawai, row.pegawai_id).nip
