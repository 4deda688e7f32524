"""What analysts decide about proposals: an acceptance gives a version its parameters, for good.

Nothing is accepted twice, nor on top of parameters that came after the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from cat.calibration.spec import ItemModel
from cat.errors import BadItem
from cat.itembank.content import is_keyed
from cat.itembank.lifecycle import Status
from cat.itembank.tables import Calibration, Item, ItemVersion
from web.clock import WIB, as_datetime
from web.operations import audit
from web.operations.kalibrasi import kata
from web.operations.kalibrasi.jalankan import ESTIMATED
from web.operations.kalibrasi.rancangan import Scale
from web.operations.penulisan import alur
from web.tables import CalibrationDecision, CalibrationProposal, CalibrationRun

DECIDED = "sudah diputuskan"
SHORTEST_REASON, LONGEST_REASON = 5, 500
# Response models as pools score them.
_OF_KEYED = {"rasch", "1pl", "2pl", "3pl"}
_OF_POINTS = {"pcm", "gpcm"}


class ProposalRefused(BadItem):
    """A decision that may not be made; `reasons` says why, in the analyst's language."""

    def __init__(self, item: str, reasons: list[str]) -> None:
        super().__init__(f"{item}: {'; '.join(reasons)}", item=item, reasons=reasons)


@dataclass(frozen=True)
class Decision:
    """What was decided of one proposal. refused : why nothing was; activated : whether the item
    went into use, else not_activated says why not."""

    item: str
    refused: tuple[str, ...] = ()
    activated: bool = False
    not_activated: tuple[str, ...] = ()


def proposals(session: Session, run_id: str) -> Sequence[CalibrationProposal]:
    """All proposals of a run, in the order of its items, with what belongs to them."""
    return session.scalars(
        select(CalibrationProposal)
        .where(CalibrationProposal.run_id == run_id)
        .order_by(CalibrationProposal.id)
        .options(
            joinedload(CalibrationProposal.decision),
            joinedload(CalibrationProposal.run),
            joinedload(CalibrationProposal.version).joinedload(ItemVersion.item),
            joinedload(CalibrationProposal.version).selectinload(ItemVersion.calibrations),
        )
        .execution_options(populate_existing=True)
    ).all()


def obstacles(proposal: CalibrationProposal) -> list[str]:
    """Why a proposal cannot be accepted, in Indonesian; empty where it can."""
    if proposal.decision is not None:
        return [DECIDED]
    if proposal.role != ESTIMATED:
        return [f"parameternya {proposal.role}"]
    version, found = proposal.version, proposal.estimate
    if version is None:
        return ["tidak ada di bank soal dengan nama ini"]
    reasons = []
    if proposal.former and version.calibrations[-1].id != proposal.former["calibration_id"]:
        reasons.append("parameter di bank sudah berubah sejak kalibrasi ini")
    keyed = is_keyed(version.content["domain"].partition(".")[0])
    if found["model"] not in (_OF_KEYED if keyed else _OF_POINTS):
        name = kata.MODELS[ItemModel(found["model"])]
        reasons.append(f"model {name} tidak dipakai bank untuk butir ini")
    if len(found["b"]) != len(version.calibrations[-1].b):
        reasons.append("ada kategori yang tidak ditaksir")
    if not (found["a"] and found["a"] > 0):
        reasons.append("daya beda harus lebih dari 0")
    if None in (*found["b"], found["a"], found["c"]):
        reasons.append("parameternya tidak berhingga")
    return reasons


def needs_reason(proposal: CalibrationProposal) -> list[str]:
    """What must be answered with a reason before it is accepted."""
    found = [doubt["text"] for doubt in proposal.estimate["doubts"]]
    found += [
        row["sentence"] for row in proposal.report.get("temuan", ()) if row["level"] != "catatan"
    ]
    if proposal.run.settings["scale"] == Scale.FREE:
        found.append("skala baru: bukan skala butir yang sedang dipakai")
    return found


def decide(
    session: Session,
    proposal_id: int,
    *,
    accept: bool,
    reason: str,
    actor: alur.Actor,
    activate: bool,
    now: int,
) -> Decision:
    """Accept or reject one proposal. activate : put an item on trial into use at once.

    Raises ProposalRefused; nothing is stored then.
    """
    proposal = _locked(session, proposal_id)
    reason = reason.strip()
    _check(proposal, accept, reason)
    calibration = _accept(session, proposal, reason, actor.username, now) if accept else None
    session.add(
        CalibrationDecision(
            proposal_id=proposal.id,
            at=now,
            by=actor.username,
            accepted=accept,
            reason=reason,
            calibration_id=calibration.id if calibration else None,
        )
    )
    audit.record(
        session,
        at=now,
        by=actor.username,
        act="terima usulan parameter" if accept else "tolak usulan parameter",
        subject=proposal.item,
        kalibrasi=proposal.run_id,
        alasan=reason,
    )
    session.flush()
    if not (accept and activate):
        return Decision(proposal.item)
    return _activate(session, proposal, actor, now)


def decide_many(
    session: Session,
    ids: Sequence[int],
    *,
    accept: bool,
    reason: str,
    actor: alur.Actor,
    activate: bool,
    now: int,
) -> list[Decision]:
    """The same for several; those that are refused are named and left as they are."""
    done = []
    for proposal_id in ids:
        try:
            done.append(
                decide(
                    session,
                    proposal_id,
                    accept=accept,
                    reason=reason,
                    actor=actor,
                    activate=activate,
                    now=now,
                )
            )
        except ProposalRefused as error:
            done.append(Decision(error.evidence["item"], tuple(error.evidence["reasons"])))
    return done


def status_text(model: str, answers: int, on: date) -> str:
    """Where parameters come from, as staff read it: "dikalibrasi 2026-11-22, 2PL, n = 1.234"."""
    count = f"{answers:,}".replace(",", ".")
    return f"dikalibrasi {on.isoformat()}, {kata.MODELS[ItemModel(model)]}, n = {count}"


def _locked(session: Session, proposal_id: int) -> CalibrationProposal:
    """The proposal, with the item that it is about locked against other decisions."""
    session.scalar(
        select(Item)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(CalibrationProposal, CalibrationProposal.version_id == ItemVersion.id)
        .where(CalibrationProposal.id == proposal_id)
        .with_for_update(of=Item)
    )
    found = session.scalar(
        select(CalibrationProposal)
        .where(CalibrationProposal.id == proposal_id)
        .options(
            joinedload(CalibrationProposal.decision),
            joinedload(CalibrationProposal.version).options(
                joinedload(ItemVersion.item), selectinload(ItemVersion.calibrations)
            ),
            joinedload(CalibrationProposal.run),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ProposalRefused(str(proposal_id), ["tidak ada usulan bernomor ini"])
    return found


def _check(proposal: CalibrationProposal, accept: bool, reason: str) -> None:
    if proposal.decision is not None:
        raise ProposalRefused(proposal.item, [DECIDED])
    reasons = obstacles(proposal) if accept else []
    needed = not accept or bool(needs_reason(proposal))
    if needed and len(reason) < SHORTEST_REASON:
        why = "penolakan" if not accept else "usulan yang bercatatan"
        reasons.append(f"alasan: {why} perlu alasan, {SHORTEST_REASON} huruf atau lebih")
    if len(reason) > LONGEST_REASON:
        reasons.append(f"alasan: paling banyak {LONGEST_REASON} huruf (terbaca: {len(reason)})")
    if reasons:
        raise ProposalRefused(proposal.item, reasons)


def _accept(
    session: Session, proposal: CalibrationProposal, reason: str, by: str, now: int
) -> Calibration:
    found, run = proposal.estimate, proposal.run
    assert proposal.version is not None
    row = Calibration(
        a=found["a"],
        b=list(found["b"]),
        c=found["c"],
        status=status_text(
            found["model"], found["answers"], as_datetime(now).astimezone(WIB).date()
        ),
        made_at=now,
        model=found["model"],
        se={"a": found["a_se"], "b": found["b_se"], "c": found["c_se"]},
        provenance=_provenance(proposal, run, reason, by, now),
    )
    proposal.version.calibrations.append(row)
    session.flush()
    return row


def _provenance(
    proposal: CalibrationProposal, run: CalibrationRun, reason: str, by: str, now: int
) -> dict[str, object]:
    assert run.result is not None
    summary = run.result.summary
    copied = ("software", "quadrature", "priors", "se_method", "tolerance", "converged", "groups")
    return {
        "run": run.id,
        "name": run.name,
        "asked_by": run.asked_by,
        "asked_at": run.asked_at,
        "settings": run.settings,
        "data_sha256": run.result.data_sha256,
        "model": proposal.estimate["model"],
        "answers": proposal.estimate["answers"],
        # The estimation draws no random numbers: the same data give the same parameters.
        "seed": None,
        **{name: summary[name] for name in copied},
        "proposal": proposal.id,
        "former": proposal.former,
        "accepted_by": by,
        "accepted_at": now,
        "reason": reason,
    }


def _activate(
    session: Session, proposal: CalibrationProposal, actor: alur.Actor, now: int
) -> Decision:
    """Put an item on trial into use by the rules of the life cycle, which may say no."""
    version = proposal.version
    assert version is not None
    item = version.item
    if item.status != Status.UJI_COBA or version.version != item.latest:
        return Decision(proposal.item)
    seen = alur.Seen(item.code, version.version, item.status)
    reason = f"parameter diterima dari kalibrasi {proposal.run.name}"
    try:
        alur.take(session, seen, Status.AKTIF, actor=actor, reason=reason, now=now)
    except alur.MoveRefused as error:
        return Decision(proposal.item, not_activated=tuple(error.evidence["reasons"]))
    return Decision(proposal.item, activated=True)
