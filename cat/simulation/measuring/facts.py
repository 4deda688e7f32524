"""From a study and its chunks to what is measured: facts of each part, results of each chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from cat.scoring import scale
from cat.scoring.scale import ReferenceForm
from cat.selection import stopping
from cat.selection.stopping import Reason
from cat.simulation.measuring.limits import Promises
from cat.simulation.measuring.results import PartFacts, PartResults
from cat.simulation.running.chunks import ChunkResult
from cat.simulation.study.study import Study
from cat.simulation.study.study_part import StudyPart

Floats = NDArray[np.float64]


def part_facts(study: Study, part: StudyPart) -> PartFacts:
    """What is the same for every person of one part."""
    adaptive = part.adaptive
    quadrature, exposure = adaptive.tables.quadrature, adaptive.policy.exposure
    mean = float(quadrature.weights @ quadrature.nodes)
    rules = adaptive.policy.stopping.rules
    promises = Promises(adaptive, study.is_post_hoc)
    return PartFacts(
        part=part.code,
        title=part.title,
        codes=part.codes,
        domains=part.domains,
        truth="full_bank" if study.is_post_hoc else "true",
        reasons=tuple(reason.text for reason in Reason),
        limits=promises.amounts,
        other_limits=promises.others,
        cuts=part.cuts,
        exposure_limit=exposure.r_max if exposure else None,
        target_se=min((r.se for r in rules if isinstance(r, stopping.Precision)), default=None),
        nodes=quadrature.nodes,
        information=adaptive.whole_information,
        prior_variance=float(quadrature.weights @ (quadrature.nodes - mean) ** 2),
    )


def part_results(
    study: Study, position: int, chunks: Iterable[ChunkResult]
) -> Iterator[PartResults]:
    """The people of one part, chunk by chunk. position : of the part in the study."""
    part = study.parts[position]
    promises, first = Promises(part.adaptive, study.is_post_hoc), 0
    for chunk in chunks:
        run = chunk.runs[position]
        theta = study.theta[first : first + len(run.theta), position]
        first += len(run.theta)
        yield PartResults(
            theta_hat=run.theta,
            se=run.se,
            items=run.items.astype(np.int64),
            theta=theta,
            reason=run.reason.astype(np.int64),
            broken=promises.others_broken(run.items),
            nilai=None if part.form is None else nilai(run.theta, part.form),
            nilai_true=None if part.form is None else nilai(theta, part.form),
        )


def nilai(theta: Floats, form: ReferenceForm) -> Floats:
    """Whole points (J,) of people who finished the part, halves rounded up as in `scale.nilai`."""
    return np.floor(scale.expected_points(theta, form) + 0.5)
