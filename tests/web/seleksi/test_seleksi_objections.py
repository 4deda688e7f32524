"""Objections: inside the window, once, and never a way back into the exam."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from cat.errors import (
    AlreadyDecided,
    DecisionError,
    NotDue,
    NotLawful,
)
from tests.web.seleksi.steps import REASON, announce, formasi, instansi
from web.db import db, transaction
from web.operations.ranking import rank_formasi
from web.operations.seleksi import (
    berlaku,
    keputusan,
    pengumuman,
    sanggah,
    status,
    usul,
)
from web.tables import (
    Hasil,
    Instansi,
    PartResult,
    Pengumuman,
    Peserta,
    SittingEvent,
    Usul,
)

DAYS = (date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 24))


WRONG_WINDOWS = [
    ("skd", DAYS, "tidak ada masa sanggah resmi"),  # domain.md 3.4: none for the SKD of 2024
    ("akhir", (DAYS[0], date(2026, 11, 21), DAYS[2]), "lama pengajuan 4 hari"),
    ("akhir", (DAYS[0], date(2026, 11, 17), DAYS[2]), "lama pengajuan 0 hari"),
    ("akhir", (*DAYS[:2], date(2026, 11, 19)), "tidak boleh sebelum"),
    ("administrasi", (*DAYS[:2], date(2026, 11, 28)), "paling akhir 7 hari"),
]


def test_a_window_has_the_length_that_the_year_sets(session, act, rules):
    for tahap, days, words in WRONG_WINDOWS:
        with pytest.raises(NotLawful, match=words):
            act(sanggah.set_window, 2024, tahap, days, rules)


def test_an_objection_is_filed_once_inside_its_window_by_somebody_announced(
    session, act, clock, rules
):
    agency = instansi(session, "9902")
    person = berlaku.going_on(session, [formasi(session, "F99-03")])[0].peserta
    file = {"today": DAYS[1]}

    with pytest.raises(NotDue, match="tidak sedang dibuka"):
        act(sanggah.file, person, "akhir", "Nilai saya berbeda.", **file)
    act(sanggah.set_window, 2024, "akhir", DAYS, rules)
    with pytest.raises(NotDue, match="tidak termuat dalam pengumuman"):
        act(sanggah.file, person, "akhir", "Nilai saya berbeda.", **file)
    announce(act, clock, "akhir", agency, rules)
    with pytest.raises(NotDue, match="tidak sedang dibuka"):
        act(sanggah.file, person, "akhir", "Nilai saya berbeda.", today=date(2026, 11, 21))
    row = act(sanggah.file, person, "akhir", "Nilai saya berbeda.", **file)
    with pytest.raises(AlreadyDecided, match="sudah menyanggah"):
        act(sanggah.file, person, "akhir", "Sekali lagi.", **file)
    assert len(row.tiket) == 12
    assert sanggah.by_ticket(session, f" {row.tiket.lower()} ") is row


def test_a_granted_objection_restores_the_record_and_never_touches_the_exam(
    session, act, agreed, clock, rules
):
    # given: a stored result was damaged before it was announced
    agency, chosen = instansi(session, "9902"), formasi(session, "F99-03")
    hurt = rank_formasi(session, chosen, rules)[1]
    right = hurt.nilai["twk"]

    def damage(session, *, by, now):
        session.get_one(PartResult, (hurt.sitting.id, "twk")).nilai = right - 5

    act(damage)
    announce(act, clock, "skd", agency, rules)
    announce(act, clock, "akhir", agency, rules)
    act(sanggah.set_window, 2024, "akhir", DAYS, rules)
    row = act(sanggah.file, hurt.peserta, "akhir", "TWK saya berbeda.", today=DAYS[0])
    events = db.select(SittingEvent).order_by(SittingEvent.sitting_id, SittingEvent.seq)
    before = [(e.sitting_id, e.seq, e.kind, e.option, e.seal) for e in session.scalars(events)]

    # when: two people grant it
    (twk, *others) = sanggah.comparison(session, hurt.peserta, "akhir")
    assert (twk.tercetak, twk.tersimpan, twk.rekaman) == (right - 5, right - 5, right)
    assert not any(each.differs for each in others)
    agreed(sanggah.answer, row, "diterima", "TWK dibetulkan sesuai rekaman.")

    # then: the stored result is the record's, a new announcement is due, and no event was written
    assert session.get_one(PartResult, (hurt.sitting.id, "twk")).nilai == right
    assert sanggah.awaiting_correction(session, 2024) == [row]
    after = [(e.sitting_id, e.seq, e.kind, e.option, e.seal) for e in session.scalars(events)]
    assert after == before
    announce(act, clock, "skd", agency, rules)
    head = announce(act, clock, "akhir", agency, rules)
    assert session.get_one(Hasil, (head.id, hurt.peserta.id)).twk == right
    assert sanggah.awaiting_correction(session, 2024) == []
    with pytest.raises(AlreadyDecided, match="sudah dijawab"):
        act(sanggah.answer, row, "ditolak", "Tidak.", alasan=REASON)


def test_no_module_of_objections_can_reach_the_writing_of_events():
    import ast
    from pathlib import Path

    writers = {"append", "advance", "SittingEvent", "moves"}
    for module in (sanggah, keputusan, usul):
        names = set()
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom | ast.Import):
                names |= {alias.name.split(".")[-1] for alias in node.names}
        assert not names & writers, module.__name__


def test_every_proposal_carries_its_reason_and_both_names(session, agreed, rules):
    person = berlaku.going_on(session, [formasi(session, "F99-04")])[0].peserta
    agreed(status.give, person, "APS", "akhir", rules)

    row = session.scalars(db.select(Usul).order_by(Usul.id.desc())).first()

    assert (row.proposed_by, row.decided_by, row.alasan) == ("staf", "staf2", REASON)


def at_once(app, clock, act_of, times=6):
    """The same act by several people in the same moment: what each of them is told."""

    def one(number):
        with app.app_context():
            try:
                with transaction() as session:
                    act_of(session, by=f"staf{number}", now=clock.at + number)
                return "done"
            except DecisionError as error:
                return type(error).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return Counter(pool.map(one, range(times)))


def test_of_six_objections_of_the_same_moment_one_is_filed_and_the_rest_are_told(
    session, app, act, clock, rules
):
    person_id = berlaku.going_on(session, [formasi(session, "F99-03")])[0].peserta_id
    announce(act, clock, "akhir", instansi(session, "9902"), rules)
    act(sanggah.set_window, 2024, "akhir", DAYS, rules)

    def file(session, **signed):
        person = session.get_one(Peserta, person_id)
        sanggah.file(session, person, "akhir", "Nilai saya berbeda.", today=DAYS[1], **signed)

    assert at_once(app, clock, file) == {"done": 1, "AlreadyDecided": 5}


def test_of_six_proposals_of_the_same_moment_one_waits_and_one_decision_holds(
    session, app, act, clock, rules
):
    person_id = berlaku.going_on(session, [formasi(session, "F99-04")])[0].peserta_id
    session.rollback()

    def give(session, **signed):
        person = session.get_one(Peserta, person_id)
        status.give(session, person, "APS", "akhir", rules, alasan=REASON, **signed)

    assert at_once(app, clock, give) == {"done": 1, "AlreadyDecided": 5}
    row = session.scalars(db.select(Usul).order_by(Usul.id.desc())).first()
    usul_id = row.id
    session.rollback()

    def agree(session, *, by, now):
        keputusan.decide(session, usul_id, agree=True, by=f"lain-{by}", now=now)

    assert at_once(app, clock, agree) == {"done": 1, "AlreadyDecided": 5}


def test_of_drafts_of_the_same_moment_each_has_a_kode_of_its_own(session, app, act, clock, rules):
    agency_id = instansi(session, "9902").id
    session.rollback()

    def draw(session, **signed):
        agency = session.get_one(Instansi, agency_id)
        pengumuman.draw_up(session, "akhir", 2024, agency, rules, **signed)

    assert at_once(app, clock, draw, times=3) == {"done": 3}
    codes = session.scalars(db.select(Pengumuman.kode).where(Pengumuman.tahap == "akhir")).all()
    assert len(codes) == len(set(codes))
