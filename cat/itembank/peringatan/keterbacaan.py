"""How hard an item is to read, apart from what it asks.

The formulas in use for Indonesian (Fry's graph with syllables times 0.6) need texts of a hundred
words; items are shorter. So sentences are measured by themselves, against bounds of our own choice
(confidence C) by the language level that the writer stated.
"""

from __future__ import annotations

from collections.abc import Iterator

from cat.itembank.content import ItemContent
from cat.itembank.peringatan.concern import Concern, Severity
from cat.itembank.peringatan.tulisan import sentences, words

LONGEST_SENTENCE = {"dasar": 20, "menengah": 28, "lanjut": 35, "": 28}  # words
WORDS_A_MINUTE = 200  # silent reading of an adult, taken low


def reading_concerns(item: ItemContent) -> Iterator[Concern]:
    """Sentences beyond the bound of the language level; more to read than the time allows."""
    bound = LONGEST_SENTENCE.get(item.language_level, LONGEST_SENTENCE[""])
    level = item.language_level or "menengah (belum dipilih)"
    for place, text in (("stimulus", item.stimulus_text), ("soal", item.stem)):
        longest = max((len(words(sentence)) for sentence in sentences(text)), default=0)
        if longest > bound:
            yield Concern(
                Severity.RINGAN if longest <= 1.5 * bound else Severity.SEDANG,
                place,
                f"Ada kalimat {longest} kata; batas tingkat bahasa {level} ialah {bound} kata.",
                "Pecahlah menjadi beberapa kalimat, satu gagasan satu kalimat.",
            )
    reading_seconds = item.words * 60 / WORDS_A_MINUTE
    if item.seconds and reading_seconds > item.seconds:
        yield Concern(
            Severity.SEDANG,
            "detik",
            f"Membaca {item.words} kata saja perlu sekitar {reading_seconds:.0f} detik, "
            f"lebih dari {item.seconds:g} detik yang diperkirakan.",
            "Tambah waktunya atau pendekkan butirnya.",
        )
