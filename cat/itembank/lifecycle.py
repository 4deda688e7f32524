"""The states of an item, from draft to retirement."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """State of an item; the values are the words shown and stored."""

    DRAF = "draf"
    TELAAH = "telaah"
    PERLU_REVISI = "perlu revisi"
    DISETUJUI = "disetujui"
    UJI_COBA = "uji coba"
    AKTIF = "aktif"
    PENSIUN = "pensiun"
    BOCOR = "bocor"


# A writer may change only what has not been approved; later changes need a new version.
EDITABLE = frozenset({Status.DRAF, Status.PERLU_REVISI})
