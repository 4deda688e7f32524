"""Writing an item: kept before it is saved, saved once, joined with the writing of others."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cat.itembank.lifecycle import Status
from cat.itembank.store import add_version, content_of
from web.db import db, transaction
from web.operations.items import blank
from web.operations.penulisan.gabungan import diff, merge
from web.operations.penulisan.isian import (
    LABELS,
    cleaned,
    content_from,
    field_problems,
    fields_of,
)
from web.tables import Item, ItemVersion, Media, Naskah

BHS, TKP = "/bank/butir/TWK-BHS-D001/ubah", "/bank/butir/TKP-PEL-D001/ubah"
# What these try does not depend on the kind of database; the others run on both.
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WORDS = st.text("abc d", max_size=12)
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(list(LABELS)[3:8], WORDS))


@given(FIELDS, FIELDS, FIELDS)
def test_a_merge_loses_nothing_and_asks_only_where_both_wrote(base, theirs, mine):
    merged = merge(base, theirs, mine)
    asked = {conflict.name for conflict in merged.conflicts}

    for name in LABELS:
        old, other, own = (fields.get(name, "") for fields in (base, theirs, mine))
        got = merged.merged.get(name, "")
        assert (name in asked) == (other != old and own != old and other != own)
        assert got == (other if own == old else own)
    assert merge(base, theirs, base).merged == {k: v for k, v in theirs.items() if v}


@given(WORDS, WORDS)
def test_a_diff_holds_both_texts(old, new):
    pieces = diff(old, new)

    assert "".join(p.text for p in pieces if p.kind != "ins") == old
    assert "".join(p.text for p in pieces if p.kind != "del") == new


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("poin_a", "lima", "bilangan bulat"),
        ("detik", "sebentar", "harus bilangan"),
        ("detik", "99999", "harus bilangan"),
        ("soal", "x" * 5001, "paling banyak 5000 huruf"),
        ("tingkat_bahasa", "x" * 21, "paling banyak 20 huruf"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(field, value, rule):
    (problem,) = field_problems({field: value})
    assert rule in problem.rule


def form_of(**changes):
    content = {
        "soal": "Manakah ejaan yang baku?",
        **{f"opsi_{letter}": f"pilihan {letter}" for letter in "abcde"},
        "kunci": "C",
        "rasional": "KBBI memuat bentuk itu.",
        "sumber": "KBBI VI",
        "dasar": 1,
    }
    return content | changes


def stored(code):
    db.session.remove()
    found = db.select(ItemVersion).join(Item).filter(Item.code == code)
    return db.session.scalars(found.order_by(ItemVersion.version)).all()


def copies(owner="penulis"):
    db.session.remove()
    return {c.code: c for c in db.session.scalars(db.select(Naskah).filter_by(owner=owner))}


def saves(browser, path=BHS, **changes):
    return browser.post(path, token_from=path, simpan="1", **form_of(**changes))


def keeps(browser, code="TWK-BHS-D001", **changes):
    path = f"/bank/naskah/{code}"
    return browser.post_json(path, token_from=BHS, **form_of(**changes))


def test_writing_is_kept_restored_previewed_and_saved_once(petugas, clock):
    penulis = petugas("penulis")
    opened = penulis.get(BHS)
    assert "frame-src 'self'" in opened.headers["Content-Security-Policy"]
    assert penulis.get("/bank/naskah/TIU-ANA-D001/tampak").status_code == 404

    reply = keeps(penulis, soal="Nilai $\\frac{1}{2}$ ialah **apa**?", opsi_e="", sumber="")
    assert reply.json["tersimpan"]
    assert "Sumber belum disebut" in reply.json["peringatan"]
    assert len(stored("TWK-BHS-D001")) == 1

    shown = penulis.get("/bank/naskah/TWK-BHS-D001/tampak")
    assert "<mfrac>" in shown.text
    assert "<strong>apa</strong>" in shown.text
    assert "pilihan d" in shown.text
    assert shown.text.count('class="option"') == 4
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    restored = penulis.get(BHS).text
    assert "dipulihkan" in restored
    assert "ialah **apa**?" in restored
    assert "TWK-BHS-D001" in penulis.get("/bank/naskah").text

    token = re.search(r'name="kiriman" value="(\w+)"', restored).group(1)
    for _ in range(2):
        saved = saves(penulis, soal="Sekali saja?", kiriman=token)
        assert saved.status_code == 303
        assert saved.location.endswith("/TWK-BHS-D001")
    versions = stored("TWK-BHS-D001")
    assert [v.version for v in versions] == [1, 2]
    assert versions[1].content["poin"] == [0, 0, 1, 0, 0]
    assert versions[1].written_by == "penulis"
    assert not copies()["TWK-BHS-D001"].fields

    keeps(penulis, soal="Tidak jadi", dasar=2)
    assert "Tidak jadi" in penulis.get("/bank/naskah/TWK-BHS-D001/buang").text
    penulis.post("/bank/naskah/TWK-BHS-D001/buang", token_from=BHS)
    assert "Tidak jadi" not in penulis.get(BHS).text


@ON_SQLITE
def test_a_broken_draft_is_refused_with_its_reason_and_what_was_typed_stays(petugas):
    penulis = petugas("penulis")
    for changes, message in (
        ({"soal": " "}, "soal: wajib diisi"),
        ({"opsi_c": "pilihan a"}, "sama dengan opsi A"),
        ({"kunci": ""}, "tepat satu kunci"),
        ({"rasional": ""}, "rasional: wajib diisi"),
        ({"soal": "![x](gambar:tidak-ada)"}, "gambar"),
        ({"soal": "Nilai $\\frac{$ adalah"}, "tidak dapat dibaca"),
        ({"opsi_b": "", "opsi_c": "", "opsi_d": "", "opsi_e": "", "kunci": "A"}, "2 sampai 10"),
        ({"seteru": "TIDAK-ADA-1"}, "tidak ada butir berkode itu"),
        ({"seteru": "TIU-SRL-003"}, "bagian yang sama"),
        ({"stimulus": "CRT-TABEL-1"}, "stimulus bagian TIU"),
        ({"gambar": f'{{"x":{{"nama":"{"a" * 64}.png","alt":"x"}}}}'}, "tidak ada di bank"),
        ({"dasar": "x"}, "Muat ulang"),
        ({"sumber": "x" * 301}, "paling banyak 300"),
    ):
        reply = saves(penulis, **{"indikator": "Baru saja diketik", **changes})
        assert reply.status_code == 422, message
        assert message in reply.text
        assert "Baru saja diketik" in reply.text
    assert len(stored("TWK-BHS-D001")) == 1

    points = {f"poin_{letter}": 5 for letter in "abcde"}
    assert "masing-masing sekali" in saves(penulis, TKP, kunci="", **points).text
    reasons = {f"alasan_{letter}": f"sebab {letter}" for letter in "abcd"}
    points = {f"poin_{letter}": n for n, letter in enumerate("abcd", start=1)}
    four = saves(penulis, TKP, kunci="", opsi_e="", detik="45,5", **points, **reasons)
    assert four.status_code == 303
    content = content_of(stored("TKP-PEL-D001")[-1])
    assert content.points == (1, 2, 3, 4)
    assert content.parameters.b == (-1.5, -0.5, 0.5)
    assert content.option_rationales[3] == "sebab d"
    assert content.seconds == 45.5
    assert content_from(fields_of(content), content) == content
    assert cleaned(fields_of(content)) == fields_of(content)

    for evil in ("<script>alert(1)</script>", "[klik](javascript:alert(1))", "<svg onload=x>"):
        keeps(penulis, soal=f"Soal {evil} ![x](https://jahat.example/x.png)")
        shown = penulis.get("/bank/naskah/TWK-BHS-D001/tampak").text.split('id="stem"')[1]
        assert "Soal" in shown
        assert not re.search(r"<(script|svg|a|img)\b", shown.split("</fieldset>")[0])

    locked = saves(penulis, "/bank/butir/TWK-BHS-001/ubah")
    assert locked.status_code in (302, 303)
    assert len(stored("TWK-BHS-001")) == 1
    assert petugas("penelaah").get(BHS).status_code == 403


def test_two_writers_of_one_draft_choose_and_lose_nothing(petugas):
    first, second = petugas("penulis"), petugas("penulis2")
    first.get(BHS)
    keeps(first, soal="Tulisan pertama")
    assert "sedang membuka draf ini dan mempunyai tulisan" in second.get(BHS).text
    assert saves(first, soal="Tulisan pertama", sumber="Sumber pertama").status_code == 303

    clash = saves(second, soal="Tulisan kedua", rasional="Rasional kedua.")
    assert clash.status_code == 409
    assert "<ins>" in clash.text
    assert 'name="pilih_soal"' in clash.text
    assert len(stored("TWK-BHS-D001")) == 2
    assert copies("penulis2")["TWK-BHS-D001"].fields["soal"] == "Tulisan kedua"
    assert "keduanya digabung" in second.get(BHS).text

    both = form_of(dasar=2, gabung=1, rasional="Rasional kedua.", sumber="Sumber pertama")
    chosen = {"pilih_soal": "mereka", "mereka_soal": "Tulisan pertama", "saya_soal": "kedua"}
    joined = second.post(BHS, token_from=BHS, simpan="1", **{**both, **chosen, "soal": "x"})
    assert joined.status_code == 303
    last = stored("TWK-BHS-D001")[-1]
    assert (last.version, last.written_by) == (3, "penulis2")
    said = [last.content[name] for name in ("soal", "rasional", "sumber")]
    assert said == ["Tulisan pertama", "Rasional kedua.", "Sumber pertama"]


@ON_SQLITE
def test_new_drafts_have_codes_of_their_own_and_are_stored_when_saved(petugas):
    first, second = petugas("penulis"), petugas("penulis2")

    def begins(browser, domain):
        return browser.post("/bank/baru", token_from="/bank/", domain=domain).location

    starts = [begins(first, d) for d in ("tiu.verbal.analogi", "tiu.verbal.analitis")]
    assert [s.rsplit("/", 1)[1] for s in starts] == ["TIU-ANA-D001", "TIU-NLT-D001"]
    assert begins(first, "tiu.verbal.analogi") == starts[0]
    other = begins(second, "tiu.verbal.analogi")
    assert other.endswith("/TIU-ANA-D002")
    assert begins(first, "tkp.pelayanan_publik").endswith("/TKP-PEL-D002")

    one = saves(first, starts[0], dasar=0, kiriman="a" * 32)
    again = saves(first, starts[0], dasar=0, kiriman="a" * 32)
    assert one.location == again.location
    assert one.location.endswith("/TIU-ANA-D001")
    # Somebody else who had the same address open keeps their item too, under another code.
    late = second.post(starts[0], token_from=other, simpan="1", **form_of(dasar=0, soal="Kedua"))
    assert late.status_code == 303
    code = late.location.rsplit("/", 1)[1]
    assert code != "TIU-ANA-D001"
    assert stored(code)[0].content["soal"] == "Kedua"
    assert [v.content["domain"] for v in stored("TIU-ANA-D001")] == ["tiu.verbal.analogi"]


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (12, 8), "red").save(buffer, "PNG")
    return buffer.getvalue()


def test_pictures_and_shared_texts(petugas, clock):
    penulis = petugas("penulis")
    path = "/bank/naskah/TWK-BHS-D001/gambar"
    penulis.get(BHS)

    def brings(data, **changes):
        fields = form_of(nama_gambar="peta", alt_gambar="Peta pulau", **changes)
        file = (io.BytesIO(data), "peta.png")
        return penulis.post(path, token_from=BHS, berkas_gambar=file, **fields)

    for data, changes, rule in (
        (b"bukan", {}, "hanya PNG"),
        (png(), {"alt_gambar": " "}, "teks alternatif"),
        (png(), {"nama_gambar": "../x"}, "nama gambar"),
    ):
        fields = {"nama_gambar": "peta", "alt_gambar": "Peta", **changes}
        file = (io.BytesIO(data), "peta.png")
        reply = penulis.post(path, token_from=BHS, berkas_gambar=file, **form_of(**fields))
        assert reply.status_code == 422
        assert rule in reply.text
    pictures = db.select(db.func.count()).select_from(Media).filter_by(media_type="image/png")
    assert db.session.scalar(pictures) == 0
    assert brings(png()).status_code == 303
    assert "12 × 8 piksel" in penulis.get(BHS).text
    assert db.session.scalar(pictures) == 1
    listed = copies()["TWK-BHS-D001"].fields["gambar"]
    saved = saves(penulis, soal="Lihat ![](gambar:peta) ini?", gambar=listed)
    assert saved.status_code == 303
    assert 'alt="Peta pulau"' in penulis.get(saved.location).text

    with transaction() as session:
        shared = {"stimulus": "BHS-X", "stimulus_text": "Bacaan lama"}
        for number, status in ((1, Status.DRAF), (2, Status.AKTIF)):
            content = blank(session, "twk.bahasa_negara", f"TWK-BHS-S{number}")
            options = tuple(f"{number}{letter}" for letter in "abcde")
            given = {
                "stem": "Apa?",
                "options": options,
                "points": (1, 0, 0, 0, 0),
                "rationale": "r",
            }
            written = type(content)(**{**vars(content), **given, **shared})
            add_version(session, written, status=status, by="penulis", now=clock.now())
    assert "BHS-X" in penulis.get("/bank/stimulus").text
    page = penulis.get("/bank/stimulus/BHS-X").text
    mark = re.search(r'name="tanda" value="(\d+)"', page).group(1)
    address = {"token_from": BHS, "teks": "Bacaan **baru**"}
    changed = penulis.post("/bank/stimulus/BHS-X", tanda=mark, **address)
    assert changed.status_code == 303
    said = penulis.get(changed.location).text
    assert "Tetap memakai teks lama: TWK-BHS-S2" in said
    assert [v.content["teks_stimulus"] for v in stored("TWK-BHS-S1")][-1] == "Bacaan **baru**"
    assert len(stored("TWK-BHS-S2")) == 1
    assert penulis.post("/bank/stimulus/BHS-X", tanda=mark, **address).status_code == 409

    twin = keeps(penulis, soal="Apa?", **{f"opsi_{x}": f"1{x}" for x in "abcde"})
    assert "Mirip dengan TWK-BHS-S1: 100%" in twin.json["peringatan"]
    chosen = saves(penulis, stimulus="BHS-X", dasar=2)
    assert chosen.status_code == 303
    assert stored("TWK-BHS-D001")[-1].content["teks_stimulus"] == "Bacaan **baru**"
