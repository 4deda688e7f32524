"""Items to practise on before the clock runs: of no exam, never stored, never scored."""

from __future__ import annotations

from dataclasses import dataclass

from cat.itembank.content import LETTERS
from web.candidate.queries import GridPart, ItemPage, Rules

KEYED, GRADED = "kunci", "bertingkat"
EMPTY = "-"


@dataclass(frozen=True)
class PracticeItem:
    """jenis : KEYED with one right answer, or GRADED where each option has a worth."""

    jenis: str
    stem: str
    options: tuple[str, ...]


ITEMS = (
    PracticeItem(
        KEYED,
        "<p>Sebuah loket melayani 12 orang setiap jam. Berapa orang yang dilayani dalam "
        "2,5 jam?</p>",
        ("24 orang", "25 orang", "30 orang", "36 orang", "48 orang"),
    ),
    PracticeItem(
        KEYED,
        "<p>Kata yang hubungannya sama dengan <strong>payung : hujan</strong> ialah …</p>",
        (
            "lampu : gelap",
            "buku : kertas",
            "kapal : laut",
            "guru : sekolah",
            "sepatu : kulit",
        ),
    ),
    PracticeItem(
        GRADED,
        "<p>Seorang warga lanjut usia datang lima menit sebelum loket tutup dan belum membawa "
        "salah satu berkas. Apa yang Anda lakukan?</p>",
        (
            "Menjelaskan berkas yang kurang, lalu mencatat namanya agar besok didahulukan.",
            "Meminta warga itu datang lagi besok dengan berkas lengkap.",
            "Memeriksa apakah berkas itu tersedia di sistem, lalu membantu sampai selesai.",
            "Menutup loket tepat waktu sesuai jadwal.",
            "Meminta rekan kerja yang belum pulang untuk melayaninya.",
        ),
    ),
)


def items_for(rules: Rules, *, is_linear: bool) -> list[PracticeItem]:
    """Practice items of the kinds that the test has: one of each kind, or all where one may move
    about and needs something to move between.
    """
    kinds = [KEYED] + [GRADED] * any(part.poin.jenis == GRADED for part in rules.bagian)
    fitting = [item for item in ITEMS if item.jenis in kinds]
    if is_linear or len(kinds) == 1:
        return fitting
    return [next(item for item in fitting if item.jenis == kind) for kind in kinds]


def read_marks(text: str | None, count: int) -> str:
    """The letters marked so far, one a practice item, "-" where none; the page carries them."""
    text = (text or "")[:count].ljust(count, EMPTY)
    return "".join(letter if letter in LETTERS else EMPTY for letter in text)


def read_flags(text: str | None, count: int) -> str:
    """1 for each practice item that is flagged, 0 for the others."""
    text = (text or "")[:count].ljust(count, "0")
    return "".join("1" if flag == "1" else "0" for flag in text)


def page_of(items: list[PracticeItem], number: int, name: str, marks: str, flags: str) -> ItemPage:
    """The page of one practice item. name : of the only part there is."""
    item, marked = items[number - 1], marks[number - 1]
    return ItemPage(
        number=number,
        total=len(items),
        part_name=name,
        part_number=1,
        parts=1,
        number_in_part=number,
        part_length=len(items),
        stem=item.stem,
        options=tuple(zip(LETTERS, item.options, strict=True)),
        marked=None if marked == EMPTY else marked,
        left_seconds=0,
        is_unsure=flags[number - 1] == "1",
    )


def grid_of(marks: str, flags: str, name: str) -> list[GridPart]:
    """The number grid of the practice."""
    cells = (
        (number, letter != EMPTY, flag == "1")
        for number, (letter, flag) in enumerate(zip(marks, flags, strict=True), start=1)
    )
    return [GridPart(name, tuple(cells))]
