"""The style sheet and the script of candidate pages, each in one piece.

The sheets of the house lie in cascade layers, which browsers before 2022 skip as a whole. Exam
rooms keep old computers, so candidates get the same sheets in the same order with the layers
unwrapped. A hall that starts together also asks for two files instead of nine.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Response, current_app, url_for

from web.assets import YEAR_SECONDS
from web.candidate.blueprint import bp

SHEETS = ("tokens", "base", "layout", "parts", "candidate", "candidate_tools")
SCRIPTS = ("tools", "exam_send", "exam_page", "exam")


@bp.get("/gaya.css")
def sheet() -> Response:
    """The sheet of all candidate pages."""
    return _kept(_sheet(_folder()), "text/css")


@bp.get("/naskah.js")
def script() -> Response:
    """The script of the pages of items."""
    return _kept(_script(_folder()), "text/javascript")


@bp.app_template_global("gaya_peserta")
def sheet_address() -> str:
    """Where the sheet is; pages that show an item as candidates see it use it too."""
    return url_for("candidate.sheet", v=_digest(_sheet(_folder())))


@bp.app_template_global("naskah_peserta")
def script_address() -> str:
    """Where the script is."""
    return url_for("candidate.script", v=_digest(_script(_folder())))


def unwrap(text: str) -> str:
    """A sheet without comments and without the layers around its rules."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"@layer [\w, ]+;", "", text)
    while match := re.search(r"@layer \w+ \{", text):
        end = _closing(text, match.end())
        text = text[: match.start()] + text[match.end() : end] + text[end + 1 :]
    return _lines(text)


def trim(text: str) -> str:
    """A script without indentation and without lines that are comments.

    No text of ours runs over the end of a line, so nothing that is said can be lost.
    """
    return "\n".join(line for line in _lines(text).splitlines() if not line.startswith("//"))


def _kept(text: str, mimetype: str) -> Response:
    """The address changes with the content, so browsers may keep it."""
    reply = Response(text, mimetype=mimetype)
    reply.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return reply


def _folder() -> Path:
    return Path(str(current_app.static_folder))


@cache
def _sheet(folder: Path) -> str:
    return "\n".join(unwrap((folder / "css" / f"{name}.css").read_text()) for name in SHEETS)


@cache
def _script(folder: Path) -> str:
    return "\n".join(trim((folder / "js" / f"{name}.js").read_text()) for name in SCRIPTS)


@cache
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _closing(text: str, start: int) -> int:
    """Where the brace that was opened just before `start` is closed."""
    depth = 1
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if not depth:
            return position
    raise ValueError("a layer is not closed")
