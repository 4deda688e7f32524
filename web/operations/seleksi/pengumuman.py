"""Announcements: drawn up by one, approved and signed by another, replaced but never changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, joinedload

from cat.errors import AlreadyDecided, NeedsSecondPerson, NotDue
from cat.ketentuan.ruleset import RuleSet
from web.clock import WIB, as_datetime
from web.operations import audit
from web.operations.pools import find_rules, get_rules
from web.operations.ranking import unfinished
from web.operations.seleksi import berlaku
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.baris import Baris, Susunan, by_agency, compose, digest, stored_rows
from web.operations.signing import sign
from web.tables import Formasi, Hasil, Instansi, Pengumuman, Peserta, RuleSetRow, Sesi, Sitting

PURPOSE = "pengumuman"
TAHAP = (berlaku.SKD, berlaku.AKHIR, berlaku.OPTIMALISASI)
_PREFIX = {berlaku.SKD: "SKD", berlaku.AKHIR: "AKHIR", berlaku.OPTIMALISASI: "OPT"}
_CELLS = ("urut", "twk", "tiu", "tkp", "total", "rank", "kode", "data")
_BEFORE = {berlaku.AKHIR: berlaku.SKD, berlaku.OPTIMALISASI: berlaku.AKHIR}


def draw_up(
    session: Session,
    tahap: str,
    tahun: int,
    instansi: Instansi | None,
    rules: RuleSet,
    *,
    by: str,
    now: int,
    accept_unfinished: bool = False,
) -> Pengumuman:
    """Freeze the list of a stage as a draft that waits for a second person.

    instansi : the agency; None for all agencies.
    accept_unfinished : whether people whose exam is not over may be left out for now.

    Raises NotDue with everything that stands in the way.
    """
    _one_at_a_time(session, rules.digest)
    formasi = formasi_in(session, tahun, instansi)
    closed = closed_sesi(session, tahun, instansi)
    as_of = AsOf(now, closed)
    waiting = _still_sitting(session, formasi, rules, as_of) if tahap == berlaku.SKD else 0
    if waiting and not accept_unfinished:
        raise NotDue(f"{waiting} peserta belum selesai ujian; tutup sesinya dahulu.")
    _refuse_gap(session, tahap, formasi, as_of)
    made = compose(session, tahap, formasi, rules, as_of)
    if made.obstacles:
        raise NotDue(" ".join(made.obstacles), obstacles=made.obstacles)
    if not made.rows:
        raise NotDue("Tidak ada satu orang pun yang dapat diumumkan.")
    before = berlaku.in_force(session, tahun, tahap, instansi.id if instansi else None)
    head = Pengumuman(
        kode=_next_kode(session, tahap, tahun),
        tahap=tahap,
        tahun=tahun,
        instansi_id=instansi.id if instansi else None,
        rules_digest=rules.digest,
        drawn_at=now,
        drawn_by=by,
        row_count=len(made.rows),
        signature="",
        replaces_id=before.id if before else None,
        dasar={"sesi": closed, "belum": waiting},
    )
    head.digest = digest(
        head,
        instansi.kode if instansi else "",
        before.kode if before else "",
        (row for _, _, row in made.rows),
    )
    session.add(head)
    session.flush()
    _freeze(session, head, made)
    audit.record(
        session, at=now, by=by, act="susun pengumuman", subject=head.kode, baris=head.row_count
    )
    return head


def _still_sitting(
    session: Session, formasi: Sequence[Formasi], rules: RuleSet, as_of: AsOf
) -> int:
    """How many participants have an exam that is not over."""
    return sum(len(unfinished(session, each, rules, as_of)) for each in by_agency(formasi))


def approve(session: Session, head_id: int, *, by: str, now: int, seed: bytes) -> Pengumuman:
    """Sign a draft, as another person than who drew it up. seed : of the signing key.

    Raises NotDue where there is no such draft, or the records, the rules or the announcement that
    it replaces have changed since; AlreadyDecided where it is approved or a later draft exists;
    NeedsSecondPerson.
    """
    head = session.get(Pengumuman, head_id, with_for_update=True, populate_existing=True)
    if head is None:
        raise NotDue("Pengumuman itu tidak ada.")
    if head.approved_at is not None:
        raise AlreadyDecided(f"{head.kode} sudah disetujui oleh {head.approved_by}.")
    if by == head.drawn_by:
        raise NeedsSecondPerson(
            "Anda yang menyusun pengumuman ini. Persetujuan harus diberikan akun lain."
        )
    if (later := _later(session, head)) is not None:
        raise AlreadyDecided(f"Sesudah draf ini sudah disusun {later}; setujui yang itu.")
    _refuse_outdated(session, head, now)
    made = recompose(session, head, NOW)
    rows = rows_of(session, head)
    if [row for _, _, row in made.rows] != rows or made.obstacles:
        raise NotDue("Catatan berubah sejak draf ini disusun. Susun draf baru.")
    if head.digest != recompute_digest(session, head, rows):
        raise NotDue("Isi draf ini tidak sesuai dengan sidik jarinya. Susun draf baru.")
    head.approved_at, head.approved_by = now, by
    head.signature = sign(seed, PURPOSE, signed_message(head))
    session.flush()
    audit.record(
        session, at=now, by=by, act="setujui pengumuman", subject=head.kode, hash=head.digest
    )
    return head


def _refuse_outdated(session: Session, head: Pengumuman, now: int) -> None:
    """A draft must not undo, or be decided by, what was replaced while it waited."""
    _one_at_a_time(session, head.rules_digest)
    before = berlaku.in_force(session, head.tahun, head.tahap, head.instansi_id)
    if before is not None and before.id != head.replaces_id:
        raise NotDue(f"Sesudah draf ini disusun, {before.kode} terbit. Susun draf baru.")
    today = as_datetime(now).astimezone(WIB).date()
    kode = get_rules(session, head.rules_digest).kode
    if find_rules(session, kode, today).digest != head.rules_digest:
        raise NotDue(f"Ketentuan {kode} berubah sejak draf ini disusun. Susun draf baru.")


def _one_at_a_time(session: Session, rules_digest: str) -> None:
    """Let nobody else draw up or approve under the same rules until this transaction ends."""
    session.get(RuleSetRow, rules_digest, with_for_update={"key_share": True})


def signed_message(head: Pengumuman) -> str:
    """What the signature of an approved announcement is over."""
    return f"{head.kode}\n{head.digest}\n{head.approved_by}\n{head.approved_at}"


def recompose(session: Session, head: Pengumuman, as_of: AsOf | None = None) -> Susunan:
    """The list worked out again by the same rules; as_of : as when it was drawn unless given."""
    rules = get_rules(session, head.rules_digest)
    instansi = session.get(Instansi, head.instansi_id) if head.instansi_id else None
    formasi = formasi_in(session, head.tahun, instansi)
    return compose(session, head.tahap, formasi, rules, as_of or drawn_as_of(head))


def drawn_as_of(head: Pengumuman) -> AsOf:
    """The records that an announcement was drawn from."""
    return AsOf(head.drawn_at, head.dasar.get("sesi"))


def recompute_digest(session: Session, head: Pengumuman, rows: Sequence[Baris]) -> str:
    """The digest of what the database holds now."""
    instansi = session.get(Instansi, head.instansi_id) if head.instansi_id else None
    replaces = session.get(Pengumuman, head.replaces_id) if head.replaces_id else None
    return digest(head, instansi.kode if instansi else "", replaces.kode if replaces else "", rows)


def rows_of(session: Session, head: Pengumuman) -> list[Baris]:
    """The stored rows of an announcement in printed order."""
    hasil = session.scalars(
        select(Hasil)
        .where(Hasil.pengumuman_id == head.id)
        .options(joinedload(Hasil.peserta), joinedload(Hasil.formasi))
        .execution_options(populate_existing=True)
    )
    # Sorted here: databases disagree about the order of texts, and the digest follows it.
    return sorted(stored_rows(hasil), key=lambda row: (row.formasi, row.urut))


def formasi_in(session: Session, tahun: int, instansi: Instansi | None) -> list[Formasi]:
    """The formasi of a year, of one agency or of all, in the order of their codes."""
    query = select(Formasi).where(Formasi.tahun == tahun)
    if instansi is not None:
        query = query.where(Formasi.instansi_id == instansi.id)
    options = (joinedload(Formasi.instansi), joinedload(Formasi.jabatan))
    return sorted(session.scalars(query.options(*options)), key=lambda each: each.kode)


def closed_sesi(session: Session, tahun: int, instansi: Instansi | None) -> list[int]:
    """Ids of the closed sesi in which somebody of these formasi has a seat."""
    query = select(Sesi.id).join(Sitting).join(Peserta).join(Formasi)
    query = query.where(Sesi.is_closed.is_(True), Formasi.tahun == tahun)
    if instansi is not None:
        query = query.where(Formasi.instansi_id == instansi.id)
    return list(session.scalars(query.distinct().order_by(Sesi.id)))


def _refuse_gap(session: Session, tahap: str, formasi: Sequence[Formasi], as_of: AsOf) -> None:
    """Every formasi must have its announcement of the stage before."""
    before = _BEFORE.get(tahap)
    if before is None:
        return
    heads = berlaku.in_force_for(session, formasi, before, as_of)
    if missing := [each.kode for each in formasi if each.id not in heads]:
        names = ", ".join(missing[:5])
        raise NotDue(f"Pengumuman tahap {before} belum ada untuk formasi {names}.")


def _next_kode(session: Session, tahap: str, tahun: int) -> str:
    drawn = session.scalar(
        select(func.count()).where(Pengumuman.tahap == tahap, Pengumuman.tahun == tahun)
    )
    return f"{_PREFIX[tahap]}-{tahun}-{(drawn or 0) + 1:03}"


def _later(session: Session, head: Pengumuman) -> str | None:
    return session.scalar(
        select(Pengumuman.kode).where(
            Pengumuman.tahap == head.tahap,
            Pengumuman.tahun == head.tahun,
            Pengumuman.instansi_id.is_not_distinct_from(head.instansi_id),
            Pengumuman.id > head.id,
        )
    )


def _freeze(session: Session, head: Pengumuman, made: Susunan) -> None:
    session.execute(
        insert(Hasil),
        [
            {
                "pengumuman_id": head.id,
                "peserta_id": peserta_id,
                "formasi_id": formasi_id,
                **{name: getattr(row, name) for name in _CELLS},
            }
            for peserta_id, formasi_id, row in made.rows
        ],
    )
