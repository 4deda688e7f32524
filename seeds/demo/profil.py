"""Evidence of competency of the serving staff, and a norm group of the finished sesi."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.clock import WIB, as_datetime
from web.operations.bukti import Isian, decide, enter
from web.operations.kompetensi import SETUJU
from web.operations.norma import PilihanNorma, make_group
from web.tables import Person, Sesi

FIRST, SECOND = "staf", "staf2"
_REASON = "Data peragaan"


def load_profil(session: Session, *, finished: str, now: int) -> None:
    """Everything that the profile pages show of invented people. finished : name of the sesi."""
    today = as_datetime(now).astimezone(WIB).date()
    data = tomllib.loads((Path(__file__).parent / "bukti.toml").read_text(encoding="utf-8"))
    people = {person.nama: person.id for person in session.scalars(select(Person))}
    for row in data["asesmen"]:
        for kompetensi, level in row["level"].items():
            _enter(
                session,
                people[row["nama"]],
                row | {"kompetensi": kompetensi, "level": level},
                now,
                today,
            )
    for row in data["bukti"]:
        _enter(session, people[row["nama"]], row, now, today)
    sesi = session.scalars(select(Sesi).where(Sesi.nama == finished)).one()
    pilihan = PilihanNorma(
        nama="Peserta SKD 2024, formasi umum",
        siapa="Peserta formasi umum sesi peragaan.",
        sesi=(sesi.id,),
        jenis_kebutuhan="umum",
    )
    make_group(session, pilihan, by=FIRST, now=now, today=today)


def _enter(session: Session, person_id: int, row: dict[str, Any], now: int, today: date) -> None:
    isian = Isian(
        person_id=person_id,
        kompetensi=row["kompetensi"],
        jenis=row["jenis"],
        level=row["level"],
        tanggal=row["tanggal"],
        berlaku_sampai=None,
        asal=row["asal"],
        alasan=_REASON,
    )
    [entered] = enter(session, [isian], by=FIRST, now=now, today=today)
    if row["jenis"] == "asesmen" and not row.get("menunggu"):
        decide(session, entered.id, SETUJU, _REASON, by=SECOND, now=now)
