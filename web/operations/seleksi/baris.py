"""The rows of an announcement, worked out from the records as they stood when it was drawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.ketentuan.integrasi import for_display
from cat.ketentuan.ruleset import RuleSet
from web.operations.ranking import Ranked, rank_many
from web.operations.seleksi import berlaku
from web.operations.seleksi.akhir import Akhir, Final, Tes, final_lists
from web.operations.seleksi.as_of import AsOf
from web.operations.seleksi.nilai_skb import plain
from web.operations.seleksi.optimalisasi import Pengisian, Pindah, fill
from web.tables import Formasi, Hasil, Pengumuman

UJIAN, NILAI_LAMA = "ujian", "nilai_lama"


@dataclass(frozen=True)
class Baris:
    """What an announcement says of one participant; numbers of people and formasi as printed."""

    nomor: str
    formasi: str
    urut: int
    twk: int | None
    tiu: int | None
    tkp: int | None
    total: int | None
    rank: int
    kode: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Susunan:
    """A list before it is frozen.

    rows : with the ids of participant and formasi. obstacles : why it may not be announced.
    """

    rows: list[tuple[int, int, Baris]]
    obstacles: list[str]


def compose(
    session: Session, tahap: str, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf
) -> Susunan:
    """The rows of a stage for some formasi, by formasi code and place.

    Works agency by agency, which no rule crosses, so that a year's list asks no giant questions.

    Raises BadInput for an unknown stage.
    """
    if tahap not in _COMPOSERS:
        raise BadInput(f"no stage {tahap!r}")
    made = Susunan([], [])
    for group in by_agency(formasi):
        part = _COMPOSERS[tahap](session, group, rules, as_of)
        made.rows.extend(part.rows)
        made.obstacles.extend(part.obstacles)
    made.rows.sort(key=lambda row: (row[2].formasi, row[2].urut))
    return made


def by_agency(formasi: Iterable[Formasi]) -> list[list[Formasi]]:
    """The formasi of each agency, in the order given."""
    groups: dict[int, list[Formasi]] = {}
    for each in formasi:
        groups.setdefault(each.instansi_id, []).append(each)
    return list(groups.values())


def _skd(session: Session, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf) -> Susunan:
    ranked = rank_many(session, formasi, rules, as_of)
    rows = [
        (row.peserta.id, each.id, _skd_row(each, urut, row))
        for each in formasi
        for urut, row in enumerate(ranked[each.id], start=1)
    ]
    return Susunan(rows, [])


def _akhir(session: Session, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf) -> Susunan:
    final = final_lists(session, formasi, rules, as_of)
    return Susunan(_final_rows(final, {}), final.obstacles())


def _optimalisasi(
    session: Session, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf
) -> Susunan:
    filled = fill(session, formasi, rules, as_of)
    return Susunan(_filled_rows(filled), filled.obstacles())


_COMPOSERS = {
    berlaku.SKD: _skd,
    berlaku.AKHIR: _akhir,
    berlaku.OPTIMALISASI: _optimalisasi,
}


def stored_rows(hasil: Iterable[Hasil]) -> list[Baris]:
    """What the database holds."""
    return [
        Baris(
            nomor=row.peserta.nomor,
            formasi=row.formasi.kode,
            urut=row.urut,
            twk=row.twk,
            tiu=row.tiu,
            tkp=row.tkp,
            total=row.total,
            rank=row.rank,
            kode=row.kode,
            data=row.data,
        )
        for row in hasil
    ]


def digest(head: Pengumuman, instansi: str, replaces: str, rows: Iterable[Baris]) -> str:
    """SHA-256, hexadecimal, over one canonical JSON line for the head and one for each row.

    instansi : code of the agency, or "". replaces : kode of the announcement replaced, or "".
    rows : ordered by formasi and place.
    """
    found = hashlib.sha256()
    first = {
        "kode": head.kode,
        "tahap": head.tahap,
        "tahun": head.tahun,
        "instansi": instansi,
        "menggantikan": replaces,
        "ketentuan": head.rules_digest,
        "disusun": [head.drawn_by, head.drawn_at],
        "dasar": head.dasar,
        "baris": head.row_count,
    }
    for line in (first, *map(asdict, rows)):
        text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        found.update(text.encode() + b"\n")
    return found.hexdigest()


def _skd_row(formasi: Formasi, urut: int, row: Ranked) -> Baris:
    data: dict[str, Any] = {"sumber": NILAI_LAMA if row.lama else UJIAN}
    if row.lama is not None:
        data["tahun_asal"] = row.lama.tahun_asal
    elif row.exam is not None and row.exam.counted is not None:
        data["ujian"] = row.exam.counted.id
    if row.ahead >= 0:
        data["di_atasnya"] = row.ahead
    if row.status is not None:
        data["usul"] = row.status.usul_id
    return Baris(
        nomor=row.peserta.nomor,
        formasi=formasi.kode,
        urut=urut,
        twk=row.nilai.get("twk"),
        tiu=row.nilai.get("tiu"),
        tkp=row.nilai.get("tkp"),
        total=row.total if row.nilai else None,
        rank=row.rank,
        kode=row.kode,
        data=data,
    )


def _final_rows(final: Final, moved: Mapping[int, Pindah]) -> list[tuple[int, int, Baris]]:
    return [
        (row.peserta.id, each.id, _final_row(row, each, urut, final.rules, None))
        for each in final.formasi
        for urut, row in enumerate(
            (row for row in final.of_formasi[each.id] if row.peserta.id not in moved), start=1
        )
    ]


def _filled_rows(filled: Pengisian) -> list[tuple[int, int, Baris]]:
    """The final list again, with those who moved at the end of the formasi that they moved to."""
    moved = filled.moved()
    rows = _final_rows(filled.final, moved)
    length: dict[int, int] = {}
    for _, formasi_id, _ in rows:
        length[formasi_id] = length.get(formasi_id, 0) + 1
    for each in filled.pindah:
        target = each.tujuan
        length[target.id] = length.get(target.id, 0) + 1
        urut, rules = length[target.id], filled.final.rules
        rows.append(
            (each.row.peserta.id, target.id, _final_row(each.row, target, urut, rules, each))
        )
    return rows


def _final_row(
    row: Akhir, formasi: Formasi, urut: int, rules: RuleSet, move: Pindah | None
) -> Baris:
    data: dict[str, Any] = {"skb": [_test(test) for test in row.tests]}
    if row.sums is not None:
        data |= {name: str(value) for name, value in vars(row.sums).items()}
        data["akhir_tampil"] = str(for_display(row.sums.akhir, rules.integrasi))
    if row.tie is not None:
        data["penentu"] = row.tie.kriteria
    if row.by_order:
        data["penentu"] = "putusan"
    if row.status is not None:
        data["usul"] = row.status.usul_id
    if move is not None:
        data |= {"asal": move.asal.kode, "langkah": move.langkah.kode}
    return Baris(
        nomor=row.peserta.nomor,
        formasi=formasi.kode,
        urut=urut,
        **row.nilai,
        total=row.skd.total,
        rank=row.rank,
        kode=move.langkah.kode if move else row.kode,
        data=data,
    )


def _test(test: Tes) -> dict[str, Any]:
    plan, nilai = test.hasil.rencana, test.hasil.nilai
    found: dict[str, Any] = {
        "jenis": test.jenis,
        "nama": plan.nama,
        "maks": plain(Decimal(plan.maks)),
        "bobot": plan.bobot,
        "nilai": None if nilai is None else plain(Decimal(nilai)),
    }
    if plan.menggugurkan:
        found["minimum"] = plain(Decimal(plan.minimum or 0))
    return found
