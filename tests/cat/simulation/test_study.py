"""Study files: what they may say, and how every mistake is refused before any work."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from cat.errors import BadInput, BadRules, BlueprintInfeasible
from cat.itembank.pool_file import save_pool
from cat.simulation.running.exposure_setup import hard_caps, set_up
from cat.simulation.study.study import read_study

EXAMPLES = Path(__file__).resolve().parents[3] / "seeds" / "studi"

PLAIN = """
judul = "Percobaan"
benih = 3
[peserta]
jumlah = 20
[[bagian]]
kode = "uji"
panjang = 5
bangkitkan = { jumlah = 40, model = "2pl", domain = ["x", "y"] }
"""
ITEMS = """kode,domain,model,a,b1,b2,c
B1,x,logistic,1.0,-0.5,,0.2
B2,x,logistic,1.2,0.0,,0.1
B3,y,logistic,0.8,0.7,,0.0
B4,y,graded,1.1,-0.2,0.9,
"""
ON_POOL = """
judul = "Pool"
benih = 3
[peserta]
jumlah = 20
[bank]
pool = "mainan.pool"
"""


@pytest.fixture
def study(tmp_path, pool):
    """Reads a study from text; a pool, items and answers lie beside it."""
    save_pool(pool, tmp_path / "mainan.pool")
    (tmp_path / "butir.csv").write_text(ITEMS)
    (tmp_path / "jawaban.csv").write_text("B1,B2,B3,B4\n1,0,,2\n0,,1,0\n1,1,1,1\n")

    def read(text, name="studi.toml"):
        (tmp_path / name).write_text(text)
        return read_study(tmp_path / name)

    return read


def test_a_generated_bank_has_the_items_length_and_domains_of_its_table(study):
    (part,) = study(PLAIN).parts

    assert (len(part.codes), part.adaptive.longest) == (40, 5)
    assert set(part.domains) == {"x", "y"}
    assert part.form is None


def test_a_pool_brings_its_parts_policies_and_reference_forms(study, pool):
    read = study(ON_POOL)

    assert [part.code for part in read.parts] == ["twk", "tiu", "tkp"]
    assert all(part.form is not None for part in read.parts)
    assert read.bank.digest == pool.digest
    assert read.bank.notes  # its parameters are guesses, and readers must be told


def test_a_study_may_change_the_policy_of_all_parts_or_of_one(study):
    read = study(
        ON_POOL
        + """
        [kebijakan]
        acak_teratas = 2
        khusus.tkp = { acak_teratas = 5 }
        """
    )
    only_one = study(ON_POOL + "[kebijakan]\nkhusus.tkp = { acak_teratas = 5 }\n")

    assert [part.adaptive.policy.top for part in read.parts] == [2, 2, 5]
    assert [part.adaptive.policy.top for part in only_one.parts] == [
        *(part.adaptive.policy.top for part in study(ON_POOL).parts[:2]),
        5,
    ]


def test_items_and_recorded_answers_come_from_files_and_are_matched_by_code(study):
    read = study(
        """
        judul = "Ulang"
        benih = 1
        [jawaban]
        berkas = "jawaban.csv"
        [[bagian]]
        kode = "uji"
        panjang = 2
        butir = "butir.csv"
        """
    )

    assert read.is_post_hoc
    assert read.recorded[0].tolist() == [[1, 0, -1, 2], [0, -1, 1, 0], [1, 1, 1, 1]]
    assert read.theta.shape == (3, 1)
    assert np.argsort(read.theta[:, 0]).tolist() == [1, 0, 2]


def test_readers_are_told_of_items_that_nobody_answered(study, tmp_path):
    (tmp_path / "jawaban.csv").write_text("B1,B2\n1,0\n0,1\n")

    read = study(
        """
        judul = "Ulang"
        benih = 1
        [jawaban]
        berkas = "jawaban.csv"
        [[bagian]]
        kode = "uji"
        panjang = 2
        butir = "butir.csv"
        """
    )

    assert read.notes == ("UJI: 2 butir bank tidak dijawab seorang pun, misalnya B3.",)


def test_cuts_stand_with_their_part(study):
    read = study(
        ON_POOL
        + """
        [[ambang_batas]]
        bagian = "tiu"
        nama = "Umum"
        nilai = 20
        [[ambang_batas]]
        bagian = "tiu"
        theta = 0.5
        """
    )

    assert [len(part.cuts) for part in read.parts] == [0, 2, 0]
    assert [(cut.name, cut.value, cut.scale) for cut in read.parts[1].cuts] == [
        ("Umum", 20.0, "nilai"),
        ("Ambang batas", 0.5, "theta"),
    ]


def test_a_table_of_constraints_within_the_domain_tree_needs_no_solver(study, tmp_path):
    (tmp_path / "kendala.csv").write_text(
        "TYPE,WHAT,CONDITION,LB,UB\nnumber,item,domain under x,3,3\n"
    )

    (part,) = study(PLAIN + 'kendala = "kendala.csv"\n').parts

    assert part.adaptive.rows is None
    tree = part.adaptive.tree
    assert tree.lower[tree.names.index("x")] == tree.upper[tree.names.index("x")] == 3


def test_enemies_are_kept_apart_without_a_solver_and_domains_by_the_tree(study, tmp_path):
    (tmp_path / "kendala.csv").write_text(
        'TYPE,WHAT,CONDITION,LB,UB\nenemy,item,"kode in (UJI-01, UJI-02)",,\n'
    )
    text = PLAIN + 'kendala = "kendala.csv"\nbatas = [{ apa = "x", min = 2, maks = 2 }]\n'

    (part,) = study(text).parts

    assert part.adaptive.rows is not None
    assert not part.needs_solver
    assert part.adaptive.tree.upper[part.adaptive.tree.names.index("x")] == 2


def test_a_study_is_the_same_wherever_it_lies_and_another_when_any_file_of_it_changes(
    study, tmp_path
):
    text = PLAIN.replace("jumlah = 20", 'berkas = "theta.csv"')
    (tmp_path / "theta.csv").write_text("uji\n1\n2\n")
    first = study(text).digest
    moved = shutil.copytree(tmp_path, tmp_path / "lain")

    assert read_study(moved / "studi.toml").digest == first
    assert study("# keterangan\n" + text, "nama_lain.toml").digest == first

    (tmp_path / "theta.csv").write_text("uji\n1\n3\n")
    assert study(text).digest != first
    assert study(text.replace("benih = 3", "benih = 4")).digest != study(text).digest


def test_exposure_control_that_no_pool_brings_is_rehearsed_once_and_kept(study, tmp_path):
    text = PLAIN + '[kebijakan]\npaparan = { cara = "kelayakan", r_maks = 0.3 }\n'
    read = study(text)
    kept = tmp_path / "exposure.npz"

    (rehearsed,) = set_up(read, kept, rounds=2)
    written = kept.stat().st_mtime_ns
    (again,) = set_up(read, kept, rounds=2)
    (other,) = set_up(study(text.replace("benih = 3", "benih = 4")), kept, rounds=2)

    assert rehearsed.admission.probability.min() < 1
    assert (again.admission.probability == rehearsed.admission.probability).all()
    assert (other.admission.probability != rehearsed.admission.probability).any()
    assert kept.stat().st_mtime_ns != written  # another study must not use what was kept


def test_a_hard_cap_is_counted_and_not_rehearsed(study):
    read = study(PLAIN + '[kebijakan]\npaparan = { cara = "batas_keras", r_maks = 0.3 }\n')

    assert hard_caps(read) == (0.3,)
    assert set_up(read)[0].admission is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('judul = "Percobaan"', "", r"studi\.toml judul: wajib diisi"),
        ("benih = 3", "benih = -1", "benih: nilainya harus antara 0"),
        ("benih = 3", "benih = 3\nbenhi = 4", "benhi: isian tidak dikenal; maksudnya benih"),
        ("[peserta]\njumlah = 20", "", r"salah satu dari \[peserta\] atau \[jawaban\]"),
        ("panjang = 5", "panjang = 41", "panjang: nilainya harus antara 1 dan 40"),
        ("panjang = 5", 'panjang = "lima"', "panjang: harus bilangan bulat"),
        ("kode =", "kod =", r"bagian ke-1 kode: wajib diisi"),
        ("bangkitkan =", "bangkit =", "salah satu dari butir atau bangkitkan"),
        ("bangkitkan =", 'butir = "hilang.csv"\n#', "hilang.csv"),
        ("bangkitkan =", 'batas = [{ apa = "x", min = 6 }]\nbangkitkan =', "batas ke-1 min"),
        ("[[bagian]]", "[bagian]", "perlu sedikitnya satu tabel"),
        ("[[bagian]]", '[bank]\npool = "mainan.pool"\n[[bagian]]', r"\[bank\] atau \[\[bagian\]\]"),
        ("[peserta]", "korelasi_antarbagian = 2\n[peserta]", "korelasi_antarbagian: nilainya"),
        ("[peserta]", "[kebijakan]\nacak = 3\n[peserta]", "kebijakan: .*acak"),
        ("[peserta]", "[kebijakan]\npaparan = 5\n[peserta]", "kebijakan: salah bentuk"),
        ("[peserta]", "[kebijakan]\nkriteria = { nama = 'sihir' }\n[peserta]", "sihir"),
        ("[peserta]", "[kebijakan.khusus]\ntkp = {}\n[peserta]", "khusus tkp: bagian tidak ada"),
        (
            "[peserta]",
            '[kebijakan]\npaparan = { cara = "batas_keras", r_maks = 0.1 }\n[peserta]',
            "uji: paparan r_maks 0.1 x 40 butir kurang dari 5 butir",
        ),
        (
            "[peserta]",
            '[[ambang_batas]]\nbagian = "uji"\nnilai = 65\n[peserta]',
            "nilai: bagian ini tidak punya paket acuan",
        ),
        (
            "[peserta]",
            '[[ambang_batas]]\nbagian = "twk"\ntheta = 0\n[peserta]',
            "bagian: harus salah satu dari uji",
        ),
        ("[peserta]", '[[ambang_batas]]\nbagian = "uji"\n[peserta]', "salah satu dari nilai atau"),
        ("benih = 3", "benih = ", "bukan TOML"),
    ],
)
def test_a_mistake_is_refused_with_file_field_and_rule(study, old, new, message):
    with pytest.raises((BadInput, BadRules), match=message):
        study(PLAIN.replace(old, new))


def test_a_blueprint_that_the_bank_cannot_fill_is_refused_before_any_work(study):
    with pytest.raises(BlueprintInfeasible, match="panjang 5"):
        study(PLAIN + 'batas = [{ apa = "x", maks = 2 }, { apa = "y", maks = 2 }]\n')


def test_a_missing_study_file_is_refused_by_name(tmp_path):
    with pytest.raises(BadInput, match=r"hilang\.toml: tidak dapat dibaca"):
        read_study(tmp_path / "hilang.toml")


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_study_can_be_read(example, tmp_path, pool):
    # The files that each example asks its reader to bring along.
    save_pool(pool, tmp_path / "tkd.pool")
    header = "kode,domain,model,a,b1\n"
    rows = "".join(f"B{i},x,logistic,1.0,{i / 10}\n" for i in range(12))
    (tmp_path / "butir.csv").write_text(header + rows)
    (tmp_path / "jawaban.csv").write_text("B1,B2\n1,9\n0,1\n")
    shutil.copy(EXAMPLES / "kendala_tiu.csv", tmp_path)

    assert read_study(Path(shutil.copy(example, tmp_path))).persons > 0


def test_a_study_may_add_limits_to_those_of_a_pool(tmp_path, pool):
    save_pool(pool, tmp_path / "tkd.pool")
    (tmp_path / "kendala.csv").write_text("TYPE,WHAT,CONDITION,LB,UB\nnumber,stimulus,,1,1\n")
    text = (EXAMPLES / "tkd_stimulus.toml").read_text().replace("kendala_tiu.csv", "kendala.csv")
    (tmp_path / "studi.toml").write_text(text)

    tiu = read_study(tmp_path / "studi.toml").parts[1]

    assert tiu.needs_solver
    assert "stimulus" in " ".join(tiu.adaptive.rows.names)


def test_limits_for_a_part_that_the_pool_does_not_have_are_refused(tmp_path, pool):
    save_pool(pool, tmp_path / "tkd.pool")
    text = (
        (EXAMPLES / "tkd_stimulus.toml").read_text().replace("kendala = { tiu", "kendala = { skb")
    )
    (tmp_path / "studi.toml").write_text(text)

    with pytest.raises(BadInput, match=r"skb.*twk, tiu, tkp"):
        read_study(tmp_path / "studi.toml")
