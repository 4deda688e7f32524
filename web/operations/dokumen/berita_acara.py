"""The official record of one sesi: who came, what happened, and whether the records hold.

It is complete by itself: nothing in it is typed in for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from cat.errors import NotDue
from cat.exam.record import Kind
from cat.exam.state import Phase
from web.dokumen.kinds import Jenis
from web.dokumen.typeset import Sheet
from web.operations.dokumen import words
from web.operations.dokumen.percakapan_sesi import talk_of
from web.operations.dokumen.peristiwa_sesi import (
    Catatan,
    Henti,
    happenings,
    notes_of,
    seat_list,
    stops_of,
)
from web.operations.verification import verify_sitting
from web.tables import (
    Pemeriksaan,
    Peserta,
    Ruang,
    Sesi,
    Sitting,
    SittingEvent,
    TugasPengawas,
    User,
)

MOST_FINDINGS = 20
_UNSTARTED = frozenset({Phase.WAITING.value, Phase.ADMITTED.value})
_STANDINGS = (
    "Hadir dan selesai",
    "Hadir, belum selesai",
    "Diizinkan, tidak mulai",
    "Hadir, tidak diizinkan mulai",
    "Tidak hadir (TH)",
)
_NEVER_STARTED = frozenset(_STANDINGS[2:])


def compose(session: Session, sesi_id: int, key: bytes) -> Sheet:
    """What the berita acara says. key : of the seals, to replay every record.

    Raises NotDue while the sesi is open: the record of a sesi is written when it is over.
    """
    sesi = _sesi(session, sesi_id)
    if not sesi.is_closed:
        raise NotDue("Sesi ini belum ditutup; berita acara diterbitkan sesudah sesi ditutup.")
    sittings = _sittings(session, sesi_id)
    broken = _broken(session, sittings, key)
    checked = _verification(sittings, broken)
    return _sheet(session, sesi, sittings, checked, len(sittings) - len(broken))


def preview(session: Session, sesi_id: int) -> Sheet:
    """The same as it stands now, before any record was replayed: to look at, never to issue."""
    sesi = _sesi(session, sesi_id)
    note = ["Semua rekaman diputar ulang dan diperiksa ketika berita acara diterbitkan."]
    return _sheet(session, sesi, _sittings(session, sesi_id), note, 0)


def _sheet(
    session: Session, sesi: Sesi, sittings: Sequence[Sitting], checked: list[str], sound: int
) -> Sheet:
    zona = sesi.titik_lokasi.zona
    names = dict(session.execute(select(User.username, User.nama)).all())
    notes = notes_of(session, sesi.id)
    stops = stops_of(session, sittings, notes)
    told = [*happenings(session, sittings, notes), *talk_of(session, sesi.id, sittings, zona)]
    noted = sorted(told, key=lambda each: (each.at, each.whom))
    counts = Counter(_standing(each) for each in sittings)
    site = f"{sesi.titik_lokasi.nama}, {sesi.ruang}"
    starts = words.waktu_panjang(sesi.starts_at, zona)
    data = {
        "kop": words.kop(
            next((s.peserta.formasi.tahun for s in sittings if s.peserta.formasi), None)
        ),
        "pembuka": f"Pada hari {words.hari_tanggal(sesi.starts_at, zona)}, telah dilaksanakan "
        "ujian berbasis komputer sebagaimana diuraikan di bawah ini. Angka dan kejadian diambil "
        "dari rekaman sistem.",
        "sesi": [
            ["Sesi", sesi.nama + (" (dibatalkan)" if sesi.is_void else "")],
            ["Titik lokasi", site],
            ["Jadwal mulai", starts],
            *_times(session, sesi.id, zona),
        ],
        "pengawas": _duties(session, sesi.id, zona, names),
        "terdaftar": len(sittings),
        "kehadiran": [[label, counts[label]] for label in _STANDINGS],
        "identitas": _manual_checks(session, sesi.id, names),
        "absen": [
            [str(s.seat), s.peserta.nomor, s.peserta.person.nama, _standing(s)]
            for s in sittings
            if _standing(s) in _NEVER_STARTED
        ],
        "henti": [_stop_line(group, zona, names) for group in stops],
        "catatan_waktu": "Selama waktu berhenti, sisa waktu peserta tidak berkurang. Pengawas "
        "tidak dapat menambah waktu.",
        "kejadian": [_line(each, zona, names) for each in noted],
        "pemeriksaan": checked,
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
        ("Kejadian yang dicatat", str(len(stops) + len(noted))),
        ("Rekaman cocok", f"{sound} dari {len(sittings)}"),
    )
    # What people noted on that day can never be changed: a letter must not stand in its way.
    said, seen = words.tercetak(data), words.tercetak(public)
    return Sheet(Jenis.BERITA_ACARA, "Berita Acara Pelaksanaan Ujian", said, seen)


def _sesi(session: Session, sesi_id: int) -> Sesi:
    return session.get_one(
        Sesi, sesi_id, options=[joinedload(Sesi.titik_lokasi)], populate_existing=True
    )


def _standing(sitting: Sitting) -> str:
    if sitting.phase == Phase.FINISHED.value:
        return _STANDINGS[0]
    if sitting.phase not in _UNSTARTED:
        return _STANDINGS[1]
    if sitting.phase == Phase.ADMITTED.value:
        return _STANDINGS[2]
    return _STANDINGS[4 if sitting.hadir_at is None and sitting.arrived_at is None else 3]


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


def _times(session: Session, sesi_id: int, zona: str) -> list[list[str]]:
    """When the first began and the last ended."""
    rows = session.execute(
        select(SittingEvent.kind, func.min(SittingEvent.at), func.max(SittingEvent.at))
        .join(Sitting, Sitting.id == SittingEvent.sitting_id)
        .where(
            Sitting.sesi_id == sesi_id,
            SittingEvent.kind.in_([Kind.STARTED.value, Kind.FINISHED.value]),
        )
        .group_by(SittingEvent.kind)
    ).all()
    found = {kind: (first, last) for kind, first, last in rows}
    lines = []
    if Kind.STARTED.value in found:
        first, last = (words.pukul(at, zona) for at in found[Kind.STARTED.value])
        lines.append(["Peserta mulai", f"pukul {first} sampai {last}"])
    if Kind.FINISHED.value in found:
        first, last = (words.pukul(at, zona) for at in found[Kind.FINISHED.value])
        lines.append(["Peserta selesai", f"pukul {first} sampai {last}"])
    return lines


def _duties(session: Session, sesi_id: int, zona: str, names: Mapping[str, str]) -> list[list[str]]:
    rows = session.execute(
        select(TugasPengawas, Ruang.nama)
        .outerjoin(Ruang, Ruang.id == TugasPengawas.ruang_id)
        .where(TugasPengawas.sesi_id == sesi_id)
        .order_by(TugasPengawas.mulai_at, TugasPengawas.id)
    ).all()
    return [
        [
            names.get(duty.pengawas, duty.pengawas),
            room or "Seluruh sesi",
            words.pukul(duty.mulai_at, zona),
            words.pukul(duty.selesai_at, zona) if duty.selesai_at else "akhir sesi",
            names.get(duty.diserahkan_ke or "", "–"),
        ]
        for duty, room in rows
    ]


def _manual_checks(session: Session, sesi_id: int, names: Mapping[str, str]) -> list[list[str]]:
    """Those whose identity people checked, with both officers; the last check counts."""
    rows = session.execute(
        select(Pemeriksaan, Sitting.seat, Peserta.nomor)
        .join(Sitting, Sitting.id == Pemeriksaan.sitting_id)
        .join(Peserta, Peserta.id == Sitting.peserta_id)
        .where(Sitting.sesi_id == sesi_id)
        .order_by(Sitting.seat, Pemeriksaan.id)
    ).all()
    last = {seat: (check, nomor) for check, seat, nomor in rows}
    return [
        [
            str(seat),
            nomor,
            "cocok" if check.cocok else "tidak cocok",
            f"{names.get(check.oleh, check.oleh)} dan {names.get(check.saksi, check.saksi)}",
        ]
        for seat, (check, nomor) in last.items()
        if check.cara == "manual"
    ]


def _stop_line(group: Sequence[Henti], zona: str, names: Mapping[str, str]) -> list[str]:
    first = group[0]
    whom = f"kursi {first.seat}, {first.nomor}"
    if len(group) > 1:
        whom = f"{len(group)} peserta: kursi {seat_list(each.seat for each in group)}"
    lengths = [each.until - each.at for each in group if each.until is not None]
    if len(lengths) < len(group):
        stood = "belum berakhir"
    else:
        least, most = words.lama(min(lengths)), words.lama(max(lengths))
        stood = least if least == most else f"{least} sampai {most}"
    by = names.get(first.by, first.by)
    return [words.pukul(first.at, zona), whom, first.reason, by, stood]


def _line(each: Catatan, zona: str, names: Mapping[str, str]) -> list[str]:
    by = names.get(each.by, each.by)
    return [words.pukul(each.at, zona), each.whom, f"{each.what}: {each.text}", by]


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
