"""One table of a rule file, read field by field; every refusal names place, value and rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from cat.errors import BadRules

CONFIDENCE = ("A", "B", "C")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Section:
    """A table being read. Call `done` last: a field nobody asked for is a typing error.

    content : what the file holds at this place; must be a table.
    place : where that is, in words a rule editor recognises, such as "cpns-2024: waktu".
    """

    def __init__(self, content: object, place: str) -> None:
        if not isinstance(content, Mapping):
            raise broken(place, content, "harus berupa tabel isian")
        self.place = place
        self._content = content
        self._asked: set[str] = set()

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self._required(key)
        if not isinstance(value, str) or not value.strip():
            raise self.problem(key, value, "harus teks dan tidak boleh kosong")
        return value.strip()

    def text_or_blank(self, key: str) -> str:
        """A text, or "" where the field is left out or blank."""
        return self.text(key) if self._given(key, blank="") else ""

    def code(self, key: str) -> str:
        """A name for machines: lower-case letters, digits, underscore, hyphen."""
        value = self.text(key)
        if not _CODE.fullmatch(value):
            raise self.problem(key, value, "hanya huruf kecil, angka, '_' dan '-'")
        return value

    def confidence(self, key: str = "keyakinan") -> str:
        """How sure we are of a row: A, B or C, as in the domain notes."""
        return self.choice(key, CONFIDENCE)

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """One of the allowed texts."""
        value, allowed = self.text(key), tuple(allowed)
        if value not in allowed:
            raise self.problem(key, value, f"harus salah satu dari {', '.join(allowed)}")
        return value

    def integer(self, key: str, least: int = 0, most: int | None = None) -> int:
        """A whole number of at least `least` and, if given, at most `most`."""
        value = self._required(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.problem(key, value, "harus bilangan bulat")
        if value < least or (most is not None and value > most):
            bounds = f"paling kecil {least}" if most is None else f"antara {least} dan {most}"
            raise self.problem(key, value, f"nilainya harus {bounds}")
        return value

    def integer_or_none(self, key: str, least: int = 0, most: int | None = None) -> int | None:
        """A whole number as in `integer`, or None where the field is left out."""
        return self.integer(key, least, most) if self._given(key) else None

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._required(key)
        if not isinstance(value, bool):
            raise self.problem(key, value, "harus true atau false")
        return value

    def flag_or_none(self, key: str) -> bool | None:
        """True or false, or None where the field is left out."""
        return self.flag(key) if self._given(key) else None

    def day(self, key: str) -> date:
        """A day written as text, "2025-04-21"."""
        value = self.text(key)
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.problem(key, value, "harus tanggal bentuk tttt-bb-hh") from error

    def day_or_none(self, key: str) -> date | None:
        """A day as in `day`, or None where the field is left out or blank."""
        return self.day(key) if self._given(key, blank="") else None

    def names(self, key: str, allowed: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of different texts, at least one; each from `allowed` where that is given."""
        given = self._list(key)
        values = [value for value in given if isinstance(value, str) and value.strip()]
        if not values or len(values) < len(given):
            raise self.problem(key, given, "harus daftar teks dengan sedikitnya satu isi")
        if len(set(values)) < len(values):
            raise self.problem(key, values, "tidak boleh ada isi yang berulang")
        known = tuple(values if allowed is None else allowed)
        if unknown := [value for value in values if value not in known]:
            raise self.problem(key, unknown, f"hanya boleh memuat {', '.join(known)}")
        return tuple(values)

    def integers(self, key: str, allowed: Iterable[str]) -> tuple[tuple[str, int], ...]:
        """A table of whole numbers >= 0 under allowed names, at least one, in the allowed order."""
        inner, allowed = self.child(key), tuple(allowed)
        found = {name: inner.integer(name) for name in allowed if inner._given(name)}
        inner.done()
        if not found:
            raise self.problem(key, {}, f"perlu sedikitnya satu dari {', '.join(allowed)}")
        return tuple(found.items())

    def child(self, key: str) -> Section:
        """The table inside this one."""
        return Section(self._required(key), f"{self.place}: {key}")

    def child_or_none(self, key: str) -> Section | None:
        """The table inside this one, or None where it is left out."""
        return self.child(key) if self._given(key) else None

    def children(self, key: str, label: str = "kode") -> list[Section]:
        """The tables listed inside this one, at least one; `label` tells them apart in messages."""
        rows = self._list(key)
        if not rows:
            raise self.problem(key, rows, "perlu sedikitnya satu baris")
        return [self._row(key, number, row, label) for number, row in enumerate(rows, start=1)]

    def children_or_none(self, key: str, label: str = "kode") -> list[Section]:
        """The tables listed inside this one, none where the list is left out."""
        return self.children(key, label) if self._given(key) else []

    def problem(self, key: str, value: object, rule: str) -> BadRules:
        """The error to raise about one field of this table."""
        return broken(f"{self.place}: {key}", value, rule)

    def done(self) -> None:
        """Refuse fields that no reader asked for."""
        if unknown := sorted(str(key) for key in self._content if key not in self._asked):
            raise broken(self.place, unknown, "isian tidak dikenal")

    def _row(self, key: str, number: int, row: object, label: str) -> Section:
        name = row.get(label, "tanpa nama") if isinstance(row, Mapping) else "bukan tabel"
        return Section(row, f"{self.place}: {key} ke-{number} ({name})")

    def _list(self, key: str) -> list[object]:
        value = self._required(key)
        if not isinstance(value, list | tuple):
            raise self.problem(key, value, "harus berupa daftar")
        return list(value)

    def _required(self, key: str) -> object:
        self._asked.add(key)
        if key not in self._content:
            raise self.problem(key, None, "wajib diisi")
        return self._content[key]

    def _given(self, key: str, blank: object = None) -> bool:
        self._asked.add(key)
        return self._content.get(key, blank) not in (None, blank)


def broken(place: str, value: object, rule: str) -> BadRules:
    """A BadRules whose message and evidence carry place, value and rule."""
    return BadRules(f"{place}: {rule} (terbaca: {value!r})", place=place, value=value, rule=rule)


def no_repeats(place: str, names: Iterable[str]) -> None:
    """Raise BadRules when two rows of a list carry the same name."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise broken(place, name, "dipakai lebih dari satu kali")
        seen.add(name)
