"""What a candidate's computer may send that no page of ours sends, and what it must not get."""

from __future__ import annotations

import pytest

from tests.web.conftest import sqlite_copy
from web.db import db, transaction
from web.tables import Pesan, Sitting, SittingEvent

JSON = {"Accept": "application/json"}


@pytest.fixture
def database(sqlite_template, tmp_path):
    """On one kind of database: nothing here depends on which."""
    with sqlite_copy(sqlite_template, tmp_path) as url:
        yield url


def events_of(candidate) -> list[str]:
    db.session.remove()
    rows = db.select(SittingEvent.kind).where(SittingEvent.sitting_id == candidate.sitting_id)
    return list(db.session.scalars(rows.order_by(SittingEvent.seq)))


@pytest.mark.parametrize("act", ["jawab", "pilih"])
def test_the_script_is_told_of_a_form_that_makes_no_sense(working, act):
    usual = {"nomor": 1, "pilihan": "A", "urut": 1, "sisa": 60_000}

    for wrong in (
        {"urut": 2**63},
        {"urut": 10**12},
        {"urut": "--5"},
        {"sisa": "nan"},
        {"sisa": "inf"},
        {"nomor": "x"},
        {"pilihan": ""},
    ):
        reply = working.post_json(f"{working.url}/{act}", working.url, **usual | wrong)
        assert (reply.status_code, reply.json["kode"]) == (422, "U07"), wrong
    assert events_of(working) == ["admitted", "started"]


def test_practice_bears_numbers_that_make_no_sense(peserta):
    candidate = peserta(1)
    candidate.logs_in()
    practice = f"{candidate.url}/latihan"

    for number in (-9, 0, 99, 10**11, 2**63):
        for act, status in (("jawab", {200, 422}), ("pilih", {200}), ("ragu", {200})):
            reply = candidate.post_json(f"{practice}/{act}", practice, nomor=number, pilihan="A")
            assert reply.status_code in status, number


def test_a_message_is_sent_to_a_page_once_however_many_there_were_before(working):
    with transaction() as session:
        sesi = session.get_one(Sitting, working.sitting_id).sesi
        session.add(Pesan(id=123_456, sesi_id=sesi.id, at=0, oleh="pengawas", isi="Tenang."))

    for asked, told in (("123455", [123_456]), ("123456", []), ("9" * 30, [123_456])):
        reply = working.get(f"{working.url}/pesan?sesudah={asked}", headers=JSON)
        assert [each["id"] for each in reply.json["pesan"]] == told


def test_a_sitting_that_was_called_off_has_no_nilai(working, clock):
    clock.tick(100 * 60 + 60)
    assert "Nilai Anda" in working.sees()
    with transaction() as session:
        session.get_one(Sitting, working.sitting_id).is_void = True

    page = working.sees()

    assert "Sesi Anda dibatalkan" in page
    assert "Nilai Anda" not in page
