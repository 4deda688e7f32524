"""Who sat, when and where. Importing this module gives Base.metadata every table there is."""

from cat.itembank.tables import Calibration, Item, ItemVersion, Media, PublishedPool
from web.tables.accounts import AuditRow, Role, User
from web.tables.people import Formasi, Instansi, Jabatan, Pegawai, Person, Peserta
from web.tables.rules import PolicyRow, RuleSetRow
from web.tables.sittings import PartResult, Pulse, Sesi, Sitting, SittingEvent, TitikLokasi

__all__ = [
    "AuditRow",
    "Calibration",
    "Formasi",
    "Instansi",
    "Item",
    "ItemVersion",
    "Jabatan",
    "Media",
    "PartResult",
    "Pegawai",
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
    "User",
]
