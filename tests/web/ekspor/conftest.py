"""Invented rows on both kinds of database, and packages made from them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from cat.itembank.base import Base
from tests.web.conftest import _sql
from tests.web.ekspor.packages import BLOCK, SEED, STAMP, plan
from tests.web.ekspor.rows import fill
from web.db import own_session
from web.operations.ekspor import job, making
from web.operations.ekspor.formats import xlsx


def filled(url: str) -> Engine:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with own_session(engine, writes=True) as session:
        fill(session)
    return engine


@pytest.fixture(scope="session")
def sqlite_rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = filled(f"sqlite:///{tmp_path_factory.mktemp('baris') / 'baris.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_rows(postgres: str) -> Iterator[Engine]:
    _sql(postgres, "CREATE DATABASE baris")
    engine = filled(f"{postgres}/baris")
    yield engine
    engine.dispose()


@pytest.fixture
def session(sqlite_rows: Engine) -> Iterator[Session]:
    """A session on invented rows; nothing that a test does to them stays."""
    with Session(sqlite_rows) as reading:
        yield reading


@pytest.fixture(params=["sqlite_rows", "postgres_rows"])
def any_session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """The same on both kinds of database."""
    with Session(request.getfixturevalue(request.param)) as reading:
        yield reading


@pytest.fixture
def small_blocks(monkeypatch) -> None:
    """Blocks of seven rows and sheets of three blocks, so that fifty rows are many."""
    monkeypatch.setattr(making, "BLOCK_ROWS", BLOCK)
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3 * BLOCK)


@pytest.fixture
def package(session, tmp_path) -> Callable[..., Path]:
    """Make an export; returns its ZIP."""

    def make(dataset: str, code: str, **filters: object) -> Path:
        folder = tmp_path / uuid.uuid4().hex
        folder.mkdir()
        return job.make_package(session, plan(dataset, code, **filters), folder, STAMP, SEED)

    return make
