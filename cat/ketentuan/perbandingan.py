"""Who would fare differently under another rule set, with the very same results?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cat.ketentuan.ambang_batas import MinimumTable, reaches_many
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.peringkat import rank_skd
from cat.ketentuan.ruleset import RuleSet

Integers = NDArray[np.integer]
Claims = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class HasilSKD:
    """Results as they are stored, whatever rule set judges them.

    formasi : (J,) index of the formasi, 0 to G - 1.
    jenis : (J,) jenis kebutuhan of each person.
    nilai : (J, 3) points, columns twk, tiu, tkp.
    present : (J,) whether the person sat the test.
    kebutuhan : (G,) posts of each formasi.
    """

    formasi: Integers
    jenis: NDArray[np.str_]
    nilai: Integers
    present: Claims
    kebutuhan: Integers


@dataclass(frozen=True, eq=False)
class Putusan:
    """What a rule set makes of them; arrays (J,). ahead : as in `Ranking`."""

    passes: Claims
    goes_on: Claims
    ahead: NDArray[np.int64]


@dataclass(frozen=True)
class Perubahan:
    """How many fare how under the two rule sets, among some of the people.

    kelompok : their jenis kebutuhan; or the index of their formasi, as text.
    hadir : how many of them sat the test and can be judged by both.
    lulus, lanjut : reach the minimums, and go on to SKB: (old, new).
    jadi_lulus, batal_lulus, jadi_lanjut, batal_lanjut : who gain and who lose.
    """

    kelompok: str
    hadir: int
    lulus: tuple[int, int]
    lanjut: tuple[int, int]
    jadi_lulus: int
    batal_lulus: int
    jadi_lanjut: int
    batal_lanjut: int

    @property
    def is_changed(self) -> bool:
        """Whether anybody here fares differently."""
        return any((self.jadi_lulus, self.batal_lulus, self.jadi_lanjut, self.batal_lanjut))


@dataclass(frozen=True)
class Balik:
    """A minimum that decides differently for one person.

    bagian : twk, tiu, tkp or "total". nilai : points of the person.
    minimum_lama, minimum_baru : None where that rule set names no minimum for it.
    """

    bagian: str
    nilai: int
    minimum_lama: int | None
    minimum_baru: int | None


@dataclass(frozen=True, eq=False)
class Perbandingan:
    """Two rule sets on the same results; persons are indices in the order given.

    di_luar : jenis kebutuhan that one of the two does not know, with how many people want it; they
        count as absent under both.
    hadir : (J,) who sat the test and can be judged by both.
    """

    lama: RuleSet
    baru: RuleSet
    hasil: HasilSKD
    di_luar: tuple[tuple[str, int], ...]
    hadir: Claims
    putusan_lama: Putusan
    putusan_baru: Putusan

    @property
    def jadi_lulus(self) -> Claims:
        """Who reach the minimums of the new one only, (J,)."""
        return ~self.putusan_lama.passes & self.putusan_baru.passes

    @property
    def batal_lulus(self) -> Claims:
        """Who reach the minimums of the old one only, (J,)."""
        return self.putusan_lama.passes & ~self.putusan_baru.passes

    @property
    def jadi_lanjut(self) -> Claims:
        """Who go on under the new one only, (J,)."""
        return ~self.putusan_lama.goes_on & self.putusan_baru.goes_on

    @property
    def batal_lanjut(self) -> Claims:
        """Who go on under the old one only, (J,)."""
        return self.putusan_lama.goes_on & ~self.putusan_baru.goes_on

    def seluruhnya(self) -> Perubahan:
        """Everybody together."""
        everybody = np.zeros(len(self.hasil.formasi), dtype=np.int64)
        return self._counted(["semua"], everybody)[0]

    def per_jenis(self) -> tuple[Perubahan, ...]:
        """By jenis kebutuhan, in the order of their codes."""
        names, which = np.unique(self.hasil.jenis, return_inverse=True)
        return self._counted(names.tolist(), which)

    def per_formasi(self) -> tuple[Perubahan, ...]:
        """By formasi, only those where somebody fares differently."""
        names = [str(index) for index in range(len(self.hasil.kebutuhan))]
        rows = self._counted(names, self.hasil.formasi)
        return tuple(row for row in rows if row.is_changed)

    def flips(self, person: int) -> tuple[Balik, ...]:
        """The minimums that one of the two rule sets finds met and the other not."""
        jenis = str(self.hasil.jenis[person])
        old, new = (each.get_ambang_batas(jenis).minimums for each in (self.lama, self.baru))
        nilai = dict(zip(PARTS, self.hasil.nilai[person].tolist(), strict=True))
        nilai[TOTAL] = sum(nilai.values())
        return tuple(
            Balik(part, points, old.get(part), new.get(part))
            for part, points in nilai.items()
            if (points >= old.get(part, 0)) != (points >= new.get(part, 0))
        )

    def _counted(self, names: Sequence[str], which: Integers) -> tuple[Perubahan, ...]:
        old, new = self.putusan_lama, self.putusan_baru
        claims = (
            self.hadir,
            old.passes,
            new.passes,
            old.goes_on,
            new.goes_on,
            self.jadi_lulus,
            self.batal_lulus,
            self.jadi_lanjut,
            self.batal_lanjut,
        )
        columns = [np.bincount(which[each], minlength=len(names)).tolist() for each in claims]
        return tuple(
            Perubahan(name, here, (lulus_old, lulus_new), (on_old, on_new), *moved)
            for name, here, lulus_old, lulus_new, on_old, on_new, *moved in zip(
                names, *columns, strict=True
            )
        )


def compare_rules(lama: RuleSet, baru: RuleSet, hasil: HasilSKD) -> Perbandingan:
    """Both rule sets applied to the same results.

    The points stay as they are: where the two years' tests differ in length, the comparison says
    what the other year's numbers would do, not how people would have fared in the other test.

    Raises BadInput as `rank_skd`.
    """
    tables = MinimumTable.of(lama), MinimumTable.of(baru)
    known = sorted(set(tables[0].jenis_kebutuhan) & set(tables[1].jenis_kebutuhan))
    judged = np.isin(hasil.jenis, known)
    present = hasil.present & judged
    names, counts = np.unique(hasil.jenis[~judged], return_counts=True)
    old, new = (
        _judge(rules, table, hasil, present)
        for rules, table in zip((lama, baru), tables, strict=True)
    )
    left_out = tuple(zip(names.tolist(), counts.tolist(), strict=True))
    return Perbandingan(lama, baru, hasil, left_out, present, old, new)


def _judge(rules: RuleSet, table: MinimumTable, hasil: HasilSKD, present: Claims) -> Putusan:
    passes = np.zeros(len(present), dtype=np.bool_)
    rows = table.rows(hasil.jenis[present])
    passes[present] = reaches_many(hasil.nilai[present], rows, table)
    ranking = rank_skd(hasil.formasi, hasil.nilai, passes, present, hasil.kebutuhan, rules)
    return Putusan(passes, ranking.goes_on, ranking.ahead)
