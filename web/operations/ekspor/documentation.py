"""docs/kolom-ekspor.md, from the same data that the files are written by."""

from __future__ import annotations

from collections.abc import Iterator

from web.operations.ekspor.datasets import DATASETS
from web.operations.ekspor.datasets.source import Dataset
from web.operations.ekspor.formats import FORMATS

_HEAD = """# Kolom ekspor

Halaman ini dibuat oleh `catcpns ekspor kolom`; jangan disunting. Kolom baru hanya ditambahkan di
akhir, dan nama kolom tidak pernah diganti.

| Tipe | XLSX | CSV | Parquet | JSON |
|---|---|---|---|---|
| teks | teks; nol di depan tetap | teks; yang mirip rumus diawali apostrof | String | teks |
| bilangan bulat | angka | angka | Int64 | angka |
| bilangan pecahan | angka, 15 digit | angka, sampai bit terakhir | Float64 | angka |
| desimal tetap | angka | angka | Decimal | angka |
| ya/tidak | ya, tidak | ya, tidak | Boolean | true, false |
| tanggal | tanggal | 2026-11-18 | Date | teks 2026-11-18 |
| waktu | tanggal dan jam Jakarta | 2026-11-18T08:00:00.000000+07:00 | Datetime UTC | seperti CSV |

Sel tanpa nilai kosong dalam XLSX dan CSV, null dalam Parquet dan JSON.
"""


def page() -> str:
    """The whole page as Markdown."""
    formats = "".join(f"- `{each.code}`: {each.title}\n" for each in FORMATS.values())
    parts = [_HEAD, f"\nFormat:\n\n{formats}", *map(_section, DATASETS.values())]
    return "".join(parts)


def _section(dataset: Dataset) -> str:
    return "".join(_lines(dataset))


def _lines(dataset: Dataset) -> Iterator[str]:
    yield f"\n## {dataset.title} (`{dataset.code}`)\n\n{dataset.meaning}\n"
    yield f"Saringan: {', '.join(f'`{name}`' for name in dataset.filters)}.\n"
    if "pada" in dataset.filters:
        yield "`pada` adalah hari yang ketentuannya dipakai: hari ekspor diminta.\n"
    yield "\n"
    yield "| No. | Kolom | Tipe | Satuan | Arti |\n|---|---|---|---|---|\n"
    for number, column in enumerate(dataset.columns, start=1):
        kind = f"{column.kind}, {column.scale} desimal" if column.scale else column.kind
        yield f"| {number} | `{column.name}` | {kind} | {column.unit} | {column.meaning} |\n"
