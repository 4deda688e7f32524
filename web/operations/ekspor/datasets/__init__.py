"""The tables that can be exported. Columns are added at the end and never renamed."""

from __future__ import annotations

from cat.errors import BadInput
from web.operations.ekspor.datasets.orang import JEJAK_AUDIT, PESERTA
from web.operations.ekspor.datasets.peringkat import HASIL_PENGUMUMAN, PERINGKAT
from web.operations.ekspor.datasets.profil import PROFIL_DOMAIN
from web.operations.ekspor.datasets.sesi import HASIL_BAGIAN, HASIL_SESI
from web.operations.ekspor.datasets.source import Dataset

__all__ = [
    "DATASETS",
    "HASIL_BAGIAN",
    "HASIL_PENGUMUMAN",
    "HASIL_SESI",
    "JEJAK_AUDIT",
    "PERINGKAT",
    "PESERTA",
    "PROFIL_DOMAIN",
    "Dataset",
    "get_dataset",
]

DATASETS = {
    each.code: each
    for each in (
        *(HASIL_SESI, PERINGKAT, HASIL_PENGUMUMAN, HASIL_BAGIAN),
        *(PROFIL_DOMAIN, PESERTA, JEJAK_AUDIT),
    )
}


def get_dataset(code: str) -> Dataset:
    """The dataset of this code; raises BadInput when there is none."""
    if code not in DATASETS:
        raise BadInput(f"himpunan data {code!r} tidak ada; yang ada: {', '.join(DATASETS)}")
    return DATASETS[code]
