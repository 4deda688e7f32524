"""What a calibration says of persons: EAP, its standard deviation, and whole posteriors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan, log

import numpy as np
from numpy.typing import NDArray

from cat.calibration.answer_checks import first_bad
from cat.calibration.answers import Answers
from cat.calibration.estimates import Calibrated, Estimate
from cat.calibration.expectation import cell_table, posteriors
from cat.calibration.item_scores import Kind
from cat.calibration.layout import laid_out
from cat.calibration.plan import KINDS, NO_PARAMETER, Batch, Plan, numbered
from cat.calibration.population import population
from cat.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Posterior:
    """A block of persons of one group who have answers.

    person : (B,) positions. theta : (Q,) nodes. belief : (B, Q), adding to 1.
    log_likelihood : (B,) of each person's answers, natural logarithm.
    """

    person: Ints
    theta: Floats
    belief: Floats
    log_likelihood: Floats


@dataclass(frozen=True)
class Abilities:
    """theta : (J,) EAP, logits. sd : (J,) of the posterior. Without answers, the group's own."""

    theta: Floats
    sd: Floats


def abilities(calibrated: Calibrated, answers: Answers) -> Abilities:
    """EAP of every person, under the estimates and the groups' normal distributions.

    answers : those of the calibration or others to the same items, of the same groups.
    Raises BadInput. Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444.
    """
    own = {group.name: group for group in calibrated.groups}
    _check(calibrated, answers)
    groups = [own[name] for name in answers.groups]
    theta = np.array([group.mean for group in groups])[answers.group]
    sd = np.array([group.sd for group in groups])[answers.group]
    for block in person_posteriors(calibrated, answers):
        mean = block.belief @ block.theta
        theta[block.person] = mean
        spread = (block.theta - mean[:, None]) ** 2
        sd[block.person] = np.sqrt((block.belief * spread).sum(axis=1))
    return Abilities(theta, sd)


def person_posteriors(calibrated: Calibrated, answers: Answers) -> Iterator[Posterior]:
    """Posteriors of all who have answers, a block at a time. Raises BadInput."""
    _check(calibrated, answers)
    plan = _plan(calibrated, answers)
    own = {group.name: group for group in calibrated.groups}
    for g, name in enumerate(answers.groups):
        layout = laid_out(answers, plan, g)
        if not len(layout.persons):
            continue
        people = population(calibrated.quadrature, own[name].mean, log(own[name].sd))
        table = cell_table(plan, np.zeros(0), people.theta)
        by_pattern = np.argsort(layout.pattern_of, kind="stable")
        ends = np.cumsum(np.bincount(layout.pattern_of, minlength=len(layout.weight)))
        for rows, likelihood, belief in posteriors(layout, people, table):
            first = ends[rows.start - 1] if rows.start else 0
            who = by_pattern[first : ends[rows.stop - 1]]
            place = layout.pattern_of[who] - rows.start
            yield Posterior(layout.persons[who], people.theta, belief[place], likelihood[place])


def _check(calibrated: Calibrated, answers: Answers) -> None:
    known = {one.item: one for one in calibrated.items}
    for name in answers.items:
        if name not in known:
            raise BadInput(f"item {name} was not calibrated", rule="item", item=name)
    names = {group.name for group in calibrated.groups if not isnan(group.mean)}
    present = np.unique(answers.group[answers.person])
    for g in present:
        if answers.groups[g] not in names:
            raise BadInput(
                f"group {answers.groups[g]!r} was not calibrated", rule="group", value=int(g)
            )


def _plan(calibrated: Calibrated, answers: Answers) -> Plan:
    """The items of these answers with all parameters held. Raises BadInput for new categories."""
    known = {one.item: one for one in calibrated.items}
    own = [known[name] for name in answers.items]
    cell_of, cells = numbered([one.used for one in own], int(answers.categories.max(initial=2)))
    takes_part = np.array([bool(one.used) for one in own])[answers.item]
    unseen = takes_part & (cell_of[answers.item, answers.category] < 0)
    bad = first_bad(unseen)
    if bad is not None:
        name = answers.items[answers.item[bad]]
        raise BadInput(
            f"item {name} was calibrated without category {answers.category[bad]}",
            rule="category",
            item=name,
            value=int(answers.category[bad]),
        )
    alike: dict[tuple[Kind, int], list[int]] = {}
    for i, one in enumerate(own):
        if one.used:
            alike.setdefault((_kind(one), len(one.used)), []).append(i)
    batches = [
        Batch(
            kind=kind,
            items=np.array(members),
            cells=np.array([cell_of[i][list(own[i].used)] for i in members]),
            start=np.array([_values(own[i]) for i in members]),
            free=np.full((len(members), len(_values(own[members[0]]))), NO_PARAMETER),
            shares_slope=False,
        )
        for (kind, _), members in alike.items()
    ]
    return Plan(
        models=tuple(one.model for one in own),
        fixed={},
        used=tuple(one.used for one in own),
        cell_of=cell_of,
        cells=cells,
        batches=tuple(batches),
        group_free=np.full((len(answers.groups), 2), NO_PARAMETER),
        parameters=(),
        start=np.zeros(0),
    )


def _kind(one: Estimate) -> Kind:
    kind = KINDS[one.model]
    return Kind.LOGISTIC if kind is Kind.THREE_PL and isnan(one.logit_c) else kind


def _values(one: Estimate) -> list[float]:
    return [one.a, *one.d, *([] if isnan(one.logit_c) else [one.logit_c])]
