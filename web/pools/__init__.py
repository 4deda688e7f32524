"""What analysts see of blueprints, pools and the health of the bank."""

from __future__ import annotations

from web.operations.kisi_kisi import pekerjaan  # noqa: F401 - tells workers how to check proposals
from web.pools import editing, health, views  # noqa: F401 - their routes
from web.pools.blueprint import bp

__all__ = ["bp"]
