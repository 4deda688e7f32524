"""How the pages of everybody but candidates look: kept in a cookie of this browser.

Members of staff share computers, and a hall's screen has no account: the choice belongs to the
browser and not to the person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import (
    Blueprint,
    current_app,
    has_request_context,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from web.candidate import tampilan as candidates
from web.tema import classes, is_own_path, known_size, known_theme

COOKIE = "tampilan_petugas"  # not the candidates' name: the path "/" covers their pages too
KEPT_SECONDS = 180 * 24 * 3600

bp = Blueprint("tampilan", __name__)


@dataclass(frozen=True)
class Tampilan:
    """One browser's choices. tema : of THEMES. huruf : of SIZES."""

    tema: str = "terang"
    huruf: int = 1

    @property
    def classes(self) -> str:
        """Classes of the page's root element."""
        return classes(self.tema, self.huruf)

    @property
    def cookie(self) -> str:
        """The choices as the cookie keeps them."""
        return f"{self.tema}.{self.huruf}"

    @classmethod
    def read(cls, text: str) -> Tampilan:
        """From the cookie; what is missing or unknown stays as usual."""
        tema, _, huruf = text.partition(".")
        return cls(known_theme(tema), known_size(huruf))


def current() -> Tampilan:
    """The choices of the browser that asks."""
    return Tampilan.read(request.cookies.get(COOKIE, ""))


def board_theme() -> str:
    """The theme of a score board: what its address says, else this browser's, else dark."""
    kept = current().tema if COOKIE in request.cookies else "gelap"
    return known_theme(request.args.get("tema", ""), kept)


@bp.post("/petugas/tampilan")
def choose() -> ResponseReturnValue:
    """Keep one choice, the theme or the size, and go back to the page that asked."""
    usual = current()
    chosen = replace(
        usual,
        tema=known_theme(request.form.get("tema", ""), usual.tema),
        huruf=known_size(request.form.get("huruf", ""), usual.huruf),
    )
    path = request.form.get("kembali", "")
    target = path if is_own_path(path) else url_for("staff.landing")
    reply = make_response(redirect(target, 303))
    reply.set_cookie(
        COOKIE,
        chosen.cookie,
        max_age=KEPT_SECONDS,
        path="/",
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return reply


@bp.app_context_processor
def look() -> dict[str, object]:
    """The look of every page that is not a candidate's."""
    if not has_request_context() or request.path.startswith(f"{candidates.PATH}/"):
        return {}
    chosen = current()
    return {"tampilan_petugas": chosen, "kelas_html": chosen.classes, "kembali_ke": _here()}


def _here() -> str:
    """This page, to come back to; what answers a form only is no page to come back to."""
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return ""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path
