"""From a finished sesi to a replacing announcement, as staff and the public see it."""

from __future__ import annotations

import io
import re

import pytest

from tests.web.conftest import Browser
from tests.web.seleksi.steps import REASON, formasi, instansi
from web.db import db
from web.operations.pools import find_rules
from web.operations.ranking import rank_formasi
from web.operations.seleksi import berlaku, rencana
from web.operations.seleksi.lembar import as_xlsx, read_sheet
from web.tables import Formasi, PartResult, Pengumuman, Peserta

YEAR = "/staf/seleksi/2024"


class Office:
    """Two members of staff, each post a second later than the one before."""

    def __init__(self, first: Browser, second: Browser, clock) -> None:
        self.first, self.second, self.clock = first, second, clock

    def does(self, path: str, *, second: bool = False, **fields: object) -> str:
        """Post a form and read the page that follows."""
        self.clock.tick(1)
        browser = self.second if second else self.first
        reply = browser.post(path, token_from=f"{YEAR}/pengumuman", **fields)
        assert reply.status_code in (303, 200, 422), reply.text
        return browser.get(reply.location).text if reply.status_code == 303 else reply.text

    def second_agrees(self) -> str:
        page = self.second.get(f"{YEAR}/usul").text
        number = re.search(rf'action="{YEAR}/usul/(\d+)"', page).group(1)
        assert "Setujui" not in self.first.get(f"{YEAR}/usul").text
        refused = self.does(f"{YEAR}/usul/{number}", putusan="setuju")
        assert "Persetujuan harus diberikan akun lain" in refused
        return self.does(f"{YEAR}/usul/{number}", second=True, putusan="setuju")

    def announces(self, tahap: str, instansi_id: int) -> str:
        """Draw up and approve; returns the code."""
        drawn = self.does(f"{YEAR}/pengumuman", tahap=tahap, instansi=instansi_id)
        assert "Draf disusun" in drawn, drawn
        db.session.rollback()
        kode = db.session.scalar(db.select(Pengumuman.kode).order_by(Pengumuman.id.desc()))
        own = self.does(f"/staf/seleksi/pengumuman/{kode}/setujui")
        assert "Persetujuan harus diberikan akun lain" in own
        assert self.first.client.get(f"/pengumuman/{kode}").status_code == 404
        page = self.does(f"/staf/seleksi/pengumuman/{kode}/setujui", second=True)
        assert f"{kode} disetujui, ditandatangani, dan terbit" in page
        return kode


@pytest.fixture
def office(petugas, clock):
    return Office(petugas("staf"), petugas("staf2"), clock)


def test_from_a_finished_sesi_to_a_replacing_announcement(office, app, clock):
    session = db.session()
    rules = find_rules(session, "cpns-2024")
    agency, chosen = instansi(session, "9902").id, formasi(session, "F99-03")
    rows = rank_formasi(session, chosen, rules)
    out, hurt = rows[0].peserta, rows[1]
    going = {row.peserta_id for row in berlaku.going_on(session, [chosen])}
    right = hurt.nilai["tiu"]
    session.get_one(PartResult, (hurt.sitting.id, "tiu")).nilai = right - 5
    session.commit()

    # A person is disqualified: proposed by one, agreed to by another.
    page = office.does(f"{YEAR}/status", nomor=out.nomor, kode="DIS", tahap="skd", alasan=REASON)
    assert "menunggu orang kedua" in page
    assert "Disetujui dan berlaku" in office.second_agrees()

    # The SKD is announced again for this agency; the public sees numbers, no names.
    kode = office.announces("skd", agency)
    public = app.test_client().get(f"/pengumuman/{kode}?formasi=F99-03").text
    assert out.nomor in public
    assert "DIS" in public
    for secret in (out.person.nama, out.person.nik, "Putra/putri Papua", "Penyandang"):
        assert secret not in public
    found = app.test_client().get(f"/pengumuman/{kode}?nomor={hurt.peserta.nomor}").text
    assert found.count("24990220") == 2  # in the search field and in its row
    assert "berlaku" in app.test_client().get("/pengumuman/").text

    # Somebody new goes on, without a nilai: the final list must wait for the SKB.
    session.expire_all()
    now_going = berlaku.going_on(session, [session.get_one(Formasi, chosen.id)])
    (new,) = [row.peserta for row in now_going if row.peserta_id not in going]
    assert "nilai SKB belum lengkap" in office.first.get(f"{YEAR}/instansi/{agency}").text
    refused = office.does(f"{YEAR}/pengumuman", tahap="akhir", instansi=agency)
    assert f"nilai SKB belum lengkap untuk {new.nomor}" in refused
    plan = rencana.find_plan(session, 2024, agency, chosen.jabatan_id)
    entry = f"{YEAR}/skb/{plan.id}"
    template = office.first.get(f"{entry}/templat.xlsx").data
    columns = ("nomor_peserta", "nama", "formasi", "cat")
    lines = [list(row.cells.values()) for row in read_sheet(template, columns)]
    assert [line[3] for line in lines if line[0] == new.nomor] == [""]

    def sent(value: str, button: str) -> str:
        filled = [[*line[:3], value if line[0] == new.nomor else line[3]] for line in lines]
        file = (io.BytesIO(as_xlsx(columns, filled)), "nilai.xlsx")
        return office.does(entry, berkas=file, **{button: "1"})

    assert "melanggar aturan" in sent("551", "simpan")
    assert "harus 0 sampai 550" in sent("551", "periksa")
    assert "1 isian baru" in sent("400,5", "periksa")
    assert "1 isian disimpan" in sent("400,5", "simpan")

    # Integration in figures, then the final list.
    page = office.first.get(f"{YEAR}/formasi/{chosen.id}").text
    assert "400,5" in page
    assert "72,818 × 100% = 72,818" in page  # 400.5 of 550
    final = office.announces("akhir", agency)

    # An objection: printed against record; the answer never lets anybody type a nilai.
    day = {"mulai": "2026-11-18", "sampai": "2026-11-20", "jawab_sampai": "2026-11-24"}
    assert "ditetapkan" in office.does(f"{YEAR}/sanggah/masa", tahap="akhir", **day)
    page = office.does(
        f"{YEAR}/sanggah", nomor=hurt.peserta.nomor, tahap="akhir", isi="TIU saya berbeda."
    )
    assert "✕ Berbeda" in page
    tiket = re.search(r"/staf/seleksi/sanggah/(\w{12})/jawab", page).group(1)
    assert "Sedang diperiksa" in app.test_client().get(f"/pengumuman/sanggah?tiket={tiket}").text
    office.does(
        f"/staf/seleksi/sanggah/{tiket}/jawab",
        putusan="diterima",
        jawaban="TIU dibetulkan sesuai rekaman ujian.",
        alasan=REASON,
    )
    office.second_agrees()
    answered = app.test_client().get(f"/pengumuman/sanggah?tiket={tiket}").text
    assert "TIU dibetulkan sesuai rekaman ujian" in answered
    assert "Susun pengumuman pengganti" in office.first.get(f"{YEAR}/pengumuman").text

    # The replacing announcements print what the record says; the old ones stay to be read.
    replaced_skd = office.announces("skd", agency)
    replacing = office.announces("akhir", agency)
    assert "Susun pengumuman pengganti" not in office.first.get(f"{YEAR}/pengumuman").text
    assert "digantikan oleh" in app.test_client().get(f"/pengumuman/{final}").text
    page = app.test_client().get(f"/pengumuman/{replacing}?nomor={hurt.peserta.nomor}").text
    assert f'<td class="number">{right}</td>' in page

    # verify: what was printed from damaged results no longer follows from the records, cell named.
    runner = app.test_cli_runner()
    assert runner.invoke(args=["pengumuman", "verify", replacing]).exit_code == 0
    told = runner.invoke(args=["pengumuman", "verify", "--all"])
    assert told.exit_code == 1
    lines = [line for line in told.output.splitlines() if hurt.peserta.nomor in line]
    assert (
        f"{kode} {hurt.peserta.nomor}: tiu tercetak {right - 5}, menurut catatan {right}" in lines
    )
    assert all(line.startswith((kode, final, "SKD-2024-001")) for line in lines)
    assert replaced_skd not in told.output
    checked = office.does(f"/staf/seleksi/pengumuman/{kode}/periksa")
    assert f"Tidak cocok. {hurt.peserta.nomor}: tiu tercetak" in checked


def test_every_page_of_a_selection_opens_for_staff(office, app):
    session = db.session()
    chosen = formasi(session, "F99-02")
    knocked = session.scalar(db.select(Peserta.id).where(Peserta.formasi_id == chosen.id))
    paths = [
        "/staf/seleksi/",
        f"{YEAR}/",
        f"{YEAR}/instansi/{chosen.instansi_id}",
        f"{YEAR}/formasi/{chosen.id}",
        f"{YEAR}/optimalisasi/{chosen.instansi_id}",
        f"{YEAR}/usul",
        f"{YEAR}/status",
        f"{YEAR}/nilai-lama",
        f"{YEAR}/skb",
        f"{YEAR}/skb/1",
        f"{YEAR}/skb/rencana/{chosen.instansi_id}/{chosen.jabatan_id}",
        f"{YEAR}/pengumuman",
        f"{YEAR}/sanggah",
        "/staf/seleksi/pengumuman/SKD-2024-001",
        "/staf/seleksi/sanggah/CNTHSANGGAH2",
        f"/staf/seleksi/peserta/{knocked}",
    ]
    for path in paths:
        reply = office.first.get(path)
        assert reply.status_code == 200, path
        assert "style=" not in reply.text, path
        assert len(re.findall(r"<h1", reply.text)) == 1, path
        ids = re.findall(r'\bid="([^"]+)"', reply.text)
        assert len(ids) == len(set(ids)), (path, sorted(i for i in ids if ids.count(i) > 1))
        for target in re.findall(r'<label for="([^"]+)"', reply.text):
            assert target in ids, (path, target)
    for path in (f"{YEAR}/formasi/999", "/staf/seleksi/1999/", f"{YEAR}/skb/999"):
        assert office.first.get(path).status_code == 404, path


def test_one_person_reads_every_step_with_its_source(office, app):
    session = db.session()
    chosen = formasi(session, "F99-06")
    row = next(
        row
        for row in berlaku.going_on(session, [chosen])
        if "TMS-1" in office.first.get(f"/staf/seleksi/peserta/{row.peserta_id}").text
    )

    page = office.first.get(f"/staf/seleksi/peserta/{row.peserta_id}").text

    for words in (
        "dihitung: ujian terakhir yang selesai",
        f"Nilai SKD: TWK {row.twk} + TIU {row.tiu} + TKP {row.tkp} = {row.total}",
        "Kesegaran jasmani bersifat menggugurkan: 42 &lt; 50",
        "PermenPANRB 6/2024",
        "SKD-2024-001",
    ):
        assert words in page


def test_an_unlawful_plan_is_refused_with_each_limit_and_keeps_what_was_typed(office, app):
    session = db.session()
    chosen = formasi(session, "F99-03")
    # A jabatan that the agency has no plan for yet.
    with_plan = Formasi(
        kode="F99-90",
        tahun=2024,
        instansi_id=chosen.instansi_id,
        jabatan_id=formasi(session, "F99-06").jabatan_id,
        kualifikasi="SMA",
        lokasi="Kantor Contoh",
        jenis_kebutuhan="umum",
        kebutuhan=1,
    )
    session.add(with_plan)
    session.commit()
    path = f"{YEAR}/skb/rencana/{with_plan.instansi_id}/{with_plan.jabatan_id}"
    unused = {f"bagian-{line}-jenis": "" for line in range(2, 5)}
    fields = {
        **unused,
        "dasar": "Surat 3",
        "bagian-0-jenis": "cat",
        "bagian-0-maks": "500",
        "bagian-0-bobot": "50",
        "bagian-1-jenis": "wawancara",
        "bagian-1-maks": "82,5",
        "bagian-1-bobot": "50",
    }

    page = office.does(path, **fields)

    for words in (
        "bobot CAT: paling sedikit 60%",
        "tes tambahan: bersama-sama paling banyak 40%",
        "wawancara: tidak diperbolehkan",
        'value="82,5"',
    ):
        assert words in page
    fields |= {"bagian-0-bobot": "100", "bagian-1-jenis": ""}
    assert "disimpan" in office.does(path, **fields)


def test_an_earlier_skd_is_imported_and_chosen_on_its_page(office, app):
    session = db.session()
    person = berlaku.going_on(session, [formasi(session, "F99-03")])[0].peserta
    text = (
        "nomor_peserta,nik,tahun,twk,tiu,tkp,jenjang\n"
        f"{person.nomor},{person.person.nik},2023,100,120,190,s1\n"
    )

    def sent(content: str, **fields: object) -> str:
        file = (io.BytesIO(content.encode()), "lama.csv")
        return office.does(f"{YEAR}/nilai-lama", berkas=file, **fields)

    assert "tidak sama dengan NIK" in sent(text.replace(person.person.nik, "1" * 16))
    assert "1 isian baru" in sent(text)
    assert "1 isian disimpan" in sent(text, simpan="1")
    refused = office.does(f"{YEAR}/nilai-lama/pilihan", nomor=person.nomor, pilihan="pakai")
    assert "pilih satu kali: nilai lama atau ikut ujian lagi" in refused
    chosen = office.does(f"{YEAR}/nilai-lama/pilihan", nomor=person.nomor, pilihan="ujian")
    assert "dicatat dan tidak dapat diubah" in chosen
