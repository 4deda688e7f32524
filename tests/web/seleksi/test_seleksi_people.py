"""One result for each person, and two people for each act that matters."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from cat.errors import (
    AlreadyDecided,
    NeedsSecondPerson,
    NotDue,
    NotLawful,
)
from cat.exam.state import begin
from seeds.demo.simulee import sit
from tests.web.conftest import KEYS
from tests.web.seleksi.steps import REASON, formasi
from web.db import db
from web.operations.pools import find_rules, get_pool, latest_pool
from web.operations.ranking import rank_formasi
from web.operations.records import append, terms_of
from web.operations.seleksi import (
    berlaku,
    status,
    ujian,
    usul,
)
from web.operations.seleksi.keputusan import decide
from web.operations.sittings import schedule
from web.tables import (
    AuditRow,
    Peserta,
    Sesi,
    Sitting,
)


def sits_again(session, act, clock, peserta, nama) -> Sitting:
    """A new sesi in which one participant sits to the end."""
    first = session.scalar(db.select(Sesi).order_by(Sesi.id))
    pool = get_pool(session, latest_pool(session).digest)

    def plan(session, *, by, now):
        sesi = Sesi(
            nama=nama,
            titik_lokasi_id=first.titik_lokasi_id,
            ruang="A",
            starts_at=now,
            is_closed=True,
        )
        session.add(sesi)
        session.flush()
        rules = find_rules(session, "cpns-2024")
        options = {"seat": 1, "pin": "123456", "pool": pool, "rules": rules, "keys": KEYS}
        sitting = schedule(session, sesi, peserta, seed=5, **options)
        state = begin(terms_of(sitting), pool)
        theta, rng = np.zeros(len(pool.parts)), np.random.default_rng(5)
        events = sit(state, theta, rng, now=now, seconds_per_item=40, proctor="pengawas")
        append(session, sitting, state, events, KEYS.record)
        return sitting

    sitting = act(plan)
    clock.tick(7200)
    return sitting


def test_a_person_with_two_exams_is_listed_once_by_the_last_finished_one_that_is_not_void(
    session, act, agreed, clock, rules
):
    chosen = formasi(session, "F99-05")
    before = rank_formasi(session, chosen, rules)
    person = before[0].peserta

    again = sits_again(session, act, clock, person, "Sesi susulan")

    rows = [row for row in rank_formasi(session, chosen, rules) if row.peserta.id == person.id]
    assert [row.sitting.id for row in rows] == [again.id]
    assert [why for _, why in rows[0].exam.sittings] == [
        "tidak dihitung: ada ujian selesai yang lebih akhir",
        "dihitung: ujian terakhir yang selesai",
    ]

    agreed(ujian.void_exam, again)

    rows = [row for row in rank_formasi(session, chosen, rules) if row.peserta.id == person.id]
    assert [(row.sitting.id, row.nilai) for row in rows] == [
        (before[0].sitting.id, before[0].nilai)
    ]
    assert [why for _, why in rows[0].exam.sittings][1] == "tidak dihitung: dibatalkan"


def test_whoever_missed_a_sesi_but_finished_another_is_not_absent(session, act, clock, rules):
    chosen = formasi(session, "F99-01")
    absent = next(row for row in rank_formasi(session, chosen, rules) if row.kode == "TH")

    sits_again(session, act, clock, absent.peserta, "Sesi susulan")

    rows = rank_formasi(session, chosen, rules)
    own = [row for row in rows if row.peserta.id == absent.peserta.id]
    assert len(own) == 1
    assert own[0].kode != "TH"
    assert len({row.peserta.id for row in rows}) == len(rows)


def change(session, *, by, now, sitting, **fields):
    for name, value in fields.items():
        setattr(session.get_one(Sitting, sitting.id), name, value)


def test_an_exam_of_another_test_or_of_a_sesi_called_off_counts_for_nothing(
    session, act, clock, rules
):
    chosen = formasi(session, "F99-05")
    first, second, third = rank_formasi(session, chosen, rules)[:3]
    of_skb = sits_again(session, act, clock, first.peserta, "SKB")
    called_off = sits_again(session, act, clock, second.peserta, "Sesi batal")

    act(change, sitting=of_skb, ujian="skb-pranata-komputer")
    act(change, sitting=called_off, is_void=True)
    act(change, sitting=third.sitting, is_void=True)

    rows = {row.peserta.id: row for row in rank_formasi(session, chosen, rules)}
    assert rows[first.peserta.id].sitting.id == first.sitting.id
    assert rows[second.peserta.id].sitting.id == second.sitting.id
    assert [why for _, why in rows[second.peserta.id].exam.sittings] == [
        "dihitung: ujian terakhir yang selesai",
        "tidak dihitung: sesi dibatalkan",
    ]
    assert third.peserta.id not in rows, "who is still to sit is neither ranked nor absent"


def test_nothing_holds_until_another_person_agrees_and_then_only_once(session, act, rules):
    going = berlaku.going_on(session, [formasi(session, "F99-04")])
    person = going[0].peserta
    row = act(status.give, person, "TMS", "akhir", rules, alasan=REASON)

    assert status.status_of(session, person, rules) is None
    with pytest.raises(NeedsSecondPerson, match="akun lain"):
        act(decide, row.id, agree=True, by="staf")
    with pytest.raises(AlreadyDecided, match="sudah menunggu"):
        act(status.give, person, "DIS", "akhir", rules, alasan=REASON, by="staf2")
    act(decide, row.id, agree=True, by="staf2")
    assert status.status_of(session, person, rules).kode == "TMS"
    with pytest.raises(AlreadyDecided, match="sudah diputuskan oleh staf2"):
        act(decide, row.id, agree=False, by="staf2")
    acts = [a.act for a in session.scalars(db.select(AuditRow).filter_by(subject=person.nomor))]
    assert acts == ["usul: beri status", "setujui: beri status"]


def test_who_proposed_may_take_it_back(session, act, rules):
    person = berlaku.going_on(session, [formasi(session, "F99-04")])[0].peserta
    row = act(status.give, person, "TMS", "akhir", rules, alasan=REASON)

    act(decide, row.id, agree=False, by="staf")

    assert status.status_of(session, person, rules) is None
    assert usul.pending(session, 2024) == []


WRONG_STATUSES = [
    # kode, tahap, reason, error, what it says
    ("L", "akhir", REASON, NotLawful, "hanya mengizinkan DIS, TMS, APS"),
    ("P/L", "skd", REASON, NotLawful, "hanya mengizinkan DIS, TMS, APS"),
    ("DIS", "skb", REASON, NotLawful, "harus salah satu dari skd, akhir"),
    ("DIS", "skd", "pendek", NotDue, "sekurang-kurangnya 10 huruf"),
]


def test_only_codes_of_the_year_may_be_given_and_only_with_a_reason(session, act, rules):
    person = berlaku.going_on(session, [formasi(session, "F99-04")])[0].peserta
    for kode, tahap, alasan, error, words in WRONG_STATUSES:
        with pytest.raises(error, match=words):
            act(status.give, person, kode, tahap, rules, alasan=alasan)
    assert usul.pending(session, 2024) == []


def test_a_status_of_the_skd_frees_a_place_and_its_withdrawal_takes_it_back(session, agreed, rules):
    chosen = formasi(session, "F99-04")
    before = [row.peserta.nomor for row in rank_formasi(session, chosen, rules) if row.goes_on]
    person = session.scalar(db.select(Peserta).filter_by(nomor=before[0]))

    agreed(status.give, person, "DIS", "skd", rules)

    rows = rank_formasi(session, chosen, rules)
    out = next(row for row in rows if row.peserta.id == person.id)
    going = [row.peserta.nomor for row in rows if row.goes_on]
    assert (out.kode, out.rank, out.goes_on) == ("DIS", 0, False)
    assert len(going) <= len(before)
    assert set(before[1:]) <= set(going)

    agreed(status.withdraw, person)

    after = [row.peserta.nomor for row in rank_formasi(session, chosen, rules) if row.goes_on]
    assert after == before


FORBIDDEN = (
    "UPDATE usul SET alasan = 'lain'",
    "UPDATE usul SET agreed = NULL, decided_at = NULL",
    "DELETE FROM usul",
    "UPDATE nilai_skb SET nilai = 100",
    "DELETE FROM nilai_skb",
    "UPDATE pengumuman SET digest = 'x'",
    "UPDATE pengumuman SET approved_by = 'lain'",
    "DELETE FROM pengumuman",
    "UPDATE hasil SET rank = 1",
    "DELETE FROM hasil",
)


def test_the_database_itself_refuses_to_change_what_was_decided(session):
    for statement in FORBIDDEN:
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(statement))
        session.rollback()


def test_the_database_lets_an_open_proposal_be_decided_but_not_rewritten(session, act, rules):
    person = berlaku.going_on(session, [formasi(session, "F99-04")])[0].peserta
    row = act(status.give, person, "APS", "akhir", rules, alasan=REASON)

    for change in ("isi = '{}'", "proposed_by = 'staf2'", "jenis = 'batal_ujian'"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(f"UPDATE usul SET {change} WHERE id = {row.id}"))
        session.rollback()
