"""Logs as lines of JSON, and the number that follows a request from the proxy to the database.

Nothing that tells who sat or what they answered may come here: no names, numbers, PINs, keys,
cookies, items or addresses with ids. So a line names the route and never its values, and of an
exception it keeps the kind and the places in the code, not the message, which may quote a row.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sys
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from flask import Flask, Response, g, request

HEADER = "X-Request-ID"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_log = logging.getLogger("catcpns.permintaan")
# What a line may carry besides the usual: set by `extra=` of a log call.
FIELDS = ("metode", "rute", "status", "ms")
FRAMES = 12


class JsonLines(logging.Formatter):
    """One JSON object a line: waktu, tingkat, pencatat, permintaan, pesan, and FIELDS."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, object] = {
            "waktu": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "tingkat": record.levelname.lower(),
            "pencatat": record.name,
            "proses": record.process,
        }
        if _request_id.get():
            line["permintaan"] = _request_id.get()
        line |= {name: vars(record)[name] for name in FIELDS if name in vars(record)}
        if record.exc_info and record.exc_info[1] is not None:
            kind, _, places = record.exc_info
            line |= {"pesan": "kesalahan tak terduga", "galat": _name(kind)}
            line["jejak"] = _places(places)
        elif "rute" not in line:
            line["pesan"] = record.getMessage()
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Write every log of this process to stderr as lines of JSON; CATCPNS_LOG_LEVEL sets which."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    level = os.environ.get("CATCPNS_LOG_LEVEL", "INFO").upper()
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in ("alembic", "urllib3", "fontTools", "matplotlib"):
        logging.getLogger(name).setLevel(logging.WARNING)


def register(app: Flask) -> None:
    """Give every request its number, and write a line when it has been answered."""
    is_web = os.environ.get("CATCPNS_PROCESS") == "web"
    if is_web and os.environ.get("CATCPNS_LOG") == "json":
        configure()

    @app.before_request
    def number() -> None:
        g.began = time.perf_counter()
        _request_id.set(accept_id(request.headers.get(HEADER)))

    @app.after_request
    def answered(response: Response) -> Response:
        response.headers[HEADER] = _request_id.get()
        if _log.isEnabledFor(logging.INFO):
            took = time.perf_counter() - g.get("began", time.perf_counter())
            told(request.method, route_of_request(), response.status_code, took)
        return response


def accept_id(given: str | None) -> str:
    """The number of a request: the proxy's, when it looks like one, else a fresh one."""
    if given and _ACCEPTABLE.fullmatch(given):
        return given
    return secrets.token_hex(8)


def route_of_request() -> str:
    """The rule by which the address was understood, such as /ujian/<sitting_id>/jawab."""
    return request.url_rule.rule if request.url_rule else "-"


def told(method: str, route: str, status: int, seconds: float) -> None:
    """Write the line of one request. route : the rule, never the address with its values."""
    level = logging.ERROR if status >= 500 else logging.INFO
    extra = {"metode": method, "rute": route, "status": status, "ms": round(seconds * 1000, 1)}
    _log.log(level, "", extra=extra)


def _name(kind: type[BaseException] | None) -> str:
    return f"{kind.__module__}.{kind.__qualname__}" if kind else ""


def _places(places: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(places)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
