"""The measures of a finished study of one part: plain numbers, ready for JSON and for the report.

    measure(facts, chunks) -> PartMeasures; PartMeasures.to_mapping() -> JSON-safe mapping

Results come in chunks of people, in person order. Only a few numbers per person are kept, and
they are put side by side before anything is computed: any cutting gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.simulation.measuring import recovery
from cat.simulation.measuring.classification import Classification, classify
from cat.simulation.measuring.item_use import BlueprintCheck, Exposure, Lengths, UseTally
from cat.simulation.measuring.recovery import Accuracy, PointsAccuracy, Precision, ThetaGroup
from cat.simulation.measuring.results import (
    PartFacts,
    PartResults,
    Truth,
    check_facts,
    check_results,
)

Floats = NDArray[np.float64]

# Numbers of a person that are kept from every chunk until the end.
_KEPT = ("theta_hat", "se", "theta", "nilai", "nilai_true", "step_seconds")


@dataclass(frozen=True)
class StepTime:
    """Seconds that one step of one person took: median, 95th percentile, greatest, how many."""

    median: float
    p95: float
    most: float
    steps: int


@dataclass(frozen=True)
class PartMeasures:
    """What a study says of one part.

    persons, bank : people and items. truth : what the estimates were compared with.
    accuracy, points : None without a truth, or without nilai.
    groups : along the ability scale. reasons : (stopping reason, people) pairs.
    least_se : (theta, se) of the best test that the bank allows, empty when unknown.
    target_se : of the policy. step_time : None when not given.
    """

    part: str
    title: str
    persons: int
    bank: int
    truth: Truth
    accuracy: Accuracy | None
    precision: Precision
    points: PointsAccuracy | None
    groups: tuple[ThetaGroup, ...]
    exposure: Exposure
    length: Lengths
    reasons: tuple[tuple[str, int], ...]
    blueprint: BlueprintCheck
    classifications: tuple[Classification, ...]
    least_se: tuple[tuple[float, float], ...]
    target_se: float | None
    step_time: StepTime | None

    def to_mapping(self) -> dict[str, Any]:
        """The same as JSON-safe data: field names as keys, lists for tuples, null where undefined.

        Each measured figure is {"value": ..., "mcse": ...}; the fields are documented at the
        dataclasses of this package, and renaming one breaks the files of earlier studies.
        """
        mapping = _plain(asdict(self))
        mapping["reasons"] = dict(self.reasons)
        return dict(mapping)


def measure(facts: PartFacts, chunks: Iterable[PartResults]) -> PartMeasures:
    """Measure a study of one part.

    facts : what is the same for everybody.
    chunks : the people, in person order, in any number of pieces; read once.

    Raises BadInput naming the part, the place and the rule; also when there is nobody.
    """
    check_facts(facts)
    tally = UseTally(facts)
    kept: dict[str, list[Floats]] = {name: [] for name in _KEPT}
    for chunk in chunks:
        check_results(facts, chunk)
        tally.add(chunk)
        for name in _KEPT:
            if (column := getattr(chunk, name)) is not None:
                kept[name].append(column)
    if tally.persons == 0:
        raise BadInput(f"{facts.part}: a study needs at least one person; got none")
    columns = {name: np.concatenate(pieces) for name, pieces in kept.items() if pieces}
    _refuse_columns_of_some(facts, columns, tally.persons)
    return _compose(facts, tally, columns)


def _compose(facts: PartFacts, tally: UseTally, columns: Mapping[str, Floats]) -> PartMeasures:
    theta_hat, se, theta = columns["theta_hat"], columns["se"], columns.get("theta")
    nilai, nilai_true = columns.get("nilai"), columns.get("nilai_true")
    length = tally.length()
    return PartMeasures(
        part=facts.part,
        title=facts.title,
        persons=tally.persons,
        bank=len(facts.codes),
        truth=facts.truth,
        accuracy=None if theta is None else recovery.accuracy(theta, theta_hat, se),
        precision=recovery.precision(se, theta_hat, theta if facts.truth == "true" else None),
        points=(
            None
            if nilai is None or nilai_true is None
            else recovery.points_accuracy(nilai, nilai_true)
        ),
        groups=recovery.theta_groups(theta, theta_hat, se, tally.seen),
        exposure=tally.exposure(),
        length=length,
        reasons=tuple(zip(facts.reasons, tally.reasons.tolist(), strict=True)),
        blueprint=tally.blueprint(),
        classifications=_classifications(facts, columns),
        least_se=recovery.least_se(facts, round(length.mean)),
        target_se=facts.target_se,
        step_time=_step_time(columns.get("step_seconds")),
    )


def _classifications(facts: PartFacts, columns: Mapping[str, Floats]) -> tuple[Classification, ...]:
    scales = {"nilai": ("nilai", "nilai_true"), "theta": ("theta_hat", "theta")}
    found = []
    for cut in facts.cuts:
        estimate, truth = scales[cut.scale]
        found.append(classify(cut, columns[estimate], columns[truth]))
    return tuple(found)


def _step_time(seconds: Floats | None) -> StepTime | None:
    if seconds is None or len(seconds) == 0:
        return None
    return StepTime(
        median=float(np.median(seconds)),
        p95=float(np.quantile(seconds, 0.95)),
        most=float(seconds.max()),
        steps=len(seconds),
    )


def _refuse_columns_of_some(facts: PartFacts, columns: Mapping[str, Floats], persons: int) -> None:
    for name, column in columns.items():
        if name != "step_seconds" and len(column) != persons:
            raise BadInput(
                f"{facts.part}: {name} must be in every chunk or in none;"
                f" got it for {len(column)} of {persons} people"
            )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
