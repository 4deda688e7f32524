"""The asynchronous front: ordinary requests of a candidate's script wait here for their batch.

What it answers itself is only what is plainly in order; Flask sees everything else, from a missing
token to a body that is too long, and refuses it in its own words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qsl

from flask import Flask

from web.front.bridge import Bridge, Message, Receive, Scope, Send
from web.front.identity import Identity
from web.operations.jawaban.asks import ANSWER, CHOOSE, STANDING, Ask, QueueFull, Told, Verdict
from web.operations.jawaban.writer import Writer

PREFIX = "/ujian/"
METHODS = {ANSWER: "POST", CHOOSE: "POST", STANDING: "GET"}
# A number, a letter and two counters.
LONGEST_BODY = 512
RETRY_SECONDS = 1
_FIELDS = frozenset({"nomor", "pilihan", "urut", "sisa", "csrf_token"})
_FORM, _JSON = b"application/x-www-form-urlencoded", b"application/json"


class Door:
    """The ASGI application.

    app : everything else. writer : of answers. threads : of the Flask application. now : the
    platform's clock.
    """

    def __init__(self, app: Flask, writer: Writer, *, threads: int, now: Callable[[], int]) -> None:
        self._app, self._writer, self._now = app, writer, now
        self._pulse = app.extensions.get("pulse")
        self._bridge = Bridge(app, threads)
        self._identity = Identity(app)
        self._is_https_only = bool(app.config["SESSION_COOKIE_SECURE"])
        self._loop: asyncio.AbstractEventLoop | None = None
        self._headers = _headers(app)
        # No page of a candidate uploads anything: no computer of an exam room may fill the disk.
        self._largest = int(app.config["MAX_CONTENT_LENGTH"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        act = path.rpartition("/")[2]
        if not path.startswith(PREFIX):
            await self._bridge(scope, receive, send)
            return
        if METHODS.get(act) != scope["method"]:
            await self._bridge(scope, receive, send, largest=self._largest)
            return
        at = self._now()  # when it arrived, not when the database had time for it
        body = await _short_body(receive)
        if isinstance(body, list):
            await self._bridge(scope, _replayed(body, receive), send, largest=self._largest)
            return
        ask = self._ask(scope, path, act, body, at) if self._is_fresh() else None
        verdict, reply = (Verdict.PASSED, b"") if ask is None else await self._wait(ask)
        if verdict is Verdict.DONE and not self._is_fresh():
            verdict = Verdict.BUSY  # an outage overtook it: what it says of the time is not so
        if verdict is Verdict.PASSED:
            await self._bridge(scope, receive, send, body)
        else:
            await self._reply(send, verdict, reply)

    def _is_fresh(self) -> bool:
        """Whether this process may serve: see `web.gate`, which answers where it may not."""
        if self._pulse is None:
            return True
        self._pulse.asked()
        return bool(self._pulse.is_fresh())

    async def _wait(self, ask: Ask) -> tuple[Verdict, bytes]:
        assert self._loop is not None
        waiter: asyncio.Future[tuple[Verdict, bytes]] = self._loop.create_future()
        ask.waiter = waiter
        try:
            self._writer.put(ask)
        except QueueFull:
            return Verdict.BUSY, b""
        return await waiter

    def _tell(self, told: list[Told]) -> None:
        """From the writer's thread, once for all that wait in this loop."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(_wake, told)

    async def _reply(self, send: Send, verdict: Verdict, body: bytes) -> None:
        headers, status = self._headers, 200
        if verdict is Verdict.BUSY:
            body, status = _BUSY, 503
            headers = [*headers, (b"retry-after", str(RETRY_SECONDS).encode())]
        length = (b"content-length", str(len(body)).encode())
        start: Message = {"type": "http.response.start", "status": status}
        start["headers"] = [*headers, length]
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _ask(self, scope: Scope, path: str, act: str, body: bytes, at: int) -> Ask | None:
        """The request, where it is plainly in order."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if len(headers) != len(scope["headers"]) or headers.get(b"accept") != _JSON:
            return None
        if not self._is_same_origin(scope, headers):
            return None
        is_post = act != STANDING
        token = headers.get(b"x-csrftoken", b"") if is_post else None
        who = self._identity.login(headers.get(b"cookie", b""), token)
        if who is None or path != f"{PREFIX}{who.sitting_id}/{act}":
            return None
        ask = Ask(act, who.sitting_id, who.masuk_id, at, self._tell)
        if not is_post:
            return ask
        if headers.get(b"content-type", b"").partition(b";")[0] != _FORM:
            return None
        return ask if _fill(ask, body) else None

    def _is_same_origin(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        """As Flask-WTF asks over https: the page that sends must be one of this very site."""
        host = headers.get(b"host", b"")
        if headers.get(b"sec-fetch-site", b"same-origin") != b"same-origin":
            return False
        origin = headers.get(b"origin")
        if origin is not None and origin.partition(b"://")[2] != host:
            return False
        if self._is_https_only and scope["method"] == "POST":
            return headers.get(b"referer", b"").startswith(b"https://" + host + b"/")
        return True

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start with the server, and store what is queued before it ends."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._loop = asyncio.get_running_loop()
                self._writer.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await asyncio.to_thread(self._writer.stop)
                await asyncio.to_thread(self._bridge.close)
                await send({"type": "lifespan.shutdown.complete"})
                return


_BUSY = (
    b'{"kode":"H503","pesan":"Server sedang sibuk. Jawaban yang sudah tersimpan tetap aman.'
    b' Coba lagi."}'
)


def _wake(told: list[Told]) -> None:
    for ask, verdict, body in told:
        waiter = ask.waiter
        if isinstance(waiter, asyncio.Future) and not waiter.done():
            waiter.set_result((verdict, body))


def _fill(ask: Ask, body: bytes) -> bool:
    """Read the form into the request; False where it is not a plain one."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=8)
    except ValueError:
        return False
    fields = dict(pairs)
    number, shown = fields.get("nomor", ""), fields.get("pilihan", "")
    turn, left = fields.get("urut", ""), fields.get("sisa", "")
    is_plain = len(fields) == len(pairs) and fields.keys() <= _FIELDS
    if not is_plain or not _is_count(number) or len(shown) != 1:
        return False
    if (turn and not _is_count(turn)) or (left and not _is_count(left.removeprefix("-"))):
        return False
    ask.number, ask.shown, ask.turn = int(number), shown, int(turn or "0")
    return True


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


async def _short_body(receive: Receive) -> bytes | list[Message]:
    """The body; what came of it so far where it is too long for an answer."""
    messages: list[Message] = []
    size = 0
    while size <= LONGEST_BODY:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request":
            break
        if not message.get("more_body", False):
            return b"".join([each.get("body", b"") for each in messages])
    return messages


def _replayed(messages: list[Message], receive: Receive) -> Receive:
    """What was received already, then the rest."""
    queue = list(messages)

    async def again() -> Message:
        return queue.pop(0) if queue else await receive()

    return again


def _headers(app: Flask) -> list[tuple[bytes, bytes]]:
    """What Flask adds to a JSON reply, read off one."""
    with app.test_request_context(f"{PREFIX}x/{STANDING}"):
        reply = app.process_response(app.response_class(b"{}", mimetype="application/json"))
    skipped = {"content-length", "set-cookie", "vary", "date", "x-request-id"}
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in reply.headers.items()
        if name.lower() not in skipped
    ]
