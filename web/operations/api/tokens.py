"""Keys of programs: made by one member of staff, approved by another, revoked by anybody."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.exam.record import MICROSECONDS
from web.operations import audit
from web.tables import ApiToken

SCOPES = {
    "peserta:tulis": "mendaftarkan dan mengubah peserta",
    "peserta:baca": "membaca peserta",
    "jadwal:baca": "membaca sesi dan penempatan peserta",
    "hasil:baca": "membaca nilai dan pengumuman",
    "profil:baca": "membaca profil kompetensi",
}
LONGEST_DAYS = 366
_DAY = 24 * 3600 * MICROSECONDS
_START = "catcpns_"


def create(
    session: Session,
    *,
    nama: str,
    scopes: Sequence[str],
    instansi_id: int | None,
    purpose: str,
    legal_basis: str,
    days: int,
    by: str,
    now: int,
) -> tuple[ApiToken, str]:
    """A key that works once a second person has approved it; returns it with its only plain copy.

    days : how long it lasts from now, 1 to LONGEST_DAYS. Raises BadInput.
    """
    _refuse_bad(nama, scopes, purpose, legal_basis, days)
    if session.scalar(select(ApiToken.id).where(ApiToken.nama == nama)) is not None:
        raise BadInput(f"nama: token {nama!r} sudah ada", nama=nama)
    plain = _START + secrets.token_urlsafe(32)
    token = ApiToken(
        nama=nama,
        prefix=plain[: len(_START) + 4],
        token_hash=_hash(plain),
        scopes=sorted(scopes),
        instansi_id=instansi_id,
        purpose=purpose,
        legal_basis=legal_basis,
        created_at=now,
        created_by=by,
        expires_at=now + days * _DAY,
    )
    session.add(token)
    session.flush()
    audit.record(session, at=now, by=by, act="buat token API", subject=nama, scopes=sorted(scopes))
    return token, plain


def approve(session: Session, token: ApiToken, *, by: str, now: int) -> None:
    """Let a key work; raises BadInput where its maker approves it. Again changes nothing."""
    session.refresh(token, with_for_update=True)
    if token.created_by == by:
        raise BadInput(f"token {token.nama}: pembuat tidak boleh menyetujui tokennya sendiri")
    if token.revoked_at is not None:
        raise BadInput(f"token {token.nama} sudah dicabut")
    if token.approved_at is None:
        token.approved_at, token.approved_by = now, by
        audit.record(session, at=now, by=by, act="setujui token API", subject=token.nama)


def revoke(session: Session, token: ApiToken, *, by: str, now: int) -> None:
    """End a key at once. Again changes nothing."""
    session.refresh(token, with_for_update=True)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = now, by
        audit.record(session, at=now, by=by, act="cabut token API", subject=token.nama)


def find_live(session: Session, plain: str, now: int) -> ApiToken | None:
    """The key that this text is, if it works now."""
    token = session.scalar(select(ApiToken).where(ApiToken.token_hash == _hash(plain)))
    return token if token is not None and state(token, now) == "berlaku" else None


def state(token: ApiToken, now: int) -> str:
    """Where a key stands, in Indonesian."""
    if token.revoked_at is not None:
        return "dicabut"
    if token.expires_at <= now:
        return "kedaluwarsa"
    return "berlaku" if token.approved_at is not None else "menunggu persetujuan"


def _hash(plain: str) -> str:
    """A plain hash is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(plain.encode()).hexdigest()


def _refuse_bad(
    nama: str, scopes: Sequence[str], purpose: str, legal_basis: str, days: int
) -> None:
    if not 3 <= len(nama.strip()) <= 80:
        raise BadInput(f"nama: 3 sampai 80 huruf; terbaca {nama[:90]!r}")
    if not scopes:
        raise BadInput("cakupan: pilih sedikitnya satu")
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise BadInput(f"cakupan: {unknown} tidak dikenal; yang ada {', '.join(SCOPES)}")
    for name, text in (("tujuan", purpose), ("dasar hukum", legal_basis)):
        if not 5 <= len(text.strip()) <= 300:
            raise BadInput(f"{name}: 5 sampai 300 huruf; terbaca {text[:40]!r}")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"masa berlaku: 1 sampai {LONGEST_DAYS} hari; terbaca {days}")
