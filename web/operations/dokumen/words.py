"""How documents put things: dates, lengths of time, names of parts and kinds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time

from cat.exam.record import MICROSECONDS
from cat.ketentuan.ruleset import RuleSet
from web.clock import as_datetime
from web.tables import Formasi

# Between facts of one line; the dot stays with what stands before it.
DOT = "\N{NO-BREAK SPACE}· "
# What the fonts of documents lack: all but these letters, which every one of them was printed with.
_UNSHOWN = re.compile(
    r"[^\n -~\xa0-\xac\xae-\u024f\u0388-\u038a\u038e-\u03a1\u03a3-\u03ff\u0400-\u045f"
    r"\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u2044-\u2052\u2054-\u205e\u20a0-\u20bf"
    r"\u2190-\u22ff]"
)
# How a nilai came about, by mode of delivery.
_WAYS = {
    "adaptif": (
        "Nilai adalah perkiraan poin seandainya peserta mengerjakan paket acuan berisi {butir} "
        "soal; diukur dengan tes adaptif"
    ),
    "linear": "Nilai adalah jumlah poin mentah pada satu dari paket setara berisi {butir} soal",
}


def waktu_panjang(at: int, zona: str) -> str:
    """A moment (microseconds) in local time, such as 18 November 2026 pukul 08.00 WIB."""
    return _format(at, zona, "d MMMM yyyy 'pukul' HH.mm z")


def hari_tanggal(at: int, zona: str) -> str:
    """The local day of a moment, such as Rabu, tanggal 18 November 2026."""
    return _format(at, zona, "EEEE, 'tanggal' d MMMM yyyy")


def pukul(at: int, zona: str) -> str:
    """The local time of day of a moment, to the second."""
    return str(format_time(as_datetime(at), "HH.mm.ss", tzinfo=ZoneInfo(zona), locale="id"))


def lama(microseconds: int) -> str:
    """A length of time as h.mm.ss."""
    whole = round(microseconds / MICROSECONDS)
    return f"{whole // 3600}.{whole // 60 % 60:02}.{whole % 60:02}"


def samar(nama: str) -> str:
    """A name of which only the initials can be read, whatever its length."""
    return " ".join(f"{word[0]}•••" for word in nama.split())


def kop(tahun: int | None) -> str:
    """The line above the title; tahun : of the selection, None for an internal assessment."""
    if tahun is None:
        return "Pemetaan Kompetensi Pegawai"
    return f"Seleksi Calon Pegawai Negeri Sipil Tahun Anggaran {tahun}"


def cara_nilai(rules: RuleSet, mode: str) -> str:
    """How nilai were made, with the standing that the rules of the year give to that way."""
    moda = rules.get_moda(mode)
    butir = sum(part.butir for part in rules.bagian)
    note = moda.catatan.removesuffix(".")
    return f"{_WAYS[mode].format(butir=butir)} ({note}; keyakinan sumber {moda.keyakinan})."


def nama_bagian(rules: RuleSet, part: str) -> str:
    """A part in full, such as Tes Intelegensia Umum (TIU)."""
    return f"{rules.get_bagian(part).nama} ({part.upper()})"


def uraian(formasi: Formasi, rules: RuleSet) -> str:
    """Where, for whom and of which kind a formasi is, in one line."""
    jenis = rules.get_ambang_batas(formasi.jenis_kebutuhan).nama
    return DOT.join((formasi.lokasi, formasi.kualifikasi, jenis))


def _format(at: int, zona: str, pattern: str) -> str:
    return str(format_datetime(as_datetime(at), pattern, tzinfo=ZoneInfo(zona), locale="id"))


def tercetak(value: Any) -> Any:
    """The same texts, lists and mappings with every letter that documents cannot show by its code.

    Letters that turn the direction of writing, or cannot be seen, are among those.
    """
    if isinstance(value, str):
        return _UNSHOWN.sub(_by_code, unicodedata.normalize("NFC", value))
    if isinstance(value, Mapping):
        return {name: tercetak(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(tercetak(each) for each in value)
    return value


def _by_code(found: re.Match[str]) -> str:
    return f"(U+{ord(found[0]):04X})"
