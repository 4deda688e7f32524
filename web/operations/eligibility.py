"""The flexible-work check of one person: gather the facts, let the policy judge, grant nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.exam.outcome import profile
from cat.exam.state import Phase
from cat.ketentuan.kebijakan_fleksibel import Policy
from cat.ketentuan.kerja_fleksibel import (
    Assessment,
    DigitalEvidence,
    Subject,
    TaskFacts,
    assess,
)
from cat.scoring.levels import chance_of_reaching
from web.operations.records import state_of
from web.tables import Jabatan, Pegawai, Peserta, PolicyRow, Sesi, Sitting

DIGITAL_LEVELS = "level-digital"


def get_policy(session: Session, kode: str | None = None) -> Policy:
    """The policy with this code, or the national one under its first agency layer."""
    rows = session.scalars(select(PolicyRow).where(PolicyRow.kode != DIGITAL_LEVELS)).all()
    found = {row.kode: row for row in rows}
    if kode is None:
        kode = next((k for k in sorted(found) if "+" in k), next(iter(sorted(found)), None))
    if kode not in found:
        raise BadInput(f"no flexible-work policy {kode!r}")
    return Policy.from_mapping(found[kode].content)


def assess_pegawai(session: Session, pegawai: Pegawai, policy: Policy, today: date) -> Assessment:
    """The check of a serving employee."""
    subject = Subject(
        status=pegawai.status,
        instansi=pegawai.instansi.bidang,
        tmt_jabatan=pegawai.tmt_jabatan,
        cara_masuk=pegawai.cara_masuk,
        hukuman_disiplin=pegawai.hukuman_disiplin,
        proses_disiplin=pegawai.proses_disiplin,
        predikat_kinerja=pegawai.predikat_kinerja,
        tugas=_task_facts(pegawai.jabatan),
        digital=_digital(session, latest_sitting(session, pegawai.person_id), policy),
    )
    return assess(policy, subject, today)


def assess_candidate(session: Session, sitting: Sitting, policy: Policy, today: date) -> Assessment:
    """The check that a participant would meet on being appointed as CPNS."""
    formasi = sitting.peserta.formasi
    if formasi is None:
        raise BadInput(f"sitting {sitting.id} is not for a formasi")
    subject = Subject(
        status="cpns",
        instansi=formasi.instansi.bidang,
        tmt_jabatan=None,
        cara_masuk="rekrutmen",
        tugas=_task_facts(formasi.jabatan),
        digital=_digital(session, sitting, policy),
    )
    return assess(policy, subject, today)


def latest_sitting(session: Session, person_id: int) -> Sitting | None:
    """The person's last finished sitting, or None."""
    return session.scalar(
        select(Sitting)
        .join(Sitting.peserta)
        .join(Sitting.sesi)
        .where(Peserta.person_id == person_id, Sitting.phase == Phase.FINISHED.value)
        .order_by(Sesi.starts_at.desc())
    )


def digital_levels(session: Session) -> Mapping[str, Any]:
    """Cut points of the digital levels, with their source; raises BadInput when not loaded."""
    row = session.scalar(select(PolicyRow).where(PolicyRow.kode == DIGITAL_LEVELS))
    if row is None:
        raise BadInput("digital levels are not loaded")
    return row.content


def _digital(session: Session, sitting: Sitting | None, policy: Policy) -> DigitalEvidence | None:
    asked = policy.lapisan.digital if policy.lapisan else None
    if asked is None or sitting is None or sitting.phase != Phase.FINISHED.value:
        return None
    levels = digital_levels(session)
    score = profile(state_of(session, sitting))[levels["bagian"]][levels["domain"]]
    chances = chance_of_reaching(score.theta, score.se, levels["batas"])
    return DigitalEvidence(
        level=asked.level,
        peluang=float(chances[asked.level - 2]) if asked.level > 1 else 1.0,
        asal=f"domain TIK pada TKP, {score.items} soal, {sitting.sesi.nama} (bukti lemah)",
    )


def _task_facts(jabatan: Jabatan) -> TaskFacts:
    return TaskFacts(
        dapat_di_luar_kantor=jabatan.di_luar_kantor,
        tanpa_ruang_khusus=jabatan.tanpa_ruang_khusus,
        berbasis_tik=jabatan.berbasis_tik,
        tatap_muka_minimal=jabatan.minim_tatap_muka,
        tanpa_pengawasan_terus_menerus=jabatan.tanpa_supervisi_terus,
    )
