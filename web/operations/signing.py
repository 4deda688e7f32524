"""Signatures that anybody can check: Ed25519 under announcements, documents and exports.

Unlike the seals of records, which only the platform can make or check, a signature is checked with
the public key alone, by people who need not trust the copy they hold.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cat.errors import BadInput


def public_key(seed: bytes) -> str:
    """The public key, hexadecimal, that belongs to a 32-byte seed."""
    return _private(seed).public_key().public_bytes_raw().hex()


def sign(seed: bytes, purpose: str, message: str) -> str:
    """Signature, hexadecimal.

    purpose : what is signed, such as "pengumuman"; a signature for one purpose is none for another.
    """
    return _private(seed).sign(_signed(purpose, message)).hex()


def is_signed(public: str, purpose: str, message: str, signature: str) -> bool:
    """Whether the holder of the public key (hexadecimal) signed this message for this purpose.

    Raises BadInput where `public` is no key; a malformed signature is simply not one.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    except ValueError as error:
        raise BadInput(f"kunci publik {public[:16]!r}... bukan kunci Ed25519") from error
    try:
        key.verify(bytes.fromhex(signature), _signed(purpose, message))
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _signed(purpose: str, message: str) -> bytes:
    return f"catcpns {purpose}\n{message}".encode()
