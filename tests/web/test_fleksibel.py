"""Flexible work from the request to the decision and after it, as people press the buttons."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from cat.errors import RuleForbids
from cat.ketentuan.fleksibel.isi import Terms
from cat.ketentuan.fleksibel.langkah import Actor, Move, Role
from web import clock as real_clock
from web.access import PUBLIC, ROLES_OF
from web.db import db, transaction
from web.operations.fleksibel import kebijakan, permohonan
from web.operations.fleksibel.audit_ulang import findings
from web.operations.fleksibel.berkas import berkas_of, outlook
from web.operations.fleksibel.rekaman import Moment
from web.tables import (
    AuditRow,
    Instansi,
    Pegawai,
    PenilaianFleksibel,
    Permohonan,
    Person,
)

WHY = "Alasan yang cukup panjang untuk dibaca."
HEAD = Actor("pimpinan", Role.PIMPINAN)


def request_of(nama: str) -> Permohonan:
    db.session.remove()
    query = select(Permohonan).join(Permohonan.pegawai).join(Pegawai.person)
    return db.session.scalars(query.where(Person.nama == nama)).one()


def keadaan(nama: str) -> str:
    return request_of(nama).keadaan


def now() -> Moment:
    return Moment(real_clock.now(), real_clock.today())


def record_all_evidence(row: Permohonan) -> None:
    found = outlook(db.session(), berkas_of(db.session(), row, real_clock.today()))
    with transaction() as session:
        for test in found.open_tests:
            staff = Actor("staf", Role.STAF)
            permohonan.record_evidence(session, row, test.kode, actor=staff, reason=WHY, at=now())


def test_a_request_goes_from_the_employee_past_the_superior_to_the_head(app, petugas):
    dodi, atasan, pimpinan, staf = map(petugas, ("dodi", "atasan", "pimpinan", "staf"))
    number = request_of("Dodi Seumpama").id
    page, decide = f"/pegawai/bawahan/{number}", f"/pimpinan/permohonan/{number}"

    # the head cannot decide before the superior has spoken
    assert "Menyetujui" not in pimpinan.get(decide).text
    atasan.post(f"{page}/pendapat", page, pendapat="DUKUNG", alasan=WHY)
    assert "Dodi Seumpama" in pimpinan.get("/pimpinan/").text

    # an approval is refused while evidence is missing
    begins = real_clock.today()
    terms = {
        "dari": begins.isoformat(),
        "sampai": (begins + timedelta(days=90)).isoformat(),
        "hari": "rabu",
        "pengecualian": "",
        "syarat": "",
        "alasan": WHY,
    }
    reply = pimpinan.post(f"{decide}/setujui", decide, **terms)
    assert reply.status_code == 409
    assert "Bukti belum dicatat untuk uji: level digital" in reply.text

    # staff note what they have seen; then the head approves, and pressing twice changes nothing
    own = f"/staf/fleksibel/permohonan/{number}"
    staf.post(f"{own}/bukti", own, uji="level_digital", alasan="Sertifikat nomor 12 dilihat.")
    for _ in range(2):
        assert pimpinan.post(f"{decide}/setujui", decide, **terms).status_code == 303
    row = request_of("Dodi Seumpama")
    assert row.keadaan == "DISETUJUI"
    assert [each.jenis for each in row.langkah] == ["AJUKAN", "DUKUNG", "CATAT_BUKTI", "SETUJUI"]

    # what decided is stored: facts, policy, outcome of every test, share of the unit
    last = row.langkah[-1]
    kept = db.session.scalars(
        select(PenilaianFleksibel).filter_by(permohonan_id=number, seq=last.seq)
    ).one()
    assert kept.policy_digest == last.data["kebijakan"]
    assert kept.fakta["perangkat"]["milik"] == "kantor"
    assert last.data["hasil"]["level_digital"] == "PERLU_BUKTI"
    assert {each["kapan"] for each in last.data["jatah"]} == {"rabu", "keseluruhan"}
    noted = db.session.scalars(
        select(AuditRow.by).filter_by(act="permohonan: setujui", subject=f"permohonan {number}")
    )
    assert list(noted) == ["pimpinan"]
    assert "berlaku hari ini" in dodi.get(f"/pegawai/permohonan/{number}").text
    assert list(findings(db.session())) == []


def test_more_than_two_days_need_a_stated_exception(app, petugas):
    pimpinan = petugas("pimpinan")
    row = request_of("Wulan Misalkanti")
    record_all_evidence(row)
    page = f"/pimpinan/permohonan/{row.id}"
    begins = real_clock.today()
    terms = {
        "dari": begins.isoformat(),
        "sampai": (begins + timedelta(days=60)).isoformat(),
        "hari": ["senin", "rabu", "jumat"],
        "syarat": "",
        "alasan": WHY,
    }

    refused = pimpinan.post(f"{page}/setujui", page, pengecualian="", **terms)
    assert refused.status_code == 409
    assert "3 hari seminggu melebihi batas 2 hari" in refused.text

    pimpinan.post(f"{page}/setujui", page, pengecualian="tugas_lapangan", **terms)
    assert keadaan("Wulan Misalkanti") == "DISETUJUI"


def test_an_employee_sees_the_tests_before_asking_and_asks_only_once_at_a_time(app, petugas):
    ratna, address = petugas("ratna"), "/pegawai/permohonan/baru"
    begins = real_clock.today() + timedelta(days=3)
    wish = {
        "bentuk": "rumah",
        "hari": ["senin", "selasa", "rabu"],
        "dari": begins.isoformat(),
        "sampai": (begins + timedelta(days=60)).isoformat(),
        "alasan": "Menulis dokumentasi tanpa gangguan.",
        "milik": "pribadi",
        "sambungan": "tidak",
        "ergonomi": "y",
        "keamanan": "y",
    }

    preview = ratna.post(address, address, langkah="periksa", **wish).text
    assert "✕ Tidak terpenuhi" in preview  # the connection is not secure
    assert "Anda memilih 3 hari; batasnya 2 hari" in preview
    assert db.session.scalar(select(db.func.count()).select_from(Permohonan)) == 8

    second = ratna.post(address, address, langkah="ajukan", **wish)
    assert second.status_code == 422
    assert "masih berjalan" in second.text

    other = {**wish, "bentuk": "dinamis", "langkah": "ajukan"}
    assert ratna.post(address, address, **other).status_code == 303
    without = {**other, "bentuk": "rumah", "keamanan": ""}
    del without["keamanan"]
    assert "Kedua pernyataan" in ratna.post(address, address, **without).text


def test_a_returned_request_comes_back_changed_and_a_withdrawn_one_is_over(app, petugas):
    atasan, dodi = petugas("atasan"), petugas("dodi")
    number = request_of("Dodi Seumpama").id
    page, own = f"/pegawai/bawahan/{number}", f"/pegawai/permohonan/{number}"
    atasan.post(f"{page}/pendapat", page, pendapat="KEMBALIKAN", alasan="Pilih hari lain.")
    assert keadaan("Dodi Seumpama") == "DIKEMBALIKAN"

    form = dodi.get(f"{own}/ubah").text
    assert "Menganalisis data kebutuhan pegawai" in form
    begins = real_clock.today() + timedelta(days=3)
    changed = {
        "bentuk": "rumah",
        "hari": "kamis",
        "dari": begins.isoformat(),
        "sampai": (begins + timedelta(days=60)).isoformat(),
        "alasan": "Menganalisis data pada hari lain.",
        "milik": "kantor",
        "sambungan": "ya",
        "ergonomi": "y",
        "keamanan": "y",
        "langkah": "ajukan",
    }
    assert dodi.post(f"{own}/ubah", f"{own}/ubah", **changed).status_code == 303
    assert request_of("Dodi Seumpama").hari == ["kamis"]

    dodi.post(f"{own}/tarik", own, alasan="Tidak jadi bekerja fleksibel.")
    assert keadaan("Dodi Seumpama") == "DITARIK"


def test_an_objection_is_decided_by_another_person_who_then_decides_again(app, petugas):
    first, second = petugas("pimpinan"), petugas("pimpinan2")
    number = request_of("Teguh Seandainya").id
    page = f"/pimpinan/permohonan/{number}"

    first.post(f"{page}/keberatan", page, putusan="KABULKAN", alasan=WHY)
    assert keadaan("Teguh Seandainya") == "KEBERATAN_PENOLAKAN"
    assert "diputus oleh orang lain" in first.get(page).text

    second.post(f"{page}/keberatan", page, putusan="KABULKAN", alasan=WHY)
    assert keadaan("Teguh Seandainya") == "MENUNGGU_PUTUSAN"
    first.post(f"{page}/tolak", page, alasan=WHY)
    assert keadaan("Teguh Seandainya") == "MENUNGGU_PUTUSAN"

    second.post(f"{page}/tolak", page, alasan=WHY)
    assert keadaan("Teguh Seandainya") == "DITOLAK"
    assert "sampai" in petugas("teguh").get(f"/pegawai/permohonan/{number}").text


def test_an_arrangement_is_revoked_only_after_the_employee_could_be_heard(app, petugas, clock):
    pimpinan = petugas("pimpinan")
    row = request_of("Rudi Umpamawan")
    page = f"/pimpinan/permohonan/{row.id}"

    pimpinan.post(f"{page}/klarifikasi", page, putusan="CABUT", alasan=WHY)
    assert keadaan("Rudi Umpamawan") == "DALAM_KLARIFIKASI"
    assert "Pegawai belum didengar" in pimpinan.get("/pimpinan/").text

    clock.tick(6 * 24 * 3600)
    pimpinan = petugas("pimpinan")
    pimpinan.post(f"{page}/klarifikasi", page, putusan="CABUT", alasan=WHY)
    assert keadaan("Rudi Umpamawan") == "DICABUT"


def test_reports_count_the_hours_and_reviews_move_the_next_day(app, petugas):
    atasan, ratna = petugas("atasan"), petugas("ratna")
    row = request_of("Ratna Contohwati")
    page, own = f"/pegawai/bawahan/{row.id}", f"/pegawai/permohonan/{row.id}"
    today = real_clock.today()
    monday = today - timedelta(days=today.weekday())
    assert row.tinjau_pada < today  # the demonstration has one review overdue

    bad = atasan.post(
        f"{page}/pantau", page, minggu=today.isoformat(), jam="40", cuti="0", hasil="Selesai."
    )
    if today.weekday():
        assert bad.status_code == 303
        assert "harus dimulai pada hari Senin" in atasan.get(page).text
    ratna.post(
        f"{own}/laporan", own, minggu=monday.isoformat(), jam="30,5", cuti="7.5", hasil="Bab 5."
    )
    assert "30,5 jam" in ratna.get(own).text

    atasan.post(f"{page}/evaluasi", page, alasan="Hasil kerja sesuai dengan rencana.")
    assert request_of("Ratna Contohwati").tinjau_pada > today


def test_people_open_only_what_is_theirs(app, petugas):
    ratna, atasan, pimpinan = map(petugas, ("ratna", "atasan", "pimpinan"))
    dodi = request_of("Dodi Seumpama")
    other = db.session.scalar(select(Instansi).filter_by(kode="9902"))
    assert ratna.get(f"/pegawai/permohonan/{dodi.id}").status_code == 404
    assert ratna.get(f"/pegawai/bawahan/{dodi.id}").status_code == 404
    assert atasan.get(f"/pegawai/permohonan/{dodi.id}").status_code == 404

    with transaction() as session:
        row = session.get_one(Permohonan, dodi.id)
        row.pegawai.instansi_id = other.id
    assert pimpinan.get(f"/pimpinan/permohonan/{dodi.id}").status_code == 404


@pytest.mark.parametrize(("account", "own"), [("ratna", "employee"), ("pimpinan", "head")])
def test_employees_and_heads_get_nothing_of_the_other_audiences(app, petugas, account, own):
    client = petugas(account).client
    rules = [r for r in app.url_map.iter_rules() if "GET" in r.methods and not r.arguments]
    for rule in rules:
        blueprint = rule.endpoint.split(".")[0]
        if blueprint in ROLES_OF and blueprint != own and rule.endpoint not in PUBLIC:
            assert client.get(str(rule)).status_code == 403, rule
    assert client.get("/petugas/").location.endswith(
        "/pegawai/" if own == "employee" else "/pimpinan/"
    )


def test_the_last_place_of_a_unit_is_given_once_however_many_decide_at_the_same_time(app):
    numbers = [request_of(nama).id for nama in ("Wulan Misalkanti", "Nurul Contohningrum")]
    _leave_one_place(db.session.get_one(Permohonan, numbers[0]).pegawai.instansi_id)
    with transaction() as session:
        row = session.get_one(Permohonan, numbers[1])
        mine = Actor("nurul", Role.PEGAWAI, row.pegawai_id)
        permohonan.take(session, row, Move.BERI_BUKTI, actor=mine, reason=WHY, at=now())
    for number in numbers:
        record_all_evidence(db.session.get_one(Permohonan, number))
    begins = real_clock.today()
    terms = Terms(begins, begins + timedelta(days=30), ("rabu",))

    def decide(number):
        with app.app_context():
            try:
                with transaction() as session:
                    row = session.get_one(Permohonan, number)
                    permohonan.approve(session, row, terms, actor=HEAD, reason=WHY, at=now())
            except RuleForbids as problem:
                return str(problem)
            finally:
                db.session.remove()
        return "disetujui"

    db.session.remove()
    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(lambda n: contextvars.Context().run(decide, n), numbers))

    assert said[1] == "disetujui"
    assert "Jatah unit terlampaui pada hari rabu" in said[0]


def _leave_one_place(instansi_id: int) -> None:
    """A layer under which one person of the unit may be away on one day."""
    session, today = db.session(), real_clock.today()
    layer = kebijakan.policy_for(session, instansi_id, today).to_mapping()["lapisan"]
    layer["jatah_unit"] |= {"persen_bersamaan": 1, "persen_keseluruhan": 100}
    members = session.scalar(select(db.func.count()).where(Pegawai.instansi_id == instansi_id))
    layer["jatah_unit"]["persen_bersamaan"] = -(-100 // members)
    given = {"instansi_id": instansi_id, "berlaku_sejak": today}
    with transaction() as session:
        row = kebijakan.propose(
            session, kebijakan.LAPISAN, layer, by="staf", reason=WHY, now=real_clock.now(), **given
        )
        kebijakan.approve(session, row, by="staf2", reason=WHY, now=real_clock.now(), today=today)
