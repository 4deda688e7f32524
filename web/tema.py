"""Colours and sizes of letters that every page knows, whoever reads it."""

from __future__ import annotations

SIZES = (1, 2, 3)
THEMES = ("terang", "gelap", "kontras", "krem")


def known_size(text: str, usual: int = 1) -> int:
    """The size that a text names, or the usual one."""
    return int(text) if text in map(str, SIZES) else usual


def known_theme(text: str, usual: str = "terang") -> str:
    """The theme that a text names, or the usual one."""
    return text if text in THEMES else usual


def classes(theme: str, size: int) -> str:
    """Classes of the root element of a page; tokens.css and base.css say what they look like."""
    return f"tema-{theme} huruf-{size}"


def is_own_path(text: str, under: str = "/") -> bool:
    """Whether an address to go back to is a path of this site, and begins as it should."""
    is_plain = text.isprintable() and "\\" not in text and "//" not in text
    return is_plain and text.startswith(under)
