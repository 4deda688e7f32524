"""The seats of a room: a grid numbered row by row from the left of the front row, less aisles."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from cat.errors import BadInput

MOST_ROWS, MOST_COLUMNS, LAST_SEAT = 100, 100, 9999

Cell = tuple[int, int]


class HasGrid(Protocol):
    """What a grid is made of; `web.tables.Ruang` has it."""

    kursi_awal: int
    baris: int
    kolom: int
    lorong: list[list[int]]


@dataclass(frozen=True)
class Denah:
    """The grid of one room.

    baris, kolom : size of the grid, counted from 1 at the front left.
    kursi_awal : number of the first seat; the others follow without a gap, aisles left out.
    lorong : cells (row, column) where nobody sits.
    """

    baris: int
    kolom: int
    kursi_awal: int = 1
    lorong: frozenset[Cell] = frozenset()

    def __post_init__(self) -> None:
        self._refuse_bad_size()
        outside = sorted(cell for cell in self.lorong if not self._is_inside(cell))
        if outside:
            row, column = outside[0]
            raise BadInput(
                f"lorong baris {row} kolom {column}: di luar {self.baris} baris x "
                f"{self.kolom} kolom"
            )
        if not self.kapasitas:
            raise BadInput("lorong: tidak menyisakan satu kursi pun")
        if self.kursi_akhir > LAST_SEAT:
            raise BadInput(f"nomor kursi terakhir {self.kursi_akhir}: paling besar {LAST_SEAT}")

    @property
    def kapasitas(self) -> int:
        """How many people can sit."""
        return self.baris * self.kolom - len(self.lorong)

    @property
    def kursi_akhir(self) -> int:
        """Number of the last seat."""
        return self.kursi_awal + self.kapasitas - 1

    @property
    def nomor(self) -> range:
        """The numbers of all seats, in order."""
        return range(self.kursi_awal, self.kursi_akhir + 1)

    @cached_property
    def letak(self) -> Mapping[int, Cell]:
        """Seat number -> (row, column), in the order of the numbers."""
        free = (cell for cell in self._cells() if cell not in self.lorong)
        return MappingProxyType(dict(enumerate(free, start=self.kursi_awal)))

    def barisan(self) -> list[list[int | None]]:
        """Row by row the seat number of each cell, None where nobody sits: (baris, kolom)."""
        numbers = {cell: number for number, cell in self.letak.items()}
        return [
            [numbers.get((row, column)) for column in range(1, self.kolom + 1)]
            for row in range(1, self.baris + 1)
        ]

    def _cells(self) -> Iterator[Cell]:
        for row in range(1, self.baris + 1):
            for column in range(1, self.kolom + 1):
                yield row, column

    def _is_inside(self, cell: Cell) -> bool:
        return 1 <= cell[0] <= self.baris and 1 <= cell[1] <= self.kolom

    def _refuse_bad_size(self) -> None:
        for name, value, most in (
            ("baris", self.baris, MOST_ROWS),
            ("kolom", self.kolom, MOST_COLUMNS),
            ("kursi awal", self.kursi_awal, LAST_SEAT),
        ):
            if not 1 <= value <= most:
                raise BadInput(f"{name}: 1 sampai {most}; terbaca {value}")


def denah_of(ruang: HasGrid) -> Denah:
    """The grid of a stored room."""
    return Denah(ruang.baris, ruang.kolom, ruang.kursi_awal, cells_of(ruang.lorong))


def cells_of(pairs: Collection[Collection[int]]) -> frozenset[Cell]:
    """Stored pairs [row, column] as cells; raises BadInput for anything else."""
    cells = []
    for pair in pairs:
        numbers = tuple(pair)
        if len(numbers) != 2:
            raise BadInput(f"lorong {list(numbers)}: perlu satu baris dan satu kolom")
        cells.append((numbers[0], numbers[1]))
    return frozenset(cells)


def read_aisles(text: str, baris: int, kolom: int) -> frozenset[Cell]:
    """Aisles as people write them: "kolom 5; baris 3; 2,7" (whole column, whole row, one cell).

    Raises BadInput naming the piece that cannot be read.
    """
    cells: set[Cell] = set()
    for piece in (part.strip().lower() for part in text.replace("\n", ";").split(";")):
        if not piece:
            continue
        words = piece.replace(",", " ").split()
        name, numbers = words[0], [word for word in words if word.isdecimal() and len(word) < 5]
        if len(words) == 2 and len(numbers) == 1 and name in ("kolom", "baris"):
            at = int(numbers[0])
            whole = ((row, at) for row in range(1, baris + 1))
            cells.update(whole if name == "kolom" else ((at, c) for c in range(1, kolom + 1)))
        elif len(words) == len(numbers) == 2:
            cells.add((int(numbers[0]), int(numbers[1])))
        else:
            raise BadInput(
                f"lorong {piece!r}: tulis kolom 5, baris 3, atau 2,7 (baris 2 kolom 7), "
                "dipisah titik koma"
            )
    return frozenset(cells)


def write_aisles(denah: Denah) -> str:
    """The aisles as `read_aisles` reads them, whole columns and rows first."""
    columns = [
        c
        for c in range(1, denah.kolom + 1)
        if all((r, c) in denah.lorong for r in range(1, denah.baris + 1))
    ]
    rows = [
        r
        for r in range(1, denah.baris + 1)
        if all((r, c) in denah.lorong for c in range(1, denah.kolom + 1))
    ]
    rest = sorted((r, c) for r, c in denah.lorong if c not in columns and r not in rows)
    pieces = [f"kolom {c}" for c in columns] + [f"baris {r}" for r in rows]
    return "; ".join([*pieces, *(f"{r},{c}" for r, c in rest)])
