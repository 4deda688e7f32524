"""The forms of calibrations: what to estimate and how, and what to decide about a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cat.calibration.spec import ItemModel
from web.forms import ChoiceField, Form, WholeNumber, choices_of
from web.operations.kalibrasi import kata
from web.operations.kalibrasi.rancangan import (
    GROUPINGS,
    KEYED_MODELS,
    POINTS_MODELS,
    Plan,
    Scale,
)
from web.operations.kalibrasi.usulan import LONGEST_REASON

NONE = ("", "tidak")
MOST_NAMES = 4000

SCALES = {
    Scale.ANCHORS: "Skala bank, butir dipakai jadi jangkar",
    Scale.FREE: "Skala baru, rata-rata 0 dan simpangan 1",
}
MEANINGS = {
    "3pl": "kesukaran, daya beda, peluang tebakan",
    "2pl": "kesukaran dan daya beda",
    "1pl": "kesukaran; satu daya beda untuk semua",
    "rasch": "kesukaran; daya beda 1",
    "gpcm": "langkah antarpoin dan daya beda",
    "pcm": "langkah antarpoin; daya beda 1",
    "grm": "ambang berurut; hanya untuk dipelajari",
}


def _models(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, f"{kata.MODELS[ItemModel(name)]}: {MEANINGS[name]}") for name in names]


class PlanForm(Form):
    """Everything about a calibration but where its answers come from."""

    nama = StringField(
        "Nama kalibrasi",
        [InputRequired("Beri nama."), Length(max=120, message="Paling banyak 120 huruf.")],
    )
    skala = ChoiceField("Skala", choices=choices_of((str(k), v) for k, v in SCALES.items()))
    lepas = StringField(
        "Lepas dari jangkar",
        [Length(max=MOST_NAMES, message="Terlalu panjang.")],
    )
    paling_sedikit = WholeNumber(
        "Jawaban paling sedikit", [InputRequired("Wajib diisi."), NumberRange(1, 1_000_000)]
    )
    model_kunci = ChoiceField("Butir berkunci", choices=choices_of(_models(KEYED_MODELS)))
    model_poin = ChoiceField("Butir berpoin (TKP)", choices=choices_of(_models(POINTS_MODELS)))
    prior_c = BooleanField("Prior pada peluang tebakan (logit c normal, tengah 0,20)")
    prior_a = BooleanField("Prior pada daya beda (log a normal, tengah 1)")
    kelompok = ChoiceField("Kelompok populasi", choices=choices_of([NONE, *GROUPINGS.items()]))
    dif = ChoiceField("Bandingkan kelompok (DIF)", choices=choices_of([NONE, *GROUPINGS.items()]))
    titik = WholeNumber("Titik kuadratur", [Optional(), NumberRange(31, 401, "31 sampai 401.")])
    siklus = WholeNumber(
        "Siklus terbanyak", [Optional(), NumberRange(1, 100_000, "1 sampai 100.000.")]
    )

    def settings(self) -> dict[str, Any]:
        """What was filled in, by the names of `Plan`."""
        return {
            "name": (self.nama.data or "").strip(),
            "scale": self.skala.data,
            "released": tuple((self.lepas.data or "").split()),
            "fewest": self.paling_sedikit.data,
            "keyed_model": self.model_kunci.data,
            "points_model": self.model_poin.data,
            "prior_c": self.prior_c.data,
            "prior_a": self.prior_a.data,
            "groups": self.kelompok.data or "",
            "dif": self.dif.data or "",
            "nodes": self.titik.data or Plan.nodes,
            "max_cycles": self.siklus.data or Plan.max_cycles,
        }


DEFAULTS = {
    "skala": str(Scale.ANCHORS),
    "paling_sedikit": Plan.fewest,
    "model_kunci": Plan.keyed_model,
    "model_poin": Plan.points_model,
    "prior_c": Plan.prior_c,
    "prior_a": Plan.prior_a,
    "dif": Plan.dif,
    "titik": Plan.nodes,
    "siklus": Plan.max_cycles,
}


class DecisionForm(Form):
    """A decision about one proposal or several."""

    alasan = TextAreaField(
        "Alasan",
        [Length(max=LONGEST_REASON, message=f"Paling banyak {LONGEST_REASON} huruf.")],
        filters=[lambda text: (text or "").strip()],
    )
    aktifkan = BooleanField("Sekaligus aktifkan butir uji coba yang parameternya diterima")
