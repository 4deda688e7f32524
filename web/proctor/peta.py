"""The map and the list of a sesi, made ready for the templates: seats as they stand in the room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cat.exam.record import MICROSECONDS
from web.operations.jadwal.denah import Denah, denah_of
from web.operations.pengawasan.keadaan import Kursi, Masalah
from web.operations.pengawasan.kueri import Keadaan
from web.tables import Ruang

# sign on the tile, what it is called, and in one word; the sign carries the meaning without colour
SIGNS = {
    Keadaan.KOSONG.value: ("□", "kosong", "kosong"),
    Keadaan.MENUNGGU.value: ("○", "menunggu izin", "menunggu"),
    Keadaan.DIIZINKAN.value: ("◔", "diizinkan", "diizinkan"),
    Keadaan.MENGERJAKAN.value: ("▶", "mengerjakan", "mengerjakan"),
    Keadaan.DIAM.value: ("…", "diam terlalu lama", "diam"),
    Keadaan.DIJEDA.value: ("‖", "dijeda", "dijeda"),
    Keadaan.SELESAI.value: ("✓", "selesai", "selesai"),
}
TROUBLES = {
    Masalah.GANDA.value: ("!2", "masuk ganda"),
    Masalah.BANTUAN.value: ("!B", "minta bantuan"),
    Masalah.GANGGUAN.value: ("!G", "gangguan"),
}
MARKS = {
    "komputer": ("K", "pernah berganti komputer"),
    "alamat": ("A", "pernah berganti alamat jaringan"),
    "menjawab_cepat": ("C", "banyak jawaban terlalu cepat"),
    "sering_mengubah": ("U", "sering mengubah pilihan"),
    "catatan": ("N", "ada catatan kejadian"),
    "usul": ("B", "menunggu persetujuan buka kembali"),
}
# A sesi without rooms is shown in rows of this many.
_COLUMNS = 20
# Rows and columns of which tiles of a size fit a screen of 1366 by 768 pixels, largest size first.
_SIZES = (("luas", 9, 14), ("lega", 12, 16))


@dataclass(frozen=True)
class Petak:
    """One tile: a seat with somebody, or one that nobody was given (id empty).

    left_seconds : served time left; None where no clock was started. contact : seconds since 1970,
    0 for never. total : items of the exam.
    """

    seat: int
    id: str = ""
    keadaan: str = ""
    masalah: tuple[str, ...] = ()
    tanda: tuple[str, ...] = ()
    nama: str = ""
    nomor: str = ""
    answered: int = 0
    total: int = 0
    until: int | None = None
    left_seconds: int | None = None
    contact: int = 0

    @property
    def look(self) -> str:
        """What the tile is shown as: its first trouble, else its state."""
        return "masalah" if self.masalah else self.keadaan

    @property
    def sign(self) -> str:
        """Sign of the first trouble, else of the state."""
        return TROUBLES[self.masalah[0]][0] if self.masalah else SIGNS[self.keadaan][0]

    @property
    def words(self) -> str:
        """All that there is to say of the state, troubles first."""
        said = [TROUBLES[each][1] for each in self.masalah] + [SIGNS[self.keadaan][1]]
        return ", ".join(said + [MARKS[each][1] for each in self.tanda])

    @property
    def marks(self) -> str:
        """Letters of the marks."""
        return "".join(MARKS[each][0] for each in self.tanda)

    @property
    def left_minutes(self) -> int | None:
        """Whole minutes left, begun ones counted."""
        return None if self.left_seconds is None else -(-self.left_seconds // 60)


@dataclass(frozen=True)
class Peta:
    """One room. rows : row number and its cells from the left; None where nobody sits."""

    ruang_id: int
    nama: str
    rows: tuple[tuple[int, tuple[Petak | None, ...]], ...]

    @property
    def aisles(self) -> list[bool]:
        """Column by column from the left, whether nobody sits in it."""
        width = max((len(cells) for _, cells in self.rows), default=0)
        return [
            all(len(cells) <= at or cells[at] is None for _, cells in self.rows)
            for at in range(width)
        ]


def tiles_of(
    seats: Sequence[Kursi],
    people: Mapping[str, tuple[str, str, int]],
    progress: Mapping[int, tuple[int, int]],
    now: int,
) -> list[Petak]:
    """Seats with names and numbers. progress : seat -> items answered, last contact."""
    made = []
    for seat in seats:
        nama, nomor, total = people.get(seat.id, ("", "", 0))
        answered, contact = progress.get(seat.seat, (0, 0))
        left = seat.left
        if seat.until is not None:
            left = max(0, seat.until - now) // MICROSECONDS
        made.append(
            Petak(
                seat.seat,
                seat.id,
                seat.keadaan,
                seat.masalah,
                seat.tanda,
                nama,
                nomor,
                answered,
                total,
                seat.until,
                left,
                contact,
            )
        )
    return made


def tile_size(maps: Sequence[Peta]) -> str:
    """How large tiles may be so that the rooms together still fit one screen; "" for smallest."""
    rows = sum(len(each.rows) + 1 for each in maps) - 1  # a room takes a row for its name
    columns = max((len(each.aisles) for each in maps), default=0)
    return next((size for size, most, wide in _SIZES if rows <= most and columns <= wide), "")


def maps_of(rooms: Sequence[Ruang], tiles: Sequence[Petak]) -> list[Peta]:
    """The rooms as they are laid out; seats outside every room come last, in rows of their own."""
    of_seat = {tile.seat: tile for tile in tiles}
    made = [_map(room.id, room.nama, denah_of(room), of_seat) for room in rooms]
    rest = sorted(set(of_seat) - {seat for room in rooms for seat in denah_of(room).nomor})
    if rest:
        cells = [of_seat[seat] for seat in rest]
        lines = [tuple(cells[i : i + _COLUMNS]) for i in range(0, len(cells), _COLUMNS)]
        made.append(Peta(0, "Di luar denah ruang", tuple(enumerate(lines, start=1))))
    return made


def tally(tiles: Sequence[Petak]) -> dict[str, int]:
    """What tiles are shown as -> how many, in the order of an exam day, troubles first."""
    found = Counter(tile.look for tile in tiles)
    return {look: found[look] for look in ("masalah", *SIGNS)}


def _map(ruang_id: int, nama: str, denah: Denah, of_seat: Mapping[int, Petak]) -> Peta:
    rows = tuple(
        (
            number,
            tuple(None if s is None else of_seat.get(s, Petak(s)) for s in line),
        )
        for number, line in enumerate(denah.barisan(), start=1)
    )
    return Peta(ruang_id, nama, rows)
