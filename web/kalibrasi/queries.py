"""What the pages of calibrations show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cat.errors import BadInput
from web.db import db
from web.formatting import angka
from web.operations import jobs
from web.operations.jobs import Status
from web.operations.kalibrasi.jalankan import ESTIMATED, HELD, LEFT_OUT
from web.operations.kalibrasi.usulan import needs_reason, obstacles, proposals
from web.tables import (
    CalibrationDecision,
    CalibrationProposal,
    CalibrationRun,
    Item,
    Job,
    Sesi,
)

_KEPT = "\N{NO-BREAK SPACE}"
SHOWN = 100
PAGE = 100
FILTERS = {
    "ditaksir": "ditaksir",
    "menunggu": "menunggu putusan",
    "bercatatan": "bercatatan",
    "bersih": "tanpa catatan",
    "jangkar": "jangkar",
    "semua": "semua",
}
SORTS = {
    "butir": "butir",
    "a": "daya beda, terkecil dahulu",
    "b": "kesukaran, termudah dahulu",
    "jawaban": "jawaban, tersedikit dahulu",
    "geser": "perubahan terbesar dahulu",
}


@dataclass(frozen=True)
class RunRow:
    """One run as a line of the list, with its job."""

    run: CalibrationRun
    job: Job
    waiting: int

    @property
    def title(self) -> str:
        """For the macros of jobs."""
        return self.run.name

    @property
    def share(self) -> int | None:
        """Per cent done; None while nobody knows."""
        return 100 * self.job.done // self.job.total if self.job.total else None

    @property
    def is_open(self) -> bool:
        """Whether it can still be cancelled."""
        return self.job.status in jobs.OPEN_STATUSES

    @property
    def can_retry(self) -> bool:
        """Whether it can be put back in the queue."""
        return self.job.status in (Status.FAILED, Status.CANCELLED)


@dataclass(frozen=True)
class ProposalRow:
    """One proposal as a line of the table. shift : how far b moved, logits; None where unknown."""

    proposal: CalibrationProposal
    doubts: tuple[str, ...]
    obstacles: tuple[str, ...]

    @property
    def shift(self) -> float | None:
        """Mean difficulty less the former one."""
        former, b = self.proposal.former, self.proposal.estimate["b"]
        if self.proposal.role != ESTIMATED or not former or None in b or not b:
            return None
        return sum(b) / len(b) - sum(former["b"]) / len(former["b"])

    @property
    def level(self) -> str:
        """The verdict's level, or nothing for an anchor."""
        return str(self.proposal.report.get("tingkat", ""))


@dataclass(frozen=True)
class Listing:
    """One page of a run's proposals. total : of the filter; counts : of every filter."""

    rows: Sequence[ProposalRow]
    total: int
    page: int
    counts: dict[str, int]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def runs() -> list[RunRow]:
    """The newest runs."""
    rows = db.session.execute(
        select(CalibrationRun, Job)
        .join(Job, Job.id == CalibrationRun.id)
        .order_by(CalibrationRun.asked_at.desc(), CalibrationRun.id)
        .limit(SHOWN)
    ).all()
    waiting = _waiting([run.id for run, _ in rows])
    return [RunRow(run, job, waiting.get(run.id, 0)) for run, job in rows]


def get_run(run_id: str) -> RunRow:
    """One run; raises 404."""
    run = db.get_or_404(CalibrationRun, run_id)
    return RunRow(run, db.get_or_404(Job, run_id), _waiting([run_id]).get(run_id, 0))


def _waiting(ids: Sequence[str]) -> dict[str, int]:
    """How many estimates nobody has decided on, by run."""
    rows = db.session.execute(
        select(CalibrationProposal.run_id, func.count())
        .outerjoin(CalibrationDecision, CalibrationDecision.proposal_id == CalibrationProposal.id)
        .where(
            CalibrationProposal.run_id.in_(ids),
            CalibrationProposal.role == ESTIMATED,
            CalibrationDecision.proposal_id.is_(None),
        )
        .group_by(CalibrationProposal.run_id)
    )
    return dict(rows.all())


def listing(run_id: str, wanted: str, order: str, page: int) -> Listing:
    """The proposals of a run, filtered and sorted."""
    rows = proposal_rows(run_id)
    counts = {name: sum(keep(row) for row in rows) for name, keep in _KEEP.items()}
    kept = sorted((row for row in rows if _KEEP[wanted](row)), key=_ORDER[order])
    start = (max(1, page) - 1) * PAGE
    return Listing(kept[start : start + PAGE], len(kept), max(1, page), counts)


def proposal_rows(run_id: str) -> list[ProposalRow]:
    """All proposals of a run with what stands in their way."""
    return [proposal_row(one) for one in proposals(db.session(), run_id)]


def proposal_row(proposal: CalibrationProposal) -> ProposalRow:
    """One proposal with what stands in its way."""
    doubts = needs_reason(proposal) if proposal.role == ESTIMATED else []
    return ProposalRow(proposal, tuple(doubts), tuple(obstacles(proposal)))


def get_proposal(proposal_id: int) -> ProposalRow:
    """One proposal; raises 404."""
    found = db.get_or_404(CalibrationProposal, proposal_id)
    return proposal_row(found)


def history(proposal: CalibrationProposal) -> Sequence[CalibrationProposal]:
    """Other proposals for the same version, newest first."""
    if proposal.version_id is None:
        return []
    return db.session.scalars(
        select(CalibrationProposal)
        .where(
            CalibrationProposal.version_id == proposal.version_id,
            CalibrationProposal.id != proposal.id,
        )
        .options(joinedload(CalibrationProposal.run), joinedload(CalibrationProposal.decision))
        .order_by(CalibrationProposal.id.desc())
        .limit(20)
    ).all()


def parts() -> list[str]:
    """Test parts that the bank has items of."""
    domains = db.session.scalars(select(Item.domain).distinct())
    return sorted({domain.partition(".")[0] for domain in domains})


def sesi() -> list[tuple[int, str]]:
    """All sesi, newest first, with their places."""
    rows = db.session.scalars(
        select(Sesi).options(joinedload(Sesi.titik_lokasi)).order_by(Sesi.starts_at.desc(), Sesi.id)
    )
    return [(each.id, f"{each.nama}, {each.titik_lokasi.nama}") for each in rows]


def chosen_ids(values: Sequence[str]) -> list[int]:
    """Numbers of proposals that a form sent. Raises BadInput for anything else."""
    try:
        found = sorted({int(value) for value in values})
    except ValueError as error:
        raise BadInput("nomor usulan harus bilangan bulat", rule="id") from error
    if any(not 0 < each < 2**31 for each in found):
        raise BadInput("nomor usulan di luar jangkauan", rule="id")
    return found


def parameters(row: dict[str, Any]) -> str:
    """a, b and c of an estimate or of former parameters, in one line."""
    if not row["b"] or row["a"] is None:
        return "–"
    b = "; ".join("–" if each is None else angka(each) for each in row["b"])
    words = [f"a{_KEPT}{angka(row['a'])}", f"b{_KEPT}{b}"]
    return " · ".join(words + ([f"c{_KEPT}{angka(row['c'])}"] if row["c"] else []))


_KEEP: dict[str, Callable[[ProposalRow], bool]] = {
    "ditaksir": lambda row: row.proposal.role != HELD,
    "menunggu": lambda row: row.proposal.role == ESTIMATED and row.proposal.decision is None,
    "bercatatan": lambda row: row.proposal.role == LEFT_OUT or bool(row.doubts),
    "bersih": lambda row: row.proposal.role == ESTIMATED and not row.doubts,
    "jangkar": lambda row: row.proposal.role == HELD,
    "semua": lambda row: True,
}


def _mean(row: ProposalRow) -> float:
    b = [each for each in row.proposal.estimate["b"] if each is not None]
    return sum(b) / len(b) if b else float("inf")


_ORDER: dict[str, Callable[[ProposalRow], Any]] = {
    "butir": lambda row: row.proposal.id,
    "a": lambda row: row.proposal.estimate["a"] if row.proposal.estimate["a"] is not None else 1e9,
    "b": _mean,
    "jawaban": lambda row: row.proposal.estimate["answers"],
    "geser": lambda row: -abs(row.shift or 0.0),
}
