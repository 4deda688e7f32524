"""What each kind of document says, held against what the database holds."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader

from seeds.demo.load import OPEN
from tests.web.conftest import KEYS
from tests.web.dokumen.conftest import texts
from tests.web.dokumen.people import ADDRESS
from web.db import db, transaction
from web.dokumen.kinds import Jenis
from web.dokumen.typeset import Stamp, print_sheet
from web.operations.dokumen import berita_acara, issuing, words
from web.operations.dokumen.subjects import Subject
from web.operations.hari_ujian import kejadian, panggilan
from web.tables import Pesan, Peserta, Sesi, Sitting


def test_a_result_document_says_what_the_sitting_came_to_and_hides_the_nik(issued, sitting):
    _, dokumen, pdf = issued

    text = " ".join(" ".join(texts(pdf)).split())
    person = sitting.peserta.person
    assert dokumen.nomor == "HSL-2026-000001"
    assert f"Nomor peserta {sitting.peserta.nomor} Nama {person.nama}" in text
    for result in sitting.results:
        assert re.search(rf"\({result.part.upper()}\) {result.nilai} {result.maximum} \d+", text)
    assert f"Total {sum(r.nilai for r in sitting.results)} 550 –" in text
    assert "tes adaptif (uji coba, belum diatur; keyakinan sumber C)" in text
    assert "Umum, KepmenPANRB 321/2024 (keyakinan sumber A)." in text
    assert person.nik not in text
    assert person.nik not in str(dokumen.catatan)
    assert person.nama not in str(dokumen.catatan)


def test_the_code_of_an_announcement_is_printed_because_it_counted_this_exam(issued, sitting):
    text = " ".join(" ".join(texts(issued[2])).split())

    assert "Pengumuman SKD-2024-001, 18 November 2026 Kode hasil P" in text


def test_a_person_without_a_formasi_gets_nilai_without_thresholds(app, sitting):
    internal = db.session.scalars(
        db.select(Sitting).join(Peserta).where(Peserta.formasi_id.is_(None))
    ).first()

    sheet = issuing.compose(db.session(), Subject(Jenis.HASIL, sitting_id=internal.id), KEYS)

    assert sheet.judul == "Hasil Tes Pemetaan Kompetensi"
    assert sheet.data["ambang"] == ""
    assert {row["batas"] for row in sheet.data["nilai"]} == {None}


def test_the_qr_code_and_its_link_lead_to_the_public_page(issued):
    import segno

    from web.dokumen.qr import MASK

    _, dokumen, pdf = issued
    (page,) = PdfReader(BytesIO(pdf)).pages
    address = f"{ADDRESS}/periksa/{dokumen.nomor}?k={dokumen.kode}"

    links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
    picture = page.images[0].image.convert("L")
    modules = segno.make(address, error="m", micro=False, mask=MASK).matrix
    dots = picture.width // len(modules)
    read = [
        [picture.getpixel((x * dots + dots // 2, y * dots + dots // 2)) < 128 for x in range(n)]
        for y, n in enumerate([len(modules)] * len(modules))
    ]
    assert links == [address]
    assert read == [[bool(dark) for dark in row] for row in modules]


def test_a_berita_acara_counts_people_and_tells_of_pauses_and_outages(app, peserta, clock):
    from web.operations import outages
    from web.operations.proctoring import pause, resume

    first, second = peserta(1), peserta(2)
    first.starts()
    second.starts()
    clock.tick(30)
    with transaction() as session:
        outages.beat(session, now=clock.at, keys=KEYS)
    clock.tick(90)
    with transaction() as session:
        outages.beat(session, now=clock.at, keys=KEYS)
    with transaction() as session:
        pause(
            session,
            first.sitting_id,
            by="pengawas",
            reason="komputer mati",
            now=clock.at,
            keys=KEYS,
        )
    clock.tick(75)
    with transaction() as session:
        resume(session, first.sitting_id, by="pengawas", now=clock.at, keys=KEYS)
    with transaction() as session:
        sesi = session.scalars(db.select(Sesi).where(Sesi.nama == OPEN)).one()
        sesi.is_closed = True

    sheet = issuing.compose(db.session(), Subject(Jenis.BERITA_ACARA, sesi_id=sesi.id), KEYS)

    nomor = first.stored().peserta.nomor
    assert sheet.data["kehadiran"] == [
        ["Hadir dan selesai", 0],
        ["Hadir, belum selesai", 2],
        ["Diizinkan, tidak mulai", 4],
        ["Hadir, tidak diizinkan mulai", 0],
        ["Tidak hadir (TH)", 6],
    ]
    assert len(sheet.data["absen"]) == 10
    assert [line[1:] for line in sheet.data["henti"]] == [
        ["2 peserta: kursi 1–2", "gangguan layanan", "sistem", "0.01.30"],
        [f"kursi 1, {nomor}", "komputer mati", "Pengawas Contoh", "0.01.15"],
    ]
    assert "12 rekaman ujian diputar ulang" in sheet.data["pemeriksaan"][0]
    assert "12 cocok, 0 tidak cocok" in sheet.data["pemeriksaan"][0]


def test_a_summary_adds_up_and_follows_the_announcement(app, sitting):
    from web.tables import Hasil, Pengumuman

    head = db.session.scalars(db.select(Pengumuman).where(Pengumuman.tahap == "skd")).first()
    formasi = sitting.peserta.formasi
    subject = Subject(Jenis.REKAP, instansi_id=formasi.instansi_id, pengumuman_id=head.id)

    sheet = issuing.compose(db.session(), subject, KEYS)

    listed = db.session.scalars(
        db.select(Hasil).where(Hasil.pengumuman_id == head.id, Hasil.formasi_id == formasi.id)
    ).all()
    row = sheet.data["formasi"][0]["angka"]
    assert row[:3] == [formasi.kebutuhan, len(listed), sum(h.total is not None for h in listed)]
    assert row[4] == sum(h.kode == "P/L" for h in listed)
    assert row[3] - row[4] == sum(h.kode == "P" for h in listed)
    columns = zip(*(each["angka"] for each in sheet.data["formasi"]), strict=True)
    assert sheet.data["jumlah"] == [sum(column) for column in columns]


def test_a_ranking_prints_every_row_of_the_announcement_in_its_order(app):
    from web.tables import Hasil, Pengumuman

    head = db.session.scalars(db.select(Pengumuman).where(Pengumuman.tahap == "skd")).first()

    sheet = issuing.compose(db.session(), Subject(Jenis.PERINGKAT, pengumuman_id=head.id), KEYS)

    printed = [row[1] for formasi in sheet.data["formasi"] for row in formasi["baris"]]
    listed = db.session.scalars(db.select(Hasil).where(Hasil.pengumuman_id == head.id)).all()
    assert sorted(printed) == sorted(row.peserta.nomor for row in listed)
    for formasi in sheet.data["formasi"]:
        assert [row[0] for row in formasi["baris"]] == [
            str(n) for n in range(1, len(formasi["baris"]) + 1)
        ]
    assert {kode for kode, _ in sheet.data["kode"]} == {row.kode for row in listed}
    assert any(head.digest in line for line in sheet.data["dasar"])


def test_a_letter_that_no_font_has_never_stands_in_the_way_of_a_berita_acara():
    said = words.tercetak({"a": ["pingsan \N{GRINNING FACE}", 3], "b": ("José \u202emundur",)})

    assert said == {"a": ["pingsan (U+1F600)", 3], "b": ("José (U+202E)mundur",)}


def test_messages_and_calls_for_help_are_part_of_a_berita_acara(app, working, clock):
    sitting = working.stored()
    with transaction() as session:
        panggilan.call(session, session.get_one(Sitting, sitting.id), "bantuan", now=clock.now())
        session.add_all(
            Pesan(
                sesi_id=sitting.sesi_id, sitting_id=to, at=clock.now() + 1, oleh="pengawas", isi=s
            )
            for to, s in ((sitting.id, "Tolong tenang."), (None, "Sisa 10 menit."))
        )

    sheet = berita_acara.preview(db.session(), sitting.sesi_id)

    told = [line[1:3] for line in sheet.data["kejadian"]]
    whom = f"kursi {sitting.seat}, {working.nomor}"
    assert [whom, "Peserta memanggil pengawas: belum dijawab"] in told
    assert [whom, "Pesan kepada peserta: Tolong tenang."] in told
    assert ["seluruh sesi", "Pesan kepada peserta: Sisa 10 menit."] in told


def test_a_note_of_any_letters_can_be_issued(app):
    with transaction() as session:
        sesi = session.scalars(db.select(Sesi).filter_by(nama=OPEN)).one()
        sesi.is_closed = True
        text = "Peserta pingsan \N{GRINNING FACE} lalu #panic() $x$ \\ @a <b> \u4e2d\u0007."
        kejadian.note(session, sesi.id, "lain", text, by="pengawas", now=0)
    subject = Subject(Jenis.BERITA_ACARA, sesi_id=sesi.id)
    sheet = issuing.compose(db.session(), subject, KEYS)

    printed = print_sheet(sheet, Stamp("BA-1", "KODE", 0, ADDRESS))

    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(printed.pdf)).pages)
    assert "pingsan (U+1F600) lalu #panic() $x$" in " ".join(text.split())
