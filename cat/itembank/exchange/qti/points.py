"""What the bank can hold of the scores that response processing gives."""

from __future__ import annotations

from cat.itembank.content import is_keyed
from cat.itembank.exchange.qti.processing import Scoring, responses
from cat.itembank.exchange.report import CannotKeep


def points_of(
    scoring: Scoring, identifiers: list[str], most: int, part: str
) -> tuple[tuple[int, ...], list[str]]:
    """Points of each option, and what is lost on the way, in words.

    most : how many options may be chosen, 0 for any number. part : decides which points are legal.

    Raises CannotKeep naming the scores where the bank has no place for them.
    """
    lost = []
    if blank := scoring.score(()):
        lost.append(f"jawaban kosong bernilai {_said(blank)}; di bank bernilai 0")
    if most == 1:
        scores = [scoring.score((each,)) for each in identifiers]
        points, also = _single(scores, part)
    else:
        points, also = _several(scoring, identifiers, most, part)
    return points, lost + also


def _single(scores: list[float], part: str) -> tuple[tuple[int, ...], list[str]]:
    shown = ", ".join(map(_said, scores))
    if not is_keyed(part):
        if sorted(scores) == [float(n) for n in range(1, len(scores) + 1)]:
            return tuple(int(each) for each in scores), []
        raise CannotKeep(
            f"nilai pilihan {shown}: bagian TKP perlu 1 sampai {len(scores)}, masing-masing sekali"
        )
    best = max(scores)
    if best <= 0 or set(scores) - {0.0, best} or scores.count(best) != 1:
        raise CannotKeep(f"nilai pilihan {shown}: bagian ini perlu tepat satu kunci, lainnya 0")
    lost = [] if best == 1 else [f"skala nilai 0 dan {_said(best)} menjadi 0 dan 1"]
    return tuple(int(each == best) for each in scores), lost


def _several(
    scoring: Scoring, identifiers: list[str], most: int, part: str
) -> tuple[tuple[int, ...], list[str]]:
    if not is_keyed(part):
        raise CannotKeep("bagian TKP menerima satu jawaban; butir ini menerima beberapa")
    scores = {each: scoring.score(each) for each in responses(identifiers, most)}
    best = max(scores.values())
    keys = next(each for each, score in scores.items() if score == best)
    alone = [scores[(each,)] for each in identifiers]
    if best > 0 and all(scores[each] == sum(_of(alone, identifiers, each)) for each in scores):
        worth = max(alone)
        if not set(alone) - {0.0, worth}:
            lost = [] if worth == 1 else [f"nilai {_said(worth)} tiap kunci menjadi 1"]
            return tuple(int(each == worth) for each in alone), lost
    if best > 0 and not set(scores.values()) - {0.0, best}:
        full = [each for each, score in scores.items() if score == best]
        if len(full) == 1:
            rule = "nilai penuh hanya untuk semua kunci sekaligus; bank menyimpan nilai tiap kunci"
            return tuple(int(each in keys) for each in identifiers), [rule]
    raise CannotKeep(
        f"nilai jawaban jamak ({', '.join(map(_said, alone))} untuk pilihan satu per satu) "
        "tidak dapat disimpan sebagai 0 dan 1 tiap pilihan"
    )


def _of(alone: list[float], identifiers: list[str], chosen: tuple[str, ...]) -> list[float]:
    return [alone[identifiers.index(each)] for each in chosen]


def _said(number: float) -> str:
    return f"{number:g}".replace(".", ",")
