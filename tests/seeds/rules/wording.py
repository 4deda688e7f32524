"""Do a sentence and its formula look alike? Crude signs that both say the same."""

from __future__ import annotations

OPENINGS = {"setiap": "semua", "hanya": "semua"}


def shape_of_sentence(sentence: str) -> tuple[str, int]:
    """Quantifier or "jika" that opens an Indonesian sentence, and how many negations it has."""
    words = sentence.lower().replace(",", " ").rstrip(".").split()
    opening = OPENINGS.get(words[0], words[0])
    return _opening(opening), sum(word in {"tidak", "bukan", "tanpa"} for word in words)


def shape_of_formula(formula: str) -> tuple[str, int]:
    """The same of a formula, where "!" negates as well."""
    words = formula.lower().split()
    return _opening(words[0]), sum(word in {"tidak", "bukan"} for word in words) + formula.count(
        "!"
    )


def _opening(word: str) -> str:
    return word if word in {"semua", "sebagian", "tidak", "jika"} else "lainnya"
