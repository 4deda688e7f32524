"""A published pool as one file that can be carried to another machine.

The file is a zip archive without compression and without dates, so that the same pool gives the
same bytes everywhere; any unzip program opens it.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from cat.errors import BadInput, PoolDamaged
from cat.itembank.pool import Pool, load

ENTRIES = ("manifest.json", "tables.bin", "digest.txt")
_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can state
_READABLE_BY_ALL = 0o644 << 16


def save_pool(pool: Pool, path: Path) -> None:
    """Write a pool to `path`; a file that is already there is replaced in one step."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    contents = (pool.manifest, pool.tables, pool.digest.encode("ascii"))
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, content in zip(ENTRIES, contents, strict=True):
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.external_attr = _READABLE_BY_ALL
            entry.create_system = 3  # fixed, because it would otherwise name the operating system
            archive.writestr(entry, content)
    unfinished.replace(path)


def read_pool(path: Path) -> Pool:
    """The pool in a file.

    Raises BadInput when the file is missing or is not a pool file, PoolDamaged when its content
    no longer hashes to the digest that it carries.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            stored = all(entry.compress_type == zipfile.ZIP_STORED for entry in entries.values())
            if set(entries) != set(ENTRIES) or not stored:
                raise BadInput(f"{path}: bukan berkas pool; isinya {sorted(entries)}")
            manifest, tables, digest = (archive.read(name) for name in ENTRIES)
    except OSError as error:
        raise BadInput(f"{path}: tidak dapat dibaca ({error.strerror})") from error
    except zipfile.BadZipFile as error:
        # A changed byte fails the archive's own checksum before the digest is looked at.
        if zipfile.is_zipfile(path):
            raise PoolDamaged(f"{path}: isi berkas pool berubah ({error})") from error
        raise BadInput(f"{path}: bukan berkas pool (bukan arsip zip)") from error
    return load(manifest, tables, digest.decode("ascii", "replace"))
