"""Why this SKD result? Sentences with the exact comparisons, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cat.ketentuan.ambang_batas import Comparison, compare
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.nilai_lama import NilaiLama
from cat.ketentuan.ruleset import AmbangBatas, RuleSet

Nilai = Mapping[str, int]


@dataclass(frozen=True)
class Alasan:
    """One sentence to read, the regulation it rests on, and how sure we are of that."""

    teks: str
    sumber: str
    keyakinan: str


@dataclass(frozen=True)
class TempatSKD:
    """Where somebody stands among those of the same formasi who pass.

    ahead : persons strictly before, as `Ranking.ahead`.
    equal : others with the same total and the same points in every part.
    kebutuhan : posts of the formasi.
    nilai_batas : points (twk, tiu, tkp) of the last person who goes on; shown to who stays behind.
    """

    ahead: int
    equal: int
    kebutuhan: int
    nilai_batas: Nilai | None = None


def why_skd(
    nilai: Nilai | None,
    jenis_kebutuhan: str,
    place: TempatSKD | None,
    kode: str,
    rules: RuleSet,
    *,
    reused: bool = False,
) -> tuple[Alasan, ...]:
    """From points to result code, in the order in which it was decided.

    nilai : points of twk, tiu, tkp; None for the absent.
    place : None for who is not ranked.
    kode : the result code printed.
    reused : whether the points are those of an earlier year.

    Raises BadRules for an unknown jenis kebutuhan or kode.
    """
    if nilai is None:
        text = "Tidak hadir pada SKD, jadi tidak ada nilai yang dapat dibandingkan."
        return (Alasan(text, rules.dasar_hukum, "A"), meaning(kode, rules))
    row = rules.get_ambang_batas(jenis_kebutuhan)
    found = [_points(nilai, rules)]
    if reused and rules.nilai_lama is not None:
        found.insert(0, _reused(rules.nilai_lama))
    found += _minimums(nilai, row)
    if place is not None:
        found += _standing(nilai, place, rules)
    return (*found, meaning(kode, rules))


def meaning(kode: str, rules: RuleSet) -> Alasan:
    """What a printed result code says; raises BadRules for a code that the year does not have."""
    row = rules.get_kode_hasil(kode)
    return Alasan(f"Kode {row.kode}: {_sentence(row.arti)}", rules.dasar_hukum, row.keyakinan)


def _points(nilai: Nilai, rules: RuleSet) -> Alasan:
    parts = " + ".join(f"{part.upper()} {nilai[part]}" for part in PARTS)
    sure = max(part.keyakinan for part in rules.bagian)
    return Alasan(f"Nilai SKD: {parts} = {_total(nilai)}.", rules.dasar_hukum, sure)


def _reused(rule: NilaiLama) -> Alasan:
    text = (
        f"Nilai SKD tahun {rule.tahun_asal} dipakai kembali atas pilihan peserta, satu kali, "
        "tanpa mengikuti ujian lagi."
    )
    return Alasan(text, rule.dasar_hukum, rule.keyakinan)


def _minimums(nilai: Nilai, row: AmbangBatas) -> list[Alasan]:
    def said(text: str) -> Alasan:
        return Alasan(text, row.dasar_hukum, row.keyakinan)

    named = [_name(part) for part, _ in row.minimum]
    free = [part.upper() for part in PARTS if part not in row.minimums]
    scope = f"Ambang batas jenis kebutuhan {row.nama} menguji {_listed(named)}"
    if free:
        scope += f"; {_listed(free)} tidak mempunyai minimum sendiri"
    comparisons = compare(nilai, row)
    short = [_name(each.bagian) for each in comparisons if not each.met]
    verdict = (
        f"Ambang batas tidak terpenuhi karena {_listed(short)} kurang; nilai bagian lain yang "
        "lebih tinggi tidak menutupinya."
        if short
        else "Semua minimum tercapai: ambang batas terpenuhi."
    )
    return [said(f"{scope}."), *(said(_compared(each)) for each in comparisons), said(verdict)]


def _compared(each: Comparison) -> str:
    left = f"{_name(each.bagian)} {each.nilai}"
    if not each.met:
        return f"{left} < {each.minimum}: kurang {each.minimum - each.nilai}."
    exactly = ", tepat pada batas" if each.nilai == each.minimum else ""
    return f"{left} ≥ {each.minimum}: terpenuhi{exactly}."


def _standing(nilai: Nilai, place: TempatSKD, rules: RuleSet) -> list[Alasan]:
    rule = rules.pemeringkatan
    limit = rule.faktor_kebutuhan * place.kebutuhan
    goes_on = place.ahead < limit
    texts = [
        f"Yang lulus ambang batas diurutkan menurut {_ordered(rule.urutan)}. "
        f"Yang nilainya lebih tinggi: {place.ahead} orang.",
        f"Batas yang lanjut ke SKB: {rule.faktor_kebutuhan} × {place.kebutuhan} kebutuhan = "
        f"{limit} orang. "
        + (
            f"Karena {place.ahead} < {limit}, peserta ini lanjut."
            if goes_on
            else f"Karena {place.ahead} tidak kurang dari {limit}, peserta ini tidak lanjut."
        ),
    ]
    if place.equal:
        texts.append(_equals(place, limit))
    if not goes_on and place.nilai_batas is not None:
        texts.append(_behind(nilai, place.nilai_batas, rule.urutan))
    return [Alasan(text, rule.dasar_hukum, rule.keyakinan) for text in texts]


def _equals(place: TempatSKD, limit: int) -> str:
    same = f"Ada {place.equal} orang lain yang sama dalam total dan semua bagian"
    if place.ahead < limit < place.ahead + place.equal + 1:
        return (
            f"{same}. Semua yang sama tepat pada batas ikut lanjut, jadi daftarnya lebih panjang "
            f"dari {limit} orang; usia, IPK, dan nama tidak dipakai di sini."
        )
    return f"{same}; semuanya berbagi tempat yang sama."


def _behind(nilai: Nilai, last: Nilai, urutan: tuple[str, ...]) -> str:
    own, other = ({**each, TOTAL: _total(each)} for each in (nilai, last))
    name = next((name for name in urutan if own[name] != other[name]), urutan[-1])
    before = [_name(each) for each in urutan[: urutan.index(name)]]
    same = f"{_listed(before)} sama; " if before else ""
    return (
        f"Dibandingkan dengan orang terakhir yang lanjut: {same}"
        f"{_name(name)} {own[name]} < {other[name]}."
    )


def _total(nilai: Nilai) -> int:
    return sum(nilai[part] for part in PARTS)


def _name(part: str) -> str:
    return TOTAL if part == TOTAL else part.upper()


def _ordered(names: tuple[str, ...]) -> str:
    return ", lalu ".join(_name(name) for name in names)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} dan {names[-1]}"


def _sentence(text: str) -> str:
    return f"{text[:1].lower()}{text[1:].rstrip('.')}."
