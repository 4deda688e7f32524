"""What a candidate sees and presses."""

from __future__ import annotations
