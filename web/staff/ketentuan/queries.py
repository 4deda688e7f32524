"""What the rule set pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from werkzeug.exceptions import NotFound

from cat.ketentuan.beda import Beda, differences
from cat.ketentuan.perbandingan import Perubahan
from cat.ketentuan.ruleset import RuleSet
from web.db import db
from web.operations import banding
from web.operations.ketentuan import DITOLAK, find_version, versions
from web.operations.pools import get_rules
from web.tables import Formasi, RuleSetRow


@dataclass(frozen=True)
class Versi:
    """One version with its content. berlaku : whether it is the one in force today."""

    row: RuleSetRow
    rules: RuleSet
    berlaku: bool

    @property
    def keyakinan(self) -> dict[str, int]:
        """How many statements are A, B and C."""
        return self.rules.count_keyakinan()


@dataclass(frozen=True)
class Kelompok:
    """The versions of one kode, newest first; the one to show first is that in force."""

    kode: str
    versi: tuple[Versi, ...]

    @property
    def utama(self) -> Versi:
        """The version in force, or the newest where none is."""
        return next((each for each in self.versi if each.berlaku), self.versi[0])


@dataclass(frozen=True)
class Banding:
    """Two versions on the stored results of a year.

    di_luar : jenis kebutuhan that one of the two does not know, with how many people want it.
    per_formasi : only the formasi where somebody fares differently.
    """

    lama: Versi
    baru: Versi
    semua: Perubahan
    di_luar: tuple[tuple[str, int], ...]
    per_jenis: tuple[tuple[str, Perubahan], ...]
    per_formasi: tuple[tuple[Formasi, Perubahan], ...]
    daftar: dict[str, banding.Daftar]


def groups(today: date) -> list[Kelompok]:
    """Every rule set, newest year first."""
    rows = versions(db.session())
    return [
        Kelompok(kode, tuple(_version(row, today) for row in same))
        for kode, same in groupby(rows, key=lambda row: row.kode)
    ]


def get_versi(digest: str, today: date) -> Versi:
    """One version; 404 when there is none."""
    row = db.session().get(RuleSetRow, digest)
    if row is None:
        raise NotFound
    return _version(row, today)


def changes(versi: Versi) -> tuple[Beda, ...] | None:
    """What a version says differently from the one it was to replace; None for a first version."""
    before = versi.row.menggantikan
    return None if before is None else differences(get_rules(db.session(), before), versi.rules)


def choices(today: date) -> list[tuple[str, str]]:
    """Versions to compare: digest and label; refused ones are left out."""
    return [
        (each.row.digest, _label(each))
        for group in groups(today)
        for each in group.versi
        if each.row.status != DITOLAK
    ]


def compare(lama: Versi, baru: Versi, tahun: int) -> Banding:
    """Two versions on the results of a year."""
    session = db.session()
    stored = banding.load_results(session, tahun)
    found = banding.compare_stored(lama.rules, baru.rules, stored)
    names = {
        row.jenis_kebutuhan: row.nama
        for row in (*lama.rules.ambang_batas, *baru.rules.ambang_batas)
    }
    return Banding(
        lama=lama,
        baru=baru,
        semua=found.seluruhnya(),
        di_luar=tuple((names.get(jenis, jenis), count) for jenis, count in found.di_luar),
        per_jenis=tuple(
            (names[row.kelompok], row)
            for row in found.per_jenis()
            if row.kelompok not in dict(found.di_luar)
        ),
        per_formasi=tuple((stored.formasi[int(row.kelompok)], row) for row in found.per_formasi()),
        daftar=banding.people_of(session, stored, found),
    )


def _version(row: RuleSetRow, today: date) -> Versi:
    session = db.session()
    current = find_version(session, row.kode, today)
    in_force = current is not None and current.digest == row.digest
    return Versi(row, get_rules(session, row.digest), in_force)


def _label(versi: Versi) -> str:
    state = "berlaku" if versi.berlaku else versi.row.status
    return f"{versi.row.kode} · {versi.row.digest[:8]} · {state}"
