"""One table of a study file, read field by field; every refusal names place, value and rule."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from cat.errors import BadInput


class _Required:
    pass


REQUIRED: Final = _Required()


class Fields:
    """A table being read. Call `done` last: a field that nobody asked for is a typing error.

    content : what the file holds at this place; must be a table.
    place : where that is, in words that the writer of the file recognises: "studi.toml [peserta]".
    """

    def __init__(self, content: object, place: str) -> None:
        if not isinstance(content, Mapping):
            raise BadInput(f"{place}: harus berupa tabel isian (terbaca: {content!r})")
        self.place = place
        self.content: Mapping[str, Any] = content
        self._asked: list[str] = []

    def has(self, key: str) -> bool:
        """Whether the file states this field."""
        self._asked.append(key)
        return key in self.content

    def value(self, key: str, default: Any = REQUIRED) -> Any:
        """Whatever the field holds; the default where it is left out."""
        if self.has(key):
            return self.content[key]
        if default is REQUIRED:
            raise self.problem(key, None, "wajib diisi")
        return default

    def text(self, key: str, default: Any = REQUIRED) -> str:
        """A text that is not blank."""
        value = self.value(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.problem(key, value, "harus teks dan tidak boleh kosong")
        return value.strip()

    def choice(self, key: str, allowed: Iterable[str], default: Any = REQUIRED) -> str:
        """One of the allowed texts."""
        value, allowed = self.text(key, default), tuple(allowed)
        if value not in allowed:
            raise self.problem(key, value, f"harus salah satu dari {', '.join(allowed)}")
        return value

    def integer(self, key: str, least: int, most: int = 2**53, default: Any = REQUIRED) -> int:
        """A whole number from `least` to `most`."""
        value = self.value(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.problem(key, value, "harus bilangan bulat")
        return int(self._between(key, value, least, most))

    def number(
        self, key: str, least: float = -math.inf, most: float = math.inf, default: Any = REQUIRED
    ) -> float:
        """A finite number from `least` to `most`."""
        value = self.value(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.problem(key, value, "harus bilangan")
        if not math.isfinite(value):
            raise self.problem(key, value, "harus bilangan berhingga")
        return float(self._between(key, value, least, most))

    def names(self, key: str, default: Any = REQUIRED) -> tuple[str, ...]:
        """A list of different texts, at least one."""
        value = self.value(key, default)
        texts = isinstance(value, list | tuple) and all(isinstance(v, str) and v for v in value)
        if not texts or not value or len(set(value)) < len(value):
            raise self.problem(key, value, "harus daftar teks yang berbeda-beda, sedikitnya satu")
        return tuple(value)

    def child(self, key: str) -> Fields:
        """The table inside this one."""
        return Fields(self.value(key), f"{self.place} {key}")

    def problem(self, key: str, value: object, rule: str) -> BadInput:
        """The error to raise about one field of this table."""
        place = f"{self.place} {key}"
        return BadInput(f"{place}: {rule} (terbaca: {value!r})", place=place, value=value)

    def done(self) -> None:
        """Refuse fields that no reader asked for, with the name that may have been meant."""
        for key in self.content:
            if key not in self._asked:
                meant = difflib.get_close_matches(key, self._asked, 1)
                advice = f"; maksudnya {meant[0]}?" if meant else ""
                known = ", ".join(dict.fromkeys(self._asked))
                raise BadInput(
                    f"{self.place} {key}: isian tidak dikenal{advice} (dikenal: {known})"
                )

    def _between(self, key: str, value: float, least: float, most: float) -> float:
        if not least <= value <= most:
            bounds = (
                f"paling kecil {least:g}"
                if most in (2**53, math.inf)
                else (
                    f"paling besar {most:g}"
                    if least == -math.inf
                    else f"antara {least:g} dan {most:g}"
                )
            )
            raise self.problem(key, value, f"nilainya harus {bounds}")
        return value
