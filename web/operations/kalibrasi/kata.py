"""Calibrations in Indonesian: what is doubtful about an item, and why answers were refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cat.calibration.estimates import FEWEST_ANSWERS, RARE, Doubt
from cat.calibration.spec import ItemModel
from cat.errors import BadInput

MODELS = {
    ItemModel.RASCH: "Rasch",
    ItemModel.ONE_PL: "1PL",
    ItemModel.TWO_PL: "2PL",
    ItemModel.THREE_PL: "3PL",
    ItemModel.GRADED: "GRM",
    ItemModel.PARTIAL_CREDIT: "PCM",
    ItemModel.GENERALISED_PARTIAL_CREDIT: "GPCM",
}

DOUBTS = {
    Doubt.NO_ANSWERS: "tidak ada jawaban: tidak ditaksir",
    Doubt.ALL_SAME: "semua jawaban sama: kesukarannya tak berhingga, tidak ditaksir",
    Doubt.FEW_ANSWERS: f"jawaban kurang dari {FEWEST_ANSWERS}",
    Doubt.EMPTY_CATEGORY: "ada kategori yang tidak dipilih siapa pun: digabung dengan tetangganya",
    Doubt.RARE_CATEGORY: f"ada kategori yang dipilih kurang dari {RARE} orang",
    Doubt.REVERSED_KEY: "kunci terbalik: makin mampu peserta, makin jarang ia menjawab benar",
    Doubt.FLAT: "daya beda tidak terbukti lebih dari 0: butir tidak mengukur kemampuan ini",
    Doubt.SLOPE_RUNS_AWAY: "daya beda naik tanpa batas dan dihentikan: bukan taksiran",
    Doubt.INTERCEPT_RUNS_AWAY: "kesukaran lari tanpa batas dan dihentikan: bukan taksiran",
    Doubt.GUESSING_RUNS_AWAY: "peluang tebakan lari ke tepi dan dihentikan: bukan taksiran",
    Doubt.OUTSIDE_THE_GRID: "kesukaran di luar jangkauan peserta mana pun",
    Doubt.GUESSING_IS_PRIOR: "peluang tebakan datang dari prior: jawaban hampir tak memberi tahu",
    Doubt.NO_STANDARD_ERROR: "galat baku tidak ada: informasinya tidak positif",
    Doubt.NOT_CONVERGED: "perhitungan berhenti sebelum taksiran diam",
}

# rule of a BadInput -> sentences, of which the first whose evidence is there is taken.
_REFUSALS = {
    "file": ("berkas tidak dapat dibaca sebagai tabel jawaban (terbaca: {value})",),
    "columns": ("kolom '{value}' tidak ada atau ada selnya yang kosong",),
    "category": (
        "butir {item}, {who}: nilai '{value}' bukan bilangan bulat dari kategori terendah ke atas",
        "butir {item}: ada jawaban berkategori {value}, yang tidak dikenal model butir itu",
    ),
    "duplicate": ("butir {item}, {who}: dua jawaban; seorang peserta menjawab satu butir sekali",),
    "persons": ("tidak ada seorang pun peserta",),
    "names": ("nama butir '{value}' kosong atau terulang",),
    "group": ("{who}: kelompok kosong atau lebih dari satu (terbaca: '{value}')",),
    "weight": ("{who}: bobot harus bilangan lebih dari 0 (terbaca: '{value}')",),
    "categories": ("butir {item}: jawaban berkategori {value} melebihi banyaknya kategori",),
    "items": ("tidak ada butir yang jawabannya lebih dari satu macam",),
    "item": ("butir {item} tidak ada di antara jawaban",),
    "model": (
        "butir {item}: model '{value}' tidak dikenal; yang ada: {models}",
        "butir {item}: modelnya tidak disebut",
        "banyaknya model ({value}) tidak sama dengan banyaknya butir",
    ),
    "fixed": (
        "butir jangkar {item}: nilai {value} tidak sah",
        "butir jangkar {item}: tertulis dua kali atau tidak ada di antara jawaban",
    ),
    "link": (
        "kelompok {value}: tidak ada butir yang menghubungkannya dengan skala; ia tidak berbagi"
        " butir dengan kelompok lain",
    ),
    "prior": ("prior perlu rata-rata berhingga dan simpangan baku lebih dari 0",),
    "quadrature": ("kisi kuadratur perlu sedikitnya 11 titik, dan ujung kiri di kiri ujung kanan",),
    "tolerance": ("ketelitian harus antara 0 dan 1 (terbaca: {value})",),
    "max_cycles": ("siklus terbanyak harus 1 atau lebih (terbaca: {value})",),
    "shape": ("bentuk data tidak sesuai",),
}
HEADER_LINES = 2  # person 0 of a table stands on line 2 of the file


def doubts(found: Iterable[Doubt]) -> list[str]:
    """What is doubtful, in words."""
    return [DOUBTS[each] for each in found]


def refusal(error: BadInput) -> str:
    """Why answers cannot be calibrated: place, value and rule; the error's own words if unknown."""
    evidence = {**error.evidence, "models": ", ".join(sorted(MODELS))}
    if "value" in evidence:
        evidence["value"] = str(evidence["value"]).strip().partition("\n")[0]
    if "person" in evidence:
        who = evidence["person"]
        named = f"baris {who + HEADER_LINES}" if isinstance(who, int) else f"peserta {who}"
        evidence["who"] = named
    for sentence in _REFUSALS.get(str(evidence.get("rule")), ()):
        try:
            return sentence.format(**evidence)
        except KeyError:
            continue
    return str(error)


def known_rules() -> Collection[str]:
    """Rules that have a sentence."""
    return _REFUSALS.keys()
