"""Which time the platform keeps on each machine. Times are microseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from cat.itembank.base import Base


class JamMesin(Base):
    """The platform's time on one machine since it was last started.

    mesin : as `web.clock.machine` names it; a machine started again is another one.
    selisih : the platform's time less the machine's count since its start.
    disetel_at : the platform's time when that was last set.
    """

    __tablename__ = "jam_mesin"

    mesin: Mapped[str] = mapped_column(String(36), primary_key=True)
    selisih: Mapped[int] = mapped_column(BigInteger)
    disetel_at: Mapped[int] = mapped_column(BigInteger)
