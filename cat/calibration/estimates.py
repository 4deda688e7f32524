"""What a calibration found: item by item, group by group, and what to doubt. A proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from cat.calibration.spec import ItemModel, Priors, Quadrature

Floats = NDArray[np.float64]

# Studies of marginal maximum likelihood ask for 250 to 500 answers and more (Harwell & Janosky,
# 1991, Applied Psychological Measurement 15, 279-291; Stone, 1992, ibid. 16, 1-16).
FEWEST_ANSWERS = 200
# Fewer answers than this in one category leave its threshold to a handful of people.
RARE = 10
# A slope beyond this on the scale of the population is a step function: 1000 persons answering
# three items cannot tell 30 from infinity.
STEEPEST = 30.0
# An intercept beyond this means a chance of 1e-13 in the middle of the population.
FARTHEST = 30.0
# A logit of c beyond this is a c of 0 (or 1) to six digits.
FARTHEST_C = 15.0


class Doubt(Enum):
    """Why an item's parameters should not be taken as they stand."""

    NO_ANSWERS = "nobody answered it: left out"
    ALL_SAME = "everybody gave the same answer: it has no finite difficulty and was left out"
    FEW_ANSWERS = f"fewer than {FEWEST_ANSWERS} answers"
    EMPTY_CATEGORY = "a category that nobody chose: the ones around it were joined"
    RARE_CATEGORY = f"a category with fewer than {RARE} answers"
    REVERSED_KEY = "kunci terbalik (reversed key): the slope is negative"
    FLAT = "the slope lies within two standard errors of 0: it may measure nothing"
    SLOPE_RUNS_AWAY = f"the slope grew past {STEEPEST:g} and was stopped there: no estimate"
    INTERCEPT_RUNS_AWAY = f"an intercept grew past {FARTHEST:g} and was stopped: no estimate"
    GUESSING_RUNS_AWAY = "c went to the edge of its range and was stopped there: no estimate"
    OUTSIDE_THE_GRID = "a difficulty lies where nobody of any group does"
    GUESSING_IS_PRIOR = "the answers say next to nothing about c: it is the prior's"
    NO_STANDARD_ERROR = "the information is not positive here: a standard error does not exist"
    NOT_CONVERGED = "the run ended before the estimates stood still"


@dataclass(frozen=True)
class Estimate:
    """Parameters of one item in the conventions of cat.irt, D = 1.

    a : slope. b : difficulty, thresholds (grm) or steps (gpcm, pcm), logits. c : lower asymptote.
    a_se, b_se, c_se : standard errors by the delta method; NaN where held or not to be had.
    d : intercepts that were estimated, logit = a theta + d; b = -d / a. d_se : theirs.
    logit_c, logit_c_se : of 3PL items, else NaN.
    covariance : (P, P) of (a, d..., logit_c), as far as the model has them; 0 where held.
    answers, counts : how many answers, and how many in each category (sums of weights).
    used : which of the categories were estimated; all but the empty ones. b[k] lies between
        used[k] and used[k + 1].
    is_fixed : held, not estimated. doubts : empty where nothing was found, which proves nothing.
    a, b, c, d are NaN or empty for an item that was left out.
    """

    item: str
    model: ItemModel
    a: float
    b: tuple[float, ...]
    c: float
    a_se: float
    b_se: tuple[float, ...]
    c_se: float
    d: tuple[float, ...]
    d_se: tuple[float, ...]
    logit_c: float
    logit_c_se: float
    covariance: Floats
    answers: int
    counts: tuple[float, ...]
    used: tuple[int, ...]
    is_fixed: bool
    doubts: tuple[Doubt, ...]

    @property
    def was_estimated(self) -> bool:
        return not self.is_fixed and bool(self.b)


@dataclass(frozen=True)
class Group:
    """Abilities of one group, taken as normal.

    mean, sd : logits. mean_se, sd_se : NaN where held. persons : with at least one answer.
    moved : of fixed-item runs, (mean - 0, sd / 1): how far it lies from the standard normal
        population to which the fixed items once were calibrated; None in other runs.
    """

    name: str
    persons: int
    mean: float
    sd: float
    mean_se: float
    sd_se: float
    moved: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class Calibrated:
    """One calibration: a proposal, which changes no bank.

    items : I estimates in the order of the answers' items; left-out ones among them.
    log_likelihood : marginal, natural logarithm, without priors. log_posterior : with them.
    cycles : evaluations of the whole likelihood, those that were taken back included.
    converged : whether no EM step moves a parameter by `tolerance` any more; `step` is the last.
    se_method : "oakes" (observed information), "crossprod", "sandwich" or "none".
    covariance : (P, P) of all free parameters; `parameters` names them, P tuples such as
        ("i1", "a"), ("i1", "d1"), ("i1", "logit_c"), ("", "a") for a common slope and
        ("group", "mean" | "log_sd").
    data_sha256 : hash of the answers. software : versions of what computed.
    """

    items: tuple[Estimate, ...]
    groups: tuple[Group, ...]
    log_likelihood: float
    log_posterior: float
    free_parameters: int
    cycles: int
    converged: bool
    step: float
    tolerance: float
    quadrature: Quadrature
    priors: Priors
    se_method: str
    parameters: tuple[tuple[str, str], ...]
    covariance: Floats
    data_sha256: str
    software: Mapping[str, str]

    @property
    def group_means(self) -> Floats:
        """(G,) logits."""
        return np.array([group.mean for group in self.groups])

    @property
    def group_sds(self) -> Floats:
        """(G,) logits."""
        return np.array([group.sd for group in self.groups])

    @property
    def moved(self) -> dict[str, tuple[float, float]]:
        """Group -> (mean, sd) away from (0, 1); empty unless items were fixed."""
        return {group.name: group.moved for group in self.groups if group.moved is not None}

    def get_item(self, name: str) -> Estimate:
        """The estimate of one item; raises KeyError."""
        return {one.item: one for one in self.items}[name]
