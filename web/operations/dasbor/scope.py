"""One row for each participant of a year: who, where, how far, which nilai, passed or not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, literal, or_, select

from cat.exam.state import Phase
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.ruleset import RuleSet
from web.operations.terhitung import counts
from web.tables import Formasi, PartResult, Person, Peserta, Sesi, Sitting

_PRESENT = (Phase.WORKING.value, Phase.PAUSED.value, Phase.FINISHED.value)
_AGES = ((25, "25 tahun atau kurang"), (30, "26-30 tahun"), (35, "31-35 tahun"))


@dataclass(frozen=True)
class Scope:
    """Whose results are looked at. instansi_id : None for all agencies."""

    tahun: int
    instansi_id: int | None = None


def people(scope: Scope, rules: RuleSet) -> Select[tuple[object, ...]]:
    """A query with one row for each scheduled participant.

    Columns: formasi_id, instansi_id, titik_lokasi_id, sesi_id, jenis_kebutuhan, jenis_kelamin,
    netra, usia (a band), lokasi, hadir, belum (his sesi is not over and he has not begun),
    selesai, twk, tiu, tkp, total, lulus (0 or 1). Of several sittings of one participant the last
    finished one counts, else the last.
    """
    counted = _counted_sittings(scope).subquery()
    nilai = _nilai().subquery()
    total = sum((nilai.c[part] for part in PARTS), literal(0))
    finished = Sitting.phase == Phase.FINISHED.value
    present = Sitting.phase.in_(_PRESENT)
    passes = {part: nilai.c[part] for part in PARTS} | {TOTAL: total}
    return (
        select(
            Peserta.formasi_id,
            Formasi.instansi_id,
            Formasi.lokasi,
            Formasi.jenis_kebutuhan,
            Person.jenis_kelamin,
            Peserta.netra,
            _age_band(scope.tahun).label("usia"),
            Sitting.sesi_id,
            Sesi.titik_lokasi_id,
            _flag(present).label("hadir"),
            _flag(and_(~present, Sesi.is_closed.is_(False))).label("belum"),
            _flag(finished).label("selesai"),
            *(nilai.c[part] for part in PARTS),
            total.label(TOTAL),
            _flag(and_(finished, _reaches(passes, rules))).label("lulus"),
        )
        .select_from(counted)
        .join(Sitting, Sitting.id == counted.c.id)
        .join(Sesi, Sesi.id == Sitting.sesi_id)
        .join(Peserta, Peserta.id == Sitting.peserta_id)
        .join(Person, Person.id == Peserta.person_id)
        .join(Formasi, Formasi.id == Peserta.formasi_id)
        .outerjoin(nilai, nilai.c.sitting_id == Sitting.id)
        .where(counted.c.place == 1)
    )


def _counted_sittings(scope: Scope) -> Select[tuple[object, ...]]:
    last = func.row_number().over(
        partition_by=Sitting.peserta_id,
        order_by=(
            _flag(Sitting.phase == Phase.FINISHED.value).desc(),
            Sesi.starts_at.desc(),
            Sitting.id,
        ),
    )
    chosen = (
        select(Sitting.id, last.label("place"))
        .join(Sesi, Sesi.id == Sitting.sesi_id)
        .join(Peserta, Peserta.id == Sitting.peserta_id)
        .join(Formasi, Formasi.id == Peserta.formasi_id)
        .where(Formasi.tahun == scope.tahun, counts())
    )
    if scope.instansi_id is not None:
        chosen = chosen.where(Formasi.instansi_id == scope.instansi_id)
    return chosen


def _nilai() -> Select[tuple[object, ...]]:
    """The parts of a sitting beside each other."""
    columns = (
        func.max(case((PartResult.part == part, PartResult.nilai))).label(part) for part in PARTS
    )
    return select(PartResult.sitting_id, *columns).group_by(PartResult.sitting_id)


def _reaches(points: dict[str, ColumnElement[int]], rules: RuleSet) -> ColumnElement[bool]:
    """The ambang batas of everybody's own jenis kebutuhan, as `ambang_batas.reaches` has them."""
    return or_(
        *(
            and_(
                Formasi.jenis_kebutuhan == row.jenis_kebutuhan,
                *(points[part] >= minimum for part, minimum in row.minimum),
            )
            for row in rules.ambang_batas
        )
    )


def _age_band(tahun: int) -> ColumnElement[str]:
    """Age reached in the year of the selection, in bands."""
    age = literal(tahun) - extract("year", Person.tanggal_lahir)
    return case(*((age <= most, text) for most, text in _AGES), else_="36 tahun atau lebih")


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
