"""Runs the Flask application in threads behind an asynchronous server."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Head = tuple[int, list[tuple[bytes, bytes]]]

# Bodies above it wait on disk for their turn. What may be sent at all is Flask's to say.
IN_MEMORY = 1 << 20
# No upload of the platform is larger: nobody may fill the disk before Flask has seen the request.
LARGEST_BODY = 512 << 20


class TooLarge(Exception):
    """The body of a request goes beyond any limit."""


class Cut(Exception):
    """The sender was gone before the whole body had come."""


class Bridge:
    """An ASGI application made of a WSGI one. threads : requests that it works on at once."""

    def __init__(self, app: Wsgi, threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="flask")

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        body: bytes | None = None,
        largest: int = LARGEST_BODY,
    ) -> None:
        """Answer one request. body : when somebody has read it already. largest : bytes of it."""
        with SpooledTemporaryFile(IN_MEMORY) as file:
            try:
                await _read(receive, file, body, largest)
            except Cut:
                return  # half a form may say something else than the whole one, and nobody waits
            except TooLarge:
                await send({"type": "http.response.start", "status": 413, "headers": []})
                await send({"type": "http.response.body", "body": b""})
                return
            loop = asyncio.get_running_loop()

            def send_from_thread(message: Message) -> None:
                asyncio.run_coroutine_threadsafe(_send(send, message), loop).result()

            environ = environ_of(scope, file)
            start, rest = await loop.run_in_executor(
                self._threads, self._answer, environ, send_from_thread
            )
            if start is not None:  # otherwise it was sent piece by piece
                status, headers = start
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": rest})

    def close(self) -> None:
        """Wait for the requests that are being worked on."""
        self._threads.shutdown()

    def _answer(
        self, environ: dict[str, Any], send: Callable[[Message], None]
    ) -> tuple[Head | None, bytes]:
        """Run the application; a reply in one piece is returned, a longer one sent as it comes."""
        head: list[Head] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            raw = [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers]
            head[:] = [(int(status[:3]), raw)]

        iterable = self._app(environ, start_response)
        try:
            pieces: Iterator[bytes] = iter(iterable)
            first = next(pieces, b"")
            second = next(pieces, None)
            if second is None:
                return head[0], first
            status, headers = head[0]
            send({"type": "http.response.start", "status": status, "headers": headers})
            for piece in chain((first, second), pieces):
                send({"type": "http.response.body", "body": piece, "more_body": True})
            send({"type": "http.response.body", "body": b""})
            return None, b""
        finally:
            close = getattr(iterable, "close", None)
            if close is not None:
                close()


async def _send(send: Send, message: Message) -> None:
    await send(message)


async def _read(receive: Receive, file: IO[bytes], body: bytes | None, largest: int) -> None:
    """The body of the request into the file, which is then at its beginning."""
    if body is not None:
        file.write(body)
    else:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Cut
            piece = message.get("body", b"")
            size += len(piece)
            if size > largest:
                raise TooLarge
            file.write(piece)
            more = message.get("more_body", False)
    file.seek(0)


def environ_of(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The request as PEP 3333 has it."""
    root = scope.get("root_path", "")
    path = scope["path"].removeprefix(root)
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root.encode().decode("latin-1"),
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if client := scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client[0], str(client[1])
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_LENGTH", "CONTENT_TYPE"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    return environ
