"""Pictures that writers bring: checked, stored once under their hash, named inside the item."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadItem
from cat.itembank.content import ItemContent, Problem
from cat.itembank.figures import is_uploaded, read_uploaded, uploaded_figure
from cat.itembank.pictures import Picture, checked_picture
from web.operations import audit
from web.operations.penulisan.isian import PICTURE_NAME, Fields, pictures, pictures_text
from web.tables import Media

MOST_PICTURES = 12  # of one item


def add_picture(
    session: Session,
    fields: Fields,
    data: bytes,
    *,
    name: str,
    alt: str,
    taken: Iterable[str],
    code: str,
    by: str,
    now: int,
) -> tuple[dict[str, str], Picture]:
    """Store a picture and name it in the fields of a working copy.

    name : how Markdown refers to it; a name used before is given the new picture.
    taken : names of the item's drawings, which an upload must not cover.

    Returns the new fields and the picture; raises BadItem naming the rule, and stores nothing then.
    """
    if not PICTURE_NAME.fullmatch(name):
        rule = "huruf kecil, angka, dan tanda hubung; paling banyak 40"
        raise BadItem(f"nama gambar: {rule} (terbaca: {name[:40] or 'kosong'})")
    if name in set(taken):
        raise BadItem(f"nama gambar: {name} sudah dipakai gambar susunan butir ini")
    if not alt.strip():
        rule = "wajib diisi: tulislah apa yang tampak pada gambar"
        raise BadItem(f"teks alternatif: {rule} (terbaca: kosong)")
    known = pictures(fields)
    if len({*known, name}) > MOST_PICTURES:
        raise BadItem(f"gambar: paling banyak {MOST_PICTURES} pada satu butir")
    picture = checked_picture(data)
    known[name] = uploaded_figure(picture.name, " ".join(alt.split()))
    read_uploaded(known[name])
    store(session, picture)
    audit.record(session, at=now, by=by, act="unggah gambar", subject=code, gambar=picture.name)
    return {**fields, "gambar": pictures_text(known)}, picture


def store(session: Session, picture: Picture) -> None:
    """Keep a checked picture under the hash of its content."""
    if session.get(Media, picture.name) is None:
        session.add(Media(name=picture.name, media_type=picture.media_type, body=picture.body))
        session.flush()


def missing(session: Session, content: ItemContent) -> list[Problem]:
    """Uploaded pictures that the item names and the bank does not have, or that say nothing."""
    found = []
    for name, figure in content.figures.items():
        if not is_uploaded(figure):
            continue
        try:
            stored = read_uploaded(figure).name
        except BadItem as error:
            found.append(Problem("gambar", name, str(error.evidence.get("rule", error))))
            continue
        if session.scalar(select(Media.name).where(Media.name == stored)) is None:
            found.append(Problem("gambar", name, "berkasnya tidak ada di bank; unggah lagi"))
    return found
