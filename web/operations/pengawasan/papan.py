"""The score board of a sesi: an address that one must know, and numbers of masked people."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from cat.errors import NotDue
from cat.exam.state import Phase
from web.operations import audit
from web.operations.pengawasan.aturan import AturanPapan, aturan
from web.operations.pengawasan.pelaku import Pelaku, lock_sesi
from web.tables import PartResult, Person, Peserta, Sesi, Sitting, TitikLokasi

NILAI, NOMOR = "nilai", "nomor"
ORDERS = (NILAI, NOMOR)
_HIDDEN = "•"


@dataclass(frozen=True)
class Baris:
    """One finished person, masked. nilai : in the order of the parts."""

    nomor: str
    nama: str
    nilai: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Papan:
    """What the screen shows. parts : codes, in order. counts : terdaftar, mengerjakan, selesai.

    changed_at : when the last of these people finished (microseconds), None before.
    """

    sesi: str
    lokasi: str
    zona: str
    parts: tuple[str, ...]
    rows: tuple[Baris, ...]
    counts: dict[str, int]
    changed_at: int | None
    etag: str


def open_board(session: Session, sesi_id: int, who: Pelaku) -> str:
    """Give the board an address, or tell the one that it has. Raises NotDue for a void sesi."""
    sesi = lock_sesi(session, sesi_id)
    if sesi.is_void:
        raise NotDue(f"{sesi.nama} sudah dibatalkan.")
    if sesi.papan is None:
        sesi.papan = secrets.token_urlsafe(18)
        _note(session, "buka papan nilai", sesi, who)
    return sesi.papan


def close_board(session: Session, sesi_id: int, who: Pelaku) -> None:
    """Take the address away; one that is opened later is another."""
    sesi = lock_sesi(session, sesi_id)
    if sesi.papan is not None:
        sesi.papan = None
        _note(session, "tutup papan nilai", sesi, who)


def read_board(session: Session, secret: str, *, order: str) -> Papan | None:
    """What the board under this address shows; None where there is none. order : of ORDERS."""
    head = session.execute(_HEAD, {"secret": secret}).first()
    if head is None:
        return None
    rules = aturan().papan
    counts = Counter(session.scalars(_PHASES, {"sesi": head.id}))
    scores = session.execute(_SCORES, {"sesi": head.id}).all()
    parts = tuple(dict.fromkeys(row.part for row in sorted(scores, key=lambda row: row.position)))
    people: dict[str, list[Any]] = {}
    for row in scores:
        people.setdefault(row.id, []).append(row)
    ordered = sorted(people.values(), key=_by_total if order == NILAI else lambda own: own[0].nomor)
    rows = tuple(_line(own, parts, rules) for own in ordered)
    numbers = {
        "terdaftar": sum(counts.values()),
        "mengerjakan": counts[Phase.WORKING.value] + counts[Phase.PAUSED.value],
        "selesai": len(rows),
    }
    changed_at = max((row.last_at for row in scores), default=None)
    text = repr((head, parts, rows, numbers, changed_at))
    etag = hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
    return Papan(head.nama, head.lokasi, head.zona, parts, rows, numbers, changed_at, etag)


def mask_name(nama: str, rules: AturanPapan) -> str:
    """A name as the rules let a hall see it."""
    words = nama.split()
    if rules.nama == "penuh" or not words:
        return nama
    whole = 1 if rules.nama == "depan" and len(words) > 1 else 0
    return " ".join(words[:whole] + [f"{word[0]}{_HIDDEN * 3}" for word in words[whole:]])


def mask_number(nomor: str, rules: AturanPapan) -> str:
    """A nomor peserta of which only the end can be read: its middle tells the jenis kebutuhan."""
    most = min(rules.nomor_terlihat, len(nomor) // 2)  # of a short number never the whole
    return _HIDDEN * 3 + nomor[len(nomor) - most :]


def _by_total(own: Sequence[Any]) -> tuple[int, str]:
    return -sum(row.nilai for row in own), own[0].nomor


def _line(own: Sequence[Any], parts: tuple[str, ...], rules: AturanPapan) -> Baris:
    points = {row.part: row.nilai for row in own}
    nilai = tuple(points.get(part, 0) for part in parts)
    first = own[0]
    return Baris(mask_number(first.nomor, rules), mask_name(first.nama, rules), nilai, sum(nilai))


def _note(session: Session, act: str, sesi: Sesi, who: Pelaku) -> None:
    audit.record(session, at=who.now, by=who.by, act=act, subject=f"sesi {sesi.id}")
    session.flush()


def _head() -> Select[Any]:
    return (
        select(Sesi.id, Sesi.nama, TitikLokasi.nama.label("lokasi"), TitikLokasi.zona)
        .join(TitikLokasi, TitikLokasi.id == Sesi.titik_lokasi_id)
        .where(Sesi.papan == bindparam("secret"), Sesi.is_void.is_(False))
    )


def _scores() -> Select[Any]:
    return (
        select(
            Sitting.id,
            Peserta.nomor,
            Person.nama,
            Sitting.last_at,
            PartResult.part,
            PartResult.position,
            PartResult.nilai,
        )
        .join(PartResult, PartResult.sitting_id == Sitting.id)
        .join(Peserta, Peserta.id == Sitting.peserta_id)
        .join(Person, Person.id == Peserta.person_id)
        .where(
            Sitting.sesi_id == bindparam("sesi"),
            Sitting.phase == Phase.FINISHED.value,
            Sitting.is_void.is_(False),
        )
        .order_by(Sitting.id, PartResult.position)
    )


_HEAD, _SCORES = _head(), _scores()
_PHASES = select(Sitting.phase).where(
    Sitting.sesi_id == bindparam("sesi"), Sitting.is_void.is_(False)
)
