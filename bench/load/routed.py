"""Between browsers and web processes: what nginx does in production (`deploy/nginx.conf`).

All requests of one sitting go to the same process, which then knows where it stands without reading
its record again; whatever names no sitting goes to the processes by turns.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from bench.load.client import Client, Reply
from bench.load.server import Running

_SITTING = re.compile(r"/ujian/([0-9a-f-]{36})")


class Routed:
    """Clients of several servers, used as one. connections : to all of them together."""

    def __init__(self, servers: Sequence[Running], *, connections: int) -> None:
        each = -(-connections // len(servers))
        self._clients = [Client(one.host, one.port, connections=each) for one in servers]
        self._turns = itertools.cycle(self._clients)

    async def get(
        self, path: str, *, cookie: str = "", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """As `Client.get`."""
        return await self._of(path).get(path, cookie=cookie, headers=headers)

    async def post_form(
        self,
        path: str,
        fields: Mapping[str, Any],
        *,
        cookie: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """As `Client.post_form`."""
        return await self._of(path).post_form(path, fields, cookie=cookie, headers=headers)

    def close(self) -> None:
        """Hang up."""
        for client in self._clients:
            client.close()

    def _of(self, path: str) -> Client:
        found = _SITTING.match(path)
        if found is None:
            return next(self._turns)
        return self._clients[zlib.crc32(found[1].encode()) % len(self._clients)]
