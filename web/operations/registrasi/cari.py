"""Who stands at the desk: the sitting behind a nomor peserta, and what to look out for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.exam.state import Phase
from cat.ketentuan.identitas import nik_mismatches
from web.operations.jadwal.waktu import day_of, local, rules_on
from web.operations.pelindungan import access
from web.tables import Akomodasi, Foto, Pemeriksaan, Peserta, Ruang, Sesi, Sitting

# Codes of the register of processing activities.
IDENTITAS = "identitas"


@dataclass(frozen=True)
class Temuan:
    """What a number led to. sitting : None when it is not one of this sesi.

    di_tempat_lain : the sittings of that number elsewhere that are still to come or going on.
    """

    nomor: str
    sitting: Sitting | None
    peserta: Peserta | None
    di_tempat_lain: tuple[Sitting, ...]


@dataclass(frozen=True)
class Kartu:
    """What an officer sees of one participant of this sesi.

    akomodasi : needs in words. peringatan : what to look out for. has_foto : whether a photograph
    is on file. periksa : the last check of identity; None before the first. riwayat : all of them.
    """

    sitting: Sitting
    ruang: Ruang | None
    akomodasi: tuple[str, ...]
    peringatan: tuple[str, ...]
    has_foto: bool
    riwayat: tuple[Pemeriksaan, ...]

    @property
    def periksa(self) -> Pemeriksaan | None:
        """The check of identity that counts."""
        return check_that_counts(self.sitting, self.riwayat)

    @property
    def is_confirmed(self) -> bool:
        """Whether the person's identity is confirmed."""
        return self.periksa is not None and self.periksa.cocok


def find(session: Session, sesi: Sesi, nomor: str) -> Temuan:
    """What a scanned or typed nomor peserta leads to at the desk of this sesi."""
    nomor = nomor.strip()
    peserta = session.scalar(select(Peserta).where(Peserta.nomor == nomor))
    if peserta is None:
        return Temuan(nomor, None, None, ())
    sittings = session.scalars(
        select(Sitting)
        .join(Sesi)
        .where(Sitting.peserta_id == peserta.id)
        .options(joinedload(Sitting.sesi).joinedload(Sesi.titik_lokasi))
        .order_by(Sesi.starts_at.desc())
    ).all()
    here = next((each for each in sittings if each.sesi_id == sesi.id), None)
    elsewhere = tuple(
        each for each in sittings if each is not here and not each.is_void and not each.sesi.is_void
    )
    return Temuan(nomor, here, peserta, elsewhere)


def card(session: Session, sitting: Sitting) -> Kartu:
    """Everything about one participant that the desk needs."""
    person = sitting.peserta.person
    known = rules_on(session, sitting.sesi).akomodasi
    codes = session.scalars(
        select(Akomodasi.kode)
        .where(Akomodasi.peserta_id == sitting.peserta_id)
        .order_by(Akomodasi.kode)
    )
    checks = checks_of(session, sitting.id)
    return Kartu(
        sitting=sitting,
        ruang=session.get(Ruang, sitting.ruang_id) if sitting.ruang_id else None,
        akomodasi=tuple(known[code].nama if code in known else code for code in codes),
        peringatan=tuple(_warnings(sitting, checks)),
        has_foto=session.scalar(select(Foto.at).where(Foto.person_id == person.id)) is not None,
        riwayat=tuple(checks),
    )


def checks_of(session: Session, sitting_id: str) -> Sequence[Pemeriksaan]:
    """Every check of identity of a sitting, oldest first."""
    return session.scalars(
        select(Pemeriksaan).where(Pemeriksaan.sitting_id == sitting_id).order_by(Pemeriksaan.id)
    ).all()


def check_that_counts(sitting: Sitting, checks: Sequence[Pemeriksaan]) -> Pemeriksaan | None:
    """The last check made on the day of the sesi; one from before it was moved does not count."""
    zona, sesi = sitting.sesi.titik_lokasi.zona, sitting.sesi
    today = [each for each in checks if local(each.at, zona).date() == day_of(sesi)]
    return today[-1] if today else None


def note_look(session: Session, sitting: Sitting, what: str, *, by: str, now: int) -> None:
    """Put on record that an officer looked at a participant. what : foto or kebutuhan."""
    peserta = sitting.peserta
    access.note(
        session,
        peserta.person_id,
        peserta.nomor,
        act=f"lihat {what} di registrasi",
        activity=IDENTITAS,
        by=by,
        at=now,
    )


def _warnings(sitting: Sitting, checks: Sequence[Pemeriksaan]) -> list[str]:
    person = sitting.peserta.person
    found = [
        f"{each} Bukan alasan menolak: cocokkan dengan kartu."
        for each in nik_mismatches(person.nik, person.tanggal_lahir, person.jenis_kelamin)
    ]
    last = check_that_counts(sitting, checks)
    if last is not None and not last.cocok:
        found.append("Pemeriksaan terakhir: tidak cocok. PIN tidak dapat diberikan.")
    if sitting.pin_at is not None:
        found.append("PIN sudah pernah diberikan. PIN baru mematikan yang lama.")
    if sitting.phase != Phase.WAITING:
        found.append("Peserta ini sudah diizinkan masuk atau sudah mulai.")
    return found
