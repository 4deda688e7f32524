"""An agency's layer from a few figures, in standard words; and the figures of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cat.ketentuan.fleksibel.lapisan import LEVEL_DIGITAL, PERANGKAT, PREDIKAT, Lapisan
from cat.ketentuan.fleksibel.uji import words_of

WORDS: dict[str, dict[str, str]] = {
    LEVEL_DIGITAL: {
        "pertanyaan": "Apakah pegawai cukup pasti mencapai level literasi digital yang "
        "disyaratkan instansi?",
        "terpenuhi": "Level literasi digital yang disyaratkan tercapai dengan peluang yang cukup.",
        "tidak_terpenuhi": "Level literasi digital yang disyaratkan hampir pasti belum tercapai.",
        "perlu_bukti": "Bukti literasi digital belum cukup untuk menyimpulkan.",
    },
    PREDIKAT: {
        "pertanyaan": "Apakah predikat kinerja terakhir sedikitnya sama dengan yang disyaratkan "
        "instansi?",
        "terpenuhi": "Predikat kinerja terakhir mencapai yang disyaratkan.",
        "tidak_terpenuhi": "Predikat kinerja terakhir di bawah yang disyaratkan.",
        "perlu_bukti": "Predikat kinerja terakhir belum dicatat atau tidak dikenal.",
    },
    PERANGKAT: {
        "pertanyaan": "Apakah perangkat dan sambungan yang dipakai sesuai dengan syarat instansi?",
        "terpenuhi": "Perangkat dan sambungan sesuai dengan syarat instansi.",
        "tidak_terpenuhi": "Perangkat atau sambungan tidak sesuai dengan syarat instansi.",
        "perlu_bukti": "Perangkat dan sambungan baru dinyatakan pegawai dalam permohonan.",
    },
}


@dataclass(frozen=True)
class LayerFigures:
    """What an agency fills in; None or () where it adds nothing.

    sumber : the agency's own decision, given as the source of every test.
    digital_level, digital_persen, digital_persen_tidak : all three or none.
    jatah_bersamaan, jatah_keseluruhan : both or none.
    """

    kode: str
    judul: str
    dasar: str
    sumber: str
    keyakinan: str = "A"
    contoh: bool = False
    hari_per_minggu: int | None = None
    masa_baru_bulan: int | None = None
    evaluasi_bulan: int | None = None
    berlaku_bulan: int | None = None
    digital_level: int | None = None
    digital_persen: int | None = None
    digital_persen_tidak: int | None = None
    predikat: str | None = None
    perangkat: tuple[str, ...] = ()
    sambungan_aman: bool = False
    jatah_bersamaan: int | None = None
    jatah_keseluruhan: int | None = None


def compose(figures: LayerFigures) -> dict[str, Any]:
    """The layer as its file would hold it; whether it is legal is for `Lapisan.read` to say."""
    plain: dict[str, Any] = {
        name: value
        for name in (
            *("kode", "judul", "contoh", "dasar", "hari_per_minggu"),
            *("masa_baru_bulan", "evaluasi_bulan", "berlaku_bulan"),
        )
        if (value := getattr(figures, name)) is not None
    }
    if figures.digital_level is not None:
        given = {
            "level": figures.digital_level,
            "persen_terpenuhi": figures.digital_persen,
            "persen_tidak_terpenuhi": figures.digital_persen_tidak,
        }
        plain["digital"] = {**_present(given), "uji": _words(figures, LEVEL_DIGITAL)}
    if figures.predikat is not None:
        plain["predikat"] = {"minimum": figures.predikat, "uji": _words(figures, PREDIKAT)}
    if figures.perangkat:
        plain["perangkat"] = {
            "milik": list(figures.perangkat),
            "sambungan_aman": figures.sambungan_aman,
            "uji": _words(figures, PERANGKAT),
        }
    if figures.jatah_bersamaan is not None or figures.jatah_keseluruhan is not None:
        given = {
            "persen_bersamaan": figures.jatah_bersamaan,
            "persen_keseluruhan": figures.jatah_keseluruhan,
        }
        source = {"sumber": figures.sumber, "keyakinan": figures.keyakinan}
        plain["jatah_unit"] = _present(given) | source
    return plain


def figures_of(layer: Lapisan) -> LayerFigures:
    """The figures of a layer, to begin a change from."""
    digital, share, devices = layer.digital, layer.jatah_unit, layer.perangkat
    rules = (digital, layer.predikat, devices)
    tests = [rule.uji for rule in rules if rule is not None]
    source: Any = share or (tests[0] if tests else None)
    return LayerFigures(
        kode=layer.kode,
        judul=layer.judul,
        dasar=layer.dasar,
        sumber=source.sumber if source else layer.judul,
        keyakinan=source.keyakinan if source else "A",
        contoh=layer.contoh,
        hari_per_minggu=layer.hari_per_minggu,
        masa_baru_bulan=layer.masa_baru_bulan,
        evaluasi_bulan=layer.evaluasi_bulan,
        berlaku_bulan=layer.berlaku_bulan,
        digital_level=digital.level if digital else None,
        digital_persen=digital.persen_terpenuhi if digital else None,
        digital_persen_tidak=digital.persen_tidak_terpenuhi if digital else None,
        predikat=layer.predikat.minimum if layer.predikat else None,
        perangkat=devices.milik if devices else (),
        sambungan_aman=devices.sambungan_aman if devices else False,
        jatah_bersamaan=share.persen_bersamaan if share else None,
        jatah_keseluruhan=share.persen_keseluruhan if share else None,
    )


def has_standard_words(layer: Lapisan) -> bool:
    """Whether the layer says nothing that the figures would not; else the text must be edited."""
    rules = (layer.digital, layer.predikat, layer.perangkat)
    return all(
        rule is None or WORDS[rule.uji.kode].items() <= words_of(rule.uji).items() for rule in rules
    )


def _words(figures: LayerFigures, kode: str) -> dict[str, str]:
    return {**WORDS[kode], "sumber": figures.sumber, "keyakinan": figures.keyakinan}


def _present(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}
