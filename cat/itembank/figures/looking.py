"""What of a figure the eye can tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cat.itembank.figures.marks import Stamp, stamps
from cat.itembank.figures.reading import read

Look = tuple[tuple[Stamp, ...] | None, ...]  # one for each panel; None is the question mark


def look(figure: Mapping[str, Any]) -> Look:
    """What the eye can tell of each panel; figures that look alike have equal looks.

    The order of marks is left out, so a look equates more, never less, than the eye does.
    Raises BadItem naming place, value and rule.
    """
    panels, _ = read(figure)
    return tuple(None if panel is None else tuple(sorted(stamps(panel))) for panel in panels)
