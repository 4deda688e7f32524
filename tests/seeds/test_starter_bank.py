"""The starter bank as a whole: enough items, no blind way through, no item that answers another."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from cat.assembly.rows import compile_rows
from cat.errors import BadItem, BlueprintInfeasible
from cat.itembank.constraint_tree import as_constraints
from cat.itembank.constraints import ConstraintTable
from cat.itembank.content import LETTERS, ItemContent
from cat.itembank.pool import PartPool, Pool, PoolItem, attributes_of
from cat.itembank.quality import STRATEGIES, key_counts, similar_pairs, strategy_yield
from cat.ketentuan.bentuk_tes import BentukTes
from cat.ketentuan.ruleset import RuleSet
from seeds.bank import BANK, read_bank, read_file
from seeds.ketentuan_files import read_rule_sets
from seeds.load import BLUEPRINT, read_toml
from web.operations.publishing import build_pool

# Kisi-kisi of 2024 (shared/domain.md 1.3); the number of items in each is ours.
FEWEST = {
    **{"twk": 200, "tiu": 300, "tkp": 200},
    **{"skb_pranata_komputer": 120, "skb_analis_sdm_aparatur": 80, "literasi_digital": 80},
}
SKD = ("twk", "tiu", "tkp")
PREFIX = {
    "skb_pranata_komputer": "SKBPK",
    "skb_analis_sdm_aparatur": "SKBAS",
    "literasi_digital": "LITDIG",
}
DOMAINS = {
    *("twk.nasionalisme", "twk.integritas", "twk.bela_negara"),
    *("twk.pilar_negara", "twk.bahasa_negara"),
    *("tiu.verbal.analogi", "tiu.verbal.silogisme", "tiu.verbal.analitis"),
    *("tiu.numerik.berhitung", "tiu.numerik.deret_angka"),
    *("tiu.numerik.perbandingan_kuantitatif", "tiu.numerik.soal_cerita"),
    *("tiu.figural.analogi_figural", "tiu.figural.ketidaksamaan", "tiu.figural.serial"),
    *("tkp.pelayanan_publik", "tkp.jejaring_kerja", "tkp.sosial_budaya"),
    *("tkp.teknologi_informasi_dan_komunikasi", "tkp.profesionalisme", "tkp.anti_radikalisme"),
    *(
        f"skb_pranata_komputer.{topic}"
        for topic in (
            *("tata_kelola_ti", "infrastruktur_dan_jaringan", "sistem_operasi_dan_komputasi_awan"),
            *("basis_data", "pemrograman_dan_algoritma", "rekayasa_perangkat_lunak"),
            *("keamanan_informasi", "data_dan_analitik"),
        )
    ),
    *(
        f"skb_analis_sdm_aparatur.{topic}"
        for topic in (
            *("perencanaan_dan_pengadaan", "pangkat_jabatan_dan_karier", "manajemen_kinerja"),
            *("pengembangan_kompetensi", "penghargaan_dan_disiplin", "pemberhentian_dan_pensiun"),
            "manajemen_talenta_dan_data",
        )
    ),
    *(f"literasi_digital.{pillar}" for pillar in ("cakap", "keamanan", "etika", "budaya")),
}
PLAN = read_toml(BLUEPRINT)
OTHER_BLUEPRINTS = [
    path for path in sorted(BLUEPRINT.parent.glob("*.toml")) if "bentuk" in read_toml(path)
]
LENGTH_STRATEGIES = ("opsi terpanjang", "opsi terpendek")

of_each_part = pytest.mark.parametrize("part", FEWEST)


@pytest.fixture(scope="module")
def bank() -> list[ItemContent]:
    return read_bank()


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return {each.kode: each for each in read_rule_sets()}[PLAN["ketentuan"]]


@pytest.fixture(scope="module")
def pool(bank: list[ItemContent], rules: RuleSet) -> Pool:
    return published(bank, rules)


def of_part(bank: list[ItemContent], part: str) -> list[ItemContent]:
    return [item for item in bank if item.part == part]


def pairs_of(items: Sequence[ItemContent | PoolItem]) -> list[tuple[str, str]]:
    """Each item with each enemy that it names."""
    return [(item.code, enemy) for item in items for enemy in item.enemies]


def published(bank: list[ItemContent], rules: RuleSet) -> Pool:
    """The bank under the adaptive blueprint of the SKD, as `seeds load` publishes it."""
    return build_pool(PLAN, rules, lambda part: [*map(pool_item, of_part(bank, part))])


def pool_item(item: ItemContent) -> PoolItem:
    return PoolItem.of(item, stem=item.stem, options=item.options)


def worthiest(part: PartPool, worth: Callable[[PoolItem], float]) -> list[PoolItem]:
    """The items of the test, among all that the part allows, whose worth adds up to most."""
    limits = ConstraintTable(as_constraints(part.blueprint).rows + part.constraints.rows)
    rows = compile_rows(limits, attributes_of(part.part, part.items), part.blueprint.length)
    gain = np.zeros(rows.matrix.shape[1])
    gain[: len(part.items)] = [worth(item) for item in part.items]
    found = milp(
        -gain,
        integrality=np.ones_like(gain),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows.matrix, rows.lower, rows.upper),
    )
    return [part.items[i] for i in np.flatnonzero(found.x[: len(part.items)] > 0.5)]


# --- What is there -----------------------------------------------------------------------------


@of_each_part
def test_every_part_has_enough_items_to_choose_from(bank: list[ItemContent], part: str) -> None:
    assert len(of_part(bank, part)) >= FEWEST[part]


def test_the_bank_holds_items_of_every_domain_of_the_kisi_kisi_and_of_no_other(
    bank: list[ItemContent],
) -> None:
    assert {item.domain for item in bank} == DOMAINS


def test_every_item_says_why_its_key_is_right_where_that_comes_from_and_that_it_is_a_guess(
    bank: list[ItemContent],
) -> None:
    for item in bank:
        assert item.rationale, item.code
        assert item.source, item.code
        assert item.parameters.status == "belum dikalibrasi: taksiran ahli", item.code


@pytest.mark.parametrize("path", sorted(BANK.glob("*/*.toml")), ids=lambda path: path.stem)
def test_a_file_is_named_after_its_domain(path: Path) -> None:
    for item in read_file(path):
        part, *_, leaf = item.domain.split(".")
        assert (part, leaf) == (path.parent.name, path.stem)


def test_all_codes_of_a_domain_start_alike_and_unlike_those_of_any_other(
    bank: list[ItemContent],
) -> None:
    prefixes = defaultdict(set)
    for item in bank:
        prefix = PREFIX.get(item.part, item.part.upper())
        assert re.fullmatch(rf"{prefix}-[A-Z]{{3}}-\d{{3}}", item.code)
        prefixes[item.domain].add(item.code[:-4])

    assert {domain for domain, found in prefixes.items() if len(found) > 1} == set()
    assert len(set().union(*prefixes.values())) == len(prefixes)


# --- What cannot be guessed --------------------------------------------------------------------


@of_each_part
@pytest.mark.parametrize("name", STRATEGIES)
def test_no_blind_strategy_earns_more_or_less_than_chance(
    bank: list[ItemContent], part: str, name: str
) -> None:
    items = of_part(bank, part)
    if name in LENGTH_STRATEGIES:
        # References to pictures are all equally long: the first option would always be taken.
        items = [item for item in items if not item.figures]

    # Under chance |z| passes 2.5 once in 80 tests; here are 21, of a bank balanced by hand.
    assert abs(strategy_yield(items, name).z) < 2.5


@of_each_part
def test_no_letter_is_favoured_as_the_key(bank: list[ItemContent], part: str) -> None:
    items = of_part(bank, part)
    counts, expected = key_counts(items), len(items) / len(LETTERS)

    chi_square = sum((counts[letter] - expected) ** 2 / expected for letter in LETTERS)

    # 9.49 is the 95% point of chi-square with 4 degrees of freedom.
    assert chi_square < 9.49


def test_no_two_items_are_near_duplicates(bank: list[ItemContent]) -> None:
    assert list(similar_pairs(bank)) == []


# --- What may not stand in one test ------------------------------------------------------------


@of_each_part
def test_enemies_are_other_items_of_the_same_part(bank: list[ItemContent], part: str) -> None:
    codes = {item.code for item in of_part(bank, part)}

    pairs = pairs_of(of_part(bank, part))

    assert pairs
    assert {enemy for _, enemy in pairs} <= codes
    assert [code for code, enemy in pairs if code == enemy] == []


def test_a_pair_of_enemies_is_declared_once_at_its_lower_code(bank: list[ItemContent]) -> None:
    pairs = pairs_of(bank)

    assert [pair for pair in pairs if pair[0] >= pair[1]] == []
    assert [pair for pair, times in Counter(pairs).items() if times > 1] == []


def test_a_stimulus_serves_two_items_or_more_which_are_not_enemies(
    bank: list[ItemContent],
) -> None:
    declared = {
        stimulus["kode"]
        for path in BANK.glob("*/*.toml")
        for stimulus in tomllib.loads(path.read_text(encoding="utf-8")).get("stimulus", ())
    }
    stimulus_of = {item.code: item.stimulus for item in bank}

    items = Counter(stimulus for stimulus in stimulus_of.values() if stimulus)

    assert set(items) == declared
    assert min(items.values()) >= 2
    shared = [pair for pair in pairs_of(bank) if stimulus_of[pair[0]]]
    assert [pair for pair in shared if len({stimulus_of[code] for code in pair}) == 1] == []


@pytest.mark.parametrize("part", SKD)
def test_the_blueprint_can_be_filled_without_two_enemies_in_one_test(pool: Pool, part: str) -> None:
    pairs = pairs_of(pool.part(part).items)
    feuding = {code for pair in pairs for code in pair}

    # Of all tests the one with most items that have enemies: it would hold pairs if it could.
    chosen = worthiest(pool.part(part), lambda item: item.code in feuding)

    codes = {item.code for item in chosen}
    assert len(chosen) == pool.part(part).blueprint.length
    assert [pair for pair in pairs if codes.issuperset(pair)] == []


def test_too_many_enemies_in_one_domain_leave_no_test_to_publish(
    bank: list[ItemContent], rules: RuleSet
) -> None:
    rivals = {item.code for item in bank if item.domain == "tiu.figural.ketidaksamaan"}
    hostile = [
        replace(item, enemies=tuple(rivals - {item.code})) if item.code in rivals else item
        for item in bank
    ]

    with pytest.raises(BlueprintInfeasible, match="ketidaksamaan"):
        published(hostile, rules)


@pytest.mark.parametrize("path", OTHER_BLUEPRINTS, ids=lambda path: path.stem)
def test_each_test_outside_the_skd_can_be_published_from_its_part(
    bank: list[ItemContent], path: Path
) -> None:
    plan = read_toml(path)
    form = BentukTes.from_mapping(plan["bentuk"])

    pool = build_pool(plan, form, lambda part: [*map(pool_item, of_part(bank, part))])

    (part,) = pool.parts
    assert part.reference_form.maximum == form.bagian[0].nilai_maks
    slowest = sum(item.seconds for item in worthiest(part, lambda item: item.seconds))
    assert slowest < 0.8 * form.menit * 60


# --- How long it takes -------------------------------------------------------------------------


def test_every_item_says_how_many_seconds_an_answer_should_take(bank: list[ItemContent]) -> None:
    assert [item.code for item in bank if not 20 <= item.seconds <= 180] == []


def test_the_slowest_test_that_the_blueprint_allows_leaves_a_fifth_of_the_time(
    pool: Pool, rules: RuleSet
) -> None:
    slowest = [worthiest(part, lambda item: item.seconds) for part in pool.parts]

    seconds = sum(item.seconds for items in slowest for item in items)
    assert seconds < 0.8 * rules.duration_seconds(netra_on_disability_formation=False)


def two_items(folder: Path, default: str, own: str) -> Path:
    item = """
[[butir]]
kode = "TWK-INT-{0}"
soal = "Soal {0}"
opsi = ["satu", "dua", "tiga", "empat", "lima"]
kunci = "A"
rasional = "Sebab."
a = 1.0
b = 0.0
{1}
"""
    head = f'domain = "twk.integritas"\nstatus_parameter = "taksiran"\n{default}\n'
    path = folder / "integritas.toml"
    path.write_text(head + item.format("001", "") + item.format("002", own), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("default", "own", "seconds"),
    [
        ("", "", [0, 0]),  # nobody has said
        ("detik = 50", "", [50, 50]),
        ("", "detik = 70", [0, 70]),
        ("detik = 50", "detik = 70", [50, 70]),
    ],
)
def test_an_item_takes_the_time_of_its_file_unless_it_names_its_own(
    tmp_path: Path, default: str, own: str, seconds: list[float]
) -> None:
    items = read_file(two_items(tmp_path, default, own))

    assert [item.seconds for item in items] == seconds


def test_a_file_with_a_time_below_zero_is_refused_at_its_first_item(tmp_path: Path) -> None:
    path = two_items(tmp_path, "detik = -5", "detik = 70")

    with pytest.raises(BadItem, match=r"integritas.toml, TWK-INT-001: detik: .* -5"):
        read_file(path)
