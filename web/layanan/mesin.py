"""How a web process holds its connections to the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import make_url

# Beside the threads that serve people: the pulse, the writer of answers, two for last answers,
# contacts, readiness.
HELPERS = 6
# A thread that gets no connection for so long tells its candidate to come again.
POOL_SECONDS = 10


def engine_options(url: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Options of SQLAlchemy's engine for a database.

    environment : CATCPNS_THREADS, how many threads of a web process serve people;
        CATCPNS_STATEMENT_SECONDS, after how long PostgreSQL ends its statements (0: never). Both
        count only where `catcpns serve` has set CATCPNS_PROCESS to web: commands and background
        jobs may take as long as they need.
    """
    is_web = environment.get("CATCPNS_PROCESS") == "web"
    threads = int(environment.get("CATCPNS_THREADS", "0")) if is_web else 0
    seconds = int(environment.get("CATCPNS_STATEMENT_SECONDS", "0")) if is_web else 0
    options: dict[str, Any] = {
        # Each thread may hold one connection for a request and one to count a failed login.
        "pool_size": max(5, threads + HELPERS),
        "max_overflow": max(10, threads),
        "pool_timeout": POOL_SECONDS,
        "hide_parameters": True,  # an error names the statement, never the people in it
    }
    if make_url(url).get_backend_name() == "postgresql":
        options |= {"pool_pre_ping": True, "pool_recycle": 1800}
        options["connect_args"] = _postgres(seconds, alone=is_web)
    return options


def _postgres(statement_seconds: int, *, alone: bool) -> dict[str, Any]:
    """A connection that notices a dead server, and that cannot hold others up for long.

    alone : its statements take no second processor: answers go before lists.
    """
    settings = {"max_parallel_workers_per_gather": 0} if alone else {}
    if statement_seconds:
        settings |= {
            "statement_timeout": statement_seconds * 1000,
            "lock_timeout": max(1, statement_seconds // 3) * 1000,
            "idle_in_transaction_session_timeout": 2 * statement_seconds * 1000,
        }
    return {
        "connect_timeout": 5,
        "keepalives_idle": 20,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "application_name": "catcpns",
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
    }
