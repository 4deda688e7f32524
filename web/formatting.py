"""How numbers, dates and domain codes look to people."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from flask import Flask

from cat.exam.state import Phase
from cat.ketentuan.bentuk_tes import PARTS
from web.clock import WIB, as_datetime

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
# Domain codes whose official spelling differs from the dictionary's.
SPELLING = {
    "anti_radikalisme": "antiradikalisme",
    "berbasis_tik": "berbasis TIK",
    "tata_kelola_ti": "tata kelola TI",
}
# Names of the parts; those of the law are abbreviations.
BAGIAN = {part: part.upper() for part in PARTS} | {
    "skb_pranata_komputer": "SKB Pranata Komputer",
    "skb_analis_sdm_aparatur": "SKB Analis SDM Aparatur",
    "literasi_digital": "Literasi digital",
}
PHASES = {
    Phase.WAITING: "Menunggu izin",
    Phase.ADMITTED: "Siap mulai",
    Phase.WORKING: "Mengerjakan",
    Phase.PAUSED: "Dijeda",
    Phase.FINISHED: "Selesai",
}


def angka(value: float, digits: int = 2) -> str:
    """A number with a decimal comma."""
    text = format_decimal(value, format=f"#,##0.{'0' * digits}", locale="id")
    return str(text).replace("-", "\N{MINUS SIGN}")


def peluang(chance: float) -> str:
    """A probability in whole per cent, never rounded to certainty."""
    if chance > 0.99:
        return "> 99%"
    return "< 1%" if chance < 0.01 else f"{angka(100 * chance, 0)}%"


def persen(part: int, whole: int) -> str:
    """A share in per cent with one decimal; a dash where there is no whole."""
    return f"{angka(100 * part / whole, 1)}%" if whole else "–"


def tanggal(value: date | int) -> str:
    """A date, or a moment in microseconds, as dd-mm-yyyy."""
    day = as_datetime(value).astimezone(WIB).date() if isinstance(value, int) else value
    return str(format_date(day, "dd-MM-yyyy", locale="id"))


def waktu(at: int, zone: str = "Asia/Jakarta") -> str:
    """A moment in microseconds as local date and time with the name of the zone."""
    moment = as_datetime(at).astimezone(ZoneInfo(zone))
    text = format_datetime(moment, "dd-MM-yyyy HH.mm", tzinfo=ZoneInfo(zone), locale="id")
    return f"{text} {ZONES[zone]}"


def jam(at: int, zone: str = "Asia/Jakarta") -> str:
    """Only the time of day of a moment, with seconds."""
    return str(format_time(as_datetime(at), "HH.mm.ss", tzinfo=ZoneInfo(zone), locale="id"))


def durasi(seconds: float) -> str:
    """A length of time as h.mm.ss, as on the clock of the exam page."""
    whole = max(0, int(seconds))
    return f"{whole // 3600}.{whole // 60 % 60:02}.{whole % 60:02}"


def domain(path: str) -> str:
    """A domain code in words: "tiu.verbal.analogi" is "TIU · Verbal: analogi"."""
    part, _, rest = path.partition(".")
    if part not in BAGIAN or not rest:
        return _sentence(path)
    return f"{bagian(part)} · {_sentence(rest)}"


def bagian(part: str) -> str:
    """The code of a test part in words: "tiu" is "TIU"."""
    return BAGIAN.get(part) or _sentence(part)


def _sentence(path: str) -> str:
    words = ": ".join(SPELLING.get(step, step.replace("_", " ")) for step in path.split("."))
    return words[:1].upper() + words[1:]


def keadaan(phase: str) -> str:
    """The phase of a sitting in words."""
    return PHASES[Phase(phase)]


def nik_samar(nik: str) -> str:
    """A NIK with all but its last four digits hidden."""
    return "•" * 12 + nik[-4:]


def register(app: Flask) -> None:
    """Make these available to templates."""
    numbers = (angka, peluang, persen, tanggal, waktu, jam, durasi)
    for function in (*numbers, bagian, domain, keadaan, nik_samar):
        app.add_template_filter(function)
