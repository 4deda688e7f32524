"""Changes of plan for a whole sesi: proposed by one person, agreed to by another."""

from __future__ import annotations

from web.operations.jadwal.perubahan.usul import TINDAKAN, approve, pending, propose, reject

__all__ = ["TINDAKAN", "approve", "pending", "propose", "reject"]
