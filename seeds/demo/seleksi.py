"""The selection of 2024 after its first sesi: SKD announced, SKB entered, decisions taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.exam.record import MICROSECONDS
from cat.ketentuan.ketentuan_skb import RencanaTes
from cat.ketentuan.ruleset import RuleSet
from web.operations.seleksi import berlaku, nilai_skb, pengumuman, rencana, sanggah, status
from web.operations.seleksi.keputusan import decide
from web.tables import Formasi, Hasil, Instansi, Jabatan, Peserta, RencanaSKB

TAHUN = 2024
SEED = 20241
FIRST, SECOND = "staf", "staf2"
WIB = ZoneInfo("Asia/Jakarta")
# agency, jabatan -> jenis, nama, bobot, maks, minimum of a part that knocks out
PLANS: dict[tuple[str, str], tuple[tuple[str, str, int, int, int | None], ...]] = {
    ("9901", "JF9900001"): (
        ("cat", "SKB CAT", 60, 500, None),
        ("praktik_kerja", "Praktik pemrograman", 30, 100, None),
        ("wawancara", "Wawancara", 10, 100, None),
    ),
    ("9902", "JF9900002"): (("cat", "SKB CAT", 100, 550, None),),
    ("9902", "JF9900003"): (
        ("cat", "SKB CAT", 60, 500, None),
        ("praktik_kerja", "Praktik keperawatan", 40, 100, None),
    ),
    ("9903", "JF9900004"): (
        ("cat", "SKB CAT", 65, 500, None),
        ("tpa", "Tes potensi akademik", 35, 100, None),
    ),
    ("9903", "JF9900005"): (
        ("cat", "SKB CAT", 60, 500, None),
        ("kesegaran_jasmani", "Kesegaran jasmani", 40, 100, 50),
    ),
}
# Where the two of equal nilai akhir, the one knocked out and the one who withdraws are.
TIE, KNOCK_OUT, WITHDRAWS = "F99-03", "F99-06", "F99-01"
# In this formasi most do not come to the SKB, so that posts stay empty.
DESERTED, COMING = "F99-02", 1
_EXCHANGE = 3  # points of SKD that are worth 2 of SKB where both count 550 points


def load_seleksi(session: Session, rules: RuleSet, *, signing_seed: bytes) -> None:
    """Everything between the exam and the final list of 2024, at set moments."""
    _schooling(session)
    _announce_skd(session, rules, signing_seed)
    for plan in _plans(session, rules):
        _enter(session, plan)
    _withdrawal(session, rules)
    _objection(session, rules)


def _moment(hour: int, minute: int = 0) -> int:
    at = datetime(2026, 11, 18, hour, minute, tzinfo=WIB)
    return int(at.timestamp()) * MICROSECONDS


def _schooling(session: Session) -> None:
    """Education level and IPK, or mean of the ijazah, of everybody who applied."""
    rng = np.random.default_rng(SEED)
    for peserta in session.scalars(select(Peserta).join(Peserta.formasi).order_by(Peserta.nomor)):
        assert peserta.formasi is not None
        peserta.jenjang = peserta.formasi.kualifikasi.split()[0].lower()
        low, high = (7000, 9500) if peserta.jenjang == "sma" else (275, 395)
        peserta.ipk = Decimal(int(rng.integers(low, high))) / 100
    session.flush()


def _announce_skd(session: Session, rules: RuleSet, seed: bytes) -> None:
    head = pengumuman.draw_up(
        session, berlaku.SKD, TAHUN, None, rules, by=FIRST, now=_moment(13), accept_unfinished=True
    )
    pengumuman.approve(session, head.id, by=SECOND, now=_moment(13, 30), seed=seed)


def _plans(session: Session, rules: RuleSet) -> list[RencanaSKB]:
    agencies = {row.kode: row for row in session.scalars(select(Instansi))}
    positions = {row.kode: row for row in session.scalars(select(Jabatan))}
    return [
        rencana.save(
            session,
            TAHUN,
            agencies[instansi],
            positions[jabatan],
            [
                RencanaTes(jenis, nama, bobot, maks, minimum is not None, minimum)
                for jenis, nama, bobot, maks, minimum in parts
            ],
            rules,
            dasar="Surat Instansi Pembina Contoh Nomor 12/2026",
            by=FIRST,
            now=_moment(13, 40),
        )
        for (instansi, jabatan), parts in PLANS.items()
    ]


def _enter(session: Session, plan: RencanaSKB) -> None:
    rng = np.random.default_rng([SEED, plan.bagian[0].id])
    rows = nilai_skb.entitled(session, plan)
    cells = {row.peserta.nomor: _reached(plan, rng) for row in rows}
    _stage(rows, cells)
    for nomor, told in cells.items():
        nilai_skb.enter(session, plan, nomor, told, by=FIRST, now=_moment(14))


def _reached(plan: RencanaSKB, rng: np.random.Generator) -> dict[str, str]:
    """Invented points of one person, in fifths of a hundredth, never below a minimum."""
    found = {}
    for part in plan.bagian:
        share = float(np.clip(rng.normal(0.66, 0.12), 0.3, 0.96))
        least = int(part.minimum or 0)
        found[part.jenis] = str(max(least, 5 * round(share * int(part.maks) / 5)))
    return found


def _stage(rows: Sequence[Hasil], cells: dict[str, dict[str, str]]) -> None:
    """Change the invented points so that the demonstration has something to explain."""
    knocked = [row for row in rows if row.formasi.kode == KNOCK_OUT][-1:]
    for row in knocked:
        cells[row.peserta.nomor]["kesegaran_jasmani"] = "42"
    for row in [row for row in rows if row.formasi.kode == DESERTED][COMING:]:
        cells[row.peserta.nomor] = dict.fromkeys(cells[row.peserta.nomor], nilai_skb.ABSENT)
    _tie([row for row in rows if row.formasi.kode == TIE], cells)


def _tie(rows: Iterable[Hasil], cells: dict[str, dict[str, str]]) -> None:
    """Let the first two for whom whole points allow it reach the same nilai akhir."""
    for better, other in permutations(rows, 2):
        more = (better.total or 0) - (other.total or 0)
        if more > 0 and more % _EXCHANGE == 0:
            reached = int(cells[better.peserta.nomor]["cat"])
            cells[other.peserta.nomor]["cat"] = str(reached + 2 * more // _EXCHANGE)
            return


def _withdrawal(session: Session, rules: RuleSet) -> None:
    peserta = _going_on(session, WITHDRAWS)[1].peserta
    row = status.give(
        session,
        peserta,
        "APS",
        status.AKHIR,
        rules,
        alasan="Surat pengunduran diri bermeterai diterima instansi.",
        by=FIRST,
        now=_moment(15),
    )
    decide(session, row.id, agree=True, by=SECOND, now=_moment(15, 10))


def _objection(session: Session, rules: RuleSet) -> None:
    days = date(2026, 11, 17), date(2026, 11, 19), date(2026, 11, 26)
    common: dict[str, Any] = {"by": FIRST, "now": _moment(15, 20)}
    sanggah.set_window(session, TAHUN, sanggah.ADMINISTRASI, days, rules, **common)
    sanggah.file(
        session,
        _going_on(session, TIE)[0].peserta,
        sanggah.ADMINISTRASI,
        "Kualifikasi pendidikan pada kartu tertulis berbeda dari ijazah yang sudah diunggah.",
        today=days[1],
        tiket="CNTHSANGGAH2",
        **common,
    )


def _going_on(session: Session, kode: str) -> list[Hasil]:
    formasi = session.scalars(select(Formasi).where(Formasi.kode == kode)).all()
    return berlaku.going_on(session, formasi)
