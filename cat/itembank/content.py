"""What one item says and how its options are valued, with the rules that content must meet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

# The options of an item in an exam.
LETTERS = "ABCDE"
MOST_OPTIONS = 10
LANGUAGE_LEVELS = ("dasar", "menengah", "lanjut")
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
    stem, options : Markdown; two options or more, A, B, C in order. An exam needs five.
    points : what each option is worth: 1 for the key and 0 for the rest, or 1..5 in tkp.
    rationale : one line, why the key is right or what orders the points.
    source : article of law, book or rule that the fact rests on; may be empty for reasoning items.
    figures : name -> drawing description; stem and options refer to them as ![alt](gambar:name).
    rule : machine-readable rule from which the key can be recomputed; empty where there is none.
    stimulus, stimulus_text : code and Markdown of the text or table that several items share and
        that stands above the stem; empty where the item stands alone.
    enemies : codes of items that must not stand in the same test: one helps to answer the other.
    seconds : time that an answer is expected to take; 0 where nobody has said.
    option_rationales : one line for each option, why somebody would choose it and why it is right
        or wrong; empty where the writer gave none.
    indicator : what the item is to show, in the words of the kisi-kisi.
    language_level : one of LANGUAGE_LEVELS; empty where nobody has said.
    parent : code of the item model that made this item; empty for one written by hand.
    max_choices : how many options a candidate may choose; 0 for any number. An exam needs 1.
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
    stimulus_text: str = ""
    option_rationales: tuple[str, ...] = ()
    indicator: str = ""
    language_level: str = ""
    parent: str = ""
    max_choices: int = 1

    @property
    def shown_stem(self) -> str:
        """Markdown above the options: what items share, if anything, then the item's own stem."""
        return "\n\n".join(text for text in (self.stimulus_text, self.stem) if text)

    @property
    def words(self) -> int:
        """Words of stimulus, stem and options together."""
        return sum(len(text.split()) for text in (self.shown_stem, *self.options))

    @property
    def part(self) -> str:
        """Test part, the first step of the domain path: twk, tiu or tkp."""
        return self.domain.split(".", 1)[0]

    @property
    def key(self) -> str | None:
        """Letter of the right option; None unless the item has exactly one."""
        has_key = is_keyed(self.part) and self.points.count(1) == 1
        return ascii_uppercase[self.points.index(1)] if has_key else None


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


def exam_problems(item: ItemContent) -> list[Problem]:
    """What an item of the bank still lacks before an exam may show it.

    The bank keeps items that came from elsewhere with fewer options or several keys; exams show
    five options and take one answer.
    """
    found = []
    if len(item.options) != len(LETTERS):
        rule = "ujian menampilkan lima pilihan, A sampai E"
        found.append(Problem("opsi", str(len(item.options)), rule))
    if item.max_choices != 1:
        rule = "ujian menerima satu jawaban"
        found.append(Problem("pilihan terbanyak", str(item.max_choices), rule))
    return found


def _text_problems(item: ItemContent) -> list[Problem]:
    found = []
    for name, text in (("kode", item.code), ("soal", item.stem), ("rasional", item.rationale)):
        if not text.strip():
            found.append(Problem(name, "kosong", "wajib diisi"))
    if item.code in item.enemies:
        found.append(Problem("seteru", item.code, "butir tidak berseteru dengan dirinya sendiri"))
    if not (math.isfinite(item.seconds) and item.seconds >= 0):
        found.append(Problem("detik", str(item.seconds), "tidak boleh kurang dari 0"))
    for name, text in (("rasional", item.rationale), ("indikator", item.indicator)):
        if "\n" in text.strip():
            found.append(Problem(name, text[:40], "satu baris saja"))
    if item.language_level not in ("", *LANGUAGE_LEVELS):
        rule = f"salah satu dari {', '.join(LANGUAGE_LEVELS)}"
        found.append(Problem("tingkat bahasa", item.language_level, rule))
    if bool(item.stimulus) != bool(item.stimulus_text):
        found.append(Problem("stimulus", item.stimulus or "kosong", "perlu kode dan teks"))
    return found


def _option_problems(item: ItemContent) -> list[Problem]:
    if not 2 <= len(item.options) <= MOST_OPTIONS:
        rule = f"harus 2 sampai {MOST_OPTIONS} pilihan"
        return [Problem("opsi", str(len(item.options)), rule)]
    named = list(zip(ascii_uppercase, item.options, strict=False))
    found = [
        Problem(f"opsi {letter}", "kosong", "wajib diisi")
        for letter, text in named
        if not text.strip()
    ]
    seen: dict[str, str] = {}
    for letter, text in named:
        bare = " ".join(text.lower().split())
        if bare and bare in seen:
            found.append(Problem(f"opsi {letter}", text, f"sama dengan opsi {seen[bare]}"))
        seen.setdefault(bare, letter)
    if len(item.option_rationales) not in (0, len(item.options)):
        rule = "satu alasan untuk setiap pilihan, atau tidak sama sekali"
        found.append(Problem("alasan opsi", str(len(item.option_rationales)), rule))
    return found


def _point_problems(item: ItemContent) -> list[Problem]:
    if len(item.points) != len(item.options):
        rule = "satu nilai untuk setiap pilihan"
        return [Problem("poin", str(len(item.points)), rule)]
    if not is_keyed(item.part):
        if sorted(item.points) == list(range(1, len(item.points) + 1)):
            return []
        given = ", ".join(map(str, item.points))
        rule = f"nilai 1 sampai {len(item.points)}, masing-masing sekali"
        return [Problem("poin", given, rule)]
    if not set(item.points) <= {0, 1}:
        return [Problem("poin", ", ".join(map(str, item.points)), "hanya 0 dan 1")]
    keys = item.points.count(1)
    if item.max_choices == 1 and keys != 1:
        return [Problem("kunci", str(keys) if keys else "belum dipilih", "tepat satu kunci")]
    if item.max_choices != 1 and not 1 <= keys <= (item.max_choices or len(item.points)):
        rule = "sedikitnya satu kunci, paling banyak sejumlah pilihan yang boleh ditandai"
        return [Problem("kunci", str(keys), rule)]
    return []


def _parameter_problems(item: ItemContent) -> list[Problem]:
    found, p = [], item.parameters
    steps = 1 if is_keyed(item.part) else len(item.options) - 1
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
