"""Everything that was decided about one participant, stage by stage, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cat.ketentuan.mengapa import Alasan, TempatSKD, why_skd
from cat.ketentuan.mengapa_akhir import TempatAkhir, why_final
from cat.ketentuan.pengisian import LangkahPindah
from cat.ketentuan.ruleset import RuleSet
from web.operations.ranking import Ranked, rank_formasi, unfinished
from web.operations.seleksi import berlaku, nilai_skb
from web.operations.seleksi.akhir import Akhir, final_lists
from web.operations.seleksi.optimalisasi import Pindah, fill
from web.operations.seleksi.pengumuman import formasi_in
from web.operations.seleksi.rencana import limits_of
from web.operations.seleksi.status import formasi_of
from web.operations.seleksi.ujian import Ujian, exams_of
from web.tables import Formasi, Hasil, NilaiLama, NilaiSKB, Pengumuman, Peserta, Sanggah, Usul


@dataclass(frozen=True)
class Jejak:
    """The trail of one participant.

    ujian : every exam; None where none was scheduled. skd : place in the ranking as it stands now,
    with its reasons; None while the exam is not over. akhir : likewise after SKB. pindah : the
    post that a transfer would give. printed : what each approved announcement says.
    skb : every version of every SKB nilai.
    """

    peserta: Peserta
    formasi: Formasi
    ujian: Ujian | None
    lama: NilaiLama | None
    skd: Ranked | None
    why_skd: tuple[Alasan, ...]
    akhir: Akhir | None
    why_akhir: tuple[Alasan, ...]
    pindah: Pindah | None
    is_unfinished: bool
    printed: Sequence[tuple[Pengumuman, Hasil]]
    skb: Sequence[NilaiSKB]
    usul: Sequence[Usul]
    sanggah: Sequence[Sanggah]


def trail(session: Session, peserta: Peserta, rules: RuleSet) -> Jejak:
    """Gather the trail; raises NotDue for who sat an internal assessment."""
    formasi = formasi_of(peserta)
    exams = exams_of(session, [formasi.id]).get(formasi.id, [])
    ranked = rank_formasi(session, formasi, rules)
    row = next((each for each in ranked if each.peserta.id == peserta.id), None)
    final, move = _final(session, formasi, peserta, rules)
    open_exams = unfinished(session, [formasi], rules)
    return Jejak(
        peserta=peserta,
        formasi=formasi,
        ujian=next((each for each in exams if each.peserta.id == peserta.id), None),
        lama=session.get(NilaiLama, peserta.id),
        skd=row,
        why_skd=_why_skd(row, ranked, formasi, rules) if row else (),
        akhir=final,
        why_akhir=_why_final(final, formasi, move.langkah if move else None, rules)
        if final
        else (),
        pindah=move,
        is_unfinished=any(each.id == peserta.id for each in open_exams),
        printed=_printed(session, peserta),
        skb=nilai_skb.history(session, peserta),
        usul=session.scalars(
            select(Usul).where(Usul.peserta_id == peserta.id).order_by(Usul.id)
        ).all(),
        sanggah=session.scalars(
            select(Sanggah).where(Sanggah.peserta_id == peserta.id).order_by(Sanggah.id)
        ).all(),
    )


def _why_skd(
    row: Ranked, ranked: Sequence[Ranked], formasi: Formasi, rules: RuleSet
) -> tuple[Alasan, ...]:
    last = next((each for each in reversed(ranked) if each.goes_on), None)
    place = TempatSKD(
        ahead=row.ahead,
        equal=sum(each.rank == row.rank for each in ranked) - 1,
        kebutuhan=formasi.kebutuhan,
        nilai_batas=last.nilai if last else None,
    )
    return why_skd(
        row.nilai or None,
        formasi.jenis_kebutuhan,
        place if row.rank else None,
        row.kode,
        rules,
        reused=row.lama is not None,
    )


def _final(
    session: Session, formasi: Formasi, peserta: Peserta, rules: RuleSet
) -> tuple[Akhir | None, Pindah | None]:
    """The person's row of the final list, and the transfer, where there is any."""
    if not berlaku.in_force_for(session, [formasi], berlaku.SKD):
        return None, None
    everyone = formasi_in(session, formasi.tahun, formasi.instansi)
    if rules.optimalisasi:
        filled = fill(session, everyone, rules)
        final, move = filled.final, filled.moved().get(peserta.id)
    else:
        final, move = final_lists(session, everyone, rules), None
    row = next((row for row in final.rows if row.peserta.id == peserta.id), None)
    return row, move


def _why_final(
    row: Akhir, formasi: Formasi, step: LangkahPindah | None, rules: RuleSet
) -> tuple[Alasan, ...]:
    """Sentences from the parts to the code; only what is entered is told."""
    tests = [test.hasil for test in row.tests if test.entered]
    if not row.is_complete or not tests or not row.kode:
        return ()
    limits = limits_of(rules, formasi.instansi) if rules.skb else None
    place = TempatAkhir(row.rank, formasi.kebutuhan, row.tie) if row.rank else None
    kode = step.kode if step else row.kode
    return why_final(row.skd.total or 0, tests, limits, place, kode, rules, step=step)


def _printed(session: Session, peserta: Peserta) -> Sequence[tuple[Pengumuman, Hasil]]:
    rows = session.execute(
        select(Pengumuman, Hasil)
        .join(Hasil, Hasil.pengumuman_id == Pengumuman.id)
        .where(Hasil.peserta_id == peserta.id, Pengumuman.approved_at.is_not(None))
        .options(joinedload(Hasil.formasi))
        .order_by(Pengumuman.approved_at)
    ).all()
    return [(head, row) for head, row in rows]
