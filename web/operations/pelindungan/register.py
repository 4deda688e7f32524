"""The register of processing activities that is in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.ketentuan.pelindungan import Register
from web.tables import ProcessingRegister


def load(session: Session, content: Mapping[str, Any], now: int) -> Register:
    """Put a register in force; the one in force already changes nothing. Raises BadRules."""
    register = Register.from_mapping(content)
    if session.get(ProcessingRegister, register.digest) is None:
        session.add(
            ProcessingRegister(digest=register.digest, content=register.to_mapping(), loaded_at=now)
        )
        session.flush()
    return register


def in_force(session: Session) -> Register:
    """The newest register; raises BadInput when there is none."""
    newest = select(ProcessingRegister).order_by(ProcessingRegister.loaded_at.desc())
    row = session.scalar(newest.limit(1))
    if row is None:
        raise BadInput("daftar kegiatan pemrosesan data belum dimuat")
    return Register.from_mapping(row.content)
