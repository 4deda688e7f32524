"""Announcements: two people, frozen, signed, and every changed row found."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from cat.errors import (
    AlreadyDecided,
    BadInput,
    NeedsSecondPerson,
    NotDue,
)
from cat.ketentuan.ruleset import RuleSet
from tests.web.conftest import KEYS
from tests.web.seleksi.steps import announce, formasi, instansi
from web.db import db
from web.operations import ketentuan
from web.operations.jadwal import perubahan
from web.operations.seleksi import (
    berlaku,
    nilai_skb,
    pengumuman,
    rencana,
    status,
)
from web.operations.seleksi.periksa import verify
from web.operations.signing import public_key
from web.tables import (
    Hasil,
    Pengumuman,
    Sitting,
)


def without_guards(session) -> None:
    """What somebody with the keys to the database could do first."""
    if session.get_bind().dialect.name == "sqlite":
        for (name,) in session.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        return
    for table in ("hasil", "pengumuman", "nilai_skb", "usul", "rule_set"):
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def test_a_sesi_whose_results_are_announced_is_not_called_off(session, act, clock, rules):
    head = announce(act, clock, "skd", instansi(session, "9901"), rules, accept_unfinished=True)
    rows = session.scalars(db.select(Hasil).filter_by(pengumuman_id=head.id))
    counted = next(row.data["ujian"] for row in rows if row.data.get("ujian"))
    sesi_id = session.get_one(Sitting, counted).sesi_id

    with pytest.raises(BadInput, match=f"sudah dipakai pengumuman .*{head.kode}: "):
        act(perubahan.propose, sesi_id, "batal", {}, reason="listrik padam")


def test_an_announcement_needs_a_second_person_and_finished_exams(session, act, rules):
    agency = instansi(session, "9901")

    with pytest.raises(NotDue, match="peserta belum selesai ujian"):
        act(pengumuman.draw_up, "skd", 2024, agency, rules)
    head = act(pengumuman.draw_up, "skd", 2024, agency, rules, accept_unfinished=True)
    with pytest.raises(NeedsSecondPerson):
        act(pengumuman.approve, head.id, by="staf", seed=KEYS.signing)
    later = act(pengumuman.draw_up, "skd", 2024, agency, rules, accept_unfinished=True)
    with pytest.raises(AlreadyDecided, match=later.kode):
        act(pengumuman.approve, head.id, by="staf2", seed=KEYS.signing)
    act(pengumuman.approve, later.id, by="staf2", seed=KEYS.signing)
    with pytest.raises(AlreadyDecided, match="sudah disetujui oleh staf2"):
        act(pengumuman.approve, later.id, by="staf2", seed=KEYS.signing)
    assert berlaku.in_force(session, 2024, "skd", agency.id).kode == later.kode
    assert later.replaces_id == 1
    assert berlaku.in_force(session, 2024, "skd", None).id == 1


def test_a_draft_that_no_longer_follows_from_the_records_is_not_signed(session, act, agreed, rules):
    agency = instansi(session, "9902")
    head = act(pengumuman.draw_up, "akhir", 2024, agency, rules)
    person = berlaku.going_on(session, [formasi(session, "F99-04")])[0].peserta
    agreed(status.give, person, "APS", "akhir", rules)

    with pytest.raises(NotDue, match="Susun draf baru"):
        act(pengumuman.approve, head.id, by="staf2", seed=KEYS.signing)

    assert berlaku.in_force(session, 2024, "akhir", agency.id) is None


def test_what_is_decided_later_does_not_unsettle_an_older_announcement(
    session, act, agreed, clock, rules
):
    agency, chosen = instansi(session, "9902"), formasi(session, "F99-04")
    head = announce(act, clock, "akhir", agency, rules)
    rows = berlaku.going_on(session, [chosen])
    plan = rencana.find_plan(session, 2024, agency.id, chosen.jabatan_id)

    agreed(status.give, rows[0].peserta, "DIS", "skd", rules)
    agreed(nilai_skb.correct, rows[1].peserta, plan.bagian[0], "0")

    public = public_key(KEYS.signing)
    heads = session.scalars(db.select(Pengumuman).order_by(Pengumuman.id)).all()
    assert [each.id for each in heads][-1] == head.id
    assert [str(found) for each in heads for found in verify(session, each, public)] == []


TAMPERING = [
    # one changed row, what verify says of it
    ("UPDATE hasil SET tkp = tkp + 1 WHERE {who}", ["{nomor}: tkp tercetak", "sidik jari"]),
    ("UPDATE hasil SET kode = 'L' WHERE {who}", ["{nomor}: kode tercetak L", "sidik jari"]),
    ("UPDATE hasil SET rank = 1 WHERE {who}", ["{nomor}: rank tercetak 1", "sidik jari"]),
    (
        "UPDATE hasil SET data = replace(CAST(data AS text), '\"{akhir}\"', '\"99\"'){cast} "
        "WHERE {who}",
        ["{nomor}: data.akhir tercetak 99", "sidik jari"],
    ),
    (
        "DELETE FROM hasil WHERE {who}",
        ["banyak baris: tercatat", "{nomor}: menurut catatan ada", "sidik jari"],
    ),
    ("UPDATE pengumuman SET approved_by = 'lain' WHERE id = {head}", ["tanda tangan"]),
    ("UPDATE pengumuman SET drawn_by = 'lain' WHERE id = {head}", ["sidik jari"]),
    (
        "UPDATE nilai_skb SET nilai = nilai + 1 WHERE peserta_id = {peserta}",
        ["{nomor}: data.skb[1].nilai tercetak", "{nomor}: data.akhir tercetak"],
    ),
]


def test_one_changed_row_is_caught_and_named(session, act, clock, rules):
    head = announce(act, clock, "akhir", instansi(session, "9902"), rules)
    public = public_key(KEYS.signing)
    printed = session.scalars(db.select(Hasil).filter_by(pengumuman_id=head.id, rank=5)).first()
    words = {
        "who": f"pengumuman_id = {head.id} AND peserta_id = {printed.peserta_id}",
        "head": head.id,
        "peserta": printed.peserta_id,
        "nomor": printed.peserta.nomor,
        "akhir": printed.data["akhir"],
        "cast": "::json" if session.get_bind().dialect.name == "postgresql" else "",
    }
    for statement, named in TAMPERING:
        session.rollback()
        assert verify(session, head, public) == []
        without_guards(session)
        session.connection().exec_driver_sql(statement.format(**words))

        found = [str(each) for each in verify(session, head, public)]

        for expected in named:
            assert any(expected.format(**words) in each for each in found), (expected, found)
        session.rollback()


def test_a_draft_does_not_replace_what_was_announced_while_it_waited(session, act, clock, rules):
    # given: a draft for one agency, then an announcement for all agencies
    agency = instansi(session, "9902")
    waiting = act(pengumuman.draw_up, "skd", 2024, agency, rules)
    wide = announce(act, clock, "skd", None, rules, accept_unfinished=True)

    with pytest.raises(NotDue, match=f"{wide.kode} terbit. Susun draf baru"):
        act(pengumuman.approve, waiting.id, by="staf2", seed=KEYS.signing)

    assert berlaku.in_force(session, 2024, "skd", agency.id).id == wide.id


def test_a_draft_drawn_up_under_rules_that_were_replaced_is_not_signed(session, act, rules):
    head = act(pengumuman.draw_up, "akhir", 2024, instansi(session, "9902"), rules)
    changed = RuleSet.from_mapping({**rules.to_mapping(), "judul": "Judul lain"})

    def replace(session, *, by, now):
        row = ketentuan.propose(session, changed, by="staf", reason="contoh", now=now)
        ketentuan.approve(session, row, by="staf2", reason="sesuai", now=now)

    act(replace)
    with pytest.raises(NotDue, match="Ketentuan cpns-2024 berubah"):
        act(pengumuman.approve, head.id, by="staf2", seed=KEYS.signing)


EXCHANGED = [
    # what somebody with the keys to the database exchanges, the place that verify names
    ("UPDATE pengumuman SET tahap = 'optimalisasi' WHERE id = {head}", "sidik jari"),
    ("UPDATE pengumuman SET tahun = 2023 WHERE id = {head}", "sidik jari"),
    ("UPDATE pengumuman SET instansi_id = NULL WHERE id = {head}", "sidik jari"),
    ("UPDATE pengumuman SET replaces_id = 1 WHERE id = {head}", "sidik jari"),
    ("UPDATE pengumuman SET row_count = row_count - 1 WHERE id = {head}", "banyak baris"),
    ("UPDATE pengumuman SET approved_at = approved_at + 1 WHERE id = {head}", "tanda tangan"),
    ("UPDATE pengumuman SET signature = '' WHERE id = {head}", "tanda tangan"),
    ("UPDATE hasil SET urut = urut + 100 WHERE {who}", "sidik jari"),
    ("UPDATE hasil SET twk = twk - 1, tiu = tiu + 1 WHERE {who}", "{nomor}"),
    ("UPDATE hasil SET formasi_id = {other} WHERE {who}", "{nomor}"),
    ("UPDATE peserta SET nomor = 'TUKAR' WHERE id = {peserta}", "sidik jari"),
    ("UPDATE formasi SET kebutuhan = 1 WHERE id = {formasi}", "kode tercetak"),
    (
        "UPDATE part_result SET nilai = nilai + 50 WHERE sitting_id IN "
        "(SELECT id FROM sitting WHERE peserta_id = {peserta})",
        "{nomor}",
    ),
    ("UPDATE bagian_rencana SET maks = maks + 1", "{nomor}"),
    (
        "UPDATE rule_set SET content = replace(CAST(content AS text), '\"bobot_skd\": 40', "
        "'\"bobot_skd\": 41'){cast} WHERE kode = 'cpns-2024'",
        "ketentuan",
    ),
]


def test_whatever_an_announcement_rests_on_cannot_be_exchanged_unseen(session, act, clock, rules):
    skd = announce(act, clock, "skd", instansi(session, "9902"), rules)
    head = announce(act, clock, "akhir", instansi(session, "9902"), rules)
    public = public_key(KEYS.signing)
    printed = session.scalars(db.select(Hasil).filter_by(pengumuman_id=head.id, rank=2)).first()
    words = {
        "head": head.id,
        "who": f"pengumuman_id = {head.id} AND peserta_id = {printed.peserta_id}",
        "peserta": printed.peserta_id,
        "nomor": printed.peserta.nomor,
        "formasi": printed.formasi_id,
        "other": next(r.formasi_id for r in head.rows if r.formasi_id != printed.formasi_id),
        "cast": "::json" if session.get_bind().dialect.name == "postgresql" else "",
    }
    for statement, place in EXCHANGED:
        session.rollback()
        session.expire_all()
        without_guards(session)
        session.connection().exec_driver_sql(statement.format(**words))
        session.expire_all()

        # the exam's own points show in the list of the SKD
        heads = [skd, head] if "part_result" in statement else [head]
        found = [str(each) for one in heads for each in verify(session, one, public)]

        assert any(place.format(**words) in each for each in found), (statement, found)
    session.rollback()
