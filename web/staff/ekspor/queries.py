"""What the page of exports offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cat.errors import BadInput
from web.db import db
from web.operations.ekspor.datasets.source import Filters
from web.operations.ekspor.making import Plan
from web.tables import Instansi, Pengumuman, Sesi

Choices = list[tuple[str, str]]


def choices() -> tuple[Choices, Choices, Choices]:
    """Agencies, sesi (newest first) and approved announcements to choose from."""
    agencies = db.session.scalars(select(Instansi).order_by(Instansi.nama))
    slots = db.session.scalars(
        select(Sesi).options(joinedload(Sesi.titik_lokasi)).order_by(Sesi.starts_at.desc())
    )
    announced = db.session.scalars(
        select(Pengumuman.kode)
        .where(Pengumuman.approved_at.is_not(None))
        .order_by(Pengumuman.approved_at.desc())
    )
    return (
        [(each.kode, each.nama) for each in agencies],
        [(str(each.id), f"{each.nama}, {each.titik_lokasi.nama}") for each in slots],
        [(kode, kode) for kode in announced],
    )


def plan_of(arguments: Mapping[str, str]) -> Plan:
    """The plan in the arguments of an address; raises BadInput where they make none."""
    given: dict[str, Any] = {
        name: value for name, value in arguments.items() if name in Filters.__dataclass_fields__
    }
    try:
        given |= {name: int(given[name]) for name in ("tahun", "sesi") if name in given}
        return Plan.from_mapping(
            {
                "himpunan": arguments["himpunan"],
                "format": arguments["format"],
                "saringan": given,
            }
        )
    except KeyError as error:
        raise BadInput(f"alamat tidak menyebut {error}") from error
    except ValueError as error:
        raise BadInput(f"alamat tidak dapat dibaca: {error}") from error
