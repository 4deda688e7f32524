"""Keeps the platform's pulse while this process lives, and closes what has run out of time."""

from __future__ import annotations

import threading
import time

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from web import clock
from web.db import db, transaction
from web.operations import outages, sittings


def start(app: Flask) -> threading.Thread:
    """Beat once now, giving back the time of an outage before anybody is served, then go on."""
    _beat(app)
    thread = threading.Thread(target=_keep_beating, args=(app,), name="pulse", daemon=True)
    thread.start()
    return thread


def _keep_beating(app: Flask) -> None:
    while True:
        time.sleep(outages.PERIOD_SECONDS)
        _beat(app)


def _beat(app: Flask) -> None:
    with app.app_context():
        keys, tried = app.config["KEYS"], clock.now()
        try:
            with transaction() as session:
                given = outages.beat(session, tried=tried, now=clock.now(), keys=keys)
            with transaction() as session:
                sittings.close_overdue(session, now=clock.now(), keys=keys)
            if given:
                app.logger.warning("outage: time given back to %d sittings", given)
        except SQLAlchemyError as error:
            # The next beat finds the gap and gives it back; nothing is lost by waiting.
            app.logger.error("pulse failed: %s", type(error).__name__)
        finally:
            db.session.remove()
