"""What other programs read and write: a REST interface with an OpenAPI document."""

from __future__ import annotations

from web.api import participants, results, schedule  # noqa: F401 - they add their routes
from web.api.guard import bp

__all__ = ["bp"]
