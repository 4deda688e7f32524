"""The file of a backup: a zip of one text a table, and a signed list of what is in it.

It holds items with their keys, people and answers, but not the secret of the platform: who has the
file alone can neither make seals nor log in as anybody, but can read everything else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from cat.errors import BadInput
from cat.itembank.base import Base
from web.operations import signing
from web.operations.cadangan import baris
from web.operations.sittings import Keys

FORM = 1
PURPOSE = "cadangan"
MANIFEST = "manifes.json"
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Isi:
    """What is in one table: rows, and SHA-256 of their lines."""

    baris: int
    sha256: str


@dataclass(frozen=True)
class Manifes:
    """What a backup says of itself.

    dibuat : microseconds since 1970-01-01 UTC. skema : revision of the migrations.
    rahasia : fingerprint of the secret under which records are sealed.
    """

    bentuk: int
    dibuat: int
    skema: str
    rahasia: str
    tabel: dict[str, Isi]

    @property
    def baris(self) -> int:
        """Rows of all tables."""
        return sum(each.baris for each in self.tabel.values())


def write(
    connection: Connection, file: Path, *, keys: Keys, now: int, told: Progress = lambda *_: None
) -> Manifes:
    """Write every table of the platform to a new file.

    connection : one that sees a single moment of the database throughout; nobody is held up.
    told : called with a table's name and its rows after each.

    Raises FileExistsError when the file is there.
    """
    with (
        file.open("xb") as raw,
        zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
    ):
        file.chmod(0o600)
        contents = {}
        for table in Base.metadata.sorted_tables:
            with archive.open(_entry(table.name), "w", force_zip64=True) as entry:
                contents[table.name] = _measure(baris.lines(connection, table), entry.write)
            told(table.name, contents[table.name].baris)
        schema = connection.scalar(text("SELECT version_num FROM alembic_version"))
        manifest = Manifes(FORM, now, str(schema), fingerprint(keys), contents)
        archive.writestr(MANIFEST, _signed(manifest, keys))
    return manifest


def read(file: Path, *, keys: Keys) -> Manifes:
    """What a backup says of itself.

    Raises BadInput for a file that is none, that was written under another secret or changed since.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            given = json.loads(archive.read(MANIFEST))
        signature = given.pop("tanda_tangan")
        tables = {name: Isi(**each) for name, each in given.pop("tabel").items()}
        manifest = Manifes(**given, tabel=tables)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{file}: bukan berkas cadangan") from error
    if manifest.bentuk != FORM:
        raise BadInput(f"{file}: bentuk {manifest.bentuk} belum dikenal versi ini")
    if manifest.rahasia != fingerprint(keys):
        raise BadInput(
            f"{file}: dibuat dengan rahasia lain. Pasang CATCPNS_SECRET yang dipakai di tempat "
            "asalnya: tanpa itu segel rekaman dan PIN tidak berlaku"
        )
    public = signing.public_key(keys.signing)
    if not signing.is_signed(public, PURPOSE, _body(manifest), signature):
        raise BadInput(f"{file}: daftar isinya berubah sesudah dibuat")
    return manifest


def check(file: Path, manifest: Manifes, told: Progress = lambda *_: None) -> list[str]:
    """What in the file is not what its list says, by name of table; empty when all is whole."""
    faults = []
    with zipfile.ZipFile(file) as archive:
        for name, promised in manifest.tabel.items():
            try:
                found = _measure(lines_of(archive, name))
            except (KeyError, zipfile.BadZipFile, OSError, EOFError) as error:
                faults.append(f"tabel {name} tidak terbaca ({type(error).__name__})")
                continue
            if found != promised:
                faults.append(f"tabel {name} berubah: {found.baris} baris dari {promised.baris}")
            told(name, found.baris)
    return faults


def compare(connection: Connection, manifest: Manifes) -> list[str]:
    """Where the rows of a database are not those of a backup, by name of table."""
    faults = []
    for table in Base.metadata.sorted_tables:
        promised = manifest.tabel.get(table.name, Isi(0, hashlib.sha256().hexdigest()))
        found = _measure(baris.lines(connection, table))
        if found != promised:
            faults.append(f"tabel {table.name}: {found.baris} baris, {promised.baris} di cadangan")
    return faults


def lines_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The lines of a table in an open backup."""
    with archive.open(_entry(name)) as entry:
        yield from entry


def fingerprint(keys: Keys) -> str:
    """Tells one secret from another without giving it away."""
    return hmac.new(keys.record, b"cadangan", hashlib.sha256).hexdigest()[:32]


def _measure(given: Iterator[bytes], write_on: Callable[[bytes], object] = len) -> Isi:
    digest, count = hashlib.sha256(), 0
    for line in given:
        digest.update(line)
        write_on(line)
        count += 1
    return Isi(count, digest.hexdigest())


def _signed(manifest: Manifes, keys: Keys) -> str:
    signature = signing.sign(keys.signing, PURPOSE, _body(manifest))
    return json.dumps({**asdict(manifest), "tanda_tangan": signature}, indent=1)


def _body(manifest: Manifes) -> str:
    return json.dumps(asdict(manifest), sort_keys=True, separators=(",", ":"))


def _entry(table: str) -> str:
    return f"tabel/{table}.jsonl"
