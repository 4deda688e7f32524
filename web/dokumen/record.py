"""The signed record of one document: what it says in public, and the fingerprints of its PDF."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from cat.errors import BadInput
from cat.ketentuan.canonical import digest_of
from web.dokumen.inspection import Page
from web.operations import signing

FORMAT = "catcpns-dokumen-1"
PURPOSE = "dokumen"
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Record:
    """What the platform vouches for.

    nomor, jenis, judul : as printed. issued_at : microseconds since 1970-01-01 UTC.
    replaces : number of the document that this one replaces; empty for a first one.
    public : (label, value) pairs, the only content that anybody may see.
    digest : SHA-256 of everything that is printed, except number and date.
    pages : fingerprints of the pages.
    base_bytes, base_sha256 : length and hash of the PDF in front of the attached record.
    """

    nomor: str
    jenis: str
    judul: str
    issued_at: int
    replaces: str
    public: tuple[tuple[str, str], ...]
    digest: str
    pages: tuple[Page, ...]
    base_bytes: int
    base_sha256: str

    def to_mapping(self) -> dict[str, Any]:
        """Lists, texts and integers from which `from_mapping` makes an equal record."""
        return {
            "format": FORMAT,
            "nomor": self.nomor,
            "jenis": self.jenis,
            "judul": self.judul,
            "terbit": self.issued_at,
            "menggantikan": self.replaces,
            "isi": [list(pair) for pair in self.public],
            "sidik_isi": self.digest,
            "halaman": [[page.text, page.look] for page in self.pages],
            "pdf": [self.base_bytes, self.base_sha256],
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Raises BadInput for anything that `to_mapping` would not write."""
        try:
            record = cls(
                nomor=_text(mapping["nomor"]),
                jenis=_text(mapping["jenis"]),
                judul=_text(mapping["judul"]),
                issued_at=_whole(mapping["terbit"]),
                replaces=_text(mapping["menggantikan"]),
                public=tuple((_text(label), _text(value)) for label, value in mapping["isi"]),
                digest=_hash(mapping["sidik_isi"]),
                pages=tuple(Page(_hash(text), _hash(look)) for text, look in mapping["halaman"]),
                base_bytes=_whole(mapping["pdf"][0]),
                base_sha256=_hash(mapping["pdf"][1]),
            )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise BadInput(f"catatan dokumen tidak berbentuk {FORMAT}: {error}") from error
        if record.to_mapping() != mapping:
            raise BadInput(f"catatan dokumen memuat yang tidak dikenal {FORMAT}")
        return record


@dataclass(frozen=True)
class SignedRecord:
    """A record with the public key of whoever signed it and the signature, both hexadecimal."""

    record: Record
    key: str
    signature: str

    @classmethod
    def sign(cls, record: Record, seed: bytes) -> Self:
        """The record signed with the 32-byte seed of an Ed25519 key."""
        signature = signing.sign(seed, PURPOSE, digest_of(record.to_mapping()))
        return cls(record, signing.public_key(seed), signature)

    def is_signed_by(self, keys: Sequence[str]) -> bool:
        """Whether one of these public keys (hexadecimal) signed exactly this record."""
        message = digest_of(self.record.to_mapping())
        return self.key in keys and signing.is_signed(self.key, PURPOSE, message, self.signature)

    def to_bytes(self) -> bytes:
        """The JSON that is attached to the PDF: always the same bytes for the same record."""
        whole = {
            "catatan": self.record.to_mapping(),
            "kunci": self.key,
            "tanda_tangan": self.signature,
        }
        return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises BadInput for a text that `to_bytes` would not write."""
        try:
            whole = json.loads(text)
            key, signature = _hex(whole["kunci"], 64), _hex(whole["tanda_tangan"], 128)
            mapping = whole["catatan"]
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise BadInput(f"catatan dokumen tidak terbaca: {error}") from error
        return cls(Record.from_mapping(mapping), key, signature)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} bukan tulisan")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} bukan bilangan bulat")
    return value


def _hash(value: Any) -> str:
    return _hex(value, 64)


def _hex(value: Any, length: int) -> str:
    if len(_text(value)) != length or not set(value) <= _HEX:
        raise ValueError(f"{value!r} bukan {length} angka heksadesimal")
    return str(value)
