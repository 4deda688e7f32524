"""How the next item is chosen and when a part ends, as data that a pool carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cat.errors import BadRules
from cat.selection.criteria import named
from cat.selection.known import Criterion
from cat.selection.ranking import BELIEF_CRITERIA, THETA_CRITERIA
from cat.selection.stopping import Stopping

# A cap that counts what others were given: nothing for a live exam, which knows only itself.
COUNTING = "batas_keras"
EXPOSURE_METHODS = ("kelayakan", "sympson_hetter", COUNTING)


@dataclass(frozen=True)
class ExposurePlan:
    """How exposure is to be held down; simulation turns it into chances of admission.

    method : "kelayakan" item eligibility, "sympson_hetter", or "batas_keras" a cap by counting.
    r_max : highest share of people who may see an item, 0 to 1.
    edges : theta limits, logits, between groups that are controlled apart; none for one group.
    fading : weight that earlier people keep with each new one in item eligibility, 0 to 1.
    """

    method: str
    r_max: float
    edges: tuple[float, ...] = ()
    fading: float = 0.9995

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> ExposurePlan:
        """Read `{cara = "kelayakan", r_maks = 0.25, tepi = [-1.0, 1.0]}`; raises BadRules."""
        if unknown := set(data) - {"cara", "r_maks", "tepi", "pudar"}:
            raise BadRules(f"paparan: kunci tak dikenal {sorted(unknown)}")
        method, r_max = data.get("cara"), data.get("r_maks")
        edges, fading = tuple(data.get("tepi", ())), data.get("pudar", 0.9995)
        if method not in EXPOSURE_METHODS:
            raise BadRules(f"paparan.cara: {method!r} tidak ada; pilih {EXPOSURE_METHODS}")
        if not isinstance(r_max, int | float) or not 0 < r_max <= 1:
            raise BadRules(f"paparan.r_maks: perlu bilangan dalam (0, 1]; tertulis {r_max!r}")
        if not np.all(np.diff(edges) > 0):
            raise BadRules(f"paparan.tepi: harus naik; tertulis {list(edges)}")
        if not 0 < fading <= 1:
            raise BadRules(f"paparan.pudar: perlu dalam (0, 1]; tertulis {fading!r}")
        return cls(method, float(r_max), tuple(map(float, edges)), float(fading))

    def to_mapping(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "cara": self.method,
            "r_maks": self.r_max,
            "tepi": list(self.edges),
            "pudar": self.fading,
        }


@dataclass(frozen=True)
class Policy:
    """How a part chooses its items.

    criterion, parameters : name in `CRITERIA` and the fields it takes.
    top : randomesque: the next item is drawn from this many best ones; 1 takes the best.
    tabulated : look the order of items up in a ranking made at publication, the same on every
        machine and in any size of bank; otherwise the criterion is computed at each step.
    refresh : a new shadow test is assembled every so many items, where one is needed.
    """

    criterion: str = "posterior_information"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    top: int = 1
    tabulated: bool = True
    exposure: ExposurePlan | None = None
    stopping: Stopping = field(default_factory=Stopping)
    refresh: int = 1

    def __post_init__(self) -> None:
        named(self.criterion, **self.parameters)
        if not isinstance(self.top, int) or self.top < 1:
            raise BadRules(f"acak_teratas: perlu bilangan bulat >= 1; tertulis {self.top!r}")
        if not isinstance(self.refresh, int) or self.refresh < 1:
            raise BadRules(f"segarkan: perlu bilangan bulat >= 1; tertulis {self.refresh!r}")
        if self.tabulated and self.criterion not in THETA_CRITERIA | BELIEF_CRITERIA:
            raise BadRules(
                f"kriteria {self.criterion} bergantung pada riwayat atau undian dan tidak dapat"
                " ditabelkan; pakai tabulasi = false (hanya untuk simulasi)"
            )

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Policy:
        """Read the `kebijakan` of a file; raises BadRules or BadInput naming key and value."""
        known = {"kriteria", "acak_teratas", "tabulasi", "paparan", "berhenti", "segarkan"}
        if unknown := set(data) - known:
            raise BadRules(f"kebijakan: kunci tak dikenal {sorted(unknown)}")
        criterion = dict(data.get("kriteria", {"nama": "posterior_information"}))
        name = criterion.pop("nama", None)
        exposure = data.get("paparan")
        return cls(
            criterion=name,
            parameters=criterion,
            top=data.get("acak_teratas", 1),
            tabulated=data.get("tabulasi", name in THETA_CRITERIA | BELIEF_CRITERIA),
            exposure=ExposurePlan.from_mapping(exposure) if exposure else None,
            stopping=Stopping.from_mapping(data.get("berhenti", {})),
            refresh=data.get("segarkan", 1),
        )

    def to_mapping(self) -> dict[str, Any]:
        """The same as plain data, for storing and hashing."""
        return {
            "kriteria": {"nama": self.criterion, **self.parameters},
            "acak_teratas": self.top,
            "tabulasi": self.tabulated,
            "paparan": self.exposure.to_mapping() if self.exposure else None,
            "berhenti": self.stopping.to_mapping(),
            "segarkan": self.refresh,
        }

    def make_criterion(self) -> Criterion:
        """The criterion with its parameters."""
        return named(self.criterion, **self.parameters)
