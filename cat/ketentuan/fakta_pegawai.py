"""What is known about one employee who asks for flexible work?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cat.errors import BadInput
from cat.ketentuan.kebijakan_fleksibel import STATUS


@dataclass(frozen=True)
class TaskFacts:
    """What the task analysis of the jabatan says: True, False, or None where nobody looked.

    Each is worded so that True speaks for flexible work.
    """

    dapat_di_luar_kantor: bool | None = None
    tanpa_ruang_khusus: bool | None = None
    berbasis_tik: bool | None = None
    tatap_muka_minimal: bool | None = None
    tanpa_pengawasan_terus_menerus: bool | None = None


@dataclass(frozen=True)
class DigitalEvidence:
    """How likely the person reaches a digital level.

    peluang : P(level of the person >= `level`), 0 to 1.
    asal : where the figure comes from, in words shown to the head.
    """

    level: int
    peluang: float
    asal: str

    def __post_init__(self) -> None:
        if not 0 <= self.peluang <= 1:
            raise BadInput(f"peluang must lie in [0, 1]; got {self.peluang}", evidence_of=self)
        if not self.asal.strip():
            raise BadInput("asal must say where the figure comes from", evidence_of=self)


@dataclass(frozen=True)
class Subject:
    """The facts about one employee; None means not known.

    status : cpns, pns or pppk.
    instansi : kode of a kind of body, as the policy lists them.
    tmt_jabatan : day from which the person holds the present post.
    cara_masuk : how the person came into it: rekrutmen, promosi, mutasi, rotasi, or another way.
    hukuman_disiplin, proses_disiplin : under punishment; under examination.
    predikat_kinerja : last performance predicate, as the policy orders them.
    """

    status: str | None = None
    instansi: str | None = None
    tmt_jabatan: date | None = None
    cara_masuk: str | None = None
    hukuman_disiplin: bool | None = None
    proses_disiplin: bool | None = None
    predikat_kinerja: str | None = None
    tugas: TaskFacts = TaskFacts()
    digital: DigitalEvidence | None = None

    def __post_init__(self) -> None:
        if self.status is not None and self.status not in STATUS:
            raise BadInput(f"status must be one of {STATUS} or None; got {self.status!r}")
