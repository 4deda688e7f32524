"""When does a part end? Rules that look at where a person stands after an answer.

Every part has a longest length; a rule may end it earlier, but not before the shortest length nor
before every minimum of the blueprint is met. The first rule that is met names the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadRules

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Reason(IntEnum):
    """Why a part ended. Stored as these numbers; never renumber one."""

    GOING_ON = 0
    LENGTH = 1
    PRECISION = 2
    CLASSIFIED = 3
    LOW_INFORMATION = 4
    TIME = 5
    NO_ITEM = 6

    @property
    def text(self) -> str:
        """The reason in the words that people read."""
        return _TEXT[self]


_TEXT = {
    Reason.GOING_ON: "belum berakhir",
    Reason.LENGTH: "panjang tes tercapai",
    Reason.PRECISION: "ketelitian tercapai",
    Reason.CLASSIFIED: "di atas atau di bawah batas dengan cukup yakin",
    Reason.LOW_INFORMATION: "tidak ada lagi butir yang cukup informatif",
    Reason.TIME: "waktu habis",
    Reason.NO_ITEM: "tidak ada lagi butir yang tersedia",
}


@dataclass(frozen=True)
class Standing:
    """Where J persons stand after an answer.

    answered : (J,) items answered in the part. theta, se : (J,) EAP and posterior SD, logits.
    likelihood : (J, Q) of all answers, each row up to a factor, at the ability `nodes` (Q,).
    seconds : (J,) time that the answered items are expected to take.
    best_information : () -> (J,) information, 1/logit**2, of the best unused item at theta.
    """

    answered: NDArray[np.int64]
    theta: Floats
    se: Floats
    likelihood: Floats
    nodes: Floats
    seconds: Floats
    best_information: Callable[[], Floats]


@dataclass(frozen=True)
class Precision:
    """Ends when the posterior SD is at most `se` logits."""

    se: float
    reason = Reason.PRECISION

    def met(self, standing: Standing) -> Flags:
        return standing.se <= self.se


@dataclass(frozen=True)
class ConfidentlyClassified:
    """Ends when theta lies further than `z` posterior SDs from the cut, logits.

    Kingsbury & Weiss (1983), in Weiss (ed.), New Horizons in Testing, ch. 13.
    """

    cut: float
    z: float
    reason = Reason.CLASSIFIED

    def met(self, standing: Standing) -> Flags:
        return np.asarray(np.abs(standing.theta - self.cut) > self.z * standing.se)


@dataclass(frozen=True)
class SequentialRatio:
    """Wald's sequential probability ratio test of cut + delta against cut - delta, logits.

    alpha : chance of passing somebody at the lower point; beta : of failing one at the upper.

    Reckase (1983), in Weiss (ed.), New Horizons in Testing, ch. 11; Wald (1947), Sequential
    Analysis, section 3.2. Between nodes the log-likelihood is interpolated by a parabola.
    """

    cut: float
    delta: float
    alpha: float
    beta: float
    reason = Reason.CLASSIFIED

    def met(self, standing: Standing) -> Flags:
        high = _log_likelihood(standing, self.cut + self.delta)
        ratio = high - _log_likelihood(standing, self.cut - self.delta)
        passes = ratio >= np.log((1 - self.beta) / self.alpha)
        fails = ratio <= np.log(self.beta / (1 - self.alpha))
        return np.asarray(passes | fails)


@dataclass(frozen=True)
class LowInformation:
    """Ends when no unused item would give more than `floor` information, 1/logit**2, at theta."""

    floor: float
    reason = Reason.LOW_INFORMATION

    def met(self, standing: Standing) -> Flags:
        return standing.best_information() < self.floor


@dataclass(frozen=True)
class TimeLimit:
    """Ends when the answered items are expected to have taken `seconds`."""

    seconds: float
    reason = Reason.TIME

    def met(self, standing: Standing) -> Flags:
        return standing.seconds >= self.seconds


Rule = Precision | ConfidentlyClassified | SequentialRatio | LowInformation | TimeLimit
# What files call each rule, with its fields: name in the file -> name in the class.
KINDS: dict[str, tuple[type[Rule], dict[str, str]]] = {
    "se": (Precision, {"batas": "se"}),
    "selang": (ConfidentlyClassified, {"batas": "cut", "z": "z"}),
    "sprt": (
        SequentialRatio,
        {"batas": "cut", "delta": "delta", "alfa": "alpha", "beta": "beta"},
    ),
    "informasi": (LowInformation, {"batas": "floor"}),
    "waktu": (TimeLimit, {"detik": "seconds"}),
}


@dataclass(frozen=True)
class Stopping:
    """shortest : items before which no rule applies. rules : tried in this order."""

    shortest: int = 1
    rules: tuple[Rule, ...] = ()

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Stopping:
        """Read `{terpendek = 10, aturan = [{jenis = "se", batas = 0.3}]}`; raises BadRules."""
        if unknown := set(data) - {"terpendek", "aturan"}:
            raise BadRules(f"berhenti: kunci tak dikenal {sorted(unknown)}")
        shortest = data.get("terpendek", 1)
        if not isinstance(shortest, int) or shortest < 1:
            raise BadRules(f"berhenti.terpendek: perlu bilangan bulat >= 1; tertulis {shortest!r}")
        return cls(shortest, tuple(_rule(row) for row in data.get("aturan", ())))

    def to_mapping(self) -> dict[str, Any]:
        """The same as plain data."""
        rows = []
        for rule in self.rules:
            kind, fields = next((k, f) for k, (cls, f) in KINDS.items() if isinstance(rule, cls))
            values = {name: getattr(rule, field) for name, field in fields.items()}
            rows.append({"jenis": kind, **values})
        return {"terpendek": self.shortest, "aturan": rows}

    def certain(self, longest: int) -> int:
        """Items that everybody answers who finishes a part of at most `longest` items."""
        return min(self.shortest, longest) if self.rules else longest

    def reasons(self, standing: Standing, longest: int, minimums_met: Flags) -> NDArray[np.int8]:
        """The Reason why each person's part ends now, GOING_ON where it does not.

        longest : items that the part has at most. minimums_met : (J,) whether the blueprint is
            content with the items answered so far.
        """
        found = np.full(len(standing.answered), Reason.GOING_ON, dtype=np.int8)
        if self.rules:
            may_end = (standing.answered >= self.shortest) & minimums_met
            for rule in reversed(self.rules):
                found[may_end & rule.met(standing)] = rule.reason
        found[(standing.answered >= longest) & (found == Reason.GOING_ON)] = Reason.LENGTH
        return found


def _rule(row: Mapping[str, Any]) -> Rule:
    kind = row.get("jenis")
    if kind not in KINDS:
        raise BadRules(f"berhenti.aturan: jenis {kind!r} tidak ada; pilih {', '.join(KINDS)}")
    make, fields = KINDS[kind]
    given = {name: value for name, value in row.items() if name != "jenis"}
    if set(given) != set(fields):
        raise BadRules(f"berhenti.aturan {kind}: perlu {sorted(fields)}; tertulis {sorted(given)}")
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise BadRules(f"berhenti.aturan {kind}.{name}: perlu bilangan; tertulis {value!r}")
        if (kind, name) not in _ANY_SIGN and value <= 0:
            raise BadRules(f"berhenti.aturan {kind}.{name}: perlu lebih dari 0; tertulis {value}")
        if name in ("alfa", "beta") and value >= 0.5:
            raise BadRules(f"berhenti.aturan {kind}.{name}: perlu kurang dari 0,5; ada {value}")
    return make(**{fields[name]: float(value) for name, value in given.items()})


_ANY_SIGN: Sequence[tuple[str, str]] = (("selang", "batas"), ("sprt", "batas"))


def _log_likelihood(standing: Standing, theta: float) -> Floats:
    nodes = standing.nodes
    middle = int(np.clip(np.abs(nodes - theta).argmin(), 1, len(nodes) - 2))
    # The likelihood of an answer pattern is close to a normal density, whose log is a parabola.
    values = np.log(standing.likelihood[:, middle - 1 : middle + 2])
    t = (theta - nodes[middle]) / (nodes[middle + 1] - nodes[middle])
    weights = np.array([t * (t - 1) / 2, 1 - t * t, t * (t + 1) / 2])
    return np.asarray((values * weights).sum(axis=1))
