"""One part of a test as the adaptive step needs it: item tables, limits on content, policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cat.assembly.rows import ConstraintRows
from cat.assembly.shadow_test import ShadowSolver
from cat.errors import BadInput, BadRules
from cat.itembank.blueprint import Blueprint
from cat.itembank.domain_tree import DomainTree
from cat.scoring.tables import INFORMATION_UNIT, ItemTables
from cat.selection.exposure.admission import Admission
from cat.selection.known import Criterion
from cat.selection.policy import COUNTING, Policy
from cat.selection.ranking import THETA_CRITERIA, Ranking, build
from cat.selection.rivals import Rivals

# Under exposure control with rate r_max a ranking keeps this / r_max times the items that it needs
# without: control opens an item to r_max of the people or more.
_SPARE_UNDER_CONTROL = 2.0


@dataclass(frozen=True, eq=False)
class AdaptivePart:
    """One part of an adaptive test.

    code : twk, tiu, tkp or any other name.
    tables : its I items at the quadrature nodes.
    tree, leaf : limits per domain, and the (I,) leaf of each item.
    policy : how items are chosen and when the part ends.
    ranking : items ranked for every belief; None when the policy computes its criterion.
    admission : chances that exposure control opens items; None without control.
    rows : all limits as linear rows, where there are any that the tree cannot express.
    rivals : enemies, where they are the only such limits; shadow tests keep any others.
    seconds : (I,) time that each item is expected to take.
    stream : number of the part in its test, which keeps random draws of parts apart.
    away : (I,) items that nobody who is tested with this part may be given; None for none.
    """

    code: str
    tables: ItemTables
    tree: DomainTree
    leaf: NDArray[np.int64]
    policy: Policy
    ranking: Ranking | None
    admission: Admission | None = None
    rows: ConstraintRows | None = None
    rivals: Rivals | None = None
    seconds: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    stream: int = 0
    away: NDArray[np.bool_] | None = None

    @property
    def longest(self) -> int:
        """Items that the part has at most."""
        return self.tree.length

    @cached_property
    def criterion(self) -> Criterion:
        """The criterion of the policy."""
        return self.policy.make_criterion()

    @cached_property
    def shadow(self) -> ShadowSolver | None:
        """The solver of shadow tests, where limits need one."""
        needed = self.rows is not None and self.rivals is None
        return ShadowSolver(self.rows) if needed and self.rows is not None else None

    @cached_property
    def whole_information(self) -> NDArray[np.float64]:
        """(I, Q) information at each node, 1/logit**2."""
        return np.asarray(self.tables.information * INFORMATION_UNIT)

    def controlled(self, admission: Admission) -> AdaptivePart:
        """The same part under exposure control."""
        return replace(self, admission=admission)


def adaptive_part(
    code: str,
    tables: ItemTables,
    domains: Sequence[str],
    blueprint: Blueprint,
    policy: Policy,
    *,
    rows: ConstraintRows | None = None,
    rivals: Rivals | None = None,
    seconds: NDArray[np.float64] | None = None,
    every_item: bool = False,
    stream: int = 0,
) -> AdaptivePart:
    """Compile one part.

    domains : domain of each item, a dotted path inside the part.
    rows, rivals : limits beyond the blueprint's tree, as in `AdaptivePart`.
    every_item : rank all items, not only as many as a complete test can need; for people who
        cannot be given every item.

    Raises BadInput for an empty bank, BlueprintInfeasible when it cannot fill the blueprint,
    BadRules for a cap by counting where shadow tests are needed: it would empty them unawares.
    """
    if len(tables) == 0:
        raise BadInput(f"{code}: bank kosong, perlu paling sedikit satu butir")
    if len(domains) != len(tables):
        raise BadInput(f"{code}: {len(domains)} domain untuk {len(tables)} butir")
    counts = policy.exposure is not None and policy.exposure.method == COUNTING
    if counts and rows is not None and rivals is None:
        raise BadRules(
            f"{code}: paparan {COUNTING} tidak dapat dipakai bersama tes bayangan; pilih kelayakan"
            " atau sympson_hetter"
        )
    tree = DomainTree.compile(blueprint, domains)
    leaf = tree.leaf_of(domains)
    ranking = None
    if policy.tabulated and (rows is None or rivals is not None):
        listed = tree.stock if every_item else _listed(tree, leaf, policy, rivals)
        basis = "theta" if policy.criterion in THETA_CRITERIA else "belief"
        ranking = build(tables, policy.make_criterion(), basis, leaf, listed)
    times = np.zeros(len(tables)) if seconds is None else np.asarray(seconds, dtype=float)
    return AdaptivePart(
        code, tables, tree, leaf, policy, ranking, None, rows, rivals, times, stream
    )


def _listed(
    tree: DomainTree, leaf: NDArray[np.int64], policy: Policy, rivals: Rivals | None
) -> NDArray[np.int64]:
    """(L,) how many of the best items of each domain decide every choice."""
    needed = tree.most_per_leaf + policy.top
    if rivals is not None:  # any of these may be out because of its enemies
        needed = needed + np.bincount(leaf[rivals.of[:, 0] >= 0], minlength=len(needed))
    plan = policy.exposure
    if plan is not None:
        if plan.method == COUNTING:  # whatever is left when the others are used up
            return tree.stock
        needed = np.ceil(needed * _SPARE_UNDER_CONTROL / plan.r_max).astype(np.int64)
    return np.minimum(tree.stock, needed)
