"""What the pages of announcements show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cat.ketentuan.pengisian import UMUM
from cat.ketentuan.ruleset import RuleSet
from web.db import db
from web.operations.pools import get_rules
from web.tables import Formasi, Hasil, Instansi, Pengumuman, Peserta

PER_PAGE = 100
# A national announcement has 150,000; beyond these the search by code leads on.
MOST_FORMASI = 200


@dataclass(frozen=True)
class Search:
    """What of an announcement to show. nomor : begins with; formasi : code, "" for all."""

    nomor: str
    formasi: str
    halaman: int


@dataclass(frozen=True)
class FormasiLine:
    """One formasi of an announcement. jenis : general or special only, never which special one."""

    formasi: Formasi
    jenis: str
    people: int


@dataclass(frozen=True)
class Page:
    """One page of an announcement."""

    rows: Sequence[Hasil]
    total: int
    pages: int
    search: Search
    formasi: list[FormasiLine]
    meanings: dict[str, str]
    rules: RuleSet


def search_of(arguments: Mapping[str, str]) -> Search:
    """The search that an address asks for."""
    page = arguments.get("halaman", "1")
    return Search(
        nomor=arguments.get("nomor", "").strip()[:30],
        formasi=arguments.get("formasi", "").strip()[:40],
        halaman=max(1, int(page[:6])) if page.isdecimal() else 1,
    )


def page_of(head: Pengumuman, search: Search) -> Page:
    """The rows that a search finds, formasi by formasi in printed order."""
    chosen = select(Hasil).join(Hasil.formasi).join(Hasil.peserta)
    chosen = chosen.where(Hasil.pengumuman_id == head.id)
    if search.nomor:
        chosen = chosen.where(Peserta.nomor.startswith(search.nomor, autoescape=True))
    if search.formasi:
        chosen = chosen.where(Formasi.kode == search.formasi)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = db.session.scalars(
        chosen.options(
            joinedload(Hasil.peserta).joinedload(Peserta.person),
            joinedload(Hasil.formasi).joinedload(Formasi.jabatan),
        )
        .order_by(Formasi.kode, Hasil.urut)
        .limit(PER_PAGE)
        .offset((search.halaman - 1) * PER_PAGE)
    ).all()
    rules = get_rules(db.session(), head.rules_digest)
    return Page(
        rows=rows,
        total=total,
        pages=-(-total // PER_PAGE),
        search=search,
        formasi=_formasi(head),
        meanings={row.kode: row.arti for row in rules.kode_hasil},
        rules=rules,
    )


def published() -> list[tuple[Pengumuman, str, str]]:
    """Approved announcements, newest first: each with its agency and what replaced it, or ""."""
    heads = db.session.scalars(
        select(Pengumuman)
        .where(Pengumuman.approved_at.is_not(None))
        .order_by(Pengumuman.approved_at.desc(), Pengumuman.id.desc())
    ).all()
    names = {row.id: row.nama for row in db.session.scalars(select(Instansi))}
    return [(head, names.get(head.instansi_id or 0, ""), _replaced(head, heads)) for head in heads]


def find_published(kode: str) -> Pengumuman | None:
    """An approved announcement, or None; drafts are nobody's business."""
    found: Pengumuman | None = db.session.scalar(
        select(Pengumuman).where(Pengumuman.kode == kode, Pengumuman.approved_at.is_not(None))
    )
    return found


def replaced_by(head: Pengumuman) -> str:
    """Code of the approved announcement that replaces this one, or ""."""
    later = db.session.scalars(
        select(Pengumuman)
        .where(Pengumuman.replaces_id == head.id, Pengumuman.approved_at.is_not(None))
        .order_by(Pengumuman.id)
    ).all()
    return _replaced(head, later)


def agency_of(head: Pengumuman) -> Instansi | None:
    """The agency that an announcement is for; None for all."""
    return db.session.get(Instansi, head.instansi_id) if head.instansi_id else None


def _replaced(head: Pengumuman, heads: Sequence[Pengumuman]) -> str:
    """Only one for the same agencies replaces the whole."""
    later = (
        each.kode
        for each in heads
        if each.replaces_id == head.id and each.instansi_id == head.instansi_id
    )
    return next(later, "")


def _formasi(head: Pengumuman) -> list[FormasiLine]:
    people = (
        select(Hasil.formasi_id, func.count().label("people"))
        .where(Hasil.pengumuman_id == head.id)
        .group_by(Hasil.formasi_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Formasi, people.c.people)
        .join(people, people.c.formasi_id == Formasi.id)
        .options(joinedload(Formasi.jabatan), joinedload(Formasi.instansi))
        .order_by(Formasi.kode)
        .limit(MOST_FORMASI)
    ).all()
    return [
        FormasiLine(each, "Umum" if each.jenis_kebutuhan == UMUM else "Kebutuhan khusus", count)
        for each, count in rows
    ]
