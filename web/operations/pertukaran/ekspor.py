"""Items of the bank as a file: QTI 3.0, XLSX or CSV."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cat.errors import BadInput
from cat.itembank.content import ItemContent
from cat.itembank.exchange.qti.packaging import write_package
from cat.itembank.exchange.spreadsheet.writing import as_csv, as_xlsx, template, with_pictures
from cat.itembank.store import content_of
from web.operations import audit
from web.operations.penulisan import pencarian
from web.tables import Item, ItemVersion, Media

MOST_ITEMS = 2_000
ZIP, XLSX = "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What can be asked for -> how it is called on the page.
KINDS = {"qti": "QTI 3.0 (paket ZIP)", "xlsx": "XLSX", "csv": "CSV"}


@dataclass(frozen=True)
class Exported:
    """A file to hand over. count : items in it."""

    name: str
    media_type: str
    body: bytes
    count: int


def export(session: Session, wanted: pencarian.Wanted, kind: str, *, by: str, now: int) -> Exported:
    """The newest versions of the items that match, in the order of their codes. Flushes.

    kind : one of KINDS. Keys are in the file, so the audit says who took which items.

    Raises BadInput when none or too many match, BadItem for an item that cannot be written.
    """
    codes = pencarian.codes(session, wanted, MOST_ITEMS + 1)
    if not codes:
        raise BadInput("Tidak ada butir yang cocok dengan saringan.")
    if len(codes) > MOST_ITEMS:
        raise BadInput(f"Lebih dari {MOST_ITEMS} butir cocok; persempit saringannya.")
    items = _contents(session, codes)
    made = _made(session, items, kind)
    audit.record(
        session, at=now, by=by, act="ekspor butir", subject=kind, banyaknya=len(codes), butir=codes
    )
    session.flush()
    return made


def empty_template(session: Session) -> bytes:
    """The workbook to fill in, with this bank's domains to choose from."""
    return template(pencarian.domains(session))


def _contents(session: Session, codes: list[str]) -> list[ItemContent]:
    found = session.scalars(
        select(ItemVersion)
        .join(Item)
        .where(Item.code.in_(codes), ItemVersion.version == Item.latest)
        .order_by(Item.code)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )
    return [content_of(version) for version in found]


def _made(session: Session, items: list[ItemContent], kind: str) -> Exported:
    def picture(name: str) -> bytes:
        return session.get_one(Media, name).body

    if kind == "qti":
        return Exported("butir-qti3.zip", ZIP, write_package(items, picture), len(items))
    if kind == "xlsx":
        sheet = as_xlsx(items, pencarian.domains(session))
        media_type = XLSX
    elif kind == "csv":
        sheet, media_type = as_csv(items), "text/csv; charset=utf-8"
    else:
        raise BadInput(f"Bentuk berkas {kind[:20]!r} tidak dikenal.")
    name = f"butir.{kind}"
    if both := with_pictures(name, sheet, items, picture):
        return Exported("butir-dan-gambar.zip", ZIP, both, len(items))
    return Exported(name, media_type, sheet, len(items))
