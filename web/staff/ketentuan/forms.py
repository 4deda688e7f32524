"""Forms of proposals and decisions; what the rule set refuses is shown at the field it is about."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import wtforms
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from cat.errors import BadRules
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.ruleset import AmbangBatas, RuleSet
from web.forms import Form, WholeNumber

MINIMUMS = (*PARTS, TOTAL)
BLANK_ROWS = 2
_AMBANG = re.compile(r"ambang_batas ke-(\d+) \(.*?\): (?:minimum: )?(\w+)")
_TABLES = ("waktu", "pemeringkatan", "integrasi")
KEYAKINAN = [
    SelectChoice("A", "A: naskah peraturan, atau beberapa laporan sepakat"),
    SelectChoice("B", "B: satu laporan"),
    SelectChoice("C", "C: belum terkonfirmasi"),
]


def _text(label: str, most: int = 200) -> StringField:
    return StringField(label, [InputRequired("Wajib diisi."), Length(max=most)])


def _number(label: str) -> WholeNumber:
    return WholeNumber(label, [InputRequired("Wajib diisi.")])


def _alasan() -> TextAreaField:
    required = InputRequired("Alasan wajib diisi.")
    return TextAreaField("Alasan", [required, Length(max=500, message="Paling banyak 500 huruf.")])


class _Reasoned(Form):
    """A form whose act needs a reason. problems : what is wrong with it as a whole."""

    alasan = _alasan()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []


class PutusanForm(_Reasoned):
    """The reason of an approval or a refusal."""


class TeksForm(_Reasoned):
    """A whole rule set as TOML."""

    teks = TextAreaField(
        "Isi ketentuan (TOML)",
        [
            InputRequired("Isi ketentuan wajib diisi."),
            Length(max=100_000, message="Terlalu panjang."),
        ],
    )

    def show(self, problem: BadRules) -> None:
        """Say what is wrong, and in which line."""
        line = problem.evidence.get("line")
        where = f"Baris {line}. " if line else ""
        self.teks.errors = [f"{where}{sentence_of(problem)}"]


class AmbangForm(wtforms.Form):
    """One row of ambang batas."""

    jenis_kebutuhan = StringField("Kode jenis kebutuhan", [Length(max=40)])
    nama = StringField("Nama", [Length(max=200)])
    twk = WholeNumber("TWK", [Optional()])
    tiu = WholeNumber("TIU", [Optional()])
    tkp = WholeNumber("TKP", [Optional()])
    total = WholeNumber("Total", [Optional()])
    dasar_hukum = StringField("Dasar hukum", [Length(max=200)])
    keyakinan = SelectField("Keyakinan", choices=KEYAKINAN, default="C")
    catatan = StringField("Catatan", [Length(max=300)])
    hapus = BooleanField("Hapus baris ini")

    def fill(self, row: AmbangBatas) -> None:
        """Show a stored row."""
        for name in ("jenis_kebutuhan", "nama", "dasar_hukum", "keyakinan", "catatan"):
            self[name].data = getattr(row, name)
        for part, minimum in row.minimum:
            self[part].data = minimum

    @property
    def ringkas(self) -> str:
        """The row in a few words."""
        minimums = [
            f"{'total' if part == TOTAL else part.upper()} {self[part].data}"
            for part in MINIMUMS
            if self[part].data is not None
        ]
        return f"{self.nama.data or 'Baris baru'}" + (
            f": {', '.join(minimums)}" if minimums else ""
        )

    @property
    def is_blank(self) -> bool:
        """Whether nobody wrote anything into a row."""
        texts = (self.jenis_kebutuhan.data, self.nama.data, self.dasar_hukum.data)
        return not any(texts) and all(self[part].data is None for part in MINIMUMS)

    def mapping(self) -> dict[str, Any]:
        """The row as a rule file holds it."""
        return {
            "jenis_kebutuhan": self.jenis_kebutuhan.data or "",
            "nama": self.nama.data or "",
            "minimum": {part: self[part].data for part in MINIMUMS if self[part].data is not None},
            "dasar_hukum": self.dasar_hukum.data or "",
            "keyakinan": self.keyakinan.data,
            "catatan": self.catatan.data or "",
        }


class UsulForm(_Reasoned):
    """What changes most often from year to year; everything else stays as in the version before.

    A field named waktu_menit is the field `menit` of the table `waktu`.
    """

    judul = _text("Judul")
    dasar_hukum = _text("Dasar hukum")
    berlaku_sejak = DateField("Berlaku sejak", [Optional()])
    berlaku_sampai = DateField("Berlaku sampai", [Optional()])
    waktu_menit = _number("Waktu (menit)")
    waktu_menit_netra = _number("Waktu untuk netra (menit)")
    waktu_keyakinan = SelectField("Keyakinan waktu", choices=KEYAKINAN)
    waktu_keyakinan_netra = SelectField("Keyakinan waktu netra", choices=KEYAKINAN)
    pemeringkatan_faktor_kebutuhan = _number("Yang lanjut: berapa kali kebutuhan")
    pemeringkatan_urutan = _text("Urutan pemeringkatan")
    pemeringkatan_dasar_hukum = _text("Dasar hukum pemeringkatan")
    pemeringkatan_keyakinan = SelectField("Keyakinan pemeringkatan", choices=KEYAKINAN)
    integrasi_bobot_skd = _number("Bobot SKD (%)")
    integrasi_bobot_skb = _number("Bobot SKB (%)")
    integrasi_urutan = _text("Urutan nilai akhir yang sama")
    integrasi_desimal_tampil = _number("Desimal yang ditampilkan")
    integrasi_dasar_hukum = _text("Dasar hukum integrasi")
    integrasi_keyakinan = SelectField("Keyakinan integrasi", choices=KEYAKINAN)
    ambang = FieldList(FormField(AmbangForm), max_entries=80)

    def fill(self, rules: RuleSet) -> None:
        """Show a version, with a few blank rows below its ambang batas."""
        stored = rules.to_mapping()
        for name in ("judul", "dasar_hukum"):
            self[name].data = stored[name]
        self.berlaku_sejak.data = rules.berlaku_sejak
        self.berlaku_sampai.data = rules.berlaku_sampai
        for name, table, key in self._table_fields():
            value = stored[table][key]
            self[name].data = ", ".join(value) if isinstance(value, list) else value
        for row in rules.ambang_batas:
            self.ambang.append_entry().form.fill(row)
        for _ in range(BLANK_ROWS):
            self.ambang.append_entry()

    def mapping(self, base: RuleSet) -> dict[str, Any]:
        """The rule set that the form describes, with what it does not show taken from `base`."""
        stored = deepcopy(base.to_mapping())
        stored |= {"judul": self.judul.data, "dasar_hukum": self.dasar_hukum.data}
        for name in ("berlaku_sejak", "berlaku_sampai"):
            stored[name] = self[name].data.isoformat() if self[name].data else ""
        for name, table, key in self._table_fields():
            value = self[name].data
            if key == "urutan":
                value = [part.strip().lower() for part in (value or "").split(",") if part.strip()]
            stored[table][key] = value
        stored["ambang_batas"] = [row.mapping() for row in self._kept()]
        return stored

    def show(self, problem: BadRules) -> None:
        """Put what the rule set refuses at the field that it is about."""
        _, _, path = str(problem.evidence["place"]).partition(": ")
        field = self._field_at(path)
        if field is None:
            self.problems.append(sentence_of(problem))
        else:
            field.errors = [sentence_of(problem)]

    def _kept(self) -> list[AmbangForm]:
        rows = [entry.form for entry in self.ambang]
        return [row for row in rows if not row.hapus.data and not row.is_blank]

    def _field_at(self, path: str) -> wtforms.Field | None:
        if row := _AMBANG.match(path):
            name = "twk" if row[2] == "minimum" else row[2]
            return self._kept()[int(row[1]) - 1]._fields.get(name)
        return self._fields.get(path.replace(": ", "_").split(" + ")[0])

    def _table_fields(self) -> list[tuple[str, str, str]]:
        names = [(name, *name.partition("_")[::2]) for name in self._fields]
        return [(name, table, key) for name, table, key in names if table in _TABLES]


def sentence_of(problem: BadRules) -> str:
    """What a rule file breaks, for the person at the form: the rule, and what was read."""
    value, rule = problem.evidence["value"], str(problem.evidence["rule"])
    read = "kosong" if value is None else value
    return f"{problem.evidence['place']}: {rule} (terbaca: {read})."
