"""How good is each item as the next one? One criterion a file, larger is always better.

A criterion takes Known, what is known of J persons, and the ItemTables of I items, and returns
(J, I) in the units that its file names. It raises BadInput for what does not fit together; see
`contract`.

A person's scores are the same to the last bit alone and in any cohort. Those of
`posterior_information`, `likelihood_information`, `expected_posterior_variance`,
`closest_difficulty`, `stratified` and `random_item` are also the same on every machine; the others
call exp or log, whose last bit is the machine's own, and are for simulation or for rankings made at
publication (docs/decisions/0002).
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from cat.errors import BadInput
from cat.selection.criteria.closest_difficulty import ClosestDifficulty
from cat.selection.criteria.expected_information import ExpectedInformation
from cat.selection.criteria.expected_posterior_variance import ExpectedPosteriorVariance
from cat.selection.criteria.information_at_cut import InformationAtCut
from cat.selection.criteria.kullback_leibler import KullbackLeibler
from cat.selection.criteria.likelihood_information import LikelihoodInformation
from cat.selection.criteria.maximum_information import MaximumInformation
from cat.selection.criteria.posterior_information import PosteriorInformation
from cat.selection.criteria.posterior_kullback_leibler import PosteriorKullbackLeibler
from cat.selection.criteria.progressive import Progressive
from cat.selection.criteria.random_item import RandomItem
from cat.selection.criteria.stratified import Stratified
from cat.selection.known import Criterion

# Each is called by the name of its file.
CRITERIA: dict[str, type] = {
    "closest_difficulty": ClosestDifficulty,
    "expected_information": ExpectedInformation,
    "expected_posterior_variance": ExpectedPosteriorVariance,
    "information_at_cut": InformationAtCut,
    "kullback_leibler": KullbackLeibler,
    "likelihood_information": LikelihoodInformation,
    "maximum_information": MaximumInformation,
    "posterior_information": PosteriorInformation,
    "posterior_kullback_leibler": PosteriorKullbackLeibler,
    "progressive": Progressive,
    "random_item": RandomItem,
    "stratified": Stratified,
}


def named(name: str, **parameters: Any) -> Criterion:
    """The criterion of this name with these parameters, the others at their defaults.

    Raises BadInput, listing the names or parameters that there are.
    """
    if not isinstance(name, str) or name not in CRITERIA:
        raise BadInput(
            f"kriteria {name!r} tidak dikenal; yang ada: {', '.join(CRITERIA)}", name=name
        )
    kind = CRITERIA[name]
    known = [field.name for field in fields(kind)]
    if unknown := sorted(set(parameters) - set(known)):
        raise BadInput(
            f"kriteria {name} tidak punya parameter {', '.join(unknown)};"
            f" yang ada: {', '.join(known) or 'tidak ada'}",
            name=name,
            parameters=unknown,
        )
    needed = [field.name for field in fields(kind) if field.default is MISSING]
    if missing := [parameter for parameter in needed if parameter not in parameters]:
        raise BadInput(
            f"kriteria {name} memerlukan parameter {', '.join(missing)}",
            name=name,
            parameters=missing,
        )
    criterion: Criterion = kind(**parameters)
    return criterion
