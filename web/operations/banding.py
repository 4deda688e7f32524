"""Stored SKD results as the comparison of rule sets takes them, with whom they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.exam.state import Phase
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.perbandingan import HasilSKD, Perbandingan, compare_rules
from cat.ketentuan.ruleset import RuleSet
from web.operations.terhitung import counts
from web.tables import Formasi, PartResult, Person, Peserta, Sesi, Sitting

LIST_LENGTH = 100  # people shown of each list; the counts are of all


@dataclass(frozen=True)
class Stored:
    """hasil, and in the same order the peserta; formasi in the order of their indices."""

    hasil: HasilSKD
    peserta: tuple[int, ...]
    formasi: tuple[Formasi, ...]


@dataclass(frozen=True)
class Orang:
    """One person who fares differently.

    balik : the minimums that decide differently, in words; empty where only the ranking does.
    di_depan : persons ahead under the old and the new rule set; -1 where not ranked.
    batas : how many persons may stand ahead, under the old and the new one.
    """

    nomor: str
    nama: str
    formasi: Formasi
    nilai: tuple[int, ...]
    balik: tuple[str, ...]
    di_depan: tuple[int, int]
    batas: tuple[int, int]


@dataclass(frozen=True)
class Daftar:
    """Those who gain or lose one thing: how many, and the first of them."""

    jumlah: int
    orang: tuple[Orang, ...]


def years_with_results(session: Session) -> Sequence[int]:
    """Years in which somebody has sat, newest first."""
    query = (
        select(Formasi.tahun)
        .join(Peserta, Peserta.formasi_id == Formasi.id)
        .join(Sitting)
        .where(Sitting.phase == Phase.FINISHED.value, counts())
    )
    return session.scalars(query.distinct().order_by(Formasi.tahun.desc())).all()


def load_results(session: Session, tahun: int) -> Stored:
    """Everybody of a year who finished, and of a closed sesi also those who did not come."""
    finished = Sitting.phase == Phase.FINISHED.value
    rows = session.execute(
        select(Sitting.id, finished, Peserta.id, Formasi.id)
        .join(Sitting.peserta)
        .join(Peserta.formasi)
        .join(Sitting.sesi)
        .where(Formasi.tahun == tahun, counts(), finished | Sesi.is_closed.is_(True))
        .order_by(Sitting.id)
    ).all()
    points = session.execute(
        select(PartResult.sitting_id, PartResult.part, PartResult.nilai)
        .join(Sitting, Sitting.id == PartResult.sitting_id)
        .join(Sitting.peserta)
        .join(Peserta.formasi)
        .where(Formasi.tahun == tahun, PartResult.part.in_(PARTS))
    ).all()
    row_of = {row[0]: number for number, row in enumerate(rows)}
    nilai = np.zeros((len(rows), len(PARTS)), dtype=np.int64)
    for sitting_id, part, points_of_part in points:
        if sitting_id in row_of:
            nilai[row_of[sitting_id], PARTS.index(part)] = points_of_part
    formasi = _formasi(session, sorted({row[3] for row in rows}))
    index = {each.id: number for number, each in enumerate(formasi)}
    which = np.array([index[row[3]] for row in rows], dtype=np.int64)
    jenis = np.array([each.jenis_kebutuhan for each in formasi], dtype=np.str_)
    hasil = HasilSKD(
        formasi=which,
        jenis=jenis[which],
        nilai=nilai,
        present=np.array([row[1] for row in rows], dtype=np.bool_),
        kebutuhan=np.array([each.kebutuhan for each in formasi], dtype=np.int64),
    )
    return Stored(hasil, tuple(row[2] for row in rows), formasi)


def compare_stored(lama: RuleSet, baru: RuleSet, stored: Stored) -> Perbandingan:
    """Two rule sets on stored results."""
    return compare_rules(lama, baru, stored.hasil)


def people_of(session: Session, stored: Stored, found: Perbandingan) -> dict[str, Daftar]:
    """Who gain and who lose, under "jadi_lulus", "batal_lulus", "jadi_lanjut", "batal_lanjut"."""
    lists = ("jadi_lulus", "batal_lulus", "jadi_lanjut", "batal_lanjut")
    chosen = {name: np.flatnonzero(getattr(found, name)) for name in lists}
    shown = {name: numbers[:LIST_LENGTH].tolist() for name, numbers in chosen.items()}
    names = _names(session, {stored.peserta[i] for numbers in shown.values() for i in numbers})
    return {
        name: Daftar(
            len(chosen[name]), tuple(_person(i, names, stored, found) for i in shown[name])
        )
        for name in lists
    }


def _formasi(session: Session, ids: list[int]) -> tuple[Formasi, ...]:
    query = (
        select(Formasi)
        .where(Formasi.id.in_(ids))
        .options(joinedload(Formasi.jabatan), joinedload(Formasi.instansi))
        .order_by(Formasi.id)
    )
    return tuple(session.scalars(query))


def _names(session: Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    query = select(Peserta.id, Peserta.nomor, Person.nama).join(Peserta.person)
    rows = session.execute(query.where(Peserta.id.in_(ids)))
    return {peserta_id: (nomor, nama) for peserta_id, nomor, nama in rows}


def _person(
    i: int, names: dict[int, tuple[str, str]], stored: Stored, found: Perbandingan
) -> Orang:
    nomor, nama = names[stored.peserta[i]]
    formasi = stored.formasi[int(stored.hasil.formasi[i])]
    rules, verdicts = (found.lama, found.baru), (found.putusan_lama, found.putusan_baru)
    old, new = (int(each.ahead[i]) for each in verdicts)
    old_limit, new_limit = (r.pemeringkatan.faktor_kebutuhan * formasi.kebutuhan for r in rules)
    flips = tuple(
        f"{'total' if each.bagian == 'total' else each.bagian.upper()} {each.nilai}: "
        f"{_minimum(each.minimum_lama)} → {_minimum(each.minimum_baru)}"
        for each in found.flips(i)
    )
    nilai = tuple(stored.hasil.nilai[i].tolist())
    return Orang(nomor, nama, formasi, nilai, flips, (old, new), (old_limit, new_limit))


def _minimum(points: int | None) -> str:
    return "tanpa" if points is None else str(points)
