"""The ranking of SKD as it stands now, and results as they were announced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, joinedload

from cat.ketentuan.ruleset import RuleSet
from web.operations.ekspor.columns import moment, text, whole, yes_no
from web.operations.ekspor.datasets import sesi
from web.operations.ekspor.datasets.source import (
    Dataset,
    Filters,
    Key,
    Origins,
    Row,
    Statement,
    from_select,
    of_formasi,
)
from web.operations.pools import find_rules
from web.operations.ranking import Ranked, rank_many
from web.tables import (
    Formasi,
    Hasil,
    Instansi,
    Jabatan,
    Pengumuman,
    Person,
    Peserta,
    Sitting,
)

_PARTS = ("twk", "tiu", "tkp")
_POINTS = "poin"
_TOGETHER = 100  # formasi that are ranked at once


def _ranked(session: Session, filters: Filters, after: Key | None) -> Iterator[Row]:
    """Rows formasi by formasi in the order of codes; the key is the code and the place below it."""
    code, place = (str(after[0]), int(after[1])) if after else ("", -1)
    chosen = of_formasi(select(Formasi).join(Formasi.instansi), filters).options(
        joinedload(Formasi.instansi), joinedload(Formasi.jabatan)
    )
    while True:
        page = chosen.where(Formasi.kode >= code if place >= 0 else Formasi.kode > code)
        found = session.scalars(page.order_by(Formasi.kode).limit(_TOGETHER)).all()
        for formasi, ranked in _rankings(session, found, filters):
            skip = place + 1 if formasi.kode == code else 0
            for number, row in enumerate(ranked[skip:], start=skip):
                yield (*_cells(formasi, row), formasi.kode, number)
        if len(found) < _TOGETHER:
            return
        code, place = found[-1].kode, -1
        session.expunge_all()  # people of formasi that are done are not needed again


def _rankings(
    session: Session, formasi: Sequence[Formasi], filters: Filters
) -> list[tuple[Formasi, list[Ranked]]]:
    """Each formasi with its ranking, by the rules of its year."""
    ranked: dict[int, list[Ranked]] = {}
    for tahun in {each.tahun for each in formasi}:
        rules = _rules(session, tahun, filters)
        ranked |= rank_many(session, [each for each in formasi if each.tahun == tahun], rules)
    return [(each, ranked[each.id]) for each in formasi]


def _rules(session: Session, tahun: int, filters: Filters) -> RuleSet:
    on = date.fromisoformat(filters.pada) if filters.pada else None
    return find_rules(session, f"cpns-{tahun}", on)


def _cells(formasi: Formasi, row: Ranked) -> Row:
    met = all(c.met for c in row.comparisons) if row.comparisons else None
    reasons = "; ".join(
        f"{c.bagian} {c.nilai} {'>=' if c.met else '<'} {c.minimum}" for c in row.comparisons
    )
    return (
        row.rank or None,
        row.peserta.nomor,
        row.peserta.person.nama,
        formasi.instansi.nama,
        formasi.jabatan.nama,
        formasi.lokasi,
        formasi.jenis_kebutuhan,
        formasi.kebutuhan,
        *(row.nilai.get(part) for part in _PARTS),
        row.total if row.nilai else None,
        met,
        row.kode,
        row.arti,
        reasons,
        row.comparisons[0].dasar_hukum if row.comparisons else None,
        sesi.HOW if row.nilai else None,
        formasi.kode,
    )


def _ranked_count(session: Session, filters: Filters) -> int:
    """Everybody who applied: the ranking leaves out only those whose exam is not over."""
    people = select(func.count()).select_from(Peserta).join(Peserta.formasi).join(Formasi.instansi)
    return int(session.scalar(of_formasi(people, filters)) or 0)


def _ranked_origins(session: Session, filters: Filters) -> Origins:
    """The pools of the exams, and the rules that rank: those of the exams need not be the same."""
    years = of_formasi(select(Formasi.tahun).join(Formasi.instansi), filters).distinct()
    rules = {_rules(session, tahun, filters).digest for tahun in session.scalars(years)}
    measured = sesi.origins(session, filters)
    return Origins(measured.pool, tuple(sorted(rules | set(measured.ketentuan))))


def _announced(filters: Filters) -> Statement:
    statement = (
        select(
            Pengumuman.kode,
            Pengumuman.tahap,
            Pengumuman.tahun,
            Pengumuman.approved_at,
            Peserta.nomor,
            Person.nama,
            Formasi.kode,
            Instansi.nama,
            Jabatan.nama,
            Formasi.lokasi,
            Formasi.jenis_kebutuhan,
            Formasi.kebutuhan,
            Hasil.urut,
            Hasil.rank,
            Hasil.twk,
            Hasil.tiu,
            Hasil.tkp,
            Hasil.total,
            Hasil.kode,
            cast(Hasil.data, String),
            Pengumuman.digest,
        )
        .select_from(Hasil)
        .join(Pengumuman, Pengumuman.id == Hasil.pengumuman_id)
        .join(Peserta, Peserta.id == Hasil.peserta_id)
        .join(Person, Person.id == Peserta.person_id)
        .join(Formasi, Formasi.id == Hasil.formasi_id)
        .join(Instansi, Instansi.id == Formasi.instansi_id)
        .join(Jabatan, Jabatan.id == Formasi.jabatan_id)
        .where(Pengumuman.approved_at.is_not(None))
    )
    if filters.pengumuman is not None:
        statement = statement.where(Pengumuman.kode == filters.pengumuman)
    return of_formasi(statement, filters)


def _announced_origins(session: Session, filters: Filters) -> Origins:
    chosen = select(Pengumuman.rules_digest).where(Pengumuman.approved_at.is_not(None))
    measured = (
        select(Sitting.pool_digest)
        .join(Hasil, Hasil.peserta_id == Sitting.peserta_id)
        .join(Pengumuman, Pengumuman.id == Hasil.pengumuman_id)
        .where(Pengumuman.approved_at.is_not(None))
    )
    if filters.pengumuman is not None:
        chosen = chosen.where(Pengumuman.kode == filters.pengumuman)
        measured = measured.where(Pengumuman.kode == filters.pengumuman)
    return Origins(
        tuple(sorted(session.scalars(measured.distinct()))),
        tuple(sorted(session.scalars(chosen.distinct()))),
    )


_announced_count, _announced_rows = from_select(_announced, (Hasil.pengumuman_id, Hasil.peserta_id))

PERINGKAT = Dataset(
    code="peringkat",
    title="Peringkat SKD berjalan",
    meaning="Satu baris untuk setiap peserta formasi yang sesinya sudah berakhir, menurut aturan "
    "tahunnya. Ini keadaan saat ekspor dibuat, bukan pengumuman.",
    columns=(
        whole("peringkat", "Peringkat dalam formasi; kosong bila tidak diperingkat."),
        text("nomor_peserta", "Nomor peserta."),
        text("nama", "Nama peserta."),
        text("instansi", "Nama instansi."),
        text("jabatan", "Nama jabatan."),
        text("lokasi", "Lokasi penempatan."),
        text("jenis_kebutuhan", "Jenis kebutuhan formasi."),
        whole("kebutuhan", "Banyaknya lowongan formasi.", "orang"),
        *(whole(part, f"Nilai {part.upper()}.", _POINTS) for part in _PARTS),
        whole("total", "TWK + TIU + TKP.", _POINTS),
        yes_no("memenuhi_ambang_batas", "Apakah semua ambang batas dipenuhi; kosong bila absen."),
        text("kode_hasil", "Kode hasil tahun itu, misalnya P/L."),
        text("arti", "Arti kode hasil."),
        text("alasan", "Setiap nilai dibandingkan dengan batasnya."),
        text("dasar_hukum", "Peraturan yang menetapkan batas itu."),
        text("cara_nilai", "Bagaimana nilai diperoleh; kosong bila tidak ada nilai."),
        text("kode_formasi", "Kode formasi."),
    ),
    filters=("tahun", "instansi", "formasi", "pada"),
    count=_ranked_count,
    rows=_ranked,
    origins=_ranked_origins,
)

HASIL_PENGUMUMAN = Dataset(
    code="hasil-pengumuman",
    title="Hasil pengumuman",
    meaning="Satu baris untuk setiap peserta dalam setiap pengumuman yang sudah disetujui, persis "
    "seperti diumumkan.",
    columns=(
        text("kode_pengumuman", "Kode pengumuman, misalnya SKD-2024-001."),
        text("tahap", "skd, akhir, atau optimalisasi."),
        whole("tahun", "Tahun seleksi."),
        moment("disetujui_pada", "Kapan pengumuman disetujui."),
        text("nomor_peserta", "Nomor peserta."),
        text("nama", "Nama peserta."),
        text("kode_formasi", "Kode formasi."),
        text("instansi", "Nama instansi."),
        text("jabatan", "Nama jabatan."),
        text("lokasi", "Lokasi penempatan."),
        text("jenis_kebutuhan", "Jenis kebutuhan formasi."),
        whole("kebutuhan", "Banyaknya lowongan formasi.", "orang"),
        whole("urut", "Urutan dalam daftar formasi, mulai 1."),
        whole("peringkat", "Peringkat; 0 bila tidak diperingkat."),
        *(whole(part, f"Nilai {part.upper()}; kosong bila absen.", _POINTS) for part in _PARTS),
        whole("total", "TWK + TIU + TKP.", _POINTS),
        text("kode_hasil", "Kode hasil tahun itu."),
        text("rincian", "Semua yang diputuskan dan alasannya, sebagai JSON."),
        text("digest_pengumuman", "SHA-256 isi pengumuman, yang ditandatangani."),
    ),
    filters=("tahun", "instansi", "formasi", "pengumuman"),
    count=_announced_count,
    rows=_announced_rows,
    origins=_announced_origins,
)
