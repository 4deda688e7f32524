"""Who sat, when and where. Importing this module gives Base.metadata every table there is."""

from cat.itembank.tables import Calibration, Item, ItemVersion, Media, PublishedPool
from web.tables.accounts import AuditRow, Role, User
from web.tables.api import ApiToken, Change
from web.tables.data_pribadi import (
    DataAccess,
    DataRequest,
    ProcessingRegister,
    RetentionRun,
)
from web.tables.dokumen import Dokumen, DokumenPdf, DokumenUrut, PenarikanDokumen
from web.tables.fleksibel import (
    KebijakanVersi,
    LangkahPermohonan,
    PenilaianFleksibel,
    Permohonan,
    TelaahWaktu,
)
from web.tables.hari_ujian import (
    Akomodasi,
    Foto,
    Kejadian,
    Kontak,
    Masuk,
    Panggilan,
    Pemeriksaan,
    Pesan,
    Ruang,
    SesiRuang,
    TugasPengawas,
    UsulSesi,
)
from web.tables.jadwal import AturanPelaksanaan, ImporPeserta
from web.tables.jam import JamMesin
from web.tables.kalibrasi import (
    CalibrationDecision,
    CalibrationProposal,
    CalibrationResult,
    CalibrationRun,
)
from web.tables.kisi_kisi import (
    KisiKisi,
    PoolCandidate,
    PoolCheck,
    PoolDecision,
    PoolProposal,
    PoolWithdrawal,
)
from web.tables.kompetensi import (
    BuktiKompetensi,
    DataKompetensi,
    KelompokNorma,
    KeputusanBukti,
)
from web.tables.layanan import BatasMasuk
from web.tables.model_butir import ItemModelRow
from web.tables.naskah import ItemSketch, Naskah, NaskahKiriman
from web.tables.pekerjaan import Job
from web.tables.pengumuman import Hasil, Pengumuman
from web.tables.penulisan import (
    ItemComment,
    ItemListing,
    ItemOpening,
    ItemText,
    ItemTransition,
    WorkflowRow,
)
from web.tables.people import (
    Formasi,
    Instansi,
    Jabatan,
    Pegawai,
    Person,
    Peserta,
    UnitKerja,
)
from web.tables.pertukaran import ItemImport, ItemImportApplied, ItemImportFile
from web.tables.rules import BentukTesRow, PolicyRow, RuleSetRow
from web.tables.seleksi import (
    BagianRencana,
    JadwalSanggah,
    NilaiLama,
    NilaiSKB,
    RencanaSKB,
    Sanggah,
    Usul,
)
from web.tables.sittings import PartResult, Pulse, Sesi, Sitting, SittingEvent, TitikLokasi
from web.tables.talenta import (
    Kinerja,
    PelatihanPegawai,
    PotretGap,
    PotretTalenta,
    RencanaPelatihan,
    StandarJabatan,
)

__all__ = [
    "Akomodasi",
    "ApiToken",
    "AturanPelaksanaan",
    "AuditRow",
    "BagianRencana",
    "BatasMasuk",
    "BentukTesRow",
    "BuktiKompetensi",
    "Calibration",
    "CalibrationDecision",
    "CalibrationProposal",
    "CalibrationResult",
    "CalibrationRun",
    "Change",
    "DataAccess",
    "DataKompetensi",
    "DataRequest",
    "Dokumen",
    "DokumenPdf",
    "DokumenUrut",
    "Formasi",
    "Foto",
    "Hasil",
    "ImporPeserta",
    "Instansi",
    "Item",
    "ItemComment",
    "ItemImport",
    "ItemImportApplied",
    "ItemImportFile",
    "ItemListing",
    "ItemModelRow",
    "ItemOpening",
    "ItemSketch",
    "ItemText",
    "ItemTransition",
    "ItemVersion",
    "Jabatan",
    "JadwalSanggah",
    "JamMesin",
    "Job",
    "KebijakanVersi",
    "Kejadian",
    "KelompokNorma",
    "KeputusanBukti",
    "Kinerja",
    "KisiKisi",
    "Kontak",
    "LangkahPermohonan",
    "Masuk",
    "Media",
    "Naskah",
    "NaskahKiriman",
    "NilaiLama",
    "NilaiSKB",
    "Panggilan",
    "PartResult",
    "Pegawai",
    "PelatihanPegawai",
    "Pemeriksaan",
    "PenarikanDokumen",
    "Pengumuman",
    "PenilaianFleksibel",
    "Permohonan",
    "Person",
    "Pesan",
    "Peserta",
    "PolicyRow",
    "PoolCandidate",
    "PoolCheck",
    "PoolDecision",
    "PoolProposal",
    "PoolWithdrawal",
    "PotretGap",
    "PotretTalenta",
    "ProcessingRegister",
    "PublishedPool",
    "Pulse",
    "RencanaPelatihan",
    "RencanaSKB",
    "RetentionRun",
    "Role",
    "Ruang",
    "RuleSetRow",
    "Sanggah",
    "Sesi",
    "SesiRuang",
    "Sitting",
    "SittingEvent",
    "StandarJabatan",
    "TelaahWaktu",
    "TitikLokasi",
    "TugasPengawas",
    "UnitKerja",
    "User",
    "Usul",
    "UsulSesi",
    "WorkflowRow",
]
