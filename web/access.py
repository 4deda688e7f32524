"""Who may see what: closed unless said otherwise.

Each audience's blueprint states its rule once, in `before_request`. What belongs to no blueprint
and is not named in PUBLIC is refused to everybody.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

STAF, PENULIS, PENGAWAS, PEGAWAI = "staf", "penulis", "pengawas", "pegawai"
PIMPINAN, PENELAAH, ANALIS = "pimpinan", "penelaah", "analis"
REGISTRASI = "registrasi"

# The blueprints of members of staff and employees, and the roles of which each asks for one.
ROLES_OF = {
    "ekspor": (STAF,),
    "pekerjaan": (STAF,),
    "proctor": (PENGAWAS,),
    "staff": (STAF,),
    "fleksibel": (STAF,),
    "employee": (PEGAWAI,),
    "head": (PIMPINAN,),
    "dokumen": (STAF,),
    "dasbor": (STAF,),
    "ketentuan": (STAF,),
    "staff_api": (STAF,),
    "pelindungan": (STAF,),
    "profil": (STAF,),
    "seleksi": (STAF,),
    "talenta": (STAF,),
    "writer": (PENULIS, PENELAAH, ANALIS),
    "kalibrasi": (ANALIS,),
    "pools": (ANALIS,),
    "jadwal": (STAF,),
    "registrasi": (REGISTRASI,),
    "papan": (PENGAWAS, STAF),
    "usul": (PENGAWAS, STAF),
}
GUARDED = frozenset({*ROLES_OF, "candidate", "media", "api"})
PUBLIC = frozenset(
    {
        "static",
        "public.home",
        "public.health",
        "layanan.ready",  # these two ask who it is themselves: this machine, or a token
        "layanan.metrics",
        "ekspor.public_key",
        "periksa.index",  # the public check of documents: by number and code, or by file
        "periksa.show",
        "periksa.upload",
        "api.openapi",
        "pengumuman.index",
        "pengumuman.show",
        "pengumuman.objection",
        "papan.show",  # the score board: whoever has its secret address
        "papan.data",
        "candidate.login",
        "candidate.language",
        "candidate.look",
        "candidate.script",
        "candidate.sheet",
        "security.login",
        "security.logout",
        "tampilan.choose",  # a cookie of the browser that asks, also at the login
        "staff.landing",  # redirects by role, or to the login
    }
)


def protect(app: Flask) -> None:
    """Refuse every endpoint that nobody has opened."""

    @app.before_request
    def refuse_nul() -> None:
        # No text of ours holds a NUL, and PostgreSQL would not store it.
        if "\0" in request.path:
            abort(404)
        if any("\0" in text for _, text in (*request.form.items(True), *request.args.items(True))):
            abort(400)

    @app.before_request
    def default_deny() -> None:
        endpoint = request.endpoint or ""
        if endpoint and endpoint not in PUBLIC and request.blueprint not in GUARDED:
            abort(404)


def role_required(*roles: str) -> Callable[[], ResponseReturnValue | None]:
    """A `before_request` guard: members of staff with one of these roles only."""

    def guard() -> ResponseReturnValue | None:
        if request.endpoint in PUBLIC:
            return None
        if not current_user.is_authenticated:
            return redirect(url_for("security.login", next=request.path), 303)
        if not any(current_user.has_role(role) for role in roles):
            abort(403)
        return None

    return guard
