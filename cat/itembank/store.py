"""Between rows and frozen values: the only file that knows both the tables and the content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from cat.errors import BadInput
from cat.itembank.content import NOT_ESTIMATED, ItemContent, Parameters, is_keyed
from cat.itembank.lifecycle import WITHDRAWN, Status
from cat.itembank.pool import Pool, PoolItem, load
from cat.itembank.rendering import render
from cat.itembank.tables import Calibration, Item, ItemVersion, Media, PublishedPool


def add_version(
    session: Session, content: ItemContent, *, status: Status, by: str, now: int
) -> ItemVersion:
    """Store a new wording of the item with this code, which is created when it is new."""
    item = session.scalar(select(Item).where(Item.code == content.code))
    if item is None:
        item = Item(code=content.code, domain=content.domain, status=status, latest=0)
        session.add(item)
    item.domain, item.latest = content.domain, item.latest + 1
    set_status(item, status)
    version = ItemVersion(
        item=item, version=item.latest, content=_as_json(content), written_by=by, written_at=now
    )
    p = content.parameters
    version.calibrations.append(
        Calibration(a=p.a, b=list(p.b), c=p.c, status=p.status, made_at=now)
    )
    session.add(version)
    session.flush()
    return version


def set_status(item: Item, status: Status) -> None:
    """Move the newest version to a state, and see to which version pools go on scoring."""
    item.status = status
    if status == Status.AKTIF:
        item.active_version = item.latest
    elif status in WITHDRAWN:
        item.active_version = None


def content_of(version: ItemVersion) -> ItemContent:
    """The item content of a stored version, with its latest parameters."""
    stored, item = version.content, version.item
    latest = version.calibrations[-1]
    return ItemContent(
        code=item.code,
        domain=stored["domain"],
        stem=stored["soal"],
        options=tuple(stored["opsi"]),
        points=tuple(stored["poin"]),
        rationale=stored["rasional"],
        source=stored["sumber"],
        parameters=Parameters(latest.a, tuple(latest.b), latest.c, latest.status),
        figures=stored["gambar"],
        rule=stored["aturan"],
        # Versions stored before these could be said do not have them.
        stimulus=stored.get("stimulus", ""),
        enemies=tuple(stored.get("seteru", ())),
        seconds=stored.get("detik", 0.0),
        stimulus_text=stored.get("teks_stimulus", ""),
        option_rationales=tuple(stored.get("alasan_opsi", ())),
        indicator=stored.get("indikator", ""),
        language_level=stored.get("tingkat_bahasa", ""),
        parent=stored.get("induk", ""),
        max_choices=stored.get("pilihan_terbanyak", 1),
    )


def latest_version(session: Session, code: str) -> ItemVersion | None:
    """The newest wording of an item, or None when the bank has no such code."""
    return session.scalar(
        select(ItemVersion)
        .join(Item)
        .where(Item.code == code, ItemVersion.version == Item.latest)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )


def active_items(session: Session, part: str) -> list[PoolItem]:
    """Items of one part in use, rendered, in the order of their codes; stores their pictures.

    Of an item whose next version is still being written they are the version in use.
    """
    return _pool_items(session, part, ItemVersion.version == Item.active_version)


def items_with(session: Session, part: str, status: Status) -> list[PoolItem]:
    """Items of one part whose newest version is in one state, else as `active_items`."""
    newest = ItemVersion.version == Item.latest
    return _pool_items(session, part, newest, Item.status == status)


def _pool_items(session: Session, part: str, *which: ColumnElement[bool]) -> list[PoolItem]:
    versions = session.scalars(
        select(ItemVersion)
        .join(Item)
        .where(Item.domain.startswith(part + "."), *which)
        .order_by(Item.code)
        .options(selectinload(ItemVersion.item), selectinload(ItemVersion.calibrations))
    )
    return [_pool_item(session, version) for version in versions]


def store_pool(session: Session, pool: Pool, *, by: str, now: int) -> bool:
    """Keep a published pool; returns False when the same content is stored already."""
    if session.get(PublishedPool, pool.digest) is not None:
        return False
    session.add(
        PublishedPool(
            digest=pool.digest,
            code=pool.code,
            manifest=pool.manifest,
            tables=pool.tables,
            published_at=now,
            published_by=by,
        )
    )
    session.flush()
    return True


def load_pool(session: Session, digest: str) -> Pool:
    """Open a published pool; raises BadInput when there is none, PoolDamaged when changed."""
    row = session.get(PublishedPool, digest)
    if row is None:
        raise BadInput(f"no pool with digest {digest}", digest=digest)
    return load(row.manifest, row.tables, digest)


def store_pictures(session: Session, pictures: Iterable[tuple[str, bytes]]) -> None:
    """Keep drawings under the hash of their content."""
    for name, body in pictures:
        if session.get(Media, name) is None:
            session.add(Media(name=name, media_type="image/svg+xml", body=body))
    session.flush()


def new_parameters(part: str) -> Parameters:
    """Where an item starts before anybody has estimated its parameters."""
    b: Sequence[float] = (0.0,) if is_keyed(part) else (-2.0, -1.0, 0.0, 1.0)
    return Parameters(0.8, tuple(b), 0.2 if is_keyed(part) else 0.0, NOT_ESTIMATED)


def _pool_item(session: Session, version: ItemVersion) -> PoolItem:
    content = content_of(version)
    rendered = render(content)
    store_pictures(session, rendered.pictures.items())
    return PoolItem.of(content, version.version, rendered.stem, rendered.options)


def _as_json(content: ItemContent) -> dict[str, Any]:
    return {
        "domain": content.domain,
        "soal": content.stem,
        "opsi": list(content.options),
        "poin": list(content.points),
        "rasional": content.rationale,
        "sumber": content.source,
        "gambar": dict(content.figures),
        "aturan": dict(content.rule),
        "stimulus": content.stimulus,
        "seteru": list(content.enemies),
        "detik": content.seconds,
        "teks_stimulus": content.stimulus_text,
        "alasan_opsi": list(content.option_rationales),
        "indikator": content.indicator,
        "tingkat_bahasa": content.language_level,
        "induk": content.parent,
        "pilihan_terbanyak": content.max_choices,
    }
