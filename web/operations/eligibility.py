"""The flexible-work check of one person: gather the facts, let the policy judge, grant nothing."""

from __future__ import annotations

from datetime import date
from itertools import accumulate

from sqlalchemy.orm import Session

from cat.errors import BadInput
from cat.ketentuan.fleksibel.fakta import Devices, DigitalEvidence, Subject, TaskFacts
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.pemeriksaan import Assessment, assess
from web.operations.kompetensi import digital_belief
from web.tables import Jabatan, Pegawai, Sitting, TelaahWaktu

LONGEST_SOURCE = 200


def subject_of(
    session: Session, pegawai: Pegawai, today: date, devices: Devices | None = None
) -> Subject:
    """What is on file about a serving employee. devices : as stated in a request."""
    return Subject(
        status=pegawai.status,
        instansi=pegawai.instansi.bidang,
        tmt_jabatan=pegawai.tmt_jabatan,
        cara_masuk=pegawai.cara_masuk,
        hukuman_disiplin=pegawai.hukuman_disiplin,
        proses_disiplin=pegawai.proses_disiplin,
        predikat_kinerja=pegawai.predikat_kinerja,
        tugas=task_facts(session, pegawai.jabatan),
        digital=digital_evidence(session, pegawai.person_id, today),
        perangkat=devices or Devices(),
    )


def assess_pegawai(
    session: Session, pegawai: Pegawai, policy: Policy, today: date, bentuk: str = "rumah"
) -> Assessment:
    """The check of a serving employee who has not asked for anything yet."""
    return assess(policy, subject_of(session, pegawai, today), today, bentuk)


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
        tugas=task_facts(session, formasi.jabatan),
        digital=digital_evidence(session, sitting.peserta.person_id, today),
    )
    return assess(policy, subject, today)


def digital_evidence(session: Session, person_id: int, today: date) -> DigitalEvidence | None:
    """How likely the person has reached each digital level; None where nothing was measured."""
    belief = digital_belief(session, person_id, today)
    if belief is None:
        return None
    levels = range(2, len(belief.peluang) + 1)
    # Sums over fewer levels may come out larger by a rounding.
    chances = accumulate((belief.chance_at_least(level) for level in levels), min)
    sources = "; ".join(dict.fromkeys(bukti.asal for bukti, _ in belief.dasar))
    return DigitalEvidence(tuple(chances), sources[:LONGEST_SOURCE], belief.lemah)


def task_facts(session: Session, jabatan: Jabatan) -> TaskFacts:
    """What the task analysis of a jabatan says, of place and of hours."""
    hours = session.get(TelaahWaktu, jabatan.id)
    return TaskFacts(
        dapat_di_luar_kantor=jabatan.di_luar_kantor,
        tanpa_ruang_khusus=jabatan.tanpa_ruang_khusus,
        berbasis_tik=jabatan.berbasis_tik,
        tatap_muka_minimal=jabatan.minim_tatap_muka,
        tanpa_pengawasan_terus_menerus=jabatan.tanpa_supervisi_terus,
        tidak_terikat_jam_kantor=hours.tidak_terikat_jam_kantor if hours else None,
        menit_per_hari=hours.menit_per_hari if hours else None,
        hari_per_minggu=hours.hari_per_minggu if hours else None,
        menit_per_minggu=hours.menit_per_minggu if hours else None,
    )
