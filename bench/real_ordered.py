"""Items with ordered categories: Science, BFI, VerbAgg."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench import real_peer, real_sets
from bench.real_dichotomous import NOT_FOUND, dimensions
from bench.real_tables import Section, beside, lower_triangle, summary
from cat.calibration.answers import Answers
from cat.calibration.diagnostics.dif import matched_dif, purified_dif
from cat.calibration.diagnostics.dif_model import likelihood_ratio_dif
from cat.calibration.diagnostics.dimensionality import parallel_analysis
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.diagnostics.item_fit import s_x2
from cat.calibration.diagnostics.local_dependence import local_dependence
from cat.calibration.em import calibrate
from cat.calibration.estimates import Calibrated
from cat.calibration.report.numerals import angka

BFI = {
    "a": "keramahan",
    "c": "kesungguhan",
    "e": "ekstraversi",
    "n": "neurotisisme",
    "o": "keterbukaan",
}


def sections(terbit: dict[str, Any]) -> list[Section]:
    return [science(terbit["science"]), bfi(terbit["bfi"]), verbagg(terbit["verbagg"])]


def science(t: dict[str, Any]) -> Section:
    section = Section("Science: GRM dan GPCM")
    answers = real_sets.science()
    found = calibrate(answers, "grm")
    fitted = Fitted(answers, found)
    summary(section, answers, found, "GRM, empat butir yang lazim")
    section.say(f"Log-likelihood terbit {angka(t['log_likelihood'], 3)}. Sumber: {t['sumber']}.")
    _parameters(section, found, t["a"], t["d"], cumulated=False)
    shared = local_dependence(fitted)
    pairs = [f"{a}-{b}" for i, a in enumerate(answers.items) for b in answers.items[:i]]
    section.say("Ketergantungan antarbutir, X² Chen-Thissen (df 9):")
    beside(section, pairs, lower_triangle(shared.x2).tolist(), t["ld"], what="pasangan")
    steps = calibrate(answers, "gpcm")
    summary(section, answers, steps, "GPCM")
    section.say(f"Log-likelihood terbit {angka(t['log_likelihood_gpcm'], 3)}.")
    _parameters(section, steps, t["a_gpcm"], t["d_gpcm"], cumulated=True)
    return section


def _parameters(
    section: Section, found: Calibrated, a: list[float], d: list[list[float]], cumulated: bool
) -> None:
    names = [one.item for one in found.items]
    beside(
        section,
        names,
        [one.a for one in found.items],
        a,
        what="daya beda a",
        errors=[one.a_se for one in found.items],
    )
    ours = [np.cumsum(one.d) if cumulated else np.array(one.d) for one in found.items]
    beside(
        section,
        [f"{name} d{k + 1}" for name, row in zip(names, d, strict=True) for k in range(len(row))],
        np.concatenate(ours).tolist(),
        np.concatenate(d).tolist(),
        what="intersep bertahap" if cumulated else "intersep d",
    )


def bfi(t: dict[str, Any]) -> Section:
    section = Section("BFI: lima skala, GRM")
    section.say("Butir yang berarah balik sudah dibalik. Jawaban kosong tidak diisi.")
    for letter, name in BFI.items():
        answers = real_sets.bfi_scale(letter)
        found = calibrate(answers, "grm")
        summary(section, answers, found, f"Skala {name}")
        _ordered_peer(section, answers, found)
    table = real_sets.read("bfi")
    everything = table.answers(table.values - 1)
    made = parallel_analysis(everything, np.random.default_rng(20))
    section.say(
        f"Analisis paralel atas 25 butir: {made.dimensions} komponen; terbit {t['komponen']}"
        f" ({t['sumber']})."
    )
    return section


def _ordered_peer(section: Section, answers: Answers, found: Calibrated) -> None:
    other = real_peer.fitted(answers, "GRM")
    columns = ["butir", "a", "galat baku", "a mirt", "selisih", "ambang b"]
    if other is not None:
        section.say(
            f"{NOT_FOUND}: PyPI mirt {other.version}, log-likelihood"
            f" {angka(other.log_likelihood, 3)}; selisih ambang terbesar"
            f" {angka(_largest(found, other.b), 4)}."
        )
    section.table(
        columns,
        [
            [
                one.item,
                angka(one.a, 3),
                angka(one.a_se, 3),
                angka(other.a[i], 3) if other else "–",
                angka(one.a - other.a[i], 3) if other else "–",
                " ".join(angka(b) for b in one.b),
            ]
            for i, one in enumerate(found.items)
        ],
    )


def _largest(found: Calibrated, b: np.ndarray) -> float:
    return max(
        float(np.abs(np.array(one.b) - row[: len(one.b)]).max())
        for one, row in zip(found.items, b, strict=True)
    )


def verbagg(t: dict[str, Any]) -> Section:
    section = Section("VerbAgg: Rasch, PCM, GRM dan DIF menurut jenis kelamin")
    two = real_sets.verbagg(dichotomous=True)
    rasch = calibrate(two, "rasch")
    summary(section, two, rasch, "Rasch atas jawaban dikotomi (mungkin dan ya menjadi 1)")
    section.say(f"Sumber kemudahan: {t['sumber']}. Terbit 19 dari 24 butir yang tercetak di sana.")
    names = list(t["kemudahan"])
    beside(
        section,
        names,
        [rasch.get_item(name).d[0] for name in names],
        list(t["kemudahan"].values()),
        what="kemudahan",
        errors=[rasch.get_item(name).d_se[0] for name in names],
    )
    three = real_sets.verbagg()
    for model in ("pcm", "grm"):
        found = calibrate(three, model)
        summary(section, three, found, model.upper())
        if model == "grm":
            _ordered_peer(section, three, found)
            _misfits(section, Fitted(three, found))
    dimensions(section, three)
    _dif(section, t)
    return section


def _misfits(section: Section, fitted: Fitted) -> None:
    poor = [one for one in s_x2(fitted) if one.p < 0.01]
    words = "; ".join(f"{one.item} (RMSEA {angka(one.rmsea, 3)})" for one in poor)
    section.say(f"Butir yang menyimpang dari kurvanya, p < 0,01: {words or 'tidak ada'}.")


def _dif(section: Section, t: dict[str, Any]) -> None:
    is_man = real_sets.read("verbagg").covariates["cov_gender"] == "M"
    names = ("perempuan", "laki-laki")
    two = real_sets.verbagg(dichotomous=True)
    found = matched_dif(two, is_man, names=names)
    section.say(
        "DIF Mantel-Haenszel, 243 perempuan (acuan) dan 73 laki-laki (fokal), jawaban dikotomi."
        f" Terbit: {t['sumber_mh']}. Kelas ETS kita menuntut juga bukti (uji 5%); difR hanya"
        " memakai besarnya delta."
    )
    section.table(
        ["butir", "khi-kuadrat", "terbit", "delta", "terbit", "galat baku", "p-DIF", "kelas"],
        [
            [
                one.item,
                angka(one.x2, 4),
                angka(t["mh_x2"][i], 4),
                angka(one.delta, 4),
                angka(t["mh_delta"][i], 4),
                angka(one.delta_se),
                angka(one.p_dif, 3),
                str(one.ets),
            ]
            for i, one in enumerate(found)
        ],
    )
    clean, rounds = purified_dif(two, is_man, names=names)
    flagged = [one.item for one in clean if one.p < 0.05]
    same = "sama dengan" if flagged == t["mh_murni"] else "BERBEDA dari"
    section.say(
        f"Sesudah pemurnian ({rounds} putaran): {', '.join(flagged)}; {same} butir yang terbit."
    )
    section.say(
        "Tiga kategori: Mantel dan selisih rata-rata terbakukan; uji rasio kemungkinan GRM dengan"
        " semua butir lain sebagai jangkar (df 3), dan luas bertanda di antara kedua kurva dalam"
        " poin bagi kelompok laki-laki. De Boeck & Wilson (2004) membahas perbedaan Do dan Want"
        " menurut jenis kelamin; angka mereka tidak dapat diperiksa di sini."
    )
    three = real_sets.verbagg()
    ordered = matched_dif(three, is_man, names=names)
    grouped = Answers.of_matrix(
        three.items, three.matrix(), group=np.where(is_man, names[1], names[0]).tolist()
    )
    women_first = _reference_first(grouped, names)
    by_model = likelihood_ratio_dif(women_first, "grm", fewest=50)
    section.table(
        ["butir", "Mantel", "p", "selisih/sd", "kelas", "rasio kemungkinan", "p", "luas"],
        [
            [
                one.item,
                angka(one.x2),
                angka(one.p, 3),
                angka(one.effect),
                str(one.ets),
                angka(other.x2) if not other.refused else "ditolak",
                angka(other.p, 3),
                angka(other.signed),
            ]
            for one, other in zip(ordered, by_model, strict=True)
        ],
    )


def _reference_first(answers: Answers, names: tuple[str, str]) -> Answers:
    """Persons of the reference group first, so that it sets the scale."""
    order = np.argsort([names.index(answers.groups[g]) for g in answers.group], kind="stable")
    groups = [answers.groups[answers.group[j]] for j in order]
    return Answers.of_matrix(answers.items, answers.matrix()[order], group=groups)
