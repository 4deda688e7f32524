"""Figures about populations of employees, counted by the database from the last pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, case, func, literal, select

from cat.kompetensi.ip_asn import AturanIpAsn, mean_index
from cat.kompetensi.populasi import AturanPopulasi, Bagian, wilson
from web.db import db
from web.operations.talenta.acuan import Acuan
from web.tables import Instansi, Jabatan, Pegawai, PelatihanPegawai, PotretGap, PotretTalenta

ALL = "Semua pegawai"
# Shades of the heat table: a mean gap from this many levels has this shade.
SHADES = ((Decimal("1"), 4), (Decimal("0.5"), 3), (Decimal("0.25"), 2), (Decimal("0.01"), 1))
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Summary:
    """One agency, or all together.

    categories : codes of the selection scale -> people; "" where the JPM is not known.
    ip_asn_sum, ip_asn_known : of those who have an index.
    jp_reached, jp_due : people who have, and who must have, the year's minimum of JP.
    """

    nama: str
    total: int
    categories: dict[str, int]
    talent_pool: int
    ip_asn_sum: Decimal
    ip_asn_known: int
    jp_reached: int
    jp_due: int
    rule: AturanIpAsn

    @property
    def ip_asn(self) -> Decimal | None:
        """The mean index, rounded as the rule says; None where nobody has one."""
        return mean_index(self.rule, self.ip_asn_sum, self.ip_asn_known)


@dataclass(frozen=True)
class Share:
    """Strong IT base in one group. unknown : people without evidence, not in the share."""

    nama: str
    bagian: Bagian | None
    unknown: int


@dataclass(frozen=True)
class Cell:
    """Gaps of one competency in one agency.

    mean : levels, two decimals; None where nobody has been measured. short : people with a gap.
    """

    mean: Decimal | None
    short: int
    measured: int

    @property
    def shade(self) -> int:
        """0, no gap, to 4."""
        return next((s for least, s in SHADES if self.mean and self.mean >= least), 0)


def summaries(tahun: int, acuan: Acuan) -> list[Summary]:
    """Each agency by code, and all together at the end."""
    found = [_summary(row, acuan) for row in _per_agency(tahun, acuan)]
    names = sorted({name for each in found for name in each.categories})
    together = Summary(
        nama=ALL,
        total=sum(each.total for each in found),
        categories={n: sum(each.categories.get(n, 0) for each in found) for n in names},
        talent_pool=sum(each.talent_pool for each in found),
        ip_asn_sum=sum((each.ip_asn_sum for each in found), Decimal(0)),
        ip_asn_known=sum(each.ip_asn_known for each in found),
        jp_reached=sum(each.jp_reached for each in found),
        jp_due=sum(each.jp_due for each in found),
        rule=acuan.ip_asn,
    )
    return [*found, together]


def strong_shares(rule: AturanPopulasi, by_jabatan: bool) -> list[Share]:
    """Share with a strong IT base in all together, and in each agency or jabatan."""
    group = Jabatan if by_jabatan else Instansi
    strong = func.sum(case((PotretTalenta.ti_kuat.is_(True), 1), else_=0))
    found = db.session.execute(
        select(group.nama, strong, func.count(PotretTalenta.ti_kuat), func.count(Pegawai.id))
        .select_from(Pegawai)
        .join(Pegawai.jabatan if by_jabatan else Pegawai.instansi)
        .outerjoin(PotretTalenta, PotretTalenta.pegawai_id == Pegawai.id)
        .group_by(group.nama)
        .order_by(group.nama)
    )
    rows = [(str(nama), int(s or 0), int(known), int(total)) for nama, s, known, total in found]
    columns = list(zip(*(row[1:] for row in rows), strict=True)) or [(0,)] * 3
    strong_all, known_all, total_all = map(sum, columns)
    together = _share(ALL, strong_all, known_all, total_all, rule)
    return [together, *(_share(*row, rule) for row in rows)]


def gap_table(acuan: Acuan) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """Agencies, and for each competency that anybody is measured in a cell for each of them."""
    names = list(
        db.session.scalars(
            select(Instansi.nama)
            .where(Instansi.id.in_(select(Pegawai.instansi_id)))
            .order_by(Instansi.kode)
        )
    )
    found: dict[str, dict[str, Cell]] = defaultdict(dict)
    rows = db.session.execute(
        select(
            PotretGap.kompetensi,
            Instansi.nama,
            func.sum(PotretGap.gap),
            func.sum(case((PotretGap.gap > 0, 1), else_=0)),
            func.count(),
        )
        .join(Pegawai, Pegawai.id == PotretGap.pegawai_id)
        .join(Pegawai.instansi)
        .group_by(PotretGap.kompetensi, Instansi.nama)
    )
    for kode, nama, total, short, measured in rows:
        mean = (Decimal(int(total)) / measured).quantize(_HUNDREDTH)
        found[kode][nama] = Cell(mean, int(short), int(measured))
    empty = Cell(None, 0, 0)
    return names, [
        (each.nama, [found[each.kode].get(nama, empty) for nama in names])
        for each in acuan.kamus.kompetensi
        if each.kode in found
    ]


def _per_agency(tahun: int, acuan: Acuan) -> Sequence[Row[Any]]:
    done = (
        select(PelatihanPegawai.pegawai_id, func.sum(PelatihanPegawai.jp_realisasi).label("jp"))
        .where(PelatihanPegawai.selesai.between(date(tahun, 1, 1), date(tahun, 12, 31)))
        .group_by(PelatihanPegawai.pegawai_id)
        .subquery()
    )
    duties = [(d.status, d.jp_minimum) for d in acuan.pelatihan.kewajiban if d.jp_minimum]
    least = case(*((Pegawai.status == s, literal(jp)) for s, jp in duties), else_=literal(0))
    jp = func.coalesce(done.c.jp, 0)
    pool = [each.nomor for each in acuan.peta.kotak if each.kelompok_talenta]
    codes = _selection_codes(acuan)
    return db.session.execute(
        select(
            Instansi.nama,
            func.count(Pegawai.id),
            func.sum(case((PotretTalenta.kotak.in_(pool), 1), else_=0)),
            func.coalesce(func.sum(PotretTalenta.ip_asn), 0),
            func.count(PotretTalenta.ip_asn),
            func.sum(case(((least > 0) & (jp >= least), 1), else_=0)),
            func.sum(case((least > 0, 1), else_=0)),
            *(func.sum(case((PotretTalenta.seleksi == kode, 1), else_=0)) for kode in codes),
        )
        .select_from(Pegawai)
        .join(Pegawai.instansi)
        .outerjoin(PotretTalenta, PotretTalenta.pegawai_id == Pegawai.id)
        .outerjoin(done, done.c.pegawai_id == Pegawai.id)
        .group_by(Instansi.id, Instansi.nama, Instansi.kode)
        .order_by(Instansi.kode)
    ).all()


def _summary(row: Row[Any], acuan: Acuan) -> Summary:
    nama, total, pool, index_sum, index_count, reached, due, *counts = row
    categories = dict(zip(_selection_codes(acuan), map(int, counts), strict=True))
    categories[""] = int(total) - sum(categories.values())
    return Summary(
        nama=nama,
        total=int(total),
        categories=categories,
        talent_pool=int(pool),
        ip_asn_sum=Decimal(str(index_sum)),
        ip_asn_known=int(index_count),
        jp_reached=int(reached),
        jp_due=int(due),
        rule=acuan.ip_asn,
    )


def _selection_codes(acuan: Acuan) -> list[str]:
    scale = next(each for each in acuan.jpm.skala if each.kode == "seleksi")
    return [each.kode for each in scale.kategori]


def _share(nama: str, strong: int, known: int, total: int, rule: AturanPopulasi) -> Share:
    confidence = rule.tingkat_kepercayaan_persen / 100
    return Share(nama, wilson(strong, known, confidence), total - known)
