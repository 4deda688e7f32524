"""Do equally able persons of two groups answer an item alike? By tables of matched persons.

Right or wrong: Mantel & Haenszel as used by Holland & Thayer (1988), in Wainer & Braun, Test
Validity, 129-145; the delta scale and its classes A, B, C as used at ETS (Dorans & Holland, 1993,
in Holland & Wainer, Differential Item Functioning, 35-66); standardised difference: Dorans &
Kulick (1986), Journal of Educational Measurement 23, 355-368. Ordered categories: Mantel (1963),
Journal of the American Statistical Association 58, 690-700; the standardised mean difference and
its classes: Zwick, Donoghue & Grima (1993), Journal of Educational Measurement 30, 233-251, and
the NAEP rule (Zwick, Thayer & Mazzeo, 1997, Applied Measurement in Education 10, 321-344).

Persons are matched by their sum of points over the matching items, the studied one always among
them. Missing answers: a sum is only comparable among persons who answered the same items, so they
are matched within such sets. In adaptive tests no two persons answer the same items, and matching
goes by ability instead (Zwick, Thayer & Wingersky, 1994, Applied Psychological Measurement 18,
121-140). Weights are not used: a weighted person is no second witness.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.dif_tables import (
    ALPHA,
    EtsClass,
    ets_class,
    mantel,
    odds_ratio,
    smd_class,
)
from cat.calibration.diagnostics.strata import same_items
from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_PERSONS = 50
# Groups of equal size into which abilities are cut; between the 5 of Mantel-Haenszel's first uses
# and the sums of a long test.
ABILITY_GROUPS = 20
_MOST_ROUNDS = 20


@dataclass(frozen=True)
class Dif:
    """One item, focal group against reference.

    x2, p : Mantel-Haenszel (with continuity correction) or Mantel's chi-square, 1 df.
    alpha : common odds ratio of a right answer, reference over focal; NaN for ordered items.
    delta, delta_se : -2.35 ln alpha, below 0 where the item is harder for the focal group, and
        its standard error (Robins, Breslow & Greenland, 1986, Biometrics 42, 311-323).
    p_dif : weighted by the focal group's persons, its mean points minus the reference group's;
        share right for items of two categories.
    effect : p_dif over the standard deviation of the item's points, the size for ordered items.
    ets : A negligible, B moderate, C large. favours : the group for which it is easier, or None.
    reference, focal : persons compared. refused : why there is no figure, in Indonesian.
    """

    item: str
    x2: float
    p: float
    alpha: float
    delta: float
    delta_se: float
    p_dif: float
    effect: float
    ets: EtsClass | None
    favours: str | None
    reference: int
    focal: int
    refused: str | None


def matched_dif(
    answers: Answers,
    focal: NDArray[np.bool_],
    *,
    names: tuple[str, str] = ("acuan", "fokal"),
    taking_part: NDArray[np.bool_] | None = None,
    matching: Collection[str] | None = None,
    ability: Floats | None = None,
    fewest: int = FEWEST_PERSONS,
) -> tuple[Dif, ...]:
    """Every item of the answers in their order.

    focal : (J,) who belongs to the focal group; names : of the reference and the focal group.
    taking_part : (J,) whose group is known; everybody unless given.
    matching : items whose points match persons, all unless given; see `purified_dif`.
    ability : (J,) by which persons are matched instead, in ABILITY_GROUPS groups of equal size.
    fewest : persons that each group must have in the tables of an item.

    Raises BadInput when an argument has another length, or a matching item is unknown.
    """
    focal = np.asarray(focal, dtype=bool)
    known = np.ones(len(focal), bool) if taking_part is None else np.asarray(taking_part, bool)
    _check(answers, focal, known)
    is_matching = _matching(answers, matching)
    match = _by_sum(answers, is_matching) if ability is None else _by_ability(answers, ability)
    order = np.argsort(answers.item, kind="stable")
    ends = np.cumsum(answers.counts)
    found = []
    for i, name in enumerate(answers.items):
        records = order[ends[i] - answers.counts[i] : ends[i]]
        records = records[known[answers.person[records]]]
        who, given = answers.person[records], answers.category[records]
        added = 0 if ability is not None or is_matching[i] else given
        counts = _tables(match.kind[who], match.level[who] + added, given, focal[who])
        found.append(_judged(name, counts, names, fewest))
    return tuple(found)


def purified_dif(
    answers: Answers,
    focal: NDArray[np.bool_],
    *,
    names: tuple[str, str] = ("acuan", "fokal"),
    taking_part: NDArray[np.bool_] | None = None,
    significance: float = ALPHA,
    fewest: int = FEWEST_PERSONS,
) -> tuple[tuple[Dif, ...], int]:
    """The same, items found to differ no longer matching anybody; and the number of rounds.

    Rounds end when one finds the items of the round before. Candell & Drasgow (1988), Applied
    Psychological Measurement 12, 253-260. Where they go in circles the last round counts.
    """
    flagged: frozenset[str] = frozenset()
    found = matched_dif(answers, focal, names=names, taking_part=taking_part, fewest=fewest)
    for number in range(1, _MOST_ROUNDS + 1):
        now = frozenset(one.item for one in found if one.p < significance)
        if now == flagged or len(now) >= len(answers.items) - 1:
            return found, number
        flagged = now
        found = matched_dif(
            answers,
            focal,
            names=names,
            taking_part=taking_part,
            matching=[name for name in answers.items if name not in flagged],
            fewest=fewest,
        )
    return found, _MOST_ROUNDS


def _check(answers: Answers, focal: NDArray[np.bool_], known: NDArray[np.bool_]) -> None:
    persons = len(answers.persons)
    if np.shape(focal) != (persons,) or known.shape != (persons,):
        raise BadInput(
            f"groups must be given for each of {persons} persons; got {np.shape(focal)} and"
            f" {known.shape}",
            rule="group",
        )


def _matching(answers: Answers, names: Collection[str] | None) -> NDArray[np.bool_]:
    if names is None:
        return np.ones(len(answers.items), dtype=bool)
    for name in names:
        if name not in answers.items:
            raise BadInput(f"matching item {name} is not among the answers", rule="item", item=name)
    wanted = set(names)
    return np.array([name in wanted for name in answers.items])


@dataclass(frozen=True)
class _Match:
    """Persons with the same kind and level are compared; both (J,)."""

    kind: Ints
    level: Ints


def _by_sum(answers: Answers, is_matching: NDArray[np.bool_]) -> _Match:
    """Kind: which items a person answered. Level: the sum of points over the matching ones.

    A studied item outside the matching set was answered by all who are compared, so that it
    changes no kind.
    """
    there = is_matching[answers.item]
    who = answers.person[there]
    persons = len(answers.persons)
    level = np.bincount(who, answers.category[there], minlength=persons).astype(np.int64)
    return _Match(same_items(answers, there), level)


def _by_ability(answers: Answers, ability: Floats) -> _Match:
    ability = np.asarray(ability, dtype=float)
    persons = len(answers.persons)
    if ability.shape != (persons,) or not np.isfinite(ability).all():
        raise BadInput(
            f"abilities must be given for each of {persons} persons and be finite;"
            f" got {ability.shape}",
            rule="ability",
        )
    cuts = np.quantile(ability, np.linspace(0, 1, ABILITY_GROUPS + 1)[1:-1])
    return _Match(np.zeros(persons, np.int64), np.searchsorted(cuts, ability, side="right"))


def _tables(kind: Ints, level: Ints, given: Ints, is_focal: NDArray[np.bool_]) -> Floats:
    """(S, 2, K) answers of reference and focal persons in strata where both are."""
    if not len(given):
        return np.zeros((0, 2, 2))
    _, stratum = np.unique(kind * (level.max() + 1) + level, return_inverse=True)
    width = max(int(given.max()) + 1, 2)
    flat = (stratum.ravel() * 2 + is_focal) * width + given
    cells = np.bincount(flat, minlength=(int(stratum.max()) + 1) * 2 * width)
    counts = cells.reshape(-1, 2, width).astype(float)
    return np.asarray(counts[(counts.sum(axis=2) > 0).all(axis=1)])


def _judged(name: str, counts: Floats, names: tuple[str, str], fewest: int) -> Dif:
    size = counts.sum(axis=(0, 2)) if len(counts) else np.zeros(2)
    if size.min() < fewest:
        why = f"hanya {size.min():g} orang dari satu kelompok dapat dipadankan"
        return _refused(name, size, why)
    if (counts.sum(axis=(0, 1)) > 0).sum() < 2:
        return _refused(name, size, "semua orang yang dipadankan menjawab sama")
    return _described(name, counts, size, names)


def _refused(name: str, size: Floats, why: str) -> Dif:
    nan = float("nan")
    return Dif(name, nan, nan, nan, nan, nan, nan, nan, None, None, int(size[0]), int(size[1]), why)


def _described(name: str, counts: Floats, size: Floats, names: tuple[str, str]) -> Dif:
    points = np.arange(counts.shape[2])
    mean = counts @ points / counts.sum(axis=2)
    p_dif = float(counts[:, 1].sum(axis=1) @ (mean[:, 1] - mean[:, 0]) / size[1])
    shares = counts.sum(axis=(0, 1)) / counts.sum()
    spread = float(np.sqrt(shares @ points**2 - (shares @ points) ** 2))
    effect = p_dif / spread
    alpha = delta = se = float("nan")
    if len(points) == 2:
        alpha, delta, se = odds_ratio(counts)
        x2 = mantel(counts, correction=0.5)
        ets = ets_class(delta, se)
    else:
        x2 = mantel(counts)
        ets = smd_class(effect, float(chdtrc(1, x2)))
    easier = names[1] if p_dif > 0 else names[0]
    return Dif(
        item=name,
        x2=x2,
        p=float(chdtrc(1, x2)),
        alpha=alpha,
        delta=delta,
        delta_se=se,
        p_dif=p_dif,
        effect=effect,
        ets=ets,
        favours=easier if ets in ("B", "C") else None,
        reference=int(size[0]),
        focal=int(size[1]),
        refused=None,
    )
