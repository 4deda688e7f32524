"""Acts of a selection, each at a moment of its own, by one person or by two."""

from __future__ import annotations

import pytest

from tests.web.seleksi.steps import REASON
from web.db import db, transaction
from web.operations.pools import find_rules
from web.operations.seleksi.keputusan import decide


@pytest.fixture
def session(app):
    return db.session()


@pytest.fixture
def rules(session):
    return find_rules(session, "cpns-2024")


@pytest.fixture
def act(clock):
    """Do something in one transaction at a moment of its own."""

    def do(function, *arguments, by="staf", **options):
        clock.tick(1)
        with transaction() as session:
            return function(session, *arguments, by=by, now=clock.at, **options)

    return do


@pytest.fixture
def agreed(act):
    """Propose as one person and agree as another."""

    def do(function, *arguments, **options):
        row = act(function, *arguments, alasan=REASON, **options)
        return act(decide, row.id, agree=True, by="staf2")

    return do
