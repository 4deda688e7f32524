"""Which engine is this? A hash of the source files that decide the numbers of a study.

Two machines, or one machine before and after an update, must not share a study unless the code is
the same: the results would be half of one engine and half of another.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import cat

# Rooms, and files of this one, that the numbers of a simulated person can depend on.
ROOMS = ("irt", "scoring", "itembank", "assembly", "selection")
FILES = (
    "cohort",
    "rehearsal",
    "running/chunks",
    "running/exposure_setup",
    "running/worker",
    "study/generated",
    "study/recorded",
    "study/simulees",
    "study/streams",
)


@cache
def engine_version() -> str:
    """SHA-256, hexadecimal, over the names and contents of the deciding source files."""
    root = Path(cat.__file__).parent
    deciding = [file for room in ROOMS for file in sorted((root / room).rglob("*.py"))]
    found = hashlib.sha256()
    for file in [*deciding, *(root / "simulation" / f"{name}.py" for name in FILES)]:
        content = file.read_bytes()
        found.update(f"{file.relative_to(root).as_posix()} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()
