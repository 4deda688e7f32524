"""Who sits the simulated test: abilities from a distribution, from a grid or from a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from cat.errors import BadInput
from cat.simulation.study.fields import Fields
from cat.simulation.study.sheet import read_sheet
from cat.simulation.study.sources import Sources
from cat.simulation.study.streams import Purpose, normals, seeds

Floats = NDArray[np.float64]

MOST_PERSONS = 10_000_000


@dataclass(frozen=True)
class Simulees:
    """theta : (J, P) true abilities per part, logits. people : one sentence on who they are."""

    theta: Floats
    people: str


def read_simulees(fields: Fields, parts: Sequence[str], seed: int, sources: Sources) -> Simulees:
    """The simulees that the table [peserta] of a study describes.

    parts : codes of the P parts. seed : of the study. sources : where a file is looked for.

    Raises BadInput, naming the field, the value and the rule.
    """
    if fields.has("berkas"):
        found = _from_file(fields, parts, sources)
    elif _is_grid(fields.value("sebaran", {})):
        found = _grid(fields, parts)
    else:
        found = _drawn(fields, parts, seed)
    fields.done()
    return found


def _drawn(fields: Fields, parts: Sequence[str], seed: int) -> Simulees:
    persons = fields.integer("jumlah", 1, MOST_PERSONS)
    shapes = _shapes(fields, parts)
    factor, correlated = _factor(fields, parts)
    own = seeds(seed, Purpose.ABILITY, np.arange(persons))
    # A person's numbers depend on the person alone: the same for any number of persons.
    independent = np.stack([normals(own, number) for number in range(len(parts))], axis=1)
    z = (factor * independent[:, None, :]).sum(axis=2)
    theta = np.stack([shape.of(z[:, p]) for p, shape in enumerate(shapes)], axis=1)
    words = [shape.words for shape in shapes]
    people = (
        words[0]
        if len(set(words)) == 1
        else "; ".join(f"{part}: {word}" for part, word in zip(parts, words, strict=True))
    )
    return Simulees(theta, f"kemampuan {people}{correlated}")


@dataclass(frozen=True)
class _Shape:
    """A distribution. first, second : mean and standard deviation, or both ends; logits."""

    kind: str
    first: float
    second: float

    def of(self, z: Floats) -> Floats:
        """Abilities for standard normal numbers."""
        if self.kind == "normal":
            return self.first + self.second * z
        return np.asarray(self.first + (self.second - self.first) * ndtr(z))

    @property
    def words(self) -> str:
        joined = f"{_number(self.first)} dan {_number(self.second)}"
        if self.kind == "normal":
            return f"normal dengan rata-rata dan simpangan baku {joined}"
        return f"seragam antara {joined}"


def _shapes(fields: Fields, parts: Sequence[str]) -> list[_Shape]:
    if not fields.has("sebaran"):
        return [_Shape("normal", 0.0, 1.0)] * len(parts)
    table = fields.child("sebaran")
    if "jenis" in table.content:
        return [_shape(table)] * len(parts)
    shapes = [_shape(table.child(part)) for part in parts]
    table.done()
    return shapes


def _shape(table: Fields) -> _Shape:
    kind = table.choice("jenis", ("normal", "seragam", "titik"))
    if kind == "titik":
        raise table.problem("jenis", kind, "titik berlaku untuk semua bagian sekaligus")
    if kind == "normal":
        shape = _Shape(kind, table.number("rata", -10, 10, 0.0), table.number("sb", 0, 10, 1.0))
    else:
        low = table.number("dari", -10, 10)
        shape = _Shape(kind, low, table.number("sampai", low, 10))
    table.done()
    return shape


def _factor(fields: Fields, parts: Sequence[str]) -> tuple[Floats, str]:
    """(P, P) lower triangle that turns independent normal numbers into correlated ones."""
    count = len(parts)
    given = fields.value("korelasi", 0.0)
    if isinstance(given, list):
        matrix = _matrix(fields, given, count)
        words = ", ".join(
            f"{parts[i]}-{parts[j]} {_number(matrix[i, j])}" for i in range(count) for j in range(i)
        )
    else:
        shared = fields.number("korelasi", -1, 1, 0.0)
        matrix = np.full((count, count), shared)
        np.fill_diagonal(matrix, 1.0)
        words = _number(shared) if shared and count > 1 else ""
    try:
        factor: Floats = np.linalg.cholesky(matrix).astype(np.float64)
    except np.linalg.LinAlgError as error:
        raise fields.problem("korelasi", given, "bukan matriks korelasi definit positif") from error
    return factor, f", korelasi antarbagian {words}" if words else ""


def _matrix(fields: Fields, given: list[Any], count: int) -> Floats:
    rule = f"harus satu bilangan atau matriks {count} x {count}"
    try:
        matrix = np.array(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise fields.problem("korelasi", given, rule) from error
    if matrix.shape != (count, count):
        raise fields.problem("korelasi", given, rule)
    if not (np.diag(matrix) == 1).all() or not (matrix == matrix.T).all():
        raise fields.problem("korelasi", given, "harus setangkup dengan diagonal 1")
    return matrix


def _is_grid(shape: object) -> bool:
    return isinstance(shape, dict) and shape.get("jenis") == "titik"


def _grid(fields: Fields, parts: Sequence[str]) -> Simulees:
    table = fields.child("sebaran")
    table.value("jenis")
    low, each = table.number("dari", -10, 10), table.integer("per_titik", 1, MOST_PERSONS)
    high, step = table.number("sampai", low, 10), table.number("langkah", 1e-3, 20)
    table.done()
    points = low + step * np.arange(math.floor((high - low) / step + 1e-9) + 1)
    persons = len(points) * each
    if persons > MOST_PERSONS:
        raise table.problem("per_titik", each, f"semuanya paling banyak {MOST_PERSONS} peserta")
    if fields.integer("jumlah", 1, MOST_PERSONS, persons) != persons:
        rule = f"{len(points)} titik x {each} = {persons} peserta; hapus isian ini"
        raise fields.problem("jumlah", fields.content["jumlah"], rule)
    theta = np.repeat(np.repeat(points, each)[:, None], len(parts), axis=1)
    people = f"{each} peserta pada tiap titik kemampuan {_number(low)} sampai {_number(high)}"
    return Simulees(theta, f"{people}, langkah {_number(step)}")


def _from_file(fields: Fields, parts: Sequence[str], sources: Sources) -> Simulees:
    sheet = read_sheet(sources.path(fields, "berkas"))
    if missing := [part for part in parts if part not in sheet.names]:
        raise BadInput(
            f"{sheet.path.name}: tidak ada kolom {missing[0]!r}; perlu satu kolom kemampuan untuk"
            f" tiap bagian ({', '.join(parts)}), yang ada {', '.join(sheet.names)}"
        )
    persons = fields.integer("jumlah", 1, len(sheet.rows), len(sheet.rows))
    theta = np.empty((persons, len(parts)))
    for p, part in enumerate(parts):
        column = sheet.names.index(part)
        for j in range(persons):
            theta[j, p] = _ability(sheet.rows[j][column])
            if not abs(theta[j, p]) <= 10:
                rule = "kemampuan harus bilangan antara -10 dan 10"
                raise sheet.problem(j, part, sheet.rows[j][column], rule)
    return Simulees(theta, f"kemampuan {persons} orang dari berkas {sheet.path.name}")


def _ability(cell: str) -> float:
    try:
        return float(cell.replace(",", "."))  # a cell holds a comma where cells end in semicolons
    except ValueError:
        return math.nan


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")
