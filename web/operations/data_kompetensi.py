"""The data that rule the competency profile: each file under its hash, the newest in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.ketentuan.canonical import digest_of
from cat.kompetensi.aturan_bukti import AturanBukti
from cat.kompetensi.batas_level import BatasSemua
from cat.kompetensi.gabungan import Gabungan
from cat.kompetensi.kaitan_tkp import KaitanTkp
from cat.kompetensi.kamus import Kamus
from cat.kompetensi.norma import AturanNorma
from web.tables import DataKompetensi


class Data(Protocol):
    """A checked data file. kode : which file it is."""

    @property
    def kode(self) -> str:
        """Its code, the key of READERS."""
        ...

    def to_mapping(self) -> dict[str, Any]:
        """Tables from which the reader makes an equal one."""
        ...


READERS: Mapping[str, Callable[[Mapping[str, Any]], Data]] = {
    "kamus-kompetensi": Kamus.from_mapping,
    "aturan-bukti": AturanBukti.from_mapping,
    "batas-level": BatasSemua.from_mapping,
    "tkp-ke-kompetensi": KaitanTkp.from_mapping,
    "literasi-digital": Gabungan.from_mapping,
    "aturan-norma": AturanNorma.from_mapping,
}
_read: dict[str, Any] = {}


def put_data(session: Session, data: Data, *, now: int) -> None:
    """Store a data file; the same content again changes nothing. Flushes."""
    content = data.to_mapping()
    digest = digest_of(content)
    if session.get(DataKompetensi, digest) is None:
        session.add(DataKompetensi(digest=digest, kode=data.kode, content=content, since=now))
        session.flush()


def get_kamus(session: Session) -> Kamus:
    """The competency dictionary in force; raises BadInput when none is loaded."""
    kamus: Kamus = _newest(session, "kamus-kompetensi")
    return kamus


def get_aturan_bukti(session: Session) -> AturanBukti:
    """The rules of combining evidence in force; raises BadInput when none are loaded."""
    rules: AturanBukti = _newest(session, "aturan-bukti")
    return rules


def get_batas_level(session: Session) -> BatasSemua:
    """The cut points in force; raises BadInput when none are loaded."""
    bounds: BatasSemua = _newest(session, "batas-level")
    return bounds


def get_kaitan_tkp(session: Session) -> KaitanTkp:
    """What TKP aspects hint at, as in force; raises BadInput when it is not loaded."""
    links: KaitanTkp = _newest(session, "tkp-ke-kompetensi")
    return links


def get_literasi_digital(session: Session) -> Gabungan:
    """What indicates mastery of IT, as in force; raises BadInput when it is not loaded."""
    mastery: Gabungan = _newest(session, "literasi-digital")
    return mastery


def get_aturan_norma(session: Session) -> AturanNorma:
    """When norm groups serve, as in force; raises BadInput when it is not loaded."""
    rules: AturanNorma = _newest(session, "aturan-norma")
    return rules


def _newest(session: Session, kode: str) -> Any:
    row = session.scalar(
        select(DataKompetensi)
        .where(DataKompetensi.kode == kode)
        .order_by(DataKompetensi.since.desc(), DataKompetensi.digest)
        .limit(1)
    )
    if row is None:
        raise BadInput(f"data {kode!r} are not loaded", kode=kode)
    if row.digest not in _read:
        _read[row.digest] = READERS[kode](row.content)
    return _read[row.digest]
