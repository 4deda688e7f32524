"""Everything that is known about one item after a calibration, ready for a verdict and a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cat.calibration.diagnostics.dif import Dif
from cat.calibration.diagnostics.dif_model import ModelDif
from cat.calibration.diagnostics.distractors import Distractors
from cat.calibration.diagnostics.drift import Drift
from cat.calibration.diagnostics.fitted import Fitted
from cat.calibration.diagnostics.item_fit import ItemFit, s_x2
from cat.calibration.diagnostics.local_dependence import LocalDependence, local_dependence
from cat.calibration.estimates import Estimate


@dataclass(frozen=True)
class ItemReview:
    """One item.

    partners : items whose answers depend on this one's, with Q3. dif : by what divides the groups
    ("jenis kelamin"), the comparison of matched persons; model_dif : the one by curves.
    fit, drift, options : None where they were not, or could not be, examined.
    """

    estimate: Estimate
    fit: ItemFit | None = None
    partners: tuple[tuple[str, float], ...] = ()
    dif: Mapping[str, Dif] = field(default_factory=dict)
    model_dif: Mapping[str, ModelDif] = field(default_factory=dict)
    drift: Drift | None = None
    options: Distractors | None = None

    @property
    def item(self) -> str:
        return self.estimate.item


def reviews(
    fitted: Fitted,
    *,
    dif: Mapping[str, Sequence[Dif]] | None = None,
    model_dif: Mapping[str, Sequence[ModelDif]] | None = None,
    drift: Sequence[Drift] = (),
    options: Sequence[Distractors] = (),
    dependence: LocalDependence | None = None,
) -> tuple[ItemReview, ...]:
    """Reviews of all items of the answers, in their order.

    Item fit is always computed; local dependence too unless it is given. The others need what a
    calibration does not know: groups, an earlier calibration, raw options.
    """
    fits = {one.item: one for one in s_x2(fitted)}
    shared = dependence or local_dependence(fitted)
    moved = {one.item: one for one in drift}
    chosen = {one.item: one for one in options}
    matched = {by: {one.item: one for one in found} for by, found in (dif or {}).items()}
    modelled = {by: {one.item: one for one in found} for by, found in (model_dif or {}).items()}
    return tuple(
        ItemReview(
            estimate=one,
            fit=fits[one.item],
            partners=tuple(shared.partners(one.item)),
            dif={by: found[one.item] for by, found in matched.items() if one.item in found},
            model_dif={by: found[one.item] for by, found in modelled.items() if one.item in found},
            drift=moved.get(one.item),
            options=chosen.get(one.item),
        )
        for one in fitted.estimates
    )
