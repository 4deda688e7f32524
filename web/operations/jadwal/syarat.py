"""On which terms a sesi can be held: which test, in which modes, on which pools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.exam.record import ADAPTIVE, LINEAR
from cat.ketentuan.bentuk_tes import BentukTes
from cat.ketentuan.ruleset import RuleSet
from web.operations.kisi_kisi import versi
from web.operations.pools import SKD, find_rules, get_pool, get_rules, is_skd
from web.operations.sitting_terms import keep_rules
from web.tables import KisiKisi, PoolWithdrawal, PublishedPool, RuleSetRow, Sesi

Rules = RuleSet | BentukTes


@dataclass(frozen=True)
class PoolPilihan:
    """A published pool that new sesi may use. mode : the way of delivery that it is made for."""

    digest: str
    kode: str
    published_at: int
    mode: str


@dataclass(frozen=True)
class Ujian:
    """A test that can be scheduled.

    kunci : code of its rule set or form, which names it in forms and files. kode : as `Sesi.ujian`
    keeps it. pools : those whose mode the rules allow, the newest first, at least one.
    """

    kunci: str
    kode: str
    nama: str
    rules: Rules
    pools: tuple[PoolPilihan, ...]

    def get_pool(self, digest: str) -> PoolPilihan:
        """The pool with that digest; raises BadInput for one of another test."""
        for pool in self.pools:
            if pool.digest == digest:
                return pool
        raise BadInput(f"pool {digest[:12]} bukan pool {self.nama} yang dapat dipakai")


@dataclass(frozen=True)
class Syarat:
    """The terms of a sesi, checked. menit : longest working time that somebody may have."""

    ujian: str
    mode: str
    pool_digest: str
    rules: Rules
    rules_digest: str

    @property
    def menit(self) -> int:
        """Longest working time that somebody in it may have."""
        return longest_minutes(self.rules)


def ujian_yang_ada(session: Session, on: date) -> list[Ujian]:
    """Every test that has a usable pool: the SKD by each rule set in force, then the others."""
    pools = _usable_pools(session)
    plans = {kode: versi.newest(session, kode) for kode in {each.kode for each in pools}}
    skd = [each for each in pools if is_skd(get_pool(session, each.digest))]
    found = []
    codes = select(RuleSetRow.kode, RuleSetRow.tahun).where(RuleSetRow.status == "disetujui")
    newest_year = codes.distinct().order_by(RuleSetRow.tahun.desc(), RuleSetRow.kode)
    for kode, _ in session.execute(newest_year):
        rules = find_rules(session, kode, on)
        allowed = {each.kode for each in rules.moda}
        fitting = (each for each in skd if _is_made_for(plans[each.kode], kode))
        if own := tuple(each for each in fitting if each.mode in allowed):
            found.append(Ujian(kode, SKD, f"SKD menurut {kode}", rules, own))
    for kode in sorted({each.kode for each in pools if each not in skd}):
        plan = plans[kode]
        if plan is not None and "bentuk" in plan.content:
            form = BentukTes.from_mapping(plan.content["bentuk"])
            own = tuple(each for each in pools if each.kode == kode)
            found.append(Ujian(form.kode, form.kode, form.judul, form, own))
    return found


def _is_made_for(plan: KisiKisi | None, kode: str) -> bool:
    """Whether a pool was published for a rule set: its blueprint names it."""
    return plan is None or plan.content.get("ketentuan", kode) == kode


def get_ujian(session: Session, kunci: str, on: date) -> Ujian:
    """The test with that code; raises BadInput naming those there are."""
    found = {each.kunci: each for each in ujian_yang_ada(session, on)}
    if kunci not in found:
        raise BadInput(f"ujian {kunci!r} tidak ada; yang ada: {', '.join(found) or 'belum ada'}")
    return found[kunci]


def agree(
    session: Session,
    kunci: str,
    on: date,
    *,
    pool_digest: str | None = None,
    mode: str | None = None,
) -> Syarat:
    """Terms that go together.

    kunci : of the test. on : the day on which the rules must be in force. pool_digest, mode : where
    left out, the newest pool of the test, or of that mode.

    Raises BadInput for a pool of another test or mode, or a mode that the rules do not allow.
    """
    ujian = get_ujian(session, kunci, on)
    pools = [each for each in ujian.pools if mode in (None, each.mode)]
    if not pools:
        known = ", ".join(sorted({each.mode for each in ujian.pools}))
        raise BadInput(f"moda {mode!r}: {ujian.nama} dapat dijadwalkan dengan moda {known}")
    pool = ujian.get_pool(pool_digest) if pool_digest else pools[0]
    if pool not in pools:
        raise BadInput(f"pool {pool.kode} bukan untuk moda {mode}")
    digest = keep_rules(session, ujian.rules)
    return Syarat(ujian.kode, pool.mode, pool.digest, ujian.rules, digest)


def terms_of_sesi(session: Session, sesi: Sesi) -> Syarat:
    """The terms of a scheduled sesi; raises BadInput where each sitting was given its own."""
    if sesi.pool_digest is None or sesi.rules_digest is None:
        raise BadInput(f"{sesi.nama} tidak punya pool dan ketentuan sendiri; buat sesi baru")
    rules = get_rules(session, sesi.rules_digest)
    return Syarat(sesi.ujian, sesi.mode, sesi.pool_digest, rules, sesi.rules_digest)


def longest_minutes(rules: Rules) -> int:
    """The longest working time under these rules, minutes."""
    return rules.waktu.menit_netra if isinstance(rules, RuleSet) else rules.menit


def _usable_pools(session: Session) -> list[PoolPilihan]:
    rows = session.execute(
        select(PublishedPool.digest, PublishedPool.code, PublishedPool.published_at)
        .where(PublishedPool.digest.not_in(select(PoolWithdrawal.pool_digest)))
        .order_by(PublishedPool.published_at.desc(), PublishedPool.digest)
    )
    return [
        PoolPilihan(digest, code, at, LINEAR if get_pool(session, digest).is_linear else ADAPTIVE)
        for digest, code, at in rows
    ]
