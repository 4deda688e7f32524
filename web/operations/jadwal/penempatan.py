"""Who sits where: seats of a sesi, given or in turn, and the sitting that goes with a seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.itembank.pool import Pool
from web.operations import sittings
from web.operations.jadwal.denah import denah_of
from web.operations.jadwal.lokasi import rooms_in
from web.operations.jadwal.syarat import Syarat, terms_of_sesi
from web.operations.pools import get_pool, refuse_withdrawn
from web.operations.sittings import Keys
from web.tables import Peserta, Ruang, Sesi, Sitting


@dataclass(frozen=True)
class Tempat:
    """The seats of a sesi. ruang : seat -> its room. taken : seats that somebody has."""

    ruang: Mapping[int, Ruang]
    taken: frozenset[int]

    @property
    def kapasitas(self) -> int:
        """All seats."""
        return len(self.ruang)

    @property
    def free(self) -> list[int]:
        """Seats that nobody has, in order."""
        return [seat for seat in sorted(self.ruang) if seat not in self.taken]

    def rooms(self) -> list[tuple[str, int, int]]:
        """Of each room its name, its seats, and how many of them are taken."""
        found: dict[str, list[int]] = {}
        for seat, room in self.ruang.items():
            found.setdefault(room.nama, []).append(seat)
        return [(name, len(s), len(self.taken.intersection(s))) for name, s in found.items()]


def seats_of(session: Session, sesi_id: int) -> Tempat:
    """The seats of a sesi as they stand now."""
    rooms = {seat: room for room in rooms_in(session, sesi_id) for seat in denah_of(room).nomor}
    taken = session.scalars(select(Sitting.seat).where(Sitting.sesi_id == sesi_id))
    return Tempat(rooms, frozenset(taken))


def fill(tempat: Tempat, given: Sequence[int | None]) -> list[int | None]:
    """A seat for each person: as given, else the next free one; None where no seat is left.

    given : legal, free and different seats, or None. Seats that are given to somebody further down
    are not taken by those before.
    """
    wanted = {seat for seat in given if seat is not None}
    free = (seat for seat in tempat.free if seat not in wanted)
    return [seat if seat is not None else next(free, None) for seat in given]


class Penempat:
    """Seats people in one sesi; reads its terms and pool once. Raises BadInput, also for a pool
    that was withdrawn.
    """

    def __init__(self, session: Session, sesi: Sesi, keys: Keys) -> None:
        self._session, self._sesi, self._keys = session, sesi, keys
        self._syarat: Syarat = terms_of_sesi(session, sesi)
        refuse_withdrawn(session, self._syarat.pool_digest)
        self._pool: Pool = get_pool(session, self._syarat.pool_digest)

    def seat(
        self, peserta: Peserta, seat: int, ruang_id: int, *, burnt: Sequence[str] = ()
    ) -> Sitting:
        """A sitting without a PIN, stored at the next flush.

        burnt : codes of items that the person has seen.

        Raises BadInput when the pool cannot do without the items that the person has seen.
        """
        sitting = sittings.draft(
            self._session,
            self._sesi,
            peserta,
            seat=seat,
            pin=None,
            pool=self._pool,
            rules=self._syarat.rules,
            keys=self._keys,
            mode=self._syarat.mode,
            burnt=tuple(burnt),
            ruang_id=ruang_id,
        )
        self._session.add(sitting)
        return sitting
