"""The OpenAPI document keeps what it promises, whatever is sent."""

from __future__ import annotations

import contextvars

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

from web.api.document import PREFIX, document
from web.db import db


def test_the_document_is_openapi_3_1_and_every_endpoint_asks_for_a_scope(app):
    found = document(app)
    views = {
        rule.rule: app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.openapi"
    }

    assert found["openapi"].startswith("3.1")
    assert len(found["paths"]) == len(views)
    assert all(getattr(view, "scope", None) for view in views.values())
    for path, operations in found["paths"].items():
        assert path.startswith(PREFIX)
        for operation in operations.values():
            assert operation["security"] == [{"token": []}], path
            assert operation["summary"], path


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_the_reply_is_one_that_the_document_describes(app, program, mode):
    """Statuses, content types and bodies, and no error of the server's, on generated requests."""
    headers = {"Authorization": f"Bearer {program().plain}"}
    schema = schemathesis.openapi.from_dict(document(app))
    schema.app = app
    called = 0

    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=20,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case):
            nonlocal called
            called += 1
            db.session.remove()
            contextvars.Context().run(lambda: case.call_and_validate(headers=headers))

        call()

    assert called > 60
