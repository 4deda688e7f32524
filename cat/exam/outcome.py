"""What a sitting comes to: theta and nilai per part, and the competency profile."""

from __future__ import annotations

from dataclasses import dataclass

from cat.exam.state import State
from cat.scoring import scale
from cat.scoring.profile import DomainScore, domain_score
from cat.selection.progress import estimate
from cat.selection.published import adaptive_parts
from cat.selection.stopping import Reason


@dataclass(frozen=True)
class PartOutcome:
    """The outcome of one part.

    theta, se : EAP ability and posterior standard deviation, logits.
    nilai, nilai_se : points on the reference form of legal length; `maximum` is its full mark.
    answered, length : items answered, and items that the part has.
    reason : number of the `Reason` why the part ended; 0 when it was broken off.
    """

    part: str
    theta: float
    se: float
    nilai: int
    nilai_se: float
    maximum: int
    answered: int
    length: int
    reason: int


def outcome(state: State) -> tuple[PartOutcome, ...]:
    """The outcome of every part, in the order of the pool; parts never reached included."""
    return tuple(_part_outcome(state, position) for position in range(len(state.pool.parts)))


def profile(state: State) -> dict[str, dict[str, DomainScore]]:
    """Scores per domain: part code -> domain path inside the part -> score."""
    return {
        part.part: {
            domain: _domain_score(state, position, leaf)
            for leaf, domain in enumerate(part.tree.leaves)
        }
        for position, part in enumerate(state.pool.parts)
    }


def _domain_score(state: State, position: int, leaf: int) -> DomainScore:
    part = state.pool.parts[position]
    given = [a for a in state.answers_in(position) if part.leaf[a.item] == leaf]
    likelihood = part.tables.likelihood[[a.item for a in given], [a.category for a in given]]
    members = [place for place, item in enumerate(part.reference) if part.leaf[item] == leaf]
    return domain_score(likelihood, part.tables.quadrature, part.reference_form.only(members))


def _part_outcome(state: State, position: int) -> PartOutcome:
    part = state.pool.parts[position]
    theta, se = (
        float(x[0])
        for x in estimate(adaptive_parts(state.pool)[position], state.progress(position))
    )
    answered, length = len(state.answers_in(position)), part.blueprint.length
    reason = Reason.GOING_ON
    if position < len(state.endings):
        reason, length = state.endings[position], answered  # ended by its own rules: complete
    form = part.reference_form
    return PartOutcome(
        part=part.part,
        theta=theta,
        se=se,
        nilai=scale.nilai(theta, form, answered, length),
        nilai_se=scale.nilai_se(theta, se, form, answered, length),
        maximum=form.maximum,
        answered=answered,
        length=length,
        reason=int(reason),
    )
