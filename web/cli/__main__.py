"""`python -m web.cli` is `catcpns`, for processes that start one another."""

from __future__ import annotations

from web.cli import main

main()
