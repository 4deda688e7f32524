"""One written form for rules that are equal, so that a hash can stand for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any


def as_plain(value: Any) -> Any:
    """Frozen rules as tables, lists, texts and integers; fields that are None are left out.

    A value with its own `to_mapping` decides for itself.
    """
    if hasattr(value, "to_mapping"):
        return value.to_mapping()
    if isinstance(value, tuple | list):
        return [as_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return fields_as_plain(value)
    return value


def fields_as_plain(value: Any) -> dict[str, Any]:
    """The fields of a frozen dataclass as a table; those that are None are left out."""
    present = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: as_plain(each) for name, each in present.items() if each is not None}


def digest_of(mapping: Mapping[str, Any]) -> str:
    """SHA-256, hexadecimal, of the canonical JSON: sorted keys, no spaces, UTF-8, no floats."""
    text = json.dumps(mapping, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
