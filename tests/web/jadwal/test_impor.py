"""Participants and photographs from files: all of it, or nothing and why."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from PIL import Image
from sqlalchemy import func

from cat.errors import FileRefused
from tests.web.conftest import KEYS, START
from tests.web.jadwal.conftest import (
    bring_in,
    demo_site,
    picture,
    room,
    rows,
    sesi,
    workbook,
    zipped,
)
from web.db import db, transaction
from web.operations.jadwal import berkas, foto, impor
from web.operations.verification import verify_sitting
from web.tables import Akomodasi, Foto, ImporPeserta, Peserta, Sesi, Sitting


@pytest.fixture
def app(sqlite_app):
    return sqlite_app


@pytest.fixture
def chosen(app) -> Sesi:
    site = demo_site()
    return sesi(site, [room(site, "Aula", 2, 3, 900), room(site, "Kelas", 1, 2, 950)], "SKD uji")


def examine(people, sesi_id=None):
    return impor.examine(db.session(), workbook(people), sesi_id=sesi_id, now=START)


def told(report) -> list[tuple[int, str, str]]:
    return [(each.baris, each.bagian, each.aturan) for each in report.masalah]


def count(table) -> int:
    return db.session.scalar(db.select(func.count()).select_from(table))


def test_people_are_registered_and_seated_in_the_order_of_the_file(chosen):
    report = bring_in(
        chosen, rows(8, akomodasi=lambda n: "kursi_roda; pendamping" if not n else "")
    )

    assert (report.baru, report.ditempatkan, report.jumlah) == (8, 8, 8)
    sittings = db.session.scalars(
        db.select(Sitting).filter_by(sesi_id=chosen.id).order_by(Sitting.seat)
    ).all()
    assert [each.seat for each in sittings] == [*range(900, 906), 950, 951]
    assert [each.peserta.nomor[-1] for each in sittings] == list("01234567")
    assert {each.pin_hash for each in sittings} == {""}
    assert all(each.ruang_id and each.pool_digest == chosen.pool_digest for each in sittings)
    assert {row.kode for row in db.session.scalars(db.select(Akomodasi))} >= {"kursi_roda"}


def test_a_given_seat_is_kept_for_whom_it_is_given(chosen):
    report = examine(rows(6, kursi=lambda n: {4: "900", 5: "951"}.get(n, "")), chosen.id)

    assert [each.kursi for each in report.baris] == [901, 902, 903, 904, 900, 951]


def test_the_same_file_again_changes_nothing(chosen):
    bring_in(chosen, rows(5))

    report = bring_in(chosen, rows(5))

    assert (report.tetap, report.sudah_duduk, report.ditempatkan) == (5, 5, 0)


def test_a_room_that_is_too_small_is_named_with_numbers(chosen):
    bring_in(chosen, rows(3))

    report = examine(rows(7, start=10), chosen.id)

    assert told(report) == [
        (
            7,
            "sesi",
            "SKD uji: 10 peserta untuk 8 kursi, lebih 2 (Aula 6 kursi, 3 terisi; "
            "Kelas 2 kursi, 0 terisi)",
        )
    ]


def test_each_cell_that_breaks_a_rule_is_named_and_nothing_is_written(chosen):
    before = count(Peserta)
    bad = rows(
        9,
        tanggal_lahir=lambda n: "31-02-1990" if n == 0 else rows(1, n)[0][3],
        jenis_kelamin=lambda n: "X" if n == 1 else "L",
        akomodasi=lambda n: "terbang" if n == 2 else "",
        formasi=lambda n: "F99-99" if n == 3 else "F99-01",
        jenis_kebutuhan=lambda n: "cumlaude" if n == 4 else "umum",
        kursi=lambda n: {5: "7", 6: "903", 7: "903"}.get(n, ""),
        nomor_peserta=lambda n: "2499990000000008" if n == 8 else rows(1, n)[0][0],
    )
    bad.append(bad[8])

    report = examine(bad, chosen.id)

    found = {(line, column): rule for line, column, rule in told(report)}
    assert found[2, "tanggal_lahir"] == "harus tanggal hh-bb-tttt"
    assert found[3, "jenis_kelamin"] == "harus L atau P"
    assert "tidak dikenal; yang ada: pembaca_layar" in found[4, "akomodasi"]
    assert "tidak dikenal" in found[5, "formasi"]
    assert found[6, "jenis_kebutuhan"] == "formasi F99-01 untuk umum"
    assert "yang ada 900 sampai 951" in found[7, "kursi"]
    assert found[9, "kursi"] == "sudah diberikan pada baris 8"
    assert "lebih dari sekali" in found[11, "nomor_peserta"]
    with pytest.raises(FileRefused), transaction() as session:
        impor.apply(session, workbook(bad), sesi_id=chosen.id, by="staf", now=START, keys=KEYS)
    assert count(Peserta) == before


def test_a_nik_that_does_not_fit_is_a_warning_only(chosen):
    report = examine(rows(1, nik=lambda n: "9999010101710009"), chosen.id)

    assert not report.masalah
    assert [each.aturan for each in report.peringatan] == [
        "Tanggal lahir pada NIK berbeda dari data."
    ]


def test_the_same_person_does_not_sit_twice_for_one_test(chosen):
    site = demo_site()
    other = sesi(site, [room(site, "Lain", 2, 2, 970)], "SKD lain", minutes=400)
    bring_in(chosen, rows(2))

    report = examine(rows(2), other.id)
    twice = rows(2, start=20, nik=lambda n: "9999010101900777")
    same = examine(twice, other.id)

    assert [rule[:46] for _, _, rule in told(report)] == [
        "orang ini sudah terdaftar untuk ujian yang sam"
    ] * 2
    assert any("orang yang sama sudah ada di baris 2" in rule for *_, rule in told(same))


def test_lines_name_their_own_sesi_and_site(chosen):
    report = examine(
        rows(
            3,
            sesi=lambda n: ("SKD uji", "skd uji", "Sesi 9")[n],
            titik_lokasi=lambda n: ("", demo_site().nama, "")[n],
        )
    )

    assert [each.kursi for each in report.baris] == [900, 901, None]
    assert told(report) == [(4, "sesi", "tidak ada sesi bernama ini")]


def header(*names: str) -> bytes:
    return (",".join(names) + "\n1,2,3\n").encode()


def with_formula() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, berkas.COLUMNS)
        sheet.write_row(1, 0, rows(1)[0])
        sheet.write_formula(1, 2, '=CONCATENATE("A","B")')
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Berkas kosong"),
        (picture(), "bukan XLSX dan bukan CSV"),
        (zipped(a__txt=b"x"), "tidak dapat dibaca"),
        (header("participant number", "name", "birth date"), "Nama kolom berbahasa Indonesia"),
        (header("nomor_peserta", "nik", "nama"), "kolom tanggal_lahir, jenis_kelamin"),
        (header(*berkas.COLUMNS, "gaji"), "kolom gaji tidak dikenal"),
        (header(*berkas.COLUMNS, "nik"), "kolom nik tertulis lebih dari satu kali"),
        ((",".join(berkas.COLUMNS) + "\n").encode(), "tidak berisi baris peserta"),
        (with_formula(), "Sel C2 berisi rumus"),
        (b"x" * (berkas.MOST_BYTES + 1), "terlalu besar"),
    ],
    ids=[
        "kosong",
        "gambar",
        "zip",
        "inggris",
        "kurang",
        "lebih",
        "ganda",
        "judul",
        "rumus",
        "besar",
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(content, said):
    with pytest.raises(FileRefused, match=said):
        berkas.read_people(content)


def test_headers_are_read_as_people_write_them_and_csv_formulas_are_refused():
    text = berkas.template("csv").decode("utf-8-sig")
    text = text.replace("nomor_peserta", "No. Peserta").replace("tanggal_lahir", "Tgl Lahir")

    read, problems = berkas.read_people(text.replace("Nama Contoh Satu", "=1+1").encode())

    assert [each.entry.nama for each in read] == ["Nama Contoh Dua"]
    assert [(each.baris, each.bagian) for each in problems] == [(2, "nama")]


def test_the_template_can_be_filled_in_and_read(chosen):
    report = impor.examine(db.session(), berkas.template("xlsx"), sesi_id=None, now=START)

    assert {(each.baris, each.bagian) for each in report.masalah} == {(3, "kursi")}  # names no sesi


def test_staff_check_a_file_on_the_page_and_apply_exactly_that_one(app, petugas, chosen):
    staf, page = petugas("staf"), "/petugas/jadwal/impor"
    good = (io.BytesIO(workbook(rows(4))), "peserta.xlsx")
    bad = (io.BytesIO(workbook(rows(40))), "peserta.xlsx")

    refused = staf.post(page, token_from=page, sesi=chosen.id, berkas=bad)
    checked = staf.post(page, token_from=page, sesi=chosen.id, berkas=good)
    row = db.session.scalars(db.select(ImporPeserta)).one()
    apply = f"{page}/{row.id}/terapkan"
    applied = staf.post(apply, token_from=page, sesi=chosen.id)
    again = staf.post(apply, token_from=page, sesi=chosen.id)

    assert refused.status_code == 422
    assert "lebih 32" in refused.text
    assert "4 baris tanpa masalah" in checked.text
    assert applied.status_code == 303
    assert again.status_code == 409
    assert "sudah diterapkan" in again.text
    db.session.remove()
    assert db.session.get_one(ImporPeserta, row.id).isi is None
    assert "Peserta Uji 3" in staf.get(f"/petugas/jadwal/sesi/{chosen.id}").text
    assert petugas("staf2").post(apply, token_from=page).status_code == 404


def test_photographs_are_made_anew_without_metadata(chosen):
    bring_in(chosen, rows(2))
    numbers = [row[0] for row in rows(2)]
    exif = Image.Exif()
    exif[0x010F] = "Kamera rahasia"
    body = zipped(
        **{f"{numbers[0]}__jpg": picture("JPEG", (1200, 1600), exif.tobytes())},
        **{f"{numbers[1]}__PNG": picture()},
    )

    with transaction() as session:
        report = foto.store(session, body, by="staf", now=START)

    assert report.baru == numbers
    stored = db.session.scalars(db.select(Foto)).all()
    assert len(stored) == 2
    for row in stored:
        made = Image.open(io.BytesIO(row.isi))
        assert (made.format, max(made.size) <= foto.LARGEST_SIDE) == ("JPEG", True)
        assert b"rahasia" not in row.isi
        assert not made.getexif()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"bukan gambar", "bukan gambar JPEG atau PNG"),
        (picture("GIF"), "bukan gambar JPEG atau PNG"),
        (picture()[:200], "bukan gambar JPEG atau PNG"),
        (picture(size=(50, 60)), "sisi terpendek"),
        (b"x" * (foto.MOST_PHOTO_BYTES + 1), "lebih dari 4 MB"),
    ],
    ids=["teks", "gif", "terpotong", "kecil", "besar"],
)
def test_what_is_no_proper_picture_is_refused(body, said):
    with pytest.raises(FileRefused, match=said):
        foto.clean(body)


def test_one_photograph_that_breaks_a_rule_keeps_the_whole_zip_out(chosen):
    bring_in(chosen, rows(2))
    first = rows(1)[0][0]

    for name, said in (("000__jpg", "tidak ada peserta"), ("wajah saya__png", "nomor peserta")):
        files = zipped(**{f"{first}__png": picture(), name: picture()})
        with pytest.raises(FileRefused, match=said), transaction() as session:
            foto.store(session, files, by="staf", now=START)

    assert count(Foto) == 0


def test_who_is_found_to_be_blind_after_getting_a_seat_gets_the_longer_time(chosen):
    special = {"formasi": lambda n: "F99-05", "jenis_kebutuhan": lambda n: "disabilitas"}
    bring_in(chosen, rows(2, **special))

    bring_in(chosen, rows(2, **special, netra=lambda n: "ya" if n else "tidak"))

    sittings = db.session.scalars(
        db.select(Sitting).filter_by(sesi_id=chosen.id).order_by(Sitting.seat)
    ).all()
    assert [each.seconds // 60 for each in sittings] == [100, 130]
    assert [verify_sitting(db.session(), each, KEYS.record) for each in sittings] == [[], []]


def test_a_day_beyond_all_calendars_is_named_like_any_other_bad_one(chosen):
    report = examine(rows(1, tanggal_lahir=lambda n: "01-01-99999999999999999999"))

    assert told(report) == [(2, "tanggal_lahir", "harus tanggal hh-bb-tttt")]
