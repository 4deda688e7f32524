"""Does an item work alike in two groups, where everybody answered other items?

Every studied item gets curves of its own in each group while the held items keep the scale; the
difference of its parameters over its covariance is a chi-square (Lord, 1980, Applications of Item
Response Theory to Practical Testing Problems, ch. 14). One run does it for all items at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.fitted import category_chances
from cat.calibration.em import calibrate
from cat.calibration.estimates import Calibrated, Estimate
from cat.calibration.population import population
from cat.calibration.spec import FixedItem, Priors

Floats = NDArray[np.float64]

FEWEST = 100  # answers of each group, as for `cat.calibration.diagnostics.dif_model`
SIGNIFICANCE = 0.01
# A difference of expected points over the highest that is worth a look; a tenth is grave.
_NOTABLE, _GRAVE = 0.05, 0.10


@dataclass(frozen=True)
class Difference:
    """One item. x2, df, p : against equal curves. difference : expected share of points of the
    second group under its own curve less that under the first group's, averaged over the second.

    size : "A" small or chance, "B" notable, "C" grave. refused : why there is no figure.
    """

    item: str
    reference: str
    focal: str
    answers: tuple[int, int]
    x2: float = float("nan")
    df: int = 0
    p: float = float("nan")
    difference: float = float("nan")
    size: str = ""
    refused: str = ""


def differences(
    answers: Answers,
    labels: Sequence[str],
    studied: Mapping[str, str],
    fixed: Sequence[FixedItem],
    priors: Priors,
) -> list[Difference]:
    """Compare the two largest groups.

    labels : (J,) group of each person. studied : item -> model. fixed : held items; none where
    the studied ones are all there is, then nothing is compared.
    """
    names = _two_largest(labels)
    if len(names) < 2 or not fixed:
        return []
    group = np.array([names.index(label) if label in names else -1 for label in labels])
    counts = {item: _counts(answers, group, item) for item in studied}
    fit = [item for item in studied if min(counts[item].sum(axis=1)) >= FEWEST]
    found = {}
    if fit:
        divided = _divided(answers, group, names, fit)
        models = {one.item: one.model.value for one in fixed}
        models |= {_own(item, g): studied[item] for item in fit for g in (0, 1)}
        held = [one for one in fixed if one.item in set(divided.items)]
        run = calibrate(divided, models, priors=priors, fixed=held)
        found = {item: _judged(run, item, names, counts[item]) for item in fit}
    why = f"perlu {FEWEST} jawaban dari setiap kelompok"
    return [
        found.get(item) or Difference(item, *names, _sums(counts[item]), refused=why)
        for item in studied
    ]


def _two_largest(labels: Sequence[str]) -> tuple[str, ...]:
    words, sizes = np.unique(np.array(labels, dtype=object).astype(str), return_counts=True)
    return tuple(words[np.argsort(-sizes, kind="stable")][:2].tolist())


def _own(item: str, group: int) -> str:
    return f"{item} [{group}]"


def _counts(answers: Answers, group: NDArray[np.int64], item: str) -> NDArray[np.int64]:
    """(2, K) answers of each group in each category."""
    place = answers.items.index(item)
    here = answers.item == place
    own = group[answers.person[here]]
    known, width = own >= 0, int(answers.categories[place])
    flat = own[known] * width + answers.category[here][known]
    return np.bincount(flat, minlength=2 * width).reshape(2, width)


def _sums(counts: NDArray[np.int64]) -> tuple[int, int]:
    first, second = counts.sum(axis=1).tolist()
    return first, second


def _divided(
    answers: Answers, group: NDArray[np.int64], names: tuple[str, ...], studied: Sequence[str]
) -> Answers:
    """The answers of both groups, the studied items being different ones in each."""
    places = {answers.items.index(item): item for item in studied}
    items: list[str] = []
    target = np.zeros((2, len(answers.items)), dtype=np.int32)
    for i, name in enumerate(answers.items):
        own = [_own(name, 0), _own(name, 1)] if i in places else [name]
        target[:, i] = [len(items), len(items) + len(own) - 1]
        items += own
    who = group[answers.person]
    there = who >= 0
    persons = np.flatnonzero(group >= 0)
    place = np.full(len(group), -1, dtype=np.int32)
    place[persons] = np.arange(len(persons))
    return Answers.of_long(
        place[answers.person[there]],
        target[who[there], answers.item[there]],
        answers.category[there],
        items=items,
        persons=range(len(persons)),
        group=[names[g] for g in group[persons]],
        weight=answers.weight[persons],
    )


def _judged(
    run: Calibrated, item: str, names: tuple[str, ...], counts: NDArray[np.int64]
) -> Difference:
    first, second = run.get_item(_own(item, 0)), run.get_item(_own(item, 1))
    sums = _sums(counts)
    if not first.b or first.used != second.used:
        why = "ada kategori yang tidak dipilih satu kelompok"
        return Difference(item, *names, sums, refused=why)
    gap = _parameters(second) - _parameters(first)
    together = first.covariance + second.covariance
    if not np.isfinite(together).all() or np.linalg.matrix_rank(together) < len(gap):
        return Difference(item, *names, sums, refused="galat baku tidak ada")
    x2 = float(gap @ np.linalg.solve(together, gap))
    p = float(chdtrc(len(gap), x2))
    size = _expected_difference(run, names[1], first, second)
    grade = "C" if abs(size) >= _GRAVE else "B" if abs(size) >= _NOTABLE else "A"
    return Difference(item, *names, sums, x2, len(gap), p, size, grade if p < SIGNIFICANCE else "A")


def _parameters(one: Estimate) -> Floats:
    guess = [one.logit_c] if np.isfinite(one.logit_c) else []
    return np.array([one.a, *one.d, *guess])


def _expected_difference(run: Calibrated, focal: str, first: Estimate, second: Estimate) -> float:
    people = next(group for group in run.groups if group.name == focal)
    nodes = population(run.quadrature, people.mean, float(np.log(people.sd)))
    chances = [category_chances(one, nodes.theta) for one in (first, second)]
    own, other = (np.arange(len(table)) @ table / (len(table) - 1) for table in reversed(chances))
    return float((own - other) @ np.exp(nodes.log_prior))
