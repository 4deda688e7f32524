"""Everything about one request that a page shows, and what a decision made now would meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import RuleForbids
from cat.ketentuan.fleksibel.isi import Limits, Terms, WeekReport
from cat.ketentuan.fleksibel.jatah import ShareRow
from cat.ketentuan.fleksibel.keadaan import State
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.langkah import Move, Role, Standing
from cat.ketentuan.fleksibel.pemeriksaan import Assessment, Finding
from cat.ketentuan.fleksibel.penilaian import Outcome
from cat.ketentuan.fleksibel.putusan import (
    limits_of,
    outcome_hindrances,
    share_hindrances,
    terms_hindrances,
)
from web.operations.fleksibel.jatah import share_of
from web.operations.fleksibel.kebijakan import pinned
from web.operations.fleksibel.rekaman import Check, check, state_of, wish_of
from web.tables import PenilaianFleksibel, Permohonan


@dataclass(frozen=True)
class WeekRow:
    """One week's report against the hours due. role : who reported; minutes throughout."""

    role: Role
    report: WeekReport
    due: int

    @property
    def is_short(self) -> bool:
        """Whether fewer hours were worked than were due."""
        return self.report.menit < self.due


@dataclass(frozen=True)
class Berkas:
    """The file of one request on one day.

    checks : the assessments made so far, oldest first. policy : of the last of them.
    """

    permohonan: Permohonan
    state: State
    today: date
    checks: Sequence[PenilaianFleksibel]
    policy: Policy

    @property
    def standing(self) -> Standing:
        """Where it stands today."""
        return self.state.standing_on(self.today)

    @property
    def is_active(self) -> bool:
        """Whether the employee works flexibly today."""
        return self.state.is_active(self.today)

    @cached_property
    def moves(self) -> frozenset[Move]:
        """Steps that may be taken from here, by whoever may."""
        return frozenset(self.state.moves(self.today))

    @cached_property
    def may_object(self) -> bool:
        """Whether the employee may still object to the last decision."""
        until = self.state.objection_until()
        return until is not None and self.today <= until

    @cached_property
    def assessment(self) -> Assessment:
        """The last one, as it was stored."""
        return Assessment.from_mapping(self.checks[-1].hasil)

    @cached_property
    def weeks(self) -> list[WeekRow]:
        """Weekly reports, newest first."""
        hours = self.policy.jam_kerja
        rows = [
            WeekRow(role, each, hours.due(ramadan=each.ramadan, leave=each.cuti))
            for role, each in self.state.reports
        ]
        return sorted(rows, key=lambda row: row.report.minggu, reverse=True)


@dataclass(frozen=True)
class Outlook:
    """What a decision made now would meet.

    open_tests : findings for which evidence has to be recorded first.
    hindrances : Indonesian sentences that forbid an approval of what was asked for.
    """

    check: Check
    limits: Limits
    terms: Terms
    share: tuple[ShareRow, ...]
    open_tests: tuple[Finding, ...]
    hindrances: tuple[str, ...]


def berkas_of(session: Session, permohonan: Permohonan, today: date) -> Berkas:
    """The file of a request."""
    checks = session.scalars(
        select(PenilaianFleksibel)
        .where(PenilaianFleksibel.permohonan_id == permohonan.id)
        .order_by(PenilaianFleksibel.seq)
    ).all()
    policy = pinned(session, checks[-1].policy_digest)
    return Berkas(permohonan, state_of(permohonan), today, checks, policy)


def outlook(session: Session, berkas: Berkas) -> Outlook:
    """Look at everything as an approval made now would, without deciding anything."""
    permohonan, state, today = berkas.permohonan, berkas.state, berkas.today
    wish = wish_of(state)
    found = check(session, permohonan.pegawai, wish, today)
    limits = limits_of(found.policy, wish.bentuk)
    terms = Terms(max(wish.dari, today), max(wish.sampai, wish.dari, today), wish.hari)
    problems: list[str] = []
    try:
        share = share_of(session, permohonan, found.policy, terms)
    except RuleForbids as problem:
        share, problems = (), [str(problem)]
    return Outlook(
        check=found,
        limits=limits,
        terms=terms,
        share=share,
        open_tests=tuple(
            each for each in found.assessment.findings if each.outcome is Outcome.PERLU_BUKTI
        ),
        hindrances=(
            *outcome_hindrances(found.assessment.outcomes, state.evidence),
            *terms_hindrances(terms, limits, today),
            *share_hindrances(share),
            *problems,
        ),
    )


def by_group(assessment: Assessment) -> list[tuple[str, list[Finding]]]:
    """Findings group by group, in the order of the policy."""
    return [
        (group, list(findings))
        for group, findings in groupby(assessment.findings, key=lambda each: each.kelompok)
    ]
