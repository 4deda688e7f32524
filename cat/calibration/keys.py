"""Is the key the right one? Which option do those choose who do well on everything else?

A wrong key leaves an item that measures nothing or the contrary, while one of its "distractors"
rises with ability as a key should.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cat.calibration.answer_checks import check_names
from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GROUPS = 5
# Standard errors. Distractors fall with ability; that one rises by chance must be ruled out over
# hundreds of options, and that it then beats the key as well is an event of its own.
_RISES, _DIFFERS = 3.0, 2.0


@dataclass(frozen=True)
class OptionTrace:
    """How one option behaves.

    option : its number. count, share : of all who were shown the item, omits included.
    correlation : point-biserial with the score on the other items; NaN where undefined.
    mean_rest : mean score on the others of those who chose it, standard deviations from the mean.
    trace : (GROUPS,) share who chose it, from the weakest fifth to the strongest.
    """

    option: int
    count: int
    share: float
    correlation: float
    mean_rest: float
    trace: tuple[float, ...]


@dataclass(frozen=True)
class KeyFinding:
    """One item's options in order. proposed : the option that behaves as the key should and
    clearly more so than the key itself; None where the key stands."""

    item: str
    key: int
    proposed: int | None
    options: tuple[OptionTrace, ...]


def check_keys(
    items: Sequence[str], options: ArrayLike, key: Mapping[str, int], omitted: Sequence[int] = (0,)
) -> tuple[KeyFinding, ...]:
    """Judge the key of every item by the answers to all the others.

    options : (J, I) number of the option chosen; -1 or NaN where the item was not presented.
    key : item -> number of the option that is keyed.
    omitted : numbers that mean "seen, not answered": wrong, and never proposed as key.

    Raises BadInput, whose evidence holds `rule` (shape, key) and `item`.
    """
    names = check_names(items)
    chosen = _checked(names, options, key)
    keys = np.array([key[name] for name in names])
    shown = chosen >= 0
    right = shown & (chosen == keys)
    # Deviations from each item's mean, so that persons who saw other items can be compared.
    easy = right.sum(axis=0) / np.maximum(shown.sum(axis=0), 1)
    gained = np.where(shown, right - easy, 0.0)
    total, seen = gained.sum(axis=1), shown.sum(axis=1)
    return tuple(
        _judged(
            name,
            int(keys[i]),
            chosen[shown[:, i], i],
            ((total - gained[:, i]) / np.maximum(seen - 1, 1))[shown[:, i]],
            omitted,
        )
        for i, name in enumerate(names)
    )


def _checked(names: tuple[str, ...], options: ArrayLike, key: Mapping[str, int]) -> Ints:
    given = np.asarray(options, dtype=float)
    if given.ndim != 2 or given.shape[1] != len(names):
        raise BadInput(
            f"options must be (persons, {len(names)}); got {given.shape}",
            rule="shape",
            value=str(given.shape),
        )
    for name in names:
        if name not in key:
            raise BadInput(f"item {name} has no key", rule="key", item=name)
    return np.where(np.isnan(given), -1, given).astype(np.int64)


def _judged(item: str, key: int, chosen: Ints, rest: Floats, omitted: Sequence[int]) -> KeyFinding:
    z = (rest - rest.mean()) / rest.std() if len(rest) and rest.std() > 0 else np.zeros(len(rest))
    fifth = np.minimum(GROUPS * np.argsort(np.argsort(z, kind="stable")) // max(len(z), 1), 4)
    candidates = sorted({key, *np.unique(chosen).tolist()} - set(omitted))
    traces = [_trace(option, chosen == option, z, fifth) for option in candidates]
    own = next(trace for trace in traces if trace.option == key)
    rivals = [trace for trace in traces if trace.option != key and _beats(trace, own, len(chosen))]
    best = max(rivals, key=lambda trace: trace.correlation, default=None)
    return KeyFinding(item, key, best.option if best else None, tuple(traces))


def _beats(rival: OptionTrace, own: OptionTrace, persons: int) -> bool:
    """Whether an option rises with ability, and more so than the key.

    Under no relation the two correlations with one score differ with variance 2 (1 - rho) /
    persons, rho < 0 being the correlation of choosing one option with choosing the other.
    """
    if not np.isfinite(rival.correlation):
        return False
    keyed = own.correlation if np.isfinite(own.correlation) else 0.0
    odds = [trace.share / (1 - trace.share) for trace in (rival, own)]
    spread = np.sqrt(2 * (1 + np.sqrt(odds[0] * odds[1])) / persons)
    return bool(
        rival.correlation > _RISES / np.sqrt(persons)
        and rival.correlation - keyed > _DIFFERS * spread
    )


def _trace(option: int, chose: NDArray[np.bool_], z: Floats, fifth: Ints) -> OptionTrace:
    share = float(chose.mean()) if len(chose) else 0.0
    spread = np.sqrt(share * (1 - share))
    correlation = float((chose - share) @ z / len(z) / spread) if spread > 0 else float("nan")
    size = np.maximum(np.bincount(fifth, minlength=GROUPS), 1)
    return OptionTrace(
        option=option,
        count=int(chose.sum()),
        share=share,
        correlation=correlation,
        mean_rest=float(z[chose].mean()) if chose.any() else float("nan"),
        trace=tuple((np.bincount(fifth[chose], minlength=GROUPS) / size).tolist()),
    )
