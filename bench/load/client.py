"""A lean HTTP/1.1 client on raw asyncio: it must leave the machine to the server it measures.

    client = Client("127.0.0.1", 8000, connections=64)
    reply = await client.post_form("/ujian/x/jawab", {"nomor": "1"}, cookie="catcpns=...")
    reply.status, reply.body, reply.json(), reply.header("etag"), reply.cookies()
    await client.get("/ujian/x/keadaan", cookie="...", headers={"If-None-Match": "..."})
    client.close()

Connections are kept alive and carry one request at a time. A closed loop is as many tasks as
connections, each asking again when it is answered; an open loop starts a task for each arrival and
lets `Client` open connections up to its limit, beyond which arrivals wait in order. A time of
arrival taken before the call therefore counts the waiting too.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r\n]+)", re.IGNORECASE)


@dataclass(slots=True)
class Reply:
    """What came back. head : status line and headers, as they were sent."""

    status: int
    head: bytes
    body: bytes

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        found = re.search(
            rb"\r\n" + re.escape(name.encode()) + rb": *([^\r\n]*)", self.head, re.IGNORECASE
        )
        return found.group(1).decode() if found else None

    def cookies(self) -> str:
        """The cookies that the reply sets, as the next request should send them."""
        return "; ".join(found.decode() for found in _COOKIE.findall(self.head))


class _Connection(asyncio.Protocol):
    """One connection. Raises ConnectionError to whoever waits when it breaks."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.waiting: asyncio.Future[Reply] | None = None
        self.buffer = b""
        self.needed = 0  # bytes of a whole reply, once its head is known; -1 while chunked
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.is_open = cast(asyncio.Transport, transport), True

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(ConnectionError(str(error or "closed by the server")))

    def ask(self, request: bytes) -> asyncio.Future[Reply]:
        """Send a whole request; the future becomes its reply."""
        assert self.transport is not None
        self.waiting = asyncio.get_running_loop().create_future()
        self.buffer, self.needed = b"", 0
        self.transport.write(request)
        return self.waiting

    def data_received(self, data: bytes) -> None:
        buffer = self.buffer = self.buffer + data if self.buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0 or self.waiting is None or self.waiting.done():
            return
        if not self.needed:
            found = _LENGTH.search(buffer, 0, end)
            if found:
                self.needed = end + 4 + int(found.group(1))
            else:
                self.needed = -1 if _CHUNKED.search(buffer, 0, end) else end + 4
        if self.needed < 0:
            if buffer.endswith(b"0\r\n\r\n"):
                self._done(end, _unchunked(buffer[end + 4 :]))
        elif len(buffer) >= self.needed:
            self._done(end, buffer[end + 4 : self.needed])

    def _done(self, end: int, body: bytes) -> None:
        head = self.buffer[:end]
        if _CLOSE.search(head) and self.transport is not None:
            self.is_open = False
            self.transport.close()
        assert self.waiting is not None
        self.waiting.set_result(Reply(int(head[9:12]), head, body))


class Client:
    """Keep-alive connections to one server, opened when they are needed.

    connections : how many there may be at once.
    """

    def __init__(self, host: str, port: int, *, connections: int = 64) -> None:
        self.host, self.port, self.limit = host, port, connections
        self._idle: list[_Connection] = []
        self._opened = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    async def get(
        self, path: str, *, cookie: str = "", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """GET. Raises ConnectionError when the server cannot be reached or hangs up."""
        return await self._send(b"GET", path, cookie, headers, None)

    async def post_form(
        self,
        path: str,
        fields: Mapping[str, Any],
        *,
        cookie: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """POST of form fields. Raises ConnectionError: whether it took effect is then unknown."""
        return await self._send(b"POST", path, cookie, headers, urlencode(fields).encode())

    def close(self) -> None:
        """Hang up."""
        for connection in self._idle:
            if connection.transport is not None:
                connection.transport.close()
        self._idle.clear()

    async def _send(
        self,
        method: bytes,
        path: str,
        cookie: str,
        headers: Mapping[str, str] | None,
        body: bytes | None,
    ) -> Reply:
        lines = [
            b"%b %b HTTP/1.1\r\nHost: %b:%d\r\n"
            % (method, path.encode(), self.host.encode(), self.port)
        ]
        if cookie:
            lines.append(b"Cookie: %b\r\n" % cookie.encode())
        for name, value in (headers or {}).items():
            lines.append(f"{name}: {value}\r\n".encode())
        if body is None:
            lines.append(b"\r\n")
        else:
            lines.append(
                b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%b"
                % (len(body), body)
            )
        connection = await self._take()
        try:
            return await connection.ask(b"".join(lines))
        finally:
            self._give_back(connection)

    async def _take(self) -> _Connection:
        while True:
            while self._idle:
                connection = self._idle.pop()
                if connection.is_open:
                    return connection
                self._opened -= 1
            if self._opened < self.limit:
                self._opened += 1
                try:
                    loop = asyncio.get_running_loop()
                    _, made = await loop.create_connection(_Connection, self.host, self.port)
                except BaseException as error:
                    self._opened -= 1
                    self._wake()
                    if isinstance(error, OSError):
                        raise ConnectionError(str(error)) from error
                    raise
                return made
            turn = asyncio.get_running_loop().create_future()
            self._queue.append(turn)
            await turn

    def _give_back(self, connection: _Connection) -> None:
        waiting = connection.waiting
        # A request given up leaves a reply on its way that must not be taken for the next one's.
        is_over = waiting is not None and waiting.done() and not waiting.cancelled()
        if connection.is_open and is_over:
            self._idle.append(connection)
        else:  # broken, or given up while a reply was still to come
            self._opened -= 1
            if connection.transport is not None:
                connection.transport.close()
        self._wake()

    def _wake(self) -> None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return


def _unchunked(data: bytes) -> bytes:
    parts, at = [], 0
    while True:
        line = data.index(b"\r\n", at)
        size = int(data[at:line].split(b";")[0], 16)
        if not size:
            return b"".join(parts)
        parts.append(data[line + 2 : line + 2 + size])
        at = line + 4 + size
