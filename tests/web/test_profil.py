"""The competency profile: of a sitting, of a person over time, and its norm groups."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cat.errors import BadInput, NormGroupTooSmall
from cat.kompetensi.norma import Distribution
from seeds.demo.load import FINISHED
from tests.web.conftest import START
from web import clock as platform_clock
from web.db import db, transaction
from web.operations.kompetensi import (
    digital_belief,
    evidence_of,
    finished_sittings,
)
from web.operations.norma import PilihanNorma, make_group, read_group
from web.operations.profil import level_history, part_profiles
from web.tables import (
    AuditRow,
    KelompokNorma,
    Pegawai,
    Person,
    Sesi,
    Sitting,
)

ASSESSED = "Ratna Contohwati"


@pytest.fixture
def staf(petugas):
    return petugas("staf")


def person() -> Person:
    return db.session.scalars(db.select(Person).filter_by(nama=ASSESSED)).one()


def some_finished() -> Sitting:
    return db.session.scalars(
        db.select(Sitting).join(Sesi).where(Sesi.nama == FINISHED, Sitting.phase == "finished")
    ).first()


def test_the_profile_of_a_sitting_shows_every_domain_with_error_percentile_and_verdict(staf, app):
    page = staf.get(f"/staf/ujian/{some_finished().id}/profil").text

    for words in ("Nasionalisme", "Verbal: analogi", "Figural: serial", "Antiradikalisme"):
        assert words in page
    for words in ("Galat baku", "petunjuk saja", "Persentil", "Peserta SKD 2024, formasi umum"):
        assert words in page
    # the simulated people have one ability in each part, so that no domain can add anything
    assert page.count("– tidak menambah informasi") == 5 + 3 + 6
    assert "✓ menambah informasi" not in page
    # three charts, and strips of levels for the six TKP domains that have cut points
    assert page.count("<svg") == page.count("<title id=") == 3 + 6
    assert page.count("belum mempunyai batas level") == 2


def test_opening_a_profile_is_noted(staf, app):
    sitting, someone = some_finished(), person().id
    nomor = sitting.peserta.nomor
    staf.get(f"/staf/ujian/{sitting.id}/profil")
    staf.get(f"/staf/profil/{someone}")
    db.session.remove()

    noted = db.session.scalars(
        db.select(AuditRow).filter_by(act="buka profil").order_by(AuditRow.id)
    ).all()

    assert [(row.by, row.subject) for row in noted] == [
        ("staf", nomor),
        ("staf", f"orang {someone}"),
    ]


def test_a_sitting_that_time_ended_after_one_answer_has_a_profile_that_says_little(
    staf, working, clock
):
    assert staf.get(f"/staf/ujian/{working.sitting_id}/profil").status_code == 404
    working.answers("A")
    clock.tick(4 * 3600)
    working.sees()

    page = staf.get(f"/staf/ujian/{working.sitting_id}/profil").text

    assert "tidak ada jawaban" in page
    sitting = working.stored()
    parts = part_profiles(db.session(), sitting, None)
    items = [domain.score.items for part in parts for domain in part.domains]
    assert sum(items) == 1
    one = next(d for part in parts for d in part.domains if d.score.items)
    assert one.score.reliability < 0.5
    assert {d.peringkat.alasan for part in parts for d in part.domains} == {
        "belum ada kelompok norma"
    }


def test_too_small_a_norm_group_gives_reasons_instead_of_percentiles(app):
    norma = read_group(db.session.scalars(db.select(KelompokNorma)).first())
    norma.sebaran["twk"] = Distribution.of([0.0, 1.0, 2.0])
    del norma.sebaran["tiu"]

    twk, tiu, tkp = part_profiles(db.session(), some_finished(), norma)

    assert twk.peringkat.alasan == "kelompok hanya 3 orang, perlu 100"
    assert tiu.peringkat.alasan == "tidak ada dalam kelompok norma ini"
    assert tkp.peringkat.persentil is not None


def test_the_page_of_a_person_gathers_competencies_digital_pillars_history_and_sittings(staf, app):
    page = staf.get(f"/staf/profil/{person().id}").text

    for words in ("Orientasi pada hasil", "Perekat bangsa", "Keamanan digital", "Riwayat"):
        assert words in page
    assert "Pengelolaan sistem informasi" in page
    assert "Pemetaan kompetensi internal" in page
    assert "! bukti lemah" in page
    assert page.count("<svg") == page.count("<title id=")
    chosen = staf.get(f"/staf/profil/{person().id}?kompetensi=kerja_sama").text
    assert "<h3>Kerja sama</h3>" in chosen
    assert staf.get(f"/staf/profil/{person().id}?kompetensi=ramalan").status_code == 404
    assert staf.get("/staf/profil/999999").status_code == 404


def test_people_are_found_by_name_nip_and_number_and_nothing_else_matches(staf, app):
    employee = db.session.scalars(
        db.select(Pegawai).join(Person).where(Person.nama == ASSESSED)
    ).one()
    nomor = some_finished().peserta.nomor
    owner = some_finished().peserta.person.nama

    assert ASSESSED in staf.get("/staf/profil/").text
    assert ASSESSED in staf.get("/staf/profil/?cari=ratna contoh").text
    assert ASSESSED in staf.get(f"/staf/profil/?cari={employee.nip}").text
    assert owner in staf.get(f"/staf/profil/?cari={nomor}").text
    assert "Tidak ada orang yang cocok" in staf.get("/staf/profil/?cari=%25").text


def test_later_assessments_move_the_belief_and_the_history_keeps_both_points(app):
    someone = person().id
    evidence = evidence_of(db.session(), someone)

    history = level_history(db.session(), evidence, platform_clock.today())["integritas"]

    days = [day for day, _ in history]
    levels = [belief.level for _, belief in history]
    assert days == sorted(days)
    assert days[:2] == [date(2024, 5, 20), date(2026, 6, 15)]
    assert levels[:2] == [3, 4]


def test_mastery_of_it_needs_evidence_in_force(app):
    today = platform_clock.today()
    found = digital_belief(db.session(), person().id, today)
    assert found.level == 4
    assert found.bobot > 0.6

    assert digital_belief(db.session(), person().id, today + timedelta(days=3650)) is None
    waiting = db.session.scalars(db.select(Sitting).where(Sitting.phase == "waiting")).first()
    assert digital_belief(db.session(), waiting.peserta.person_id, today) is None
    assert finished_sittings(db.session(), waiting.peserta.person_id) == []


def test_a_norm_group_is_made_once_and_never_of_too_few_people(staf, app):
    sesi = {s.nama: s.id for s in db.session.scalars(db.select(Sesi))}
    url = "/staf/profil/norma"
    fields = {"nama": "Peserta formasi Papua", "siapa": "Uji.", "sesi": sesi[FINISHED]}

    small = staf.post(url, token_from=url, jenis_kebutuhan="papua", **fields)
    assert small.status_code == 422
    assert "Hanya 25 orang; kelompok norma perlu 100." in small.text
    everybody = fields | {"nama": "Semua peserta peragaan"}
    replies = [staf.post(url, token_from=url, jenis_kebutuhan="", **everybody) for _ in range(2)]
    assert len({reply.headers["Location"] for reply in replies}) == 1
    taken = staf.post(url, token_from=url, jenis_kebutuhan="umum", **everybody)
    assert "Nama ini sudah dipakai" in taken.text
    page = staf.get(replies[0].headers["Location"]).text
    assert "200 orang" in page
    assert "PRMSE" in page


def test_a_group_of_nobody_is_refused_and_a_tampered_one_is_noticed(app):
    today = platform_clock.today()
    closed = PilihanNorma("Papua", "Uji.", (some_finished().sesi_id,), "tidak_ada")
    with pytest.raises(NormGroupTooSmall, match="this one has 0"), transaction() as session:
        make_group(session, closed, by="staf", now=START, today=today)

    row = db.session.scalars(db.select(KelompokNorma)).first()
    content = row.content | {"orang": row.content["orang"] + 1}
    db.session.expunge(row)
    row.content = content

    with pytest.raises(BadInput, match="does not match its hash"):
        read_group(row)
