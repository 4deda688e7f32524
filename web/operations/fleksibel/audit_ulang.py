"""Making every decision again from what was stored, and comparing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cat.errors import CatError
from cat.ketentuan.fleksibel.fakta import Subject
from cat.ketentuan.fleksibel.pemeriksaan import assess
from web.operations.fleksibel.kebijakan import pinned
from web.operations.fleksibel.rekaman import state_of
from web.tables import PenilaianFleksibel, Permohonan


def findings(session: Session) -> Iterator[str]:
    """One Indonesian sentence for each request or assessment that does not come out as stored."""
    query = select(Permohonan).options(selectinload(Permohonan.langkah)).order_by(Permohonan.id)
    for permohonan in session.scalars(query):
        yield from _of_request(permohonan)
    for row in session.scalars(select(PenilaianFleksibel).order_by(PenilaianFleksibel.id)):
        yield from _of_assessment(session, row)


def _of_request(permohonan: Permohonan) -> Iterator[str]:
    where = f"permohonan {permohonan.id}"
    try:
        state = state_of(permohonan)
    except (CatError, KeyError, TypeError, ValueError) as problem:
        yield f"{where}: langkah tidak dapat diputar ulang: {problem}"
        return
    if (state.standing, state.steps) != (permohonan.keadaan, permohonan.jumlah_langkah):
        yield f"{where}: tertulis {permohonan.keadaan}, langkahnya menghasilkan {state.standing}"


def _of_assessment(session: Session, row: PenilaianFleksibel) -> Iterator[str]:
    where = f"penilaian {row.id} (permohonan {row.permohonan_id}, langkah {row.seq})"
    try:
        policy = pinned(session, row.policy_digest)
        subject = Subject.from_mapping(row.fakta)
        again = assess(policy, subject, row.hari, row.hasil["bentuk"])
    except (CatError, KeyError, TypeError, ValueError) as problem:
        yield f"{where}: tidak dapat diulang: {problem}"
        return
    if policy.digest != row.policy_digest:
        yield f"{where}: isi kebijakan tidak cocok dengan digest {row.policy_digest[:12]}"
    if again.to_mapping() != row.hasil or again.conclusion != row.kesimpulan:
        yield f"{where}: hasil tersimpan berbeda dari hasil yang dihitung ulang"
