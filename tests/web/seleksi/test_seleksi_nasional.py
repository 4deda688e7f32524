"""A year decided at once in arrays gives the lists that are composed person by person."""

from __future__ import annotations

import json

import polars as pl
import pytest

from cat.seleksi.kolom import Final
from tests.web.seleksi.steps import formasi
from tests.web.seleksi.test_seleksi_people import change, sits_again
from tests.web.seleksi.test_seleksi_reuse import newcomer, old_file, old_row
from web.db import db
from web.operations.ranking import rank_formasi
from web.operations.seleksi import berlaku, nilai_lama, optimalisasi, pengumuman, status, ujian
from web.operations.seleksi.akhir import final_lists
from web.operations.seleksi.as_of import NOW
from web.operations.seleksi.baris import compose
from web.operations.seleksi_nasional import hitung
from web.tables import Hasil, Pengumuman

pytestmark = pytest.mark.both


def everyone(session):
    return pengumuman.formasi_in(session, 2024, None)


def as_listed(session, rules):
    """(participant, formasi, cells) of the SKD list as it is composed person by person."""
    made = compose(session, berlaku.SKD, everyone(session), rules, NOW)
    cells = ("urut", "twk", "tiu", "tkp", "total", "rank", "kode", "data")
    return [(who, where, *(getattr(row, name) for name in cells)) for who, where, row in made.rows]


def in_bulk(decided):
    rows = hitung.skd_rows(decided).rows()
    return [(*row[:-1], json.loads(row[-1])) for row in rows]


def test_the_skd_list_of_the_whole_year_is_the_one_composed_person_by_person(
    session, act, agreed, clock, rules
):
    # Everything that can befall a list: a second exam, a void one, an earlier SKD, a disqualified,
    # a sesi called off, an exam of another test.
    chosen = rank_formasi(session, formasi(session, "F99-05"), rules)
    sits_again(session, act, clock, chosen[0].peserta, "Sesi susulan")
    agreed(ujian.void_exam, sits_again(session, act, clock, chosen[1].peserta, "Sesi lain"))
    agreed(ujian.void_exam, chosen[2].sitting)
    agreed(status.give, chosen[3].peserta, "DIS", "skd", rules)
    act(change, sitting=chosen[4].sitting, is_void=True)
    again = sits_again(session, act, clock, chosen[5].peserta, "Sesi batal")
    act(change, sitting=again, is_void=True)
    other = sits_again(session, act, clock, chosen[6].peserta, "SKB")
    act(change, sitting=other, ujian="skb-pranata-komputer")
    person = newcomer(session, act)
    act(nilai_lama.import_file, old_file(old_row(person)), 2024, rules)
    act(nilai_lama.choose, person, "pakai", rules)

    decided = hitung.decide_year(session, 2024, rules)

    assert in_bulk(decided) == as_listed(session, rules)
    assert decided.read.unfinished == len(
        pengumuman.unfinished(session, everyone(session), rules, NOW)
    )


def test_stored_in_bulk_the_list_reads_as_composed(session, act, rules):
    decided = hitung.decide_year(session, 2024, rules)
    expected = [
        row for _, _, row in compose(session, berlaku.SKD, everyone(session), rules, NOW).rows
    ]

    def store(session, *, by, now):
        head = Pengumuman(
            kode="SKD-2024-999", tahap="skd", tahun=2024, rules_digest=rules.digest,
            drawn_at=now, drawn_by=by, row_count=len(expected), digest="0" * 64, signature="",
            dasar={},
        )  # fmt: skip
        session.add(head)
        session.flush()
        hitung.store_rows(session, head.id, hitung.skd_rows(decided))
        return head

    head = act(store)

    assert session.scalar(db.select(db.func.count()).select_from(Hasil).filter_by(
        pengumuman_id=head.id)) == len(expected)  # fmt: skip
    assert pengumuman.rows_of(session, head) == expected


def test_the_final_list_and_the_moves_are_those_of_the_announcements(session, rules):
    decided = hitung.decide_year(session, 2024, rules)
    found = pl.concat(
        [decided.read.people.frame.select("peserta_id"), decided.result], how="horizontal"
    )
    of_person = {row["peserta_id"]: row for row in found.iter_rows(named=True)}
    final = final_lists(session, everyone(session), rules)
    moved = optimalisasi.fill(session, everyone(session), rules).moved()

    assert {row.peserta.id for row in final.rows} == set(
        found.filter(pl.col("ikut_skb"))["peserta_id"]
    )
    for row in final.rows:
        mine, move = of_person[row.peserta.id], moved.get(row.peserta.id)
        assert (mine["peringkat_akhir"] or 0) == row.rank
        assert (mine["hasil_akhir"] == Final.LULUS.value) == row.placed
        assert (mine["hasil_akhir"] == Final.LULUS_PINDAH.value) == (move is not None)
        assert mine["kode_akhir"] == (move.langkah.kode if move else row.kode)
        if row.sums is not None:
            exact = mine["akhir_pembilang"] / mine["akhir_penyebut"]
            assert abs(exact - float(row.sums.akhir)) < 1e-12
    assert hitung.without_entry(decided) == 0


def test_the_command_decides_a_year_into_a_file_and_says_who_is_missing(app, tmp_path):
    out = tmp_path / "hasil.parquet"
    words = ["seleksi", "hitung", "2024", "--rules", "cpns-2024", "--out", str(out)]
    runner = app.test_cli_runner()

    nothing = runner.invoke(args=[*words, "--dry-run"])
    assert nothing.exit_code == 0
    assert not out.exists()
    reply = runner.invoke(args=[*words, "--audit", str(tmp_path / "audit")])

    assert reply.exit_code == 0, reply.output
    assert "belum selesai ujian" in reply.stderr
    assert pl.read_parquet(out).filter(pl.col("kode_akhir") == "L").height > 0
    assert (tmp_path / "audit" / "peserta.csv").exists()
    assert runner.invoke(args=[*words[:2], "1999", *words[3:]]).exit_code == 2
