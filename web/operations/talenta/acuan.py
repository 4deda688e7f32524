"""The rules and reference data of talent management, the newest of each file in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.ketentuan.canonical import digest_of
from cat.kompetensi.ip_asn import AturanIpAsn
from cat.kompetensi.jpm import AturanJpm
from cat.kompetensi.kamus import Kamus
from cat.kompetensi.kinerja import AturanKinerja
from cat.kompetensi.pelatihan import AturanPelatihan
from cat.kompetensi.populasi import AturanPopulasi
from cat.kompetensi.standar import DaftarJenjang
from cat.kompetensi.talenta import KebijakanPotensial, PetaTalenta
from web.operations.data_kompetensi import get_kamus
from web.tables import DataKompetensi


@dataclass(frozen=True)
class Acuan:
    """Everything that an assessment is measured by. digest : SHA-256 over all of it."""

    kamus: Kamus
    jenjang: DaftarJenjang
    jpm: AturanJpm
    kinerja: AturanKinerja
    peta: PetaTalenta
    potensial: KebijakanPotensial
    ip_asn: AturanIpAsn
    pelatihan: AturanPelatihan
    populasi: AturanPopulasi
    digest: str


Content = Mapping[str, Any]
# Code of the file -> field of Acuan and its reader.
READERS: Mapping[str, tuple[str, Callable[[Content, Kamus], Any]]] = {
    "standar-jenjang": ("jenjang", lambda content, _: DaftarJenjang.from_mapping(content)),
    "aturan-jpm": ("jpm", lambda content, _: AturanJpm.from_mapping(content)),
    "kinerja-permenpanrb-6-2022": (
        "kinerja",
        lambda content, _: AturanKinerja.from_mapping(content),
    ),
    "sembilan-kotak": ("peta", lambda content, _: PetaTalenta.from_mapping(content)),
    "potensial-contoh": ("potensial", lambda content, _: KebijakanPotensial.from_mapping(content)),
    "ip-asn": ("ip_asn", lambda content, _: AturanIpAsn.from_mapping(content)),
    "pelatihan": ("pelatihan", AturanPelatihan.from_mapping),
    "dasar-ti": ("populasi", lambda content, _: AturanPopulasi.from_mapping(content)),
}


def put_acuan(session: Session, content: Content, *, now: int) -> None:
    """Check and store one file; the same content again changes nothing. Flushes.

    Raises BadRules for a file that is not well formed, BadInput for one of an unknown kind.
    """
    kode = str(content.get("kode"))
    if kode not in READERS:
        raise BadInput(f"data acuan {kode!r} tidak dikenal", kode=kode)
    READERS[kode][1](content, get_kamus(session))
    digest = digest_of(content)
    if session.get(DataKompetensi, digest) is None:
        session.add(DataKompetensi(digest=digest, kode=kode, content=dict(content), since=now))
        session.flush()


def get_acuan(session: Session) -> Acuan:
    """The reference data in force; raises BadInput when a file is not loaded."""
    newest = dict(
        session.execute(
            select(DataKompetensi.kode, DataKompetensi.digest)
            .where(DataKompetensi.kode.in_(READERS))
            .order_by(DataKompetensi.since, DataKompetensi.digest.desc())
        ).all()
    )
    if missing := [kode for kode in READERS if kode not in newest]:
        raise BadInput(f"data acuan belum dimuat: {', '.join(missing)}", kode=missing)
    kamus = get_kamus(session)
    key = tuple(newest[kode] for kode in READERS)
    if (found := _read.get((kamus.digest, *key))) is None:
        rows = session.scalars(select(DataKompetensi).where(DataKompetensi.digest.in_(key)))
        found = _assemble({row.kode: row.content for row in rows}, kamus)
        _read.clear()  # one set is in force at a time
        _read[(kamus.digest, *key)] = found
    return found


_read: dict[tuple[str, ...], Acuan] = {}


def _assemble(contents: Mapping[str, Content], kamus: Kamus) -> Acuan:
    fields = {name: read(contents[kode], kamus) for kode, (name, read) in READERS.items()}
    return Acuan(kamus=kamus, digest=digest_of({**contents, "kamus": kamus.digest}), **fields)
