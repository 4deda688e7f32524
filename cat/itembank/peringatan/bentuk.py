"""Forms of stem and options that item-writing guides advise against.

Haladyna, Downing & Rodriguez (2002), A review of multiple-choice item-writing guidelines, Applied
Measurement in Education 15(3): options of one length, no "all of the above", negatives marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase

from cat.itembank.content import ItemContent
from cat.itembank.peringatan.concern import Concern, Severity
from cat.itembank.peringatan.tulisan import plain, sentences

# The best option is conspicuous when it is this many times as long (or short) as the others, and
# differs by this many letters from their mean.
LENGTH_RATIO, LENGTH_LETTERS = 1.5, 15

_NEGATIVE = re.compile(
    r"\b(?:yang\s+(tidak|bukan|keliru|salah(?!\s+satu)|kurang)|(kecuali)|(bukanlah))\b",
    re.IGNORECASE,
)
_EMPHASISED = re.compile(r"\*\*[^*]+\*\*|\*[^*\s][^*]*\*|__[^_]+__|\b[A-Z]{4,}\b")
_WHOLESALE = re.compile(
    r"^(?:semua(?:nya)?|seluruh(?:nya)?)\b[\w\s]*\b(?:benar|salah|tepat|di atas)\W*$"
    r"|^tidak (?:ada|satu ?pun)\b[\w\s]*\b(?:benar|salah|tepat|di atas)\W*$"
    r"|^(?:jawaban |pilihan |opsi )?[a-j](?:, ?[a-j])*,? (?:dan|atau|serta) [a-j]"
    r"(?: (?:benar|salah|tepat|semua(?:nya)?))*\W*$",
    re.IGNORECASE,
)


def shape_concerns(item: ItemContent) -> Iterator[Concern]:
    """Conspicuous length, unmarked negatives and wholesale options."""
    yield from _length(item)
    yield from _negative(item)
    for letter, option in zip(ascii_uppercase, item.options, strict=False):
        if _WHOLESALE.search(plain(option)):
            yield Concern(
                Severity.BERAT,
                f"opsi {letter}",
                f"Pilihan {letter} menunjuk pilihan lain, padahal urutannya diacak.",
                "Gantilah dengan pilihan yang berdiri sendiri.",
            )


def best_position(item: ItemContent) -> int | None:
    """Where the only option of highest worth stands; None while there is none."""
    if len(item.points) != len(item.options) or not item.points:
        return None
    highest = max(item.points)
    is_told = highest > 0 and item.points.count(highest) == 1
    return item.points.index(highest) if is_told else None


def _length(item: ItemContent) -> Iterator[Concern]:
    best = best_position(item)
    lengths = [len(plain(option)) for option in item.options]
    if best is None or min(lengths) == 0:
        return
    others = lengths[:best] + lengths[best + 1 :]
    if not others:
        return
    own, mean = lengths[best], sum(others) / len(others)
    if abs(own - mean) < LENGTH_LETTERS:
        return
    word = ""
    if own > max(others) and own > LENGTH_RATIO * mean:
        word = "panjang"
    elif own < min(others) and own * LENGTH_RATIO < mean:
        word = "pendek"
    if word:
        letter = ascii_uppercase[best]
        name = "Kunci" if item.key else "Pilihan bernilai tertinggi"
        yield Concern(
            Severity.BERAT,
            f"opsi {letter}",
            f"{name} paling {word}: {own} huruf, yang lain rata-rata {mean:.0f}.",
            "Samakan panjangnya: rapikan pilihan ini atau lengkapi pengecohnya.",
        )


def _negative(item: ItemContent) -> Iterator[Concern]:
    said = sentences(_EMPHASISED.sub(" ", item.stem))
    for sentence in [one for one in said if one.rstrip('"”’)').endswith("?")] or said[-1:]:
        found = _NEGATIVE.search(sentence)
        if found:
            word = next(filter(None, found.groups()))
            yield Concern(
                Severity.SEDANG,
                "soal",
                f"Pertanyaan negatif tanpa penegasan: “{word}”.",
                f"Ubahlah menjadi pertanyaan positif, atau tegaskan: **{word}**.",
            )
