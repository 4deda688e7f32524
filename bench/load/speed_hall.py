"""A pool of a thousand items, and people in front of it who have just begun, on any database."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.load.ledger import Start
from cat.exam.record import MICROSECONDS, Event, Kind, Terms, first_seal, seal
from cat.exam.state import Phase
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.content import LETTERS, Parameters, points_of_key
from cat.itembank.pool import Pool, PoolItem
from cat.itembank.tables import PublishedPool
from cat.publication.publish import PartPlan, publish
from cat.selection.exposure.admission import Admission
from cat.selection.policy import ExposurePlan, Policy
from web.operations.pools import find_rules
from web.tables import Masuk, Person, Peserta, Sesi, Sitting, SittingEvent, TitikLokasi

RULES = "cpns-2024"
SEED = 20_240_816
# Items in the bank, in a test, domains: as the SKD has them, a thousand together.
PARTS = {
    "twk": (300, 30, ("nasionalisme", "integritas", "bela_negara", "pilar_negara", "bahasa")),
    "tiu": (350, 35, ("verbal.analogi", "verbal.silogisme", "numerik.deret", "figural.seri")),
    "tkp": (350, 45, ("pelayanan", "jejaring", "sosial_budaya", "tik", "profesional")),
}
ON_TRIAL, TRIALS = 20, 2
TOP, R_MAX, CORRELATION = 5, 0.25, 0.5
LIMIT_SECONDS = 6_000


def thousand_items() -> Pool:
    """Blueprint, randomesque choice, exposure control, linked parts and items on trial: all that a
    pool of the platform may have. Exposure chances are drawn; what they cost is the same.
    """
    rng = np.random.default_rng(SEED)
    plans = []
    for part, (size, length, domains) in PARTS.items():
        items = [_item(part, n, domains[n % len(domains)], rng) for n in range(size)]
        trial = [_item(f"{part}-uc", n, domains[n % len(domains)], rng) for n in range(ON_TRIAL)]
        share = length / len(domains)
        bounds = tuple(Bound(domain, int(share) - 1, int(share) + 3) for domain in domains)
        blueprint = Blueprint(part, length, bounds, dict.fromkeys(domains, 3))
        plans.append(
            PartPlan(
                blueprint,
                items,
                points_per_category=1 if part == "tkp" else 5,
                base_points=1 if part == "tkp" else 0,
                policy=Policy(top=TOP, exposure=ExposurePlan("kelayakan", R_MAX)),
                admission=Admission(np.zeros(0), rng.uniform(0.4, 1.0, (1, size))),
                pretest=trial,
                pretest_slots=TRIALS,
            )
        )
    return publish("laju", plans, shuffle_options=True, correlation=CORRELATION)


def _item(part: str, number: int, domain: str, rng: np.random.Generator) -> PoolItem:
    keyed = not part.startswith("tkp")
    letter = LETTERS[int(rng.integers(5))]
    steps = (float(rng.normal()),) if keyed else tuple(np.sort(rng.normal(-1, 1, 4)).tolist())
    words = " ".join(["kalimat"] * 30)
    return PoolItem(
        key=f"{part.upper()}-{number:04}@1",
        domain=domain,
        points=points_of_key(letter) if keyed else tuple(map(int, rng.permutation(5) + 1)),
        stem=f"<p>Soal {part} {number}: {words}.</p>",
        options=tuple(f"Pilihan {n} dengan beberapa kata" for n in range(5)),
        parameters=Parameters(float(rng.uniform(0.7, 1.6)), steps, 0.2 if keyed else 0.0),
    )


def seat(
    session: Session, pool: Pool, people: int, *, key: bytes, now: int
) -> list[tuple[Start, str]]:
    """People who are logged in and have started; returns each with its login.

    key : of the seals. now : microseconds; when they started.
    """
    rules = find_rules(session, RULES)
    session.add(_row_of(pool))
    place = TitikLokasi(nama="Laju", zona="Asia/Jakarta")
    sesi = Sesi(nama="Laju", titik_lokasi=place, ruang="Laju", starts_at=now, is_closed=False)
    session.add(sesi)
    session.flush()
    rng = np.random.default_rng(SEED)
    found, rows = [], _Rows()
    for n in range(people):
        sitting_id = str(uuid.UUID(bytes=rng.bytes(16), version=4))
        seed = int(rng.integers(2**63))
        terms = Terms(sitting_id, pool.digest, rules.digest, "adaptif", seed, LIMIT_SECONDS)
        login = rng.bytes(16).hex()
        rows.add(n, sesi.id, terms, login, key, now)
        found.append((Start(sitting_id, seed, 0), login))
    rows.store(session)
    return found


def _row_of(pool: Pool) -> PublishedPool:
    return PublishedPool(
        digest=pool.digest,
        code=pool.code,
        manifest=pool.manifest,
        tables=pool.tables,
        published_at=0,
        published_by="bench",
    )


class _Rows:
    """Rows of all tables that a person needs, stored in bulk."""

    def __init__(self) -> None:
        tables = (Person, Peserta, Sitting, SittingEvent, Masuk)
        self.of: dict[type[Any], list[dict[str, Any]]] = {table: [] for table in tables}

    def add(self, n: int, sesi_id: int, terms: Terms, login: str, key: bytes, now: int) -> None:
        number = 7_000_000 + n
        born = date(1999, 1, 1)
        self.of[Person].append(
            {"id": number, "nik": f"99{number:014}", "nama": f"Peserta {n}", "tanggal_lahir": born}
            | {"jenis_kelamin": "P"}
        )
        self.of[Peserta].append(
            {"id": number, "nomor": f"LAJU-{n:06}", "person_id": number, "netra": False}
        )
        stamp = first_seal(key, terms)
        for seq, kind in enumerate((Kind.ADMITTED, Kind.STARTED), start=1):
            data = {"oleh": "pengawas"} if kind is Kind.ADMITTED else {}
            stamp = seal(key, stamp, Event(seq, kind, now, data=data))
            self.of[SittingEvent].append(
                {"sitting_id": terms.sitting, "seq": seq, "kind": kind.value, "at": now}
                | {"item": None, "option": None, "data": data, "seal": stamp}
            )
        self.of[Sitting].append(
            {"id": terms.sitting, "sesi_id": sesi_id, "peserta_id": number, "seat": n + 1}
            | {"pin_hash": "", "pool_digest": terms.pool, "rules_digest": terms.rules}
            | {"mode": terms.mode, "seed": terms.seed, "seconds": terms.seconds}
            | {"phase": Phase.WORKING.value, "event_count": 2, "answered": 0, "last_at": now}
            | {"seal": stamp, "deadline": now + terms.seconds * MICROSECONDS, "masuk_id": login}
        )
        self.of[Masuk].append(
            {"id": login, "sitting_id": terms.sitting, "at": now, "komputer": f"{n}"}
            | {"alamat": "127.0.0.1", "keadaan": "aktif"}
        )

    def store(self, session: Session) -> None:
        for table, rows in self.of.items():
            session.execute(insert(table), rows)
        session.flush()
