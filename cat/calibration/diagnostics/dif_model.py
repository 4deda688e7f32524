"""DIF by the model: does an item need curves of its own in each group?

The studied item is split in two, one for each group, all other items holding the scale together;
twice the gain in log-likelihood is a chi-square with as many degrees of freedom as the item has
parameters. Thissen, Steinberg & Wainer (1993), in Holland & Wainer, Differential Item
Functioning, 67-113. How much the curves differ is said in points: the area between them as the
focal group would meet it (Raju, 1988, Psychometrika 53, 495-502, with the focal group's density
for weight: Wainer, 1993, ibid. 123-135). Works with answers missing by design.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from cat.calibration.answers import Answers
from cat.calibration.diagnostics.fitted import category_chances
from cat.calibration.em import calibrate
from cat.calibration.estimates import Calibrated, Estimate
from cat.calibration.population import population
from cat.calibration.spec import Models, Priors, models_of
from cat.errors import BadInput

Floats = NDArray[np.float64]

FEWEST_ANSWERS = 100


@dataclass(frozen=True)
class ModelDif:
    """x2, df, p : likelihood ratio against one curve for both groups.

    signed : expected points of the focal group under its own curve minus those under the
        reference group's, averaged over the focal group; unsigned : the same of the sizes.
    reference, focal : the two curves. refused : why there is no figure, in Indonesian.
    """

    item: str
    x2: float
    df: int
    p: float
    signed: float
    unsigned: float
    reference: Estimate | None
    focal: Estimate | None
    refused: str | None


def likelihood_ratio_dif(
    answers: Answers,
    models: Models,
    *,
    items: Collection[str] | None = None,
    anchors: Collection[str] | None = None,
    priors: Priors | None = None,
    tolerance: float = 1e-5,
    fewest: int = FEWEST_ANSWERS,
) -> tuple[ModelDif, ...]:
    """Test items between the two groups of the answers; the first is the reference.

    items : to be tested, all unless given. anchors : items that are kept besides the studied one,
    all unless given; leaving out items known to differ keeps them from hiding others.
    fewest : answers to the item that each group must have given.

    Raises BadInput unless there are two groups, or where the run cannot be made.
    """
    if len(answers.groups) != 2:
        raise BadInput(
            f"DIF compares two groups; the answers have {len(answers.groups)}", rule="group"
        )
    chosen = dict(zip(answers.items, models_of(models, answers.items), strict=True))
    wanted = answers.items if items is None else tuple(items)
    kept = set(answers.items if anchors is None else anchors)
    whole: dict[frozenset[str], Calibrated] = {}
    found = []
    for item in wanted:
        names = [name for name in answers.items if name in kept or name == item]
        part = answers.only_items(names)
        key = frozenset(names)
        if key not in whole:
            whole[key] = calibrate(
                part,
                {name: chosen[name].value for name in names},
                priors=priors,
                tolerance=tolerance,
                standard_errors="none",
            )
        why = _refusal(part, item, fewest)
        found.append(
            _refused(item, why)
            if why
            else _tested(part, item, chosen, whole[key], priors, tolerance)
        )
    return tuple(found)


def _tested(
    part: Answers,
    item: str,
    models: Mapping[str, str],
    together: Calibrated,
    priors: Priors | None,
    tolerance: float,
) -> ModelDif:
    divided, names = _split(part, item)
    apart = calibrate(
        divided,
        {name: str(models[item if name in names else name]) for name in divided.items},
        priors=priors,
        tolerance=tolerance,
        standard_errors="none",
    )
    reference, focal = apart.get_item(names[0]), apart.get_item(names[1])
    x2 = max(0.0, 2 * (apart.log_posterior - together.log_posterior))
    df = apart.free_parameters - together.free_parameters
    difference, weight = _difference(apart, reference, focal)
    return ModelDif(
        item=item,
        x2=x2,
        df=df,
        p=float(chdtrc(df, x2)),
        signed=float(difference @ weight),
        unsigned=float(np.abs(difference) @ weight),
        reference=reference,
        focal=focal,
        refused=None,
    )


def _refusal(part: Answers, item: str, fewest: int) -> str | None:
    """Why the item cannot be compared between the groups, if so."""
    counts = _counts(part, item)
    if counts.sum(axis=1).min() < fewest:
        return f"hanya {counts.sum(axis=1).min():g} jawaban dari satu kelompok; perlu {fewest}"
    chosen = counts.sum(axis=0) > 0
    if chosen.sum() < 2 or not (counts > 0)[:, chosen].all():
        return "ada kategori yang tidak pernah dipilih satu kelompok; kurvanya tak terbandingkan"
    return None


def _refused(item: str, why: str) -> ModelDif:
    nan = float("nan")
    return ModelDif(item, nan, 0, nan, nan, nan, None, None, why)


def _counts(part: Answers, item: str) -> Floats:
    """(2, K) answers of each group in each category."""
    here = part.item == part.items.index(item)
    group = part.group[part.person[here]]
    width = int(part.categories[part.items.index(item)])
    flat = np.bincount(group * width + part.category[here], minlength=2 * width)
    return flat.reshape(2, width).astype(float)


def _split(part: Answers, item: str) -> tuple[Answers, tuple[str, str]]:
    """The same answers, the studied item being another one for the focal group."""
    place = part.items.index(item)
    names = (item, f"{item} [{part.groups[1]}]")
    is_focal = (part.item == place) & (part.group[part.person] == 1)
    divided = Answers.of_long(
        part.person,
        np.where(is_focal, len(part.items), part.item),
        part.category,
        items=[*part.items, names[1]],
        persons=part.persons,
        group=[part.groups[g] for g in part.group],
        weight=part.weight,
        categories=np.append(part.categories, part.categories[place]),
    )
    return divided, names


def _difference(apart: Calibrated, reference: Estimate, focal: Estimate) -> tuple[Floats, Floats]:
    """(Q,) difference of expected points at the focal group's nodes, and their weights."""
    people = apart.groups[1]
    nodes = population(apart.quadrature, people.mean, float(np.log(people.sd)))
    points = [
        np.arange(len(one.counts)) @ category_chances(one, nodes.theta)
        for one in (reference, focal)
    ]
    return points[1] - points[0], np.exp(nodes.log_prior)
