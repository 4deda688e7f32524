"""Everything that the platform holds about one person, for that person.

What belongs to somebody is found by following foreign keys from the person outwards, so that a
table added later is in the copy without anybody remembering it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from cat.itembank.base import Base
from web.tables import Foto, Person

# Links that lead to other people: a superior's staff, and steps taken on somebody else's request.
_OTHER_PEOPLE = {("pegawai", "atasan_id"), ("langkah_permohonan", "pegawai_id")}
# Secrets of the platform or of the exam, which are not data about the person.
_SECRET = {
    "sitting": {"pin_hash", "seed", "seal", "masuk_id", "paket", "hangus"},
    "masuk": {"id"},
    "sitting_event": {"item", "seal"},
    "user_account": {"password", "fs_uniquifier"},
    "dokumen": {"code"},
    "dokumen_pdf": {"pdf", "body", "content"},
}
_README = """Salinan data pribadi dari CAT CPNS (UU 27/2022 Pasal 7 dan 13).

data.json memuat satu daftar untuk setiap tabel. Waktu yang berupa bilangan bulat besar adalah
mikrodetik sejak 1 Januari 1970 UTC. Yang tidak ikut: naskah dan kode soal, kunci, segel, dan hash
PIN, karena itu rahasia ujian, bukan data tentang Anda.
"""

Rows = list[dict[str, Any]]


def everything(session: Session, person: Person) -> dict[str, Rows]:
    """Table name -> rows about the person, with plain values; tables without rows are left out."""
    found: dict[str, Rows] = {}
    for table, condition in _owned(session, person):
        rows = session.execute(select(table).where(condition)).mappings().all()
        if rows:
            seen = found.setdefault(table.name, [])
            seen += [plain for row in rows if (plain := _plain(table, row)) not in seen]
    return found


def as_zip(session: Session, person: Person) -> bytes:
    """The copy as one file to hand over."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("BACA-SAYA.txt", _README)
        text = json.dumps(everything(session, person), ensure_ascii=False, indent=2)
        archive.writestr("data.json", text + "\n")
        if (photo := session.get(Foto, person.id)) is not None:
            archive.writestr(f"foto.{photo.mime.partition('/')[2]}", photo.isi)
    return file.getvalue()


def owned_tables() -> dict[str, list[tuple[Column[Any], Column[Any]]]]:
    """Tables that hold rows about people: name -> the columns that lead to their owner's table."""
    owned: dict[str, list[tuple[Column[Any], Column[Any]]]] = {Person.__tablename__: []}
    tables = list(Base.metadata.sorted_tables)  # a table stands after those that it refers to
    for table in tables:
        links = [
            (key.parent, key.column)
            for key in table.foreign_keys
            if key.column.table.name in owned
            and key.column.table is not table
            and (table.name, key.parent.name) not in _OTHER_PEOPLE
        ]
        if links:
            owned[table.name] = links
    return owned


def _owned(session: Session, person: Person) -> Iterator[tuple[Table, Any]]:
    keys: dict[Column[Any], set[Any]] = {}

    def remember(table: Table, condition: Any) -> None:
        wanted = {key.column for t in Base.metadata.tables.values() for key in t.foreign_keys}
        for column in table.columns:
            if column in wanted:
                ids = session.scalars(select(column).where(condition))
                keys.setdefault(column, set()).update(ids)

    root = Base.metadata.tables[Person.__tablename__]
    for name, links in owned_tables().items():
        table = Base.metadata.tables[name]
        conditions = [child.in_(keys.get(parent, set())) for child, parent in links]
        for condition in conditions or [root.c.id == person.id]:
            remember(table, condition)
            yield table, condition


def _plain(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    hidden = _SECRET.get(table.name, set())
    return {name: _value(value) for name, value in row.items() if name not in hidden}


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return f"({len(value)} bita)" if isinstance(value, bytes) else value
