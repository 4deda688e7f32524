"""What the platform believes of a person's competencies, from everything that is on file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from cat.exam.outcome import part_profile
from cat.exam.state import Phase
from cat.kompetensi.aturan_bukti import AturanBukti
from cat.kompetensi.bukti import Bukti, LevelBelief, combine, stated_level
from cat.scoring import eap
from cat.scoring.eap import Quadrature
from web.clock import WIB, as_datetime
from web.operations.data_kompetensi import (
    get_aturan_bukti,
    get_batas_level,
    get_kaitan_tkp,
    get_kamus,
    get_literasi_digital,
)
from web.operations.records import state_of
from web.operations.terhitung import counts
from web.tables import BuktiKompetensi, Peserta, Sesi, Sitting

SETUJU, TOLAK, TARIK = "setuju", "tolak", "tarik"
BERLAKU, MENUNGGU, DITOLAK, DITARIK = "berlaku", "menunggu", "ditolak", "ditarik"


def beliefs(session: Session, person_id: int, today: date) -> dict[str, LevelBelief]:
    """What is believed of one person today: every competency of the dictionary -> belief.

    A competency without evidence is there too, with `level` None and `has_evidence` false.
    """
    return beliefs_from(session, evidence_of(session, person_id), today)


def digital_belief(session: Session, person_id: int, today: date) -> LevelBelief | None:
    """Mastery of information technology today; None where no evidence is in force."""
    belief = digital_from(session, beliefs(session, person_id, today))
    return belief if belief.has_evidence else None


def beliefs_from(
    session: Session, evidence: Iterable[Bukti], today: date
) -> dict[str, LevelBelief]:
    """The beliefs that given evidence of one person supports, in the order of the dictionary."""
    rules = get_aturan_bukti(session)
    found: dict[str, list[Bukti]] = defaultdict(list)
    for each in evidence:
        found[each.kompetensi].append(each)
    codes = [each.kode for each in get_kamus(session).kompetensi]
    return {kode: combine(found[kode], today, rules) for kode in codes}


def digital_from(session: Session, found: Mapping[str, LevelBelief]) -> LevelBelief:
    """Mastery of information technology that beliefs in its elements support."""
    return get_literasi_digital(session).belief(found, get_aturan_bukti(session))


def evidence_of(session: Session, person_id: int) -> list[Bukti]:
    """All evidence of one person that may count: entered and from sittings, expired included."""
    rules = get_aturan_bukti(session)
    entered = [
        as_evidence(row, rules)
        for row in entered_rows(session, person_id)
        if standing(row, rules) == BERLAKU
    ]
    return [*entered, *_hints(session, finished_sittings(session, person_id))]


def entered_rows(session: Session, person_id: int) -> Sequence[BuktiKompetensi]:
    """Everything that was ever entered about a person, newest evidence first."""
    return session.scalars(
        select(BuktiKompetensi)
        .where(BuktiKompetensi.person_id == person_id)
        .options(selectinload(BuktiKompetensi.keputusan))
        .order_by(BuktiKompetensi.tanggal.desc(), BuktiKompetensi.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def standing(row: BuktiKompetensi, rules: AturanBukti) -> str:
    """Whether an entry counts: berlaku, menunggu (for a second person), ditolak or ditarik."""
    decided = {each.jenis for each in row.keputusan}
    if TARIK in decided:
        return DITARIK
    if TOLAK in decided:
        return DITOLAK
    if rules.get_jenis(row.jenis).orang_kedua and SETUJU not in decided:
        return MENUNGGU
    return BERLAKU


def as_evidence(row: BuktiKompetensi, rules: AturanBukti) -> Bukti:
    """An entry as evidence, weighed by the rules in force."""
    jenis = rules.get_jenis(row.jenis)
    return Bukti(
        kompetensi=row.kompetensi,
        peluang=stated_level(jenis, row.level),
        tanggal=row.tanggal,
        berlaku_sampai=row.berlaku_sampai,
        bobot=jenis.bobot_persen / 100,
        jenis=row.jenis,
        asal=row.asal,
    )


def finished_sittings(session: Session, person_id: int) -> Sequence[Sitting]:
    """A person's finished sittings of the SKD, newest first."""
    return session.scalars(
        select(Sitting)
        .join(Sitting.peserta)
        .join(Sitting.sesi)
        .where(Peserta.person_id == person_id, Sitting.phase == Phase.FINISHED.value, counts())
        .options(joinedload(Sitting.sesi), selectinload(Sitting.results))
        .order_by(Sesi.starts_at.desc(), Sitting.id)
    ).all()


def day_of(sitting: Sitting) -> date:
    """The day of a sitting in Jakarta."""
    return as_datetime(sitting.sesi.starts_at).astimezone(WIB).date()


def prior_of(quadrature: Quadrature) -> tuple[float, float]:
    """Mean and standard deviation of the prior of a quadrature, logits."""
    mean, sd = eap.estimate(eap.start(quadrature, 1), quadrature)
    return float(mean[0]), float(sd[0])


def _hints(session: Session, sittings: Iterable[Sitting]) -> Iterator[Bukti]:
    """What the TKP answers of finished sittings hint at."""
    links, bounds = get_kaitan_tkp(session), get_batas_level(session)
    for sitting in sittings:
        state = state_of(session, sitting)
        for part in state.pool.parts:
            if part.part == links.bagian:
                yield from links.evidence(
                    part_profile(state, part.part),
                    bounds,
                    prior=prior_of(part.tables.quadrature),
                    tanggal=day_of(sitting),
                    asal=f"{part.part.upper()}, {sitting.sesi.nama}",
                )
