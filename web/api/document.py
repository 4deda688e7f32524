"""The OpenAPI document, made from the very models that check what comes in and goes out."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from flask import Flask
from spectree import Response, SpecTree
from spectree.models import SecureType, SecurityScheme, SecuritySchemeData

from web.api.models import Problem

VERSION = "1.0.0"
PREFIX = "/api/v1"
PROBLEM_TYPE = "application/problem+json"

spec = SpecTree(
    "flask",
    title="CAT CPNS",
    version=VERSION,
    mode="strict",
    description=(
        "Peserta masuk dari portal nasional; jadwal, nilai, pengumuman, dan profil keluar. "
        "Bacaan bertahap: simpan `kursor` dari jawaban terakhir dan kirim kembali sebagai `sejak`. "
        "Kolom hanya ditambah, tidak pernah diganti nama atau dihapus dalam versi yang sama."
    ),
    security_schemes=[
        SecurityScheme(
            name="token",
            data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"),
        )
    ],
    validation_error_status=422,
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _, child: child,
)


def answers(model: type[Any], *more: int) -> Response:
    """The replies of an endpoint: its own, and the refusals that any of them can give.

    more : further refusals, such as 404.
    """
    refusals = {f"HTTP_{status}": Problem for status in (400, 401, 403, 415, 422, 429, *more)}
    return Response(HTTP_200=model, **refusals)


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this application."""
    spec.app = app
    made = deepcopy(dict(spec.spec))
    for operations in made["paths"].values():
        for operation in operations.values():
            for status, reply in operation["responses"].items():
                if status != "200":  # refusals have a content type of their own (RFC 9457)
                    reply["content"] = {PROBLEM_TYPE: next(iter(reply["content"].values()))}
    return made
