"""The item writer: browse, preview, draft."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from web.db import db
from web.tables import Item, ItemVersion

DRAFT = "/bank/butir/TWK-BHS-D001"


@pytest.fixture
def penulis(petugas):
    return petugas("penulis")


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


def versions(code):
    db.session.remove()
    found = db.select(ItemVersion).join(Item).filter(Item.code == code)
    return db.session.scalars(found.order_by(ItemVersion.version)).all()


def test_the_bank_can_be_filtered(penulis):
    assert "butir cocok" in penulis.get("/bank/").text
    assert "11 butir cocok" in penulis.get("/bank/?domain=tiu.figural.serial").text
    assert "2 butir cocok" in penulis.get("/bank/?status=draf").text
    assert "Tidak ada butir" in penulis.get("/bank/?cari=xyzzy-tidak-ada").text
    assert "1 butir cocok" in penulis.get("/bank/?cari=TKP-TIK-003").text


@pytest.mark.parametrize("page", ["0", "-3", "999", "abc"])
def test_a_page_number_out_of_range_shows_the_nearest_page(penulis, page):
    assert "Halaman" in penulis.get(f"/bank/?halaman={page}").text


def test_percent_signs_in_a_search_are_letters_not_wildcards(penulis):
    assert "0 butir cocok" in penulis.get("/bank/?cari=%25%25%25").text


def test_an_item_shows_key_rationale_source_and_status_of_parameters(penulis):
    page = penulis.get("/bank/butir/TIU-SRL-003").text

    assert "✓ kunci" in page
    assert "belum dikalibrasi: taksiran ahli" in page
    assert "<img src=" in page
    assert 'alt=""' not in page


def test_an_item_shows_its_stimulus_its_enemies_and_how_long_it_takes(penulis):
    assert "CRT-TABEL-1" in penulis.get("/bank/butir/TIU-CRT-015").text
    page = penulis.get("/bank/butir/TWK-BEL-005").text
    assert "TWK-BEL-006" in page
    assert "detik" in page


def test_an_active_item_cannot_be_edited(penulis):
    reply = penulis.get("/bank/butir/TWK-BHS-001/ubah")

    assert reply.status_code == 303
    saved = penulis.post(
        "/bank/butir/TWK-BHS-001/ubah", token_from="/bank/", simpan="1", **form_of()
    )
    assert saved.status_code == 303
    assert len(versions("TWK-BHS-001")) == 1


def test_saving_a_draft_makes_a_new_version(penulis):
    reply = penulis.post(f"{DRAFT}/ubah", token_from=f"{DRAFT}/ubah", simpan="1", **form_of())

    assert reply.status_code == 303
    stored = versions("TWK-BHS-D001")
    assert [v.version for v in stored] == [1, 2]
    assert stored[1].content["poin"] == [0, 0, 1, 0, 0]
    assert stored[1].written_by == "penulis"


def test_a_preview_saves_nothing(penulis):
    reply = penulis.post(
        f"{DRAFT}/ubah",
        token_from=f"{DRAFT}/ubah",
        pratinjau="1",
        **form_of(soal="Nilai $\\frac{1}{2}$ adalah **setengah**."),
    )

    assert "<mfrac>" in reply.text
    assert "<strong>setengah</strong>" in reply.text
    assert len(versions("TWK-BHS-D001")) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"soal": " "}, "soal: wajib diisi"),
        ({"opsi_c": "pilihan a"}, "sama dengan opsi A"),
        ({"kunci": ""}, "tepat satu kunci"),
        ({"rasional": ""}, "Rasional wajib diisi"),
        ({"soal": "![x](gambar:tidak-ada)"}, "gambar"),
    ],
)
def test_a_broken_draft_is_refused_with_the_reason_and_keeps_what_was_typed(
    penulis, changes, message
):
    typed = form_of(sumber="Sumber yang baru saja diketik", **changes)
    reply = penulis.post(f"{DRAFT}/ubah", token_from=f"{DRAFT}/ubah", simpan="1", **typed)

    assert reply.status_code == 422
    assert message in reply.text
    assert "Sumber yang baru saja diketik" in reply.text
    assert len(versions("TWK-BHS-D001")) == 1


def test_two_writers_of_one_draft_do_not_overwrite_each_other(penulis):
    path = f"{DRAFT}/ubah"
    penulis.post(path, token_from=path, simpan="1", **form_of())

    reply = penulis.post(path, token_from=path, simpan="1", **form_of(soal="Tulisan kedua"))

    assert reply.status_code == 409
    assert "Tulisan kedua" in reply.text
    assert len(versions("TWK-BHS-D001")) == 2


def test_tkp_points_must_be_one_to_five_once_each(penulis):
    path = "/bank/butir/TKP-PEL-D001/ubah"
    points = {f"poin_{letter}": 5 for letter in "abcde"}
    reply = penulis.post(path, token_from=path, simpan="1", **form_of(kunci="", **points))

    assert reply.status_code == 422
    assert "masing-masing sekali" in reply.text


def test_a_new_draft_starts_in_its_domain_and_is_stored_when_saved(penulis):
    start = penulis.post("/bank/baru", token_from="/bank/", domain="tiu.verbal.analogi")
    assert start.status_code == 303
    path = start.location

    saved = penulis.post(path, token_from=path, simpan="1", **form_of(dasar=0))

    assert saved.status_code == 303
    code = saved.location.rsplit("/", 1)[1]
    assert [v.content["domain"] for v in versions(code)] == ["tiu.verbal.analogi"]


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[klik](javascript:alert(1))",
        "![x](https://jahat.example/x.png)",
        "<svg onload=alert(1)>",
        "<a href='data:text/html,x'>x</a>",
    ],
)
def test_markup_that_could_run_or_call_out_never_reaches_a_page(penulis, evil):
    reply = penulis.post(
        f"{DRAFT}/ubah", token_from=f"{DRAFT}/ubah", pratinjau="1", **form_of(soal=f"Soal {evil}")
    )

    shown = Tags()
    shown.feed(reply.text.split('id="pratinjau"')[-1].split("</section>")[0])
    assert "li" in shown.seen
    assert not {"script", "img", "svg", "a", "iframe"} & shown.seen


class Tags(HTMLParser):
    """The names of all elements in a piece of HTML."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)


def test_drafts_of_sibling_domains_get_codes_of_their_own(penulis):
    codes = [
        penulis.post("/bank/baru", token_from="/bank/", domain=domain).location.rsplit("/", 1)[1]
        for domain in ("tiu.verbal.analogi", "tiu.verbal.analitis", "tiu.figural.analogi_figural")
    ]

    assert codes == ["TIU-ANA-D001", "TIU-NLT-D001", "TIU-AFG-D001"]


def test_the_code_of_a_draft_follows_the_highest_one_there_is(penulis):
    reply = penulis.post("/bank/baru", token_from="/bank/", domain="tkp.pelayanan_publik")

    assert reply.location.endswith("/TKP-PEL-D002")


@pytest.mark.parametrize("slip", ["$\\frac{$", "$x^$", "$a_b_c$", "$\\left($"])
def test_a_formula_with_a_slip_is_named_and_what_was_typed_stays(penulis, slip):
    typed = form_of(soal=f"Nilai {slip} adalah")
    reply = penulis.post(f"{DRAFT}/ubah", token_from=f"{DRAFT}/ubah", simpan="1", **typed)

    assert reply.status_code == 422
    assert "tidak dapat dibaca" in reply.text
    assert "Pilihan A" in reply.text


def test_two_new_drafts_begun_at_once_are_both_kept(penulis):
    start = penulis.post("/bank/baru", token_from="/bank/", domain="tiu.verbal.analogi").location

    first = penulis.post(start, token_from=start, simpan="1", **form_of(dasar=0))
    second = penulis.post(start, token_from="/bank/", simpan="1", **form_of(dasar=0, soal="Kedua"))

    assert [first.location[-4:], second.location[-4:]] == ["D001", "D002"]
    assert versions("TIU-ANA-D002")[0].content["soal"] == "Kedua"


@pytest.mark.parametrize(("field", "value"), [("poin_a", "lima"), ("dasar", "x"), ("poin_b", "9")])
def test_a_field_of_the_wrong_kind_is_refused_in_indonesian(penulis, field, value):
    path = "/bank/butir/TKP-PEL-D001/ubah"
    points = {f"poin_{letter}": n for n, letter in enumerate("abcde", start=1)}
    fields = {**form_of(kunci="", **points), field: value}
    reply = penulis.post(path, token_from=path, simpan="1", **fields)

    assert reply.status_code == 422
    assert any(w in reply.text for w in ("Harus bilangan bulat", "Muat ulang", "Nilai 1 sampai 5"))
