"""Filling posts that stay empty after the final ranking, by the transfer steps of the year."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from cat.errors import BadRules
from cat.ketentuan.ambang_batas import reaches
from cat.ketentuan.pengisian import UMUM, LangkahPindah
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi.optimalisasi import JENIS_INSTANSI, Moves, Needs, fill_empty
from cat.seleksi.peringkat_akhir import Contenders
from web.operations.seleksi import kontestan
from web.operations.seleksi.akhir import Akhir, Final, final_lists
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.urutan import orders, settle
from web.tables import Formasi

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pindah:
    """One person who gets an empty post: of which formasi, by which step."""

    row: Akhir
    asal: Formasi
    tujuan: Formasi
    langkah: LangkahPindah


@dataclass(frozen=True)
class Pengisian:
    """The outcome of all steps.

    kosong_sebelum, kosong_sesudah : formasi id -> empty posts before and after.
    undecided : groups of people for whom two people must decide on the order.
    """

    final: Final
    pindah: tuple[Pindah, ...]
    kosong_sebelum: dict[int, int]
    kosong_sesudah: dict[int, int]
    undecided: list[list[Akhir]]

    def obstacles(self) -> list[str]:
        """Why this cannot be announced yet, in Indonesian; empty where it can."""
        groups = (", ".join(row.peserta.nomor for row in group) for group in self.undecided)
        waiting = [f"Optimalisasi: urutan {names} menunggu putusan." for names in groups]
        return self.final.obstacles() + waiting

    def moved(self) -> dict[int, Pindah]:
        """Participant id -> the move."""
        return {each.row.peserta.id: each for each in self.pindah}


def fill(
    session: Session, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf = NOW
) -> Pengisian:
    """Offer the empty posts of some formasi to those who were not placed in any of them.

    formasi : all those among which transfers are possible, such as all of an agency.

    Raises BadRules where the year has no transfer steps.
    """
    if not rules.optimalisasi:
        raise BadRules(f"{rules.kode}: belum memuat langkah optimalisasi", kode=rules.kode)
    final = final_lists(session, formasi, rules, as_of)
    needs = _needs(formasi, rules)

    def moves_with(places: Ints) -> Moves:
        return _moves(final, kontestan.with_places(final.contenders, places), needs)

    def blocks(places: Ints) -> list[list[int]]:
        return _blocks(moves_with(places), final, needs)

    ids = [row.peserta.id for row in final.rows]
    places = settle(ids, blocks, orders(session, [each.id for each in formasi], as_of))
    moves = moves_with(places)
    pindah = tuple(
        Pindah(
            row=row,
            asal=row.skd.formasi,
            tujuan=formasi[int(moves.target[number])],
            langkah=rules.optimalisasi[int(moves.step[number])],
        )
        for number, row in enumerate(final.rows)
        if moves.target[number] >= 0
    )
    before = _empty(formasi, (row.skd.formasi_id for row in final.rows if row.placed))
    taken = [row.skd.formasi_id for row in final.rows if row.placed]
    after = _empty(formasi, [*taken, *(each.tujuan.id for each in pindah)])
    waiting = [[final.rows[n] for n in group] for group in _blocks(moves, final, needs)]
    return Pengisian(final, pindah, before, after, waiting)


def _moves(final: Final, people: Contenders, needs: Needs) -> Moves:
    umum = final.rules.get_ambang_batas(UMUM).minimums
    reached = [row.contends and reaches(row.nilai, umum) for row in final.rows]
    return fill_empty(
        kontestan.places_of(final.rows, final.formasi),
        people,
        final.ranking,
        np.array(reached, dtype=np.bool_),
        needs,
        final.rules,
    )


def _blocks(moves: Moves, final: Final, needs: Needs) -> list[list[int]]:
    """Positions of people who stand equal at an empty post, by the group that shares posts."""
    place = kontestan.places_of(final.rows, final.formasi)
    groups: dict[int, list[int]] = {}
    for number in np.flatnonzero(moves.undecided).tolist():
        groups.setdefault(int(needs.group[place[number]]), []).append(number)
    return list(groups.values())


def _needs(formasi: Sequence[Formasi], rules: RuleSet) -> Needs:
    names = tuple(row.jenis_kebutuhan for row in rules.ambang_batas)
    return Needs(
        kebutuhan=_array(each.kebutuhan for each in formasi),
        group=_numbered((f.instansi_id, f.jabatan_id, f.kualifikasi) for f in formasi),
        lokasi=_numbered(each.lokasi for each in formasi),
        jenis=_array(names.index(each.jenis_kebutuhan) for each in formasi),
        instansi=_array(JENIS_INSTANSI.index(each.instansi.jenis) for each in formasi),
        jenis_names=names,
    )


def _numbered(values: Iterable[Hashable]) -> Ints:
    """Equal values under equal numbers, in the order in which they first come."""
    known: dict[Hashable, int] = {}
    return _array(known.setdefault(value, len(known)) for value in values)


def _array(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _empty(formasi: Sequence[Formasi], taken: Iterable[int]) -> dict[int, int]:
    left = {each.id: each.kebutuhan for each in formasi}
    for formasi_id in taken:
        left[formasi_id] -= 1
    return left
