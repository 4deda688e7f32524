"""The result of one participant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from cat.errors import NotDue
from cat.exam.record import Kind
from cat.exam.state import Phase
from cat.ketentuan.ambang_batas import compare
from cat.ketentuan.bentuk_tes import PARTS, TOTAL
from cat.ketentuan.ruleset import RuleSet
from web.dokumen.kinds import Jenis
from web.dokumen.typeset import Sheet, tanggal_panjang
from web.operations.dokumen import words
from web.operations.pools import get_rules
from web.operations.seleksi import usul
from web.operations.terhitung import counts
from web.tables import Formasi, Hasil, Pengumuman, Peserta, Sesi, Sitting, SittingEvent, Usul


def compose(session: Session, sitting_ids: Sequence[str]) -> dict[str, Sheet]:
    """Sitting id -> what its document says; sittings that are unfinished, void or no SKD
    are left out.
    """
    void = select(Usul.sitting_id).where(
        Usul.jenis == usul.Jenis.BATAL_UJIAN.value,
        Usul.agreed.is_(True),
        Usul.sitting_id.in_(sitting_ids),
    )
    sittings = session.scalars(
        select(Sitting)
        .where(
            Sitting.id.in_(sitting_ids),
            Sitting.phase == Phase.FINISHED.value,
            Sitting.id.not_in(void),
            counts(),
        )
        .options(
            joinedload(Sitting.peserta).joinedload(Peserta.person),
            joinedload(Sitting.peserta).joinedload(Peserta.formasi).joinedload(Formasi.instansi),
            joinedload(Sitting.peserta).joinedload(Peserta.formasi).joinedload(Formasi.jabatan),
            joinedload(Sitting.sesi).joinedload(Sesi.titik_lokasi),
            selectinload(Sitting.results),
        )
        .execution_options(populate_existing=True)
    ).all()
    times = _times(session, [each.id for each in sittings])
    announced = _announced(session, [each.peserta_id for each in sittings])
    return {
        each.id: _sheet(
            each,
            get_rules(session, each.rules_digest),
            times[each.id],
            announced.get(each.peserta_id),
        )
        for each in sittings
    }


def compose_one(session: Session, sitting_id: str) -> Sheet:
    """What the document of one sitting says; raises NotDue when it is unfinished or voided."""
    sheets = compose(session, [sitting_id])
    if sitting_id not in sheets:
        raise NotDue("Ujian ini belum selesai atau dibatalkan: tidak ada hasil untuk dicetak.")
    return sheets[sitting_id]


def _times(session: Session, sitting_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Sitting id -> when it was started and finished, microseconds."""
    rows = session.execute(
        select(SittingEvent.sitting_id, SittingEvent.kind, SittingEvent.at)
        .where(
            SittingEvent.sitting_id.in_(sitting_ids),
            SittingEvent.kind.in_([Kind.STARTED.value, Kind.FINISHED.value]),
        )
        .order_by(SittingEvent.seq)  # of an exam that was opened again, the last end
    )
    times: dict[str, dict[str, int]] = {each: {} for each in sitting_ids}
    for sitting_id, kind, at in rows:
        times[sitting_id][kind] = at
    return times


def _announced(session: Session, peserta_ids: Sequence[int]) -> dict[int, tuple[Pengumuman, Hasil]]:
    """Participant id -> the newest approved announcement of the SKD that has them."""
    rows = session.execute(
        select(Pengumuman, Hasil)
        .join(Hasil.pengumuman)
        .where(
            Hasil.peserta_id.in_(peserta_ids),
            Pengumuman.tahap == "skd",
            Pengumuman.approved_at.is_not(None),
        )
        .order_by(Pengumuman.approved_at)
    )
    return {hasil.peserta_id: (pengumuman, hasil) for pengumuman, hasil in rows}


def _sheet(
    sitting: Sitting,
    rules: RuleSet,
    times: dict[str, int],
    announced: tuple[Pengumuman, Hasil] | None,
) -> Sheet:
    formasi = sitting.peserta.formasi
    nilai = {row.part: row.nilai for row in sitting.results}
    total, maximum = sum(nilai.values()), sum(row.maximum for row in sitting.results)
    data = {
        "kop": words.kop(formasi.tahun if formasi else None),
        "peserta": _who(sitting, rules),
        "ujian": _when(sitting, times),
        **_marks(sitting, rules, nilai, total, maximum),
        "cara": words.cara_nilai(rules, sitting.mode),
        "pengumuman": _decision(rules, sitting, announced),
    }
    public = [
        ("Nomor peserta", sitting.peserta.nomor),
        ("Nama", words.samar(sitting.peserta.person.nama)),
        *((row.part.upper(), f"{row.nilai} dari {row.maximum}") for row in sitting.results),
        ("Total", f"{total} dari {maximum}"),
    ]
    judul = "Hasil Seleksi Kompetensi Dasar" if formasi else "Hasil Tes Pemetaan Kompetensi"
    return Sheet(Jenis.HASIL, judul, data, tuple(public))


def _who(sitting: Sitting, rules: RuleSet) -> list[list[str]]:
    peserta, formasi = sitting.peserta, sitting.peserta.formasi
    rows = [["Nomor peserta", peserta.nomor], ["Nama", peserta.person.nama]]
    if formasi is not None:
        rows += [
            ["Jabatan", formasi.jabatan.nama],
            ["Instansi", formasi.instansi.nama],
            ["Lokasi penempatan", formasi.lokasi],
            ["Kualifikasi pendidikan", formasi.kualifikasi],
            ["Jenis kebutuhan", rules.get_ambang_batas(formasi.jenis_kebutuhan).nama],
        ]
    return rows


def _when(sitting: Sitting, times: dict[str, int]) -> list[list[str]]:
    sesi, zona = sitting.sesi, sitting.sesi.titik_lokasi.zona
    rows = [
        ["Sesi", sesi.nama],
        ["Titik lokasi", f"{sesi.titik_lokasi.nama}, {sesi.ruang}, kursi {sitting.seat}"],
    ]
    for kind, label in ((Kind.STARTED, "Mulai"), (Kind.FINISHED, "Selesai")):
        if kind.value in times:
            rows.append([label, words.waktu_panjang(times[kind.value], zona)])
    return rows


def _marks(
    sitting: Sitting, rules: RuleSet, nilai: dict[str, int], total: int, maximum: int
) -> dict[str, Any]:
    """The table of nilai; without thresholds for those who applied for nothing."""
    formasi = sitting.peserta.formasi
    met, ambang = {}, ""
    if formasi is not None and set(nilai) == set(PARTS):
        rule = rules.get_ambang_batas(formasi.jenis_kebutuhan)
        met = {each.bagian: each for each in compare(nilai, rule)}
        ambang = f"{rule.nama}, {rule.dasar_hukum} (keyakinan sumber {rule.keyakinan})."

    def against(part: str) -> dict[str, Any]:
        found = met.get(part)
        return {"batas": found and found.minimum, "memenuhi": found and found.met}

    return {
        "nilai": [
            {
                "bagian": words.nama_bagian(rules, row.part),
                "nilai": row.nilai,
                "maksimum": row.maximum,
                **against(row.part),
            }
            for row in sitting.results
        ],
        "total": {"nilai": total, "maksimum": maximum, **against(TOTAL)},
        "ambang": ambang,
    }


def _decision(
    rules: RuleSet, sitting: Sitting, announced: tuple[Pengumuman, Hasil] | None
) -> list[list[str]] | None:
    """The announced code; None before an announcement, or where it counted another exam."""
    if announced is None:
        return None
    pengumuman, hasil = announced
    if hasil.data.get("ujian") != sitting.id:
        return None
    meaning = {row.kode: row.arti for row in rules.kode_hasil}
    day = tanggal_panjang(pengumuman.approved_at or 0)
    return [
        ["Pengumuman", f"{pengumuman.kode}, {day}"],
        ["Kode hasil", f"{hasil.kode}: {meaning.get(hasil.kode, '')}".removesuffix(": ")],
    ]
