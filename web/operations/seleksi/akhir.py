"""The final ranking: SKD as announced, SKB as entered, every step of the integration kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.integrasi import BagianSKB, Contender, NilaiAkhir, as_decimal, integrate
from cat.ketentuan.ketentuan_skb import HasilTes
from cat.ketentuan.mengapa_akhir import Penentu
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi.peringkat_akhir import Contenders, FinalRanking
from web.operations.seleksi import kontestan, nilai_skb
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.berlaku import going_on
from web.operations.seleksi.rencana import as_parts, plans_of
from web.operations.seleksi.status import Status, statuses
from web.operations.seleksi.urutan import orders, settle
from web.tables import Formasi, Hasil, NilaiSKB, Peserta, RencanaSKB


@dataclass(frozen=True)
class Tes:
    """One SKB test of one person in figures; None where there is no nilai.

    hasil : plan and nilai. entered : whether anything was entered, if only the absence.
    skala_100 : nilai of 100. sumbangan : what it brings to the SKB, skala_100 times bobot.
    """

    jenis: str
    hasil: HasilTes
    entered: bool
    skala_100: Decimal | None
    sumbangan: Decimal | None


@dataclass
class Akhir:
    """One person in the final list.

    skd : what the SKD announcement in force says. sums : None for who is out or incomplete.
    rank : 1 is best, equals share it; 0 for who does not contend.
    placed : whether the person gets a post. undecided : whether two people must decide first.
    kode, arti : printed code; "" while undecided or incomplete.
    tie : what decided against the neighbour of equal nilai akhir. by_order : two people did.
    """

    peserta: Peserta
    skd: Hasil
    tests: tuple[Tes, ...]
    sums: NilaiAkhir | None
    status: Status | None
    rank: int = 0
    placed: bool = False
    undecided: bool = False
    kode: str = ""
    arti: str = ""
    tie: Penentu | None = None
    by_order: bool = False

    @property
    def nilai(self) -> dict[str, int]:
        """SKD part -> points as announced."""
        return {part: getattr(self.skd, part) for part in PARTS}

    @property
    def is_complete(self) -> bool:
        """Whether something was entered for every test, or a status makes it needless."""
        return self.status is not None or (
            bool(self.tests) and all(test.entered for test in self.tests)
        )

    @property
    def is_absent(self) -> bool:
        """Whether a test was missed."""
        return any(test.entered and test.hasil.nilai is None for test in self.tests)

    @property
    def is_knocked_out(self) -> bool:
        """Whether a test that knocks out was missed or failed."""
        return any(test.entered and test.hasil.gugur for test in self.tests)

    @property
    def contends(self) -> bool:
        """Whether the person is ranked."""
        return self.sums is not None and not self.is_knocked_out and self.status is None

    @property
    def contender(self) -> Contender:
        """The person as the rules compare people; only for who contends."""
        assert self.sums is not None
        return Contender(
            akhir=self.sums.akhir,
            nilai=(self.skd.twk or 0, self.skd.tiu or 0, self.skd.tkp or 0),
            jenjang=self.peserta.jenjang or "",
            ipk=self.peserta.ipk,
            tanggal_lahir=self.peserta.person.tanggal_lahir,
        )


@dataclass
class Final:
    """The final lists of some formasi, and the arrays that the transfers go on from.

    rows : formasi by formasi in the order given, inside by rank, then the unranked.
    contenders, ranking : in the order of `rows`.
    """

    formasi: Sequence[Formasi]
    plans: dict[int, RencanaSKB]
    rows: list[Akhir]
    contenders: Contenders
    ranking: FinalRanking
    rules: RuleSet
    of_formasi: dict[int, list[Akhir]] = field(default_factory=dict)

    def undecided(self, formasi_id: int) -> list[list[Akhir]]:
        """The groups of one formasi for which two people must decide on the order."""
        groups: dict[int, list[Akhir]] = {}
        for row in self.of_formasi.get(formasi_id, []):
            if row.undecided:
                groups.setdefault(row.rank, []).append(row)
        return list(groups.values())

    def obstacles(self) -> list[str]:
        """Why the lists cannot be announced yet, in Indonesian; empty where they can."""
        found = []
        for each in self.formasi:
            rows = self.of_formasi[each.id]
            waiting = [row.peserta.nomor for row in rows if not row.is_complete]
            if rows and each.id not in self.plans:
                found.append(f"{each.kode}: rencana SKB belum ada.")
            elif waiting:
                found.append(f"{each.kode}: nilai SKB belum lengkap untuk {_listed(waiting)}.")
            for group in self.undecided(each.id):
                names = _listed([row.peserta.nomor for row in group])
                found.append(f"{each.kode}: urutan {names} menunggu putusan.")
        return found


def final_lists(
    session: Session, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf = NOW
) -> Final:
    """The final ranking of some formasi from the SKD announcements in force.

    Raises BadRules where the year's rules have no codes for the final list.
    """
    ids = [each.id for each in formasi]
    plans = plans_of(session, formasi)
    known = nilai_skb.current(session, {plan.id: plan for plan in plans.values()}.values(), as_of)
    given = statuses(session, ids, rules, as_of)
    rows = [
        _row(hasil, plans.get(hasil.formasi_id), known, given, rules)
        for hasil in going_on(session, formasi, as_of)
    ]
    people = kontestan.contenders(rows, plans, rules)
    held = orders(session, ids, as_of)
    places = settle(
        [row.peserta.id for row in rows],
        lambda tried: kontestan.undecided_blocks(rows, formasi, people, tried, rules),
        held,
    )
    people = kontestan.with_places(people, places)
    ranking = kontestan.rank(rows, formasi, people, rules)
    for number, row in enumerate(rows):
        row.rank = int(ranking.rank[number])
        row.placed, row.undecided = bool(ranking.placed[number]), bool(ranking.undecided[number])
        row.by_order = bool(places[number])
        _name_outcome(row, rules)
    kontestan.explain_ties(rows, rules)
    final = Final(formasi, plans, rows, people, ranking, rules, {key: [] for key in ids})
    for row in sorted(rows, key=_place):
        final.of_formasi[row.skd.formasi_id].append(row)
    return final


def _row(
    hasil: Hasil,
    plan: RencanaSKB | None,
    known: nilai_skb.Nilai,
    given: dict[int, Status],
    rules: RuleSet,
) -> Akhir:
    tests = _tests(hasil.peserta_id, plan, known) if plan else ()
    complete = bool(tests) and all(test.hasil.nilai is not None for test in tests)
    sums = None
    if complete:
        parts = [
            BagianSKB(each.rencana.nama, each.nilai, each.rencana.maks, each.rencana.bobot)
            for test in tests
            if (each := test.hasil).nilai is not None
        ]
        sums = integrate(hasil.total or 0, parts, rules.integrasi)
    return Akhir(hasil.peserta, hasil, tests, sums, given.get(hasil.peserta_id))


def _tests(peserta_id: int, plan: RencanaSKB, known: nilai_skb.Nilai) -> tuple[Tes, ...]:
    found = []
    for part, planned in zip(plan.bagian, as_parts(plan), strict=True):
        stored: NilaiSKB | None = known.get((peserta_id, part.id))
        nilai = stored.nilai if stored else None
        share = None if nilai is None else Fraction(nilai) / Fraction(part.maks)
        found.append(
            Tes(
                jenis=part.jenis,
                hasil=HasilTes(planned, nilai),
                entered=stored is not None,
                skala_100=None if share is None else as_decimal(share * 100),
                sumbangan=None if share is None else as_decimal(share * part.bobot),
            )
        )
    return tuple(found)


def _name_outcome(row: Akhir, rules: RuleSet) -> None:
    """Give the row its printed code; none while something is missing."""
    if row.status is not None:
        row.kode = row.status.kode
    elif row.is_knocked_out:
        row.kode = rules.kode_for("gugur_skb")
    elif not row.is_complete or row.undecided:
        return
    elif row.is_absent:
        row.kode = rules.kode_for("tidak_hadir")
    else:
        row.kode = rules.kode_for("lulus_akhir" if row.placed else "tidak_lulus_akhir")
    row.arti = rules.get_kode_hasil(row.kode).arti


def _place(row: Akhir) -> tuple[bool, int, int, str]:
    return (not row.rank, row.rank, -(row.skd.total or 0), row.peserta.nomor)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} dan {len(names) - 5} lainnya" if len(names) > 5 else shown
