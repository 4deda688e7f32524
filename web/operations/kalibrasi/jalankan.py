"""A calibration as a background job: gather answers, estimate, judge, store the proposals.

Stopped at any moment it starts over with the same answers, for records and files only grow; what it
stores it stores at once, so there is never half a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from cat.calibration.answers import ONE_GROUP, Answers
from cat.calibration.em import calibrate
from cat.calibration.estimates import Calibrated
from cat.calibration.report.numerals import angka
from cat.errors import BadInput
from web.operations import audit, jobs
from web.operations.jobs import Context
from web.operations.kalibrasi import berkas, kata, platform
from web.operations.kalibrasi.bahan import Material
from web.operations.kalibrasi.bank import Known, Role, known_items
from web.operations.kalibrasi.dokumen import item_document, run_document
from web.operations.kalibrasi.rancangan import Plan
from web.tables import CalibrationProposal, CalibrationResult, CalibrationRun

if TYPE_CHECKING:
    from web.operations.kalibrasi.penilaian import Assessment

KIND = "kalibrasi"
STEPS = 100
_READ, _ESTIMATED, _ERRORS, _JUDGED = 10, 75, 80, 85
ESTIMATED, HELD, LEFT_OUT = "ditaksir", "jangkar", "tidak ditaksir"


def ask(session: Session, plan: Plan, *, by: str, now: int) -> CalibrationRun:
    """Ask for a calibration in the background."""
    job = jobs.enqueue(session, KIND, {"nama": plan.name}, by, now)
    run = CalibrationRun(
        id=job.id,
        name=plan.name,
        part=plan.part,
        settings=plan.to_mapping(),
        asked_at=now,
        asked_by=by,
    )
    session.add(run)
    audit.record(session, at=now, by=by, act="minta kalibrasi", subject=job.id, nama=plan.name)
    session.flush()
    return run


def run(context: Context) -> dict[str, Any]:
    """The job. Raises BadInput in Indonesian for answers that cannot be calibrated."""
    # Only this job needs the diagnostics, whose statistics would slow every start of the web.
    from web.operations.kalibrasi.penilaian import anchor_drift, assess

    with context.session() as session:
        asked = session.get_one(CalibrationRun, context.job_id)
        plan = Plan.from_mapping(asked.settings)
        if session.get(CalibrationResult, context.job_id) is not None:
            return {"butir": 0}  # stored by a worker that died before it could say so
    try:
        known, given = _gather(context, plan)
        found = _estimate(context, given, known)
        context.progress(_ERRORS, STEPS, "memeriksa jangkar")
        drift = anchor_drift(found, given) if given.fixed else ()
        context.progress(_JUDGED, STEPS, "menilai butir satu per satu")
        wanted = {one.item for one in found.items if not one.is_fixed}
        wanted |= {one.item for one in drift if one.has_drifted}
        judged = assess(found, given, drift, wanted)
    except BadInput as error:
        raise BadInput(kata.refusal(error), **error.evidence) from error
    with context.transaction() as session:
        jobs.own(session, context.job_id, context.worker)
        summary = {
            **run_document(found),
            "persons": len(given.answers.persons),
            "answers": len(given.answers),
            "drift": [_plain_drift(asdict(one)) for one in drift],
        }
        _store(session, context, found, known, judged, summary)
    return {"butir": len(found.items)}


def _gather(context: Context, plan: Plan) -> tuple[dict[str, Known], Material]:
    """What the bank knows of the items by their names in the answers, and all that is needed."""
    context.progress(0, STEPS, "membaca jawaban")
    if plan.is_of_platform:
        return _of_platform(context, plan)
    answers = berkas.read(_instance(context), plan)
    with context.session() as session:
        known = known_items(session, answers.items)
    counts = dict(zip(answers.items, answers.counts.tolist(), strict=True))
    held = [name for name in answers.items if name in known and _is_held(plan, known[name], name)]
    kept = [
        name
        for name in answers.items
        if name in held or _is_wanted(plan, name, counts[name], always=not plan.items)
    ]
    if len(kept) < len(answers.items):
        answers = answers.only_items(kept)
    has_groups = answers.groups != ONE_GROUP
    labels = [answers.groups[g] for g in answers.group] if has_groups else []
    return known, _material(plan, answers, held, known, None, labels)


def _of_platform(context: Context, plan: Plan) -> tuple[dict[str, Known], Material]:
    def watch(done: int, total: int) -> None:
        context.progress(_READ * done // max(total, 1), STEPS, f"membaca {done} dari {total} ujian")

    with context.session() as session:
        there = platform.counts(session, plan.part, plan.sesi)
        chosen = {}
        for count in there.items:
            one = count.known
            if _is_held(plan, one, one.key) or (
                one.role is not Role.OTHER and _is_wanted(plan, one.key, count.answers)
            ):
                chosen[one.key] = one
        records = platform.read(session, chosen, plan.sesi, plan.groups, watch)
    held = [key for key, one in chosen.items() if _is_held(plan, one, key)]
    labels = records.labels[plan.dif] if plan.dif else ()
    given = _material(plan, records.answers, held, chosen, records.options, labels)
    return chosen, given


def _is_held(plan: Plan, one: Known, name: str) -> bool:
    return plan.holds_anchors and one.role is Role.IN_USE and name not in plan.released


def _is_wanted(plan: Plan, name: str, answers: int, *, always: bool = False) -> bool:
    """Whether an item that is not held is to be estimated. always : however few its answers."""
    if plan.items:
        return name in plan.items or name in plan.released
    return always or answers >= plan.fewest


def _material(
    plan: Plan,
    answers: Answers,
    held: list[str],
    known: Mapping[str, Known],
    options: np.ndarray[Any, np.dtype[np.int8]] | None,
    labels: Any,
) -> Material:
    return Material(
        plan=plan,
        answers=answers,
        fixed=[known[name].as_anchor(name) for name in held],
        options=options,
        keys={
            name: known[name].points.index(1)
            for name in answers.items
            if name in known and known[name].is_keyed and name not in held
        },
        labels=labels,
    )


def _estimate(context: Context, given: Material, known: Mapping[str, Known]) -> Calibrated:
    plan = given.plan
    held = {one.item for one in given.fixed}
    if len(held) == len(given.answers.items):
        raise BadInput(
            "tidak ada butir untuk ditaksir: semua butir dengan jawaban cukup adalah jangkar",
            rule="plan",
        )

    watch = _Watch(context)
    context.progress(_READ, STEPS, f"menaksir {len(given.answers.items) - len(held)} butir")
    return calibrate(
        given.answers,
        {name: _model(given, known.get(name), i) for i, name in enumerate(given.answers.items)},
        priors=plan.priors,
        fixed=given.fixed,
        quadrature=plan.quadrature,
        max_cycles=plan.max_cycles,
        progress=watch.cycle,
        cancelled=watch.between,
    )


class _Watch:
    """Tells the job's page how far the estimation is, and notices that it was cancelled."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._asked = 0

    def cycle(self, number: int, log_likelihood: float, step: float) -> None:
        """After each cycle. How many it takes nobody knows: the bar slows down, it never stands."""
        self._asked = 0
        done = _READ + (_ESTIMATED - _READ) * number // (number + 20)
        words = (
            f"siklus {number}, log-kebolehjadian {angka(log_likelihood, 1)},"
            f" perubahan terbesar {angka(step, 5)}"
        )
        self._context.progress(done, STEPS, words)

    def between(self) -> bool:
        """Asked once before each cycle, and again and again while standard errors are made."""
        self._asked += 1
        if self._asked > 1:
            self._context.progress(_ESTIMATED, STEPS, "menaksir galat baku")
        return False  # a cancelled job raises


def _model(given: Material, one: Known | None, place: int) -> str:
    is_keyed = one.is_keyed if one else given.answers.categories[place] <= 2
    return given.plan.keyed_model if is_keyed else given.plan.points_model


def _store(
    session: Session,
    context: Context,
    found: Calibrated,
    known: Mapping[str, Known],
    judged: Mapping[str, Assessment],
    summary: dict[str, Any],
) -> None:
    now = context.now()
    session.add(
        CalibrationResult(
            run_id=context.job_id, at=now, data_sha256=found.data_sha256, summary=summary
        )
    )
    session.flush()
    rows = [
        {
            "run_id": context.job_id,
            "item": one.item,
            "version_id": known[one.item].version_id if one.item in known else None,
            "role": HELD if one.is_fixed else ESTIMATED if one.b else LEFT_OUT,
            "estimate": item_document(one),
            "former": _former(known.get(one.item)),
            "report": judged[one.item].report if one.item in judged else {},
            "verdict": judged[one.item].verdict if one.item in judged else "",
        }
        for one in found.items
    ]
    session.execute(insert(CalibrationProposal), rows)


def _former(one: Known | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "calibration_id": one.calibration_id,
        "key": one.key,
        "a": one.a,
        "b": list(one.b),
        "c": one.c,
        "status": one.status,
    }


def _plain_drift(row: dict[str, Any]) -> dict[str, Any]:
    return {key: None if value != value else value for key, value in row.items()}


def _instance(context: Context) -> Path:
    """The instance folder, in which job folders lie two levels down."""
    return context.folder.parents[1]


jobs.register(KIND, run, title="Kalibrasi butir")
