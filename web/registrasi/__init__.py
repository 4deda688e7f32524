"""The registration desk at a site: identity, attendance, PIN."""

from __future__ import annotations

from web.registrasi.views import bp

__all__ = ["bp"]
