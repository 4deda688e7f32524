"""What should be done about an item? Stated rules turn figures into plain Indonesian.

The rules are data (seeds/kalibrasi/aturan_telaah.toml): a measure, a comparison, a limit, how grave
it is and what to say. The measures are those of `MEASURES`; a rule about another one is refused.
"""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path

from cat.calibration.diagnostics.distractors import OptionRole
from cat.calibration.estimates import Doubt
from cat.calibration.report.numerals import angka
from cat.calibration.review import ItemReview
from cat.errors import BadRules

# Gravest first.
LEVELS = ("tolak", "perbaiki", "catatan")
FINE = "layak"
_MISFIT_P = 0.01

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WITHOUT_LIMIT = ("ada", "benar")
_FIELDS = {"kode", "ukuran", "pembanding", "batas", "tingkat", "kalimat", "sumber"}


@dataclass(frozen=True)
class Measure:
    """What a rule compares. value : NaN where it is not known. detail : in words, for {rincian}."""

    value: float
    detail: str = ""


@dataclass(frozen=True)
class Rule:
    """code : unique. comparison : <, <=, >, >=, "ada" and "benar" (both: the value is not 0)."""

    code: str
    measure: str
    comparison: str
    limit: float
    level: str
    sentence: str
    source: str

    def holds(self, value: float) -> bool:
        """Whether the rule finds fault with this value; never with an unknown one."""
        if isnan(value):
            return False
        if self.comparison in _WITHOUT_LIMIT:
            return value != 0
        return _COMPARISONS[self.comparison](value, self.limit)


@dataclass(frozen=True)
class Rules:
    """version : of the file. conclusions : level -> sentence. rules : in the order of the file."""

    version: int
    conclusions: Mapping[str, str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Finding:
    """code : of the rule. level : how grave. sentence : in Indonesian. source : of the limit."""

    code: str
    level: str
    sentence: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """level : the gravest one found, or "layak". conclusion : what it means. findings : gravest
    first. rules : version of the rules."""

    item: str
    level: str
    conclusion: str
    findings: tuple[Finding, ...]
    rules: int


def judge(review: ItemReview, rules: Rules) -> Verdict:
    """Apply the rules to one item.

    Of several rules about one measure only the gravest that holds speaks.
    """
    known = measures(review)
    found: list[Finding] = []
    said: set[str] = set()
    for rule in sorted(rules.rules, key=lambda one: LEVELS.index(one.level)):
        measure = known[rule.measure]
        if rule.measure in said or not rule.holds(measure.value):
            continue
        said.add(rule.measure)
        sentence = rule.sentence.format(
            nilai=_figure(measure.value), batas=_figure(rule.limit), rincian=measure.detail
        )
        found.append(Finding(rule.code, rule.level, sentence, rule.source))
    level = found[0].level if found else FINE
    return Verdict(review.item, level, rules.conclusions[level], tuple(found), rules.version)


def _figure(value: float) -> str:
    return angka(value, 0 if value == int(value) and abs(value) >= 10 else 2)


def measures(review: ItemReview) -> dict[str, Measure]:
    """Every measure of MEASURES for this item."""
    return {name: read(review) for name, read in MEASURES.items()}


def _doubt(*doubts: Doubt) -> Callable[[ItemReview], Measure]:
    return lambda review: Measure(float(any(one in review.estimate.doubts for one in doubts)))


def _misfit(review: ItemReview) -> Measure:
    """RMSEA of S-X2 where it is more than chance; 0 where it may be chance."""
    if review.fit is None or review.fit.refused:
        return Measure(float("nan"))
    return Measure(review.fit.rmsea if review.fit.p < _MISFIT_P else 0.0)


def _dependence(review: ItemReview) -> Measure:
    words = ", ".join(f"{item} (Q3 {angka(q3)})" for item, q3 in review.partners)
    return Measure(float(len(review.partners)), words)


def _dif_class(review: ItemReview) -> Measure:
    ranks = {by: "ABC".index(one.ets) for by, one in review.dif.items() if one.ets}
    if not ranks:
        return Measure(float("nan"))
    worst = max(ranks.values())
    words = "; ".join(
        f"{by}, lebih mudah bagi {review.dif[by].favours}"
        for by, rank in ranks.items()
        if rank == worst and review.dif[by].favours
    )
    return Measure(float(worst), words)


def _drift(review: ItemReview) -> Measure:
    if review.drift is None:
        return Measure(float("nan"))
    return Measure(float(review.drift.has_drifted), angka(review.drift.displacement))


def _options(role: OptionRole) -> Callable[[ItemReview], Measure]:
    def read(review: ItemReview) -> Measure:
        if review.options is None:
            return Measure(float("nan"))
        numbers = [
            str(one.trace.option)
            for one in review.options.options
            if one.role is role and one.trace.option != review.options.proposed
        ]
        return Measure(float(len(numbers)), ", ".join(numbers))

    return read


def _proposed_key(review: ItemReview) -> Measure:
    if review.options is None:
        return Measure(float("nan"))
    proposed = review.options.proposed
    return Measure(float(proposed is not None), str(proposed or ""))


MEASURES: Mapping[str, Callable[[ItemReview], Measure]] = {
    "daya_beda": lambda review: Measure(review.estimate.a),
    "jawaban": lambda review: Measure(float(review.estimate.answers)),
    "tak_terkalibrasi": _doubt(Doubt.NO_ANSWERS, Doubt.ALL_SAME),
    "datar": _doubt(Doubt.FLAT),
    "menjalar": _doubt(Doubt.SLOPE_RUNS_AWAY, Doubt.INTERCEPT_RUNS_AWAY),
    "belum_selesai": _doubt(Doubt.NOT_CONVERGED),
    "kategori_kosong": _doubt(Doubt.EMPTY_CATEGORY),
    "tebakan_dari_prior": _doubt(Doubt.GUESSING_IS_PRIOR),
    "di_luar_jangkauan": _doubt(Doubt.OUTSIDE_THE_GRID),
    "ketidakcocokan": _misfit,
    "butir_bergantung": _dependence,
    "kelas_dif": _dif_class,
    "bergeser": _drift,
    "kunci_usulan": _proposed_key,
    "pengecoh_menarik": _options(OptionRole.RISES),
    "pengecoh_mati": _options(OptionRole.IDLE),
}


def read_rules(path: Path) -> Rules:
    """Rules of a TOML file.

    Raises BadRules, which names the rule and the field that is wrong.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRules(f"aturan telaah {path.name} tidak terbaca: {error}") from error
    conclusions = document.get("putusan", {})
    for level in (*LEVELS, FINE):
        if not isinstance(conclusions.get(level), str):
            raise BadRules(f"aturan telaah: [putusan] tidak memuat kalimat untuk {level!r}")
    rules = tuple(_rule(row) for row in document.get("aturan", []))
    codes = [rule.code for rule in rules]
    for code in codes:
        if codes.count(code) > 1:
            raise BadRules(f"aturan telaah: kode {code!r} dipakai lebih dari sekali")
    return Rules(int(document.get("versi", 0)), conclusions, rules)


def _rule(row: Mapping[str, object]) -> Rule:
    code = str(row.get("kode", "tanpa kode"))
    limit = row.get("batas", 0)
    allowed = (*_COMPARISONS, *_WITHOUT_LIMIT)
    checks = (
        ("kolom", set(row) <= _FIELDS and _FIELDS - {"batas"} <= set(row), sorted(_FIELDS)),
        ("ukuran", row.get("ukuran") in MEASURES, sorted(MEASURES)),
        ("pembanding", row.get("pembanding") in allowed, allowed),
        ("tingkat", row.get("tingkat") in LEVELS, LEVELS),
        ("batas", isinstance(limit, int | float) and not isinstance(limit, bool), "angka"),
        ("batas", "batas" in row or row.get("pembanding") in _WITHOUT_LIMIT, "wajib diisi"),
        ("kalimat", _is_sentence(row.get("kalimat")), "{nilai}, {batas}, {rincian}"),
    )
    for name, holds, rule in checks:
        if not holds:
            raise BadRules(
                f"aturan telaah {code!r}: {name} = {row.get(name)!r} tidak sah; harus {rule}",
                rule=code,
            )
    return Rule(
        code=code,
        measure=str(row["ukuran"]),
        comparison=str(row["pembanding"]),
        limit=float(str(limit)),
        level=str(row["tingkat"]),
        sentence=str(row["kalimat"]),
        source=str(row["sumber"]),
    )


def _is_sentence(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(text.format(nilai="", batas="", rincian=""))
    except (KeyError, IndexError, ValueError):
        return False
