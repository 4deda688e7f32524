"""The official record of one sesi: who came, what happened, and whether the records hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.errors import NotDue
from cat.exam.record import Kind
from cat.exam.state import Phase
from web.dokumen.kinds import Jenis
from web.dokumen.typeset import Sheet
from web.operations.dokumen import words
from web.operations.verification import verify_sitting
from web.tables import Peserta, Sesi, Sitting, SittingEvent, User

# Endings that need no explanation: all answered, or the time was used up.
_ORDINARY = frozenset({"selesai", "waktu habis"})
_SYSTEM = "sistem"
MOST_FINDINGS = 20


@dataclass(frozen=True)
class Incident:
    """Something out of the ordinary. seat : 0 for what struck the whole sesi at once.

    stopped : microseconds for which the clock stood; None where it did not, -1 while it still does.
    """

    at: int
    seat: int
    whom: str
    what: str
    by: str
    stopped: int | None


def compose(session: Session, sesi_id: int, key: bytes) -> Sheet:
    """What the berita acara says. key : of the seals, to replay every record.

    Raises NotDue while the sesi is open: the record of a sesi is written when it is over.
    """
    sesi = session.get_one(Sesi, sesi_id, options=[joinedload(Sesi.titik_lokasi)])
    if not sesi.is_closed:
        raise NotDue("Sesi ini belum ditutup; berita acara diterbitkan sesudah sesi ditutup.")
    sittings = _sittings(session, sesi_id)
    zona = sesi.titik_lokasi.zona
    counts = Counter(_standing(each) for each in sittings)
    incidents = _incidents(session, sittings)
    names = dict(session.execute(select(User.username, User.nama)).all())
    broken = _broken(session, sittings, key)
    site = f"{sesi.titik_lokasi.nama}, {sesi.ruang}"
    starts = words.waktu_panjang(sesi.starts_at, zona)
    data = {
        "kop": words.kop(
            next((s.peserta.formasi.tahun for s in sittings if s.peserta.formasi), None)
        ),
        "pembuka": f"Pada hari {words.hari_tanggal(sesi.starts_at, zona)}, telah dilaksanakan "
        "ujian berbasis komputer sebagaimana diuraikan di bawah ini. Angka dan kejadian diambil "
        "dari rekaman sistem.",
        "sesi": [["Sesi", sesi.nama], ["Titik lokasi", site], ["Jadwal mulai", starts]],
        "terdaftar": len(sittings),
        "kehadiran": [[label, counts[label]] for label in _STANDINGS],
        "absen": [
            [str(s.seat), s.peserta.nomor, s.peserta.person.nama, _standing(s).lower()]
            for s in sittings
            if _standing(s) in _NEVER_STARTED
        ],
        "kejadian": [_line(each, zona, names) for each in incidents],
        "catatan_waktu": "Selama waktu berhenti, sisa waktu peserta tidak berkurang.",
        "pemeriksaan": _verification(sittings, broken),
        "penutup": "Demikian berita acara ini dibuat dengan sebenarnya.",
        "penanda": [
            ["Pengawas", "NIP"],
            ["Saksi dari peserta", "Nomor peserta"],
            ["Panitia Seleksi Instansi", "NIP"],
        ],
    }
    public = (
        ("Sesi", sesi.nama),
        ("Titik lokasi", site),
        ("Jadwal mulai", starts),
        ("Terdaftar", str(len(sittings))),
        ("Mulai ujian", str(sum(each.phase not in _UNSTARTED for each in sittings))),
        ("Kejadian yang dicatat", str(len(incidents))),
        ("Rekaman cocok", f"{len(sittings) - len(broken)} dari {len(sittings)}"),
    )
    return Sheet(Jenis.BERITA_ACARA, "Berita Acara Pelaksanaan Ujian", data, public)


_UNSTARTED = frozenset({Phase.WAITING.value, Phase.ADMITTED.value})
_STANDINGS = ("Hadir dan selesai", "Hadir, belum selesai", "Diizinkan, tidak mulai", "Tidak hadir")
_NEVER_STARTED = frozenset(_STANDINGS[2:])


def _standing(sitting: Sitting) -> str:
    if sitting.phase == Phase.FINISHED.value:
        return _STANDINGS[0]
    if sitting.phase not in _UNSTARTED:
        return _STANDINGS[1]
    return _STANDINGS[3 if sitting.phase == Phase.WAITING.value else 2]


def _sittings(session: Session, sesi_id: int) -> Sequence[Sitting]:
    return session.scalars(
        select(Sitting)
        .where(Sitting.sesi_id == sesi_id)
        .options(
            joinedload(Sitting.peserta).joinedload(Peserta.person),
            joinedload(Sitting.peserta).joinedload(Peserta.formasi),
        )
        .order_by(Sitting.seat)
        .execution_options(populate_existing=True)
    ).all()


def _incidents(session: Session, sittings: Sequence[Sitting]) -> list[Incident]:
    """Stops of the clock and endings by others, in the order of time; outages once for all."""
    of_id = {each.id: each for each in sittings}
    events = session.scalars(
        select(SittingEvent)
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .where(
            Sitting.sesi_id.in_({each.sesi_id for each in sittings}),
            SittingEvent.kind.in_([Kind.PAUSED.value, Kind.RESUMED.value, Kind.FINISHED.value]),
        )
        .order_by(SittingEvent.sitting_id, SittingEvent.seq)
    ).all()
    found = []
    for place, event in enumerate(events):
        sitting = of_id[event.sitting_id]
        if event.kind == Kind.PAUSED.value:
            after = events[place + 1] if place + 1 < len(events) else None
            same = after is not None and after.sitting_id == event.sitting_id
            found.append(_stop(sitting, event, after if same else None))
        elif event.kind == Kind.FINISHED.value and event.data.get("sebab") not in _ORDINARY:
            what = f"Ujian diakhiri: {event.data.get('alasan') or event.data.get('sebab')}"
            found.append(_incident(sitting, event, what, None))
    return sorted(_together(found), key=lambda each: (each.at, each.seat))


def _stop(sitting: Sitting, event: SittingEvent, after: SittingEvent | None) -> Incident:
    reason = event.data.get("alasan", "tanpa alasan")
    return _incident(sitting, event, f"Dijeda: {reason}", after.at - event.at if after else -1)


def _incident(sitting: Sitting, event: SittingEvent, what: str, stopped: int | None) -> Incident:
    whom = f"kursi {sitting.seat}, {sitting.peserta.nomor}"
    by = str(event.data.get("oleh", _SYSTEM))
    return Incident(event.at, sitting.seat, whom, what, by, stopped)


def _together(incidents: list[Incident]) -> list[Incident]:
    """Stops that the platform itself noted at one moment are one outage, not one a seat."""
    outages = Counter(
        (each.at, each.what, each.stopped) for each in incidents if each.by == _SYSTEM
    )
    own = [each for each in incidents if each.by != _SYSTEM]
    return own + [
        Incident(at, 0, f"{seats} peserta", what, _SYSTEM, stopped)
        for (at, what, stopped), seats in outages.items()
    ]


def _line(each: Incident, zona: str, names: Mapping[str, str]) -> list[str]:
    if each.stopped is None:
        stood = "–"
    else:
        stood = words.lama(each.stopped) if each.stopped >= 0 else "belum berakhir"
    return [words.pukul(each.at, zona), each.whom, each.what, names.get(each.by, each.by), stood]


def _broken(session: Session, sittings: Sequence[Sitting], key: bytes) -> list[tuple[int, str]]:
    """Seat and first finding of every record that does not come out the same when replayed."""
    checked = ((each, verify_sitting(session, each, key)) for each in sittings)
    return [(each.seat, str(findings[0])) for each, findings in checked if findings]


def _verification(sittings: Sequence[Sitting], broken: list[tuple[int, str]]) -> list[str]:
    lines = [
        f"{len(sittings)} rekaman ujian diputar ulang ketika dokumen ini diterbitkan: "
        f"{len(sittings) - len(broken)} cocok, {len(broken)} tidak cocok."
    ]
    lines += [f"Kursi {seat}: {what}." for seat, what in broken[:MOST_FINDINGS]]
    if len(broken) > MOST_FINDINGS:
        lines.append(f"dan {len(broken) - MOST_FINDINGS} rekaman lain.")
    return lines
