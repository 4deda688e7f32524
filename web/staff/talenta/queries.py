"""What the pages about talent show: lists of employees and single facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from web.db import db
from web.operations.talenta.acuan import Acuan
from web.operations.talenta.standar import read_standard
from web.tables import (
    Instansi,
    Jabatan,
    Kinerja,
    Pegawai,
    Person,
    PotretTalenta,
    StandarJabatan,
)

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One employee with the last picture, None where there is none yet."""

    pegawai: Pegawai
    potret: PotretTalenta | None


@dataclass(frozen=True)
class Page:
    """One page of a list. number : from 1."""

    rows: tuple[Row, ...]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // PAGE))


def agencies() -> Sequence[Instansi]:
    """Agencies with employees, by code."""
    chosen = select(Instansi).where(Instansi.id.in_(select(Pegawai.instansi_id)))
    return db.session.scalars(chosen.order_by(Instansi.kode)).all()


def people(
    *, instansi_id: int | None = None, kotak: int | None = None, text: str = "", number: int = 1
) -> Page:
    """Employees by name: of an agency, in a box (0 for none yet), whose name or NIP holds text."""
    query = _filtered(select(Pegawai, PotretTalenta), instansi_id, kotak, text)
    total = db.session.scalar(_filtered(select(func.count(Pegawai.id)), instansi_id, kotak, text))
    number = min(max(1, number), max(1, -(-(total or 0) // PAGE)))
    found = db.session.execute(
        query.options(
            joinedload(Pegawai.person), joinedload(Pegawai.jabatan), joinedload(Pegawai.instansi)
        )
        .order_by(Person.nama, Pegawai.id)
        .limit(PAGE)
        .offset(PAGE * (number - 1))
    )
    return Page(tuple(Row(*pair) for pair in found), number, total or 0)


def box_counts(instansi_id: int | None = None) -> dict[int, int]:
    """Employees per box; 0 counts those who have no box yet, with or without a picture."""
    box = func.coalesce(PotretTalenta.kotak, 0)
    query = (
        select(box, func.count(Pegawai.id))
        .outerjoin(PotretTalenta, PotretTalenta.pegawai_id == Pegawai.id)
        .group_by(box)
    )
    if instansi_id is not None:
        query = query.where(Pegawai.instansi_id == instansi_id)
    counts = {int(number): int(count) for number, count in db.session.execute(query)}
    return {number: counts.get(number, 0) for number in range(10)}


def last_computed() -> int | None:
    """When the oldest picture was worked out, microseconds; None where there is none."""
    return db.session.scalar(select(func.min(PotretTalenta.dihitung_at)))


def get_pegawai(pegawai_id: int) -> Pegawai:
    """An employee; 404 when there is none."""
    return db.get_or_404(Pegawai, pegawai_id)


def performance_years(pegawai_id: int) -> Sequence[Kinerja]:
    """An employee's performance, the newest year first."""
    return db.session.scalars(
        select(Kinerja).where(Kinerja.pegawai_id == pegawai_id).order_by(Kinerja.tahun.desc())
    ).all()


def find_performance(nip: str, tahun: int) -> Kinerja | None:
    """What is on file of the employee with this NIP in a year, or None."""
    return db.session.scalar(
        select(Kinerja).join(Kinerja.pegawai).where(Pegawai.nip == nip, Kinerja.tahun == tahun)
    )


def performance_rows(
    tahun: int, instansi_id: int | None, number: int
) -> tuple[list[tuple[Pegawai, Kinerja | None]], int]:
    """Employees with their performance of one year, a page of them; and the last page's number."""
    where = [] if instansi_id is None else [Pegawai.instansi_id == instansi_id]
    total = db.session.scalar(select(func.count(Pegawai.id)).where(*where)) or 0
    last = max(1, -(-total // PAGE))
    found = db.session.execute(
        select(Pegawai, Kinerja)
        .join(Pegawai.person)
        .outerjoin(Kinerja, (Kinerja.pegawai_id == Pegawai.id) & (Kinerja.tahun == tahun))
        .where(*where)
        .options(joinedload(Pegawai.person), joinedload(Pegawai.instansi))
        .order_by(Person.nama, Pegawai.id)
        .limit(PAGE)
        .offset(PAGE * (min(max(1, number), last) - 1))
    )
    return [(pegawai, row) for pegawai, row in found], last


@dataclass(frozen=True)
class Sasaran:
    """A jabatan or jenjang that can have a standard. versions : newest first."""

    kode: str
    nama: str
    versions: tuple[StandarJabatan, ...]


def targets(acuan: Acuan) -> tuple[list[Sasaran], list[Sasaran]]:
    """Every jabatan and every jenjang with its versions."""
    versions: dict[str, list[StandarJabatan]] = {}
    for row in db.session.scalars(
        select(StandarJabatan).order_by(StandarJabatan.sasaran, StandarJabatan.versi.desc())
    ):
        versions.setdefault(row.sasaran, []).append(row)
    positions = [
        (f"jabatan/{each.kode}", each.nama)
        for each in db.session.scalars(select(Jabatan).order_by(Jabatan.nama))
    ]
    kinds = [(f"jenjang/{each.kode}", each.nama) for each in acuan.jenjang.jenjang]
    made = [
        [Sasaran(kode, nama, tuple(versions.get(kode, ()))) for kode, nama in group]
        for group in (positions, kinds)
    ]
    return made[0], made[1]


def waiting_standards() -> Sequence[StandarJabatan]:
    """Versions that nobody has decided on, oldest first."""
    return db.session.scalars(
        select(StandarJabatan)
        .where(StandarJabatan.putusan.is_(None))
        .order_by(StandarJabatan.proposed_at)
    ).all()


def version_before(row: StandarJabatan, acuan: Acuan) -> dict[str, int]:
    """Requirements of the newest agreed version before this one; empty where there is none."""
    earlier = db.session.scalar(
        select(StandarJabatan)
        .where(
            StandarJabatan.sasaran == row.sasaran,
            StandarJabatan.versi < row.versi,
            StandarJabatan.putusan == "setuju",
        )
        .order_by(StandarJabatan.versi.desc())
        .limit(1)
    )
    return dict(read_standard(earlier, acuan).syarat) if earlier else {}


def _filtered(
    query: Select[Any], instansi_id: int | None, kotak: int | None, text: str
) -> Select[Any]:
    query = (
        query.select_from(Pegawai)
        .join(Pegawai.person)
        .outerjoin(PotretTalenta, PotretTalenta.pegawai_id == Pegawai.id)
    )
    if instansi_id is not None:
        query = query.where(Pegawai.instansi_id == instansi_id)
    if kotak is not None:
        query = query.where(func.coalesce(PotretTalenta.kotak, 0) == kotak)
    if text:
        named = Person.nama.icontains(text, autoescape=True)
        query = query.where(or_(named, Pegawai.nip == text))
    return query
