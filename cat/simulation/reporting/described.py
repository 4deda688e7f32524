"""What a policy does, in the words of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cat.selection.policy import ExposurePlan, Policy
from cat.simulation.reporting.numerals import angka

CRITERIA = {
    "closest_difficulty": "kesukaran terdekat dengan taksiran kemampuan",
    "expected_information": "harapan informasi setelah jawaban berikutnya",
    "expected_posterior_variance": "harapan ragam posterior terkecil",
    "information_at_cut": "informasi terbesar pada ambang batas",
    "kullback_leibler": "informasi Kullback-Leibler",
    "likelihood_information": "informasi berbobot kemungkinan (likelihood)",
    "maximum_information": "informasi Fisher terbesar pada taksiran kemampuan",
    "posterior_information": "informasi berbobot posterior",
    "posterior_kullback_leibler": "informasi Kullback-Leibler berbobot posterior",
    "progressive": "acak pada awal, makin informatif menjelang akhir",
    "random_item": "acak",
    "stratified": "berstrata menurut daya beda",
}
CONTROLS = {
    "kelayakan": "kelayakan butir",
    "sympson_hetter": "Sympson-Hetter",
    "batas_keras": "batas keras dengan hitungan",
}


def described(policies: Mapping[str, Policy], is_linked: bool) -> dict[str, str]:
    """Label -> text, for the policies of the parts; one line where all parts agree.

    is_linked : whether what one part showed tells the next where to begin.
    """
    columns = {
        "Pemilihan soal": [_criterion(policy) for policy in policies.values()],
        "Kendali paparan": [_exposure(policy) for policy in policies.values()],
        "Berakhirnya bagian": [_stopping(policy) for policy in policies.values()],
    }
    found = {label: _together(list(policies), texts) for label, texts in columns.items()}
    if len(policies) > 1:
        start = "hasil bagian sebelumnya" if is_linked else "sebaran kemampuan populasi"
        found["Awal setiap bagian"] = f"bertolak dari {start}; nilai tidak terpengaruh"
    return found


def _together(parts: Sequence[str], texts: Sequence[str]) -> str:
    if len(set(texts)) == 1:
        return texts[0]
    return "; ".join(f"{part.upper()}: {text}" for part, text in zip(parts, texts, strict=True))


def _criterion(policy: Policy) -> str:
    words = CRITERIA.get(policy.criterion, policy.criterion)
    given = ", ".join(f"{name} = {value}" for name, value in policy.parameters.items())
    return f"{words} ({given})" if given else words


def _exposure(policy: Policy) -> str:
    found = []
    if policy.top > 1:
        found.append(f"undian di antara {policy.top} soal terbaik")
    if policy.exposure is not None:
        found.append(_control(policy.exposure))
    return "; ".join(found) or "tidak ada"


def _control(plan: ExposurePlan) -> str:
    groups = f", {len(plan.edges) + 1} kelompok kemampuan" if plan.edges else ""
    return f"{CONTROLS[plan.method]}, paling tinggi {angka(100 * plan.r_max, 1)}%{groups}"


def _stopping(policy: Policy) -> str:
    rules = policy.stopping.rules
    if not rules:
        return "panjang tetap"
    reasons = dict.fromkeys(rule.reason.text for rule in rules)
    return f"paling sedikit {policy.stopping.shortest} butir, lalu: {' atau '.join(reasons)}"
