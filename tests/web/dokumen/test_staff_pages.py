"""Documents as staff issue, find, replace and withdraw them."""

from __future__ import annotations

import hashlib

import pytest

from seeds.demo.load import FINISHED, OPEN
from tests.web.conftest import KEYS
from tests.web.dokumen.conftest import texts
from tests.web.dokumen.people import ADDRESS, check_page, public, uploads
from web.db import db, transaction
from web.dokumen.kinds import Jenis
from web.operations import job_worker
from web.operations.dokumen import batches, checking, issuing
from web.operations.dokumen.issuing import Desk, Issued
from web.operations.dokumen.subjects import Subject
from web.operations.signing import public_key
from web.tables import AuditRow, Dokumen, DokumenPdf, Job, Person, Peserta, Sesi, Sitting

TRUSTED = (public_key(KEYS.signing),)


def test_asking_twice_gives_the_same_document(issued, sitting):
    staff, dokumen, _ = issued

    reply = staff.post(
        "/staf/dokumen/terbitkan",
        token_from=f"/staf/dokumen/ujian/{sitting.id}",
        jenis="hasil",
        sitting_id=sitting.id,
    )

    assert reply.location == f"/staf/dokumen/{dokumen.id}"
    assert db.session.scalar(db.select(db.func.count(Dokumen.id))) == 1


def test_an_unfinished_exam_has_no_document(app, petugas):
    waiting = db.session.scalars(
        db.select(Sitting).join(Sesi).where(Sesi.nama == OPEN, Sitting.phase == "waiting")
    ).first()
    page = f"/staf/dokumen/ujian/{waiting.id}"
    staff = petugas("staf")

    reply = staff.post(
        "/staf/dokumen/terbitkan", token_from=page, jenis="hasil", sitting_id=waiting.id
    )

    assert reply.location == page
    assert "belum selesai atau dibatalkan" in staff.get(page).text
    assert db.session.scalar(db.select(db.func.count(Dokumen.id))) == 0


def test_withdrawing_takes_two_people_and_shows_in_public(app, petugas, issued, clock):
    staff, dokumen, pdf = issued
    page = f"/staf/dokumen/{dokumen.id}"
    staff.post(f"{page}/tarik", token_from=page, alasan="pendek")
    assert "sekurang-kurangnya 10 huruf" in staff.get(page).text
    staff.post(f"{page}/tarik", token_from=page, alasan="Nama peserta keliru ditulis.")
    staff.post(f"{page}/tarik/putusan", token_from=page, putusan="setuju")
    assert "Persetujuan harus diberikan akun lain." in staff.get(page).text
    assert "Berlaku" in public(app).get(check_page(dokumen)).text

    clock.tick(60)
    second = petugas("staf2")
    second.post(f"{page}/tarik/putusan", token_from=page, putusan="setuju")

    seen = public(app).get(check_page(dokumen)).text
    assert "Dokumen ini ditarik pada" in seen
    assert "keliru ditulis" not in seen  # the reason may speak of people
    assert "Dokumen ini ditarik pada" in uploads(public(app), pdf).text
    acts = db.session.scalars(
        db.select(AuditRow.act).where(AuditRow.subject == dokumen.nomor).order_by(AuditRow.id)
    ).all()
    assert acts == ["terbitkan dokumen", "usul tarik dokumen", "setujui tarik dokumen"]


def test_a_replaced_document_names_its_successor(app, issued, sitting, clock):
    staff, dokumen, _ = issued
    clock.tick(86_400)
    page = f"/staf/dokumen/{dokumen.id}"

    fields = {"ulang-alasan": "Lembar pertama rusak ketika dicetak."}
    replies = [staff.post(f"{page}/ulang", token_from=page, **fields) for _ in range(2)]

    old, new = db.session.scalars(db.select(Dokumen).order_by(Dokumen.id)).all()
    assert [reply.location for reply in replies] == [f"/staf/dokumen/{new.id}"] * 2
    assert (new.replaces_id, new.alasan) == (old.id, fields["ulang-alasan"])
    assert (
        f'oleh dokumen nomor <strong class="code">{new.nomor}'
        in public(app).get(check_page(old)).text
    )
    text = " ".join(" ".join(texts(db.session.get(DokumenPdf, new.id).pdf)).split())
    assert f"menggantikan dokumen nomor {old.nomor}" in text


def test_an_open_sesi_has_no_berita_acara(app, petugas):
    sesi = db.session.scalars(db.select(Sesi).where(Sesi.nama == OPEN)).one()

    staff = petugas("staf")
    page = f"/staf/dokumen/sesi/{sesi.id}"
    reply = staff.post(
        "/staf/dokumen/terbitkan", token_from=page, jenis="berita_acara", sesi_id=sesi.id
    )

    assert reply.location == page
    assert "belum ditutup" in staff.get(page).text


def test_a_batch_issues_what_is_missing_and_packs_all_of_it(app, petugas, issued, tmp_path, clock):
    import csv
    import zipfile
    from pathlib import Path

    from web.db import own_session
    from web.operations import jobs

    staff, first, _ = issued
    nomor = db.session.scalars(
        db.select(Peserta.nomor)
        .join(Sitting)
        .join(Sesi)
        .where(Sesi.nama == FINISHED, Sitting.phase == "finished")
        .order_by(Sitting.seat)
        .limit(5)
    ).all()
    with transaction() as session:
        session.scalars(
            db.select(Person).join(Peserta).where(Peserta.nomor == nomor[4])
        ).one().nama = "\u738b Contoh"
    reply = staff.post(
        "/staf/dokumen/banyak", token_from="/staf/dokumen/banyak", nomor="\n".join(nomor)
    )
    assert reply.location == "/staf/pekerjaan/"
    engine = db.engine
    workshop = job_worker.Workshop(
        "uji",
        Path(tmp_path),
        lambda *, writes=False: own_session(engine, writes=writes),
        KEYS,
        clock.now,
    )

    db.session.remove()
    assert job_worker.work_once(workshop)

    job = db.session.scalars(db.select(Job)).one()
    folder = jobs.folder_of(Path(tmp_path), job.id)
    assert (job.status, job.message) == ("selesai", "")
    assert job.result == {"berkas": ["dokumen.zip", "indeks.csv"], "dokumen": 4, "tidak_terbit": 1}
    rows = list(csv.DictReader((folder / "indeks.csv").read_text(encoding="utf-8").splitlines()))
    assert sorted(row["nomor_peserta"] for row in rows) == sorted(nomor)
    assert first.nomor in {row["nomor"] for row in rows}  # not issued again
    with zipfile.ZipFile(folder / "dokumen.zip") as archive:
        for row in (row for row in rows if row["nomor"]):
            pdf = archive.read(row["berkas"])
            assert hashlib.sha256(pdf).hexdigest() == row["sha256"]
            found = checking.check_file(db.session(), pdf, TRUSTED)
            assert found.checked.record.nomor == row["nomor"]
    (left_out,) = (row for row in rows if not row["nomor"])
    assert left_out["nomor_peserta"] == nomor[4]
    assert "\u738b" in left_out["keterangan"]  # no letter of ours: said, not hidden
    assert db.session.scalar(db.select(db.func.count(Dokumen.id))) == 4


def test_an_empty_or_endless_list_of_numbers_is_refused(app, petugas):
    staff = petugas("staf")
    long = " ".join(str(n) for n in range(batches.MOST_NUMBERS + 1))

    for nomor in ("", long):
        reply = staff.post("/staf/dokumen/banyak", token_from="/staf/dokumen/banyak", nomor=nomor)
        assert reply.status_code == 422


def test_numbers_are_never_given_out_twice(app, clock):
    desk = Desk("staf", clock.at, ADDRESS, KEYS, transaction)
    with transaction() as session:
        first = issuing.reserve(session, desk, Jenis.HASIL, 3)
        second = issuing.reserve(session, desk, Jenis.HASIL, 2)
        other = issuing.reserve(session, desk, Jenis.REKAP, 1)

    numbers = [each.nomor for each in (*first, *second)]
    assert numbers == [f"HSL-2026-{n:06}" for n in range(1, 6)]
    assert other[0].nomor == "RKP-2026-000001"
    assert len({each.kode for each in (*first, *second)}) == 5


def test_two_different_documents_of_one_thing_cannot_hold_at_once(app, issued, sitting, clock):
    from dataclasses import replace

    from cat.errors import AlreadyDecided
    from web.dokumen.typeset import produce

    subject = Subject(Jenis.HASIL, sitting_id=sitting.id)
    sheet = issuing.compose(db.session(), subject, KEYS)
    changed = replace(sheet, data={**sheet.data, "cara": "lain"})
    desk = Desk("staf2", clock.at, ADDRESS, KEYS, transaction)
    with transaction() as session:
        (stamp,) = issuing.reserve(session, desk, Jenis.HASIL, 1)
    pdf, signed = produce(changed, stamp, KEYS.signing)

    with pytest.raises(AlreadyDecided, match="masih berlaku"), transaction() as session:
        issuing.store(session, Issued(subject, stamp, pdf, signed, "staf2"))


def test_the_list_finds_a_document_by_number_participant_and_standing(app, issued, sitting):
    staff, dokumen, _ = issued

    def listed(query: str) -> bool:
        return f'/staf/dokumen/{dokumen.id}"' in staff.get(f"/staf/dokumen/?{query}").text

    assert listed("")
    assert listed(f"cari={dokumen.nomor.lower()}")
    assert listed(f"cari={sitting.peserta.nomor}&jenis=hasil&status=berlaku")
    assert not listed("jenis=rekap")
    assert not listed("status=ditarik")
    assert not listed("status=diganti")
    assert not listed("status=usul")
    assert not listed(f"sebelum={dokumen.id}")


def test_a_download_is_the_issued_file_and_leaves_a_trace(issued):
    staff, dokumen, pdf = issued

    reply = staff.get(f"/staf/dokumen/{dokumen.id}/unduh")

    assert reply.data == pdf
    assert dokumen.nomor in reply.headers["Content-Disposition"]
    acts = db.session.scalars(db.select(AuditRow.act).where(AuditRow.subject == dokumen.nomor))
    assert "unduh dokumen" in acts.all()


def test_a_document_of_nothing_cannot_be_asked_for(app, petugas):
    staff = petugas("staf")
    wrong = [
        {"jenis": "lain"},
        {"jenis": ""},
        {"jenis": "hasil"},
        {"jenis": "hasil", "sitting_id": "tidak-ada"},
        {"jenis": "rekap", "instansi_id": "99999"},
        {"jenis": "berita_acara", "sesi_id": "x"},
        {"jenis": "peringkat", "instansi_id": "1"},
    ]

    for fields in wrong:
        reply = staff.post("/staf/dokumen/terbitkan", token_from="/staf/dokumen/", **fields)
        assert reply.status_code in (400, 404), fields
