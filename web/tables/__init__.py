"""Who sat, when and where. Importing this module gives Base.metadata every table there is."""

from cat.itembank.tables import Calibration, Item, ItemVersion, Media, PublishedPool
from web.tables.accounts import AuditRow, Role, User
from web.tables.pengumuman import Hasil, Pengumuman
from web.tables.people import (
    Formasi,
    Instansi,
    Jabatan,
    Pegawai,
    Person,
    Peserta,
    UnitKerja,
)
from web.tables.rules import PolicyRow, RuleSetRow
from web.tables.sittings import PartResult, Pulse, Sesi, Sitting, SittingEvent, TitikLokasi

__all__ = [
    "AuditRow",
    "Calibration",
    "Formasi",
    "Hasil",
    "Instansi",
    "Item",
    "ItemVersion",
    "Jabatan",
    "Media",
    "PartResult",
    "Pegawai",
    "Pengumuman",
    "Person",
    "Peserta",
    "PolicyRow",
    "PublishedPool",
    "Pulse",
    "Role",
    "RuleSetRow",
    "Sesi",
    "Sitting",
    "SittingEvent",
    "TitikLokasi",
    "UnitKerja",
    "User",
]
