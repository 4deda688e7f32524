"""The form of an export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from web.forms import Form, WholeNumber
from web.operations.ekspor.datasets import DATASETS, get_dataset
from web.operations.ekspor.formats import FORMATS
from web.operations.ekspor.making import Plan

ALL = SelectChoice("", "semua")


class ExportForm(Form):
    """What to export, of whom, in which format. Empty filters mean all."""

    himpunan = SelectField(
        "Himpunan data",
        [InputRequired("Pilih himpunan data.")],
        choices=[SelectChoice(each.code, each.title) for each in DATASETS.values()],
    )
    format = SelectField(
        "Format",
        [InputRequired("Pilih format.")],
        choices=[SelectChoice(each.code, each.title) for each in FORMATS.values()],
    )
    tahun = WholeNumber("Tahun", [Optional(), NumberRange(2000, 2100, "Tahun 2000 sampai 2100.")])
    instansi = SelectField("Instansi", [Optional()])
    formasi = StringField("Kode formasi", [Length(max=40, message="Paling banyak 40 huruf.")])
    sesi = SelectField("Sesi", [Optional()])
    pengumuman = SelectField("Pengumuman", [Optional()])

    def offer(
        self,
        instansi: Sequence[tuple[str, str]],
        sesi: Sequence[tuple[str, str]],
        pengumuman: Sequence[tuple[str, str]],
    ) -> None:
        """List what there is to choose from; each is a value and its label."""
        for field, offered in (
            (self.instansi, instansi),
            (self.sesi, sesi),
            (self.pengumuman, pengumuman),
        ):
            field.choices = [ALL, *(SelectChoice(value, label) for value, label in offered)]

    def plan(self, today: date) -> Plan:
        """The plan that was asked for. today : rankings go by the rules of this day.

        Raises BadInput for a filter that the dataset does not know.
        """
        texts = {name: (self[name].data or "").strip() for name in ("instansi", "formasi")}
        texts["pengumuman"] = self.pengumuman.data or ""
        given: dict[str, str | int] = {name: text for name, text in texts.items() if text}
        if self.tahun.data is not None:
            given["tahun"] = self.tahun.data
        if self.sesi.data:
            given["sesi"] = int(self.sesi.data)
        if "pada" in get_dataset(self.himpunan.data).filters:
            given["pada"] = today.isoformat()
        return Plan.from_mapping(
            {"himpunan": self.himpunan.data, "format": self.format.data, "saringan": given}
        )
