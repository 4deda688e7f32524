"""Everything that a year's selection is decided from, read in bulk.

The rules of what counts are those of `web.operations.seleksi`: the last finished exam that was not
voided, an earlier SKD that was chosen, codes and orders that two people agreed on, the last version
of every SKB nilai.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.exam.state import Phase
from cat.ketentuan.bentuk_tes import PARTS
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi import kolom
from cat.seleksi.berkas import Table
from web.operations.bulk import read_frame
from web.operations.seleksi.nilai_lama import PAKAI
from web.operations.seleksi.status import AKHIR, SKD
from web.operations.seleksi.usul import Jenis
from web.operations.seleksi_nasional.skb import (
    DECIMAL,
    numbers,
    of_year,
    plans_of_year,
    skb_of_year,
    with_plans,
)
from web.operations.terhitung import SKD as UJIAN_SKD
from web.tables import (
    Formasi,
    Instansi,
    Jabatan,
    NilaiLama,
    PartResult,
    Person,
    Peserta,
    Sesi,
    Sitting,
    Usul,
)


@dataclass(frozen=True, eq=False)
class Bacaan:
    """What was read.

    people, needs : tables with the columns of `cat.seleksi.kolom`, and more beside them:
        peserta_id, formasi_id, ujian (the sitting that counts), tahun_asal, usul (proposal behind
        the status), entered (SKB tests for which something was entered, if only the absence).
    unfinished : how many people no list can hold yet, because an exam is still open.
    """

    people: Table
    needs: Table
    unfinished: int


def read_year(session: Session, tahun: int, rules: RuleSet) -> Bacaan:
    """The people and formasi of a year. Raises BadTable where the pipeline would refuse them later.

    SKB columns are there only once a plan has been entered.
    """
    needs = _needs(session, tahun)
    plans = plans_of_year(session, tahun)
    people = _people(session, tahun)
    exams = _exams(session, tahun)
    everyone = (
        people.join(exams, on="peserta_id", how="left", maintain_order="left")
        .join(_reused(session, tahun), on="peserta_id", how="left", maintain_order="left")
        .join(_given(session, tahun), on="peserta_id", how="left", maintain_order="left")
    )
    everyone = _with_points_that_count(everyone, rules)
    listed = everyone.filter(pl.col("is_listed"))
    if plans.height:
        needs = with_plans(needs, plans)
        listed = listed.join(
            skb_of_year(session, tahun), on="peserta_id", how="left", maintain_order="left"
        )
        # A part for which nothing was entered has no column yet.
        blank = [kolom.skb_points(n).name for n in numbers(plans)]
        listed = listed.with_columns(
            pl.lit(None, dtype=DECIMAL).alias(name) for name in blank if name not in listed.columns
        )
    unfinished = everyone.filter(pl.col("is_open") & ~pl.col("is_listed")).height
    return Bacaan(Table("peserta", listed), Table("formasi", needs), unfinished)


def _needs(session: Session, tahun: int) -> pl.DataFrame:
    chosen = (
        select(
            Formasi.id,
            Formasi.kode,
            Formasi.jenis_kebutuhan,
            Formasi.kebutuhan,
            Instansi.kode,
            Instansi.jenis,
            Jabatan.kode,
            Formasi.kualifikasi,
            Formasi.lokasi,
            Formasi.instansi_id,
            Formasi.jabatan_id,
        )
        .join(Formasi.instansi)
        .join(Formasi.jabatan)
        .where(Formasi.tahun == tahun)
    )
    texts = ("instansi", "jenis_instansi", "jabatan", "kualifikasi", "lokasi")
    schema = {
        "formasi_id": pl.Int64,
        "kode": pl.String,
        "jenis_kebutuhan": pl.String,
        "kebutuhan": pl.Int64,
        **dict.fromkeys(texts, pl.String),
        "instansi_id": pl.Int64,
        "jabatan_id": pl.Int64,
    }
    # Sorted here: databases disagree about the order of texts, and who moves where follows it.
    return read_frame(session, chosen, schema).sort("kode")


def _people(session: Session, tahun: int) -> pl.DataFrame:
    chosen = (
        select(
            Peserta.id,
            Peserta.nomor,
            Formasi.id,
            Formasi.kode,
            Peserta.jenjang,
            Peserta.ipk,
            Person.tanggal_lahir,
        )
        .join(Peserta.formasi)
        .join(Peserta.person)
        .where(Formasi.tahun == tahun)
    )
    schema = {
        "peserta_id": pl.Int64,
        "nomor": pl.String,
        "formasi_id": pl.Int64,
        "formasi": pl.String,
        "jenjang": pl.String,
        "ipk": DECIMAL,
        "tanggal_lahir": pl.Date,
    }
    return read_frame(session, chosen, schema).sort("peserta_id")


def _exams(session: Session, tahun: int) -> pl.DataFrame:
    """One row for each person with an exam: points and id of the one that counts, and `is_open`."""
    sittings = read_frame(
        session,
        of_year(
            select(
                Sitting.peserta_id,
                Sitting.id,
                Sitting.phase,
                Sitting.last_at,
                Sitting.is_void,
                Sesi.is_closed,
            )
            .where(Sitting.ujian == UJIAN_SKD)
            .join(Sitting.sesi)
            .join(Sitting.peserta),
            tahun,
        ),
        {
            "peserta_id": pl.Int64,
            "ujian": pl.String,
            "phase": pl.String,
            "last_at": pl.Int64,
            "is_void": pl.Boolean,
            "is_closed": pl.Boolean,
        },
    )
    void = [row.sitting_id for row in _agreed(session, tahun, Jenis.BATAL_UJIAN)]
    held = ~pl.col("is_void")
    ended = held & (pl.col("phase") == Phase.FINISHED.value)
    is_valid = ended & ~pl.col("ujian").is_in(void)
    counted = (
        sittings.filter(is_valid)
        .sort("last_at", "ujian")
        .unique("peserta_id", keep="last", maintain_order=True)
        .select("peserta_id", "ujian")
        .join(_points(session, tahun), on="ujian", how="left")
    )
    # An exam is still to come, or the only one there was does not count.
    is_waiting = ended.any() | (held & ~pl.col("is_closed")).any() | ~held.any()
    still_open = sittings.group_by("peserta_id").agg(is_open=~is_valid.any() & is_waiting)
    return still_open.join(counted, on="peserta_id", how="left")


def _points(session: Session, tahun: int) -> pl.DataFrame:
    """Sitting -> points of each part."""
    chosen = of_year(
        select(PartResult.sitting_id, PartResult.part, PartResult.nilai)
        .join(Sitting, Sitting.id == PartResult.sitting_id)
        .join(Sitting.peserta),
        tahun,
    )
    schema = {"ujian": pl.String, "part": pl.String, "nilai": pl.Int64}
    rows = read_frame(session, chosen, schema)
    found = rows.select("ujian").unique()
    for part in PARTS:
        own = rows.filter(pl.col("part") == part).select("ujian", pl.col("nilai").alias(part))
        found = found.join(own, on="ujian", how="left")
    return found


def _reused(session: Session, tahun: int) -> pl.DataFrame:
    chosen = of_year(
        select(
            NilaiLama.peserta_id,
            NilaiLama.tahun_asal,
            *(getattr(NilaiLama, part) for part in PARTS),
        )
        .join(NilaiLama.peserta)
        .where(NilaiLama.pilihan == PAKAI),
        tahun,
    )
    names = ("peserta_id", "tahun_asal", *(f"lama_{part}" for part in PARTS))
    return read_frame(session, chosen, dict.fromkeys(names, pl.Int64))


def _with_points_that_count(everyone: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """Points of the earlier SKD where it is used, else of the exam."""
    reuses = pl.col("tahun_asal").is_not_null()
    if rules.nilai_lama is not None and rules.nilai_lama.nilai_terbaik:
        old = pl.sum_horizontal(f"lama_{part}" for part in PARTS)
        new = pl.sum_horizontal(*PARTS)
        reuses = reuses & ~(pl.col("ujian").is_not_null() & (new > old))
    is_open = pl.col("is_open").fill_null(False)
    # Without an exam, an earlier SKD or a code there is nothing to list yet.
    has_exam = pl.col("is_open").is_not_null()
    is_out = pl.col("status").is_not_null() & (pl.col("tahap") == SKD)
    is_listed = reuses | (has_exam & (~is_open | is_out))
    points = [
        pl.when(reuses).then(pl.col(f"lama_{part}")).otherwise(pl.col(part)).alias(part)
        for part in PARTS
    ]
    status = pl.col("status")
    return everyone.with_columns(
        *points,
        nilai_lama=reuses,
        hadir=reuses | pl.col("ujian").is_not_null(),
        is_open=is_open,
        is_listed=is_listed,
        status_skd=pl.when(pl.col("tahap") == SKD).then(status),
        status_akhir=pl.when(pl.col("tahap") == AKHIR).then(status),
    )


def _given(session: Session, tahun: int) -> pl.DataFrame:
    """Codes and orders that two people agreed on."""
    held: dict[int, tuple[str, str, int]] = {}
    for row in _agreed(session, tahun, Jenis.STATUS, Jenis.CABUT_STATUS):
        assert row.peserta_id is not None
        if row.jenis == Jenis.STATUS:
            held[row.peserta_id] = (row.isi["kode"], row.isi["tahap"], row.id)
        else:
            held.pop(row.peserta_id, None)
    places: dict[int, int] = {}
    for row in _agreed(session, tahun, Jenis.URUTAN):
        places.update({who: place for place, who in enumerate(row.isi["peserta"], start=1)})
    people = sorted({*held, *places})
    nothing = (None, None, None)
    return pl.DataFrame(
        [(who, *held.get(who, nothing), places.get(who)) for who in people],
        schema={
            "peserta_id": pl.Int64,
            "status": pl.String,
            "tahap": pl.String,
            "usul": pl.Int64,
            "putusan": pl.Int64,
        },
        orient="row",
    )


def _agreed(session: Session, tahun: int, *jenis: Jenis) -> list[Usul]:
    """Agreed acts of a year, the one agreed last at the end."""
    kinds = [each.value for each in jenis]
    chosen = select(Usul).where(Usul.tahun == tahun, Usul.jenis.in_(kinds), Usul.agreed.is_(True))
    return list(session.scalars(chosen.order_by(Usul.decided_at, Usul.id)))
