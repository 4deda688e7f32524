"""What is stored of a sitting: the terms it was opened on, and the events that followed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MICROSECONDS = 1_000_000
# Ways of delivery, as rule sets name them.
ADAPTIVE, LINEAR = "adaptif", "linear"
# Terms that came later: left out of the seal where they say nothing, so that older seals hold.
_LATER_TERMS = ("form", "burnt")


class Kind(StrEnum):
    """What happened. Stored as these words; never rename one."""

    ADMITTED = "admitted"
    REVOKED = "revoked"
    STARTED = "started"
    CHOSEN = "chosen"
    ANSWERED = "answered"
    FLAGGED = "flagged"
    PAUSED = "paused"
    RESUMED = "resumed"
    FINISHED = "finished"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Terms:
    """What a sitting is held to from before its first event.

    sitting : globally unique identifier.
    pool, rules : digests of the pool and of the rule set.
    mode : way of delivery, ADAPTIVE or LINEAR.
    seed : whole number in [0, 2**63), source of all randomness of this sitting.
    seconds : served time allowed.
    form : code of the pool's form, in linear mode.
    burnt : codes of items that this person may not be given.
    """

    sitting: str
    pool: str
    rules: str
    mode: str
    seed: int
    seconds: int
    form: str = ""
    burnt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    seq : 1, 2, 3, ... within the sitting.
    at : microseconds since 1970-01-01 UTC.
    item : key of the item version, for chosen, answered and flagged.
    option : the item's own letter A..E, before any shuffling, for chosen and answered.
    data : who and why, for moves that are not the candidate's; "urut", the page's number of an act
        on an item; "ragu", whether a flag is up.
    """

    seq: int
    kind: Kind
    at: int
    item: str | None = None
    option: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def first_seal(key: bytes, terms: Terms) -> str:
    """Seal of the terms, on which the first event's seal builds; hexadecimal."""
    said = {name: value for name, value in vars(terms).items() if value or name not in _LATER_TERMS}
    return _authenticate(key, "", said)


def seal(key: bytes, previous: str, event: Event) -> str:
    """Seal of an event: HMAC-SHA-256 over the seal before it and the event; hexadecimal.

    Whoever lacks the key cannot change, drop, insert or reorder events without breaking a seal.
    """
    body = [event.seq, event.kind.value, event.at, event.item, event.option, dict(event.data)]
    return _authenticate(key, previous, body)


def _authenticate(key: bytes, previous: str, body: object) -> str:
    text = json.dumps([previous, body], sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
