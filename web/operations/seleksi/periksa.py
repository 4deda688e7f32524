"""Is an announcement still what two people approved, and does it follow from the records?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from cat.ketentuan.canonical import digest_of
from web.operations.seleksi.baris import Baris
from web.operations.seleksi.pengumuman import (
    PURPOSE,
    recompose,
    recompute_digest,
    rows_of,
    signed_message,
)
from web.operations.signing import is_signed
from web.operations.verification import verify_sitting
from web.tables import Pengumuman, RuleSetRow, Sitting


@dataclass(frozen=True)
class Selisih:
    """One thing that does not hold. tempat : nomor peserta, or which part of the announcement."""

    tempat: str
    uraian: str

    def __str__(self) -> str:
        return f"{self.tempat}: {self.uraian}"


def verify(
    session: Session, head: Pengumuman, public_key: str, *, record_key: bytes | None = None
) -> list[Selisih]:
    """What does not hold in an announcement; empty where everything does.

    Counts its rows, recomputes digest and signature, then works the whole list out again from the
    records as they stood when it was drawn, and names each cell that comes out differently.

    record_key : of the seals; where given, the exam of everybody is replayed as well.
    """
    session.refresh(head)
    rows = rows_of(session, head)
    found = list(_as_sealed(session, head, rows, public_key))
    ketentuan = session.get(RuleSetRow, head.rules_digest, populate_existing=True)
    if ketentuan is None or digest_of(ketentuan.content) != head.rules_digest:
        # Nothing can be worked out by rules that are no longer those that decided.
        return [*found, Selisih("ketentuan", "isinya tidak sesuai dengan sidik jarinya")]
    made = recompose(session, head)
    found += [Selisih("daftar", text) for text in made.obstacles]
    found += _differences(rows, [row for _, _, row in made.rows])
    if record_key is not None:
        found += _replayed(session, rows, record_key)
    return found


def _as_sealed(
    session: Session, head: Pengumuman, rows: list[Baris], public_key: str
) -> Iterator[Selisih]:
    if len(rows) != head.row_count:
        yield Selisih("banyak baris", f"tercatat {head.row_count}, tersimpan {len(rows)}")
    if (computed := recompute_digest(session, head, rows)) != head.digest:
        yield Selisih("sidik jari", f"tercatat {head.digest[:16]}, isi kini {computed[:16]}")
    if head.approved_at is not None and not is_signed(
        public_key, PURPOSE, signed_message(head), head.signature
    ):
        yield Selisih("tanda tangan", "tidak cocok dengan kode, sidik jari, dan persetujuan")


def _differences(stored: list[Baris], computed: list[Baris]) -> Iterator[Selisih]:
    by_nomor = {row.nomor: row for row in stored}
    for row in computed:
        printed = by_nomor.pop(row.nomor, None)
        if printed is None:
            yield Selisih(row.nomor, "menurut catatan ada, tetapi tidak tercetak")
            continue
        for name, told, right in _cells("", asdict(printed), asdict(row)):
            yield Selisih(row.nomor, f"{name} tercetak {told}, menurut catatan {right}")
    for nomor in by_nomor:
        yield Selisih(nomor, "tercetak, tetapi menurut catatan tidak ada")


def _cells(place: str, told: Any, right: Any) -> Iterator[tuple[str, str, str]]:
    """Every cell that differs, with the path to it."""
    if isinstance(told, dict) and isinstance(right, dict):
        for name in sorted({*told, *right}):
            path = f"{place}.{name}" if place else name
            yield from _cells(path, told.get(name), right.get(name))
    elif isinstance(told, list) and isinstance(right, list) and len(told) == len(right):
        for number, pair in enumerate(zip(told, right, strict=True), start=1):
            yield from _cells(f"{place}[{number}]", *pair)
    elif told != right:
        yield place, _shown(told), _shown(right)


def _shown(value: Any) -> str:
    return "kosong" if value is None else str(value)


def _replayed(session: Session, rows: list[Baris], key: bytes) -> Iterator[Selisih]:
    for row in rows:
        if sitting_id := row.data.get("ujian"):
            sitting = session.get(Sitting, sitting_id)
            findings = verify_sitting(session, sitting, key) if sitting else ["ujian tidak ada"]
            for finding in findings:
                yield Selisih(row.nomor, f"rekaman ujian: {finding}")
