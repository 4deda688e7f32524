"""The signed manifest of an export, and everything in one ZIP."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from web import clock
from web.operations import signing
from web.operations.ekspor.datasets.source import Origins
from web.operations.ekspor.making import Made, Plan

MANIFEST, ROW_PRINTS = "manifest.json", "sidik-baris.bin"
KIND, VERSION, PURPOSE = "catcpns-ekspor", 1, "ekspor"
_COPIED = 1 << 20
_PACKED_ALREADY = frozenset({"xlsx", "parquet"})
_HOW_TO_CHECK = (
    "catcpns ekspor verify BERKAS --kunci KUNCI_PUBLIK; kunci publik diterbitkan di alamat "
    "/kunci-publik pada situs penerbit, jangan dipercaya dari berkas ini"
)


@dataclass(frozen=True)
class Stamp:
    """Who made an export, and when (microseconds since 1970-01-01 UTC)."""

    at: int
    by: str

    @property
    def iso(self) -> str:
        """The moment in the time of Jakarta."""
        return clock.as_datetime(self.at).astimezone(clock.WIB).isoformat()


def pack(made: Made, plan: Plan, origins: Origins, stamp: Stamp, seed: bytes, out: Path) -> None:
    """Put the rows, the fingerprints of rows and the signed manifest in one ZIP.

    seed : of the signing key. The same export packed twice gives the same bytes.
    """
    half = out.with_name(out.name + ".tulis")
    with ZipFile(half, "w") as archive:
        store = _Store(archive, stamp)
        method = ZIP_STORED if plan.format.suffix in _PACKED_ALREADY else ZIP_DEFLATED
        with made.path.open("rb") as rows:
            files = [store.add(plan.file_name, rows, method) | {"format": plan.format.code}]
        files.append(store.add_parts(ROW_PRINTS, (prints.rows for prints in made.prints)))
        manifest = _manifest(made, plan, origins, stamp) | {"berkas": files}
        store.add_parts(MANIFEST, [as_text(signed(manifest, seed)).encode()])
    half.replace(out)


def signed(manifest: Mapping[str, Any], seed: bytes) -> dict[str, Any]:
    """The manifest with its public key and the signature over all the rest."""
    whole = {**manifest, "kunci_publik": signing.public_key(seed)}
    return {**whole, "tanda_tangan": signing.sign(seed, PURPOSE, canonical(whole))}


def is_signed(manifest: Mapping[str, Any], public: str) -> bool:
    """Whether the holder of a public key signed this manifest as it is."""
    signature = str(manifest.get("tanda_tangan", ""))
    return signing.is_signed(public, PURPOSE, canonical(manifest), signature)


def canonical(manifest: Mapping[str, Any]) -> str:
    """What the signature stands under: sorted keys, no spaces, without the signature itself."""
    rest = {name: value for name, value in manifest.items() if name != "tanda_tangan"}
    return json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def as_text(manifest: Mapping[str, Any]) -> str:
    """The manifest as people read it."""
    return json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"


def _manifest(made: Made, plan: Plan, origins: Origins, stamp: Stamp) -> dict[str, Any]:
    return {
        "jenis": KIND,
        "versi": VERSION,
        "himpunan": plan.dataset.code,
        "judul": plan.dataset.title,
        "dibuat_pada": stamp.iso,
        "dibuat_oleh": stamp.by,
        "saringan": plan.filters.to_mapping(),
        **asdict(origins),
        "baris": made.rows,
        "kolom": [column.described() for column in plan.dataset.columns],
        "blok": [
            {"baris": prints.count, "sha256": prints.sha256, "kolom": " ".join(prints.columns)}
            for prints in made.prints
        ],
        "cara_memeriksa": _HOW_TO_CHECK,
    }


class _Store:
    """Adds files to an archive and notes the bytes and the hash of each."""

    def __init__(self, archive: ZipFile, stamp: Stamp) -> None:
        local = clock.as_datetime(stamp.at).astimezone(clock.WIB)
        self._archive, self._when = archive, local.timetuple()[:6]

    def add(self, name: str, file: IO[bytes], method: int) -> dict[str, Any]:
        return self.add_parts(name, iter(lambda: file.read(_COPIED), b""), method)

    def add_parts(
        self, name: str, parts: Iterable[bytes], method: int = ZIP_DEFLATED
    ) -> dict[str, Any]:
        info = ZipInfo(name, self._when)
        info.compress_type, info.external_attr = method, 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as entry:
            for part in parts:
                digest.update(part)
                size += len(part)
                entry.write(part)
        return {"nama": name, "bita": size, "sha256": digest.hexdigest()}
