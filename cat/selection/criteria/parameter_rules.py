"""Rules that the parameters of a criterion obey; refusals are read by staff, hence Indonesian."""

from __future__ import annotations

import math
from typing import Any

from cat.errors import BadInput


def require_finite(name: str, value: Any) -> None:
    """Raise BadInput unless the value is a finite number."""
    if not _is_number(value):
        raise BadInput(f"{name} harus bilangan berhingga; diberikan {value!r}", parameter=name)


def require_positive(name: str, value: Any) -> None:
    """Raise BadInput unless the value is a finite number above 0."""
    if not _is_number(value) or value <= 0:
        raise BadInput(f"{name} harus bilangan di atas 0; diberikan {value!r}", parameter=name)


def require_count(name: str, value: Any) -> None:
    """Raise BadInput unless the value is a whole number of at least 1."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadInput(
            f"{name} harus bilangan bulat mulai dari 1; diberikan {value!r}", parameter=name
        )


def require_truth(name: str, value: Any) -> None:
    """Raise BadInput unless the value is True or False."""
    if not isinstance(value, bool):
        raise BadInput(
            f"{name} harus benar atau salah (true, false); diberikan {value!r}", parameter=name
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
