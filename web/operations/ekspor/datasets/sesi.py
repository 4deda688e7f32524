"""Results of sittings: one row a person, or one row a part."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, literal, select
from sqlalchemy.orm import Session, aliased

from cat.exam.state import Phase
from cat.selection.stopping import Reason
from web.operations.ekspor.columns import moment, real, text, whole
from web.operations.ekspor.datasets.source import (
    Dataset,
    Filters,
    Origins,
    Statement,
    from_select,
    of_formasi,
)
from web.operations.terhitung import counts
from web.tables import Formasi, Instansi, PartResult, Person, Peserta, Sesi, Sitting, TitikLokasi

HOW = "perkiraan poin pada paket acuan, tes adaptif (uji coba)"
_STANDING = {
    Phase.WAITING: "menunggu izin",
    Phase.ADMITTED: "siap mulai",
    Phase.WORKING: "mengerjakan",
    Phase.PAUSED: "dijeda",
    Phase.FINISHED: "selesai",
}
_NEVER_STARTED = {Phase.WAITING: "tidak hadir", Phase.ADMITTED: "tidak mulai"}
_PARTS = ("twk", "tiu", "tkp")
_FILTERS = ("tahun", "instansi", "formasi", "sesi")
_POINTS = "poin"
_LOGIT = "logit"


def joined(statement: Statement, filters: Filters) -> Statement:
    """Sittings of the SKD that count, with people and formasi, those of the filters only."""
    statement = (
        statement.join(Peserta, Peserta.id == Sitting.peserta_id)
        .outerjoin(Formasi, Formasi.id == Peserta.formasi_id)
        .outerjoin(Instansi, Instansi.id == Formasi.instansi_id)
    )
    statement = statement.where(counts())
    if filters.sesi is not None:
        statement = statement.where(Sitting.sesi_id == filters.sesi)
    return of_formasi(statement, filters)


def origins(session: Session, filters: Filters) -> Origins:
    """Pools and rule sets of the sittings that the filters keep."""
    chosen = joined(select(Sitting.pool_digest, Sitting.rules_digest), filters).distinct()
    pairs = session.execute(chosen).all()
    return Origins(
        tuple(sorted({pool for pool, _ in pairs})), tuple(sorted({rules for _, rules in pairs}))
    )


def standing() -> ColumnElement[str]:
    """Where a sitting stands, in words; a closed sesi tells the absent from the waiting."""
    never = [
        (Sesi.is_closed.is_(True) & (Sitting.phase == phase.value), words)
        for phase, words in _NEVER_STARTED.items()
    ]
    return case(
        *never, *((Sitting.phase == phase.value, words) for phase, words in _STANDING.items())
    )


def _people(filters: Filters) -> Statement:
    parts = {part: aliased(PartResult, name=part) for part in _PARTS}
    twk, tiu, tkp = parts.values()
    statement: Statement = select(
        Peserta.nomor,
        Person.nama,
        Formasi.kode,
        Formasi.jenis_kebutuhan,
        Sitting.seat,
        standing(),
        *(each.nilai for each in parts.values()),
        twk.nilai + tiu.nilai + tkp.nilai,
        *(measure for each in parts.values() for measure in (each.theta, each.se)),
        case((twk.nilai.is_not(None), literal(HOW))),
        Sesi.nama,
        TitikLokasi.nama,
        Sesi.starts_at,
    ).select_from(Sitting)
    statement = joined(statement, filters).join(Person, Person.id == Peserta.person_id)
    statement = statement.join(Sesi, Sesi.id == Sitting.sesi_id)
    statement = statement.join(TitikLokasi, TitikLokasi.id == Sesi.titik_lokasi_id)
    for part, own in parts.items():
        statement = statement.outerjoin(
            own, (own.sitting_id == Sitting.id) & (own.part == literal(part))
        )
    return statement


def _parts(filters: Filters) -> Statement:
    statement = select(
        Sitting.id,
        Peserta.nomor,
        Formasi.kode,
        Sitting.sesi_id,
        PartResult.part,
        PartResult.theta,
        PartResult.se,
        PartResult.nilai,
        PartResult.nilai_se,
        PartResult.maximum,
        PartResult.answered,
        PartResult.length,
        case(*((PartResult.reason == r.value, r.text) for r in Reason if r), else_="terputus"),
        Sitting.mode,
        Sitting.pool_digest,
        Sitting.rules_digest,
    ).select_from(Sitting)
    return joined(statement, filters).join(PartResult, PartResult.sitting_id == Sitting.id)


_people_count, _people_rows = from_select(_people, (Sitting.sesi_id, Sitting.seat))
_parts_count, _parts_rows = from_select(_parts, (PartResult.sitting_id, PartResult.part))

HASIL_SESI = Dataset(
    code="hasil-sesi",
    title="Hasil sesi",
    meaning="Satu baris untuk setiap ujian seseorang dalam sebuah sesi, juga yang tidak hadir.",
    columns=(
        text("nomor_peserta", "Nomor peserta."),
        text("nama", "Nama peserta."),
        text("kode_formasi", "Formasi yang dilamar; kosong bagi asesmen internal."),
        text("jenis_kebutuhan", "Jenis kebutuhan formasi itu."),
        whole("kursi", "Nomor kursi dalam sesi."),
        text(
            "keadaan",
            "menunggu izin, siap mulai, mengerjakan, dijeda, selesai; dalam sesi yang ditutup "
            "juga tidak hadir (belum diizinkan) atau tidak mulai (sudah diizinkan).",
        ),
        *(
            whole(part, f"Nilai {part.upper()}; kosong sebelum selesai.", _POINTS)
            for part in _PARTS
        ),
        whole("total", "TWK + TIU + TKP.", _POINTS),
        *(
            real(f"{measure}_{part}", f"{words} {part.upper()}.", _LOGIT)
            for part in _PARTS
            for measure, words in (("theta", "Kemampuan"), ("se", "Galat baku theta"))
        ),
        text("cara_nilai", "Bagaimana nilai diperoleh; kosong bila tidak ada nilai."),
        text("sesi", "Nama sesi."),
        text("titik_lokasi", "Nama titik lokasi."),
        moment("jadwal_mulai", "Jadwal mulai sesi."),
    ),
    filters=_FILTERS,
    count=_people_count,
    rows=_people_rows,
    origins=origins,
)

HASIL_BAGIAN = Dataset(
    code="hasil-bagian",
    title="Hasil per bagian",
    meaning="Satu baris untuk setiap bagian (TWK, TIU, TKP) dari setiap ujian yang selesai.",
    columns=(
        text("id_ujian", "Pengenal ujian."),
        text("nomor_peserta", "Nomor peserta."),
        text("kode_formasi", "Formasi yang dilamar; kosong bagi asesmen internal."),
        whole("id_sesi", "Pengenal sesi."),
        text("bagian", "twk, tiu, atau tkp."),
        real("theta", "Kemampuan (EAP).", _LOGIT),
        real("se", "Galat baku theta.", _LOGIT),
        whole("nilai", "Nilai: perkiraan poin pada paket acuan.", _POINTS),
        real("nilai_se", "Galat baku nilai.", _POINTS),
        whole("nilai_maks", "Nilai tertinggi yang mungkin.", _POINTS),
        whole("dijawab", "Banyaknya soal yang dijawab.", "soal"),
        whole("panjang", "Banyaknya soal bagian itu.", "soal"),
        text("alasan_berhenti", "Mengapa bagian berakhir; terputus bila sebelum waktunya."),
        text("moda", "Cara penyajian, misalnya adaptif."),
        text("digest_pool", "SHA-256 pool yang dipakai."),
        text("digest_ketentuan", "SHA-256 ketentuan yang berlaku."),
    ),
    filters=_FILTERS,
    count=_parts_count,
    rows=_parts_rows,
    origins=origins,
)
