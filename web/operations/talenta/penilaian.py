"""Everything that is known of an employee, measured against the jabatan: gather, then compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from cat.kompetensi.bukti import LevelBelief
from cat.kompetensi.ip_asn import Fakta, IpAsn, Riwayat, index
from cat.kompetensi.jpm import FULL, Jpm, Kategori, Sebaran, Skala, match, spread
from cat.kompetensi.kesenjangan import Kesenjangan, gap_percent, gaps
from cat.kompetensi.kinerja import performance_gap
from cat.kompetensi.talenta import JPM, Kotak, Potensial, column_chances, potential
from web.operations.kompetensi import beliefs, digital_from
from web.operations.talenta import kinerja, pelatihan
from web.operations.talenta.acuan import Acuan
from web.operations.talenta.standar import StandarBerlaku, standards_in_force
from web.tables import Kinerja, Pegawai


@dataclass(frozen=True)
class HasilSkala:
    """One scale of the JPM: the category (None where the JPM is not known) and all chances."""

    skala: Skala
    kategori: Kategori | None
    peluang: tuple[tuple[Kategori, float], ...]


@dataclass(frozen=True)
class Penilaian:
    """What the platform can say of one employee; None wherever something is not on file.

    levels : competency -> belief, unmeasured ones too. digital : mastery of IT.
    peluang_kotak : the boxes of the person's row with their chances, best first.
    belum_ada : everything that is wanting, in words.
    """

    pegawai: Pegawai
    standar: StandarBerlaku | None
    levels: Mapping[str, LevelBelief]
    jpm: Jpm | None
    skala: tuple[HasilSkala, ...]
    gaps: tuple[Kesenjangan, ...]
    gap_persen: Fraction | None
    kinerja: Kinerja | None
    gap_kinerja: Decimal | None
    baris: str | None
    potensial: Potensial
    kolom: str | None
    kotak: Kotak | None
    peluang_kotak: tuple[tuple[Kotak, float], ...]
    ip_asn: IpAsn
    digital: LevelBelief
    ti_kuat: bool | None
    belum_ada: tuple[str, ...]

    @property
    def kotak_termungkin(self) -> Kotak | None:
        """The box with the highest chance, which need not be the one of the likeliest levels."""
        return max(self.peluang_kotak, key=lambda pair: pair[1])[0] if self.peluang_kotak else None


def assess(
    session: Session, people: Sequence[Pegawai], today: date, acuan: Acuan
) -> list[Penilaian]:
    """Assess employees, in the order given; stores nothing."""
    ids = [each.id for each in people]
    standards = standards_in_force(session, {each.jabatan for each in people}, today, acuan)
    years = kinerja.latest(session, ids)
    histories = pelatihan.histories(session, ids)
    return [
        _assess_one(
            session,
            each,
            standards.get(each.jabatan_id),
            years.get(each.id),
            histories.get(each.id),
            today,
            acuan,
        )
        for each in people
    ]


def _assess_one(
    session: Session,
    pegawai: Pegawai,
    standar: StandarBerlaku | None,
    year: Kinerja | None,
    history: tuple[Riwayat, ...] | None,
    today: date,
    acuan: Acuan,
) -> Penilaian:
    known = beliefs(session, pegawai.person_id, today)
    measured = {k: belief for k, belief in known.items() if _is_measured(belief, acuan)}
    levels = {kode: belief.level for kode, belief in measured.items()}
    chances = {kode: belief.peluang for kode, belief in measured.items()}
    asked = standar.standar if standar else None
    jpm = match(asked, levels, acuan.jpm, acuan.kamus) if asked else None
    sure = spread(asked, chances, acuan.jpm, acuan.kamus) if asked else None
    rows = gaps(asked, levels, acuan.kamus) if asked else ()
    ip = index(acuan.ip_asn, _facts(pegawai, year, history, acuan), today.year)
    parts = _potential_parts(jpm, ip)
    potensial = potential(acuan.potensial, parts)
    baris = acuan.kinerja.get(year.predikat).baris if year else None
    kolom = None if potensial.indeks is None else acuan.potensial.column(potensial.indeks)
    digital = digital_from(session, known)
    return Penilaian(
        pegawai=pegawai,
        standar=standar,
        levels=known,
        jpm=jpm,
        skala=_on_scales(jpm, sure, acuan),
        gaps=rows,
        gap_persen=gap_percent(rows),
        kinerja=year,
        gap_kinerja=_performance_gap(year),
        baris=baris,
        potensial=potensial,
        kolom=kolom,
        kotak=acuan.peta.box(baris, kolom) if baris and kolom else None,
        peluang_kotak=_box_chances(baris, column_chances(acuan.potensial, parts, sure), acuan),
        ip_asn=ip,
        digital=digital,
        ti_kuat=_is_strong(digital, acuan),
        belum_ada=_wanting(standar, jpm, year, ip, acuan),
    )


def _on_scales(jpm: Jpm | None, sure: Sebaran | None, acuan: Acuan) -> tuple[HasilSkala, ...]:
    return tuple(
        HasilSkala(
            each,
            each.category(jpm.nilai) if jpm and jpm.nilai is not None else None,
            sure.categories(each) if sure else (),
        )
        for each in acuan.jpm.skala
    )


def _is_measured(belief: LevelBelief, acuan: Acuan) -> bool:
    """Whether anything stronger than a hint supports the belief."""
    return any(bukti.jenis not in acuan.jpm.bukan_pengukuran for bukti, _ in belief.dasar)


def _facts(
    pegawai: Pegawai, year: Kinerja | None, history: tuple[Riwayat, ...] | None, acuan: Acuan
) -> Fakta:
    jenjang = acuan.jenjang.find(pegawai.jabatan.jenjang)
    return Fakta(
        pendidikan=pegawai.pendidikan,
        kelompok_jabatan=jenjang.kelompok_jabatan if jenjang else None,
        riwayat=history,
        predikat=year.predikat if year else None,
        # A punishment is on file without its severity, which the points depend on.
        disiplin="tidak_pernah" if pegawai.hukuman_disiplin is False else None,
    )


def _potential_parts(jpm: Jpm | None, ip: IpAsn) -> dict[str, Fraction | None]:
    """Each component of the potential index on the scale 0 to 100."""
    points = {
        each.kode: None if each.poin is None else FULL * Fraction(each.poin) / each.maksimum
        for each in ip.dimensi
    }
    return {
        JPM: jpm.nilai if jpm else None,
        "pendidikan": points["kualifikasi"],
        "disiplin": points["disiplin"],
    }


def _box_chances(
    baris: str | None, chances: Mapping[str, float] | None, acuan: Acuan
) -> tuple[tuple[Kotak, float], ...]:
    if baris is None or chances is None:
        return ()
    found = [(acuan.peta.box(baris, kolom), chance) for kolom, chance in chances.items()]
    return tuple(sorted(found, key=lambda pair: -pair[0].nomor))


def _performance_gap(year: Kinerja | None) -> Decimal | None:
    if year is None or year.target is None or year.capaian is None:
        return None
    return performance_gap(year.target, year.capaian)


def _is_strong(digital: LevelBelief, acuan: Acuan) -> bool | None:
    if not _is_measured(digital, acuan):
        return None
    rule = acuan.populasi
    return digital.chance_at_least(rule.level) * 100 >= rule.kepastian_persen


def _wanting(
    standar: StandarBerlaku | None, jpm: Jpm | None, year: Kinerja | None, ip: IpAsn, acuan: Acuan
) -> tuple[str, ...]:
    words = []
    if standar is None:
        words.append("standar jabatan (jenjang jabatan belum tercatat)")
    if jpm and jpm.belum_ada:
        names = ", ".join(acuan.kamus.get(kode).nama for kode in jpm.belum_ada)
        words.append(f"pengukuran level: {names}")
    if year is None:
        words.append("kinerja tahunan")
    words += [each.alasan for each in ip.dimensi if each.poin is None and each.kode != "kinerja"]
    return tuple(words)
