"""The SKB plan of a jabatan: saved when it is lawful, closed once a nilai is entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from cat.errors import BadInput, NotDue, NotLawful
from cat.ketentuan.ketentuan_skb import BatasSKB, KetentuanSKB, RencanaTes, check_plan
from cat.ketentuan.ruleset import RuleSet
from cat.seleksi.nilai_akhir import NO_MINIMUM, THOUSANDTHS, SKBPlans, final_weights
from web.operations import audit
from web.tables import BagianRencana, Formasi, Instansi, Jabatan, NilaiSKB, RencanaSKB


def skb_rules(rules: RuleSet) -> KetentuanSKB:
    """The SKB limits of a year; raises NotLawful where the year's rules hold none."""
    if rules.skb is None:
        raise NotLawful(f"{rules.kode} belum memuat ketentuan SKB.")
    return rules.skb


def kind_of(instansi: Instansi) -> Literal["pusat", "daerah"]:
    """The kind of agency by which the limits go."""
    return "pusat" if instansi.jenis == "pusat" else "daerah"


def limits_of(rules: RuleSet, instansi: Instansi) -> BatasSKB:
    """The SKB limits of an agency; raises NotLawful where the year's rules hold none."""
    return skb_rules(rules).batas(kind_of(instansi))


def save(
    session: Session,
    tahun: int,
    instansi: Instansi,
    jabatan: Jabatan,
    parts: Sequence[RencanaTes],
    rules: RuleSet,
    *,
    dasar: str,
    by: str,
    now: int,
) -> RencanaSKB:
    """Store the plan of a jabatan of one agency, in the place of an earlier one.

    dasar : the decision of the agency or the instansi pembina that the plan follows.

    Raises NotLawful with every breach of the limits, NotDue once nilai were entered.
    """
    if found := check_plan(parts, kind_of(instansi), skb_rules(rules)):
        raise NotLawful(" ".join(each.kalimat for each in found), masalah=found)
    if not dasar.strip():
        raise NotDue("Sebutkan dasar rencana SKB, misalnya nomor surat instansi pembina.")
    _refuse_unmatched(parts, rules)
    # One writer for the plans of an agency; others may still refer to its row.
    session.get(Instansi, instansi.id, with_for_update={"key_share": True})
    plan = find_plan(session, tahun, instansi.id, jabatan.id)
    if plan is not None:
        session.get(RencanaSKB, plan.id, with_for_update=True)
        session.refresh(plan, ["bagian"])
    if plan is None:
        plan = RencanaSKB(tahun=tahun, instansi=instansi, jabatan=jabatan)
        session.add(plan)
    elif has_nilai(session, plan):
        raise NotDue("Nilai SKB sudah diisi; rencananya tidak dapat diubah lagi.")
    plan.dasar, plan.saved_by, plan.saved_at = dasar.strip(), by, now
    plan.bagian.clear()
    session.flush()  # the old parts go before new ones of the same kind come
    plan.bagian.extend(_as_row(number, part) for number, part in enumerate(parts, start=1))
    session.flush()
    audit.record(
        session,
        at=now,
        by=by,
        act="simpan rencana SKB",
        subject=f"{tahun} {instansi.kode} {jabatan.kode}",
        dasar=plan.dasar,
        bagian=[f"{part.jenis} {part.bobot}% maks {part.maks}" for part in parts],
    )
    return plan


def find_plan(session: Session, tahun: int, instansi_id: int, jabatan_id: int) -> RencanaSKB | None:
    """The plan of a jabatan of one agency, or None."""
    return session.scalar(
        select(RencanaSKB)
        .where(
            RencanaSKB.tahun == tahun,
            RencanaSKB.instansi_id == instansi_id,
            RencanaSKB.jabatan_id == jabatan_id,
        )
        .options(selectinload(RencanaSKB.bagian))
    )


def plans(session: Session, tahun: int) -> dict[tuple[int, int], RencanaSKB]:
    """Every plan of a year, by agency and jabatan."""
    rows = session.scalars(
        select(RencanaSKB)
        .where(RencanaSKB.tahun == tahun)
        .options(
            joinedload(RencanaSKB.instansi),
            joinedload(RencanaSKB.jabatan),
            selectinload(RencanaSKB.bagian),
        )
    )
    return {(row.instansi_id, row.jabatan_id): row for row in rows}


def plans_of(session: Session, formasi: Sequence[Formasi]) -> dict[int, RencanaSKB]:
    """The plan that each of some formasi follows, by formasi id; those without one left out."""
    found: dict[int, RencanaSKB] = {}
    for tahun in {each.tahun for each in formasi}:
        of_year = plans(session, tahun)
        for each in formasi:
            plan = of_year.get((each.instansi_id, each.jabatan_id))
            if plan is not None and each.tahun == tahun:
                found[each.id] = plan
    return found


def has_nilai(session: Session, plan: RencanaSKB) -> bool:
    """Whether a nilai was entered for any part of a plan."""
    entered = (
        select(NilaiSKB.peserta_id)
        .join(BagianRencana, BagianRencana.id == NilaiSKB.bagian_id)
        .where(BagianRencana.rencana_id == plan.id)
    )
    return bool(session.scalar(select(exists(entered))))


def as_parts(plan: RencanaSKB) -> list[RencanaTes]:
    """The parts of a plan as the rules look at them."""
    return [
        RencanaTes(part.jenis, part.nama, part.bobot, part.maks, part.menggugurkan, part.minimum)
        for part in plan.bagian
    ]


def _refuse_unmatched(parts: Sequence[RencanaTes], rules: RuleSet) -> None:
    """Refuse full marks that no exact sum can bring together: once entered, nobody could rank."""
    columns = [[int(part.maks * THOUSANDTHS) for part in parts], [part.bobot for part in parts]]
    maks, bobot = (np.array([each], dtype=np.int64) for each in columns)
    try:
        final_weights(SKBPlans(maks, bobot, np.full_like(maks, NO_MINIMUM)), rules.integrasi)
    except BadInput as error:
        raise NotLawful(
            "Nilai maksimum tes-tes ini tidak dapat dijumlahkan dengan tepat. "
            "Gunakan nilai maksimum yang bulat, misalnya 500 dan 100."
        ) from error


def _as_row(number: int, part: RencanaTes) -> BagianRencana:
    return BagianRencana(
        urut=number,
        jenis=part.jenis,
        nama=part.nama,
        maks=part.maks,
        bobot=part.bobot,
        menggugurkan=part.menggugurkan,
        minimum=part.minimum,
    )
