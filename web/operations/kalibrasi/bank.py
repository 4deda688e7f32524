"""What the bank knows of the items in the answers, by the names that answers give them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cat.calibration.spec import FixedItem, ItemModel
from cat.itembank.content import is_keyed
from cat.itembank.lifecycle import Status, is_calibrated
from cat.itembank.tables import Calibration, Item, ItemVersion

_AT_ONCE = 500


class Role(StrEnum):
    """What a version of an item is to a calibration."""

    TRIAL = "uji coba"
    IN_USE = "dipakai"
    OTHER = "lain"


@dataclass(frozen=True)
class Known:
    """One version in the bank.

    key : "KODE@versi". points : of the options A, B, ... status, parameters, calibration_id : the
    newest of that version.
    """

    version_id: int
    key: str
    code: str
    version: int
    domain: str
    points: tuple[int, ...]
    role: Role
    a: float
    b: tuple[float, ...]
    c: float
    status: str
    calibration_id: int

    @property
    def part(self) -> str:
        """Test part of the item."""
        return self.domain.partition(".")[0]

    @property
    def is_keyed(self) -> bool:
        """Whether its options are right or wrong."""
        return is_keyed(self.part)

    @property
    def categories(self) -> int:
        """How many response categories there are."""
        return len(self.b) + 1

    @property
    def category_of(self) -> tuple[int, ...]:
        """Response category of each option, as pools have it: points, less one where not keyed."""
        base = 0 if self.is_keyed else 1
        return tuple(points - base for points in self.points)

    @property
    def is_calibrated(self) -> bool:
        """Whether the parameters were estimated from answers."""
        return is_calibrated(self.status)

    def as_anchor(self, name: str) -> FixedItem:
        """The item held at its parameters, under its name in the answers."""
        if not self.is_keyed:
            model = ItemModel.GENERALISED_PARTIAL_CREDIT
        else:
            model = ItemModel.THREE_PL if self.c else ItemModel.TWO_PL
        return FixedItem(name, self.a, self.b, self.c, model)


def known_items(session: Session, names: Iterable[str]) -> dict[str, Known]:
    """The versions that names mean: "KODE@versi", or "KODE" for the one in use, else the newest.

    Names that the bank does not have are left out.
    """
    wanted = {name: _split(name) for name in names}
    codes = sorted({code for code, _ in wanted.values()})
    found: dict[tuple[str, int], Known] = {}
    meant: dict[str, int] = {}
    for start in range(0, len(codes), _AT_ONCE):
        for version in _versions(session, codes[start : start + _AT_ONCE]):
            item = version.item
            meant[item.code] = item.active_version or item.latest
            found[item.code, version.version] = _known(version)
    place = {name: (code, number or meant.get(code, 0)) for name, (code, number) in wanted.items()}
    return {name: found[key] for name, key in place.items() if key in found}


def _split(name: str) -> tuple[str, int | None]:
    code, mark, number = name.partition("@")
    # Nobody has a version of ten digits, and a database would not hold it.
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    return (code, int(number)) if mark and is_number else (name, None)


def _versions(session: Session, codes: Collection[str]) -> Iterable[ItemVersion]:
    return session.scalars(
        select(ItemVersion)
        .join(Item)
        .where(Item.code.in_(codes))
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )


def _known(version: ItemVersion) -> Known:
    item = version.item
    latest: Calibration = version.calibrations[-1]
    is_newest = version.version == item.latest
    role = Role.OTHER
    if version.version == item.active_version:
        role = Role.IN_USE
    elif is_newest and item.status == Status.UJI_COBA:
        role = Role.TRIAL
    return Known(
        version_id=version.id,
        key=f"{item.code}@{version.version}",
        code=item.code,
        version=version.version,
        domain=version.content["domain"],
        points=tuple(version.content["poin"]),
        role=role,
        a=latest.a,
        b=tuple(latest.b),
        c=latest.c,
        status=latest.status,
        calibration_id=latest.id,
    )
