"""What one item says and how its options are valued, with the rules that content must meet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LETTERS = "ABCDE"
UNCALIBRATED = "belum dikalibrasi: taksiran ahli"
NOT_ESTIMATED = "nilai awal: belum ditaksir"


@dataclass(frozen=True)
class Parameters:
    """Response-model parameters of one item on the logit scale, D = 1.

    a : discrimination, > 0.
    b : difficulties, logits; one for 2PL/3PL, K - 1 step difficulties for GPCM.
    c : lower asymptote, 0 <= c < 1; 0 for GPCM.
    status : where the numbers come from, in the words shown to staff.
    """

    a: float
    b: tuple[float, ...]
    c: float = 0.0
    status: str = UNCALIBRATED


@dataclass(frozen=True)
class ItemContent:
    """One item as its writer left it.

    code : the bank's name of the item, such as "TWK-NAS-001"; never shown to candidates.
    domain : dotted path of the kisi-kisi, such as "tiu.verbal.analogi".
    stem, options : Markdown; five options, A to E in order.
    points : what each option is worth: 1 for the key and 0 for the rest (twk, tiu), or 1..5 (tkp).
    rationale : one line, why the key is right or what orders the points.
    source : article of law, book or rule that the fact rests on; may be empty for reasoning items.
    figures : name -> drawing description; stem and options refer to them as ![alt](gambar:name).
    rule : machine-readable rule from which the key can be recomputed; empty where there is none.
    stimulus : code of the text or table that several items share, which the stem repeats; empty
        where the item stands alone.
    enemies : codes of items that must not stand in the same test: one helps to answer the other.
    seconds : time that an answer is expected to take; 0 where nobody has said.
    """

    code: str
    domain: str
    stem: str
    options: tuple[str, ...]
    points: tuple[int, ...]
    rationale: str
    source: str
    parameters: Parameters
    figures: Mapping[str, Any] = field(default_factory=dict)
    rule: Mapping[str, Any] = field(default_factory=dict)
    stimulus: str = ""
    enemies: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def words(self) -> int:
        """Words of stem and options together."""
        return sum(len(text.split()) for text in (self.stem, *self.options))

    @property
    def part(self) -> str:
        """Test part, the first step of the domain path: twk, tiu or tkp."""
        return self.domain.split(".", 1)[0]

    @property
    def key(self) -> str | None:
        """Letter of the right option; None where every option earns points, or none is chosen."""
        return LETTERS[self.points.index(1)] if is_keyed(self.part) and 1 in self.points else None


@dataclass(frozen=True)
class Problem:
    """One broken rule: the field, the value found there, and the rule in the writer's language."""

    field: str
    value: str
    rule: str

    def __str__(self) -> str:
        return f"{self.field}: {self.rule} (terbaca: {self.value})"


def is_keyed(part: str) -> bool:
    """Whether options of this part are right or wrong; in tkp each option has its own value."""
    return part != "tkp"


def points_of_key(letter: str) -> tuple[int, ...]:
    """Points of five options when one letter is the key."""
    return tuple(int(each == letter) for each in LETTERS)


def problems(item: ItemContent) -> list[Problem]:
    """Everything that keeps an item out of the bank; an empty list means it may enter."""
    found = [*_text_problems(item), *_option_problems(item), *_point_problems(item)]
    return found + _parameter_problems(item)


def _text_problems(item: ItemContent) -> list[Problem]:
    found = []
    for name, text in (("kode", item.code), ("soal", item.stem), ("rasional", item.rationale)):
        if not text.strip():
            found.append(Problem(name, "kosong", "wajib diisi"))
    if item.code in item.enemies:
        found.append(Problem("seteru", item.code, "butir tidak berseteru dengan dirinya sendiri"))
    if not (math.isfinite(item.seconds) and item.seconds >= 0):
        found.append(Problem("detik", str(item.seconds), "tidak boleh kurang dari 0"))
    if "\n" in item.rationale.strip():
        found.append(Problem("rasional", item.rationale[:40], "satu baris saja"))
    return found


def _option_problems(item: ItemContent) -> list[Problem]:
    if len(item.options) != len(LETTERS):
        return [Problem("opsi", str(len(item.options)), "harus lima pilihan, A sampai E")]
    found = [
        Problem(f"opsi {letter}", "kosong", "wajib diisi")
        for letter, text in zip(LETTERS, item.options, strict=True)
        if not text.strip()
    ]
    seen: dict[str, str] = {}
    for letter, text in zip(LETTERS, item.options, strict=True):
        bare = " ".join(text.lower().split())
        if bare and bare in seen:
            found.append(Problem(f"opsi {letter}", text, f"sama dengan opsi {seen[bare]}"))
        seen.setdefault(bare, letter)
    return found


def _point_problems(item: ItemContent) -> list[Problem]:
    wanted = [0, 0, 0, 0, 1] if is_keyed(item.part) else [1, 2, 3, 4, 5]
    if sorted(item.points) == wanted:
        return []
    if is_keyed(item.part):
        return [Problem("kunci", item.key or "belum dipilih", "tepat satu kunci")]
    given = ", ".join(map(str, item.points))
    return [Problem("poin", given, "nilai 1 sampai 5, masing-masing sekali")]


def _parameter_problems(item: ItemContent) -> list[Problem]:
    found, p = [], item.parameters
    steps = 1 if is_keyed(item.part) else len(LETTERS) - 1
    if not (math.isfinite(p.a) and p.a > 0):
        found.append(Problem("a", str(p.a), "daya beda harus lebih dari 0"))
    if len(p.b) != steps:
        found.append(Problem("b", str(p.b), f"perlu {steps} tingkat kesukaran"))
    if not all(math.isfinite(b) for b in p.b):
        found.append(Problem("b", str(p.b), "harus bilangan biasa"))
    if not (math.isfinite(p.c) and 0 <= p.c < 1):
        found.append(Problem("c", str(p.c), "peluang tebakan dalam [0, 1)"))
    if not is_keyed(item.part) and p.c != 0:
        found.append(Problem("c", str(p.c), "TKP tidak memakai peluang tebakan"))
    return found
