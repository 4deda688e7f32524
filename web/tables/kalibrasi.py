"""Calibrations: what was asked, what came of it, and what an analyst decided item by item.

Nothing here is ever changed: the database refuses it, see the migrations. Times are microseconds
since 1970-01-01 UTC.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cat.itembank.base import Base
from cat.itembank.tables import ItemVersion


class CalibrationRun(Base):
    """One calibration as it was asked for; the job of the same id does it.

    part : test part whose items it is about; empty where a file may hold any.
    settings : a `web.operations.kalibrasi.rancangan.Plan` in words.
    """

    __tablename__ = "calibration_run"

    id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    part: Mapped[str] = mapped_column(String(40))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_at: Mapped[int] = mapped_column(BigInteger, index=True)
    asked_by: Mapped[str] = mapped_column(String(80))

    result: Mapped[CalibrationResult | None] = relationship(viewonly=True)


class CalibrationResult(Base):
    """What a finished run found on the whole: groups, likelihood, drift of anchors, versions."""

    __tablename__ = "calibration_result"

    run_id: Mapped[str] = mapped_column(ForeignKey("calibration_run.id"), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    data_sha256: Mapped[str] = mapped_column(String(64))
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)


class CalibrationProposal(Base):
    """What a run found of one item.

    item : its name in the data. version_id : the version of the bank that it is, None where the
        bank has none by that name.
    role : "ditaksir", "jangkar" (held) or "tidak ditaksir" (left out).
    estimate : `dokumen.item_document`; former : the parameters that the version had, with the id
        of their row. report : figures of its page. verdict : in plain words.
    """

    __tablename__ = "calibration_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("calibration_run.id"), index=True)
    item: Mapped[str] = mapped_column(String(80))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    estimate: Mapped[dict[str, Any]] = mapped_column(JSON)
    former: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    verdict: Mapped[str] = mapped_column(Text)

    version: Mapped[ItemVersion | None] = relationship()
    run: Mapped[CalibrationRun] = relationship()
    decision: Mapped[CalibrationDecision | None] = relationship(viewonly=True)


class CalibrationDecision(Base):
    """An analyst's answer to one proposal; there is at most one.

    calibration_id : the parameters that an acceptance gave to the version.
    """

    __tablename__ = "calibration_decision"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("calibration_proposal.id"), primary_key=True, autoincrement=False
    )
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(80))
    accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    calibration_id: Mapped[int | None] = mapped_column(ForeignKey("calibration.id"))
