"""How the pages of a candidate look and in which language: kept in a cookie of this browser.

The server reads it, so that the first paint is right; the page's script may write it, so that a
change needs no network.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Response, has_request_context, request

from web.tema import classes, known_size, known_theme

COOKIE, PATH = "tampilan", "/ujian"
KEPT_SECONDS = 12 * 3600  # one day of exams; the next day begins with the ordinary look
LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class Tampilan:
    """One browser's choices.

    huruf : 1 to 3. tema, bahasa : of THEMES and LANGUAGES. pintasan : whether single letters
    are keys. coret : whether buttons that cross out an option are shown.
    """

    huruf: int = 1
    tema: str = "terang"
    bahasa: str = "id"
    pintasan: bool = True
    coret: bool = False

    @property
    def classes(self) -> str:
        """Classes of the page's root element."""
        return classes(self.tema, self.huruf) + " pakai-coret" * self.coret

    @property
    def cookie(self) -> str:
        """The choices as the cookie keeps them."""
        parts = (self.huruf, self.tema, self.bahasa, int(self.pintasan), int(self.coret))
        return ".".join(map(str, parts))

    @classmethod
    def read(cls, text: str) -> Tampilan:
        """From the cookie; what is missing or unknown stays as usual."""
        usual = cls()
        huruf, tema, bahasa, pintasan, coret = (*text.split("."), *[""] * 5)[:5]
        return cls(
            huruf=known_size(huruf, usual.huruf),
            tema=known_theme(tema, usual.tema),
            bahasa=bahasa if bahasa in LANGUAGES else usual.bahasa,
            pintasan=pintasan != "0",
            coret=coret == "1",
        )

    def with_needs(self, needs: Iterable[str]) -> Tampilan:
        """With what accommodations ask for, where the candidate has not chosen otherwise."""
        chosen, needs, usual = self, set(needs), Tampilan()
        if "huruf_besar" in needs and self.huruf == usual.huruf:
            chosen = replace(chosen, huruf=3)
        if "kontras" in needs and self.tema == usual.tema:
            chosen = replace(chosen, tema="kontras")
        if "pembaca_layar" in needs:
            # Screen readers use single letters themselves.
            chosen = replace(chosen, pintasan=False)
        return chosen


def current() -> Tampilan:
    """The choices of the browser that asks."""
    return Tampilan.read(request.cookies.get(COOKIE, ""))


def keep(reply: Response, chosen: Tampilan) -> Response:
    """Let the browser keep these choices."""
    reply.set_cookie(
        COOKIE, chosen.cookie, max_age=KEPT_SECONDS, path=PATH, samesite="Lax", httponly=False
    )
    return reply


def forget(reply: Response) -> Response:
    """The next person at this computer begins with the ordinary look."""
    reply.delete_cookie(COOKIE, path=PATH)
    return reply


def locale() -> str:
    """The language of the reply: only pages of candidates are in more than one."""
    if has_request_context() and request.path.startswith(f"{PATH}/"):
        return current().bahasa
    return "id"
