"""What the profile pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from cat.exam.state import Phase
from cat.kompetensi.bukti import LevelBelief
from cat.kompetensi.kamus import Kompetensi
from cat.kompetensi.norma import Norma
from cat.kompetensi.subskor_bagian import NilaiDomain
from web.db import db
from web.operations.data_kompetensi import (
    get_aturan_bukti,
    get_aturan_norma,
    get_kamus,
    get_literasi_digital,
)
from web.operations.kompetensi import (
    MENUNGGU,
    beliefs_from,
    digital_from,
    entered_rows,
    evidence_of,
    finished_sittings,
    standing,
)
from web.operations.norma import groups, read_group
from web.operations.profil import DomainProfile, PartProfile, level_history, part_profiles
from web.staff.profil.charts import (
    HistoryChart,
    IntervalChart,
    LevelStrip,
    Radar,
    domain_chart,
    history_chart,
    level_strip,
    radar,
)
from web.tables import (
    BuktiKompetensi,
    Formasi,
    KelompokNorma,
    Pegawai,
    Person,
    Peserta,
    Sesi,
    Sitting,
)

# Below this a domain's answers say less about differences between people than the prior does.
WEAK_RELIABILITY = 0.5
MOST_FOUND = 50
NINE = ("manajerial", "sosial_kultural")


@dataclass(frozen=True)
class DomainRow:
    """One domain with its strip of levels, where it has cut points."""

    domain: DomainProfile
    strip: LevelStrip | None


@dataclass(frozen=True)
class PartRow:
    """One part with its chart and domains. sources : where its cut points come from."""

    nama: str
    part: PartProfile
    chart: IntervalChart
    domains: tuple[DomainRow, ...]
    sources: tuple[str, ...]

    @property
    def has_levels(self) -> bool:
        """Whether any of its domains has cut points."""
        return any(each.strip for each in self.domains)


@dataclass(frozen=True)
class BeliefRow:
    """One competency of a person. number : of its axis in the radar."""

    number: int
    kompetensi: Kompetensi
    belief: LevelBelief
    strip: LevelStrip


@dataclass(frozen=True)
class History:
    """How the belief in one competency changed."""

    kompetensi: Kompetensi
    rows: Sequence[tuple[date, LevelBelief]]
    chart: HistoryChart


@dataclass(frozen=True)
class PersonPage:
    """Everything on the page of one person.

    kinds : code -> name of each kind of evidence. with_history : competencies to choose from.
    """

    person: Person
    sittings: Sequence[Sitting]
    nine: list[BeliefRow]
    chart: Radar
    pillars: list[BeliefRow]
    technical: list[BeliefRow]
    mastery: LevelBelief
    mastery_strip: LevelStrip
    mastery_source: str
    kinds: dict[str, str]
    with_history: list[Kompetensi]
    history: History | None


@dataclass(frozen=True)
class EvidenceRow:
    """One entry and where it stands."""

    row: BuktiKompetensi
    kompetensi: Kompetensi
    jenis: str
    keadaan: str


def part_rows(sitting: Sitting, names: dict[str, str], norma: Norma | None) -> list[PartRow]:
    """The parts of a finished sitting. names : part code -> name."""
    return [
        PartRow(
            nama=names[part.kode],
            part=part,
            chart=domain_chart(names[part.kode], part.share, part.domains),
            domains=tuple(
                DomainRow(each, level_strip(each.path, each.level.peluang) if each.level else None)
                for each in part.domains
            ),
            sources=_cut_sources(part),
        )
        for part in part_profiles(db.session(), sitting, norma)
    ]


def norm_groups() -> list[tuple[KelompokNorma, Norma]]:
    """Every norm group with its content, newest first."""
    return [(row, read_group(row)) for row in groups(db.session())]


def choose_group(wanted: int | None) -> tuple[KelompokNorma | None, Sequence[KelompokNorma]]:
    """The norm group that was asked for, or the newest; and all there are. 404 for no such one."""
    rows = groups(db.session())
    if wanted is None:
        return (rows[0] if rows else None), rows
    chosen = next((row for row in rows if row.id == wanted), None)
    if chosen is None:
        raise NotFound
    return chosen, rows


def people(words: str) -> Sequence[Person]:
    """People by name, NIP or nomor peserta; without words the serving employees."""
    chosen = select(Person).options(selectinload(Person.pegawai).joinedload(Pegawai.jabatan))
    if words:
        like = f"%{_escaped(words.lower())}%"
        chosen = chosen.where(
            or_(
                func.lower(Person.nama).like(like, escape="!"),
                Person.id.in_(select(Pegawai.person_id).where(Pegawai.nip == words)),
                Person.id.in_(select(Peserta.person_id).where(Peserta.nomor == words)),
            )
        )
    else:
        chosen = chosen.join(Person.pegawai)
    return db.session.scalars(chosen.order_by(Person.nama, Person.id).limit(MOST_FOUND)).all()


def person_page(person: Person, today: date, wanted: str | None) -> PersonPage:
    """The page of one person. wanted : competency whose history to show; 404 for an unknown one."""
    session = db.session()
    kamus, rules = get_kamus(session), get_aturan_bukti(session)
    if wanted is not None and wanted not in kamus:
        raise NotFound
    evidence = evidence_of(session, person.id)
    beliefs = beliefs_from(session, evidence, today)
    history = level_history(session, evidence, today)
    mastery = digital_from(session, beliefs)
    kode = wanted or max(history, key=lambda name: len(history[name]), default=None)
    nine = _belief_rows(kamus.of(*NINE), beliefs)
    return PersonPage(
        person=person,
        sittings=finished_sittings(session, person.id),
        nine=nine,
        chart=radar("Sembilan kompetensi", [(r.kompetensi.nama, r.belief) for r in nine]),
        pillars=_belief_rows(kamus.of("digital"), beliefs),
        technical=[
            row for row in _belief_rows(kamus.of("teknis"), beliefs) if row.belief.has_evidence
        ],
        mastery=mastery,
        mastery_strip=level_strip("Penguasaan teknologi informasi", mastery.peluang),
        mastery_source=get_literasi_digital(session).sumber,
        kinds={each.kode: each.nama for each in rules.jenis},
        with_history=[each for each in kamus.kompetensi if each.kode in history],
        history=_history(kamus.get(kode), history[kode]) if kode in history else None,
    )


def evidence_rows(person_id: int) -> list[EvidenceRow]:
    """Everything that was ever entered about a person."""
    return _as_rows(entered_rows(db.session(), person_id))


def waiting_rows() -> list[EvidenceRow]:
    """What waits for a second person, the oldest first."""
    rules = get_aturan_bukti(db.session())
    kinds = [each.kode for each in rules.jenis if each.orang_kedua]
    rows = db.session.scalars(
        select(BuktiKompetensi)
        .where(BuktiKompetensi.jenis.in_(kinds), ~BuktiKompetensi.keputusan.any())
        .options(selectinload(BuktiKompetensi.keputusan), joinedload(BuktiKompetensi.person))
        .order_by(BuktiKompetensi.noted_at, BuktiKompetensi.id)
    ).all()
    return [row for row in _as_rows(rows) if row.keadaan == MENUNGGU]


def judged_domains(norma: Norma) -> list[tuple[str, int, list[tuple[str, NilaiDomain]]]]:
    """Part by part: its code, the persons judged, and what each of its domains is worth."""
    margin = get_aturan_norma(db.session()).selisih_prmse_persen
    return [
        (part, each.orang, [(name, each.nilai(name, margin)) for name in each.domain])
        for part, each in norma.subskor.items()
    ]


def sesi_choices() -> list[tuple[int, str]]:
    """Sesi that somebody has finished, newest first."""
    rows = db.session.scalars(
        select(Sesi)
        .where(Sesi.sittings.any(Sitting.phase == Phase.FINISHED.value))
        .order_by(Sesi.starts_at.desc(), Sesi.id)
    )
    return [(row.id, f"{row.nama}, {row.titik_lokasi.nama}") for row in rows]


def kinds_of_need() -> Sequence[str]:
    """The kinds of need that there are formasi for."""
    return db.session.scalars(
        select(Formasi.jenis_kebutuhan).distinct().order_by(Formasi.jenis_kebutuhan)
    ).all()


def _cut_sources(part: PartProfile) -> tuple[str, ...]:
    bounds = [each.level.batas for each in part.domains if each.level]
    return tuple(dict.fromkeys(f"{b.sumber} (keyakinan {b.keyakinan})" for b in bounds))


def _belief_rows(
    competencies: Sequence[Kompetensi], beliefs: dict[str, LevelBelief]
) -> list[BeliefRow]:
    return [
        BeliefRow(n, each, beliefs[each.kode], level_strip(each.nama, beliefs[each.kode].peluang))
        for n, each in enumerate(competencies, start=1)
    ]


def _history(kompetensi: Kompetensi, rows: Sequence[tuple[date, LevelBelief]]) -> History:
    return History(kompetensi, rows, history_chart(kompetensi.nama, rows))


def _as_rows(rows: Sequence[BuktiKompetensi]) -> list[EvidenceRow]:
    kamus, rules = get_kamus(db.session()), get_aturan_bukti(db.session())
    return [
        EvidenceRow(
            row=row,
            kompetensi=kamus.get(row.kompetensi),
            jenis=rules.get_jenis(row.jenis).nama,
            keadaan=standing(row, rules),
        )
        for row in rows
    ]


def _escaped(words: str) -> str:
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
