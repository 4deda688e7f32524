"""Imports run one way: web -> cat, and inside cat from the exam down to the response models."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*sorted((ROOT / "cat").rglob("*.py")), *sorted((ROOT / "web").rglob("*.py"))]
DATABASE_SIDE = {"cat/itembank/base.py", "cat/itembank/tables.py", "cat/itembank/store.py"}
FLASK = {"flask", "flask_security", "flask_wtf", "flask_babel", "flask_migrate", "wtforms"}
# A room may import those to its right in its row, and nothing above it.
ROOMS = {
    "cat.irt": {"cat.errors"},
    "cat.scoring": {"cat.irt", "cat.errors"},
    "cat.itembank": {"cat.scoring", "cat.irt", "cat.errors"},
    "cat.assembly": {"cat.itembank", "cat.scoring", "cat.irt", "cat.errors"},
    "cat.selection": {"cat.assembly", "cat.itembank", "cat.scoring", "cat.irt", "cat.errors"},
    "cat.publication": {
        *("cat.selection", "cat.assembly", "cat.itembank", "cat.scoring", "cat.irt", "cat.errors"),
    },
    "cat.exam": {"cat.selection", "cat.itembank", "cat.scoring", "cat.irt", "cat.errors"},
    "cat.simulation": {
        *("cat.publication", "cat.selection", "cat.assembly", "cat.itembank", "cat.scoring"),
        *("cat.irt", "cat.errors"),
    },
    "cat.ketentuan": {"cat.errors"},
    "cat.seleksi": {
        *("cat.ketentuan", "cat.itembank", "cat.scoring", "cat.irt", "cat.errors"),
    },
    "cat.kompetensi": {"cat.ketentuan", "cat.scoring", "cat.irt", "cat.errors"},
    "cat.calibration": {"cat.itembank", "cat.scoring", "cat.irt", "cat.errors"},
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_file_imports_what_it_may_not_know(path):
    name = name_of(path)
    tops = {module.split(".")[0] for module in imported(path)}
    if name.startswith("cat/"):
        assert not tops & (FLASK | {"web", "seeds"})
        if name not in DATABASE_SIDE:
            assert "sqlalchemy" not in tops
        if name != "cat/calibration/girth_bridge.py":
            assert "girth" not in tops
    if name.startswith("web/operations/"):
        assert not tops & FLASK
    if name.startswith("web/") and name.endswith(("views.py", "forms.py")):
        assert "numpy" not in tops


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_of_the_engine_import_only_downwards(room):
    folder = ROOT / room.replace(".", "/")
    for path in folder.rglob("*.py"):
        for module in imported(path):
            if module.startswith("cat.") and not module.startswith(room):
                target = ".".join(module.split(".")[:2])
                assert target in ROOMS[room], f"{name_of(path)} imports {module}"


def test_the_item_bank_tables_load_no_flask():
    import subprocess
    import sys

    program = "import sys, cat.itembank.tables; sys.exit('flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
