"""Forms of staff: evidence, layers of the policy, and what to simulate."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import (
    BooleanField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from cat.errors import BadRules
from cat.ketentuan.fleksibel.fakta import MILIK
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.lapisan import Lapisan
from cat.ketentuan.fleksibel.pemeriksaan import Finding
from cat.ketentuan.fleksibel.susun import LayerFigures, figures_of
from cat.ketentuan.fleksibel.uji import JENIS_OF
from web.forms import ChoiceField, Day, Form, ReasonForm, TicksField, WholeNumber, choices_of

REQUIRED = "Wajib diisi."
KEYAKINAN = [
    ("A", "A: keputusan instansi sudah dibaca"),
    ("B", "B: dilaporkan"),
    ("C", "C: belum terkonfirmasi"),
]
# Place inside a layer -> the field that it is about.
FIELD_AT = {
    "digital: level": "digital_level",
    "digital: persen_terpenuhi": "digital_persen",
    "digital: persen_tidak_terpenuhi": "digital_persen_tidak",
    "predikat: minimum": "predikat",
    "perangkat: milik": "perangkat",
    "jatah_unit: persen_bersamaan": "jatah_bersamaan",
    "jatah_unit: persen_keseluruhan": "jatah_keseluruhan",
}
FIGURES = (
    *("hari_per_minggu", "masa_baru_bulan", "evaluasi_bulan", "berlaku_bulan"),
    *("digital_level", "digital_persen", "digital_persen_tidak"),
    *("jatah_bersamaan", "jatah_keseluruhan"),
)


class EvidenceForm(ReasonForm):
    """What was seen for one test."""

    uji = ChoiceField("Uji")

    def offer(self, findings: tuple[Finding, ...]) -> None:
        """Offer the tests that ask for evidence."""
        self.uji.choices = choices_of((each.kode, each.pertanyaan) for each in findings)


class FiguresForm(Form):
    """The figures of a layer; a blank field adds nothing to the national rule."""

    hari_per_minggu = WholeNumber("Hari seminggu, paling banyak", [Optional()])
    masa_baru_bulan = WholeNumber("Lama disebut pegawai baru (bulan)", [Optional()])
    evaluasi_bulan = WholeNumber("Evaluasi setiap (bulan)", [Optional()])
    berlaku_bulan = WholeNumber("Keputusan berlaku paling lama (bulan)", [Optional()])
    digital_level = WholeNumber("Level digital, paling rendah", [Optional()])
    digital_persen = WholeNumber("Terpenuhi bila kepastiannya sedikitnya (%)", [Optional()])
    digital_persen_tidak = WholeNumber("Tidak terpenuhi bila paling banyak (%)", [Optional()])
    predikat = ChoiceField("Predikat kinerja, paling rendah")
    perangkat = TicksField(
        "Perangkat yang diperbolehkan",
        choices=choices_of((each, f"Perangkat {each}") for each in MILIK),
    )
    sambungan_aman = BooleanField("Sambungan harus aman")
    jatah_bersamaan = WholeNumber(
        "Dari satu unit pada hari yang sama, paling banyak (%)", [Optional()]
    )
    jatah_keseluruhan = WholeNumber("Dari satu unit seluruhnya, paling banyak (%)", [Optional()])

    def offer(self, policy: Policy) -> None:
        """Offer the predicates that the national rule knows."""
        names = [(each, each.replace("_", " ").capitalize()) for each in policy.urutan_predikat]
        self.predikat.choices = choices_of([("", "Tidak disyaratkan"), *names])

    def show_figures(self, layer: Lapisan) -> None:
        """Begin with the figures of a layer."""
        figures = figures_of(layer)
        for name in FIGURES:
            self[name].data = getattr(figures, name)
        self.predikat.data, self.sambungan_aman.data = figures.predikat, figures.sambungan_aman
        self.perangkat.data = list(figures.perangkat)

    def figures(self, **words: Any) -> LayerFigures:
        """The figures with the words that go with them."""
        return LayerFigures(
            predikat=self.predikat.data or None,
            perangkat=tuple(each for each in MILIK if each in (self.perangkat.data or ())),
            sambungan_aman=bool(self.sambungan_aman.data),
            **{name: self[name].data for name in FIGURES},
            **words,
        )

    def show_problem(self, problem: BadRules) -> bool:
        """Put what the policy refuses at the field that it is about, if there is one."""
        _, _, path = str(problem.evidence["place"]).partition(": ")
        field: wtforms.Field | None = self._fields.get(FIELD_AT.get(path, path))
        if field is not None:
            field.errors = [sentence_of(problem)]
        return field is not None


class LayerForm(FiguresForm, ReasonForm):
    """A proposal of an agency's layer."""

    kode = StringField("Kode", [InputRequired(REQUIRED), Length(max=40)])
    judul = StringField("Judul", [InputRequired(REQUIRED), Length(max=200)])
    sumber = StringField("Keputusan instansi (sumber)", [InputRequired(REQUIRED), Length(max=200)])
    keyakinan = ChoiceField("Keyakinan sumber", choices=choices_of(KEYAKINAN))
    contoh = BooleanField("Hanya contoh, bukan aturan nyata")
    berlaku_sejak = Day("Berlaku sejak", [InputRequired(REQUIRED)])

    def fill(self, layer: Lapisan) -> None:
        """Begin with a layer."""
        figures = figures_of(layer)
        self.show_figures(layer)
        self.kode.data, self.judul.data, self.sumber.data = (
            figures.kode,
            figures.judul,
            figures.sumber,
        )
        self.keyakinan.data, self.contoh.data = figures.keyakinan, figures.contoh

    def layer_figures(self, dasar: str) -> LayerFigures:
        """What the form says, on the national rule `dasar`."""
        return self.figures(
            kode=self.kode.data.strip(),
            judul=self.judul.data.strip(),
            sumber=self.sumber.data.strip(),
            keyakinan=self.keyakinan.data,
            contoh=bool(self.contoh.data),
            dasar=dasar,
        )


class TextForm(ReasonForm):
    """A whole national rule or layer as TOML. berlaku_sejak : of a layer."""

    teks = TextAreaField(
        "Isi kebijakan (TOML)",
        [InputRequired("Isi wajib diisi."), Length(max=100_000, message="Terlalu panjang.")],
    )
    berlaku_sejak = Day("Berlaku sejak", [Optional()])

    def show_problem(self, problem: BadRules) -> None:
        """Say what is wrong, and in which line."""
        line = problem.evidence.get("line")
        self.teks.errors = [(f"Baris {line}. " if line else "") + sentence_of(problem)]


class VerdictForm(ReasonForm):
    """The second person's verdict on a proposal."""

    putusan = RadioField(
        "Putusan",
        [InputRequired("Pilih salah satu.")],
        choices=choices_of([("setujui", "Menyetujui usulan"), ("tolak", "Menolak usulan")]),
    )


class TrialForm(FiguresForm):
    """A policy to try out, on whom."""

    instansi = ChoiceField("Instansi")
    bentuk = ChoiceField("Bentuk")

    def offer_people(self, agencies: list[tuple[str, str]], policy: Policy) -> None:
        """Offer agencies and forms of flexible work."""
        self.instansi.choices = choices_of([("", "Semua instansi"), *agencies])
        self.bentuk.choices = choices_of(
            (each.kode, f"{JENIS_OF[each.kode].capitalize()}: {each.nama}")
            for each in policy.bentuk
        )


def sentence_of(problem: BadRules) -> str:
    """What breaks the policy, for the person at the form: place, rule, and what was read."""
    value = problem.evidence["value"]
    read = "kosong" if value is None else value
    return f"{problem.evidence['place']}: {problem.evidence['rule']} (terbaca: {read})."
