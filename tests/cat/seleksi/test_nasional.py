"""From table to table: what comes out, and which cell is blamed when something cannot."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from cat.errors import BadInput, BadTable
from cat.irt.items import logistic_items
from cat.ketentuan.nilai_lama import NilaiLama
from cat.scoring import scale
from cat.scoring.scale import ReferenceForm
from cat.seleksi import kolom
from cat.seleksi.__main__ import main
from cat.seleksi.berkas import Table, read_parquet
from cat.seleksi.kolom import Final
from cat.seleksi.nasional import decide, summary, write_whole
from tests.cat.seleksi.worlds import RULES, create_needs, create_people, tied_world

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "seleksi-nasional.md"


def run(people: list[dict[str, Any]], needs: list[dict[str, Any]], rules: Any = RULES) -> Any:
    tables = Table("peserta", create_people(people)), Table("formasi", create_needs(needs))
    return decide(*tables, rules)


def column(result: pl.DataFrame, name: str) -> list[Any]:
    return result[name].to_list()


def test_a_selection_of_one_post_from_nilai_to_final_code():
    result = run(
        [
            {"tkp": 200},
            {"tkp": 195, "skb_1": Decimal(350)},
            {"tkp": 165},
            {"hadir": False, "twk": None, "tiu": None, "tkp": None},
        ],
        [{}],
    )

    assert column(result, "kode_skd") == ["P/L", "P/L", "TL", "TH"]
    assert column(result, "peringkat_skd") == [1, 2, None, None]
    # 40 % of 405/550 and 60 % of 350/550: 29.4545... + 38.1818...
    assert result["akhir"][1] == Decimal("67.636")
    assert column(result, "peringkat_akhir") == [2, 1, None, None]
    assert column(result, "hasil_akhir")[:2] == [Final.TIDAK_LULUS, Final.LULUS]
    assert column(result, "kode_akhir")[1:] == ["L", "TL", "TH"]
    assert column(result, "formasi_akhir") == [None, "F0000", None, None]


def test_who_is_knocked_out_stays_away_or_withdraws_takes_no_post():
    plan = {"rencana": 2, "kebutuhan": 5}
    full = {"skb_1": Decimal(400), "skb_2": Decimal(500), "skb_3": Decimal(40)}
    result = run(
        [full, full | {"skb_3": Decimal("39.999")}, full | {"skb_3": None},
         full | {"skb_2": None}, full | {"status_akhir": "APS"}, full | {"status_skd": "DIS"}],
        [plan],
    )  # fmt: skip

    assert column(result, "hasil_akhir") == [
        Final.LULUS,
        Final.GUGUR_SKB,
        Final.GUGUR_SKB,
        Final.SKB_TIDAK_LENGKAP,
        Final.DIKELUARKAN,
        Final.TIDAK_IKUT_SKB,
    ]
    assert column(result, "kode_akhir") == ["L", "TMS-1", "TMS-1", "TH", "APS", "DIS"]


def test_who_is_disqualified_before_the_ranking_keeps_nobody_from_the_skb():
    better = {"tkp": 220, "status_skd": "DIS"}
    result = run([better] * 3 + [{}] * 4, [{}])

    assert column(result, "ikut_skb") == [False] * 3 + [True] * 4


def test_who_withdraws_after_the_skd_keeps_the_place_in_its_list():
    result = run([{"tkp": 190 + n, "status_akhir": "APS" if n else None} for n in range(4)], [{}])

    assert column(result, "kode_skd") == ["P", "P/L", "P/L", "P/L"]


def test_an_empty_post_goes_to_the_best_of_another_jenis_with_the_code_of_the_step():
    result = run(
        [{"formasi": "F0001", "skb_1": Decimal(400)}, {"formasi": "F0001"}],
        [{}, {"jenis_kebutuhan": "cumlaude"}],
    )

    assert column(result, "kode_akhir") == ["L", "U-1"]
    assert column(result, "formasi_akhir") == ["F0001", "F0000"]
    assert result["hasil_akhir"][1] == Final.LULUS_PINDAH


def test_equals_at_the_cut_wait_for_a_person_whose_order_then_holds():
    equals = [{"ipk": None}, {"ipk": None}]
    waiting = run(equals, [{}])
    settled = run([{**equals[0], "putusan": 2}, {**equals[1], "putusan": 1}], [{}])

    assert column(waiting, "hasil_akhir") == [Final.MENUNGGU_PUTUSAN] * 2
    assert column(waiting, "kode_akhir") == [None, None]
    assert column(settled, "hasil_akhir") == [Final.TIDAK_LULUS, Final.LULUS]


def reuse(must_reach: bool) -> Any:
    rule = NilaiLama(2023, True, True, must_reach, "C", False, "KepmenPANRB 344/2024", "A")
    return replace(RULES, nilai_lama=rule)


@pytest.mark.parametrize(("must_reach", "kode"), [(True, "TL"), (False, "P/L")])
def test_an_earlier_skd_meets_this_years_minimums_only_where_the_rules_ask(must_reach, kode):
    result = run([{"tkp": 165, "nilai_lama": True}], [{}], reuse(must_reach))

    assert column(result, "kode_skd") == [kode]


def test_before_the_skb_there_is_no_final_column():
    needs = create_needs([{}]).drop("^skb_.*$")
    people = create_people([{}]).drop("^skb_.*$", "ipk", "jenjang", "tanggal_lahir", "putusan")

    result = decide(Table("peserta", people), Table("formasi", needs), RULES)

    assert result.columns == [column.name for column in kolom.RESULT_SKD]


def test_nobody_at_all_is_no_error():
    result = run([], [{}])

    assert result.height == 0
    assert summary(result)["kode_skd"] == {}


FORMS = {
    part: ReferenceForm(logistic_items(a, np.linspace(-2, 2, 20), 0.2), 5, 0)
    for part, a in (("twk", 1.0), ("tiu", 1.3), ("tkp", 0.8))
}


def with_theta(thetas: list[float], answered: int) -> pl.DataFrame:
    people = create_people([{} for _ in thetas]).drop("twk", "tiu", "tkp")
    for part in FORMS:
        people = people.with_columns(
            pl.Series(f"theta_{part}", thetas),
            pl.lit(answered).alias(f"dijawab_{part}"),
            pl.lit(20).alias(f"butir_{part}"),
        )
    return people


def test_theta_becomes_the_nilai_that_the_exam_would_have_published():
    thetas = [-2.5, 0.0, 0.7, 3.0]
    needs = Table("formasi", create_needs([{}]))

    result = decide(Table("peserta", with_theta(thetas, 18)), needs, RULES, FORMS)

    for part, form in FORMS.items():
        assert column(result, part) == [scale.nilai(t, form, 18, 20) for t in thetas]


def test_theta_without_a_reference_form_is_refused():
    with pytest.raises(BadInput, match="theta_twk memerlukan pool"):
        decide(Table("peserta", with_theta([0.0], 20)), Table("formasi", create_needs([{}])), RULES)


BAD_PEOPLE = [
    ({"twk": 151}, "kolom twk, baris 2, isi 151: harus antara 0 dan 150"),
    ({"twk": -5}, "kolom twk, baris 2, isi -5: harus antara 0 dan 150"),
    ({"tkp": None}, "kolom tkp, baris 2, isi kosong: wajib diisi bila hadir"),
    ({"hadir": None}, "kolom hadir, baris 2, isi kosong: tidak boleh kosong"),
    ({"nomor": " "}, "kolom nomor, baris 2, isi ' ': tidak boleh kosong"),
    ({"nomor": "P00000"}, "kolom nomor, baris 2, isi 'P00000': tidak boleh berulang"),
    ({"formasi": "F9"}, "kolom formasi, baris 2, isi 'F9': tidak ada dalam formasi"),
    ({"status_skd": "L"}, "kolom status_skd, baris 2, isi 'L': harus salah satu dari DIS"),
    ({"skb_1": Decimal(551)}, "kolom skb_1, baris 2, isi 551.000: paling besar 550"),
    ({"skb_2": Decimal(1)}, "kolom skb_2, baris 2, isi 1.000: formasi ini tidak mempunyai tes"),
    ({"skb_1": Decimal(-1)}, "kolom skb_1, baris 2, isi -1.000: paling kecil 0"),
    ({"ipk": Decimal(-1)}, "kolom ipk, baris 2, isi -1.000: paling kecil 0"),
    ({"tanggal_lahir": None}, "kolom tanggal_lahir, baris 2, isi kosong: wajib diisi bagi"),
    ({"putusan": 0}, "kolom putusan, baris 2, isi 0: paling kecil 1"),
]


@pytest.mark.parametrize(("change", "message"), BAD_PEOPLE, ids=lambda each: str(each)[:40])
def test_the_first_bad_cell_of_a_person_is_named_with_its_rule(change, message):
    with pytest.raises(BadTable, match=f"^peserta: {re.escape(message)}") as caught:
        run([{}, change], [{}])

    assert caught.value.evidence["row"] == 2
    assert caught.value.evidence["column"] == next(iter(change))


BAD_NEEDS = [
    ({"kode": "F0000"}, "kolom kode, baris 2, isi 'F0000': tidak boleh berulang"),
    ({"kebutuhan": -1}, "kolom kebutuhan, baris 2, isi -1: paling kecil 0"),
    ({"jenis_kebutuhan": "bebas"}, "kolom jenis_kebutuhan, baris 2, isi 'bebas': harus salah"),
    ({"jenis_instansi": "desa"}, "kolom jenis_instansi, baris 2, isi 'desa': harus salah satu"),
    ({"skb_1_bobot": 90}, "kolom skb_1_bobot, baris 2, isi 90: jumlah bobot tes SKB harus 100"),
    ({"skb_1_maks": Decimal(0)}, "kolom skb_1_maks, baris 2, isi 0.000: harus di atas 0"),
    ({"skb_2_bobot": 10}, "kolom skb_2_bobot, baris 2, isi 10: diisi bersama skb_2_maks"),
    ({"skb_1_minimum": Decimal(551)}, "kolom skb_1_minimum, baris 2, isi 551.000: harus antara"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BAD_NEEDS, ids=lambda each: str(each)[:40])
def test_the_first_bad_cell_of_a_formasi_is_named_with_its_rule(change, message):
    needs = create_needs([{}, {}])
    for name, value in change.items():
        kind = needs.schema[name]
        needs = needs.with_columns(
            pl.Series(name, [needs[name][0], value], dtype=kind, strict=False)
        )

    with pytest.raises(BadTable, match=f"^formasi: {re.escape(message)}"):
        decide(Table("peserta", create_people([{}])), Table("formasi", needs), RULES)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"drop": "tiu"}, "kolom tiu: kolom ini wajib ada"),
        ({"drop": "jenjang"}, "kolom jenjang: kolom ini wajib ada"),
        ({"float": "twk"}, "kolom twk, isi 'Float64': harus berisi bilangan bulat"),
        ({"float": "skb_1"}, "kolom skb_1, isi 'Float64': harus berisi desimal"),
        ({"fine": "skb_1"}, "kolom skb_1, isi .*: paling banyak 3 angka desimal"),
    ],
)
def test_a_missing_or_ill_typed_column_is_named(change: dict[str, str], message: str):
    frame, ((how, name),) = create_people([{}]), change.items()
    if how == "drop":
        frame = frame.drop(name)
    else:
        kind = pl.Float64 if how == "float" else pl.Decimal(12, 4)
        frame = frame.with_columns(pl.col(name).cast(kind))

    with pytest.raises(BadTable, match=message):
        decide(Table("peserta", frame), Table("formasi", create_needs([{}])), RULES)


def test_a_number_that_no_table_could_mean_is_named_and_not_dropped():
    frame = create_people([{}, {}]).with_columns(ipk=pl.Series([3, 10**17]))

    with pytest.raises(BadTable, match="kolom ipk, baris 2, isi 100000000000000000: terlalu besar"):
        decide(Table("peserta", frame), Table("formasi", create_needs([{}])), RULES)


def test_the_result_holds_what_its_columns_promise():
    result = Table("hasil", decide(*tied_world(3_000, 60, seed=4), RULES))

    result.check_columns([*kolom.RESULT_SKD, *kolom.RESULT_FINAL])
    assert result.frame.columns == [c.name for c in (*kolom.RESULT_SKD, *kolom.RESULT_FINAL)]


def test_the_order_of_the_rows_changes_nothing():
    people, needs = tied_world(3_000, 60, seed=5)
    shuffled = people.frame.sample(fraction=1, shuffle=True, seed=1)

    first = decide(people, needs, RULES).sort("nomor")
    second = decide(Table("peserta", shuffled), needs, RULES).sort("nomor")

    assert first.equals(second)


def test_no_formasi_gets_more_people_than_posts_and_no_post_is_left_to_a_waiting_better_one():
    people, needs = tied_world(20_000, 400, seed=6)

    result = decide(people, needs, RULES)

    taken = result.drop_nulls("formasi_akhir")["formasi_akhir"].value_counts()
    seats = taken.join(needs.frame, left_on="formasi_akhir", right_on="kode")
    assert (seats["count"] <= seats["kebutuhan"]).all()
    own = result.filter(pl.col("hasil_akhir") == Final.LULUS.value)
    worst = own.group_by("formasi").agg(pl.col("peringkat_akhir").max().alias("worst"))
    lost = result.filter(pl.col("hasil_akhir") == Final.TIDAK_LULUS.value).join(worst, "formasi")
    assert (lost["peringkat_akhir"] > lost["worst"]).all()


def documented(heading: str) -> list[str]:
    """Names in the first column of the table under a heading of the page."""
    section = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([a-z_0-9N]+)`", section, flags=re.MULTILINE)


def test_the_page_names_every_column_there_is():
    skb = [kolom.skb_points(1), *kolom.skb_plan(1)]
    plan = [each.name.replace("_1", "_N") for each in skb]
    theta = [each.name.replace("twk", "BAGIAN") for each in kolom.THETA[:3]]

    assert documented("Berkas peserta") == [
        *(c.name for c in (*kolom.PEOPLE, *kolom.NILAI)),
        *(c.name for c in kolom.PEOPLE_OPTIONAL),
        plan[0],
    ]
    assert documented("Berkas formasi") == [*(c.name for c in kolom.NEEDS), *plan[1:]]
    assert documented("Berkas hasil") == [c.name for c in (*kolom.RESULT_SKD, *kolom.RESULT_FINAL)]
    assert all(name in PAGE.read_text(encoding="utf-8") for name in theta)
    assert all(f"`{each.value}`" in PAGE.read_text(encoding="utf-8") for each in Final)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    people, needs = tied_world(500, 20, seed=8)
    people.frame.write_parquet(tmp_path / "peserta.parquet")
    needs.frame.write_parquet(tmp_path / "formasi.parquet")
    return tmp_path


def command(folder: Path, *options: str) -> Any:
    rules = ROOT / "seeds" / "ketentuan" / f"{RULES.kode.replace('-', '_')}.toml"
    names = [str(folder / f"{name}.parquet") for name in ("peserta", "formasi")]
    out = ["--out", str(folder / "hasil.parquet")]
    return CliRunner().invoke(main, [*names, "--rules", str(rules), *out, *options])


def test_the_command_writes_the_result_the_audit_and_a_summary(files: Path):
    reply = command(files, "--audit", str(files / "audit"))

    assert reply.exit_code == 0, reply.output
    found = pl.read_parquet(files / "hasil.parquet")
    assert found.height == 500
    assert str(found["akhir"].dtype) == "Decimal(precision=6, scale=3)"
    assert "P/L" in reply.output
    assert {each.name for each in (files / "audit").iterdir()} == {
        f"{n}.csv" for n in ("aturan", "ambang_batas", "formasi", "peserta", "hasil_sistem")
    }


def test_a_dry_run_checks_and_writes_nothing(files: Path):
    reply = command(files, "--dry-run")

    assert reply.exit_code == 0
    assert "500 peserta, 20 formasi" in reply.output
    assert not (files / "hasil.parquet").exists()


def test_a_bad_file_is_named_and_leaves_an_earlier_result_as_it_was(files: Path):
    command(files)
    before = (files / "hasil.parquet").read_bytes()
    frame = pl.read_parquet(files / "peserta.parquet").with_columns(twk=pl.lit(500))
    frame.write_parquet(files / "peserta.parquet")

    reply = command(files)

    assert reply.exit_code == 1
    assert "peserta.parquet: kolom twk, baris 1, isi 500" in reply.output
    assert (files / "hasil.parquet").read_bytes() == before


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path):
    (tmp_path / "peserta.parquet").write_text("nomor;formasi\n")

    with pytest.raises(BadTable, match=r"peserta.parquet: bukan berkas Parquet"):
        read_parquet(tmp_path / "peserta.parquet")


def test_decimals_keep_their_digits_through_the_file(tmp_path: Path):
    result = run([{"tanggal_lahir": date(1990, 1, 1)}], [{}])

    write_whole(result, tmp_path / "hasil.parquet")

    assert pl.read_parquet(tmp_path / "hasil.parquet").equals(result)
