"""Result codes that people give: disqualified, requirement not met, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import AlreadyDecided, NotDue, NotLawful
from cat.ketentuan.pasal import GIVEN, KodeHasil
from cat.ketentuan.ruleset import RuleSet
from web.operations.seleksi.as_of import NOW, AsOf
from web.operations.seleksi.usul import Jenis, agreed, propose
from web.tables import Formasi, Peserta, Usul

SKD, AKHIR = "skd", "akhir"
TAHAP = (SKD, AKHIR)


@dataclass(frozen=True)
class Status:
    """A code that two people gave.

    tahap : the stage from which it holds; one given for "akhir" leaves the SKD list as it was.
    """

    kode: str
    arti: str
    tahap: str
    alasan: str
    usul_id: int


def codes(rules: RuleSet) -> tuple[KodeHasil, ...]:
    """The codes of the year that people may give."""
    return tuple(row for row in rules.kode_hasil if row.peran == GIVEN)


def give(
    session: Session,
    peserta: Peserta,
    kode: str,
    tahap: str,
    rules: RuleSet,
    *,
    alasan: str,
    by: str,
    now: int,
) -> Usul:
    """Propose a status for a participant.

    Raises NotLawful for a code that the year does not let people give, AlreadyDecided where the
    participant has a status, NotDue as `propose` does.
    """
    if kode not in {row.kode for row in codes(rules)}:
        known = ", ".join(row.kode for row in codes(rules))
        raise NotLawful(f"Kode {kode}: {rules.kode} hanya mengizinkan {known}.")
    if tahap not in TAHAP:
        raise NotLawful(f"Tahap {tahap!r}: harus salah satu dari {', '.join(TAHAP)}.")
    formasi = formasi_of(peserta)
    if (held := status_of(session, peserta, rules)) is not None:
        raise AlreadyDecided(f"{peserta.nomor} sudah berstatus {held.kode}; cabut dahulu.")
    return propose(
        session,
        Jenis.STATUS,
        tahun=formasi.tahun,
        peserta_id=peserta.id,
        isi={"kode": kode, "tahap": tahap},
        alasan=alasan,
        by=by,
        now=now,
    )


def withdraw(session: Session, peserta: Peserta, *, alasan: str, by: str, now: int) -> Usul:
    """Propose that a participant's status no longer holds.

    Raises NotDue where there is none.
    """
    formasi = formasi_of(peserta)
    given = _holding(session, [formasi.id], NOW).get(peserta.id)
    if given is None:
        raise NotDue(f"{peserta.nomor} tidak mempunyai status untuk dicabut.")
    return propose(
        session,
        Jenis.CABUT_STATUS,
        tahun=formasi.tahun,
        peserta_id=peserta.id,
        isi={"usul": given.id, "kode": given.isi["kode"]},
        alasan=alasan,
        by=by,
        now=now,
    )


def statuses(
    session: Session,
    formasi_ids: Sequence[int],
    rules: RuleSet,
    as_of: AsOf = NOW,
    tahap: Sequence[str] = TAHAP,
) -> dict[int, Status]:
    """The status of each participant who has one. tahap : only those given for these stages."""
    meanings = {row.kode: row.arti for row in rules.kode_hasil}
    return {
        peserta_id: Status(
            kode=row.isi["kode"],
            arti=meanings.get(row.isi["kode"], ""),
            tahap=row.isi["tahap"],
            alasan=row.alasan,
            usul_id=row.id,
        )
        for peserta_id, row in _holding(session, formasi_ids, as_of).items()
        if row.isi["tahap"] in tahap
    }


def status_of(session: Session, peserta: Peserta, rules: RuleSet) -> Status | None:
    """The status of one participant."""
    return statuses(session, [formasi_of(peserta).id], rules).get(peserta.id)


def history(session: Session, tahun: int) -> Sequence[Usul]:
    """Every status given or withdrawn in a year, decided or not, newest first."""
    kinds = (Jenis.STATUS.value, Jenis.CABUT_STATUS.value)
    return session.scalars(
        select(Usul)
        .where(Usul.tahun == tahun, Usul.jenis.in_(kinds))
        .order_by(Usul.proposed_at.desc(), Usul.id.desc())
    ).all()


def formasi_of(peserta: Peserta) -> Formasi:
    """The formasi applied for; raises NotDue for who sat an internal assessment."""
    if peserta.formasi is None:
        raise NotDue(f"{peserta.nomor} tidak melamar pada satu formasi pun.")
    return peserta.formasi


def _holding(session: Session, formasi_ids: Sequence[int], as_of: AsOf) -> dict[int, Usul]:
    kinds = (Jenis.STATUS, Jenis.CABUT_STATUS)
    held: dict[int, Usul] = {}
    for row in agreed(session, *kinds, formasi_ids=formasi_ids, as_of=as_of):
        assert row.peserta_id is not None
        if row.jenis == Jenis.STATUS:
            held[row.peserta_id] = row
        else:
            held.pop(row.peserta_id, None)
    return held
