"""A browser as far as a load needs one: cookies that are kept, forms that are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bench.load.client import Reply
from bench.load.sender import Server

_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=]+)=([^;\r\n]*)", re.IGNORECASE)


class Unexpected(Exception):
    """A reply that the page would not go on with. Its text says which."""


class Browser:
    """One person's browser."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.jar: dict[str, str] = {}
        self.token = ""

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """A page, or what a script asks for; its form's token is kept."""
        reply = await self.server.get(path, cookie=self._cookie(), headers=headers)
        return self._keep(reply)

    async def post(self, path: str, **fields: Any) -> Reply:
        """Send the form of the page seen last, as a person does."""
        sent = {**fields, "csrf_token": self.token}
        reply = await self.server.post_form(
            path, sent, cookie=self._cookie(), headers={"Accept": "text/html"}
        )
        return self._keep(reply)

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.jar.items())

    def _keep(self, reply: Reply) -> Reply:
        for name, value in _COOKIE.findall(reply.head):
            self.jar[name.decode().strip()] = value.decode()
        if found := _TOKEN.search(reply.body):
            self.token = found.group(1).decode()
        return reply


def expect(reply: Reply, *statuses: int) -> Reply:
    """The reply, when it has one of these statuses; raises Unexpected."""
    if reply.status not in statuses:
        text = re.sub(rb"<[^>]+>|\s+", b" ", reply.body)[:200].decode(errors="replace")
        raise Unexpected(f"status {reply.status}, not {statuses}: {text}")
    return reply
