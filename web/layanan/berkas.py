"""The files of `deploy/` filled in for one installation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from cat.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
_PLACE = re.compile(r"@([A-Z_]+)@")
# A value goes into a configuration file as it is: nothing that could end a line or a statement.
_HARMLESS = re.compile(r"[A-Za-z0-9_./:@*\[\] -]*")


def fill(path: Path, values: Mapping[str, str]) -> str:
    """The text of a file with every @NAME@ replaced.

    Raises BadInput for a value with a character that means something to nginx or systemd, and for
    a place for which there is no value.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise BadInput(f"{path.name}: tidak ada nilai untuk @{name}@", name=name)
        return values[name]

    return _PLACE.sub(value, path.read_text(encoding="utf-8"))


def harmless(what: str, value: str) -> str:
    """The value, when it may stand in a configuration file; else BadInput."""
    if not value or not _HARMLESS.fullmatch(value):
        raise BadInput(f"{what}: {value!r} memuat huruf yang tidak diizinkan", what=what)
    return value


def upstream(address: str) -> str:
    """The line of nginx for a web process at HOST:PORT or unix:PATH.

    One on this machine is tried again at once: while it restarts, its port refuses in no time. One
    on another machine may hang: after three failures it is left alone for a few seconds.
    """
    is_here = address.startswith(("127.", "unix:", "localhost:", "[::1]"))
    patience = "max_fails=0" if is_here else "max_fails=3 fail_timeout=5s"
    return f"        server {harmless('proses', address)} {patience};"
