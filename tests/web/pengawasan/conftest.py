"""The open sesi of the demonstration, seen by its proctors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import KEYS, Clock, Peserta
from web.db import db, transaction
from web.operations.pengawasan.pelaku import Pelaku
from web.tables import Kejadian, Kontak, Sitting


class Meja:
    """A proctor at work in the sesi of some candidate."""

    def __init__(self, browser, sesi_id: int) -> None:
        self.browser = browser
        self.room = f"/pengawas/sesi/{sesi_id}"

    def does(self, act: str, whom: Peserta | None = None, **fields: object) -> str:
        """Press something at a seat, or for many; returns what the page then says."""
        path = f"/pengawas/ujian/{whom.sitting_id}/{act}" if whom else f"{self.room}/{act}"
        return self.posts(path, **fields)

    def posts(self, path: str, **fields: object) -> str:
        reply = self.browser.post_json(path, self.room, **fields)
        return reply.json["pesan"] if reply.is_json else str(reply.status_code)

    def state(self, **headers: str):
        return self.browser.get(f"{self.room}/keadaan", headers=headers)

    def seat(self, candidate: Peserta) -> dict[str, object]:
        """What the map says of a seat."""
        (row,) = [row for row in self.state().json["kursi"] if row[0] == candidate.sitting_id]
        names = ("id", "seat", "ruang", "keadaan", "masalah", "tanda", "sampai", "sisa")
        return dict(zip(names, row, strict=True))


@pytest.fixture
def meja(petugas, peserta) -> Callable[[str], Meja]:
    sesi_id = peserta(1).stored().sesi_id
    return lambda name="pengawas": Meja(petugas(name), sesi_id)


@pytest.fixture
def pengawas(meja) -> Meja:
    return meja()


@pytest.fixture
def notes(app) -> Callable[[], list[tuple[str, int]]]:
    """Kind and seat of everything noted since the demonstration was made."""

    def read() -> list[tuple[str, int]]:
        db.session.remove()
        rows = db.session.scalars(db.select(Kejadian).order_by(Kejadian.id))
        return [(row.jenis, row.kursi) for row in rows]

    return read


def who(clock: Clock, by: str = "pengawas") -> Pelaku:
    return Pelaku(by, clock.at, KEYS)


def heard(candidate: Peserta, at: int) -> None:
    """The page of a seat was heard of at this moment, and not since."""
    with transaction() as session:
        session.merge(Kontak(sitting_id=candidate.sitting_id, at=at))


def phases(*candidates: Peserta) -> list[str]:
    return [candidate.stored().phase for candidate in candidates]


def move_all(session, sitting_ids: list[str], **values: object) -> None:
    for sitting_id in sitting_ids:
        for name, value in values.items():
            setattr(session.get_one(Sitting, sitting_id), name, value)
