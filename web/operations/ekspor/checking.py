"""Checking an export: signature, hashes, and which rows were changed. Needs no database."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from cat.errors import BadInput
from web.operations.ekspor.columns import Column
from web.operations.ekspor.comparing import Original, compare
from web.operations.ekspor.packing import KIND, MANIFEST, ROW_PRINTS, VERSION, is_signed

_LARGEST_MANIFEST = 64 << 20
_READ = 1 << 20


@dataclass(frozen=True)
class Report:
    """What a check found. manifest : as read; findings : in Indonesian, empty when all holds."""

    manifest: Mapping[str, Any]
    findings: tuple[str, ...]


class Package(Protocol):
    """A ZIP or a folder."""

    def names(self) -> list[str]:
        """Names of its files; one that occurs twice is named twice."""

    def open(self, name: str) -> IO[bytes]:
        """One of its files."""


def check(path: Path, public: str) -> Report:
    """Check an export as it lies in a ZIP or in a folder.

    public : the key, hexadecimal, that it must be signed with.

    Raises BadInput when it is no export at all, or the key is none.
    """
    with _opened(path) as package:
        names = package.names()
        manifest = _manifest(package, names)
        findings = list(_of_signature(manifest, public))
        findings += _of_names(names, manifest)
        for each in manifest["berkas"]:
            findings += _of_file(package, names, manifest, each)
    return Report(manifest, tuple(findings))


def _manifest(package: Package, names: list[str]) -> dict[str, Any]:
    if MANIFEST not in names:
        raise BadInput(f"{MANIFEST} tidak ada: ini bukan ekspor yang bertanda tangan")
    with package.open(MANIFEST) as file:
        content = file.read(_LARGEST_MANIFEST)
    try:
        manifest = json.loads(content)
        kind, version = manifest["jenis"], manifest["versi"]
        _ = [(str(f["nama"]), int(f["bita"]), str(f["sha256"])) for f in manifest["berkas"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{MANIFEST} tidak dapat dibaca: {error}") from error
    if (kind, version) != (KIND, VERSION):
        raise BadInput(f"{MANIFEST}: jenis {kind!r} versi {version!r} tidak dikenal")
    return dict(manifest)


def _of_signature(manifest: Mapping[str, Any], public: str) -> Iterator[str]:
    if is_signed(manifest, public):
        return
    own = str(manifest.get("kunci_publik", ""))
    if own == public:
        yield f"{MANIFEST}: tanda tangan tidak cocok, isi manifest diubah"
    else:
        yield (
            f"{MANIFEST}: tidak ditandatangani dengan kunci {public[:16]}…, "
            f"melainkan menyebut kunci {own[:16]}…"
        )


def _of_names(names: list[str], manifest: Mapping[str, Any]) -> Iterator[str]:
    known = {MANIFEST, *(each["nama"] for each in manifest["berkas"])}
    for name, times in sorted(Counter(names).items()):
        if times > 1:
            yield f"{name}: ada {times} kali dalam paket"
        if name not in known:
            yield f"{name}: tidak disebut dalam manifest"


def _of_file(
    package: Package, names: list[str], manifest: Mapping[str, Any], stated: Mapping[str, Any]
) -> Iterator[str]:
    name = str(stated["nama"])
    if name not in names:
        yield f"{name}: tidak ada dalam paket"
        return
    try:
        digest, size = hashlib.sha256(), 0
        with package.open(name) as file:
            while part := file.read(_READ):
                digest.update(part)
                size += len(part)
    except (OSError, zipfile.BadZipFile) as error:
        yield f"{name}: rusak ({error})"
        return
    if (size, digest.hexdigest()) == (stated["bita"], stated["sha256"]):
        return
    change = f"{size} bita, seharusnya {stated['bita']}" if size != stated["bita"] else "SHA-256"
    yield f"{name}: berkas diubah ({change})"
    if "format" in stated:
        yield from _changed_rows(package, names, manifest, stated)


def _changed_rows(
    package: Package, names: list[str], manifest: Mapping[str, Any], stated: Mapping[str, Any]
) -> Iterator[str]:
    """Which rows of a changed file are not the ones that were exported."""
    name = str(stated["nama"])
    try:
        columns = [Column.read(each) for each in manifest["kolom"]]
        rows = b""
        if ROW_PRINTS in names:
            with package.open(ROW_PRINTS) as file:
                rows = file.read()
        original = Original.read(manifest["blok"], rows)
        with package.open(name) as file:
            for found in compare(stated["format"], file, columns, original):
                yield f"{name}: {found}"
    except BadInput as error:
        yield f"{name}: {error}"
    except (KeyError, ValueError, TypeError) as error:
        yield f"{name}: baris tidak dapat dibandingkan, manifest rusak ({error})"


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def names(self) -> list[str]:
        return self._archive.namelist()

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir() if path.is_file())

    def open(self, name: str) -> IO[bytes]:
        return (self._folder / name).open("rb")


@contextmanager
def _opened(path: Path) -> Iterator[Package]:
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield _Zip(archive)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput(f"{path}: bukan ZIP yang utuh ({error})") from error
