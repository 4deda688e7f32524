"""Participants in, from the national portal or a file: registered, changed or left as they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.ketentuan.identitas import nik_mismatches
from web.clock import as_datetime
from web.operations import audit
from web.operations.api import changes
from web.operations.seleksi.berlaku import SKD
from web.tables import Formasi, Hasil, Pegawai, Pengumuman, Person, Peserta, Sitting

FIRST_BIRTH = date(1900, 1, 1)
_NOMOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,29}")
_LOCK = 0x70657365  # the advisory lock of registrations
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """A participant as the portal knows them. formasi : its kode; None for internal assessments.

    jenis_kelamin : "L" or "P". ipk : on the scale of `jenjang`.
    """

    nomor: str
    nik: str
    nama: str
    tanggal_lahir: date
    jenis_kelamin: str
    formasi: str | None
    netra: bool = False
    jenjang: str | None = None
    ipk: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one entry.

    status : baru, diubah, tetap or ditolak. problems : what stands in the way, place and rule
        first; empty unless refused. warnings : what somebody should look at.
    """

    nomor: str
    status: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def register(
    session: Session,
    entries: Sequence[Entry],
    *,
    by: str,
    now: int,
    instansi_id: int | None = None,
    dry_run: bool = False,
) -> list[Outcome]:
    """Register or change participants, all of them or none.

    instansi_id : the only agency whose formasi may be named; None for all. It may not change what
        is on file about a person who also belongs elsewhere.

    Returns one outcome for each entry, in order; nothing is written where one is refused or with
    `dry_run`. The same entries again change nothing. What an announced rank rests on is changed
    by nobody.
    """
    _one_at_a_time(session)
    known = _Known.of(session, entries)
    outcomes = _judge(known, entries, instansi_id, as_datetime(now).date())
    if dry_run or any(each.status == "ditolak" for each in outcomes):
        return outcomes
    for entry, judged in zip(entries, outcomes, strict=True):
        if judged.status in ("baru", "diubah"):
            _store(session, entry, known)
            changes.note(session, "peserta", entry.nomor)
    written = [each.nomor for each in outcomes if each.status != "tetap"]
    if written:
        audit.record(
            session, at=now, by=by, act="daftarkan peserta", subject=written[0], n=len(written)
        )
        session.flush()
    return outcomes


def _one_at_a_time(session: Session) -> None:
    """Of two deliveries of the same moment the second sees what the first has written."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _judge(
    known: _Known, entries: Sequence[Entry], instansi_id: int | None, today: date
) -> list[Outcome]:
    seen: set[str] = set()
    facts: dict[str, dict[str, object]] = {}
    outcomes = []
    for entry in entries:
        problems = [*_shape(entry, today), *known.conflicts(entry, instansi_id)]
        if entry.nomor in seen:
            problems.append(f"nomor: {entry.nomor} disebut lebih dari sekali dalam kiriman ini")
        seen.add(entry.nomor)
        if facts.setdefault(entry.nik, _facts(entry)) != _facts(entry):
            problems.append("nik: kiriman ini memuat dua data yang berbeda tentang orang yang sama")
        status = "ditolak" if problems else known.status(entry)
        warnings = nik_mismatches(entry.nik, entry.tanggal_lahir, entry.jenis_kelamin)
        outcomes.append(Outcome(entry.nomor, status, tuple(problems), warnings))
    return outcomes


def _shape(entry: Entry, today: date) -> list[str]:
    problems = []
    if not _NOMOR.fullmatch(entry.nomor):
        problems.append("nomor: 3 sampai 30 huruf, angka, atau tanda hubung")
    if not re.fullmatch(r"[0-9]{16}", entry.nik):
        problems.append("nik: harus 16 angka")
    if not 1 <= len(entry.nama.strip()) <= 120:
        problems.append("nama: 1 sampai 120 huruf")
    if not entry.nama.isprintable():
        problems.append("nama: memuat tanda yang tidak dapat dicetak")
    if not FIRST_BIRTH <= entry.tanggal_lahir <= today:
        problems.append(f"tanggal_lahir: {entry.tanggal_lahir:%d-%m-%Y} di luar batas yang wajar")
    if entry.jenis_kelamin not in ("L", "P"):
        problems.append(f"jenis_kelamin: harus L atau P; terbaca {entry.jenis_kelamin!r}")
    if entry.jenjang is not None and not 1 <= len(entry.jenjang) <= 20:
        problems.append("jenjang: 1 sampai 20 huruf")
    if entry.ipk is not None and not 0 <= entry.ipk <= 100:
        problems.append(f"ipk: 0 sampai 100; terbaca {entry.ipk}")
    return problems


@dataclass(frozen=True)
class _Known:
    """What the database holds about the people of one delivery, read at once.

    begun : ids of peserta who have sat. announced : id of a person -> stages of the approved
    announcements that the person is in. agencies : id of a person -> where the person belongs.
    """

    formasi: dict[str, Formasi]
    peserta: dict[str, Peserta]
    persons: dict[str, Person]
    begun: frozenset[int]
    announced: Mapping[int, set[str]]
    agencies: Mapping[int, set[int | None]]

    @classmethod
    def of(cls, session: Session, entries: Sequence[Entry]) -> _Known:
        codes = {entry.formasi for entry in entries if entry.formasi}
        numbers = {entry.nomor for entry in entries}
        niks = {entry.nik for entry in entries}
        peserta = session.scalars(select(Peserta).where(Peserta.nomor.in_(numbers))).all()
        begun = session.scalars(
            select(Sitting.peserta_id).where(
                Sitting.peserta_id.in_([each.id for each in peserta]), Sitting.event_count > 0
            )
        )
        persons = session.scalars(select(Person).where(Person.nik.in_(niks))).all()
        ids = [person.id for person in persons]
        return cls(
            {f.kode: f for f in session.scalars(select(Formasi).where(Formasi.kode.in_(codes)))},
            {each.nomor: each for each in peserta},
            {person.nik: person for person in persons},
            frozenset(begun),
            _announced(session, ids),
            _agencies(session, ids),
        )

    def conflicts(self, entry: Entry, instansi_id: int | None) -> list[str]:
        problems = []
        formasi = self.formasi.get(entry.formasi) if entry.formasi else None
        if entry.formasi and formasi is None:
            problems.append(f"formasi: kode {entry.formasi!r} tidak dikenal")
        if instansi_id is not None and (formasi is None or formasi.instansi_id != instansi_id):
            problems.append("formasi: bukan formasi instansi pemegang token ini")
        problems += self._about_person(entry, instansi_id)
        before = self.peserta.get(entry.nomor)
        if before is None:
            return problems
        if instansi_id is not None and (
            before.formasi is None or before.formasi.instansi_id != instansi_id
        ):
            return ["nomor: sudah dipakai di luar instansi pemegang token ini"]
        if before.person.nik != entry.nik:
            return [*problems, "nik: nomor ini sudah milik orang lain"]
        changed = self._exam_facts(entry, before, formasi)
        if changed and before.id in self.begun:
            problems.append(f"{', '.join(changed)}: tidak dapat diubah setelah peserta ikut ujian")
        if changed := changed + self._education(entry, before):
            problems += self._if_announced(before.person, changed)
        return problems

    def _about_person(self, entry: Entry, instansi_id: int | None) -> list[str]:
        """Why what is on file about the human being may not be changed by this entry."""
        person = self.persons.get(entry.nik)
        if person is None:
            return []
        old, new = _facts(person), _facts(entry)
        changed = [name for name in old if old[name] != new[name]]
        if changed and instansi_id is not None and self.agencies[person.id] - {instansi_id}:
            return [f"{', '.join(changed)}: orang ini juga tercatat di luar instansi token ini"]
        return self._if_announced(person, ["tanggal_lahir"] if "tanggal_lahir" in changed else [])

    def _if_announced(self, person: Person, changed: list[str]) -> list[str]:
        if not changed or not self.announced[person.id]:
            return []
        return [f"{', '.join(changed)}: tidak dapat diubah setelah hasilnya diumumkan"]

    def _education(self, entry: Entry, before: Peserta) -> list[str]:
        """Changed facts that decide between equals; unknown ones may be filled in until then."""
        pairs = {"jenjang": (before.jenjang, entry.jenjang), "ipk": (before.ipk, entry.ipk)}
        is_open = self.announced[before.person_id] <= {SKD}
        return [
            name
            for name, (old, new) in pairs.items()
            if old != new and not (old is None and is_open)
        ]

    def status(self, entry: Entry) -> str:
        before = self.peserta.get(entry.nomor)
        if before is None:
            return "baru"
        return "tetap" if _as_entry(before) == entry else "diubah"

    @staticmethod
    def _exam_facts(entry: Entry, before: Peserta, formasi: Formasi | None) -> list[str]:
        """Facts on which an exam was taken and a rank may rest."""
        same = {
            "formasi": (before.formasi_id, formasi.id if formasi else None),
            "netra": (before.netra, entry.netra),
        }
        return [name for name, (old, new) in same.items() if old != new]


def _announced(session: Session, person_ids: Sequence[int]) -> Mapping[int, set[str]]:
    rows = session.execute(
        select(Peserta.person_id, Pengumuman.tahap)
        .join(Hasil, Hasil.peserta_id == Peserta.id)
        .join(Pengumuman, Pengumuman.id == Hasil.pengumuman_id)
        .where(Peserta.person_id.in_(person_ids), Pengumuman.approved_at.is_not(None))
        .distinct()
    )
    return _grouped((person_id, tahap) for person_id, tahap in rows)


def _agencies(session: Session, person_ids: Sequence[int]) -> Mapping[int, set[int | None]]:
    """Agencies applied to, or None for who sits for no formasi, and the employer."""
    applied = session.execute(
        select(Peserta.person_id, Formasi.instansi_id)
        .outerjoin(Peserta.formasi)
        .where(Peserta.person_id.in_(person_ids))
        .distinct()
    )
    employed = session.execute(
        select(Pegawai.person_id, Pegawai.instansi_id).where(Pegawai.person_id.in_(person_ids))
    )
    return _grouped((person_id, agency) for person_id, agency in [*applied, *employed])


def _grouped(rows: Iterable[tuple[int, T]]) -> Mapping[int, set[T]]:
    found: defaultdict[int, set[T]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return found


def _facts(about: Entry | Person) -> dict[str, object]:
    """What is on file about a human being, whatever they apply for."""
    return {
        "nama": about.nama.strip(),
        "tanggal_lahir": about.tanggal_lahir,
        "jenis_kelamin": about.jenis_kelamin,
    }


def _as_entry(peserta: Peserta) -> Entry:
    return Entry(
        nomor=peserta.nomor,
        nik=peserta.person.nik,
        nama=peserta.person.nama,
        tanggal_lahir=peserta.person.tanggal_lahir,
        jenis_kelamin=peserta.person.jenis_kelamin,
        formasi=peserta.formasi.kode if peserta.formasi else None,
        netra=peserta.netra,
        jenjang=peserta.jenjang,
        ipk=peserta.ipk,
    )


def _store(session: Session, entry: Entry, known: _Known) -> None:
    """Write one entry; whom it makes is known to the entries after it."""
    person = known.persons.get(entry.nik)
    facts = _facts(entry)
    if person is None:
        person = known.persons[entry.nik] = Person(nik=entry.nik, **facts)
        session.add(person)
    else:
        for name, value in facts.items():
            setattr(person, name, value)
    formasi = known.formasi[entry.formasi] if entry.formasi else None
    peserta = known.peserta.get(entry.nomor)
    if peserta is None:
        peserta = Peserta(nomor=entry.nomor, person=person)
        known.peserta[entry.nomor] = peserta
        session.add(peserta)
    peserta.formasi, peserta.netra = formasi, entry.netra
    peserta.jenjang, peserta.ipk = entry.jenjang, entry.ipk


def get(session: Session, nomor: str) -> Peserta:
    """The participant with that number; raises BadInput."""
    found = session.scalar(select(Peserta).where(Peserta.nomor == nomor))
    if found is None:
        raise BadInput(f"tidak ada peserta bernomor {nomor[:40]!r}", nomor=nomor)
    return found
