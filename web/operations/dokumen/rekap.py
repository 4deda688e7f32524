"""One agency in figures: who applied, came, reached the thresholds and goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import NotDue
from cat.ketentuan.ruleset import RuleSet
from web.dokumen.kinds import Jenis
from web.dokumen.typeset import Sheet, tanggal_panjang
from web.operations.dokumen import words
from web.operations.pools import find_rules, get_rules
from web.operations.ranking import rank_many
from web.tables import Formasi, Hasil, Instansi, Pengumuman

_COLUMNS = ["Kebutuhan", "Pelamar", "Hadir", "Memenuhi ambang batas", "Lanjut ke SKB", "Kosong"]


@dataclass(frozen=True)
class Counts:
    """People of one formasi at the SKD."""

    applied: int
    came: int
    reached: int
    goes_on: int


def compose(session: Session, instansi_id: int, pengumuman_id: int | None) -> Sheet:
    """What the summary says.

    pengumuman_id : the approved SKD announcement that the figures come from; None to rank what has
        been finished so far, which the document says.

    Raises NotDue for an announcement that is not approved or not of the SKD.
    """
    instansi = session.get_one(Instansi, instansi_id)
    if pengumuman_id is not None:
        pengumuman = session.get_one(Pengumuman, pengumuman_id)
        if pengumuman.approved_at is None or pengumuman.tahap != "skd":
            raise NotDue(f"Pengumuman {pengumuman.kode} belum disetujui atau bukan tahap SKD.")
        basis = f"pengumuman {pengumuman.kode}, {tanggal_panjang(pengumuman.approved_at)}"
        tahun, rules = pengumuman.tahun, get_rules(session, pengumuman.rules_digest)
        formasi = _formasi(session, instansi_id, tahun)
        counts = _announced(session, pengumuman, rules)
    else:
        formasi = _formasi(session, instansi_id)
        tahun = max((each.tahun for each in formasi), default=0)
        if not tahun:
            raise NotDue(f"{instansi.nama} tidak mempunyai formasi.")
        formasi = [each for each in formasi if each.tahun == tahun]
        rules = find_rules(session, f"cpns-{tahun}")
        basis = "pemeringkatan sementara, belum diumumkan"
        counts = {
            formasi_id: _count((bool(row.nilai), bool(row.rank), row.goes_on) for row in rows)
            for formasi_id, rows in rank_many(session, formasi, rules).items()
        }
    return _sheet(instansi, tahun, basis, formasi, counts, rules)


def _sheet(
    instansi: Instansi,
    tahun: int,
    basis: str,
    formasi: list[Formasi],
    counts: dict[int, Counts],
    rules: RuleSet,
) -> Sheet:
    rows = [_figures(each, counts.get(each.id, Counts(0, 0, 0, 0))) for each in formasi]
    totals = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(_COLUMNS)
    factor = rules.pemeringkatan.faktor_kebutuhan
    data = {
        "kop": words.kop(tahun),
        "instansi": [["Instansi", f"{instansi.nama} ({instansi.kode})"], ["Dasar angka", basis]],
        "kolom": _COLUMNS,
        "formasi": [
            {"judul": each.jabatan.nama, "uraian": words.uraian(each, rules), "angka": row}
            for each, row in zip(formasi, rows, strict=True)
        ],
        "jumlah": totals,
        "catatan": [
            "Pelamar: peserta yang terjadwal dan sesinya sudah berakhir. Hadir: peserta yang "
            f"mempunyai nilai SKD. Lanjut ke SKB: paling banyak {factor} kali kebutuhan, dan semua "
            "yang sama pada batas. Kosong: kebutuhan yang kekurangan peserta untuk lanjut.",
            f"Dasar hukum: {rules.dasar_hukum}.",
        ],
    }
    public = (
        ("Instansi", instansi.nama),
        ("Dasar angka", basis),
        *((name, str(total)) for name, total in zip(_COLUMNS, totals, strict=True)),
    )
    return Sheet(Jenis.REKAP, "Rekapitulasi Hasil Seleksi Kompetensi Dasar", data, public)


def _figures(formasi: Formasi, counts: Counts) -> list[int]:
    empty = max(0, formasi.kebutuhan - counts.goes_on)
    return [
        *(formasi.kebutuhan, counts.applied, counts.came, counts.reached, counts.goes_on),
        empty,
    ]


def _formasi(session: Session, instansi_id: int, tahun: int | None = None) -> list[Formasi]:
    query = (
        select(Formasi)
        .where(Formasi.instansi_id == instansi_id)
        .options(joinedload(Formasi.jabatan), joinedload(Formasi.instansi))
        .order_by(Formasi.kode)
    )
    return list(session.scalars(query.where(Formasi.tahun == tahun) if tahun else query))


def _announced(session: Session, pengumuman: Pengumuman, rules: RuleSet) -> dict[int, Counts]:
    rows = session.scalars(
        select(Hasil).where(Hasil.pengumuman_id == pengumuman.id).order_by(Hasil.formasi_id)
    )
    goes_on, passed = rules.kode_for("lanjut"), rules.kode_for("lulus_di_luar_kuota")
    return {
        formasi_id: _count(
            (row.total is not None, row.kode in (goes_on, passed), row.kode == goes_on)
            for row in own
        )
        for formasi_id, own in groupby(rows, key=lambda row: row.formasi_id)
    }


def _count(people: Iterable[tuple[bool, bool, bool]]) -> Counts:
    """people : for each whether they came, reached the thresholds, and go on."""
    rows = list(people)
    return Counts(
        len(rows), *(sum(column) for column in zip(*rows, strict=True)) if rows else (0,) * 3
    )
