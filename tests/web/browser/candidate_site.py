"""A site with candidates for browser tests: served in this process, on a database of its own."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from seeds.demo.load import OPEN, demo_pin
from tests.web.browser.in_process import serving
from tests.web.conftest import KEYS, settings, sqlite_copy
from tests.web.linear_sitting import seat_linear, shorten
from web import clock, create_app
from web.db import db, transaction
from web.operations import proctoring
from web.tables import Peserta, Sesi, Sitting

DESK = {"width": 1024, "height": 768}


@dataclass
class Candidate:
    """Somebody with a number and a PIN."""

    nomor: str
    pin: str
    sitting_id: str


@dataclass
class Site:
    """The running application and its people."""

    app: Flask
    url: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    seats: Iterator[int] = field(default_factory=lambda: itertools.count(700))
    free: list[int] = field(default_factory=lambda: list(range(1, 13)))

    def adaptive(self, *, admitted: bool = True, seconds: int | None = None) -> Candidate:
        """The candidate of a free seat of the open sesi; the last ones have not been let in."""
        seat = self.free.pop(0 if admitted else -1)
        with self.app.app_context():
            with transaction() as session:
                chosen = (
                    db.select(Sitting).join(Sesi).where(Sesi.nama == OPEN, Sitting.seat == seat)
                )
                sitting = session.scalars(chosen).one()
                if seconds is not None and sitting.event_count == 0:
                    shorten(session, sitting, seconds, KEYS)
                if admitted:
                    proctoring.admit(session, sitting.id, by="p", now=clock.now(), keys=KEYS)
                nomor = session.get_one(Peserta, sitting.peserta_id).nomor
                found = Candidate(nomor, demo_pin(nomor), sitting.id)
            db.session.remove()
        return found

    def linear(self, seconds: int | None = None) -> Candidate:
        """Somebody who may start a linear sitting of twelve items."""
        with self.app.app_context():
            with transaction() as session:
                made = seat_linear(
                    session, next(self.seats), keys=KEYS, now=clock.now(), seconds=seconds
                )
            db.session.remove()
        return Candidate(*made)

    def page(self, look: str = "", **options: object) -> Page:
        """A page of a computer of its own. look : as the cookie keeps it."""
        context = self.browser.new_context(base_url=self.url, **{"viewport": DESK, **options})
        if look:
            kept = {"name": "tampilan", "value": look, "url": f"{self.url}/ujian"}
            context.add_cookies([kept])
        self.contexts.append(context)
        return context.new_page()

    def log_in(self, who: Candidate, **options: object) -> Page:
        """A page where this candidate has logged in."""
        page = self.page(**options)
        page.goto("/ujian/masuk")
        page.locator("[name=nomor]").fill(who.nomor)
        page.locator("[name=pin]").fill(who.pin)
        page.locator("#masuk button").click()
        page.wait_for_url("**/ujian/*-*")
        return page

    def start(self, who: Candidate, **options: object) -> Page:
        """A page with the first item of this candidate's sitting."""
        page = self.log_in(who, **options)
        page.locator("form[action$=mulai] button").click()
        page.locator("#soal").wait_for()
        page.wait_for_load_state()
        return page

    def stored(self, who: Candidate) -> Sitting:
        """The candidate's sitting as the database has it."""
        with self.app.app_context():
            sitting = db.session.get_one(Sitting, who.sitting_id)
            db.session.remove()
        return sitting

    def close_pages(self) -> None:
        """Close what the tests have opened so far."""
        while self.contexts:
            self.contexts.pop().close()


@contextlib.contextmanager
def open_site(template: Path, folder: Path, browser: Browser) -> Iterator[Site]:
    """A site on a copy of the demonstration's database."""
    with sqlite_copy(template, folder) as url:
        app = create_app(settings(url, folder))
        with serving(app) as address:
            site = Site(app, address, browser)
            try:
                yield site
            finally:
                site.close_pages()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
