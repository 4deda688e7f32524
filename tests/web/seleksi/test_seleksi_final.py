"""The final list: figures by hand, ties that need people, posts that stay empty."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cat.errors import (
    NotDue,
)
from tests.web.conftest import KEYS
from tests.web.seleksi.steps import REASON, announce, formasi, instansi
from web.operations.ranking import rank_formasi
from web.operations.seleksi import (
    nilai_skb,
    optimalisasi,
    pengumuman,
    rencana,
    urutan,
)
from web.operations.seleksi.akhir import final_lists
from web.operations.seleksi.periksa import verify
from web.operations.signing import public_key
from web.tables import (
    Hasil,
    PartResult,
    Peserta,
)

pytestmark = pytest.mark.both


def test_the_demonstration_holds_a_tie_a_knock_out_a_withdrawal_and_an_empty_post(session, rules):
    # Made by the demonstration for F99-03: the SKD decides. Others may be equal by chance.
    final = final_lists(session, pengumuman.formasi_in(session, 2024, None), rules)
    rows = {row.peserta.nomor: row for row in final.rows}
    tied = [row for row in final.of_formasi[formasi(session, "F99-03").id] if row.tie]
    one, other = [row for row in tied if row.tie.kriteria == "total"]

    def value(row):
        cat = row.tests[0].hasil.nilai
        return (40 * row.skd.total + 60 * cat) / Decimal(550)

    assert one.sums.akhir == other.sums.akhir
    assert value(one) == value(other)
    assert abs(value(one) - one.sums.akhir) < Decimal("1e-20")
    assert (one.tie.kriteria, one.skd.total > other.skd.total) == ("total", True)
    assert one.rank + 1 == other.rank
    assert [row.kode for row in rows.values() if row.is_knocked_out] == ["TMS-1"]
    assert [row.kode for row in rows.values() if row.status] == ["APS"]
    knocked = next(row for row in rows.values() if row.is_knocked_out)
    best = final.of_formasi[knocked.skd.formasi_id][0]
    assert knocked.sums.akhir > best.sums.akhir  # out although the sum would have been the highest
    assert final.obstacles() == []


def test_equals_whom_the_rules_cannot_tell_apart_wait_for_two_people(
    session, act, agreed, clock, rules
):
    # F99-06 has one post. Two people are made equal in SKD and SKB, one without IPK on file.
    chosen = formasi(session, "F99-06")
    one, other = [row for row in rank_formasi(session, chosen, rules) if row.goes_on][:2]

    def make_equal(session, *, by, now):
        for part in ("twk", "tiu", "tkp"):
            stored = session.get_one(PartResult, (other.sitting.id, part))
            stored.nilai = one.nilai[part]
        session.get_one(Peserta, other.peserta.id).ipk = None

    act(make_equal)
    announce(act, clock, "skd", chosen.instansi, rules, accept_unfinished=True)
    plan = rencana.find_plan(session, 2024, chosen.instansi_id, chosen.jabatan_id)
    for part, top in zip(plan.bagian, ("500", "100"), strict=True):
        for row in (one, other):
            agreed(nilai_skb.correct, row.peserta, part, top)

    final = final_lists(session, [chosen], rules)
    (group,) = final.undecided(chosen.id)
    assert {row.peserta.id for row in group} == {one.peserta.id, other.peserta.id}
    assert not any(row.placed for row in final.rows)
    with pytest.raises(NotDue, match="menunggu putusan"):
        act(pengumuman.draw_up, "akhir", 2024, chosen.instansi, rules)

    groups = [[row.peserta.id for row in group]]
    with pytest.raises(NotDue, match="setiap peserta yang sama"):
        act(urutan.propose_order, chosen, [one.peserta.id], groups, alasan=REASON)
    order = [other.peserta.id, one.peserta.id]
    agreed(urutan.propose_order, chosen, order, groups)

    final = final_lists(session, [chosen], rules)
    placed = {row.peserta.id: (row.rank, row.placed, row.by_order) for row in final.rows}
    assert placed[other.peserta.id] == (1, True, True)
    assert placed[one.peserta.id] == (2, False, True)
    head = announce(act, clock, "akhir", chosen.instansi, rules)
    printed = session.get_one(Hasil, (head.id, other.peserta.id))
    assert (printed.kode, printed.data["penentu"]) == ("L", "putusan")


def test_an_empty_post_goes_to_the_best_who_was_not_placed(session, act, clock, rules):
    agency = instansi(session, "9901")
    everyone = pengumuman.formasi_in(session, 2024, agency)
    filled = optimalisasi.fill(session, everyone, rules)
    (move,) = filled.pindah

    assert (move.asal.kode, move.tujuan.kode, move.langkah.kode) == ("F99-01", "F99-02", "E-2")
    own = filled.final.of_formasi[move.asal.id]
    assert [row.rank for row in own if row.placed] == [1, 2, 3, 4, 5, 6]
    assert move.row.rank == 7
    assert [filled.kosong_sebelum[move.tujuan.id], filled.kosong_sesudah[move.tujuan.id]] == [1, 0]

    with pytest.raises(NotDue, match="Pengumuman tahap akhir belum ada"):
        act(pengumuman.draw_up, "optimalisasi", 2024, agency, rules)
    announce(act, clock, "akhir", agency, rules)
    head = announce(act, clock, "optimalisasi", agency, rules)
    printed = session.get_one(Hasil, (head.id, move.row.peserta.id))
    assert (printed.kode, printed.formasi_id) == ("E-2", move.tujuan.id)
    assert (printed.data["asal"], printed.data["langkah"]) == ("F99-01", "E-2")
    assert verify(session, head, public_key(KEYS.signing)) == []
