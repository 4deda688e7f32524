"""What does one rule set say differently from another? Place by place, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cat.ketentuan.ruleset import RuleSet

# What tells the rows of a list apart, so that a row moved is not a row changed.
_KEYS = ("kode", "jenis_kebutuhan", "tahap")
LABELS = {
    "ambang_batas": "Ambang batas",
    "ambang_cadangan": "Ambang batas cadangan",
    "bagian": "Bagian",
    "berlaku_sejak": "Berlaku sejak",
    "berlaku_sampai": "Berlaku sampai",
    "dasar_hukum": "dasar hukum",
    "integrasi": "Integrasi nilai",
    "jenis_tes": "jenis tes",
    "judul": "Judul",
    "kode_hasil": "Kode hasil",
    "masa_sanggah": "Masa sanggah",
    "minimum": "",
    "moda": "Moda",
    "nilai_lama": "Nilai SKD lama",
    "optimalisasi": "Optimalisasi",
    "pemeringkatan": "Pemeringkatan",
    "skb": "SKB",
    "sumber": "Sumber",
    "tiu": "TIU",
    "tkp": "TKP",
    "twk": "TWK",
    "waktu": "Waktu",
}


@dataclass(frozen=True)
class Beda:
    """One difference.

    tempat : where, such as "Ambang batas umum: TKP".
    lama, baru : what the two say; None where one of them says nothing there.
    """

    tempat: str
    lama: str | None
    baru: str | None


def differences(lama: RuleSet, baru: RuleSet) -> tuple[Beda, ...]:
    """Every place where the two differ, in the order of the older one; empty for equal ones."""
    return tuple(_tables("", lama.to_mapping(), baru.to_mapping()))


def _tables(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Beda]:
    for name in dict.fromkeys((*old, *new)):
        where = _below(place, name)
        yield from _values(where, old.get(name), new.get(name))


def _values(place: str, old: Any, new: Any) -> Iterator[Beda]:
    if old == new:
        return
    if _is_rows(old) or _is_rows(new):
        yield from _rows(place, old or [], new or [])
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _tables(place, old, new)
    else:
        yield Beda(place, _text(old), _text(new))


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _rows(place: str, old: list[Any], new: list[Any]) -> Iterator[Beda]:
    before, after = ({_key(row): row for row in rows} for rows in (old, new))
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Beda(f"{place}: urutan", ", ".join(before), ", ".join(after))
    for key in dict.fromkeys((*before, *after)):
        yield from _values(f"{place} {key.replace('_', ' ')}", before.get(key), after.get(key))


def _key(row: Mapping[str, Any]) -> str:
    return str(next(row[name] for name in _KEYS if name in row))


def _below(place: str, name: str) -> str:
    label = LABELS.get(name, name.replace("_", " "))
    if not place:
        return label
    return f"{place}: {label}" if label else place


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, Mapping):
        parts = ((LABELS.get(name, name) or name, _text(each)) for name, each in value.items())
        return "; ".join(f"{name.replace('_', ' ')} {text}" for name, text in parts if text)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)
