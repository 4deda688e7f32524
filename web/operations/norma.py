"""Norm groups: made by a member of staff from finished sittings, once, and never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cat.errors import AlreadyDecided, BadInput, DidNotConverge, NormGroupTooSmall
from cat.exam.outcome import part_profile
from cat.exam.state import Phase, State
from cat.kompetensi.norma import AturanNorma, Distribution, Norma
from cat.kompetensi.subskor import Measures, measures
from cat.kompetensi.subskor_bagian import SubskorBagian
from cat.scoring.profile import DomainScore
from web.operations import audit
from web.operations.data_kompetensi import get_aturan_norma
from web.operations.kompetensi import prior_of
from web.operations.records import state_of
from web.operations.terhitung import counts
from web.tables import DataKompetensi, Formasi, KelompokNorma, Peserta, Sesi, Sitting

# Domains are judged at this step of the kisi-kisi: deeper ones hold two or three items each.
DEPTH = 1
LONGEST_NAMA, LONGEST_SIAPA = 160, 300


@dataclass(frozen=True)
class PilihanNorma:
    """Whose finished sittings make a group.

    nama : of the group. siapa : who they are, in words of the staff.
    sesi : ids of the sesi. jenis_kebutuhan : only those who applied for this kind; "" for all.
    """

    nama: str
    siapa: str
    sesi: tuple[int, ...]
    jenis_kebutuhan: str = ""


def make_group(
    session: Session, pilihan: PilihanNorma, *, by: str, now: int, today: date
) -> KelompokNorma:
    """Count a norm group and store it.

    The same choice under the same name again gives the group that is there, as it was counted.

    Raises NormGroupTooSmall; AlreadyDecided for a name that is taken by another choice; BadInput.
    Flushes.
    """
    nama, siapa = pilihan.nama.strip(), _who(session, pilihan)
    # One group at a time: counting takes seconds, in which people click twice.
    session.execute(select(DataKompetensi.digest).with_for_update())
    if (taken := _taken(session, nama, siapa)) is not None:
        return taken
    rules, sittings = get_aturan_norma(session), _members(session, pilihan)
    if len(sittings) < rules.minimum_orang:
        raise NormGroupTooSmall(
            f"a norm group must have {rules.minimum_orang} persons; this one has {len(sittings)}",
            persons=len(sittings),
            minimum=rules.minimum_orang,
        )
    norma = _count(session, nama, siapa, sittings, rules, today)
    row = KelompokNorma(
        nama=nama,
        persons=norma.orang,
        content=norma.to_mapping(),
        digest=norma.digest,
        made_at=now,
        made_by=by,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        at=now,
        by=by,
        act="buat kelompok norma",
        subject=nama,
        orang=norma.orang,
        digest=norma.digest,
    )
    return row


def read_group(row: KelompokNorma) -> Norma:
    """A stored group; raises BadInput when its content no longer matches its hash."""
    norma = Norma.from_mapping(row.content)
    if norma.digest != row.digest or norma.nama != row.nama:
        raise BadInput(f"norm group {row.id} does not match its hash", group=row.id)
    return norma


def groups(session: Session) -> Sequence[KelompokNorma]:
    """Every norm group, newest first."""
    return session.scalars(
        select(KelompokNorma).order_by(KelompokNorma.made_at.desc(), KelompokNorma.id.desc())
    ).all()


def _taken(session: Session, nama: str, siapa: str) -> KelompokNorma | None:
    """The group of this name, if it is of the same choice; raises AlreadyDecided if it is not."""
    row = session.scalar(select(KelompokNorma).where(KelompokNorma.nama == nama))
    if row is not None and row.content["siapa"] != siapa:
        raise AlreadyDecided(f"kelompok norma {nama!r} sudah ada", nama=nama)
    return row


def _who(session: Session, pilihan: PilihanNorma) -> str:
    """Who the group is, in words that hold the whole choice; raises BadInput."""
    if not pilihan.nama.strip() or len(pilihan.nama.strip()) > LONGEST_NAMA:
        raise BadInput(f"nama: wajib diisi, paling banyak {LONGEST_NAMA} huruf")
    if not pilihan.siapa.strip() or len(pilihan.siapa.strip()) > LONGEST_SIAPA:
        raise BadInput(f"siapa: wajib diisi, paling banyak {LONGEST_SIAPA} huruf")
    chosen = select(Sesi).where(Sesi.id.in_(pilihan.sesi)).order_by(Sesi.starts_at, Sesi.id)
    sesi = session.scalars(chosen).all()
    if not sesi or len(sesi) < len(set(pilihan.sesi)):
        raise BadInput(f"sesi: harus sesi yang ada; terbaca {pilihan.sesi}")
    named = ", ".join(f"{each.nama} ({each.titik_lokasi.nama})" for each in sesi)
    kinds = pilihan.jenis_kebutuhan.replace("_", " ") or "semua, termasuk tanpa formasi"
    return f"{pilihan.siapa.strip()} Sesi: {named}. Jenis kebutuhan: {kinds}."


def _members(session: Session, pilihan: PilihanNorma) -> list[Sitting]:
    """The last finished sitting of everybody who belongs to the group, in the order of their id."""
    chosen = (
        select(Sitting)
        .join(Sitting.peserta)
        .join(Sitting.sesi)
        .where(Sitting.phase == Phase.FINISHED.value, counts(), Sitting.sesi_id.in_(pilihan.sesi))
        .options(selectinload(Sitting.results), selectinload(Sitting.peserta))
        .order_by(Sesi.starts_at, Sitting.id)
    )
    if pilihan.jenis_kebutuhan:
        chosen = chosen.join(Formasi, Peserta.formasi_id == Formasi.id)
        chosen = chosen.where(Formasi.jenis_kebutuhan == pilihan.jenis_kebutuhan)
    last = {sitting.peserta.person_id: sitting for sitting in session.scalars(chosen)}
    return sorted(last.values(), key=lambda sitting: sitting.id)


def _count(
    session: Session,
    nama: str,
    siapa: str,
    sittings: Sequence[Sitting],
    rules: AturanNorma,
    today: date,
) -> Norma:
    thetas: dict[str, list[float]] = {}
    for sitting in sittings:
        for result in sitting.results:
            if result.answered:
                thetas.setdefault(result.part, []).append(result.theta)
    # Ids are random, so that every n-th of them is a fair sample and the same one every time.
    step = -(-len(sittings) // rules.paling_banyak_domain)
    read = [_domains(state_of(session, sitting)) for sitting in sittings[::step]]
    for part in thetas.copy():
        for domain in _names(read, part):
            scored = [each[part].scores[domain] for each in read if domain in each[part].scores]
            thetas[f"{part}.{domain}"] = [score.theta for score in scored if score.items]
    return Norma(
        nama=nama,
        siapa=siapa,
        dihitung=today,
        orang=len(sittings),
        pool=tuple(sorted({sitting.pool_digest for sitting in sittings})),
        sebaran={name: Distribution.of(values) for name, values in thetas.items()},
        subskor=_judge(read, [part for part in thetas if "." not in part], rules),
    )


def _judge(
    read: Sequence[Mapping[str, PartDomains]], parts: Sequence[str], rules: AturanNorma
) -> dict[str, SubskorBagian]:
    """The verdict on the domains of each part; parts that cannot be judged are left out."""
    judged = {}
    for part in parts if len(read) >= rules.minimum_orang_subskor else ():
        # A group whose domains the fit cannot tell apart still serves for percentiles.
        with suppress(DidNotConverge):
            judged[part] = SubskorBagian.judge(_names(read, part), _stacked(read, part))
    return judged


@dataclass(frozen=True)
class PartDomains:
    """The domain scores of one person in one part, with the prior behind them (mean, sd)."""

    scores: Mapping[str, DomainScore]
    prior: tuple[float, float]

    def measures(self, names: Sequence[str]) -> Measures:
        """What the answers say of these domains, (1, D); of unknown ones nothing."""
        mean, sd = self.prior
        theta = [self.scores[name].theta if name in self.scores else mean for name in names]
        se = [self.scores[name].se if name in self.scores else sd for name in names]
        return measures([theta], [se], mean, sd)


def _domains(state: State) -> dict[str, PartDomains]:
    return {
        part.part: PartDomains(
            part_profile(state, part.part, DEPTH), prior_of(part.tables.quadrature)
        )
        for part in state.pool.parts
    }


def _names(read: Sequence[Mapping[str, PartDomains]], part: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in read if part in each for name in each[part].scores))


def _stacked(read: Sequence[Mapping[str, PartDomains]], part: str) -> Measures:
    names = _names(read, part)
    given = [each[part].measures(names) for each in read if part in each]
    return Measures(
        np.concatenate([each.information for each in given]),
        np.concatenate([each.pull for each in given]),
    )
