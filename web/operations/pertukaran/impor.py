"""Items from a file: a dry run that is kept, then exactly what it showed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from cat.errors import FileRefused
from cat.itembank.exchange.codes import Bank
from cat.itembank.exchange.importing import read_file
from cat.itembank.exchange.report import Batch, as_json, digest
from cat.itembank.lifecycle import Status, as_guess
from cat.itembank.rendering import render
from cat.itembank.store import add_version, store_pictures
from web.operations import audit
from web.operations.penulisan import pencarian, stimulus
from web.tables import Item, ItemImport, ItemImportApplied, ItemImportFile, Media

CHANGED = (
    "Isi bank berubah sejak berkas ini diperiksa, sehingga hasilnya tidak akan sama dengan "
    "laporan. "
    "Tidak ada yang disimpan; periksa ulang berkasnya."
)
_SHOWN = 30


def examine(session: Session, name: str, data: bytes, *, domain: str) -> Batch:
    """What a file would bring into this bank; nothing is stored. Raises FileRefused."""
    return read_file(_file_name(name), data, domain=domain, bank=_bank(session))


def keep(
    session: Session, batch: Batch, data: bytes, *, domain: str, by: str, now: int
) -> ItemImport:
    """Keep a dry run and its file, so that it can be shown and then applied. Flushes."""
    report = as_json(batch)
    row = ItemImport(
        file_name=batch.file_name,
        sha256=batch.sha256,
        size=len(data),
        domain=domain,
        report=report,
        digest=digest(report),
        by=by,
        at=now,
    )
    session.add(row)
    session.flush()
    session.add(ItemImportFile(import_id=row.id, body=data))
    audit.record(
        session,
        at=now,
        by=by,
        act="periksa impor butir",
        subject=batch.file_name,
        sha256=batch.sha256,
        diterima=len(batch.accepted),
        ditolak=len(batch.refused),
    )
    session.flush()
    return row


def read_again(session: Session, row: ItemImport) -> Batch:
    """The same dry run, made again from the kept file.

    Raises FileRefused when the file is no longer kept, or when the bank has changed so that the
    outcome would not be what the report showed.
    """
    kept = session.get(ItemImportFile, row.id)
    if kept is None:
        raise FileRefused("Berkas impor ini tidak disimpan lagi; unggah kembali bila perlu.")
    batch = read_file(row.file_name, kept.body, domain=row.domain, bank=_bank(session))
    if batch.sha256 != row.sha256 or digest(as_json(batch)) != row.digest:
        raise FileRefused(CHANGED)
    return batch


def apply(session: Session, row: ItemImport, batch: Batch, *, by: str, now: int) -> list[str]:
    """Store the accepted items of a dry run as drafts, once; returns their codes.

    Parameters are stored as a guess, whatever the file says: calibrations are this bank's own.

    batch : from `read_again`, which need not hold the database while it reads.

    Raises FileRefused when nothing may enter or a code was taken meanwhile. Flushes.
    """
    done = session.get(ItemImportApplied, row.id)
    if done is not None:
        return list(done.codes)
    contents = [item.content for item in batch.accepted if item.content is not None]
    if not contents:
        raise FileRefused("Tidak ada butir yang diterima; tidak ada yang disimpan.")
    codes = [content.code for content in contents]
    if session.scalar(select(Item.id).where(Item.code.in_(codes)).limit(1)) is not None:
        raise FileRefused(CHANGED)
    for name, (media_type, body) in batch.pictures.items():
        if session.get(Media, name) is None:
            session.add(Media(name=name, media_type=media_type, body=body))
    for item, content in zip(batch.accepted, contents, strict=True):
        store_pictures(session, render(content).pictures.items())
        add_version(session, as_guess(content), status=Status.DRAF, by=by, now=now)
        audit.record(
            session,
            at=now,
            by=by,
            act="impor butir",
            subject=content.code,
            impor=row.id,
            berkas=row.file_name,
            sha256=row.sha256,
            pengenal=item.identifier,
        )
    session.add(ItemImportApplied(import_id=row.id, codes=codes, by=by, at=now))
    _forget_file(session, row)
    return codes


def abandon(session: Session, row: ItemImport, *, by: str, now: int) -> None:
    """Throw away the file of a dry run that nobody wants to apply. Flushes."""
    _forget_file(session, row)
    audit.record(session, at=now, by=by, act="batalkan impor butir", subject=row.file_name)
    session.flush()


def of_person(session: Session, by: str) -> Sequence[tuple[ItemImport, ItemImportApplied | None]]:
    """The newest imports of one person, with what became of them; without their reports."""
    chosen = (
        select(ItemImport, ItemImportApplied)
        .outerjoin(ItemImportApplied, ItemImportApplied.import_id == ItemImport.id)
        .where(ItemImport.by == by)
        .options(defer(ItemImport.report))
        .order_by(ItemImport.id.desc())
        .limit(_SHOWN)
    )
    return [(row, applied) for row, applied in session.execute(chosen)]


def find(session: Session, import_id: int, by: str) -> ItemImport | None:
    """An import of this person's own; None for anybody else's."""
    row = session.get(ItemImport, import_id)
    return row if row is not None and row.by == by else None


def is_kept(session: Session, import_id: int) -> bool:
    """Whether the file of a dry run is still there."""
    kept = select(ItemImportFile.import_id).where(ItemImportFile.import_id == import_id)
    return session.scalar(kept) is not None


def _bank(session: Session) -> Bank:
    def shared(code: str) -> str | None:
        found = stimulus.find(session, code)
        return found.text if found else None

    return Bank(
        domain_of=lambda code: session.scalar(select(Item.domain).where(Item.code == code)),
        stimulus_text=shared,
        has_picture=lambda name: (
            session.scalar(select(Media.name).where(Media.name == name)) is not None
        ),
        domains=frozenset(pencarian.domains(session)),
    )


def _forget_file(session: Session, row: ItemImport) -> None:
    if (kept := session.get(ItemImportFile, row.id)) is not None:
        session.delete(kept)
    session.flush()


def _file_name(name: str) -> str:
    """A file name as it is shown and kept: the last step of the path, without signs that act."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if each.isprintable())[:200] or "tanpa nama"
