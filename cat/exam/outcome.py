"""What a sitting comes to: theta and nilai per part, and the competency profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cat.errors import BadInput
from cat.exam.state import LinearState, State
from cat.itembank.pool import PartPool
from cat.scoring import points, scale
from cat.scoring.profile import DomainScore, domain_score
from cat.scoring.scale import ReferenceForm
from cat.selection.progress import estimate
from cat.selection.published import adaptive_parts


@dataclass(frozen=True)
class PartOutcome:
    """The outcome of one part.

    theta, se : EAP ability and posterior standard deviation, logits.
    nilai, nilai_se : in adaptive mode points on the reference form of legal length, in linear mode
        the raw points of the form that was answered; `maximum` is the full mark.
    answered, length : items answered, and items that the part has.
    reason : number of the `Reason` why the part ended; 0 when it was broken off, or when items of
        a linear part were left empty.
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
    return {part.part: part_profile(state, part.part) for part in state.pool.parts}


def part_profile(state: State, part: str, depth: int | None = None) -> dict[str, DomainScore]:
    """Scores of one part: domain path inside it -> score; empty where the pool has no such part.

    depth : how many steps of a path make a domain; all of them when left out.
    """
    scores = {}
    for position, each in enumerate(state.pool.parts):
        if each.part == part:
            paths = [".".join(path.split(".")[:depth]) for path in each.tree.leaves]
            for domain in dict.fromkeys(paths):
                leaves = [leaf for leaf, path in enumerate(paths) if path == domain]
                scores[domain] = _domain_score(state, position, leaves)
    return scores


def domain_form(state: State, part: str, domain: str) -> ReferenceForm:
    """The items of a part's reference form that belong to a domain. Raises BadInput."""
    for each in state.pool.parts:
        if each.part == part:
            leaves = [
                leaf
                for leaf, path in enumerate(each.tree.leaves)
                if path == domain or path.startswith(f"{domain}.")
            ]
            return _form(each, leaves)
    raise BadInput(f"the pool has no part {part!r}")


def _domain_score(state: State, position: int, leaves: list[int]) -> DomainScore:
    part = state.pool.parts[position]
    given = [a for a in state.answers_in(position) if part.leaf[a.item] in leaves]
    likelihood = part.tables.likelihood[[a.item for a in given], [a.category for a in given]]
    return domain_score(likelihood, part.tables.quadrature, _form(part, leaves))


def _form(part: PartPool, leaves: list[int]) -> ReferenceForm:
    return part.reference_form.only(
        [place for place, item in enumerate(part.reference) if part.leaf[item] in leaves]
    )


def _part_outcome(state: State, position: int) -> PartOutcome:
    part = state.pool.parts[position]
    theta, se = (
        float(x[0])
        for x in estimate(adaptive_parts(state.pool)[position], state.progress(position))
    )
    if isinstance(state, LinearState):
        return _raw(state, position, theta, se)
    answered, length = len(state.answers_in(position)), part.blueprint.length
    if reason := state.ending(position):
        length = answered  # ended by its own rules: complete
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


def _raw(state: LinearState, position: int, theta: float, se: float) -> PartOutcome:
    """The outcome of a part of a linear sitting."""
    part, given = state.pool.parts[position], state.answers_in(position)
    scheme = part.points_per_category, part.base_points
    answered = [answer.item for answer in given]
    form = state.pool.forms[state.terms.form][position]
    return PartOutcome(
        part=part.part,
        theta=theta,
        se=se,
        nilai=points.raw_points([answer.category for answer in given], *scheme),
        nilai_se=points.raw_points_se(theta, _of(part, answered) if given else None),
        maximum=_of(part, form).maximum,
        answered=len(given),
        length=len(form),
        reason=int(state.ending(position)),
    )


def _of(part: PartPool, items: Sequence[int]) -> ReferenceForm:
    """The form made of some items of a part, by position."""
    chosen = part.tables.items.only(list(items))
    return ReferenceForm(chosen, part.points_per_category, part.base_points)
