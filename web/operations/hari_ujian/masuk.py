"""Logins of candidates: one computer at a time may act for a sitting.

A second computer is never turned away in silence, and never wins in silence either: both are held,
the clock stops, and the proctor says which one goes on.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.exam.record import Kind
from cat.exam.state import Phase
from web.operations import proctoring, sittings
from web.operations.hari_ujian import kejadian, panggilan
from web.operations.sittings import Keys
from web.tables import Masuk, Panggilan, Sitting, SittingEvent

AKTIF, DITAHAN, SELESAI = "aktif", "ditahan", "selesai"
DUA_KOMPUTER = "dua komputer"  # why the clock stands while two computers compete
SISTEM, PESERTA = "sistem", "peserta"


def log_in(
    session: Session, sitting_id: str, *, komputer: str, alamat: str, now: int, keys: Keys
) -> Masuk:
    """A candidate has shown number and PIN on a computer.

    komputer : what tells this browser from another. alamat : network address.

    Returns the login: aktif, or ditahan where another computer's is open; then that one is held as
    well. The same browser again just takes the place of its earlier login, held where that one was,
    and a finished sitting may be looked at from anywhere. Once the exam has begun, logging out
    changes nothing of this: only the proctor moves somebody or chooses between two computers.
    """
    sitting = _locked(session, sitting_id)
    others = _open_logins(session, sitting_id)
    is_over = sitting.phase == Phase.FINISHED
    rivals = [each for each in others if each.komputer != komputer and not is_over]
    is_held = not is_over and (
        any(each in rivals or each.keadaan == DITAHAN for each in others)
        or _waits_for_the_proctor(session, sitting, others, komputer)
    )
    for login in others:
        if login not in rivals:
            _end(login, PESERTA, now)
    login = Masuk(
        id=secrets.token_hex(16),
        sitting_id=sitting_id,
        at=now,
        komputer=komputer,
        alamat=alamat[:45],
        keadaan=DITAHAN if is_held else AKTIF,
    )
    session.add(login)
    if sitting.arrived_at is None:
        sitting.arrived_at = now
    sitting.masuk_id = None if is_held else login.id
    session.flush()
    if is_held:
        _hold(session, sitting, login, rivals, now=now, keys=keys)
    elif sitting.phase == Phase.PAUSED and stands_for_two_computers(session, sitting):
        proctoring.resume(session, sitting_id, by=SISTEM, now=now, keys=keys)
    return login


def leave(session: Session, masuk_id: str, *, now: int) -> None:
    """The candidate logs out here; a seat left before the start counts as empty again."""
    login = session.get(Masuk, masuk_id)
    if login is None or login.keadaan == SELESAI:
        return
    sitting = _locked(session, login.sitting_id)
    _end(login, PESERTA, now)
    if sitting.masuk_id == masuk_id:
        sitting.masuk_id = None
    session.flush()
    if sitting.masuk_id is None and not _open_logins(session, sitting.id):
        sittings.depart(session, sitting.id)


def allow(session: Session, masuk_id: str, by: str, now: int, keys: Keys) -> Masuk:
    """The proctor lets this computer go on; all others are out. Raises BadInput.

    A clock that stood because of the two computers runs again, unless somebody has stopped it for
    another reason meanwhile.
    """
    login = session.get(Masuk, masuk_id)
    if login is None or login.keadaan == SELESAI:
        raise BadInput(f"login {masuk_id[:8]} sudah berakhir: peserta harus masuk lagi")
    sitting = _locked(session, login.sitting_id)
    if login.keadaan == AKTIF:
        return login
    for other in _open_logins(session, sitting.id):
        if other is not login:
            _end(other, by, now)
    login.keadaan, sitting.masuk_id = AKTIF, login.id
    text = f"Komputer di {login.alamat} diizinkan melanjutkan."
    kejadian.note(
        session, sitting.sesi_id, "komputer_diizinkan", text, by=by, now=now, sitting=sitting
    )
    _attend_calls(session, sitting, by, now)
    if stands_for_two_computers(session, sitting):
        proctoring.resume(session, sitting.id, by=by, now=now, keys=keys)
    return login


def release(session: Session, sitting: Sitting, by: str, now: int) -> int:
    """End every login of a sitting, so that the next one is accepted; returns how many ended.

    A clock that stood because of two computers runs again at that next login. Where the candidate
    has left by themselves, it is `by` from now on who let the last computer go.
    """
    sitting = _locked(session, sitting.id)
    ended = _open_logins(session, sitting.id)
    last = None if ended else _last_login(session, sitting.id)
    if last is not None:
        last.diakhiri_oleh = by
    for login in ended:
        _end(login, by, now)
    sitting.masuk_id = None
    _attend_calls(session, sitting, by, now)
    session.flush()
    return len(ended)


def open_logins(session: Session, sitting_id: str) -> Sequence[Masuk]:
    """Logins of a sitting that are aktif or ditahan, oldest first."""
    return _open_logins(session, sitting_id)


def stands_for_two_computers(session: Session, sitting: Sitting) -> bool:
    """Whether the clock stands for this reason and no other: the last event of the record says."""
    return bool(stopped_for_two_computers(session, [sitting.id]))


def stopped_for_two_computers(session: Session, sitting_ids: Sequence[str]) -> list[str]:
    """Those of these sittings whose clock stands because two computers compete."""
    last = select(SittingEvent.sitting_id, SittingEvent.data).join(
        Sitting,
        and_(Sitting.id == SittingEvent.sitting_id, Sitting.event_count == SittingEvent.seq),
    )
    rows = session.execute(
        last.where(
            Sitting.id.in_(sitting_ids),
            Sitting.phase == Phase.PAUSED.value,
            SittingEvent.kind == Kind.PAUSED.value,
        )
    )
    return [one for one, d in rows if d["oleh"] == SISTEM and d["alasan"] == DUA_KOMPUTER]


def standings(session: Session, sitting_ids: Sequence[str]) -> dict[str, set[str]]:
    """Where the logins of each of these sittings stand; {SELESAI} for somebody who had logged in
    and is at no computer now.
    """
    found: dict[str, set[str]] = {sitting_id: set() for sitting_id in sitting_ids}
    logins = select(Masuk.sitting_id, Masuk.keadaan).where(Masuk.sitting_id.in_(found))
    for sitting_id, keadaan in session.execute(logins):
        found[sitting_id].add(keadaan)
    return found


def _hold(
    session: Session,
    sitting: Sitting,
    login: Masuk,
    rivals: Sequence[Masuk],
    *,
    now: int,
    keys: Keys,
) -> None:
    for each in rivals:
        each.keadaan = DITAHAN
    if not _is_told(session, login):
        _tell(session, sitting, rivals, now)
    if sitting.phase == Phase.WORKING:
        proctoring.pause(session, sitting.id, by=SISTEM, reason=DUA_KOMPUTER, now=now, keys=keys)


def _is_told(session: Session, login: Masuk) -> bool:
    """Whether the proctor, who has not decided yet, was told of this address already: logging in
    over and over must not fill the record of the sesi.
    """
    called = select(Panggilan.id).where(
        Panggilan.sitting_id == login.sitting_id,
        Panggilan.jenis == panggilan.MASUK_GANDA,
        Panggilan.ditangani_at.is_(None),
    )
    earlier = select(Masuk.id).where(
        Masuk.sitting_id == login.sitting_id, Masuk.alamat == login.alamat, Masuk.id != login.id
    )
    return all(session.scalar(each.limit(1)) is not None for each in (called, earlier))


def _tell(session: Session, sitting: Sitting, rivals: Sequence[Masuk], now: int) -> None:
    """Note it for the berita acara and call the proctor."""
    places = ", ".join(login.alamat for login in _open_logins(session, sitting.id))
    text = f"Akun peserta ini masuk di dua komputer ({places}); keduanya ditahan."
    if not rivals:
        text = f"Peserta keluar, lalu masuk lagi ({places}) tanpa pengawas; komputer itu ditahan."
    kejadian.note(
        session, sitting.sesi_id, "masuk_ganda", text, by=SISTEM, now=now, sitting=sitting
    )
    panggilan.call(session, sitting, panggilan.MASUK_GANDA, now=now)


def _waits_for_the_proctor(
    session: Session, sitting: Sitting, others: Sequence[Masuk], komputer: str
) -> bool:
    """Whether the candidate has left the last computer of an exam that has begun, and this one may
    not take its place: it is another one, or nobody has chosen between two yet.
    """
    if others or sitting.phase not in (Phase.WORKING, Phase.PAUSED):
        return False
    last = _last_login(session, sitting.id)
    if last is None or last.diakhiri_oleh != PESERTA:
        return False
    return last.komputer != komputer or stands_for_two_computers(session, sitting)


def _locked(session: Session, sitting_id: str) -> Sitting:
    return session.get_one(Sitting, sitting_id, with_for_update=True, populate_existing=True)


def _open_logins(session: Session, sitting_id: str) -> Sequence[Masuk]:
    return session.scalars(
        select(Masuk)
        .where(Masuk.sitting_id == sitting_id, Masuk.keadaan != SELESAI)
        .order_by(Masuk.at, Masuk.id)
    ).all()


def _last_login(session: Session, sitting_id: str) -> Masuk | None:
    """Of a sitting without open logins, the one that ended last."""
    return session.scalar(
        select(Masuk)
        .where(Masuk.sitting_id == sitting_id)
        .order_by(Masuk.diakhiri_at.desc(), Masuk.at.desc(), Masuk.id)
        .limit(1)
    )


def _end(login: Masuk, by: str, now: int) -> None:
    login.keadaan, login.diakhiri_at, login.diakhiri_oleh = SELESAI, now, by


def _attend_calls(session: Session, sitting: Sitting, by: str, now: int) -> None:
    calls = select(Panggilan).where(
        Panggilan.sitting_id == sitting.id,
        Panggilan.jenis == panggilan.MASUK_GANDA,
        Panggilan.ditangani_at.is_(None),
    )
    for call in session.scalars(calls):
        panggilan.attend(session, call.id, by=by, now=now)
