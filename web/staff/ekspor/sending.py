"""Sending a file that was made for one reply and is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Response

_SENT_AT_ONCE = 1 << 16


def send_made(make: Callable[[Path], Path], mimetype: str, name: str | None = None) -> Response:
    """Let `make` write a file into a scratch folder, and stream it from there.

    name : what the download is called, unless as the file.
    """
    scratch = tempfile.TemporaryDirectory(prefix="catcpns-ekspor-")
    try:
        path = make(Path(scratch.name))
    except BaseException:
        scratch.cleanup()
        raise

    def stream() -> Iterator[bytes]:
        with scratch, path.open("rb") as file:
            while part := file.read(_SENT_AT_ONCE):
                yield part

    reply = Response(stream(), mimetype=mimetype)
    reply.content_length = path.stat().st_size
    reply.headers.set("Content-Disposition", "attachment", filename=name or path.name)
    reply.call_on_close(scratch.cleanup)  # also when the reader hangs up before the end
    return reply
