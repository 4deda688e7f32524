"""Post-hoc simulation: real people's recorded answers take the place of simulated ones.

Only items that a person really answered can be given to that person.
Weiss & Gibbons (2007), in Weiss (ed.), Proceedings of the 2007 GMAC Conference on Computerized
Adaptive Testing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cat.errors import BadInput
from cat.scoring import eap
from cat.scoring.tables import ItemTables
from cat.simulation.study.sheet import Sheet, read_sheet

Floats = NDArray[np.float64]
Categories = NDArray[np.int8]

COVARIATE = "cov_"  # columns that begin so describe people and are not items
NOT_ANSWERED = -1


@dataclass(frozen=True)
class RecordedAnswers:
    """Answers as they were given. matrices : per part (J, I) categories, -1 where not answered."""

    matrices: tuple[Categories, ...]

    def __call__(
        self,
        part: int,
        items: NDArray[np.int64],
        persons: NDArray[np.int64],
        numbers: NDArray[np.int64],
    ) -> Categories:
        """Categories (J,) that the persons in these rows gave to items (J,) of a part."""
        return self.matrices[part][persons, items]

    def unavailable(self, part: int, persons: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(J, I) items that cannot be given to the persons in these rows."""
        return np.asarray(self.matrices[part][persons] == NOT_ANSWERED)


@dataclass(frozen=True)
class AnswerCodes:
    """How a file writes answers.

    lowest : what it writes for the lowest category: 1 where options are numbered 1 to 5.
    missing : further texts that mean "not answered", besides the empty cell.
    ignored : columns that are neither items nor covariates.
    """

    lowest: int = 0
    missing: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


def read_recorded(
    path: Path,
    banks: Sequence[tuple[Sequence[str], NDArray[np.int64]]],
    codes: AnswerCodes,
) -> tuple[Categories, ...]:
    """Matrices per part (J, I) from a CSV file: a row per person, a column per item code.

    banks : of each part the codes of its items and (I,) how many categories each has. An item
        without a column counts as answered by nobody.

    Raises BadInput: a column that is no item, a cell that is no category of its item, a part
    without any answers.
    """
    sheet = read_sheet(path)
    _refuse_unknown([code for own, _ in banks for code in own], sheet, codes)
    matrices = []
    for own, categories in banks:
        matrix = np.full((len(sheet.rows), len(own)), NOT_ANSWERED, dtype=np.int8)
        for i, code in enumerate(own):
            if code in sheet.names:
                matrix[:, i] = _column(sheet, code, int(categories[i]), codes)
        if (matrix == NOT_ANSWERED).all():
            raise BadInput(
                f"{path.name}: tidak ada satu pun jawaban untuk {own[0]}, {own[-1]}, ..."
            )
        matrices.append(matrix)
    return tuple(matrices)


def full_bank_estimate(tables: ItemTables, answers: Categories) -> tuple[Floats, Floats]:
    """EAP theta and SE (J,) from all recorded answers (J, I): what a short test tries to match."""
    posterior = eap.start(tables.quadrature, len(answers))
    for item, given in enumerate(answers.T):
        rows = np.flatnonzero(given != NOT_ANSWERED)
        likelihood = tables.likelihood[item, given[rows]]
        posterior[rows] = eap.update(posterior[rows], likelihood)
    return eap.estimate(posterior, tables.quadrature)


def _refuse_unknown(items: Collection[str], sheet: Sheet, codes: AnswerCodes) -> None:
    known = set(items) | codes.ignored
    for name in sheet.names:
        if name not in known and not name.startswith(COVARIATE):
            raise BadInput(
                f"{sheet.path.name}: kolom {name!r} bukan butir di bank; beri awalan {COVARIATE}"
                " atau sebutkan di [jawaban] abaikan bila memang bukan butir"
            )


def _column(sheet: Sheet, code: str, categories: int, codes: AnswerCodes) -> Categories:
    place = sheet.names.index(code)
    meaning = {str(codes.lowest + k): k for k in range(categories)}
    meaning |= dict.fromkeys({"", *codes.missing}, NOT_ANSWERED)
    cells = [row[place] for row in sheet.rows]
    for row, cell in enumerate(cells):
        if cell not in meaning:
            last = codes.lowest + categories - 1
            rule = f"jawaban harus {codes.lowest} sampai {last}, atau kosong"
            raise sheet.problem(row, code, cell, rule)
    return np.array([meaning[cell] for cell in cells], dtype=np.int8)
