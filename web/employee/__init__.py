"""What an employee sees and presses: own requests, and those of the people who report to them."""

from __future__ import annotations

from web.employee.views import bp

__all__ = ["bp"]
