"""Where the lines of a file go: which sesi, which seat, and what stands in the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from web.operations.jadwal.berkas import Isian
from web.operations.jadwal.laporan_impor import Laporan, Pengisian, Tujuan
from web.operations.jadwal.penempatan import Tempat, fill, seats_of
from web.operations.jadwal.sesi import minutes_of
from web.operations.jadwal.waktu import MINUTE, local
from web.tables import Person, Peserta, Sesi, Sitting, TitikLokasi


@dataclass(frozen=True)
class _Held:
    """A seat that a person already has."""

    nomor: str
    seat: int
    sesi: Sesi


class Papan:
    """Places the lines of one file; reads once what the database holds about them."""

    def __init__(
        self, session: Session, lines: Sequence[Isian], sesi_id: int | None, now: int
    ) -> None:
        self._session, self._lines, self._now = session, lines, now
        rows = session.scalars(
            select(Sesi)
            .join(TitikLokasi)
            .where(Sesi.is_void.is_(False))
            .options(joinedload(Sesi.titik_lokasi, innerjoin=True))
            .order_by(Sesi.starts_at)
        ).all()
        self._default = next((each for each in rows if each.id == sesi_id), None)
        self._named: defaultdict[str, list[Sesi]] = defaultdict(list)
        for each in rows:
            self._named[each.nama.lower()].append(each)
        self._held = _held_seats(session, [line.entry.nik for line in lines])
        self._minutes: dict[int, int] = {}
        self._seen: dict[tuple[str, str, str | None], Isian] = {}

    def place(self, report: Laporan) -> None:
        """Give every line its sesi and seat; what cannot be goes into the report."""
        wanting: defaultdict[int, list[Tujuan]] = defaultdict(list)
        chosen: dict[int, Sesi] = {}
        for line in self._lines:
            target = Tujuan(line)
            report.baris.append(target)
            sesi = self._sesi_of(line, report)
            if sesi is None:
                continue
            if self._is_seated(line, sesi, report):
                report.sudah_duduk += 1
                continue
            if not self._is_first(line, sesi, report):
                continue
            chosen[sesi.id] = target.sesi = sesi
            wanting[sesi.id].append(target)
        for sesi_id, targets in wanting.items():
            self._fill(chosen[sesi_id], targets, report)

    def _sesi_of(self, line: Isian, report: Laporan) -> Sesi | None:
        sesi = self._default
        if line.sesi:
            found = [
                each
                for each in self._named[line.sesi.lower()]
                if line.titik_lokasi.lower() in ("", each.titik_lokasi.nama.lower())
            ]
            if len(found) != 1:
                rule = "tidak ada sesi bernama ini" if not found else "ada di beberapa titik lokasi"
                where = f" di {line.titik_lokasi}" if line.titik_lokasi else ""
                report.masalah.append(line.breach("sesi", line.sesi, rule + where))
                return None
            sesi = found[0]
        elif line.titik_lokasi and (
            sesi is None or sesi.titik_lokasi.nama.lower() != line.titik_lokasi.lower()
        ):
            rule = "sebutkan juga sesinya"
            report.masalah.append(line.breach("titik_lokasi", line.titik_lokasi, rule))
            return None
        if sesi is None and line.kursi is not None:
            report.masalah.append(line.breach("kursi", line.kursi, "sebutkan juga sesinya"))
        return sesi if sesi is None or self._is_usable(sesi, line, report) else None

    def _is_usable(self, sesi: Sesi, line: Isian, report: Laporan) -> bool:
        if sesi.is_closed or sesi.starts_at <= self._now:
            rule = "sesi sudah mulai atau ditutup"
        elif sesi.pool_digest is None or sesi.rules_digest is None:
            rule = "sesi ini tidak punya pool dan ketentuan; buat sesi baru"
        else:
            return True
        report.masalah.append(line.breach("sesi", sesi.nama, rule))
        return False

    def _is_seated(self, line: Isian, sesi: Sesi, report: Laporan) -> bool:
        """Whether the line is done with: the seat is there, or may not be."""
        for held in self._held.get(line.entry.nik, ()):
            if held.sesi.id == sesi.id and held.nomor == line.entry.nomor:
                if line.kursi in (None, held.seat):
                    return True
                rule = f"sudah menempati kursi {held.seat} pada sesi ini"
                report.masalah.append(line.breach("kursi", line.kursi, rule))
                return True
            if rule := self._conflict(held, sesi):
                report.masalah.append(line.breach("sesi", sesi.nama, rule))
                return True
        return False

    def _conflict(self, held: _Held, sesi: Sesi) -> str:
        other, zona = held.sesi, held.sesi.titik_lokasi.zona
        when = f"{other.nama}, {other.titik_lokasi.nama}, {local(other.starts_at, zona):%d-%m-%Y}"
        if other.ujian == sesi.ujian and other.rules_digest in (None, sesi.rules_digest):
            return f"orang ini sudah terdaftar untuk ujian yang sama: {when}"
        first, second = sorted((other, sesi), key=lambda each: each.starts_at)
        if first.starts_at + self._length(first) * MINUTE > second.starts_at:
            return f"waktunya bersamaan dengan ujian lain orang ini: {when}"
        return ""

    def _length(self, sesi: Sesi) -> int:
        if sesi.id not in self._minutes:
            self._minutes[sesi.id] = minutes_of(self._session, sesi)
        return self._minutes[sesi.id]

    def _is_first(self, line: Isian, sesi: Sesi, report: Laporan) -> bool:
        """Whether nobody further up in the file is the same person for the same test."""
        before = self._seen.setdefault((line.entry.nik, sesi.ujian, sesi.rules_digest), line)
        if before is not line and before.entry.nomor != line.entry.nomor:
            rule = f"orang yang sama sudah ada di baris {before.baris}: {before.entry.nomor}"
            report.masalah.append(line.breach("nik", line.entry.nik, rule))
        return before is line

    def _fill(self, sesi: Sesi, targets: list[Tujuan], report: Laporan) -> None:
        tempat = seats_of(self._session, sesi.id)
        given = self._legal(targets, tempat, report)
        seats = fill(tempat, [target.isian.kursi for target in given])
        without = [target for target, seat in zip(given, seats, strict=True) if seat is None]
        for target, seat in zip(given, seats, strict=True):
            if seat is not None:
                target.kursi, target.ruang_id = seat, tempat.ruang[seat].id
        if without:
            full = "; ".join(f"{nama} {n} kursi, {t} terisi" for nama, n, t in tempat.rooms())
            need = len(targets) + len(tempat.taken)
            rule = (
                f"{sesi.nama}: {need} peserta untuk {tempat.kapasitas} kursi, "
                f"lebih {len(without)} ({full})"
            )
            report.masalah.append(without[0].isian.breach("sesi", sesi.nama, rule))
        report.pengisian.append(_filling(sesi, tempat, targets))

    def _legal(self, targets: list[Tujuan], tempat: Tempat, report: Laporan) -> list[Tujuan]:
        """Those whose given seat, if any, is there and free for them alone."""
        owners: dict[int, Isian] = {}
        legal = []
        for target in targets:
            line, seat = target.isian, target.isian.kursi
            rule = ""
            if seat is not None and seat not in tempat.ruang:
                first, last = min(tempat.ruang, default=0), max(tempat.ruang, default=0)
                rule = f"tidak ada pada ruang sesi ini; yang ada {first} sampai {last}"
            elif seat in tempat.taken:
                rule = "sudah ditempati orang lain"
            elif seat is not None and seat in owners:
                rule = f"sudah diberikan pada baris {owners[seat].baris}"
            if rule:
                report.masalah.append(line.breach("kursi", seat, rule))
                continue
            if seat is not None:
                owners[seat] = line
            legal.append(target)
        return legal


def _filling(sesi: Sesi, tempat: Tempat, targets: Sequence[Tujuan]) -> Pengisian:
    new = [target.kursi for target in targets if target.kursi is not None]
    rooms = tuple(
        (nama, n, taken, sum(tempat.ruang[seat].nama == nama for seat in new))
        for nama, n, taken in tempat.rooms()
    )
    return Pengisian(sesi, tempat.kapasitas, len(tempat.taken), len(targets), rooms)


def _held_seats(session: Session, niks: Sequence[str]) -> dict[str, list[_Held]]:
    """NIK -> the seats that the person has in sesi that count."""
    rows = session.execute(
        select(Person.nik, Peserta.nomor, Sitting.seat, Sesi)
        .join(Peserta, Peserta.person_id == Person.id)
        .join(Sitting, Sitting.peserta_id == Peserta.id)
        .join(Sesi, Sesi.id == Sitting.sesi_id)
        .where(Person.nik.in_(niks), Sitting.is_void.is_(False), Sesi.is_void.is_(False))
        .options(joinedload(Sesi.titik_lokasi, innerjoin=True))
    )
    found: dict[str, list[_Held]] = {}
    for nik, nomor, seat, sesi in rows:
        found.setdefault(nik, []).append(_Held(nomor, seat, sesi))
    return found
