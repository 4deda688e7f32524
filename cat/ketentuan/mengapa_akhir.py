"""Why this final result? SKB parts, knock-out, integration, the tie that decided, a transfer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cat.errors import BadInput
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.integrasi import (
    BagianSKB,
    Contender,
    NilaiAkhir,
    as_decimal,
    for_display,
    integrate,
    order_key,
)
from cat.ketentuan.ketentuan_skb import BatasSKB, HasilTes
from cat.ketentuan.mengapa import Alasan, meaning
from cat.ketentuan.pengisian import LangkahPindah
from cat.ketentuan.ruleset import Integrasi, RuleSet

_NAMES = {"akhir": "nilai akhir", TOTAL: "total SKD", "ipk": "IPK", "usia": "usia"}


@dataclass(frozen=True)
class Penentu:
    """What put one of two neighbours in the final list first.

    kriteria : name from `Integrasi.urutan`; everything before it was equal.
    own, other : the two values; None where they belong to nobody else's eyes (IPK, day of birth).
    ahead : whether the person whose reasons are told stands first.
    """

    kriteria: str
    own: Decimal | None
    other: Decimal | None
    ahead: bool


@dataclass(frozen=True)
class TempatAkhir:
    """Where somebody stands in the final list of a formasi.

    rank : 1 is best. kebutuhan : posts. neighbour : what decided against the nearest rival of equal
    nilai akhir; None where nobody has the same.
    """

    rank: int
    kebutuhan: int
    neighbour: Penentu | None = None


def deciding(person: Contender, rival: Contender, rule: Integrasi) -> Penentu | None:
    """The first criterion in which two people differ; None where they are equal in all.

    Raises BadInput as `final_ranks` does where IPK must decide and cannot.
    """
    for name in rule.urutan:
        if name == "ipk" and person.jenjang != rival.jenjang:
            raise BadInput("ipk of different jenjang can't be compared", pair=(person, rival))
        (own,), (other,) = order_key(person, [name]), order_key(rival, [name])
        if own != other:
            if name in ("ipk", "usia"):
                return Penentu(name, None, None, own < other)
            return Penentu(name, -own, -other, own < other)
    return None


def why_final(
    skd: int,
    skb: Sequence[HasilTes],
    limits: BatasSKB | None,
    place: TempatAkhir | None,
    kode: str,
    rules: RuleSet,
    *,
    step: LangkahPindah | None = None,
) -> tuple[Alasan, ...]:
    """From SKB parts to the final code, in the order in which it was decided.

    skd : total points of the SKD.
    skb : every part with its plan; weights make 100.
    limits : the SKB rule of this kind of agency, as source; None where the year has none on file.
    place : None for who is out (knock-out, absent).
    step : the transfer that gave the person a post, if one did.

    Raises BadRules for an unknown code, BadInput as `integrate` does.
    """
    law, sure = _source(limits, rules)
    found = [Alasan(_part(part, rules.integrasi), law, sure) for part in skb]
    found += [Alasan(_knocked_out(part), law, sure) for part in skb if part.gugur]
    if not any(part.gugur or part.nilai is None for part in skb):
        found += _integration(skd, integrate(skd, _as_parts(skb), rules.integrasi), rules)
    if place is not None:
        found += _standing(place, rules)
    if step is not None:
        found.append(_moved(step))
    return (*found, meaning(kode, rules))


def _source(limits: BatasSKB | None, rules: RuleSet) -> tuple[str, str]:
    if limits is None:
        return rules.integrasi.dasar_hukum, "C"
    return limits.dasar_hukum, limits.keyakinan


def _as_parts(skb: Sequence[HasilTes]) -> list[BagianSKB]:
    return [
        BagianSKB(each.rencana.nama, each.nilai, each.rencana.maks, each.rencana.bobot)
        for each in skb
        if each.nilai is not None
    ]


def _part(part: HasilTes, rule: Integrasi) -> str:
    plan = part.rencana
    if part.nilai is None:
        return f"{plan.nama}: tidak hadir, jadi tidak ada nilai."
    whole = Fraction(part.nilai) / Fraction(plan.maks)
    share, brought = (_figure(as_decimal(whole * each), rule) for each in (100, plan.bobot))
    return (
        f"{plan.nama}: {_plain(part.nilai)} dari {_plain(plan.maks)} = {share} pada skala 100; "
        f"bobot {plan.bobot}% menyumbang {brought}."
    )


def _knocked_out(part: HasilTes) -> str:
    plan = part.rencana
    if part.nilai is None:
        return f"{plan.nama} bersifat menggugurkan dan tidak diikuti: peserta gugur."
    return (
        f"{plan.nama} bersifat menggugurkan: {_plain(part.nilai)} < {_plain(plan.minimum or 0)}, "
        "jadi peserta gugur berapa pun nilai lainnya."
    )


def _integration(skd: int, sums: NilaiAkhir, rules: RuleSet) -> list[Alasan]:
    rule = rules.integrasi

    def shown(value: Decimal) -> str:
        return _figure(value, rule)

    texts = (
        f"SKD: {skd} dari {rule.skd_maks} = {shown(sums.skd_100)} pada skala 100; "
        f"bobot {rule.bobot_skd}% menyumbang {shown(sums.skd_berbobot)}.",
        f"SKB: {shown(sums.skb_100)} pada skala 100; "
        f"bobot {rule.bobot_skb}% menyumbang {shown(sums.skb_berbobot)}.",
        f"Nilai akhir: {shown(sums.skd_berbobot)} + {shown(sums.skb_berbobot)} = "
        f"{shown(sums.akhir)}. Setiap bobot dipakai satu kali; pembulatan hanya untuk tampilan, "
        "urutan memakai nilai tanpa pembulatan.",
    )
    return [Alasan(text, rule.dasar_hukum, rule.keyakinan) for text in texts]


def _standing(place: TempatAkhir, rules: RuleSet) -> list[Alasan]:
    rule = rules.integrasi
    found = [] if place.neighbour is None else [_tie(place.neighbour, rule)]
    inside = place.rank <= place.kebutuhan
    found.append(
        f"Peringkat {place.rank} untuk {place.kebutuhan} kebutuhan: "
        + ("termasuk yang mengisi kebutuhan." if inside else "di luar jumlah kebutuhan.")
    )
    return [Alasan(text, rule.dasar_hukum, rule.keyakinan) for text in found]


def _tie(neighbour: Penentu, rule: Integrasi) -> str:
    before = rule.urutan[: rule.urutan.index(neighbour.kriteria)]
    same = ", ".join(_name(name) for name in before)
    if neighbour.kriteria == "usia":
        what = "yang lebih tua didahulukan; peserta ini " + (
            "lebih tua" if neighbour.ahead else "lebih muda"
        )
    elif neighbour.own is None or neighbour.other is None:
        what = f"{_name(neighbour.kriteria)} peserta ini " + (
            "lebih tinggi" if neighbour.ahead else "lebih rendah"
        )
    else:
        sign = ">" if neighbour.ahead else "<"
        what = f"{_name(neighbour.kriteria)} {_plain(neighbour.own)} {sign} "
        what += _plain(neighbour.other)
    return f"Ada peserta lain yang sama dalam {same}. Yang menentukan: {what}."


def _moved(step: LangkahPindah) -> Alasan:
    place = "lokasi yang sama" if step.lokasi == "sama" else "lokasi lain"
    minimums = "umum" if step.ambang_batas == "umum" else "jenis kebutuhan sendiri"
    text = (
        f"Kebutuhan yang kosong diisi melalui perpindahan pada jabatan dan kualifikasi pendidikan "
        f"yang sama, {place}, oleh peringkat terbaik yang memenuhi ambang batas {minimums}."
    )
    return Alasan(text, step.dasar_hukum, step.keyakinan)


def _name(kriteria: str) -> str:
    return kriteria.upper() if kriteria in PARTS else _NAMES[kriteria]


def _figure(value: Decimal, rule: Integrasi) -> str:
    return str(for_display(value, rule)).replace(".", ",")


def _plain(value: int | Decimal) -> str:
    return f"{Decimal(value).normalize():f}".replace(".", ",")
