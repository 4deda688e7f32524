"""The data files of talent management, read; and put into a database."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from web.operations.talenta.acuan import put_acuan

HERE = Path(__file__).parent / "kompetensi"
FILES = (
    *("standar_jenjang.toml", "jpm.toml", "kinerja.toml", "sembilan_kotak.toml"),
    *("potensial_contoh.toml", "ip_asn.toml", "pelatihan.toml", "populasi.toml"),
)


def read_talent_file(name: str) -> dict[str, Any]:
    """What one file holds."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def load_talent_data(session: Session, *, now: int) -> None:
    """Every file under the hash of its content; files that are already there change nothing."""
    for name in FILES:
        put_acuan(session, read_talent_file(name), now=now)
