"""A platform in small: items in use and on trial, and finished sittings whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from sqlalchemy import insert
from sqlalchemy.orm import Session

from cat.exam.state import Phase
from cat.irt import logistic
from cat.itembank.content import NOT_ESTIMATED, ItemContent, Parameters, points_of_key
from cat.itembank.lifecycle import Status
from cat.itembank.store import add_version
from cat.itembank.tables import PublishedPool
from tests.web.conftest import START
from web.operations.bulk import insert_frame
from web.tables import (
    Person,
    Peserta,
    RuleSetRow,
    Sesi,
    Sitting,
    SittingEvent,
    TitikLokasi,
    Usul,
)

ANCHORS, TRIALS, SEEN, PERSONS = 16, 4, 10, 900
GUESSING, DRIFT, TWICE = 0.2, 1.0, "TIU-005"
# The population differs from the one to which the anchors were calibrated.
MEAN, SD = 0.5, 1.2


@dataclass(frozen=True)
class World:
    """a, b : (I,) truth of anchors, then of trial items. keys : their names in the records.

    sesi : ids. void : the sitting that was declared void.
    """

    a: np.ndarray
    b: np.ndarray
    keys: list[str]
    sesi: tuple[int, int]
    void: str

    @property
    def trials(self) -> list[str]:
        return self.keys[ANCHORS:]


def build(session: Session, seed: int = 7) -> World:
    """Fill an empty database. The key of every item is B; who does not know it chooses A.

    The first anchor has become harder since it was calibrated. The last trial item has a wrong
    key: those who know the answer choose C. TIU-005 has an earlier version with answers of its own.
    """
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0.9, 1.8, ANCHORS + TRIALS), rng.uniform(-1.2, 1.8, ANCHORS + TRIALS)
    keys = [_add_item(session, i, a[i], b[i]) for i in range(ANCHORS + TRIALS)]
    b[0] += DRIFT
    sesi = _sittings(session, rng)
    void = _answers(session, rng, a, b, keys)
    return World(a, b, keys, sesi, void)


def _add_item(session: Session, place: int, a: float, b: float) -> str:
    code = f"TIU-{place:03}"
    known = Parameters(a, (b,), GUESSING, "dikalibrasi 2026-01-01, 3PL, n = 5.000")
    new = Parameters(0.8, (0.0,), GUESSING, NOT_ESTIMATED)
    on_trial = place >= ANCHORS
    content = ItemContent(
        code=code,
        domain="tiu.verbal.analogi",
        stem=f"Soal {code}",
        options=("satu", "dua", "tiga", "empat", "lima"),
        points=points_of_key("B"),
        rationale="B benar.",
        source="",
        parameters=new if on_trial else known,
    )
    status, version = Status.UJI_COBA if on_trial else Status.AKTIF, None
    for _ in range(2 if code == TWICE else 1):
        version = add_version(session, content, status=status, by="penulis", now=START)
    return f"{code}@{version.version}"


def _sittings(session: Session, rng: np.random.Generator) -> tuple[int, int]:
    session.add(
        PublishedPool(
            digest="p", code="P", manifest=b"", tables=b"", published_at=START, published_by="a"
        )
    )
    session.add(
        RuleSetRow(
            digest="r",
            kode="r",
            tahun=2024,
            content={},
            status="disetujui",
            diusulkan_at=START,
            diusulkan_oleh="a",
            alasan="uji",
        )
    )
    site = TitikLokasi(nama="Tilok Uji", zona="Asia/Jakarta")
    slots = [
        Sesi(nama=f"Sesi {n}", titik_lokasi=site, ruang="1", starts_at=START, is_closed=True)
        for n in (1, 2)
    ]
    session.add_all(slots)
    session.flush()
    born = date(2000, 1, 1)
    sexes = rng.choice(["L", "P"], PERSONS).tolist()
    session.execute(
        insert(Person),
        [
            {"id": j + 1, "nik": f"{j:016}", "nama": f"N {j}", "tanggal_lahir": born}
            | {"jenis_kelamin": sexes[j]}
            for j in range(PERSONS)
        ],
    )
    session.execute(
        insert(Peserta),
        [
            {"id": j + 1, "nomor": f"{j:09}", "person_id": j + 1, "netra": False}
            for j in range(PERSONS)
        ],
    )
    common = {"pin_hash": "", "pool_digest": "p", "rules_digest": "r", "mode": "adaptif"}
    common |= {"seconds": 60, "phase": Phase.FINISHED.value, "event_count": 0, "answered": SEEN}
    common |= {"last_at": START, "seal": ""}
    session.execute(
        insert(Sitting),
        [
            {"id": f"s{j:06}", "sesi_id": slots[j % 2].id, "peserta_id": j + 1, "seat": j, **common}
            | {"seed": j}
            for j in range(PERSONS)
        ],
    )
    return slots[0].id, slots[1].id


def _answers(
    session: Session, rng: np.random.Generator, a: np.ndarray, b: np.ndarray, keys: list[str]
) -> str:
    """Answers of all; returns the sitting that is void."""
    theta = rng.normal(MEAN, SD, PERSONS)
    p = GUESSING + (1 - GUESSING) * logistic.probability(theta, a, b)
    knows = rng.random(p.shape) < p
    order = rng.random((PERSONS, ANCHORS)).argsort(axis=1)
    seen = np.concatenate(
        [order[:, :SEEN], np.tile(np.arange(ANCHORS, ANCHORS + TRIALS), (PERSONS, 1))], axis=1
    )
    person, place = np.repeat(np.arange(PERSONS), seen.shape[1]), seen.ravel()
    key = np.where(place == ANCHORS + TRIALS - 1, "C", "B")
    wrong = np.where((key == "C") & (rng.random(len(key)) < 0.5), "B", "A")
    frame = pl.DataFrame(
        {
            "sitting_id": [f"s{j:06}" for j in person],
            "seq": np.tile(np.arange(1, seen.shape[1] + 1), PERSONS),
            "kind": "answered",
            "at": START,
            "item": [keys[i] for i in place],
            "option": np.where(knows[person, place], key, wrong),
            "data": "{}",
            "seal": "",
        }
    )
    early = pl.col("item").replace({f"{TWICE}@2": f"{TWICE}@1"})
    # The first forty met the earlier wording.
    frame = frame.with_columns(
        pl.when(pl.col("sitting_id") < "s000040").then(early).otherwise("item").alias("item")
    )
    insert_frame(session, SittingEvent.__table__, frame)
    return _void_sitting(session)


def _void_sitting(session: Session) -> str:
    which = f"s{PERSONS - 1:06}"
    session.add(
        Usul(
            jenis="batal_ujian",
            tahun=2024,
            peserta_id=PERSONS,
            sitting_id=which,
            isi={},
            alasan="joki",
            proposed_by="staf",
            proposed_at=START,
            decided_by="staf2",
            decided_at=START,
            agreed=True,
        )
    )
    session.flush()
    return which
