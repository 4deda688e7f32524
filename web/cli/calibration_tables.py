"""What `catcpns item calibrate` prints of a calibration."""

from __future__ import annotations

from math import isnan

from rich.markup import escape
from rich.table import Table

from cat.calibration.estimates import Calibrated, Estimate
from web.operations.kalibrasi import kata


def items(found: Calibrated) -> Table:
    """One row for each item: model, answers, parameters with standard errors, doubts."""
    drawn = Table(title="Usulan parameter (galat baku dalam kurung)")
    drawn.add_column("butir", overflow="fold")
    drawn.add_column("model")
    for column in ("n", "a", "b", "c"):
        drawn.add_column(column, justify="right", overflow="fold")
    drawn.add_column("catatan")
    for one in found.items:
        drawn.add_row(*_row(one))
    return drawn


def groups(found: Calibrated) -> Table:
    """One row for each group."""
    drawn = Table(title="Kelompok")
    drawn.add_column("kelompok", overflow="fold")
    for column in ("baris data", "rata-rata", "simpangan baku"):
        drawn.add_column(column, justify="right")
    for group in found.groups:
        mean, sd = _with_error(group.mean, group.mean_se), _with_error(group.sd, group.sd_se)
        drawn.add_row(escape(group.name), str(group.persons), mean, sd)
    return drawn


def summary(found: Calibrated) -> str:
    """One line on how the run ended."""
    doubtful = sum(bool(one.doubts) for one in found.items)
    ending = "konvergen" if found.converged else "BELUM konvergen"
    return (
        f"log-kebolehjadian {found.log_likelihood:.3f}, {found.free_parameters} parameter bebas,"
        f" {found.cycles} siklus, {ending}; {doubtful} dari {len(found.items)} butir bercatatan;"
        " bank tak berubah"
    )


def _row(one: Estimate) -> tuple[str, ...]:
    notes = kata.doubts(one.doubts) + (["jangkar: ditahan"] if one.is_fixed else [])
    answers = f"{sum(one.counts):g}"  # weights count
    if not one.b:
        return (escape(one.item), kata.MODELS[one.model], answers, "", "", "", notes[0])
    b = " ".join(_with_error(*pair) for pair in zip(one.b, one.b_se, strict=True))
    c = _with_error(one.c, one.c_se) if one.c else ""
    return (
        escape(one.item),
        kata.MODELS[one.model],
        answers,
        _with_error(one.a, one.a_se),
        b,
        c,
        "; ".join(notes),
    )


def _with_error(value: float, se: float) -> str:
    return f"{value:.3f}" if isnan(se) else f"{value:.3f} ({se:.3f})"
