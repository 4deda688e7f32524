"""Clues by which somebody who does not know the answer could find it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase

from cat.itembank.content import ItemContent
from cat.itembank.peringatan.bentuk import best_position
from cat.itembank.peringatan.concern import Concern, Severity
from cat.itembank.peringatan.tulisan import plain, words

SHORTEST_TELLING = 5  # letters; shorter words are mostly particles
ABSOLUTE = ("selalu", "semua", "seluruh", "pasti", "mutlak", "hanya", "satu-satunya", "setiap")
_ABSOLUTE = re.compile(rf"\b(?:{'|'.join(ABSOLUTE)}|tidak pernah|sama sekali)\b", re.IGNORECASE)
# Frequent words that tell nothing of the matter.
_COMMON = (
    "adalah antara apakah bahwa berikut dalam dapat dengan harus karena kepada manakah melalui "
    "menjadi menurut merupakan paling pernyataan sebagai sebuah secara sehingga seorang sesuai "
    "setiap tentang terhadap tersebut untuk yaitu"
)
_NUMBER = re.compile(r"[-−+]?(?:Rp\s*)?[\d.,:/%\s]*\d[\d.,:/%\s]*")
_PREFIXES = ("me", "ber", "di", "ter", "pe", "ke")


def clue_concerns(item: ItemContent) -> Iterator[Concern]:
    """Words of the stem that only the key repeats, absolute distractors, an option out of form."""
    best = best_position(item)
    if best is None or any(not option.strip() for option in item.options):
        return
    letter = ascii_uppercase[best]
    if item.key:
        yield from _repeated(item, best, letter)
        yield from _absolute(item, best)
    yield from _out_of_form(item, best, letter)


def _repeated(item: ItemContent, best: int, letter: str) -> Iterator[Concern]:
    others = {w for k, option in enumerate(item.options) if k != best for w in words(option)}
    shared = set(words(item.stem)) & set(words(item.options[best])) - others - set(_COMMON.split())
    telling = sorted(word for word in shared if len(word) >= SHORTEST_TELLING)
    if telling:
        named = ", ".join(f"“{word}”" for word in telling[:3])
        yield Concern(
            Severity.SEDANG,
            f"opsi {letter}",
            f"Kata di soal hanya terulang pada kunci: {named}.",
            "Gantilah kata itu pada kunci, atau pakai juga pada pengecoh.",
        )


def _absolute(item: ItemContent, best: int) -> Iterator[Concern]:
    marked = [bool(_ABSOLUTE.search(plain(option))) for option in item.options]
    if not marked[best] and sum(marked) >= 2:
        letters = ", ".join(ascii_uppercase[k] for k, is_marked in enumerate(marked) if is_marked)
        yield Concern(
            Severity.SEDANG,
            "opsi",
            f"Kata mutlak (selalu, semua, hanya, dan sejenisnya) hanya pada pengecoh: {letters}.",
            "Lunakkan pengecoh itu; peserta tahu bahwa pilihan mutlak jarang benar.",
        )


def _out_of_form(item: ItemContent, best: int, letter: str) -> Iterator[Concern]:
    texts = [plain(option) for option in item.options]
    if len(texts) < 3 or any("gambar:" in option for option in item.options):
        return
    forms: dict[str, list[bool] | list[str]] = {
        "tanda baca di akhir": [text[-1:] in ".!?;" for text in texts],
        "bilangan atau kata": [bool(_NUMBER.fullmatch(text)) for text in texts],
        "imbuhan kata pertama": [_prefix(text) for text in texts],
    }
    for name, kinds in forms.items():
        others = kinds[:best] + kinds[best + 1 :]
        is_alone = kinds[best] != others[0] and len(set(others)) == 1
        if name == "imbuhan kata pertama":
            is_alone = is_alone and bool(others[0])
        if is_alone:
            yield Concern(
                Severity.SEDANG,
                f"opsi {letter}",
                f"Pilihan terbaik bentuknya lain daripada semua pilihan lain: {name}.",
                "Samakan bentuk semua pilihan.",
            )
        elif name == "tanda baca di akhir" and len(set(kinds)) > 1:
            yield Concern(
                Severity.RINGAN,
                "opsi",
                "Sebagian pilihan berakhir dengan tanda baca, sebagian tidak.",
                "Samakan akhir semua pilihan.",
            )


def _prefix(text: str) -> str:
    """Prefix of the first word where it is long enough to carry one."""
    first = (words(text) or [""])[0]
    return next((p for p in _PREFIXES if first.startswith(p) and len(first) >= len(p) + 4), "")
