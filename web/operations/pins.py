"""The PIN registrasi of a sitting: stored only as a hash."""

from __future__ import annotations

import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# A PIN lives for one sesi and is peppered with a key that is not in the database, so a light
# argon2 is enough; 1,400 people log in within half a minute on one small server.
_hasher = PasswordHasher(time_cost=1, memory_cost=2 * 1024, parallelism=1)


def hash_pin(pepper: bytes, sitting_id: str, pin: str) -> str:
    """What is stored instead of the PIN."""
    return _hasher.hash(_peppered(pepper, sitting_id, pin))


def is_pin(pepper: bytes, sitting_id: str, pin: str, stored: str) -> bool:
    """Whether this is the PIN of the sitting."""
    try:
        return _hasher.verify(stored, _peppered(pepper, sitting_id, pin))
    except (VerificationError, InvalidHashError):
        return False


def _peppered(pepper: bytes, sitting_id: str, pin: str) -> str:
    return hmac.new(pepper, f"{sitting_id}:{pin}".encode(), hashlib.sha256).hexdigest()
