"""Forms of blueprints, proposals and decisions; what a rule refuses is said above the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
import wtforms
from tomlkit.exceptions import TOMLKitError
from wtforms import BooleanField, FieldList, FileField, FormField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from cat.errors import BadRules
from cat.itembank.constraints import ConstraintTable
from cat.selection.ranking import BELIEF_CRITERIA, THETA_CRITERIA
from web.forms import ChoiceField, Form, ReasonForm, WholeNumber, choices_of
from web.operations.kisi_kisi.usulan import FEWEST, LARGEST_SEED, MOST, PERSONS
from web.operations.kisi_kisi.versi import LONGEST_REASON

BLANK_DOMAINS, MOST_PARTS, MOST_DOMAINS, MOST_CHARACTERS = 3, 12, 60, 200_000
PERIKSA, SIMPAN = "periksa", "simpan"
KRITERIA = tuple(sorted(BELIEF_CRITERIA | THETA_CRITERIA))
PAPARAN = (
    ("", "tanpa kendali"),
    ("kelayakan", "kelayakan butir"),
    ("sympson_hetter", "Sympson-Hetter"),
)


def _reason() -> TextAreaField:
    most = Length(max=LONGEST_REASON, message=f"Paling banyak {LONGEST_REASON} huruf.")
    return TextAreaField("Alasan versi baru", [most])


class DecimalText(StringField):
    """A number with a decimal comma or point; `data` is what was typed."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not a number, in Indonesian."""
        if self.data:
            self.number()

    def number(self) -> float:
        """The number; raises ValidationError."""
        try:
            return float((self.data or "").strip().replace(",", "."))
        except ValueError as error:
            raise ValidationError(f"Harus bilangan; tertulis {self.data!r}.") from error


class DomainForm(wtforms.Form):
    """One branch of a part."""

    apa = StringField("Domain", [Length(max=80)])
    min = WholeNumber("Min", [Optional()])
    maks = WholeNumber("Maks", [Optional()])
    acuan = WholeNumber("Acuan", [Optional()])

    @property
    def is_blank(self) -> bool:
        """Whether nobody wrote a domain into the row."""
        return not (self.apa.data or "").strip()


class PartForm(wtforms.Form):
    """One part: lengths, domains, constraints."""

    kode = StringField("Kode bagian", [Length(max=40)])
    panjang = WholeNumber("Panjang tes adaptif", [Optional()])
    uji_coba = WholeNumber("Tempat uji coba", [Optional()])
    kendala = TextAreaField("Kendala (CSV)", [Length(max=MOST_CHARACTERS)])
    domain = FieldList(FormField(DomainForm), max_entries=MOST_DOMAINS)
    hapus = BooleanField("Hapus bagian ini")

    def fill(self, code: str, data: Mapping[str, Any]) -> None:
        """Show a stored part, with a few blank rows."""
        self.kode.data, self.panjang.data = code, data["panjang"]
        self.uji_coba.data = data.get("uji_coba")
        bounds = {row["apa"]: row for row in data["batas"]}
        for name in dict.fromkeys([*bounds, *data["acuan"]]):
            entry = self.domain.append_entry().form
            entry.apa.data, entry.acuan.data = name, data["acuan"].get(name)
            entry.min.data = bounds.get(name, {}).get("min")
            entry.maks.data = bounds.get(name, {}).get("maks")
        if data.get("kendala"):
            self.kendala.data = ConstraintTable.from_mapping(data["kendala"]).to_csv()
        self.widen()

    def widen(self) -> None:
        """See to a few blank rows at the end."""
        blank = sum(entry.form.is_blank for entry in self.domain)
        room = MOST_DOMAINS - len(self.domain)
        for _ in range(min(max(0, BLANK_DOMAINS - blank), room)):
            self.domain.append_entry()

    def mapping(self) -> dict[str, Any]:
        """The part as a blueprint file holds it; raises BadRules for a table of constraints."""
        rows = [entry.form for entry in self.domain if not entry.form.is_blank]
        part: dict[str, Any] = {
            "panjang": self.panjang.data,
            "batas": [
                {"apa": row.apa.data.strip(), "min": row.min.data or 0, "maks": row.maks.data}
                if row.maks.data is not None
                else {"apa": row.apa.data.strip(), "min": row.min.data, "maks": self.panjang.data}
                for row in rows
                if row.min.data is not None or row.maks.data is not None
            ],
            "acuan": {row.apa.data.strip(): row.acuan.data for row in rows if row.acuan.data},
        }
        if self.uji_coba.data:
            part["uji_coba"] = self.uji_coba.data
        if (self.kendala.data or "").strip():
            part["kendala"] = ConstraintTable.read_csv(self.kendala.data).to_mapping()
        return {name: value for name, value in part.items() if value is not None}


class EditorForm(Form):
    """A whole blueprint. problems : what is wrong with it."""

    kode = StringField("Kode", [InputRequired("Kode wajib diisi."), Length(max=80)])
    ketentuan = StringField("Ketentuan (tes SKD)", [Length(max=80)])
    bentuk = TextAreaField("Bentuk tes di luar SKD (TOML)", [Length(max=MOST_CHARACTERS)])
    acak_opsi = BooleanField("Urutan pilihan jawaban diacak untuk setiap peserta")
    korelasi = DecimalText("Korelasi antarbagian")
    kriteria = ChoiceField("Kriteria", choices=choices_of((name, name) for name in KRITERIA))
    parameter = StringField("Parameter kriteria", [Length(max=200)])
    acak_teratas = WholeNumber("Diundi dari berapa butir terbaik", [Optional()])
    paparan = ChoiceField("Kendali paparan", choices=choices_of(PAPARAN))
    r_maks = DecimalText("Paparan tertinggi (r_maks)")
    tepi = StringField("Tepi kelompok kemampuan", [Length(max=200)])
    segarkan = WholeNumber("Susun ulang tes bayangan setiap … butir", [Optional()])
    terpendek = WholeNumber("Panjang terpendek", [Optional()])
    aturan = TextAreaField("Aturan berhenti", [Length(max=2000)])
    bagian = FieldList(FormField(PartForm), max_entries=MOST_PARTS)
    alasan = _reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []

    def fill(self, plan: Mapping[str, Any]) -> None:
        """Show a stored version, with room for one more part."""
        self.kode.data, self.acak_opsi.data = plan["kode"], plan["acak_opsi"]
        self.ketentuan.data = plan.get("ketentuan", "")
        if "bentuk" in plan:
            self.bentuk.data = tomlkit.dumps(plan["bentuk"])
        self.korelasi.data = _shown(plan.get("korelasi"))
        self._fill_policy(plan.get("kebijakan", {}))
        for code, data in plan["bagian"].items():
            self.bagian.append_entry().form.fill(code, data)
        self.widen()

    def widen(self) -> None:
        """See to blank rows everywhere and one blank part at the end."""
        for entry in self.bagian:
            entry.form.widen()
        if len(self.bagian) < MOST_PARTS and all(each.form.kode.data for each in self.bagian):
            self.bagian.append_entry().form.widen()

    def mapping(self, base: Mapping[str, Any]) -> dict[str, Any]:
        """The plan as typed; raises BadRules for what cannot even be read.

        base : the version it began from, of which what the form does not show is kept.
        """
        plan: dict[str, Any] = {"kode": (self.kode.data or "").strip()}
        if self.ketentuan.data:
            plan["ketentuan"] = self.ketentuan.data.strip()
        plan["acak_opsi"] = bool(self.acak_opsi.data)
        if self.korelasi.data:
            plan["korelasi"] = self.korelasi.number()
        plan["kebijakan"] = self._policy()
        hidden = base.get("kebijakan", {}).get("paparan") or {}
        if "pudar" in hidden and "paparan" in plan["kebijakan"]:
            plan["kebijakan"]["paparan"]["pudar"] = hidden["pudar"]
        if (self.bentuk.data or "").strip():
            plan["bentuk"] = _tables(self.bentuk.data)
        parts = [entry.form for entry in self.bagian]
        kept = [part for part in parts if part.kode.data and not part.hapus.data]
        codes = [part.kode.data.strip() for part in kept]
        if len(set(codes)) < len(codes):
            raise BadRules(f"kisi-kisi: bagian: kode tidak boleh berulang (terbaca: {codes})")
        plan["bagian"] = {code: part.mapping() for code, part in zip(codes, kept, strict=True)}
        return plan

    def _fill_policy(self, policy: Mapping[str, Any]) -> None:
        criterion = dict(policy.get("kriteria", {"nama": "posterior_information"}))
        self.kriteria.data = criterion.pop("nama")
        self.parameter.data = " ".join(f"{name}={value}" for name, value in criterion.items())
        self.acak_teratas.data = policy.get("acak_teratas", 1)
        exposure = policy.get("paparan") or {}
        self.paparan.data = exposure.get("cara", "")
        self.r_maks.data = _shown(exposure.get("r_maks"))
        self.tepi.data = " ".join(_shown(edge) for edge in exposure.get("tepi", ()))
        self.segarkan.data = policy.get("segarkan")
        stopping = policy.get("berhenti") or {}
        self.terpendek.data = stopping.get("terpendek")
        self.aturan.data = "\n".join(
            " ".join([row["jenis"], *(f"{k}={v}" for k, v in row.items() if k != "jenis")])
            for row in stopping.get("aturan", ())
        )

    def _policy(self) -> dict[str, Any]:
        place = "kisi-kisi: kebijakan"
        policy: dict[str, Any] = {
            "kriteria": {
                "nama": self.kriteria.data,
                **_pairs(self.parameter.data, f"{place}: parameter kriteria"),
            }
        }
        if self.acak_teratas.data is not None:
            policy["acak_teratas"] = self.acak_teratas.data
        if self.paparan.data:
            exposure: dict[str, Any] = {"cara": self.paparan.data}
            if self.r_maks.data:
                exposure["r_maks"] = self.r_maks.number()
            if (self.tepi.data or "").strip():
                edges = self.tepi.data.split()
                exposure["tepi"] = [_number(edge, f"{place}: tepi") for edge in edges]
            policy["paparan"] = exposure
        if self.segarkan.data is not None:
            policy["segarkan"] = self.segarkan.data
        if rules := [line.split(maxsplit=1) for line in (self.aturan.data or "").splitlines()]:
            policy["berhenti"] = {
                "terpendek": self.terpendek.data or 1,
                "aturan": [
                    {"jenis": rule[0], **_pairs(" ".join(rule[1:]), f"{place}: aturan {rule[0]}")}
                    for rule in rules
                    if rule
                ],
            }
        return policy


class BerkasForm(Form):
    """A whole blueprint as TOML, typed or uploaded; the file wins."""

    teks = TextAreaField("Isi kisi-kisi (TOML)", [Length(max=MOST_CHARACTERS)])
    berkas = FileField("Berkas TOML")
    alasan = _reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []


class UsulForm(ReasonForm):
    """A proposal to publish."""

    orang = WholeNumber(
        "Peserta simulasi",
        [NumberRange(FEWEST, MOST, f"Antara {FEWEST} dan {MOST}.")],
        default=PERSONS,
    )
    benih = WholeNumber(
        "Benih acak",
        [NumberRange(0, LARGEST_SEED - 1, f"Antara 0 dan {LARGEST_SEED - 1}.")],
        default=1,
    )


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}".replace(".", ",")


def _number(text: str, place: str) -> float | int:
    try:
        value = float(text.replace(",", "."))
    except ValueError as error:
        raise BadRules(f"{place}: harus bilangan (terbaca: {text!r})") from error
    return int(value) if value.is_integer() and "." not in text and "," not in text else value


def _pairs(text: str | None, place: str) -> dict[str, Any]:
    """Figures written as "batas=0,3 delta=0,1"."""
    found = {}
    for piece in (text or "").split():
        name, equals, value = piece.partition("=")
        if not equals:
            raise BadRules(f"{place}: tulis nama=nilai (terbaca: {piece!r})")
        found[name] = _number(value, f"{place}: {name}")
    return found


def _tables(text: str) -> dict[str, Any]:
    try:
        return dict(tomlkit.parse(text).unwrap())
    except TOMLKitError as error:
        raise BadRules(f"kisi-kisi: bentuk: bukan tulisan TOML yang benar ({error})") from error
