"""Static files under addresses that change with their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

YEAR_SECONDS = 365 * 24 * 3600


def version(app: Flask) -> None:
    """Add the hash of the content to every static address, and let it be kept for a year."""
    folder = Path(str(app.static_folder))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR_SECONDS

    @cache
    def content_hash(name: str) -> str:
        path = folder / name
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""

    @app.url_defaults
    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values["v"] = content_hash(values["filename"])
