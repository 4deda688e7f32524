"""Several groups, booklets, weights and links: FIMS, TIMSS, PIRLS, Kolen & Brennan."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench import real_peer, real_sets
from bench.real_dichotomous import NOT_FOUND
from bench.real_direct import rasch_groups
from bench.real_tables import DOUBT_WORDS, Section, beside, summary
from cat.calibration.answers import Answers
from cat.calibration.diagnostics.dif import matched_dif
from cat.calibration.diagnostics.drift import link_without_drift
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.diagnostics.item_fit import s_x2
from cat.calibration.diagnostics.strata import strata
from cat.calibration.em import calibrate
from cat.calibration.estimates import Calibrated
from cat.calibration.linking import METHODS, Method, common_items, items_of_table, link
from cat.calibration.report.numerals import angka
from cat.calibration.spec import FixedItem

DOUBTED = "M1PTI21"


def sections(terbit: dict[str, Any]) -> list[Section]:
    return [
        fims(terbit["fims"]),
        timss(),
        pirls(terbit["pirls"]),
        kolen_brennan(terbit["kolen_brennan"]),
    ]


def fims(t: dict[str, Any]) -> Section:
    section = Section("FIMS: dua negara, tiga cara menautkan")
    table = real_sets.read("fims_aus_jpn")
    home = table.covariates["cov_country"] == "1"
    sums = table.values.sum(axis=1)
    means = [float(sums[home & (table.covariates["cov_sex"] == sex)].mean()) for sex in "12"]
    section.say(f"Sumber: {t['sumber']}.")
    beside(section, ["laki-laki", "perempuan"], means, t["rata_rata"], what="rata-rata skor")
    both = real_sets.fims()
    together = calibrate(both, "2pl")
    summary(section, both, together, "2PL serentak, dua kelompok")
    alone = [calibrate(real_sets.fims(country), "2pl") for country in "12"]
    doubted = [one.get_item(DOUBTED) for one in (together, *alone)]
    section.say(
        f"**{DOUBTED}**: daya beda "
        + ", ".join(
            f"{angka(one.a)} (galat baku {angka(one.a_se)}) {where}"
            for one, where in zip(doubted, ("serentak", "di Australia", "di Jepang"), strict=True)
        )
        + "; keraguan: "
        + ", ".join(sorted({DOUBT_WORDS[d] for one in doubted for d in one.doubts}))
        + "."
    )
    section.say(
        "Rata-rata dan simpangan baku Jepang pada skala Australia (Australia 0 dan 1), dari"
        " kalibrasi serentak, dari butir Australia yang ditahan, dan dari kalibrasi terpisah yang"
        " ditautkan. Butir yang diragukan tidak dipakai menautkan."
    )
    section.table(["cara", "rata-rata", "simpangan baku"], _japan(alone, together))
    _fims_drift(section, alone)
    found = matched_dif(
        both, both.group == both.groups.index("Jepang"), names=("Australia", "Jepang")
    )
    big = [f"{one.item} ({angka(one.delta)}, {one.favours})" for one in found if one.ets == "C"]
    words = "; ".join(big)
    section.say(f"DIF kelas C antarnegara, delta dan siapa yang diuntungkan: {words}.")
    return section


def linked(alone: list[Calibrated], method: Method, symmetric: bool = False) -> tuple[float, float]:
    """Mean and sd of the second calibration's population on the scale of the first."""
    _, old, new = common_items(alone[0], alone[1], exclude=(DOUBTED,))
    made = link(old, new, method, symmetric=symmetric)
    return made.intercept, made.slope


def held(alone: list[Calibrated]) -> tuple[float, float]:
    """The same from the first one's items held in a calibration of the second's answers."""
    names = [one.item for one in alone[0].items if one.item != DOUBTED]
    answers = real_sets.fims("2").only_items(names)
    fixed = [FixedItem(one.item, one.a, one.b) for one in alone[0].items if one.item in names]
    group = calibrate(answers, "2pl", fixed=fixed).groups[0]
    return group.mean, group.sd


def concurrent() -> tuple[float, float]:
    """The same from both together, without the doubted item."""
    both = real_sets.fims()
    part = both.only_items([name for name in both.items if name != DOUBTED])
    group = calibrate(part, "2pl", standard_errors="none").groups[1]
    return group.mean, group.sd


def _japan(alone: list[Calibrated], together: Calibrated) -> list[list[str]]:
    group = together.groups[1]
    rows = [
        ("serentak, 14 butir", (group.mean, group.sd)),
        ("serentak, 13 butir", concurrent()),
        ("butir Australia ditahan, 13 butir", held(alone)),
        *((f"terpisah, {method}, 13 butir", linked(alone, method)) for method in METHODS),
        ("terpisah, stocking-lord simetris, 13 butir", linked(alone, "stocking-lord", True)),
    ]
    return [[name, angka(mean, 3), angka(sd, 3)] for name, (mean, sd) in rows]


def _fims_drift(section: Section, alone: list[Calibrated]) -> None:
    made, moved, dropped = link_without_drift(alone[0].items, alone[1].items)
    section.say(
        f"Pemeriksaan butir bersama: {len(dropped)} butir bergeser dan dikeluarkan"
        f" ({', '.join(dropped) or 'tidak ada'}); tautan sesudahnya A = {angka(made.slope, 3)},"
        f" B = {angka(made.intercept, 3)}."
    )
    section.table(
        ["butir", "geseran", "z tegar", "log rasio a", "luas", "bergeser"],
        [
            [
                one.item,
                angka(one.displacement),
                angka(one.robust_z),
                angka(one.log_ratio),
                angka(one.area),
                "ya" if one.has_drifted else "tidak",
            ]
            for one in moved
        ],
    )


def timss() -> Section:
    section = Section("TIMSS 2007: jarang menurut buku soal, dikotomi dan poin sebagian")
    answers = real_sets.timss()
    models = {
        item: "gpcm" if k > 2 else "2pl"
        for item, k in zip(answers.items, answers.categories, strict=True)
    }
    found = calibrate(answers, models)
    summary(section, answers, found, "2PL, dan GPCM untuk butir 0/1/2")
    fitted = Fitted(answers, found)
    filled = len(answers) / (len(answers.persons) * len(answers.items))
    sets = strata(answers, fitted.is_counted)
    fits = s_x2(fitted)
    judged = [one for one in fits if not one.refused]
    section.say(
        f"Terisi {angka(100 * filled, 1)}% dari tabel. {len(sets)} susunan butir dijawab oleh"
        f" sekurangnya 100 orang; S-X² dapat dihitung untuk {len(judged)} butir, ditolak untuk"
        f" {len(fits) - len(judged)}:"
        f" {'; '.join(f'{one.item} ({one.refused})' for one in fits if one.refused)}. Yang"
        f" menyimpang dengan p < 0,01: {sum(one.p < 0.01 for one in judged)}."
    )
    slopes = np.array([one.a for one in found.items if one.b])
    section.say(
        f"Daya beda dari {angka(slopes.min())} sampai {angka(slopes.max())}, median"
        f" {angka(float(np.median(slopes)))}."
    )
    _timss_peer(section, answers)
    return section


def _timss_peer(section: Section, answers: Answers) -> None:
    two = [name for name, k in zip(answers.items, answers.categories, strict=True) if k == 2]
    part = answers.only_items(two)
    other = real_peer.fitted(part, "2PL")
    if other is None:
        section.say(f"{NOT_FOUND} (PyPI mirt) tidak terpasang.")
        return
    ours = calibrate(part, "2pl")
    a = np.array([one.a for one in ours.items])
    b = np.array([one.b[0] for one in ours.items])
    section.say(
        f"{NOT_FOUND}: PyPI mirt {other.version} atas {len(two)} butir dikotomi saja,"
        f" log-likelihood {angka(ours.log_likelihood, 3)} lawan {angka(other.log_likelihood, 3)};"
        f" selisih terbesar a {angka(float(np.abs(a - other.a).max()), 4)},"
        f" b {angka(float(np.abs(b - other.b).max()), 4)}. Sepuluh butir pertama:"
    )
    section.table(
        ["butir", "a", "a mirt", "b", "b mirt"],
        [
            [
                one.item,
                angka(one.a, 3),
                angka(other.a[i], 3),
                angka(one.b[0], 3),
                angka(other.b[i], 3),
            ]
            for i, one in enumerate(ours.items[:10])
        ],
    )


def pirls(t: dict[str, Any]) -> Section:
    section = Section("PIRLS 2011: empat negara, bobot, jawaban kosong")
    section.say(
        f"Sumber: {t['sumber']}. Pembanding kedua: fungsi kemungkinan yang sama dimaksimumkan"
        " langsung oleh program terpisah (`bench/real_direct.py`)."
    )
    for wrong, word, name in (
        (False, "abai", "Jawaban kosong diabaikan"),
        (True, "salah", "Jawaban kosong dihitung salah"),
    ):
        answers = real_sets.pirls(wrong)
        found = calibrate(answers, "rasch", standard_errors="sandwich")
        summary(section, answers, found, f"{name}; Rasch, rata-rata Austria ditahan di 0")
        _countries(section, answers, found, t[f"rata_{word}"], t[f"simpangan_{word}"])
    section.say(
        "Simpangan baku dan jarak antara Jerman, Prancis dan Belanda sama dengan terbitan; jarak"
        " ketiganya ke Austria berbeda dengan jumlah yang sama. Pemaksimuman langsung membenarkan"
        " hitungan kita; sebab beda titik nol itu tidak dapat dipastikan dari dokumen sumber."
    )
    return section


def _countries(
    section: Section,
    answers: Answers,
    found: Calibrated,
    means: list[float],
    sds: list[float],
) -> None:
    direct_means, direct_sds, likelihood = rasch_groups(answers)
    section.say(f"Log-likelihood pemaksimuman langsung: {angka(likelihood, 3)}.")
    section.table(
        [
            "negara",
            "rata-rata",
            "langsung",
            "terbit",
            "selisih",
            "simpangan",
            "langsung",
            "terbit",
            "selisih",
        ],
        [
            [
                group.name,
                *(
                    angka(x, 3)
                    for x in (group.mean, direct_means[g], means[g], group.mean - means[g])
                ),
                *(angka(x, 3) for x in (group.sd, direct_sds[g], sds[g], group.sd - sds[g])),
            ]
            for g, group in enumerate(found.groups)
        ],
    )


def kolen_brennan(t: dict[str, Any]) -> Section:
    section = Section("Kolen & Brennan: tetapan tautan")
    section.say(
        f"Sumber: {t['sumber']}. Tetapan kurva (Haebara, Stocking-Lord) bergantung pada"
        " bobot kemampuan; angka terbitnya tidak ditemukan."
    )
    rows = []
    for without, label in (((), "12 butir"), (("27",), "tanpa butir 27")):
        old, new = real_sets.kolen_brennan(without)
        for method in METHODS:
            made = link(items_of_table(*old, 1.7), items_of_table(*new, 1.7), method)
            name = method.replace("-", "_") + ("_tanpa_27" if without else "")
            theirs = t.get(name, [float("nan")] * 2)
            rows.append(
                [
                    f"{method}, {label}",
                    *(angka(x, 4) for x in (made.slope, theirs[0], made.intercept, theirs[1])),
                ]
            )
    section.table(["cara", "A", "terbit", "B", "terbit"], rows)
    return section
