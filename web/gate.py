"""Whether this process may serve an exam now: only while its pulse is fresh.

Without it, whoever is first after an outage would have an act dated before the time is given back,
and whoever waited through it would be told the time as it was before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, runtime_checkable

from flask import Flask

from web import errors

# Whatever can move or read somebody's clock lies under these.
GUARDED = ("/ujian", "/pengawas")
PATIENCE_SECONDS = 1.0
RETRY_SECONDS = 2
SENTENCE = (
    "Server sedang memulihkan diri. Jawaban yang sudah tersimpan aman dan waktu ujian tidak "
    "berkurang. Tunggu beberapa detik, lalu coba lagi."
)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@runtime_checkable
class Closable(Protocol):
    """A body that holds something until it is closed."""

    def close(self) -> None:
        """Let it go."""


class Pulse(Protocol):
    """What the gate asks of the pulse of its process."""

    def asked(self) -> None:
        """Somebody reached this process."""

    def is_fresh(self) -> bool:
        """Whether this process stored its pulse just now."""

    def wait_fresh(self, seconds: float) -> bool:
        """Wait until the pulse is fresh, at most so long; returns whether it is."""


class Gate:
    """A WSGI application before another one."""

    def __init__(self, app: Flask, inner: Application, pulse: Pulse) -> None:
        self.app, self.inner, self.pulse = app, inner, pulse

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Let a request in, or ask its sender to come again: what was stored is stored once, so
        the same request may always be sent again.
        """
        self.pulse.asked()
        if not environ.get("PATH_INFO", "").startswith(GUARDED):
            return self.inner(environ, start_response)
        if not self.pulse.wait_fresh(PATIENCE_SECONDS):
            return self._come_again(environ, start_response)
        begun: list[Any] = []
        body = self.inner(environ, lambda *given: begun.extend(given))
        if self.pulse.is_fresh():
            start_response(*begun)
            return body
        if isinstance(body, Closable):
            body.close()
        return self._come_again(environ, start_response)

    def _come_again(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        with self.app.request_context(environ):
            response = self.app.make_response(errors.reply(503, "H503", SENTENCE))
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        response.headers["Cache-Control"] = "no-store"
        if environ.get("REQUEST_METHOD") == "GET" and not response.is_json:
            response.headers["Refresh"] = str(RETRY_SECONDS)  # a page without scripts, too
        return response(environ, start_response)
