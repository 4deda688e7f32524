"""The data files of the competency profile, read and checked; and put into a database."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sqlalchemy.orm import Session

from web.operations.data_kompetensi import READERS, put_data

HERE = Path(__file__).parent / "kompetensi"
FILES = {
    "kamus-kompetensi": "kamus.toml",
    "aturan-bukti": "aturan_bukti.toml",
    "batas-level": "batas_level.toml",
    "tkp-ke-kompetensi": "tkp_ke_kompetensi.toml",
    "literasi-digital": "literasi_digital.toml",
    "aturan-norma": "aturan_norma.toml",
}


def load_competency_data(session: Session, *, now: int) -> None:
    """Every file under the hash of its content; files that are already there change nothing."""
    for kode, name in FILES.items():
        content = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
        put_data(session, READERS[kode](content), now=now)
