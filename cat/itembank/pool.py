"""A pool: the immutable, content-hashed package of items, blueprint and policy that exams run on.

A pool carries its likelihoods, information and rankings as stored bytes. Replaying an exam
therefore needs no exponential function, whose last bit differs between machines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput, PoolDamaged
from cat.irt.items import Items, Model, logistic_items, polytomous_items
from cat.itembank.attributes import Attributes
from cat.itembank.blueprint import Blueprint
from cat.itembank.constraints import ConstraintTable
from cat.itembank.content import LETTERS, ItemContent, Parameters, is_keyed
from cat.itembank.domain_tree import DomainTree
from cat.scoring.eap import Quadrature
from cat.scoring.scale import ReferenceForm
from cat.scoring.tables import ItemTables

Floats = NDArray[np.float64]

# The arithmetic of choosing and scoring. A pool made for another one must not be replayed by this.
ARITHMETIC = 2
# Name under which a pool stores the link between the abilities of neighbouring parts.
TRANSITION = "transisi"


@dataclass(frozen=True)
class PoolItem:
    """One immutable item version as an exam needs it.

    key : code and version, "TWK-NAS-001@1".
    domain : path inside the part, "verbal.analogi".
    points : per option A..E; 0/1 where there is a key, 1..5 in tkp.
    stem, options : sanitised HTML.
    stimulus : code of the text or picture shared with other items; empty when it stands alone.
    enemies : codes of items that must not meet this one in a test.
    words : of stem and options together. seconds : that an answer is expected to take.
    """

    key: str
    domain: str
    points: tuple[int, ...]
    stem: str
    options: tuple[str, ...]
    parameters: Parameters
    stimulus: str = ""
    enemies: tuple[str, ...] = ()
    words: int = 0
    seconds: float = 0.0

    @classmethod
    def of(
        cls,
        content: ItemContent,
        version: int = 1,
        stem: str = "",
        options: tuple[str, ...] = (),
    ) -> PoolItem:
        """An item of the bank as it enters a pool; studies need no stem and no options."""
        return cls(
            key=f"{content.code}@{version}",
            domain=content.domain.partition(".")[2],
            points=content.points,
            stem=stem,
            options=options,
            parameters=content.parameters,
            stimulus=content.stimulus,
            enemies=content.enemies,
            words=content.words,
            seconds=content.seconds,
        )

    @property
    def code(self) -> str:
        """The bank's name of the item, without the version."""
        return self.key.partition("@")[0]


@dataclass(frozen=True, eq=False)
class PartPool:
    """The items of one part with their tables.

    constraints : limits beyond the blueprint's tree.
    policy : how items are chosen and when the part ends, as `cat.selection.policy` reads it.
    reference : positions of the items that make up the reference form.
    points_per_category, base_points : the part's scheme, as in `ReferenceForm`.
    tables : (I, K, Q) likelihood and (I, Q) information.
    choosing : arrays that selection made when the pool was published, by name.
    pretest : items on trial, never scored. pretest_slots : how many of them a sitting meets.
    """

    part: str
    items: tuple[PoolItem, ...]
    blueprint: Blueprint
    constraints: ConstraintTable
    policy: Mapping[str, Any]
    reference: tuple[int, ...]
    points_per_category: int
    base_points: int
    tables: ItemTables
    choosing: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    pretest: tuple[PoolItem, ...] = ()
    pretest_slots: int = 0

    @property
    def length(self) -> int:
        """Items that one candidate meets at most, those on trial included."""
        return self.blueprint.length + self.pretest_slots

    @cached_property
    def tree(self) -> DomainTree:
        """The blueprint compiled against these items."""
        return DomainTree.compile(self.blueprint, [item.domain for item in self.items])

    @cached_property
    def leaf(self) -> NDArray[np.int64]:
        """(I,) leaf of the domain tree that each item belongs to."""
        return self.tree.leaf_of([item.domain for item in self.items])

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Item key -> position in this part."""
        return {item.key: i for i, item in enumerate(self.items)}

    @cached_property
    def category(self) -> list[tuple[int, ...]]:
        """Response category of each option A..E of each item: 0/1, or points less one in tkp."""
        base = 0 if is_keyed(self.part) else 1
        return [tuple(points - base for points in item.points) for item in self.items]

    @cached_property
    def answers(self) -> Mapping[str, tuple[int, Mapping[str, int]]]:
        """Item key -> its position, and the response category of each option letter."""
        return {
            item.key: (i, dict(zip(LETTERS, self.category[i], strict=True)))
            for i, item in enumerate(self.items)
        }

    @cached_property
    def pretest_position(self) -> Mapping[str, int]:
        """Key of each item on trial -> its position among them."""
        return {item.key: i for i, item in enumerate(self.pretest)}

    @cached_property
    def attributes(self) -> Attributes:
        """What constraints may speak of, one column a property."""
        return attributes_of(self.part, self.items)

    @cached_property
    def reference_form(self) -> ReferenceForm:
        """Parameters of the reference form, for the statutory scale."""
        return ReferenceForm(
            items=self.tables.items.only(list(self.reference)),
            points_per_category=self.points_per_category,
            base_points=self.base_points,
        )


def attributes_of(part: str, items: tuple[PoolItem, ...]) -> Attributes:
    """The columns that a constraint on these items may name."""
    return Attributes(
        {
            "kode": np.array([item.code for item in items]),
            "domain": np.array([item.domain for item in items]),
            "kunci": np.array(
                [LETTERS[item.points.index(1)] if is_keyed(part) else "" for item in items]
            ),
            "stimulus": np.array([item.stimulus for item in items]),
            "kata": np.array([float(item.words) for item in items]),
            "detik": np.array([item.seconds for item in items]),
        }
    )


def parameters_of(part: str, items: tuple[PoolItem, ...]) -> Items:
    """Response-model parameters of the items of one part."""
    a = np.array([item.parameters.a for item in items])
    b = np.array([item.parameters.b for item in items])
    if is_keyed(part):
        return logistic_items(a, b[:, 0], np.array([item.parameters.c for item in items]))
    return polytomous_items(Model.PARTIAL_CREDIT, a, b)


@dataclass(frozen=True, eq=False)
class Pool:
    """A published pool. `digest` is the SHA-256 of its manifest and tables, in hexadecimal.

    code : the name that staff give it.
    shuffle_options : whether each sitting sees the options in an order of its own.
    correlation, transition : of abilities in neighbouring parts, and (Q, Q) as `linked_prior`
        makes it: what one part showed informs with which items the next one starts. None keeps
        the parts apart.
    forms : of a linear test: code -> of each part the positions of its items, in order.
    """

    code: str
    parts: tuple[PartPool, ...]
    shuffle_options: bool
    correlation: float | None
    transition: Floats | None
    manifest: bytes
    tables: bytes
    digest: str
    forms: Mapping[str, tuple[tuple[int, ...], ...]] = field(default_factory=dict)

    @property
    def is_linear(self) -> bool:
        """Whether the pool is for linear sittings; any other is for adaptive ones."""
        return bool(self.forms)

    def places(self, form: str) -> tuple[tuple[int, int], ...]:
        """Part and position in it of every item of a form, in order. Raises KeyError."""
        return self._laid_out[form][0]

    def numbers(self, form: str) -> Mapping[str, int]:
        """Key of each item of a form -> its number, 1 for the first. Raises KeyError."""
        return self._laid_out[form][1]

    @cached_property
    def _laid_out(self) -> dict[str, tuple[tuple[tuple[int, int], ...], dict[str, int]]]:
        found = {}
        for code, parts in self.forms.items():
            places = tuple((p, item) for p, items in enumerate(parts) for item in items)
            keys = {self.parts[p].items[i].key: n for n, (p, i) in enumerate(places, start=1)}
            found[code] = places, keys
        return found

    def part(self, code: str) -> PartPool:
        """The part with this code; raises BadInput when the pool has none."""
        for part in self.parts:
            if part.part == code:
                return part
        raise BadInput(f"pool {self.code} has no part {code!r}")

    @property
    def length(self) -> int:
        """Items that one candidate answers at most over all parts, those on trial included."""
        return sum(part.length for part in self.parts)

    def form_without(self, form: str, burnt: Iterable[str]) -> bool:
        """Whether a form holds none of the burnt items, given by code."""
        keys = {key.partition("@")[0] for key in self.numbers(form)}
        return keys.isdisjoint(burnt)


def load(manifest: bytes, tables: bytes, expected_digest: str | None = None) -> Pool:
    """Open a stored pool.

    Raises PoolDamaged when the content does not hash to `expected_digest`, BadInput when it was
    published for another arithmetic than this program's.
    """
    digest = hashlib.sha256(manifest + b"\0" + tables).hexdigest()
    if expected_digest not in (None, digest):
        raise PoolDamaged(f"pool content hashes to {digest}, not {expected_digest}", digest=digest)
    data = json.loads(manifest)
    if data.get("tata_hitung", 1) != ARITHMETIC:
        raise BadInput(
            f"pool {data.get('kode')} diterbitkan untuk tata hitung {data.get('tata_hitung', 1)},"
            f" program ini memakai tata hitung {ARITHMETIC}: terbitkan ulang dari bank"
        )
    quadrature = Quadrature(
        _frozen(np.array(data["kuadratur"]["simpul"])),
        _frozen(np.array(data["kuadratur"]["bobot"])),
    )
    # The bytes hold the arrays that the pool itself names, then those of each part in turn, each
    # group in the order of its names.
    documents = [data, *data["bagian"]]
    arrays, offset = [], 0
    for document in documents:
        found = {}
        for name, (kind, *shape) in sorted(document["tabel"].items()):
            count = int(np.prod(shape))
            found[name] = _frozen(np.frombuffer(tables, kind, count, offset).reshape(shape))
            offset += found[name].nbytes
        arrays.append(found)
    parts = [
        _part(document, quadrature, own)
        for document, own in zip(data["bagian"], arrays[1:], strict=True)
    ]
    return Pool(
        code=data["kode"],
        parts=tuple(parts),
        shuffle_options=data["acak_opsi"],
        correlation=data["korelasi"],
        transition=arrays[0].get(TRANSITION),
        manifest=manifest,
        tables=tables,
        digest=digest,
        forms=_forms(data.get("paket", {}), parts),
    )


def _forms(
    stored: Mapping[str, Mapping[str, list[str]]], parts: list[PartPool]
) -> dict[str, tuple[tuple[int, ...], ...]]:
    return {
        code: tuple(tuple(part.position[key] for key in keys[part.part]) for part in parts)
        for code, keys in stored.items()
    }


def _part(
    document: Mapping[str, Any], quadrature: Quadrature, arrays: dict[str, NDArray[Any]]
) -> PartPool:
    code = document["kode"]
    items = tuple(map(_item, document["butir"]))
    trial = document.get("uji_coba", {"jumlah": 0, "butir": ()})
    keys = {item.key: i for i, item in enumerate(items)}
    tables = ItemTables(
        parameters_of(code, items), quadrature, arrays.pop("likelihood"), arrays.pop("information")
    )
    return PartPool(
        part=code,
        items=items,
        blueprint=Blueprint.from_mapping(code, document["kisi_kisi"]),
        constraints=ConstraintTable.from_mapping(document["kendala"]),
        policy=document["kebijakan"],
        reference=tuple(keys[key] for key in document["acuan"]),
        points_per_category=document["poin_per_kategori"],
        base_points=document["poin_dasar"],
        tables=tables,
        choosing=arrays,
        pretest=tuple(map(_item, trial["butir"])),
        pretest_slots=trial["jumlah"],
    )


def _item(row: Mapping[str, Any]) -> PoolItem:
    return PoolItem(
        key=row["kunci_versi"],
        domain=row["domain"],
        points=tuple(row["poin"]),
        stem=row["soal"],
        options=tuple(row["opsi"]),
        parameters=Parameters(row["a"], tuple(row["b"]), row["c"], row["status"]),
        stimulus=row["stimulus"],
        enemies=tuple(row["seteru"]),
        words=row["kata"],
        seconds=row["detik"],
    )


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
