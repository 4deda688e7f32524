"""What analysts see of blueprints, pools and the health of the bank."""

from __future__ import annotations

from web.pools.blueprint import bp

__all__ = ["bp"]
