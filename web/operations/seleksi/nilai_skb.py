"""SKB nilai: entered once by page or file for those who go on, corrected only by two people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, FileRefused, NotDue
from web.clock import WIB, as_datetime
from web.operations import audit
from web.operations.pools import find_rules
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.berlaku import going_on
from web.operations.seleksi.lembar import Baris, Laporan, Temuan, as_decimal, read_sheet
from web.operations.seleksi.status import statuses
from web.operations.seleksi.usul import Jenis, propose
from web.tables import BagianRencana, Formasi, Hasil, NilaiSKB, Peserta, RencanaSKB, Usul

NOMOR, ABSENT = "nomor_peserta", "TH"
_DECIMALS = 3
_THOUSAND = 1000
_MAY_BE_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}")

Nilai = dict[tuple[int, int], NilaiSKB]


def entitled(session: Session, plan: RencanaSKB) -> list[Hasil]:
    """Those of the plan's formasi who go on to SKB, by the announcements in force."""
    formasi = session.scalars(
        select(Formasi)
        .where(
            Formasi.tahun == plan.tahun,
            Formasi.instansi_id == plan.instansi_id,
            Formasi.jabatan_id == plan.jabatan_id,
        )
        .order_by(Formasi.kode)
    ).all()
    return going_on(session, formasi)


def current(session: Session, plans: Iterable[RencanaSKB], as_of: AsOf = NOW) -> Nilai:
    """The version that holds of every nilai under some plans, by participant and part."""
    parts = [part.id for plan in plans for part in plan.bagian]
    rows = session.scalars(
        select(NilaiSKB)
        .where(NilaiSKB.bagian_id.in_(parts), *as_of.written(NilaiSKB.entered_at))
        .order_by(NilaiSKB.versi)
        .execution_options(populate_existing=True)
    )
    return {(row.peserta_id, row.bagian_id): row for row in rows}


def history(session: Session, peserta: Peserta) -> Sequence[NilaiSKB]:
    """Every version of every SKB nilai of a participant, part by part."""
    return session.scalars(
        select(NilaiSKB)
        .where(NilaiSKB.peserta_id == peserta.id)
        .order_by(NilaiSKB.bagian_id, NilaiSKB.versi)
    ).all()


def template_columns(plan: RencanaSKB) -> tuple[str, ...]:
    """Header of the file to fill in: `import_file` reads the first and the parts."""
    return (NOMOR, "nama", "formasi", *(part.jenis for part in plan.bagian))


def template_rows(session: Session, plan: RencanaSKB) -> Iterator[tuple[str, ...]]:
    """One row for each who goes on, with what is entered already."""
    known = current(session, [plan])
    for row in entitled(session, plan):
        cells = (known.get((row.peserta_id, part.id)) for part in plan.bagian)
        person = row.peserta.person.nama
        yield row.peserta.nomor, person, row.formasi.kode, *(as_text(each) for each in cells)


def import_file(
    session: Session,
    plan: RencanaSKB,
    content: bytes,
    *,
    by: str,
    now: int,
    dry_run: bool = False,
) -> Laporan:
    """Enter SKB nilai from a filled-in template: all or none. Blank cells say nothing yet.

    Returns what was, or would be, stored. Raises FileRefused for a file that cannot be read, and
    unless dry_run where any cell breaks a rule.
    """
    rows = read_sheet(content, (NOMOR, *(part.jenis for part in plan.bagian)))
    return _enter(session, plan, rows, "impor nilai SKB", by, now, dry_run=dry_run)


def enter(
    session: Session,
    plan: RencanaSKB,
    nomor: str,
    cells: Mapping[str, str],
    *,
    by: str,
    now: int,
) -> Laporan:
    """Enter the nilai of one participant. cells : jenis -> what was typed.

    Raises FileRefused with the rules broken, as `import_file` does.
    """
    row = Baris(1, {NOMOR: nomor, **{p.jenis: cells.get(p.jenis, "").strip() for p in plan.bagian}})
    return _enter(session, plan, [row], "isi nilai SKB", by, now, dry_run=False)


def correct(
    session: Session,
    peserta: Peserta,
    part: BagianRencana,
    text: str,
    *,
    alasan: str,
    by: str,
    now: int,
) -> Usul:
    """Propose another nilai in the place of one that was entered.

    Raises FileRefused for a nilai that breaks a rule, NotDue where none was entered or it is the
    same.
    """
    value, rule = read_cell(text.strip(), part)
    if rule:
        raise FileRefused(f"{part.nama}, terbaca {text!r}: {rule}.")
    stored = _latest(session, peserta.id, part.id)
    if stored is None or stored.nilai == value:
        raise NotDue(f"{peserta.nomor}: belum ada nilai {part.nama} yang berbeda untuk dikoreksi.")
    return propose(
        session,
        Jenis.KOREKSI_SKB,
        tahun=part.rencana.tahun,
        peserta_id=peserta.id,
        isi={
            "bagian": part.id,
            "nama": part.nama,
            "lama": as_text(stored),
            "baru": ABSENT if value is None else str(value),
            "versi": stored.versi,
        },
        alasan=alasan,
        by=by,
        now=now,
    )


def apply_correction(session: Session, usul: Usul, *, now: int) -> NilaiSKB:
    """Store the next version, as two people agreed.

    Raises AlreadyDecided where the nilai was changed since the proposal.
    """
    assert usul.peserta_id is not None
    part = session.get_one(BagianRencana, usul.isi["bagian"])
    stored = _latest(session, usul.peserta_id, part.id)
    if stored is None or stored.versi != usul.isi["versi"]:
        raise AlreadyDecided("Nilai ini sudah berubah sejak usul dibuat; usulkan lagi.")
    text = usul.isi["baru"]
    row = NilaiSKB(
        peserta_id=usul.peserta_id,
        bagian_id=part.id,
        versi=stored.versi + 1,
        # Judged when it was proposed, with a point for the decimals: not to be read by eye again.
        nilai=None if text == ABSENT else Decimal(text),
        entered_by=usul.proposed_by,
        entered_at=now,
        usul_id=usul.id,
    )
    session.add(row)
    session.flush()
    return row


def read_cell(text: str, part: BagianRencana) -> tuple[Decimal | None, str]:
    """What a cell says: points (None for absent), and the rule that it breaks or ""."""
    if text.upper() == ABSENT:
        return None, ""
    value = as_decimal(text)
    if value is None:
        return None, f"harus angka, atau {ABSENT} bila tidak hadir"
    if part.maks >= _THOUSAND and _MAY_BE_THOUSANDS.fullmatch(text):
        return None, f"{text} dapat dibaca ribuan; tulis desimal dengan koma"
    if not 0 <= value <= part.maks:
        return None, f"harus 0 sampai {plain(part.maks)}"
    if value != value.quantize(Decimal(1).scaleb(-_DECIMALS)):
        return None, f"paling banyak {_DECIMALS} desimal"
    return value, ""


def as_text(row: NilaiSKB | None) -> str:
    """A nilai as it stands in a file: TH for absent, "" where nothing was entered.

    With a decimal comma, which nobody can take for a mark of thousands.
    """
    if row is None:
        return ""
    return ABSENT if row.nilai is None else plain(row.nilai).replace(".", ",")


def plain(value: Decimal) -> str:
    """A number without needless zeros, with a decimal point."""
    return f"{value.normalize():f}"


def _enter(
    session: Session,
    plan: RencanaSKB,
    rows: Sequence[Baris],
    act: str,
    by: str,
    now: int,
    *,
    dry_run: bool,
) -> Laporan:
    if not dry_run:
        # One writer under each plan; and the plan as it stands now, not as the page was opened.
        session.get(RencanaSKB, plan.id, with_for_update=True)
        session.refresh(plan, ["bagian"])
    report, new = _judge(session, plan, rows, as_datetime(now).astimezone(WIB).date())
    report.accepted = len(new)
    if dry_run:
        return report
    if report.problems:
        raise FileRefused(f"{len(report.problems)} isian melanggar aturan.", laporan=report)
    for (peserta_id, bagian_id), value in new.items():
        session.add(
            NilaiSKB(
                peserta_id=peserta_id,
                bagian_id=bagian_id,
                versi=1,
                nilai=value,
                entered_by=by,
                entered_at=now,
            )
        )
    session.flush()
    if new:
        subject = f"{plan.tahun} {plan.instansi.kode} {plan.jabatan.kode}"
        audit.record(session, at=now, by=by, act=act, subject=subject, nilai=len(new))
    return report


def _judge(
    session: Session, plan: RencanaSKB, rows: Sequence[Baris], today: date
) -> tuple[Laporan, dict[tuple[int, int], Decimal | None]]:
    """What the rows would store, and what forbids it."""
    report, new = Laporan(), dict[tuple[int, int], Decimal | None]()
    people = {row.peserta.nomor: row.peserta for row in entitled(session, plan)}
    formasi = {peserta.formasi_id for peserta in people.values() if peserta.formasi_id}
    given = statuses(session, list(formasi), find_rules(session, f"cpns-{plan.tahun}", today))
    known = current(session, [plan])
    seen: set[str] = set()
    for row in rows:
        nomor = row.cells[NOMOR]
        peserta = people.get(nomor)
        if (rule := _refuses(nomor, peserta, seen, given)) or peserta is None:
            report.problems.append(Temuan(row.number, nomor, "", "", rule))
            continue
        seen.add(nomor)
        for part in plan.bagian:
            text = row.cells[part.jenis]
            value, rule = read_cell(text, part) if text else (None, "")
            stored = known.get((peserta.id, part.id))
            if not rule and text and stored is not None and stored.nilai != value:
                rule = f"sudah tercatat {as_text(stored)}; ubah melalui koreksi"
            if rule:
                report.problems.append(Temuan(row.number, nomor, part.nama, text, rule))
            elif text and stored is None:
                new[peserta.id, part.id] = value
            elif text:
                report.unchanged += 1
    return report, new


def _refuses(
    nomor: str, peserta: Peserta | None, seen: set[str], given: Mapping[int, object]
) -> str:
    if peserta is None:
        return "tidak termasuk yang berhak mengikuti SKB jabatan ini menurut pengumuman SKD"
    if nomor in seen:
        return "nomor peserta tertulis lebih dari satu kali"
    return "peserta sudah berstatus keluar dari seleksi" if peserta.id in given else ""


def _latest(session: Session, peserta_id: int, bagian_id: int) -> NilaiSKB | None:
    return session.scalar(
        select(NilaiSKB)
        .where(NilaiSKB.peserta_id == peserta_id, NilaiSKB.bagian_id == bagian_id)
        .order_by(NilaiSKB.versi.desc())
        .limit(1)
    )
