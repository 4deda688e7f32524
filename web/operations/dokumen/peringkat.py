"""The list of an announcement, as it is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import NotDue
from cat.exam.state import Phase
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.integrasi import for_display
from cat.ketentuan.pasal import Integrasi
from cat.ketentuan.ruleset import RuleSet
from web.dokumen.kinds import Jenis
from web.dokumen.typeset import Sheet, tanggal_panjang
from web.operations.dokumen import words
from web.operations.pools import get_rules
from web.operations.terhitung import counts
from web.tables import Formasi, Hasil, Instansi, Pengumuman, Peserta, Sitting

_SKD, _AKHIR, _OPTIMALISASI = "skd", "akhir", "optimalisasi"
_STAGES = {
    _SKD: "Seleksi Kompetensi Dasar",
    _AKHIR: "Hasil Akhir Seleksi",
    _OPTIMALISASI: "Hasil Optimalisasi",
}
_RULERS = {
    "akhir": "nilai akhir",
    "total": "total SKD",
    **{part: part.upper() for part in PARTS},
    "ipk": "IPK",
    "usia": "usia (yang lebih tua)",
}
_NONE = "–"


@dataclass(frozen=True)
class Column:
    """A column after the name."""

    nama: str
    cell: Callable[[Hasil], str]
    is_number: bool = True


def compose(session: Session, pengumuman_id: int, instansi_id: int | None) -> Sheet:
    """What the list says. instansi_id : only the formasi of this agency; None for all.

    Raises NotDue while the announcement has not been approved.
    """
    pengumuman = session.get_one(Pengumuman, pengumuman_id)
    if pengumuman.approved_at is None:
        raise NotDue(f"Pengumuman {pengumuman.kode} belum disetujui orang kedua.")
    instansi_id = instansi_id or pengumuman.instansi_id
    instansi = session.get_one(Instansi, instansi_id).nama if instansi_id else "Semua instansi"
    rules = get_rules(session, pengumuman.rules_digest)
    rows = _rows(session, pengumuman_id, instansi_id)
    stage, columns = _STAGES[pengumuman.tahap], _columns(pengumuman.tahap, rules)
    facts = [
        ["Pengumuman", pengumuman.kode],
        ["Tahap", stage],
        ["Instansi", instansi],
        ["Ditetapkan", tanggal_panjang(pengumuman.approved_at)],
        ["Banyaknya peserta", str(len(rows))],
    ]
    data = {
        "kop": words.kop(pengumuman.tahun),
        "pengumuman": facts,
        "formasi": [
            _formasi(formasi, list(own), rules, columns)
            for formasi, own in groupby(rows, key=lambda row: row.formasi)
        ],
        "kode": _codes(rows, rules),
        "dasar": _grounds(pengumuman, rules, session),
    }
    public = (*((label, value) for label, value in facts), ("Digest pengumuman", pengumuman.digest))
    return Sheet(Jenis.PERINGKAT, f"Daftar Peringkat {stage}", data, public)


def _rows(session: Session, pengumuman_id: int, instansi_id: int | None) -> list[Hasil]:
    query = (
        select(Hasil)
        .join(Hasil.formasi)
        .where(Hasil.pengumuman_id == pengumuman_id)
        .options(
            joinedload(Hasil.peserta).joinedload(Peserta.person),
            joinedload(Hasil.formasi).joinedload(Formasi.instansi),
            joinedload(Hasil.formasi).joinedload(Formasi.jabatan),
        )
        .order_by(Formasi.kode, Hasil.urut)
    )
    if instansi_id is not None:
        query = query.where(Formasi.instansi_id == instansi_id)
    return list(session.scalars(query))


def _formasi(
    formasi: Formasi, rows: list[Hasil], rules: RuleSet, columns: Sequence[Column]
) -> dict[str, Any]:
    place = f"{formasi.instansi.nama}, {words.uraian(formasi, rules)}"
    return {
        "judul": formasi.jabatan.nama,
        "uraian": f"{place}{words.DOT}kebutuhan {formasi.kebutuhan}",
        "kolom": [[column.nama, column.is_number] for column in columns],
        "baris": [
            [
                str(row.urut),
                row.peserta.nomor,
                row.peserta.person.nama,
                *(column.cell(row) for column in columns),
            ]
            for row in rows
        ],
    }


def _columns(tahap: str, rules: RuleSet) -> list[Column]:
    """What a stage prints of each participant: points of the SKD, or the integrated value."""
    place = [
        Column("Peringkat", lambda row: str(row.rank) if row.rank else _NONE),
        Column("Kode", lambda row: row.kode, is_number=False),
    ]
    if tahap == _SKD:
        parts = [Column(part.upper(), partial(_points, part)) for part in PARTS]
        return [*parts, Column("Total", partial(_points, TOTAL)), *place]
    rule = rules.integrasi
    final = [
        Column("SKD", partial(_points, TOTAL)),
        Column(f"SKD {rule.bobot_skd}%", partial(_value, "skd_berbobot", rule)),
        Column(f"SKB {rule.bobot_skb}%", partial(_value, "skb_berbobot", rule)),
        Column("Nilai akhir", partial(_value, "akhir", rule)),
    ]
    origin = [Column("Asal", lambda row: row.data.get("asal", _NONE), is_number=False)]
    return [*final, *place, *(origin if tahap == _OPTIMALISASI else [])]


def _points(name: str, row: Hasil) -> str:
    value: int | None = getattr(row, name)
    return _NONE if value is None else str(value)


def _value(name: str, rule: Integrasi, row: Hasil) -> str:
    """A decimal of the stored row as it is displayed; a dash for who has none."""
    if name not in row.data:
        return _NONE
    return str(for_display(Decimal(row.data[name]), rule)).replace(".", ",")


def _codes(rows: Iterable[Hasil], rules: RuleSet) -> list[list[str]]:
    """The codes that occur, in the order of the rules, with their meaning."""
    used = {row.kode for row in rows}
    known = [[row.kode, row.arti] for row in rules.kode_hasil if row.kode in used]
    return known + [[kode, _NONE] for kode in sorted(used - {kode for kode, _ in known})]


def _modes(session: Session, pengumuman_id: int) -> Sequence[str]:
    """Modes of the exams behind an announcement, in the order of their names."""
    query = (
        select(Sitting.mode)
        .join(Hasil, Hasil.peserta_id == Sitting.peserta_id)
        .where(Hasil.pengumuman_id == pengumuman_id, counts())
        .where(Sitting.phase == Phase.FINISHED.value)
    )
    return session.scalars(query.distinct().order_by(Sitting.mode)).all()


def _grounds(pengumuman: Pengumuman, rules: RuleSet, session: Session) -> list[str]:
    is_skd = pengumuman.tahap == _SKD
    names = (rules.pemeringkatan if is_skd else rules.integrasi).urutan
    order = ", lalu ".join(_RULERS.get(name, name) for name in names)
    lines = [
        f"Dasar hukum: {rules.dasar_hukum}.",
        f"Urutan: {order}."
        + (" Peserta yang sama dalam semuanya berbagi peringkat." if is_skd else ""),
        *(words.cara_nilai(rules, mode) for mode in _modes(session, pengumuman.id)),
        f"Digest pengumuman (SHA-256): {pengumuman.digest}.",
    ]
    if pengumuman.replaces_id is not None:
        old = session.get_one(Pengumuman, pengumuman.replaces_id)
        lines.append(f"Pengumuman ini menggantikan pengumuman {old.kode}.")
    return lines
