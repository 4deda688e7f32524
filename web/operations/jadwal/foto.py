"""Photographs of participants from a ZIP: checked as pictures, made anew without metadata."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import FileRefused
from cat.itembank.exchange.archive import MOST_FILE_BYTES, Archive
from web.operations import audit
from web.operations.seleksi.lembar import Temuan
from web.tables import Foto, Peserta

MOST_BYTES = MOST_FILE_BYTES
MOST_PHOTO_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 24_000_000
LEAST_SIDE = 120
# As stored: enough to compare a face on a tablet, small enough for 1,400 of them.
LARGEST_SIDE = 600
QUALITY = 85
MIME = "image/jpeg"
_NAME = re.compile(r"([A-Za-z0-9-]{3,30})\.(jpe?g|png)", re.IGNORECASE)


@dataclass
class LaporanFoto:
    """What a ZIP of photographs holds. baru, diganti : numbers of participants."""

    baru: list[str] = field(default_factory=list)
    diganti: list[str] = field(default_factory=list)
    masalah: list[Temuan] = field(default_factory=list)


def examine(session: Session, content: bytes) -> LaporanFoto:
    """What a ZIP would do; every picture is opened. Nothing is written. Raises FileRefused."""
    report, _ = _read(session, content, store=False, now=0)
    return report


def store(session: Session, content: bytes, *, by: str, now: int) -> LaporanFoto:
    """Store every photograph of a ZIP, or none. Flushes.

    Raises FileRefused for a file that is no ZIP or when anything in it breaks a rule.
    """
    report, fresh = _read(session, content, store=True, now=now)
    if report.masalah:
        first = report.masalah[0]
        raise FileRefused(
            f"{len(report.masalah)} foto melanggar aturan; tidak ada yang disimpan. "
            f"Yang pertama, {first.nilai}: {first.aturan}"
        )
    session.add_all(fresh)
    audit.record(
        session,
        at=now,
        by=by,
        act="impor foto",
        subject="foto peserta",
        baru=len(report.baru),
        diganti=len(report.diganti),
    )
    session.flush()
    return report


def clean(body: bytes) -> bytes:
    """The picture as a JPEG of at most LARGEST_SIDE pixels a side, with nothing but the picture.

    Raises FileRefused in words that follow the name of the file.
    """
    if len(body) > MOST_PHOTO_BYTES:
        raise FileRefused(f"lebih dari {MOST_PHOTO_BYTES // 1024**2} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(body), formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise FileRefused(f"{width} x {height} piksel: terlalu besar")
                if min(width, height) < LEAST_SIDE:
                    raise FileRefused(
                        f"{width} x {height} piksel: sisi terpendek sedikitnya {LEAST_SIDE}"
                    )
                upright = ImageOps.exif_transpose(picture)
                return _as_jpeg(upright)
    except (UnidentifiedImageError, Image.DecompressionBombWarning, OSError, ValueError) as error:
        raise FileRefused("bukan gambar JPEG atau PNG yang utuh") from error
    except (Image.DecompressionBombError, SyntaxError) as error:
        raise FileRefused("bukan gambar JPEG atau PNG yang wajar") from error


def _as_jpeg(picture: Image.Image) -> bytes:
    flat = Image.new("RGB", picture.size, "white")
    rgba = picture.convert("RGBA")
    flat.paste(rgba, mask=rgba.getchannel("A"))
    flat.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    made = BytesIO()
    flat.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


def _read(
    session: Session, content: bytes, *, store: bool, now: int
) -> tuple[LaporanFoto, list[Foto]]:
    report, fresh = LaporanFoto(), []
    files = Archive(content)
    named = dict(_named(files, report))
    people = dict(
        session.execute(
            select(Peserta.nomor, Peserta.person_id).where(Peserta.nomor.in_(named))
        ).all()
    )
    known = {
        row.person_id: row
        for row in session.scalars(select(Foto).where(Foto.person_id.in_(people.values())))
    }
    for number, (nomor, path) in enumerate(sorted(named.items()), start=1):
        if nomor not in people:
            report.masalah.append(_breach(number, nomor, path, "tidak ada peserta bernomor ini"))
            continue
        try:
            picture = clean(files[path])
        except FileRefused as error:
            report.masalah.append(_breach(number, nomor, path, str(error)))
            continue
        before = known.get(people[nomor])
        (report.diganti if before else report.baru).append(nomor)
        if store and before is not None:
            before.isi, before.mime, before.at = picture, MIME, now
        elif store:
            fresh.append(Foto(person_id=people[nomor], mime=MIME, isi=picture, at=now))
    return report, fresh


def _named(files: Archive, report: LaporanFoto) -> Iterator[tuple[str, str]]:
    """Nomor peserta and path of each picture; what is not named by a number is reported."""
    seen: set[str] = set()
    for path in files:
        name = PurePosixPath(path).name
        if name.startswith(".") or "__MACOSX" in path:
            continue
        found = _NAME.fullmatch(name)
        if found is None:
            rule = "nama berkas harus nomor peserta, misalnya 24993020110000001.jpg"
            report.masalah.append(_breach(0, "", path, rule))
        elif found[1] in seen:
            report.masalah.append(_breach(0, found[1], path, "ada dua foto untuk nomor ini"))
        else:
            seen.add(found[1])
            yield found[1], path
    if not seen and not report.masalah:
        raise FileRefused("ZIP tidak berisi foto.")


def _breach(number: int, nomor: str, path: str, rule: str) -> Temuan:
    return Temuan(number, nomor, "foto", path[:60], rule)
