"""What is known about one employee who asks for flexible work?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from cat.errors import BadInput
from cat.ketentuan.canonical import fields_as_plain
from cat.ketentuan.fleksibel.pasal import MINUTES_OF_A_WEEK, STATUS

MILIK = ("kantor", "pribadi")


@dataclass(frozen=True)
class TaskFacts:
    """What the task analysis of the jabatan says: None where nobody looked.

    The five facts of place and `tidak_terikat_jam_kantor` are worded so that True speaks for
    flexible work. menit_per_hari : longest duty of a day, minutes. hari_per_minggu,
    menit_per_minggu : days and minutes on which the duty has to be manned in a week.
    """

    dapat_di_luar_kantor: bool | None = None
    tanpa_ruang_khusus: bool | None = None
    berbasis_tik: bool | None = None
    tatap_muka_minimal: bool | None = None
    tanpa_pengawasan_terus_menerus: bool | None = None
    tidak_terikat_jam_kantor: bool | None = None
    menit_per_hari: int | None = None
    hari_per_minggu: int | None = None
    menit_per_minggu: int | None = None

    def __post_init__(self) -> None:
        for name, most in (
            ("menit_per_hari", 24 * 60),
            ("hari_per_minggu", 7),
            ("menit_per_minggu", MINUTES_OF_A_WEEK),
        ):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= most:
                raise BadInput(f"{name} must lie in [0, {most}]; got {value}")


@dataclass(frozen=True)
class DigitalEvidence:
    """How likely the person has reached each digital level.

    peluang : P(level >= 2), P(level >= 3), ...; in [0, 1], never rising.
    asal : where the figures come from, in words shown to the head.
    lemah : whether the evidence is of a weak kind, which is said with the figure.
    """

    peluang: tuple[float, ...]
    asal: str
    lemah: bool = False

    def __post_init__(self) -> None:
        if not self.peluang or not all(0 <= chance <= 1 for chance in self.peluang):
            raise BadInput(f"peluang must lie in [0, 1]; got {self.peluang}", evidence_of=self)
        if any(higher > lower for lower, higher in pairwise(self.peluang)):
            raise BadInput(f"peluang must not rise with the level; got {self.peluang}")
        if not self.asal.strip():
            raise BadInput("asal must say where the figures come from", evidence_of=self)

    def chance_at_least(self, level: int) -> float | None:
        """P(level of the person >= `level`); None for a level that was not measured."""
        if level <= 1:
            return 1.0
        return self.peluang[level - 2] if level <= len(self.peluang) + 1 else None


@dataclass(frozen=True)
class Devices:
    """What the employee says of the devices to be used; None where nothing was said.

    milik : whose they are, of MILIK. sambungan_aman : whether the connection is secure.
    """

    milik: str | None = None
    sambungan_aman: bool | None = None

    def __post_init__(self) -> None:
        if self.milik is not None and self.milik not in MILIK:
            raise BadInput(f"milik must be one of {MILIK} or None; got {self.milik!r}")


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
    perangkat: Devices = Devices()

    def __post_init__(self) -> None:
        if self.status is not None and self.status not in STATUS:
            raise BadInput(f"status must be one of {STATUS} or None; got {self.status!r}")

    def to_mapping(self) -> dict[str, Any]:
        """The facts as JSON holds them; what is not known is left out."""
        return fields_as_plain(self)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Subject:
        """The reverse of `to_mapping`, so that a stored assessment can be made again."""
        plain = dict(mapping)
        if (day := plain.get("tmt_jabatan")) is not None:
            plain["tmt_jabatan"] = date.fromisoformat(day)
        if (digital := plain.get("digital")) is not None:
            chances = tuple(digital["peluang"])
            plain["digital"] = DigitalEvidence(**{**digital, "peluang": chances})
        plain["tugas"] = TaskFacts(**plain.get("tugas", {}))
        plain["perangkat"] = Devices(**plain.get("perangkat", {}))
        return cls(**plain)
