"""A pool: the immutable, content-hashed package of items, blueprint and policy that exams run on.

A pool carries its likelihoods and information at the quadrature nodes as stored bytes. Replaying an
exam therefore needs no exponential function, whose last bit differs between machines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput, PoolDamaged
from cat.itembank.blueprint import Blueprint, DomainTree
from cat.itembank.content import Parameters, is_keyed
from cat.scoring.eap import Quadrature
from cat.scoring.scale import ReferenceForm

Floats = NDArray[np.float64]

# Information is rounded to multiples of 2**-20 and the posterior to multiples of 2**-26 before they
# meet, so that every product and partial sum is a whole number below 2**53: exact in float64,
# whatever the order of summation, the batch size or the linear-algebra library.
INFORMATION_UNIT = 2.0**-20
# The tables of each part, in the order in which their bytes are stored.
TABLES = ("likelihood", "information")


@dataclass(frozen=True)
class PoolItem:
    """One immutable item version as an exam needs it.

    key : code and version, "TWK-NAS-001@1".
    domain : path inside the part, "verbal.analogi".
    points : per option A..E; 0/1 where there is a key, 1..5 in tkp.
    stem, options : sanitised HTML.
    """

    key: str
    domain: str
    points: tuple[int, ...]
    stem: str
    options: tuple[str, ...]
    parameters: Parameters


@dataclass(frozen=True)
class PartPool:
    """The items of one part with their tables.

    likelihood : (I, K, Q) chance of each category at each node.
    information : (I, Q) Fisher information at each node, in units of INFORMATION_UNIT.
    reference : positions of the items that make up the reference form.
    points_per_category, base_points : the part's scheme, as in `ReferenceForm`.
    """

    part: str
    items: tuple[PoolItem, ...]
    blueprint: Blueprint
    reference: tuple[int, ...]
    points_per_category: int
    base_points: int
    quadrature: Quadrature
    likelihood: Floats
    information: Floats

    @cached_property
    def tree(self) -> DomainTree:
        """The blueprint compiled against these items."""
        return DomainTree.compile(self.blueprint, [item.domain for item in self.items])

    @cached_property
    def leaf(self) -> NDArray[np.int64]:
        """(I,) leaf of the domain tree that each item belongs to."""
        where = {name: i for i, name in enumerate(self.tree.leaves)}
        return np.array([where[item.domain] for item in self.items])

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Item key -> position in this part."""
        return {item.key: i for i, item in enumerate(self.items)}

    @cached_property
    def category(self) -> NDArray[np.int64]:
        """(I, 5) response category of each option: 0/1, or points less one in tkp."""
        return np.array([item.points for item in self.items]) - (0 if is_keyed(self.part) else 1)

    @cached_property
    def reference_form(self) -> ReferenceForm:
        """Parameters of the reference form, for the statutory scale."""
        chosen = [self.items[i].parameters for i in self.reference]
        return ReferenceForm(
            a=np.array([p.a for p in chosen]),
            b=np.array([p.b for p in chosen]),
            c=np.array([p.c for p in chosen]),
            points_per_category=self.points_per_category,
            base_points=self.base_points,
        )


@dataclass(frozen=True)
class Pool:
    """A published pool. `digest` is the SHA-256 of its manifest and tables, in hexadecimal.

    code : the name that staff give it.
    top : randomesque exposure control: the next item is drawn from this many best ones.
    shuffle_options : whether each sitting sees the options in an order of its own.
    """

    code: str
    parts: tuple[PartPool, ...]
    top: int
    shuffle_options: bool
    manifest: bytes
    tables: bytes
    digest: str

    def part(self, code: str) -> PartPool:
        """The part with this code; raises BadInput when the pool has none."""
        for part in self.parts:
            if part.part == code:
                return part
        raise BadInput(f"pool {self.code} has no part {code!r}")

    @property
    def length(self) -> int:
        """Items that one candidate answers over all parts."""
        return sum(part.blueprint.length for part in self.parts)


def load(manifest: bytes, tables: bytes, expected_digest: str | None = None) -> Pool:
    """Open a stored pool.

    Raises PoolDamaged when the content does not hash to `expected_digest`.
    """
    digest = hashlib.sha256(manifest + b"\0" + tables).hexdigest()
    if expected_digest not in (None, digest):
        raise PoolDamaged(f"pool content hashes to {digest}, not {expected_digest}", digest=digest)
    data = json.loads(manifest)
    quadrature = Quadrature(
        _frozen(np.array(data["kuadratur"]["simpul"])),
        _frozen(np.array(data["kuadratur"]["bobot"])),
    )
    parts, offset = [], 0
    for document in data["bagian"]:
        arrays = {}
        for name in TABLES:
            shape = document["tabel"][name]
            count = int(np.prod(shape))
            arrays[name] = np.frombuffer(tables, "<f8", count, offset).reshape(shape)
            offset += 8 * count
        parts.append(_part(document, quadrature, arrays))
    return Pool(
        code=data["kode"],
        parts=tuple(parts),
        top=data["acak_teratas"],
        shuffle_options=data["acak_opsi"],
        manifest=manifest,
        tables=tables,
        digest=digest,
    )


def _part(
    document: Mapping[str, Any], quadrature: Quadrature, arrays: Mapping[str, Floats]
) -> PartPool:
    items = tuple(
        PoolItem(
            key=row["kunci_versi"],
            domain=row["domain"],
            points=tuple(row["poin"]),
            stem=row["soal"],
            options=tuple(row["opsi"]),
            parameters=Parameters(row["a"], tuple(row["b"]), row["c"], row["status"]),
        )
        for row in document["butir"]
    )
    keys = [item.key for item in items]
    return PartPool(
        part=document["kode"],
        items=items,
        blueprint=Blueprint.from_mapping(document["kode"], document["kisi_kisi"]),
        reference=tuple(keys.index(key) for key in document["acuan"]),
        points_per_category=document["poin_per_kategori"],
        base_points=document["poin_dasar"],
        quadrature=quadrature,
        likelihood=_frozen(arrays["likelihood"]),
        information=_frozen(arrays["information"]),
    )


def _frozen(array: Floats) -> Floats:
    array.flags.writeable = False
    return array
