"""Items that are right or wrong, one group: LSAT, de Ayala, SAT12, ICAR, Mobility."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench import real_peer, real_sets
from bench.real_tables import Section, beside, lower_triangle, summary
from cat.calibration.answers import Answers
from cat.calibration.diagnostics.dimensionality import parallel_analysis, polychoric
from cat.calibration.diagnostics.distractors import distractors
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.diagnostics.item_fit import s_x2
from cat.calibration.diagnostics.local_dependence import local_dependence
from cat.calibration.em import calibrate
from cat.calibration.estimates import Calibrated
from cat.calibration.report.numerals import angka
from cat.calibration.spec import Normal, Priors

NOT_FOUND = (
    "Taksiran terbit untuk data ini tidak ditemukan; sebagai gantinya, hitungan program lain"
)


def sections(terbit: dict[str, Any]) -> list[Section]:
    return [
        lsat6(terbit["lsat6"]),
        lsat7(terbit["lsat7"]),
        deayala(terbit["deayala"]),
        sat12(terbit["sat12"]),
        icar(),
        mobility(),
    ]


def slopes_and_intercepts(
    section: Section, found: Calibrated, a: list[float], d: list[float]
) -> None:
    """Both parameters of dichotomous items beside published ones."""
    names = [one.item for one in found.items]
    beside(
        section,
        names,
        [one.a for one in found.items],
        a,
        what="daya beda a",
        errors=[one.a_se for one in found.items],
    )
    beside(
        section,
        names,
        [one.d[0] for one in found.items],
        d,
        what="intersep d",
        errors=[one.d_se[0] for one in found.items],
    )


def fit_beside(section: Section, fitted: Fitted, x2: list[float], df: list[int]) -> None:
    """S-X2 beside published values."""
    section.table(
        ["S-X²", "kita", "df", "p", "terbit", "df terbit", "selisih"],
        [
            [
                one.item,
                angka(one.x2, 3),
                str(one.df),
                angka(one.p, 3),
                angka(theirs, 3),
                str(free),
                angka(one.x2 - theirs, 3) if one.df == free else "sel digabung lain",
            ]
            for one, theirs, free in zip(s_x2(fitted), x2, df, strict=True)
        ],
    )


def lsat6(t: dict[str, Any]) -> Section:
    section = Section("LSAT6: 1PL")
    answers = real_sets.read("lsat6").answers()
    found = calibrate(answers, "1pl")
    summary(section, answers, found, "1PL, satu daya beda bersama")
    section.say(f"Log-likelihood terbit {angka(t['log_likelihood'], 3)}. Sumber: {t['sumber']}.")
    slopes_and_intercepts(section, found, t["a"], t["d"])
    fit_beside(section, Fitted(answers, found), t["s_x2"], t["s_x2_df"])
    pairs = [f"{i}-{j}" for i in range(2, 6) for j in range(1, i)]
    section.say(f"Korelasi tetrakorik. Sumber: {t['sumber_tetrakorik']}.")
    ours = lower_triangle(polychoric(answers.matrix()))
    beside(section, pairs, ours.tolist(), t["tetrakorik"], what="pasangan")
    return section


def lsat7(t: dict[str, Any]) -> Section:
    section = Section("LSAT7: 2PL")
    answers = real_sets.read("lsat7").answers()
    found = calibrate(answers, "2pl")
    fitted = Fitted(answers, found)
    summary(section, answers, found, "2PL")
    section.say(f"Log-likelihood terbit {angka(t['log_likelihood'], 3)}. Sumber: {t['sumber']}.")
    slopes_and_intercepts(section, found, t["a"], t["d"])
    fit_beside(section, fitted, t["s_x2"], t["s_x2_df"])
    shared = local_dependence(fitted)
    pairs = [f"{i}-{j}" for i in range(2, 6) for j in range(1, i)]
    section.say("Ketergantungan antarbutir: X² Chen-Thissen, lalu V Cramér bertanda.")
    beside(section, pairs, lower_triangle(shared.x2).tolist(), t["ld"], what="pasangan")
    beside(section, pairs, lower_triangle(shared.v).tolist(), t["ld_v"], what="pasangan")
    return section


def deayala(t: dict[str, Any]) -> Section:
    section = Section("De Ayala: 2PL dari pola jawaban berbobot")
    answers = real_sets.deayala()
    found = calibrate(answers, "2pl")
    summary(section, answers, found, "2PL")
    section.say(f"Sumber statistik klasik: {t['sumber']}.")
    right = np.bincount(answers.item, answers.category * answers.weight[answers.person])
    beside(
        section, answers.items, right / answers.weight.sum(), t["proporsi"], what="proporsi benar"
    )
    peer(section, answers, found, "2PL")
    return section


def sat12(t: dict[str, Any]) -> Section:
    section = Section("SAT12: kunci butir 32 salah; 2PL dan 3PL")
    raw, keys = real_sets.read("sat12_raw"), real_sets.key("sat12")
    judged = distractors(raw.items, raw.values, keys, omitted=(real_sets.OMITTED,))
    wrong = {one.item: one.proposed for one in judged if one.proposed is not None}
    section.say(
        "Kunci yang diduga salah, dari jawaban mentah: "
        + "; ".join(f"**{item}: kunci {keys[item]}, usulan {new}**" for item, new in wrong.items())
        + f". Sumber menyatakan hal yang sama: {t['sumber']}."
    )
    suspect = next(one for one in judged if one.proposed is not None)
    section.table(
        [
            f"opsi {suspect.item}",
            "dipilih",
            "korelasi dengan skor butir lain",
            "dari seperlima terlemah ke terkuat",
        ],
        [
            [
                str(o.trace.option),
                angka(100 * o.trace.share, 1) + "%",
                angka(o.trace.correlation, 3),
                " ".join(angka(share) for share in o.trace.trace),
            ]
            for o in suspect.options
        ],
    )
    old, new = real_sets.sat12(), real_sets.sat12(wrong)
    before, after = calibrate(old, "2pl"), calibrate(new, "2pl")
    beside(
        section,
        ["kunci lama", "kunci usulan"],
        [before.log_likelihood, after.log_likelihood],
        [t["log_likelihood_kunci_lama"], t["log_likelihood_kunci_baru"]],
        what="log-likelihood 2PL",
    )
    at = suspect.item
    section.say(
        f"Daya beda {at}: {angka(before.get_item(at).a)} (galat baku"
        f" {angka(before.get_item(at).a_se)}) dengan kunci lama,"
        f" {angka(after.get_item(at).a)} dengan kunci usulan."
    )
    section.say("Kecocokan 2PL dengan kunci usulan:")
    fit_beside(section, Fitted(new, after), t["s_x2"], t["s_x2_df"])
    held = Priors(logit_c=Normal(float(np.log(0.1 / 0.9)), 1e-4))
    fixed = calibrate(old, "3pl", priors=held)
    section.say("3PL dengan c ditahan di 0,1 (kunci lama):")
    slopes_and_intercepts(section, fixed, t["a_c01"], t["d_c01"])
    free = calibrate(old, "3pl")
    summary(section, old, free, "3PL dengan prior normal pada logit c (kunci lama)")
    section.say("Taksiran terbit 3PL dengan prior yang sama tidak ditemukan.")
    estimates(section, free)
    return section


def estimates(section: Section, found: Calibrated) -> None:
    """Our estimates alone."""
    section.table(
        ["butir", "a", "galat baku", "b", "galat baku", "c", "galat baku"],
        [
            [
                one.item,
                *(angka(x, 3) for x in (one.a, one.a_se, one.b[0], one.b_se[0])),
                *((angka(one.c, 3), angka(one.c_se, 3)) if one.c > 0 else ("–", "–")),
            ]
            for one in found.items
            if one.b
        ],
    )


def icar() -> Section:
    section = Section("ICAR16: 2PL dengan jawaban kosong")
    answers = real_sets.read("icar16").answers()
    found = calibrate(answers, "2pl")
    summary(section, answers, found, "2PL; jawaban kosong tidak diisi")
    peer(section, answers, found, "2PL")
    dimensions(section, answers)
    shared = local_dependence(Fitted(answers, found))
    pairs = [
        f"{a} dan {b} (Q3 {angka(q3)})"
        for a in answers.items
        for b, q3 in shared.partners(a)
        if a < b
    ]
    section.say("Pasangan yang bergantung menurut Q3: " + ("; ".join(pairs) or "tidak ada") + ".")
    raw, keys = real_sets.read("icar16_raw"), real_sets.key("icar16")
    judged = distractors(raw.items, raw.values, keys)
    wrong = [one.item for one in judged if one.proposed is not None]
    section.say("Kunci yang diduga salah: " + (", ".join(wrong) or "tidak ada") + ".")
    return section


def mobility() -> Section:
    section = Section("Mobility: butir yang sangat curam, 2PL")
    answers = real_sets.read("mobility").answers()
    found = calibrate(answers, "2pl")
    summary(section, answers, found, "2PL")
    section.say(
        "Program pembanding menahan daya beda di 5 tanpa mengatakannya; karena itu butir 7 berbeda"
        " dan log-likelihoodnya lebih rendah."
    )
    peer(section, answers, found, "2PL")
    return section


def peer(section: Section, answers: Answers, found: Calibrated, model: str) -> None:
    """The other program's estimates of dichotomous items."""
    other = real_peer.fitted(answers, model)
    if other is None:
        section.say(f"{NOT_FOUND} (PyPI mirt) tidak terpasang.")
        estimates(section, found)
        return
    section.say(
        f"{NOT_FOUND}: PyPI mirt {other.version}, log-likelihood {angka(other.log_likelihood, 3)}."
    )
    rows = [
        [
            one.item,
            *(angka(x, 3) for x in (one.a, one.a_se, other.a[i], one.a - other.a[i])),
            *(angka(x, 3) for x in (one.b[0], one.b_se[0], other.b[i], one.b[0] - other.b[i])),
        ]
        for i, one in enumerate(found.items)
    ]
    columns = ["a", "galat baku", "a mirt", "selisih", "b", "galat baku", "b mirt", "selisih"]
    section.table(["butir", *columns], rows)


def dimensions(section: Section, answers: Answers) -> None:
    """Parallel analysis in one sentence."""
    found = parallel_analysis(answers, np.random.default_rng(20))
    shown = "; ".join(
        f"{angka(own)} lawan {angka(reference)}"
        for own, reference in list(zip(found.eigenvalues, found.reference, strict=True))[:4]
    )
    section.say(
        f"Analisis paralel (korelasi Pearson, {found.shuffles} pengacakan, persentil"
        f" {angka(found.percentile, 0)}): {found.dimensions} dimensi; nilai eigen lawan acuan:"
        f" {shown}."
    )
