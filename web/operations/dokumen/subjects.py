"""What a document is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from web.dokumen.kinds import Jenis
from web.tables import Dokumen

# The id that each kind needs, and those that it may have.
_IDS: dict[Jenis, tuple[str, tuple[str, ...]]] = {
    Jenis.HASIL: ("sitting_id", ()),
    Jenis.BERITA_ACARA: ("sesi_id", ()),
    Jenis.PERINGKAT: ("pengumuman_id", ("instansi_id",)),
    Jenis.REKAP: ("instansi_id", ("pengumuman_id",)),
}


@dataclass(frozen=True)
class Subject:
    """One kind of document about one thing; the ids that do not apply are None.

    hasil : sitting_id. berita_acara : sesi_id. peringkat : pengumuman_id, and instansi_id for the
    part of one agency. rekap : instansi_id, and pengumuman_id where the figures are announced.
    """

    jenis: Jenis
    sitting_id: str | None = None
    sesi_id: int | None = None
    pengumuman_id: int | None = None
    instansi_id: int | None = None

    @property
    def ids(self) -> dict[str, Any]:
        """The columns of `Dokumen` that name the subject."""
        return {name: value for name, value in asdict(self).items() if name != "jenis"}

    @property
    def is_whole(self) -> bool:
        """Whether the ids that its kind needs are there, and none that it does not know."""
        needed, optional = _IDS[self.jenis]
        given = {name for name, value in self.ids.items() if value is not None}
        return {needed} <= given <= {needed, *optional}

    def to_mapping(self) -> dict[str, Any]:
        """Texts and integers, for the parameters of a job."""
        return {"jenis": self.jenis.value, **self.ids}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """The subject that `to_mapping` wrote down."""
        return cls(**{**mapping, "jenis": Jenis(mapping["jenis"])})

    @classmethod
    def of(cls, dokumen: Dokumen) -> Self:
        """The subject of an issued document."""
        return cls(
            Jenis(dokumen.jenis),
            dokumen.sitting_id,
            dokumen.sesi_id,
            dokumen.pengumuman_id,
            dokumen.instansi_id,
        )
