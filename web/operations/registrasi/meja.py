"""Acts at the registration desk: check of identity, PIN, taking attendance back."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import BadInput, NeedsSecondPerson, NotDue
from cat.exam.state import Phase
from web.operations import audit, proctoring, sittings
from web.operations.hari_ujian import kejadian, masuk
from web.operations.jadwal.waktu import jendela_of, local, rules_on
from web.operations.pins import hash_pin
from web.operations.registrasi import pencocok
from web.operations.registrasi.cari import check_that_counts, checks_of
from web.operations.sittings import Keys
from web.tables import Foto, Pemeriksaan, Role, Sesi, Sitting, User

LONGEST = 300
REGISTRASI = "registrasi"  # the role whose people work at the desk


def check_by_hand(
    session: Session,
    sitting_id: str,
    *,
    cocok: bool,
    catatan: str,
    oleh: str,
    saksi: str,
    now: int,
    keys: Keys,
) -> Pemeriksaan:
    """Two officers say whether this is the person. oleh, saksi : their usernames.

    Raises NeedsSecondPerson for one officer in both places, or a second who has no business at
    this desk; NotDue outside the hours of the desk; BadInput for a mismatch without a note.
    """
    sitting = _locked(session, sitting_id)
    _refuse_closed_desk(session, sitting, now)
    _refuse_second(session, sitting, oleh, saksi)
    if not cocok and len(catatan.strip()) < 5:
        raise BadInput("catatan: tulis apa yang tidak cocok, sedikitnya 5 huruf")
    row = _check(sitting, pencocok.MANUAL, cocok, catatan, oleh, saksi, now)
    return _record(session, sitting, row, keys)


def check_by_matcher(
    session: Session, sitting_id: str, kode: str, wajah: bytes, *, oleh: str, now: int, keys: Keys
) -> Pemeriksaan:
    """An installed matcher compares the photograph on file with a face at the desk.

    Raises NotDue outside the hours of the desk; BadInput without a photograph or matcher.
    """
    sitting = _locked(session, sitting_id)
    _refuse_closed_desk(session, sitting, now)
    foto = session.get(Foto, sitting.peserta.person_id)
    if foto is None:
        raise BadInput("foto peserta belum ada: periksa secara manual")
    found = pencocok.get_pencocok(kode).cocokkan(foto.isi, wajah)
    row = _check(sitting, kode, found.cocok, found.catatan, oleh, "", now)
    return _record(session, sitting, row, keys)


def issue_pin(session: Session, sitting_id: str, *, by: str, now: int, keys: Keys) -> str:
    """A new PIN registrasi for a participant who is there; an earlier one dies.

    Returns the PIN, which is stored as a hash only: it cannot be shown again.

    Raises NotDue outside the hours in which PINs are given, before identity is confirmed, and once
    the participant has started.
    """
    sitting = _locked(session, sitting_id)
    _refuse_closed_desk(session, sitting, now)
    check = check_that_counts(sitting, checks_of(session, sitting.id))
    if check is None or not check.cocok:
        raise NotDue("Identitas belum dipastikan cocok; PIN tidak dapat diberikan.")
    pin = "".join(
        str(secrets.randbelow(10)) for _ in range(rules_on(session, sitting.sesi).pin_angka)
    )
    again = sitting.pin_at is not None
    if again:
        masuk.release(session, sitting, by, now)
    sitting.pin_hash = hash_pin(keys.pin, sitting.id, pin)
    sitting.pin_at, sitting.hadir_at = now, sitting.hadir_at or now
    audit.record(session, at=now, by=by, act="beri PIN registrasi", subject=sitting.id, ulang=again)
    session.flush()
    return pin


def take_back(
    session: Session, sitting_id: str, *, alasan: str, by: str, now: int, keys: Keys
) -> None:
    """Somebody was marked present by mistake: attendance and PIN end, the record of it stays.

    Raises BadInput without a reason, NotDue once the participant was let in or the sesi is over.
    """
    sitting = _locked(session, sitting_id)
    alasan = " ".join(alasan.split())
    if not 5 <= len(alasan) <= LONGEST - 20:
        raise BadInput(f"alasan: 5 sampai {LONGEST - 20} huruf")
    if sitting.phase != Phase.WAITING:
        raise NotDue("Peserta ini sudah diizinkan masuk; minta pengawas menanganinya.")
    _refuse_ended(sitting)
    if sitting.hadir_at is None and sitting.pin_at is None:
        return
    end_pin(session, sitting, alasan, by=by, now=now, keys=keys)
    sitting.hadir_at = None
    session.add(_check(sitting, "pembatalan", False, f"Dibatalkan: {alasan}", by, "", now))
    audit.record(
        session, at=now, by=by, act="batalkan kehadiran", subject=sitting.id, alasan=alasan
    )
    session.flush()


def end_pin(
    session: Session, sitting: Sitting, alasan: str, *, by: str, now: int, keys: Keys
) -> bool:
    """The PIN of a sitting that has not begun dies, with its logins and an admission that was
    given; returns whether there was a PIN.
    """
    if sitting.phase == Phase.ADMITTED:
        proctoring.revoke(session, sitting.id, by=by, reason=alasan, now=now, keys=keys)
    had = bool(sitting.pin_hash)
    if had:
        masuk.release(session, sitting, by, now)
        sittings.depart(session, sitting.id)
    sitting.pin_hash, sitting.pin_at = "", None
    return had


def _record(session: Session, sitting: Sitting, row: Pemeriksaan, keys: Keys) -> Pemeriksaan:
    """Keep a check of identity, and what follows from it."""
    before, oleh, now = checks_of(session, sitting.id), row.oleh, row.at
    session.add(row)
    if row.cocok:
        sitting.hadir_at = sitting.hadir_at or now
    else:
        end_pin(session, sitting, "identitas tidak cocok", by=oleh, now=now, keys=keys)
        sitting.hadir_at = None
    whom = f"{sitting.peserta.person.nama} ({sitting.peserta.nomor})"
    witnessed = f" dan {row.saksi}" if row.saksi else ""
    is_fallback = pencocok.terpasang() or any(not each.cocok for each in before)
    if not row.cocok:
        text = f"Identitas {whom} tidak cocok menurut {oleh}{witnessed}: {row.catatan or row.cara}."
        _happened(session, sitting, "identitas_tidak_cocok", text, oleh, now)
    elif row.cara == pencocok.MANUAL and is_fallback:
        # Where checks by hand are the rule they are no event of the day; as a fallback they are.
        text = f"Identitas {whom} dipastikan secara manual oleh {oleh}{witnessed}. {row.catatan}"
        _happened(session, sitting, "identitas_manual", text, oleh, now)
    audit.record(
        session,
        at=now,
        by=oleh,
        act="periksa identitas",
        subject=sitting.id,
        cara=row.cara,
        cocok=row.cocok,
        saksi=row.saksi,
    )
    session.flush()
    return row


def _check(
    sitting: Sitting, cara: str, cocok: bool, catatan: str, oleh: str, saksi: str, now: int
) -> Pemeriksaan:
    return Pemeriksaan(
        sitting_id=sitting.id,
        at=now,
        cara=cara,
        cocok=cocok,
        oleh=oleh,
        saksi=saksi,
        catatan=" ".join(catatan.split())[:LONGEST],
    )


def _happened(session: Session, sitting: Sitting, jenis: str, text: str, by: str, now: int) -> None:
    kejadian.note(session, sitting.sesi_id, jenis, text.strip(), by=by, now=now, sitting=sitting)


def _locked(session: Session, sitting_id: str) -> Sitting:
    sitting = session.scalar(
        select(Sitting)
        .where(Sitting.id == sitting_id)
        .options(joinedload(Sitting.sesi, innerjoin=True).joinedload(Sesi.titik_lokasi))
        .with_for_update(of=Sitting)
        .execution_options(populate_existing=True)
    )
    if sitting is None:
        raise BadInput(f"tidak ada ujian {sitting_id}")
    return sitting


def _refuse_closed_desk(session: Session, sitting: Sitting, now: int) -> None:
    """The hours of the desk, by the server's clock and without exception."""
    _refuse_ended(sitting)
    if sitting.phase not in (Phase.WAITING, Phase.ADMITTED):
        raise NotDue("Peserta ini sudah mulai ujian.")
    sesi = sitting.sesi
    jendela, zona = jendela_of(session, sesi), sesi.titik_lokasi.zona
    if now < jendela.buka_at:
        raise NotDue(f"Registrasi baru dibuka pukul {local(jendela.buka_at, zona):%H.%M}.")
    if now >= jendela.tutup_at:
        raise NotDue(
            f"Pemberian PIN ditutup pukul {local(jendela.tutup_at, zona):%H.%M}, tanpa "
            "pengecualian. Peserta yang datang sesudahnya tidak dapat mengikuti sesi ini."
        )


def _refuse_ended(sitting: Sitting) -> None:
    if sitting.sesi.is_void or sitting.is_void:
        raise NotDue("Sesi ini dibatalkan.")
    if sitting.sesi.is_closed:
        raise NotDue("Sesi ini sudah ditutup.")


def _refuse_second(session: Session, sitting: Sitting, oleh: str, saksi: str) -> None:
    if oleh == saksi:
        raise NeedsSecondPerson("Petugas kedua harus orang lain.")
    second = session.scalar(
        select(User.titik_lokasi_id)
        .join(User.roles)
        .where(User.username == saksi, User.active.is_(True), Role.name == REGISTRASI)
    )
    if second != sitting.sesi.titik_lokasi_id:
        raise NeedsSecondPerson("Petugas kedua harus petugas registrasi di titik lokasi ini.")
