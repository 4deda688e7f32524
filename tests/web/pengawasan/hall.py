"""A hall of 400 seats in the middle of its sesi, every state in it: rows, not real exams."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from seeds.demo.load import OPEN
from seeds.demo.people import invent, nomor_peserta
from web.tables import (
    Kejadian,
    Kontak,
    Masuk,
    Panggilan,
    PartResult,
    Person,
    Peserta,
    Ruang,
    Sesi,
    SesiRuang,
    Sitting,
    SittingEvent,
)

ROWS, COLUMNS, AISLES = 16, 27, (9, 18)
SEATS = ROWS * (COLUMNS - len(AISLES))
NAMA = "Sesi Aula SKD"
# How the seats share the states, in the order of the seats of each fifty.
_SHARES = (
    *("working",) * 34,
    *("finished",) * 5,
    *("paused",) * 3,
    *("waiting", "waiting", "admitted", "empty", "empty", "quiet", "quiet", "working"),
)


def fill_hall(session: Session, *, now: int, seed: int = 6) -> Sesi:
    """A sesi at the demonstration's site with 400 people."""
    rng = random.Random(seed)
    model = session.scalars(
        select(Sitting).join(Sesi).where(Sesi.nama == OPEN).order_by(Sitting.seat).limit(1)
    ).one()
    site = model.sesi.titik_lokasi_id
    lorong = [[row, column] for row in range(1, ROWS + 1) for column in AISLES]
    room = Ruang(
        titik_lokasi_id=site,
        nama="Aula Utama",
        kursi_awal=1,
        baris=ROWS,
        kolom=COLUMNS,
        lorong=lorong,
    )
    sesi = Sesi(
        nama=NAMA,
        titik_lokasi_id=site,
        ruang="Aula Utama",
        starts_at=now - 3600 * MICROSECONDS,
        is_closed=False,
    )
    session.add_all([room, sesi])
    session.flush()
    session.add(SesiRuang(sesi_id=sesi.id, ruang_id=room.id))
    rows: dict[type, list[dict[str, Any]]] = {
        each: [] for each in (Person, Peserta, Sitting, Kontak, Masuk, SittingEvent, PartResult)
    }
    first = 50_000
    for seat in range(1, SEATS + 1):
        _add(rows, model, sesi.id, room.id, seat, first + seat, now, rng)
    for table, values in rows.items():
        session.execute(insert(table), values)
    _troubles(session, sesi, rows[Sitting], now)
    session.flush()
    return sesi


def _add(
    rows: dict[type, list[dict[str, Any]]],
    model: Sitting,
    sesi: int,
    room: int,
    seat: int,
    number: int,
    now: int,
    rng: random.Random,
) -> None:
    import numpy as np

    kind = _SHARES[(seat * 7) % 50]
    who = invent(np.random.default_rng(number), number)
    sitting_id = f"00000000-0000-4000-8000-{number:012}"
    rows[Person].append({"id": number, **who})
    rows[Peserta].append(
        {
            "id": number,
            "person_id": number,
            "netra": False,
            "formasi_id": model.peserta.formasi_id,
            "nomor": nomor_peserta("9901", str(who["jenis_kelamin"]), number),
        }
    )
    started = now - rng.randrange(2000, 3500) * MICROSECONDS
    phase = {"empty": "waiting", "quiet": "working"}.get(kind, kind)
    has_begun = phase in ("working", "paused", "finished")
    answered = 74 if phase == "finished" else rng.randrange(20, 75) if has_begun else 0
    last = (
        now - (rng.randrange(120, 400) if kind == "quiet" else rng.randrange(2, 70)) * MICROSECONDS
    )
    rows[Sitting].append(
        {
            "id": sitting_id,
            "sesi_id": sesi,
            "peserta_id": number,
            "seat": seat,
            "pin_hash": "",
            "pool_digest": model.pool_digest,
            "rules_digest": model.rules_digest,
            "mode": "adaptif",
            "seed": number,
            "seconds": 6000,
            "phase": phase,
            "event_count": 3 + 2 * answered,
            "answered": answered,
            "last_at": last if has_begun else 0,
            "seal": "",
            "deadline": started + 6000 * MICROSECONDS if phase == "working" else None,
            "arrived_at": None if kind == "empty" else started,
            "ruang_id": room,
            "ujian": "skd",
            "is_void": False,
            "paket": "",
            "hangus": [],
            "masuk_id": f"m{number}",
        }
    )
    if kind == "empty":
        return
    rows[Kontak].append({"sitting_id": sitting_id, "at": last})
    rows[Masuk].append(_login(sitting_id, f"m{number}", number, started))
    if has_begun:
        _events(rows[SittingEvent], sitting_id, phase, started, last, answered)
    if phase == "finished":
        rows[PartResult] += _results(sitting_id, rng)


def _results(sitting_id: str, rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "sitting_id": sitting_id,
            "part": part,
            "position": position,
            "theta": 0.0,
            "se": 0.3,
            "nilai": rng.randrange(most // 2, most),
            "nilai_se": 9.0,
            "maximum": most,
            "answered": 35,
            "length": 35,
            "reason": 0,
        }
        for position, (part, most) in enumerate((("twk", 150), ("tiu", 175), ("tkp", 225)))
    ]


def _login(sitting_id: str, masuk_id: str, number: int, at: int) -> dict[str, Any]:
    return {
        "id": masuk_id,
        "sitting_id": sitting_id,
        "at": at,
        "komputer": f"k{masuk_id}",
        "alamat": f"10.0.{number // 250 % 250}.{number % 250}",
        "keadaan": "aktif",
    }


def _events(
    rows: list[dict[str, Any]], sitting_id: str, phase: str, started: int, last: int, answered: int
) -> None:
    def event(kind: str, at: int, **more: Any) -> None:
        rows.append(
            {
                "sitting_id": sitting_id,
                "seq": len(own) + 1,
                "kind": kind,
                "at": at,
                "item": None,
                "option": None,
                "data": {},
                "seal": "",
                **more,
            }
        )
        own.append(kind)

    own: list[str] = []
    event("admitted", started - 60 * MICROSECONDS, data={"oleh": "pengawas"})
    event("started", started)
    step = max(1, (last - started) // (answered + 1))
    for number in range(1, answered + 1):
        event("chosen", started + number * step - step // 3, item=f"X-{number}", option="A")
        event("answered", started + number * step, item=f"X-{number}", option="A")
    if phase == "paused":
        event("paused", last, data={"oleh": "pengawas", "alasan": "Gangguan komputer: layar mati"})


def _troubles(session: Session, sesi: Sesi, sittings: list[dict[str, Any]], now: int) -> None:
    working = [row for row in sittings if row["phase"] == "working"]
    paused = [row for row in sittings if row["phase"] == "paused"]
    for row, jenis in (
        (working[3], "bantuan"),
        (working[40], "bantuan"),
        (working[90], "masuk_ganda"),
    ):
        at = now - 30 * MICROSECONDS
        session.add(Panggilan(sesi_id=sesi.id, sitting_id=row["id"], at=at, jenis=jenis))
    session.execute(
        insert(Masuk),
        [
            {**_login(working[90]["id"], "ganda", 7, now), "keadaan": "ditahan"},
            {**_login(working[120]["id"], "baru", 9, now)},
        ],
    )
    for row, jenis in ((working[60], "keluhan_kesehatan"), (paused[0], "gangguan_komputer")):
        session.add(
            Kejadian(
                sesi_id=sesi.id,
                ruang_id=row["ruang_id"],
                sitting_id=row["id"],
                kursi=row["seat"],
                at=now,
                jenis=jenis,
                uraian="Contoh kejadian untuk denah.",
                oleh="pengawas",
                data={},
            )
        )
