"""ZIP files from strangers, opened without believing what they say of themselves.

APPNOTE.TXT (PKWARE) 6.3.10: local headers of 30 bytes, end record of 22.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from zipfile import BadZipFile, ZipFile, ZipInfo

from cat.errors import FileRefused

MOST_FILE_BYTES = 40 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_TOTAL = 200 * 1024 * 1024
MOST_ENTRY = 25 * 1024 * 1024
# Text shrinks to a tenth, seldom to a fiftieth; a bomb shrinks a thousandfold.
MOST_RATIO = 200
_RATIO_FROM = 100 * 1024
_LOCAL, _END = b"PK\x03\x04", b"PK\x05\x06"
_DRIVE = re.compile(r"^[A-Za-z]:")


class Archive(Mapping[str, bytes]):
    """The files of a checked archive by path; each is unpacked when asked for.

    Raises FileRefused, naming the entry and the rule, on opening and on reading.
    """

    def __init__(self, data: bytes, *, allow_nested: bool = False) -> None:
        if len(data) > MOST_FILE_BYTES:
            raise FileRefused(f"Berkas terlalu besar: paling banyak {_mega(MOST_FILE_BYTES)}.")
        _refuse_disguised(data)
        try:
            self._zip = ZipFile(BytesIO(data))
        except (BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
            raise FileRefused("ZIP tidak dapat dibaca: berkasnya rusak.") from error
        self._allow_nested = allow_nested
        self._infos = _checked(self._zip.infolist())

    def __getitem__(self, name: str) -> bytes:
        info = self._infos[name]
        try:
            with self._zip.open(info) as file:
                body = file.read(MOST_ENTRY + 1)
        except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
            raise FileRefused(f"{_named(name)} di dalam ZIP rusak atau tersandi.") from error
        if len(body) > MOST_ENTRY:
            raise FileRefused(f"{_named(name)}: paling banyak {_mega(MOST_ENTRY)} setelah dibuka.")
        if body[:4] == _LOCAL and not self._allow_nested:
            raise FileRefused(f"{_named(name)}: ZIP di dalam ZIP tidak diterima.")
        return body

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP does, or hide one behind something else."""
    return data[:4] == _LOCAL or data[:4] == _END


def _refuse_disguised(data: bytes) -> None:
    """A ZIP and nothing else: no other file in front of it or behind it."""
    end = data.rfind(_END)
    if not is_zip(data) or end < 0 or len(data) < end + 22:
        raise FileRefused("Berkas ini bukan ZIP utuh.")
    comment = int.from_bytes(data[end + 20 : end + 22], "little")
    if end + 22 + comment != len(data):
        raise FileRefused("Ada isi lain di belakang ZIP; berkas berwajah dua tidak diterima.")


def _checked(infos: list[ZipInfo]) -> dict[str, ZipInfo]:
    if len(infos) > MOST_ENTRIES:
        raise FileRefused(f"ZIP memuat {len(infos)} berkas; paling banyak {MOST_ENTRIES}.")
    if sum(info.file_size for info in infos) > MOST_TOTAL:
        raise FileRefused(f"Isi ZIP setelah dibuka melebihi {_mega(MOST_TOTAL)}.")
    _refuse_overlaps(infos)
    seen: dict[str, ZipInfo] = {}
    folded: set[str] = set()
    for info in infos:
        _refuse_entry(info)
        if info.filename.casefold() in folded:
            raise FileRefused(f"{_named(info.filename)} ada dua kali di dalam ZIP.")
        folded.add(info.filename.casefold())
        if not info.is_dir():
            seen[info.filename] = info
    return seen


def _refuse_overlaps(infos: list[ZipInfo]) -> None:
    """Entries that share bytes unpack to far more than the file holds."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    if ordered and ordered[0].header_offset != 0:
        raise FileRefused("Ada isi lain di depan ZIP; berkas berwajah dua tidak diterima.")
    for one, next_one in pairwise(ordered):
        least = one.header_offset + 30 + len(one.orig_filename) + one.compress_size
        if least > next_one.header_offset:
            raise FileRefused(f"{_named(one.filename)} bertumpang tindih dengan berkas lain.")


def _refuse_entry(info: ZipInfo) -> None:
    # The library cuts names at a NUL; the name as written is what counts.
    name = info.orig_filename
    if any(ord(letter) < 32 for letter in name):
        raise FileRefused(f"{_named(name)}: nama berkas memuat tanda kendali.")
    if name.startswith("/") or "\\" in name or _DRIVE.match(name) or ".." in name.split("/"):
        raise FileRefused(f"{_named(name)}: jalur berkas keluar dari ZIP.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise FileRefused(f"{_named(name)}: tautan dan berkas khusus tidak diterima.")
    if info.flag_bits & 1:
        raise FileRefused(f"{_named(name)}: berkas bersandi tidak diterima.")
    if info.file_size > MOST_ENTRY:
        raise FileRefused(f"{_named(name)}: paling banyak {_mega(MOST_ENTRY)} setelah dibuka.")
    if info.file_size > max(_RATIO_FROM, MOST_RATIO * info.compress_size):
        raise FileRefused(f"{_named(name)}: mengembang lebih dari {MOST_RATIO} kali (bom ZIP).")


def _named(name: str) -> str:
    return repr(name[:80])


def _mega(size: int) -> str:
    return f"{size // 1024 // 1024} MB"
