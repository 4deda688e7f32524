"""What several tests of a selection begin with."""

from __future__ import annotations

from tests.web.conftest import KEYS
from web.db import db
from web.operations.seleksi import (
    berlaku,
    pengumuman,
    status,
)
from web.tables import (
    Formasi,
    Instansi,
    Pengumuman,
    Peserta,
)

REASON = "Alasan yang cukup panjang untuk berkas."


def formasi(session, kode) -> Formasi:
    return session.scalar(db.select(Formasi).filter_by(kode=kode))


def instansi(session, kode) -> Instansi:
    return session.scalar(db.select(Instansi).filter_by(kode=kode))


def announce(act, clock, tahap, agency, rules, **options) -> Pengumuman:
    head = act(pengumuman.draw_up, tahap, 2024, agency, rules, **options)
    return act(pengumuman.approve, head.id, by="staf2", seed=KEYS.signing)


def open_place(session, agreed, act, clock, rules, kode="F99-03") -> Peserta:
    """One who goes on is disqualified, so that another without SKB nilai goes on instead."""
    chosen = formasi(session, kode)
    known = {row.peserta_id for row in berlaku.going_on(session, [chosen])}
    first = berlaku.going_on(session, [chosen])[0].peserta
    agreed(status.give, first, "DIS", "skd", rules)
    announce(act, clock, "skd", chosen.instansi, rules)
    rows = berlaku.going_on(session, [chosen])
    (new,) = [row.peserta for row in rows if row.peserta_id not in known]
    return new
