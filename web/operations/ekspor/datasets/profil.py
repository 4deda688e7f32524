"""The competency profile per domain, replayed from the record of each sitting."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cat.exam.outcome import profile
from cat.exam.state import Phase
from web.operations.ekspor.columns import real, text, whole
from web.operations.ekspor.datasets import sesi
from web.operations.ekspor.datasets.source import Dataset, Filters, Key, Row
from web.operations.pools import get_pool
from web.operations.records import state_of
from web.tables import Formasi, Peserta, Sitting

_TOGETHER = 100  # sittings that are loaded at once


def _rows(session: Session, filters: Filters, after: Key | None) -> Iterator[Row]:
    """Rows of every finished sitting in the order of ids; the key is the id and a place in it."""
    last, place = (str(after[0]), int(after[1])) if after else ("", -1)
    chosen = sesi.joined(select(Sitting.id, Peserta.nomor, Formasi.kode), filters).where(
        Sitting.phase == Phase.FINISHED.value
    )
    while True:
        page = chosen.where(Sitting.id >= last if place >= 0 else Sitting.id > last)
        found = session.execute(page.order_by(Sitting.id).limit(_TOGETHER)).all()
        for sitting_id, nomor, kode in found:
            skip = place + 1 if sitting_id == last else 0
            for number, cells in list(enumerate(_domains(session, sitting_id)))[skip:]:
                yield (sitting_id, nomor, kode, *cells, sitting_id, number)
        if len(found) < _TOGETHER:
            return
        last, place = found[-1][0], -1
        session.expunge_all()  # what was replayed is not needed again


def _domains(session: Session, sitting_id: str) -> Iterator[Row]:
    scores = profile(state_of(session, session.get_one(Sitting, sitting_id)))
    for part, domains in scores.items():
        for domain, score in domains.items():
            yield (
                part,
                domain,
                score.items,
                score.theta,
                score.se,
                score.share,
                score.share_se,
                score.reliability,
            )


def _count(session: Session, filters: Filters) -> int:
    by_pool = sesi.joined(select(Sitting.pool_digest, func.count()), filters).where(
        Sitting.phase == Phase.FINISHED.value
    )
    return sum(
        sittings * sum(len(part.tree.leaves) for part in get_pool(session, digest).parts)
        for digest, sittings in session.execute(by_pool.group_by(Sitting.pool_digest)).all()
    )


PROFIL_DOMAIN = Dataset(
    code="profil-domain",
    title="Profil per domain",
    meaning="Satu baris untuk setiap domain kisi-kisi dari setiap ujian yang selesai, dihitung "
    "ulang dari rekaman ujian.",
    columns=(
        text("id_ujian", "Pengenal ujian."),
        text("nomor_peserta", "Nomor peserta."),
        text("kode_formasi", "Formasi yang dilamar; kosong bagi asesmen internal."),
        text("bagian", "twk, tiu, atau tkp."),
        text("domain", "Domain dalam bagian itu, misalnya verbal.analogi."),
        whole("dijawab", "Banyaknya soal domain itu yang dijawab.", "soal"),
        real("theta", "Kemampuan dari soal domain itu saja.", "logit"),
        real("se", "Galat baku theta.", "logit"),
        real("bagian_poin", "Harapan poin pada soal domain dalam paket acuan, 0 sampai 1."),
        real("bagian_poin_se", "Galat baku bagian_poin."),
        real("keandalan", "0 tidak memberi keterangan, mendekati 1 banyak; di bawah 0,5 petunjuk."),
    ),
    filters=("tahun", "instansi", "formasi", "sesi"),
    count=_count,
    rows=_rows,
    origins=sesi.origins,
    at_once=2_000,  # every row is computed from answers
)
