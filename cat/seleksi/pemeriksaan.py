"""Do the tables of a selection keep the rules, cell by cell, before anything is computed?"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.pasal import GIVEN
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi import kolom
from cat.seleksi.berkas import Rule, Table, parts_of, thousandths
from cat.seleksi.optimalisasi import JENIS_INSTANSI

FINAL_NEEDS = ("jenjang", "ipk", "tanggal_lahir")


def check_needs(needs: Table, rules: RuleSet) -> None:
    """Raise BadTable for the first cell of the formasi table that breaks a rule."""
    needs.check_columns(kolom.NEEDS)
    jenis = [row.jenis_kebutuhan for row in rules.ambang_batas]
    needs.check(
        [
            *map(_not_blank, ("kode", "instansi", "jabatan")),
            _not_repeated("kode"),
            Rule("kebutuhan", pl.col("kebutuhan") >= 0, "paling kecil 0"),
            _one_of("jenis_kebutuhan", jenis),
            _one_of("jenis_instansi", JENIS_INSTANSI),
        ]
    )
    numbers = range(1, parts_of(needs) + 1)
    for number in numbers:
        needs.check_columns(kolom.skb_plan(number))
        needs.check(_plan_rules(number))
    if numbers:
        weights = [pl.col(f"skb_{number}_bobot") for number in numbers]
        whole = pl.sum_horizontal(weights) == 100
        unplanned = pl.all_horizontal(each.is_null() for each in weights)
        needs.check([Rule("skb_1_bobot", whole | unplanned, "jumlah bobot tes SKB harus 100")])


def _plan_rules(number: int) -> list[Rule]:
    maks, bobot, minimum = (column.name for column in kolom.skb_plan(number))
    is_planned = pl.col(maks).is_not_null()
    limits = (thousandths(minimum) >= 0) & (thousandths(minimum) <= thousandths(maks))
    return [
        Rule(maks, thousandths(maks) > 0, "harus di atas 0"),
        Rule(bobot, pl.col(bobot) > 0, "harus di atas 0"),
        Rule(bobot, is_planned == pl.col(bobot).is_not_null(), f"diisi bersama {maks}"),
        Rule(minimum, is_planned | pl.col(minimum).is_null(), f"kosong bila {maks} kosong"),
        Rule(minimum, limits, f"harus antara 0 dan {maks}"),
    ]


def check_people(people: Table, parts: int, rules: RuleSet) -> None:
    """Raise BadTable for the first cell of the people table that breaks a rule.

    parts : SKB parts that the formasi table plans; with one or more, the columns that decide
        between equals must be there.
    """
    skb = [kolom.skb_points(number) for number in range(1, parts + 1)]
    given = [c for c in kolom.PEOPLE_OPTIONAL if people.has(c.name)]
    wanted = [c for c in kolom.PEOPLE_OPTIONAL if parts and c.name in FINAL_NEEDS]
    columns = [*kolom.PEOPLE, *_score_columns(people), *given, *skb]
    people.check_columns([*columns, *(c for c in wanted if c not in given)])
    codes = [row.kode for row in rules.kode_hasil if row.peran == GIVEN]
    people.check(
        [
            _not_blank("nomor"),
            _not_repeated("nomor"),
            *(_nilai_rules(rules) if people.has(*PARTS) else _theta_rules()),
            *(_one_of(name, codes) for name in ("status_skd", "status_akhir") if people.has(name)),
            *(Rule(name, thousandths(name) >= 0, "paling kecil 0")
              for name in ("ipk",) if people.has(name)),
            *(Rule(name, pl.col(name) >= 1, "paling kecil 1")
              for name in ("putusan",) if people.has(name)),
            *(Rule(each.name, thousandths(each.name) >= 0, "paling kecil 0") for each in skb),
        ]
    )  # fmt: skip


def _score_columns(people: Table) -> tuple[kolom.Column, ...]:
    """The nilai, or the theta where only they are there."""
    return kolom.THETA if people.has("theta_twk") and not people.has(*PARTS) else kolom.NILAI


def _nilai_rules(rules: RuleSet) -> list[Rule]:
    return [
        rule
        for part in rules.bagian
        for rule in (
            _present_has(part.kode),
            Rule(
                part.kode,
                pl.col(part.kode).is_between(0, part.nilai_maks),
                f"harus antara 0 dan {part.nilai_maks}",
            ),
        )
    ]


def _theta_rules() -> list[Rule]:
    found = []
    for part in PARTS:
        theta, answered, length = f"theta_{part}", f"dijawab_{part}", f"butir_{part}"
        found += [_present_has(name) for name in (theta, answered, length)]
        found += [
            Rule(theta, pl.col(theta).is_finite(), "harus bilangan berhingga"),
            Rule(length, pl.col(length) >= 1, "paling kecil 1"),
            Rule(
                answered, pl.col(answered).is_between(0, pl.col(length)), f"antara 0 dan {length}"
            ),
        ]
    return found


def _present_has(name: str) -> Rule:
    return Rule(name, pl.col(name).is_not_null() | ~pl.col("hadir"), "wajib diisi bila hadir")


def own_formasi(people: Table, needs: Table) -> NDArray[np.int64]:
    """(J,) row number of each person's formasi; raises BadTable for a code that is not there."""
    codes = needs.frame.select(pl.col("kode").cast(pl.String)).with_row_index("formasi")
    asked = people.frame.select(kode=pl.col("formasi").cast(pl.String))
    found = asked.join(codes, on="kode", how="left", maintain_order="left")["formasi"]
    if found.null_count():
        row = found.is_null().arg_max() or 0
        raise people.at("formasi", row, f"tidak ada dalam {needs.source}")
    return found.to_numpy().astype(np.int64)


def _not_blank(name: str) -> Rule:
    return Rule(name, pl.col(name).cast(pl.String).str.strip_chars() != "", "tidak boleh kosong")


def _not_repeated(name: str) -> Rule:
    return Rule(name, pl.col(name).is_first_distinct(), "tidak boleh berulang")


def _one_of(name: str, allowed: tuple[str, ...] | list[str]) -> Rule:
    text = f"harus salah satu dari {', '.join(allowed)}"
    return Rule(name, pl.col(name).cast(pl.String).is_in(list(allowed)), text)
