"""docs/mesin.md promises no more than is tested, and hides nothing that the engine has.

A table there is followed by lines that name, for each of its marks, the tests behind it. A cell in
row r and column c is tested when one of these tests has a case called r-c.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import cat.scoring
from cat.irt.items import Model
from cat.itembank.constraints import TYPES
from cat.selection.criteria import CRITERIA
from cat.selection.policy import EXPOSURE_METHODS
from cat.selection.ranking import BELIEF_CRITERIA, THETA_CRITERIA
from cat.selection.stopping import KINDS, Reason

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mesin.md"
WORKS, LIMITED, REFUSED, MISSING = "✓", "◐", "ditolak", "belum"
MARKS = {WORKS, LIMITED, REFUSED, MISSING}
BEHIND = re.compile(rf"- ({'|'.join(MARKS)}) `(tests/cat/matrix/\w+)\.py::(\w+)`")


@dataclass(frozen=True)
class Table:
    """A table of the page.

    heading : of its section. columns : without the first. rows : first cell -> the others.
    behind : mark, module and function of each test named below it.
    """

    heading: str
    columns: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]
    behind: tuple[tuple[str, str, str], ...]

    def cells(self) -> dict[str, str]:
        """Name of the case -> mark."""
        return {
            f"{row}-{column}": mark
            for row, marks in self.rows.items()
            for column, mark in zip(self.columns, marks, strict=True)
        }


def tables() -> list[Table]:
    found = []
    for section in re.split(r"^#+ ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        heading = section.partition("\n")[0]
        for lines in re.findall(r"(?:^\|.*\n)+", section, flags=re.MULTILINE):
            head, _, *body = [
                [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
                for line in lines.strip().splitlines()
            ]
            rows = {first: tuple(rest) for first, *rest in body}
            is_matrix = all(cell in MARKS for rest in rows.values() for cell in rest)
            behind = tuple(BEHIND.findall(section)) if is_matrix else ()
            found.append(Table(heading, tuple(head[1:]), rows, behind))
    return found


TABLES = tables()
MATRICES = [table for table in TABLES if table.behind]


def cases(module: str, function: str) -> dict[str, bool]:
    """Name of each case of a test -> whether it is expected to fail."""
    test = getattr(importlib.import_module(module.replace("/", ".")), function)
    (parameters,) = [mark for mark in test.pytestmark if mark.name == "parametrize"]
    return {
        case.id: any(mark.name == "xfail" for mark in case.marks) for case in parameters.args[1]
    }


def matrix(heading: str) -> Table:
    return next(table for table in MATRICES if table.heading == heading)


def words(*columns: str) -> set[str]:
    """What stands between backticks in the columns of these names, in any table."""
    page = PAGE.read_text(encoding="utf-8")
    found = set()
    for lines in re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE):
        head, _, *body = [line.strip().strip("|").split("|") for line in lines.splitlines()]
        for place, name in enumerate(head):
            if name.strip() in columns:
                for row in body:
                    found |= set(re.findall(r"`([^`]+)`", row[place]))
    return found


@pytest.mark.parametrize("table", MATRICES, ids=lambda table: table.heading)
def test_every_cell_has_a_test_that_does_what_its_mark_says(table):
    for mark in MARKS:
        promised = {case for case, own in table.cells().items() if own == mark}
        behind = [cases(module, name) for own, module, name in table.behind if own == mark]
        tested = {
            case
            for test in behind
            for case, is_short in test.items()
            if is_short == (mark == MISSING)
        }
        assert promised == tested, mark


def test_all_tables_of_marks_are_there():
    assert [table.heading for table in MATRICES] == [
        "Model × penaksir kemampuan",
        "Kriteria pemilihan butir × model",
        "Kriteria × kendali paparan",
        "Kriteria × kendala isi",
        "Kendali paparan × kendala isi",
        "Aturan berhenti × model",
    ]


def test_every_test_that_is_named_exists_nowhere_else_than_below_a_table():
    page = PAGE.read_text(encoding="utf-8")

    assert len(BEHIND.findall(page)) == sum(len(table.behind) for table in MATRICES)
    assert len(re.findall(r"::test_\w+", page)) == len(BEHIND.findall(page))


def test_no_response_model_is_missing():
    models = next(table for table in TABLES if table.heading == "Model jawaban")

    assert words("`Model`") >= set(Model)
    assert set(models.rows) == set(matrix("Model × penaksir kemampuan").rows)
    assert set(models.rows) == set(matrix("Aturan berhenti × model").columns)
    assert {*models.rows, "tabel"} == set(matrix("Kriteria pemilihan butir × model").columns)


def estimators() -> set[str]:
    """Rooms of `cat.scoring` that score answers: `score(responses, ...)`."""

    def scores(module: ModuleType) -> bool:
        score = getattr(module, "score", None)
        return score is not None and "responses" in inspect.signature(score).parameters

    names = [name for _, name, _ in pkgutil.iter_modules(cat.scoring.__path__)]
    return {name for name in names if scores(importlib.import_module(f"cat.scoring.{name}"))}


def test_no_estimator_is_missing():
    columns = set(matrix("Model × penaksir kemampuan").columns)

    assert columns == estimators() | {"mle_sempurna"}


@pytest.mark.parametrize(
    "heading",
    [
        "Kriteria pemilihan butir × model",
        "Kriteria × kendali paparan",
        "Kriteria × kendala isi",
    ],
)
def test_no_criterion_is_missing(heading):
    assert set(matrix(heading).rows) == set(CRITERIA)


def test_what_can_be_tabulated_is_what_the_engine_tabulates():
    table = matrix("Kriteria pemilihan butir × model")

    can = {name for name in table.rows if table.cells()[f"{name}-tabel"] == WORKS}
    assert can == THETA_CRITERIA | BELIEF_CRITERIA


def test_no_exposure_method_is_missing():
    methods = {"tanpa", "acak_teratas", *EXPOSURE_METHODS, "kelayakan_bersyarat"}

    assert set(matrix("Kriteria × kendali paparan").columns) == methods
    assert set(matrix("Kendali paparan × kendala isi").rows) == methods


def test_no_type_of_constraint_is_missing():
    limits = set(matrix("Kriteria × kendala isi").columns)

    assert limits == set(matrix("Kendali paparan × kendala isi").columns) == words("kolom")
    assert words("TYPE dalam tabel kendala") >= set(TYPES)


def test_no_stopping_rule_and_no_reason_is_missing():
    rules = set(matrix("Aturan berhenti × model").rows)
    reasons = next(
        table
        for table in TABLES
        if table.heading == "Aturan berhenti × model" and "alasan yang dicatat" in table.columns
    )

    assert rules == {"panjang", *KINDS, "habis"} == set(reasons.rows)
    said = {row[0] for row in reasons.rows.values()}
    assert said == {reason.text for reason in Reason if reason is not Reason.GOING_ON}
    for kind, (rule, _) in KINDS.items():
        assert reasons.rows[kind][0] == rule.reason.text


def test_every_study_that_is_named_is_there():
    studies = {path.name for path in (PAGE.parents[1] / "tests" / "science").glob("test_*.py")}

    assert words("studi") == studies
