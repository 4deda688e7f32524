"""What an item does not say yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase

from cat.itembank.content import ItemContent, exam_problems, is_keyed
from cat.itembank.figures import is_uploaded
from cat.itembank.peringatan.concern import Concern, Severity

_PICTURE = re.compile(r"!\[([^\]]*)\]\(gambar:([^)\s]*)\)")
_FACTUAL = frozenset({"twk"})  # parts whose keys rest on something written elsewhere


def missing_concerns(item: ItemContent) -> Iterator[Concern]:
    """Source, rationales, alt texts, indicator, and what an exam will ask for."""
    if not item.source.strip():
        rests_on_facts = item.part in _FACTUAL or item.part.startswith("skb_")
        severity = Severity.SEDANG if rests_on_facts else Severity.RINGAN
        advice = "Sebut pasal, undang-undang, atau buku; untuk soal nalar tulislah “penalaran”."
        yield Concern(severity, "sumber", "Sumber belum disebut.", advice)
    yield from _rationales(item)
    yield from _pictures(item)
    if not item.indicator.strip():
        advice = "Tulis satu baris: apa yang ditunjukkan peserta yang menjawab benar."
        yield Concern(Severity.RINGAN, "indikator", "Indikator kisi-kisi belum diisi.", advice)
    for problem in exam_problems(item):
        text = f"Belum dapat diujikan: {problem.rule}; sekarang {problem.value}."
        yield Concern(Severity.RINGAN, problem.field, text, "Lengkapi sebelum diajukan ke telaah.")


def _rationales(item: ItemContent) -> Iterator[Concern]:
    given = dict(zip(ascii_uppercase, item.option_rationales, strict=False))
    missing = [
        letter
        for letter, option in zip(ascii_uppercase, item.options, strict=False)
        if option.strip() and not given.get(letter, "").strip()
    ]
    if missing:
        if is_keyed(item.part):
            advice = "Tulis kekeliruan apa yang membawa orang ke pengecoh, dan mengapa kunci benar."
        else:
            advice = "Tulis mengapa tiap perilaku bernilai demikian."
        text = f"Alasan belum ditulis untuk pilihan {', '.join(missing)}."
        yield Concern(Severity.RINGAN, f"alasan {missing[0]}", text, advice)


def _pictures(item: ItemContent) -> Iterator[Concern]:
    places = [("stimulus", item.stimulus_text), ("soal", item.stem)]
    places += [
        (f"opsi {letter}", text)
        for letter, text in zip(ascii_uppercase, item.options, strict=False)
    ]
    used = set()
    for place, text in places:
        for alt, name in _PICTURE.findall(text):
            used.add(name)
            figure = item.figures.get(name)
            own = str(figure.get("alt", "")) if is_uploaded(figure) and figure else ""
            if figure is None:
                yield Concern(
                    Severity.BERAT,
                    place,
                    f"Gambar “{name}” tidak ada pada butir ini.",
                    "Unggah gambarnya, atau hapus rujukannya.",
                )
            elif is_uploaded(figure) and not (alt.strip() or own.strip()):
                yield Concern(
                    Severity.BERAT,
                    place,
                    f"Gambar “{name}” belum mempunyai teks alternatif.",
                    "Tulis apa yang tampak, tanpa menyebut jawabannya.",
                )
    for name, figure in item.figures.items():
        if is_uploaded(figure) and name not in used:
            yield Concern(
                Severity.RINGAN,
                "gambar",
                f"Gambar “{name}” tidak dipakai.",
                f"Sisipkan ![](gambar:{name}) di soal atau pilihan, atau hapus gambarnya.",
            )
