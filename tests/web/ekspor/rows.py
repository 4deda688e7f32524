"""Invented rows for the tests of exports, in tables of their own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from web.tables import (
    AuditRow,
    Formasi,
    Instansi,
    Jabatan,
    PartResult,
    Person,
    Peserta,
    PublishedPool,
    RuleSetRow,
    Sesi,
    Sitting,
    TitikLokasi,
)

START = 1_795_000_000_123_456
PEOPLE = 50
NAMES = (
    "Contoh",
    "=HYPERLINK(1)",
    "'Aisyah Contoh",
    '"Kutip", ; Contoh',
    "dua\nbaris",
    " <b>&amp;",
)


def fill(session: Session) -> None:
    """Fifty people in two sesi; every tenth never came."""
    pool = {"manifest": b"", "tables": b"", "published_at": START, "published_by": "staf"}
    session.add(PublishedPool(digest="a" * 64, code="P", **pool))
    asked = {"status": "berlaku", "diusulkan_at": START, "diusulkan_oleh": "staf", "alasan": "uji"}
    session.add(RuleSetRow(digest="b" * 64, kode="cpns-2024", tahun=2024, content={}, **asked))
    instansi = Instansi(kode="9901", nama="Instansi Contoh", jenis="pusat", bidang="umum")
    jabatan = Jabatan(kode="J1", nama="Arsiparis")
    site = TitikLokasi(nama="Titik Contoh", zona="Asia/Jakarta")
    slots = [
        Sesi(nama=f"Sesi {n}", titik_lokasi=site, ruang="A", starts_at=START + n, is_closed=True)
        for n in (1, 2)
    ]
    formasi = [
        Formasi(
            kode=f"F99-0{n}",
            tahun=2023 + n,
            instansi=instansi,
            jabatan=jabatan,
            kualifikasi="S1",
            lokasi="Contoh",
            jenis_kebutuhan="umum",
            kebutuhan=2,
        )
        for n in (1, 2)
    ]
    session.add_all([*slots, *formasi])
    for n in range(PEOPLE):
        person = Person(
            nik=f"9900000000{n:06}",
            nama=f"{NAMES[n % len(NAMES)]} {n}",
            tanggal_lahir=date(1999, 1, 1 + n % 28),
            jenis_kelamin="P",
        )
        peserta = Peserta(
            nomor=f"0024{n:08}",
            person=person,
            formasi=formasi[n % 2] if n % 7 else None,
            netra=n % 2 == 0,
            jenjang="s1" if n % 3 else None,
            ipk=Decimal("3.40") + Decimal(n) / 100 if n % 3 else None,
        )
        session.add(_sitting(n, peserta, slots[n // 30]))
        session.add(AuditRow(at=START + n, by="staf", act="buka", subject=str(n), data={"n": n}))
    session.flush()


def _sitting(n: int, peserta: Peserta, sesi: Sesi) -> Sitting:
    came = n % 10 != 9
    parts = [
        PartResult(
            part=part,
            position=place,
            theta=0.1 * n - 1 / 3 + place,
            se=0.25 + 1e-9 * n,
            nilai=60 + n + place,
            nilai_se=2.5,
            maximum=150,
            answered=20,
            length=20,
            reason=1,
        )
        for place, part in enumerate(("twk", "tiu", "tkp"))
    ]
    return Sitting(
        id=f"00000000-0000-4000-8000-{n:012}",
        sesi=sesi,
        peserta=peserta,
        seat=n + 1,
        pin_hash="",
        pool_digest="a" * 64,
        rules_digest="b" * 64,
        mode="adaptif",
        seed=n,
        seconds=6000,
        phase="finished" if came else "waiting",
        event_count=0,
        answered=0,
        last_at=START,
        seal="",
        results=parts if came else [],
    )
