"""How well does the bank serve a blueprint, and which items does it lack?

Need. Of n items per test in a domain, and a share w of all tests taken by people whose ability
falls in a band, w * n items a test come from that domain and band. Exposure rates of items add up
to the items per test (Chen, Ankenmann & Spray, 2003, Journal of Educational Measurement 40,
129-145); where none may exceed r_max,

    need(domain, band) = ceil(w(band) * n(domain) / r_max).

w is the normal probability of the band: an item informs most near its own difficulty. An enemy
group gives a test at most as many items as it has members that may meet, so that its members count
for less: see `effective_weights`.

Supply of information. With no item above r_max, the most that tests can gain at an ability is the
solution of max sum(x * I) over 0 <= x <= r_max, sum(x) = n: the n / r_max most informative items,
each with weight r_max. Domains make it less; it is a bound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from cat.errors import BadRules
from cat.irt.items import Items, information
from cat.itembank.blueprint import Blueprint
from cat.selection.policy import Policy
from cat.selection.stopping import Precision

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTHS = 12
# Abilities at which information is shown: beyond +-3 hardly anybody is found.
THETA = np.round(np.arange(-3.0, 3.01, 0.25), 2)
_BLOCK = 4096
_ROOM = 1e-9


@dataclass(frozen=True)
class Need:
    """What the need for items is reckoned with.

    target_se : logits, where the stopping rule names none. life_years : of an item in use.
    months : in which a shortage is to be closed. yields : share of drafts that become active.
    low_information : peak information, 1/logit**2, below which an item is hardly ever chosen.
    edges : (B - 1,) rising limits between the B difficulty bands, logits.
    """

    target_se: float
    life_years: float
    months: int
    yields: float
    low_information: float
    edges: tuple[float, ...]

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Need:
        """Read `[kebutuhan]` of the thresholds file; raises BadRules naming key, value, rule."""
        names = {
            "sasaran_se": (0, 3),
            "umur_tahun": (0, 50),
            "bulan_menutup": (0, 120),
            "lolos": (0, 1),
            "informasi_rendah": (0, 10),
        }
        if set(data) != {*names, "pita"}:
            raise BadRules(f"kebutuhan: perlu {sorted({*names, 'pita'})}; tertulis {sorted(data)}")
        for name, (low, high) in names.items():
            value = data[name]
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if not is_number or not low < value <= high:
                raise BadRules(f"kebutuhan.{name}: perlu bilangan dalam ({low}, {high}]; {value!r}")
        edges = tuple(map(float, data["pita"]))
        if not edges or not np.all(np.diff(edges) > 0):
            raise BadRules(f"kebutuhan.pita: perlu batas yang naik; tertulis {data['pita']}")
        return cls(
            target_se=float(data["sasaran_se"]),
            life_years=float(data["umur_tahun"]),
            months=int(data["bulan_menutup"]),
            yields=float(data["lolos"]),
            low_information=float(data["informasi_rendah"]),
            edges=edges,
        )

    @property
    def bands(self) -> int:
        """How many difficulty bands there are."""
        return len(self.edges) + 1

    @property
    def weights(self) -> Floats:
        """(B,) share of a standard normal population in each band."""
        return np.diff(ndtr(np.array([-np.inf, *self.edges, np.inf])))


@dataclass(frozen=True, eq=False)
class Stock:
    """Active items of one part, in bank order; nothing else of the bank counts.

    codes, domains : (I,) domain paths inside the part. items : parameters.
    difficulty : (I,) mean b, logits. calibrated : (I,) whether estimated from answers.
    enemies : pairs of positions that must not meet.
    """

    codes: tuple[str, ...]
    domains: tuple[str, ...]
    items: Items | None
    difficulty: Floats
    calibrated: NDArray[np.bool_]
    enemies: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Cell:
    """One domain and difficulty band. per_test : items a test takes from the whole domain.

    need, stock : items; effective : stock with enemies counted for less. drafts : being written.
    missing : need less effective stock and expected drafts, never below 0.
    monthly : drafts to write this month so that the shortage closes in time.
    """

    domain: str
    band: int
    per_test: float
    need: int
    stock: int
    uncalibrated: int
    effective: float
    drafts: int
    missing: float
    monthly: int


@dataclass(frozen=True, eq=False)
class Health:
    """One part. target : information needed for the target SE, 1/logit**2; se : that SE.

    supply : (T,) most information of a test at THETA under r_max; free : the same without r_max.
    r_max : of the policy, 1 where it has none. cells : domain by domain, band by band.
    refresh : drafts a month that replace items which have lived their years.
    """

    part: str
    length: int
    se: float
    target: float
    r_max: float
    supply: Floats
    free: Floats
    cells: tuple[Cell, ...]
    refresh: float

    @property
    def weak(self) -> list[float]:
        """Abilities at which the target is out of reach."""
        return [float(t) for t, have in zip(THETA, self.supply, strict=True) if have < self.target]


def examine(
    blueprint: Blueprint,
    policy: Policy,
    stock: Stock,
    drafts: Mapping[tuple[str, int], int],
    need: Need,
) -> Health:
    """Hold the stock of a part against its blueprint.

    drafts : (domain, band) -> items not yet active, from draft to trial.
    """
    r_max = policy.exposure.r_max if policy.exposure else 1.0
    precise = [rule.se for rule in policy.stopping.rules if isinstance(rule, Precision)]
    se = min(precise, default=need.target_se)
    free, supply = supplies(stock, blueprint.length, r_max)
    cells = _cells(blueprint, stock, drafts, need, r_max)
    return Health(
        part=blueprint.part,
        length=blueprint.length,
        se=se,
        target=target_information(se),
        r_max=r_max,
        supply=supply,
        free=free,
        cells=cells,
        refresh=sum(cell.need for cell in cells) / (need.life_years * MONTHS * need.yields),
    )


def target_information(se: float) -> float:
    """Information a test must give for a posterior SD of `se` under the standard normal prior,
    whose own information is 1. Never below 0.
    """
    return max(0.0, 1 / se**2 - 1.0)


def supplies(stock: Stock, length: int, r_max: float) -> tuple[Floats, Floats]:
    """(T,) most information of a test of `length` items at THETA: free, and with rates <= r_max."""
    found = np.zeros((2, len(THETA)))
    if stock.items is None or len(stock.codes) == 0:
        return found[0], found[1]
    most = min(len(stock.codes), math.ceil(length / r_max - _ROOM))
    best = np.zeros((0, len(THETA)))
    for begin in range(0, len(stock.codes), _BLOCK):
        block = stock.items.only(np.arange(begin, min(begin + _BLOCK, len(stock.codes))))
        # Only the best so far stay: memory does not grow with the bank.
        together = np.concatenate([best, information(THETA, block).T])
        kept = max(len(together) - most, 0)
        best = np.partition(together, kept, axis=0)[kept:] if kept else together
    best = -np.sort(-best, axis=0)
    found[0] = best[:length].sum(axis=0)
    rates = np.clip(length - r_max * np.arange(len(best)), 0.0, r_max)
    found[1] = rates @ best
    return found[0], found[1]


def per_test(blueprint: Blueprint) -> dict[str, float]:
    """Items of each leaf that a test takes: its share of the reference form, within its bounds."""
    total = sum(blueprint.reference.values())
    bounds = {bound.what: bound for bound in blueprint.bounds}
    found = {}
    for leaf, count in sorted(blueprint.reference.items()):
        share = blueprint.length * count / total
        bound = bounds.get(leaf)
        found[leaf] = min(max(share, bound.minimum), bound.maximum) if bound else share
    return found


def effective_weights(count: int, pairs: Sequence[tuple[int, int]], r_max: float) -> Floats:
    """(I,) what each item counts for beside its enemies, 0 to 1.

    Of a group of m items joined by enmity a test takes at most q that may meet (at least those
    that a greedy choice by fewest enemies finds), so their exposure rates add up to at most
    min(q, m * r_max): as much as min(m, q / r_max) items without enemies.
    """
    weights = np.ones(count)
    rivals: dict[int, set[int]] = {}
    for one, other in pairs:
        rivals.setdefault(one, set()).add(other)
        rivals.setdefault(other, set()).add(one)
    left = set(rivals)
    while left:
        group, waiting = set[int](), [left.pop()]
        while waiting:
            member = waiting.pop()
            group.add(member)
            waiting += rivals[member] - group
        left -= group
        weights[sorted(group)] = min(1.0, _may_meet(group, rivals) / (r_max * len(group)))
    return weights


def band_of(difficulty: Floats, edges: Sequence[float]) -> Ints:
    """(I,) difficulty band of each item, 0 for the easiest."""
    return np.searchsorted(np.asarray(edges), difficulty, side="right")


def _may_meet(group: set[int], rivals: Mapping[int, set[int]]) -> int:
    chosen = set[int]()
    for member in sorted(group, key=lambda each: (len(rivals[each]), each)):
        if not rivals[member] & chosen:
            chosen.add(member)
    return len(chosen)


def _cells(
    blueprint: Blueprint,
    stock: Stock,
    drafts: Mapping[tuple[str, int], int],
    need: Need,
    r_max: float,
) -> tuple[Cell, ...]:
    domain, band = np.array(stock.domains, dtype=str), band_of(stock.difficulty, need.edges)
    weights = effective_weights(len(stock.codes), stock.enemies, r_max)
    cells = []
    for leaf, taken in per_test(blueprint).items():
        for place, share in enumerate(need.weights):
            here = (domain == leaf) & (band == place)
            wanted = math.ceil(share * taken / r_max - _ROOM)
            effective, coming = float(weights[here].sum()), drafts.get((leaf, place), 0)
            missing = max(0.0, wanted - effective - need.yields * coming)
            cells.append(
                Cell(
                    domain=leaf,
                    band=place,
                    per_test=taken,
                    need=wanted,
                    stock=int(here.sum()),
                    uncalibrated=int((here & ~stock.calibrated).sum()),
                    effective=effective,
                    drafts=coming,
                    missing=missing,
                    monthly=math.ceil(missing / need.months / need.yields - _ROOM),
                )
            )
    return tuple(cells)
