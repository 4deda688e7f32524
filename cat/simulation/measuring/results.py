"""What a finished study of one part hands over to be measured, and the checks at that door."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# What an estimate is compared with: the ability that a simulee was given, the estimate from all
# answers of a real person (post-hoc simulation), or nothing.
Truth = Literal["true", "full_bank", "none"]
NOT_PRESENTED = -1


@dataclass(frozen=True)
class Limit:
    """One linear rule of the blueprint: lower <= weights of the items of a test <= upper.

    name : readable, in the language of the report.
    lower, upper : bounds, both included; -inf and inf where there is none.
    weights : (I,) what each item adds: 1 for a member of a domain, words for a word count.
    """

    name: str
    lower: float
    upper: float
    weights: Floats


@dataclass(frozen=True)
class Cut:
    """A threshold that decides about people: reached when the figure is at or above `value`.

    name : readable, such as "Ambang batas umum".
    scale : what is compared with it, the nilai (points) or theta (logits).
    """

    name: str
    value: float
    scale: Literal["nilai", "theta"] = "nilai"


@dataclass(frozen=True)
class PartFacts:
    """What is the same for every simulee of one part.

    part, title : short code and readable name, "tiu" and "Tes Intelegensia Umum".
    codes, domains : (I,) code and content domain of each item of the bank.
    truth : what `PartResults.theta` is.
    reasons : stopping reasons, readable; `PartResults.reason` holds positions in it.
    limits : linear rules of the blueprint, recounted here from the items given.
    other_limits : sentences of the hard rules that `PartResults.broken` counts.
    cuts : thresholds at which decisions about people are compared with the truth.
    exposure_limit : greatest share of people who may see one item, 0 to 1, if the policy has one.
    target_se : standard error that the policy aims at, logits, if it has one.
    nodes, information : (Q,) abilities, logits, and (I, Q) Fisher information there, 1/logit**2;
        give both to draw the least SE that the bank allows.
    prior_variance : of the ability prior, logits**2, when theta_hat uses one (EAP, MAP).
    """

    part: str
    title: str
    codes: tuple[str, ...]
    domains: tuple[str, ...]
    truth: Truth
    reasons: tuple[str, ...] = ("panjang tetap",)
    limits: tuple[Limit, ...] = ()
    other_limits: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = ()
    exposure_limit: float | None = None
    target_se: float | None = None
    nodes: Floats | None = None
    information: Floats | None = None
    prior_variance: float | None = None


@dataclass(frozen=True)
class PartResults:
    """Some simulees of one part, a row each; a study is any number of these, in person order.

    theta_hat, se : (J,) estimate and its standard error, logits, se > 0.
    items : (J, n) positions in the bank in the order given, -1 where nothing was presented.
    theta : (J,) the truth that `PartFacts.truth` names; None when that is "none".
    reason : (J,) position in `PartFacts.reasons`; None means the first one for everybody.
    broken : (J,) hard rules broken beyond `PartFacts.limits` (stimulus sets and the like).
    nilai, nilai_true : (J,) points from theta_hat and from theta; both or neither.
    step_seconds : (S,) time of each step of one person, seconds; any number of them.
    """

    theta_hat: Floats
    se: Floats
    items: Ints
    theta: Floats | None = None
    reason: Ints | None = None
    broken: Ints | None = None
    nilai: Floats | None = None
    nilai_true: Floats | None = None
    step_seconds: Floats | None = None

    def __len__(self) -> int:
        return len(self.theta_hat)


def check_facts(facts: PartFacts) -> None:
    """Refuse facts that contradict each other; raises BadInput naming the part and the rule."""
    bank = len(facts.codes)
    if bank == 0 or len(facts.domains) != bank:
        raise BadInput(
            f"{facts.part}: one domain per item; got {bank} items, {len(facts.domains)} domains"
        )
    if not facts.reasons or len(set(facts.reasons)) < len(facts.reasons):
        raise BadInput(
            f"{facts.part}: reasons must be one or more different names; got {facts.reasons}"
        )
    if facts.cuts and facts.truth == "none":
        raise BadInput(f"{facts.part}: cuts need a truth to be compared with; truth is 'none'")
    for limit in facts.limits:
        if np.shape(limit.weights) != (bank,):
            raise BadInput(
                f"{facts.part}, limit {limit.name!r}: weights must have shape ({bank},);"
                f" got {np.shape(limit.weights)}"
            )
    if (facts.nodes is None) != (facts.information is None):
        raise BadInput(f"{facts.part}: nodes and information come together; got one of them")
    if facts.nodes is not None and facts.information is not None:
        expected = (bank, len(facts.nodes))
        if facts.information.shape != expected:
            raise BadInput(
                f"{facts.part}: information must have shape {expected};"
                f" got {facts.information.shape}"
            )
    if facts.exposure_limit is not None and not 0 < facts.exposure_limit <= 1:
        raise BadInput(
            f"{facts.part}: exposure_limit must lie in (0, 1]; got {facts.exposure_limit}"
        )


def check_results(facts: PartFacts, results: PartResults) -> None:
    """Refuse results that do not fit the facts; raises BadInput naming the place and the value."""
    persons = len(results)
    if results.items.ndim != 2 or len(results.items) != persons:
        raise BadInput(
            f"{facts.part}: items must have shape ({persons}, n); got {results.items.shape}"
        )
    if not np.issubdtype(results.items.dtype, np.signedinteger):
        raise BadInput(f"{facts.part}: items must be signed integers; got {results.items.dtype}")
    for field in fields(results):
        column = getattr(results, field.name)
        if column is None or field.name in ("items", "step_seconds"):
            continue
        if column.shape != (persons,):
            raise BadInput(
                f"{facts.part}: {field.name} must have shape ({persons},); got {column.shape}"
            )
        _refuse_where(facts, field.name, column, ~np.isfinite(column), "be finite")
    if (results.theta is None) != (facts.truth == "none"):
        raise BadInput(f"{facts.part}: theta must be given exactly when truth is not 'none'")
    if (results.nilai is None) and any(cut.scale == "nilai" for cut in facts.cuts):
        raise BadInput(f"{facts.part}: a cut on nilai needs nilai; got none")
    if (results.nilai is None) != (results.nilai_true is None):
        raise BadInput(f"{facts.part}: nilai and nilai_true come together; got one of them")
    _refuse_where(facts, "se", results.se, results.se <= 0, "be above 0")
    bank = len(facts.codes)
    outside = (results.items < NOT_PRESENTED) | (results.items >= bank)
    _refuse_where(facts, "items", results.items, outside, f"lie in -1..{bank - 1}")
    if results.reason is not None:
        last = len(facts.reasons) - 1
        outside = (results.reason < 0) | (results.reason > last)
        _refuse_where(facts, "reason", results.reason, outside, f"lie in 0..{last}")


def _refuse_where(
    facts: PartFacts,
    name: str,
    column: NDArray[np.number],
    wrong: NDArray[np.bool_],
    rule: str,
) -> None:
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise BadInput(f"{facts.part}: {name} must {rule}; person {place[0]} has {column[place]}")
