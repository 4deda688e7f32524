"""Reads the TOML file of an item model and refuses what it cannot mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cat.errors import BadItem
from cat.itembank.content import LANGUAGE_LEVELS, LETTERS
from cat.itembank.models.expressions import FUNCTIONS, Value
from cat.itembank.models.model import Distractor, Driver, ItemModel, Statement, Variable

MOST_CHOICES = 10_000  # values that one variable may take
LONGEST_NUMBER = 40  # characters; with the exponent no float can overflow
_FAR_EXPONENT = re.compile(r"[eE][+-]?[0_]*[1-9]_?\d_?\d")
LONGEST_TITLE = 200
LONGEST_CODE = 35  # characters; an item's code adds a number
_CODE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9-]{{0,{LONGEST_CODE - 1}}}")
_SHOWN = 200  # characters of a wrong value in a message
RESERVED = {"nilai", "kunci", "klaim", *FUNCTIONS}
FIGURE_KINDS = {
    "deret": {"jenis", "awal", "tayang", "langkah"},
    "analogi": {"jenis", "awal", "langkah"},
    "ketidaksamaan": {"jenis", "sifat"},
}
_TEXTS = ("kode", "judul", "domain", "awalan_kode", "rasional", "indikator")
_KEYS = {
    *(*_TEXTS, "tingkat_bahasa", "sumber", "detik", "a", "c", "seteru"),
    *("soal", "opsi", "benar", "wajar", "variabel", "turunan", "syarat", "kesukaran"),
    *("kunci", "pengecoh", "pernyataan", "gambar", "aturan"),
}


def parse_model(text: str) -> ItemModel:
    """The model that a TOML text describes; raises BadItem naming model, place, value and rule."""
    try:
        document = tomllib.loads(text, parse_float=_exact)
    except (ValueError, RecursionError) as error:  # a number, or nesting, beyond all measure too
        raise BadItem(f"model butir: bukan TOML yang benar ({error})") from error
    return read_model(document)


def read_model(document: Mapping[str, Any]) -> ItemModel:
    """The model that a parsed TOML document describes; raises BadItem as `parse_model` does."""
    reader = _Reader(document)
    reader.only("model", document, _KEYS)
    texts = {name: reader.text(document, name) for name in _TEXTS}
    for name in ("kode", "awalan_kode"):
        if not _CODE.fullmatch(texts[name]):
            rule = f"huruf, angka, tanda hubung; paling banyak {LONGEST_CODE}"
            raise reader.refusal(name, texts[name], rule)
    if len(texts["judul"]) > LONGEST_TITLE:
        raise reader.refusal("judul", texts["judul"], f"paling banyak {LONGEST_TITLE} huruf")
    level = reader.text(document, "tingkat_bahasa", "")
    if level not in ("", *LANGUAGE_LEVELS):
        raise reader.refusal("tingkat_bahasa", level, f"salah satu dari {LANGUAGE_LEVELS}")
    key = reader.table(document, "kunci")
    reader.only("kunci", key, {"nilai", "alasan", "gambar"})
    hardness = reader.table(document, "kesukaran")
    reader.only("kesukaran", hardness, {"dasar", "pendorong"})
    model = ItemModel(
        code=texts["kode"],
        title=texts["judul"],
        domain=texts["domain"],
        prefix=texts["awalan_kode"],
        rationale=texts["rasional"],
        indicator=texts["indikator"],
        stems=tuple(reader.texts(document, "soal")),
        a=float(reader.number(document, "a")),
        c=float(reader.number(document, "c")),
        seconds=float(reader.number(document, "detik")),
        base=reader.number(hardness, "dasar"),
        drivers=tuple(map(reader.driver, reader.tables(hardness, "pendorong"))),
        key=reader.text(key, "nilai", ""),
        key_reason=reader.text(key, "alasan"),
        check=reader.text(document, "benar", ""),
        plausible=reader.text(document, "wajar", ""),
        option=reader.text(document, "opsi", "[nilai]"),
        source=reader.text(document, "sumber", "penalaran"),
        language_level=level,
        variables=tuple(reader.variables()),
        derived=reader.derived(),
        conditions=tuple(reader.texts(document, "syarat", ())),
        distractors=tuple(map(reader.distractor, reader.tables(document, "pengecoh"))),
        statements=tuple(map(reader.statement, reader.tables(document, "pernyataan"))),
        key_panel=tuple(reader.tables(key, "gambar")),
        figure=reader.table(document, "gambar"),
        rule=reader.table(document, "aturan"),
        enemies=tuple(reader.texts(document, "seteru", ())),
    )
    _check_kind(model, reader)
    return model


def _exact(text: str) -> Fraction:
    """The number that a text writes; raises ValueError for none, or one beyond all measure."""
    if len(text) > LONGEST_NUMBER or _FAR_EXPONENT.search(text):
        raise ValueError(f"bilangan di luar batas: {text[:LONGEST_NUMBER]}")
    return Fraction(text)


def _shown(value: object) -> str:
    try:
        return repr(value)[:_SHOWN]
    except ValueError:  # Python writes no whole number of thousands of digits
        return "bilangan yang sangat besar"


def _check_kind(model: ItemModel, reader: _Reader) -> None:
    """Refuse a model that is of none of the three kinds, or lacks what its kind needs."""
    if model.figure:
        kind = model.figure.get("jenis")
        if kind not in FIGURE_KINDS:
            raise reader.refusal("gambar, jenis", kind, f"salah satu dari {sorted(FIGURE_KINDS)}")
        if set(model.figure) != FIGURE_KINDS[kind]:
            rule = f"tepat isian {sorted(FIGURE_KINDS[kind])}"
            raise reader.refusal("gambar", sorted(model.figure), rule)
        if bool(model.key_panel) != (kind == "ketidaksamaan"):
            raise reader.refusal("kunci, gambar", kind, "hanya dan wajib untuk ketidaksamaan")
    elif model.statements:
        if len(model.statements) < len(LETTERS):
            raise reader.refusal("pernyataan", len(model.statements), "sedikitnya lima")
    elif not (model.key and model.check):
        raise reader.refusal("kunci", "kosong", "perlu kunci.nilai dan benar")
    wrong = len(model.distractors)
    if model.key_panel and wrong != len(LETTERS) - 1:
        raise reader.refusal("pengecoh", wrong, "tepat empat untuk ketidaksamaan")
    if not model.statements and wrong < len(LETTERS) - 1:
        raise reader.refusal("pengecoh", len(model.distractors), "sedikitnya empat")


class _Reader:
    """Takes typed fields out of a document; every refusal names the model and the place."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        code = document.get("kode")
        self.code = code[:LONGEST_CODE] if isinstance(code, str) else "model tanpa kode"

    def refusal(self, place: str, value: object, rule: str) -> BadItem:
        what = f"{self.code}, {place}: {rule} (terbaca: {_shown(value)})"
        return BadItem(what, model=self.code, place=place, value=value, rule=rule)

    def only(self, place: str, table: Mapping[str, Any], known: set[str]) -> None:
        if unknown := sorted(set(table) - known):
            raise self.refusal(place, unknown, f"isian tidak dikenal; ada {sorted(known)}")

    def text(self, table: Mapping[str, Any], name: str, default: str | None = None) -> str:
        value = table.get(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.refusal(name, value, "wajib berupa teks")
        return value.strip()

    def texts(
        self, table: Mapping[str, Any], name: str, default: tuple[str, ...] | None = None
    ) -> list[str]:
        value = table.get(name, None if default is None else list(default))
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.refusal(name, value, "wajib daftar teks")
        if not value and default is None:
            raise self.refusal(name, value, "sedikitnya satu")
        return [each.strip() for each in value]

    def table(self, table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = table.get(name, {})
        if not isinstance(value, Mapping):
            raise self.refusal(name, value, "wajib berupa tabel")
        return value

    def tables(self, table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.refusal(name, value, "wajib daftar tabel")
        return value

    def number(self, table: Mapping[str, Any], name: str) -> Fraction:
        return self.as_number(name, table.get(name))

    def as_number(self, place: str, value: object) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Fraction):
            raise self.refusal(place, value, "wajib bilangan")
        try:
            return value if isinstance(value, Fraction) else _exact(str(value).replace(",", "."))
        except (ValueError, ZeroDivisionError) as error:
            raise self.refusal(place, value, "wajib bilangan") from error

    def driver(self, table: Mapping[str, Any]) -> Driver:
        self.only("pendorong", table, {"nama", "nilai", "bobot"})
        name, value = self.text(table, "nama"), self.text(table, "nilai")
        return Driver(name, value, self.number(table, "bobot"))

    def distractor(self, table: Mapping[str, Any]) -> Distractor:
        self.only("pengecoh", table, {"alasan", "nilai", "syarat", "langkah", "gambar"})
        return Distractor(
            reason=self.text(table, "alasan"),
            value=self.text(table, "nilai", ""),
            condition=self.text(table, "syarat", ""),
            steps=tuple(self.tables(table, "langkah")),
            panel=tuple(self.tables(table, "gambar")),
        )

    def statement(self, table: Mapping[str, Any]) -> Statement:
        self.only("pernyataan", table, {"teks", "benar", "klaim", "alasan"})
        text, holds = self.text(table, "teks"), self.text(table, "benar")
        return Statement(text, holds, self.text(table, "klaim", ""), self.text(table, "alasan"))

    def derived(self) -> dict[str, str]:
        table = self.table(self.document, "turunan")
        for name in table:
            self.check_name("turunan", name)
        return {name: self.text(table, name) for name in table}

    def check_name(self, place: str, name: str) -> None:
        if not name.isidentifier() or name in RESERVED:
            raise self.refusal(place, name, "nama harus huruf dan angka, bukan nama baku")

    def variables(self) -> list[Variable]:
        table = self.table(self.document, "variabel")
        for name in table:
            self.check_name("variabel", name)
        return [self.variable(name, self.table(table, name)) for name in table]

    def variable(self, name: str, table: Mapping[str, Any]) -> Variable:
        place = f"variabel {name}"
        kinds = [each for each in ("dari", "bilangan", "teks", "tabel") if each in table]
        if len(kinds) != 1:
            raise self.refusal(place, dict(table), "tepat satu dari dari, bilangan, teks, tabel")
        (kind,) = kinds
        extra = {"sampai", "langkah"} if kind == "dari" else set()
        self.only(place, table, {kind, "ambil", *extra})
        choices = (
            self.range(place, table) if kind == "dari" else self.listed(place, kind, table[kind])
        )
        take = table.get("ambil", 0)
        if not isinstance(take, int) or not 0 <= take <= len(choices):
            raise self.refusal(f"{place}, ambil", take, f"bulat, 0 sampai {len(choices)}")
        return Variable(name, choices, take, rotates=kind in ("teks", "tabel") and not take)

    def range(self, place: str, table: Mapping[str, Any]) -> tuple[Value, ...]:
        first, last = self.number(table, "dari"), self.number(table, "sampai")
        step = self.as_number(place, table.get("langkah", 1))
        if step <= 0 or last < first or (last - first) / step >= MOST_CHOICES:
            rule = f"dari <= sampai, langkah > 0, paling banyak {MOST_CHOICES} nilai"
            raise self.refusal(place, dict(table), rule)
        return tuple(first + k * step for k in range(int((last - first) / step) + 1))

    def listed(self, place: str, kind: str, values: object) -> tuple[Value, ...]:
        if not isinstance(values, list) or not 1 <= len(values) <= MOST_CHOICES:
            raise self.refusal(place, values, f"daftar berisi 1 sampai {MOST_CHOICES} nilai")
        read = self.as_number if kind == "bilangan" else self.value
        return tuple(read(place, each) for each in values)

    def value(self, place: str, given: object) -> Value:
        """A text, a whole number, a list or a record of a table, as expressions know it."""
        if isinstance(given, bool | str):
            return given
        if isinstance(given, Mapping):
            return {str(key): self.value(place, each) for key, each in given.items()}
        if isinstance(given, list):
            return tuple(self.value(place, each) for each in given)
        return self.as_number(place, given)
