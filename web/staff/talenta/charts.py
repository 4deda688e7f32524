"""Where the marks of the charts about talent stand, so that templates need no arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.formatting import angka
from web.staff.charts import LABEL, ROW, TICKS, TOP, WIDTH, Interval
from web.staff.talenta.figures import Share

_SPAN = WIDTH - LABEL - 64


@dataclass(frozen=True)
class ShareChart:
    """Shares with their intervals and the aim. Units: SVG user units. alt : all of it in words."""

    rows: tuple[Interval, ...]
    ticks: tuple[tuple[float, str], ...]
    aim: float
    aim_text: str
    height: int
    alt: str
    width: int = WIDTH
    label_end: int = LABEL - 12
    top: int = TOP


def share_chart(shares: Sequence[Share], aim_percent: int) -> ShareChart:
    """Chart of the shares that are known."""
    known = [(each.nama, each.bagian) for each in shares if each.bagian is not None]
    rows = tuple(
        Interval(
            label=nama if len(nama) <= 36 else nama[:35] + "…",
            text=f"{angka(100 * share.bagian, 0)}%",
            y=TOP + ROW * place + ROW // 2,
            x=_place(share.bagian),
            low=_place(share.bawah),
            high=_place(share.atas),
        )
        for place, (nama, share) in enumerate(known)
    )
    words = "; ".join(
        f"{nama} {angka(100 * share.bagian, 0)}% "
        f"(selang {angka(100 * share.bawah, 0)} sampai {angka(100 * share.atas, 0)}%)"
        for nama, share in known
    )
    return ShareChart(
        rows=rows,
        ticks=tuple((_place(tick / 100), f"{tick}%") for tick in TICKS),
        aim=_place(aim_percent / 100),
        aim_text=f"sasaran {aim_percent}%",
        height=TOP + ROW * len(rows) + 28,
        alt=f"Bagian pegawai dengan dasar TI kuat, sasaran {aim_percent}%: {words}.",
    )


def _place(share: float) -> float:
    return round(LABEL + _SPAN * share, 1)
