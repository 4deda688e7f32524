"""Programs that call the API."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from web.db import db, transaction
from web.operations.api import tokens


class Program:
    """A program with a token of its own."""

    def __init__(self, app: Flask, plain: str) -> None:
        self.app = app
        self.plain = plain

    def get(self, path: str) -> TestResponse:
        return self._call("get", path)

    def post(self, path: str, body: Any) -> TestResponse:
        return self._call("post", path, json=body)

    def _call(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        db.session.remove()
        headers = {"Authorization": f"Bearer {self.plain}"}
        client = self.app.test_client()
        call = getattr(client, method)
        return contextvars.Context().run(lambda: call(f"/api/v1/{path}", headers=headers, **kwargs))


@pytest.fixture
def program(app: Flask, clock) -> Callable[..., Program]:
    """A program with an approved token of these scopes."""
    made = 0

    def create(*scopes: str, instansi_id: int | None = None, approved: bool = True) -> Program:
        nonlocal made
        made += 1
        with transaction() as session:
            token, plain = tokens.create(
                session,
                nama=f"portal uji {made}",
                scopes=scopes or tuple(tokens.SCOPES),
                instansi_id=instansi_id,
                purpose="pertukaran data seleksi untuk tes",
                legal_basis="PermenPANRB 6/2024",
                days=30,
                by="staf",
                now=clock.now(),
            )
            if approved:
                tokens.approve(session, token, by="staf2", now=clock.now())
        return Program(app, plain)

    return create
