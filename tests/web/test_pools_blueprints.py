"""Blueprints: what is refused, with place, value and rule; and the editor that works by forms."""

from __future__ import annotations

import copy
import html
import re
import tomllib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from cat.errors import BadInput, BadRules
from cat.itembank.blueprint import Blueprint
from cat.publication.health import Stock, examine
from cat.selection.policy import Policy
from tests.web.conftest import START, TOKEN
from tests.web.test_pools import PLAN
from web import clock
from web.db import db, transaction
from web.operations.kisi_kisi import pemeriksaan, rencana, versi
from web.operations.kisi_kisi.ambang import FILE, AmbangPool, Tingkat, ambang_pool
from web.operations.kisi_kisi.kata import advice

SEEDS = Path(__file__).parents[2] / "seeds" / "kisi_kisi"
SHIPPED = [path for path in sorted(SEEDS.glob("*.toml")) if path != FILE]
SKD = tomllib.loads((SEEDS / "tkd_adaptif_2024.toml").read_text(encoding="utf-8"))


def changed(path, value, plan=SKD):
    """A copy of a plan with one field set, or left out where the value is None."""
    found = copy.deepcopy(plan)
    place = found
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_blueprint_is_read_and_survives_toml_and_back(path):
    plan = tomllib.loads(path.read_text(encoding="utf-8"))

    assert rencana.read_plan(plan) == plan
    assert rencana.read_toml(rencana.write_toml(plan)) == plan


def test_the_digest_follows_the_order_of_parts_and_of_nothing_else():
    other = dict(reversed(SKD.items()))
    turned = {**SKD, "bagian": dict(reversed(SKD["bagian"].items()))}

    assert rencana.digest(other) == rencana.digest(SKD) != rencana.digest(turned)


TWK = ("bagian", "twk")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("kode",), "TKD Baru", "kisi-kisi: kode: hanya huruf kecil.*'TKD Baru'"),
        (("kode",), "k" * 81, "kisi-kisi: kode: paling banyak 80 huruf"),
        (("ketentuan",), None, "ketentuan: perlu salah satu"),
        (("bentuk",), PLAN["bentuk"], "ketentuan: perlu salah satu"),
        (("acak_opsi",), "ya", "acak_opsi: harus true atau false.*'ya'"),
        (("korelasi",), 1, "korelasi: harus bilangan dari 0 sampai kurang dari 1.*1"),
        (("bagian",), {}, "bagian: perlu sedikitnya satu bagian"),
        (("catatan",), "x", r"isian tidak dikenal.*\['catatan'\]"),
        ((*TWK, "panjang"), 0, "twk: panjang: nilainya harus antara 1 dan 500.*0"),
        ((*TWK, "panjang"), "20", "twk: panjang: harus bilangan bulat.*'20'"),
        ((*TWK, "acuan"), {}, "twk: acuan: perlu sedikitnya satu domain"),
        ((*TWK, "acuan"), {"integritas": 0}, "twk: acuan: integritas: .*antara 1 dan 1000.*0"),
        ((*TWK, "acuan"), {"Bela Negara": 3}, "twk: acuan: jalur domain.*'Bela Negara'"),
        ((*TWK, "uji_coba"), 51, "twk: uji_coba: nilainya harus antara 0 dan 50.*51"),
        ((*TWK, "lain"), 1, r"twk: isian tidak dikenal.*\['lain'\]"),
        ((*TWK, "batas", 1, "maks"), 2, "batas ke-2 .integritas.: maks: .*antara 3 dan 20.*2"),
        ((*TWK, "batas", 1, "min"), -1, "batas ke-2 .integritas.: min: .*-1"),
        ((*TWK, "batas", 1, "apa"), "nasionalisme", "batas: dipakai lebih dari satu kali"),
        ((*TWK, "batas", 0, "maks"), 3, None),
        ((*TWK, "panjang"), 27, "batas: bertentangan.*panjang 27 di luar jangkauan 16 sampai 26"),
        ((*TWK, "kendala"), [{"ID": "x", "TYPE": "lain", "WHAT": "item"}], "kendala x.*'lain'"),
        ((*TWK, "kendala"), "panjang", "twk: kendala: harus daftar tabel"),
        (("kebijakan", "acak_teratas"), 0, "acak_teratas: perlu bilangan bulat >= 1; tertulis 0"),
        (("kebijakan", "paparan", "r_maks"), 1.2, r"r_maks: perlu bilangan dalam \(0, 1\].*1.2"),
        (("kebijakan", "paparan", "cara"), "batas_keras", "batas_keras hanya untuk simulasi"),
        (("kebijakan", "paparan", "tepi"), ["a"], "tepi: harus daftar bilangan"),
        (("kebijakan", "paparan"), "ketat", "paparan: harus berupa tabel"),
        (("kebijakan", "kriteria", "nama"), "random", "kebijakan"),
        (("kebijakan", "berhenti"), {"aturan": [{"jenis": "se"}]}, r"se: perlu \['batas'\]"),
        (("kebijakan", "berhenti"), {"aturan": ["se"]}, "aturan: harus daftar tabel"),
    ],
)
def test_what_breaks_a_rule_is_named_with_place_value_and_rule(path, value, words):
    plan = changed(path, value)
    if words is None:  # the neighbour of a refused one is accepted
        assert rencana.read_plan(plan) == plan
        return
    with pytest.raises(BadRules, match=words):
        rencana.read_plan(plan)
    with pytest.raises(BadRules):  # and from a file, where the line is looked up too
        rencana.read_toml(rencana.write_toml(plan))


def test_a_threshold_wants_small_or_large_figures_by_its_own_order():
    known = ambang_pool().ambang

    assert [known["rmse"].tingkat(x) for x in (0.4, 0.5, 0.6)] == list(Tingkat)
    assert [known["keputusan"].tingkat(x) for x in (0.95, 0.85, 0.5)] == list(Tingkat)
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    rows = [row for row in data["ambang"] if row["kode"] != "rmse"]
    with pytest.raises(BadRules, match="perlu baris rmse"):
        AmbangPool.from_mapping({**data, "ambang": rows})
    with pytest.raises(BadRules, match=r"keras: harus true atau false.*'ya'"):
        AmbangPool.from_mapping({**data, "ambang": [{**data["ambang"][0], "keras": "ya"}]})


def test_advice_names_domain_difficulty_and_number_the_emptiest_domain_first():
    need = ambang_pool().kebutuhan
    stock = Stock((), (), None, np.zeros(0), np.zeros(0, dtype=bool))
    blueprint = Blueprint("tiu", 10, (), {"verbal": 3, "numerik": 7})

    written = advice(examine(blueprint, Policy(), stock, {}, need), need)

    # numerik: 7 items a test; 38.3 % of people in the middle need ceil(2.68) = 3, the outer bands
    # of 6.7 % one each, those between ceil(1.69) = 2: all missing, closed in 6 months at 60 %.
    assert [domain for domain, _ in written] == ["numerik", "verbal"]
    assert "1 butir sangat mudah (b di bawah −1,5)" in written[0][1]
    assert "1 butir sedang (b −0,5 sampai +0,5)" in written[0][1]


@pytest.fixture
def check(app):
    return lambda plan: pemeriksaan.check(db.session(), rencana.read_plan(plan), clock.today())


def test_a_plan_is_held_against_the_law_and_the_bank(check):
    assert check(SKD).is_feasible
    assert check(PLAN).is_feasible

    short = check(changed((*TWK, "acuan", "integritas"), 5))
    assert short.parts[0].problems == ("Paket acuan berisi 29 butir; ketentuan menetapkan 30.",)
    greedy = check(changed((*TWK, "acuan", "integritas"), 900))
    assert any("perlu 900 butir integritas" in each for each in greedy.parts[0].problems)
    assert check(changed(("ketentuan",), "cpns-1999")).problems == (
        "Ketentuan 'cpns-1999' tidak ada atau belum disetujui.",
    )
    assert check(changed(("bagian", "tkp"), None)).problems == (
        "Bagian tkp: ada dalam bentuk tes, tidak di sini.",
    )
    part = ("bagian", "literasi_digital")
    trial = check(changed((*part, "uji_coba"), 2, PLAN)).parts[0].problems
    assert trial == (
        "2 tempat uji coba; butir uji coba yang dapat ikut 0, soal bernilai yang pasti dijawab 6.",
    )
    rows = [
        {"ID": "banyak", "TYPE": "number", "WHAT": "item", "CONDITION": "kunci = A", "LB": 5},
        {"ID": "sedikit", "TYPE": "number", "WHAT": "item", "CONDITION": "kunci = A", "UB": 4},
    ]
    (sentence,) = check(changed((*part, "kendala"), rows, PLAN)).parts[0].problems
    assert re.search("Yang bertentangan: .*banyak.*sedikit", sentence)


FIELD = re.compile(r'<input[^>]* name="([^"]+)"[^>]*>|<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)')


def fields_of(page):
    """What a browser would send of the editor, unchanged."""
    found = {}
    for match in FIELD.finditer(page):
        tag = match[0]
        if match[2]:
            found[match[2]] = html.unescape(match[3]).lstrip("\r\n")
        elif 'type="checkbox"' not in tag or "checked" in tag:
            value = re.search(r'value="([^"]*)"', tag)
            found[match[1]] = html.unescape(value[1]) if value else "y"
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        found[name] = re.search(r'<option selected value="([^"]*)"', options)[1]
    return found


def test_the_editor_gives_back_what_it_shows_checks_and_stores_a_new_version(app, petugas):
    analyst = petugas("analis")
    for kode in ("tkd-adaptif-2024", "skb-pranata-komputer"):
        row = versi.newest(db.session(), kode)
        page = f"/pool/kisi-kisi/{row.digest}/ubah"
        fields = fields_of(analyst.get(page).text)
        same = analyst.client.post(page, data={**fields, "alasan": "sama", "aksi": "simpan"})
        assert same.status_code == 422
        assert f"sudah tersimpan sebagai {kode} versi 1" in same.text

    changed = {**fields, "bagian-0-panjang": "39", "r_maks": "0,4", "aturan": "se batas=0,35"}
    looked = analyst.client.post(page, data={**changed, "aksi": "periksa"})
    assert looked.status_code == 200
    assert "✓ Dapat dipenuhi" in looked.text
    wrong = analyst.client.post(page, data={**changed, "bagian-0-domain-0-min": "9"})
    assert wrong.status_code == 422
    assert "batas ke-1 (tata_kelola_ti): maks: nilainya harus antara 9 dan 39" in wrong.text
    blank = analyst.client.post(page, data={**changed, "aksi": "simpan", "alasan": ""})
    assert "Alasan wajib diisi." in blank.text
    stored = analyst.client.post(page, data={**changed, "aksi": "simpan", "alasan": "dicoba"})
    assert stored.status_code == 303
    newest = versi.newest(db.session(), "skb-pranata-komputer")
    assert (newest.nomor, newest.dari, newest.dibuat_oleh) == (2, row.digest, "analis")
    assert newest.content["bagian"]["skb_pranata_komputer"]["panjang"] == 39
    assert newest.content["kebijakan"]["paparan"]["r_maks"] == 0.4
    assert newest.content["kebijakan"]["berhenti"]["aturan"] == [{"jenis": "se", "batas": 0.35}]

    down = analyst.get(f"/pool/kisi-kisi/{newest.digest}/kisi-kisi.toml")
    assert rencana.read_toml(down.text) == newest.content
    token = TOKEN.search(analyst.get("/pool/kisi-kisi/baru").text)[1]
    text = down.text.replace("panjang = 39", "panjang = 38")
    file = (BytesIO(text.encode()), "kisi.toml")
    sent = analyst.client.post(
        "/pool/kisi-kisi/baru",
        data={"csrf_token": token, "berkas": file, "alasan": "dari berkas", "aksi": "simpan"},
    )
    assert sent.status_code == 303
    broken = {"csrf_token": token, "teks": text.replace("panjang = 38", "panjang = 0")}
    refused = analyst.client.post("/pool/kisi-kisi/baru", data=broken)
    assert refused.status_code == 422
    assert re.search(r"Baris \d+\. kisi-kisi: skb_pranata_komputer: panjang", refused.text)


def test_a_version_is_stored_once_and_needs_a_reason(app):
    with transaction() as session:
        versi.store(session, PLAN, by="analis", reason="baru", now=START)
    with pytest.raises(BadInput, match="sudah tersimpan sebagai uji-literasi versi 1"):
        versi.store(db.session(), PLAN, by="analis2", reason="lagi", now=START)
    other = {**PLAN, "acak_opsi": False}
    with pytest.raises(BadInput, match="Alasan wajib"):
        versi.store(db.session(), other, by="analis", reason="", now=START)
    with pytest.raises(BadInput, match="Alasan paling banyak 500"):
        versi.store(db.session(), other, by="analis", reason="x" * 501, now=START)
