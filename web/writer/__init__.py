"""What item writers, reviewers and analysts see of the bank and press."""

from __future__ import annotations

from web.writer import (  # noqa: F401 - add their pages to the blueprint
    bulk,
    copies,
    editor,
    history,
    life,
    models,
    pertukaran,
    stimuli,
    views,
)
from web.writer.blueprint import bp

__all__ = ["bp"]
