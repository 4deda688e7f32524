"""A platform with calibrated and trial items whose truth is known, and what staff do on it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from flask import Flask

from tests.web import kalibrasi_records as records
from tests.web.conftest import KEYS, Browser, Clock
from web.db import db, own_session
from web.operations.job_worker import Workshop
from web.operations.kalibrasi import jalankan
from web.operations.kalibrasi.rancangan import Plan
from web.operations.kalibrasi.usulan import (
    decide,
    proposals,
)
from web.operations.penulisan.alur import Actor
from web.tables import (
    CalibrationResult,
    Job,
)

PASSWORD = "analis-yang-teliti-2026"
ANALYST = Actor("analis", frozenset({"analis"}))


class Platform:
    """A small platform with its truth, and what staff do on it."""

    def __init__(self, app: Flask, world: records.World, clock: Clock) -> None:
        self.app, self.world, self.clock = app, world, clock
        self.run = ""

    def shop(self, name: str = "satu") -> Workshop:
        sessions = partial(own_session, db.engine)
        return Workshop(name, Path(self.app.instance_path), sessions, KEYS, self.clock.now)

    def asks(self, **settings: object) -> str:
        plan = Plan(**{"name": "Uji", "part": "tiu", **settings})
        with own_session(db.engine, writes=True) as session:
            return jalankan.ask(session, plan, by="analis", now=self.clock.now()).id

    def job(self, run_id: str) -> Job:
        with own_session(db.engine) as session:
            return session.get_one(Job, run_id)

    def result(self, run_id: str) -> CalibrationResult:
        with own_session(db.engine) as session:
            return session.get_one(CalibrationResult, run_id)

    def proposals(self, run_id: str) -> dict[str, object]:
        with own_session(db.engine) as session:
            return {one.item: one for one in proposals(session, run_id)}

    def decides(self, item: str, accept: bool, reason: str = "", activate: bool = False):
        chosen = self.proposals(self.run)[item].id
        with own_session(db.engine, writes=True) as session:
            return decide(
                session,
                chosen,
                accept=accept,
                reason=reason,
                actor=ANALYST,
                activate=activate,
                now=self.clock.now(),
            )

    def logs_in(self) -> Browser:
        browser = Browser(self.app)
        reply = browser.post(
            "/petugas/masuk", token_from="/petugas/masuk", username="analis", password=PASSWORD
        )
        assert reply.status_code == 302
        return browser
