"""Is this PDF the one that was issued, and if not, which page differs? Needs no database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from cat.errors import BadInput
from web.dokumen.attachment import attach
from web.dokumen.inspection import Inspection, Page
from web.dokumen.record import Record, SignedRecord
from web.dokumen.typeset import pdf_date


class Verdict(StrEnum):
    """What can be said of a file."""

    GENUINE = "asli"
    SAVED_AGAIN = "disimpan ulang"
    REDRAWN = "digambar ulang"
    CHANGED = "berubah"
    FORGED = "tanda tangan tidak sah"
    NOT_OURS = "tidak dikenal"
    UNREADABLE = "tidak terbaca"

    @property
    def sentence(self) -> str:
        """The verdict for the person who asked."""
        return _SENTENCES[self]


_SENTENCES = {
    Verdict.GENUINE: "Asli. Berkas ini sama persis dengan yang diterbitkan.",
    Verdict.SAVED_AGAIN: (
        "Isi dan tampilan setiap halaman sama, tetapi berkas ini bukan salinan persis: pernah "
        "disimpan ulang oleh program lain. Mintalah berkas aslinya."
    ),
    Verdict.REDRAWN: (
        "Tulisan setiap halaman sama, tetapi tampilannya tidak: ada yang digambar ulang atau "
        "ditambahkan. Jangan memakai berkas ini; mintalah berkas aslinya."
    ),
    Verdict.CHANGED: "Berubah. Isi berkas ini berbeda dari dokumen yang diterbitkan.",
    Verdict.FORGED: (
        "Tanda tangan tidak sah. Catatan di dalam berkas ini diubah, atau dibuat oleh pihak lain."
    ),
    Verdict.NOT_OURS: "Berkas ini tidak memuat catatan dokumen dari sistem ini.",
    Verdict.UNREADABLE: "Berkas ini rusak, terlalu besar, atau bukan PDF.",
}


@dataclass(frozen=True)
class Report:
    """The verdict with its reasons, one sentence a page, and the record that it rests on."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    record: Record | None = None


def verify(pdf: bytes, found: Inspection | None, keys: Sequence[str]) -> Report:
    """Hold a PDF against the record inside it.

    found : what `inspect` read from it; None where it could not be read.
    keys : public keys (hexadecimal) that are trusted.
    """
    if found is None:
        return Report(Verdict.UNREADABLE)
    if found.record is None:
        return Report(Verdict.NOT_OURS)
    try:
        signed = SignedRecord.from_text(found.record)
    except BadInput:
        return Report(Verdict.FORGED)
    if not signed.is_signed_by(keys):
        return Report(Verdict.FORGED)
    return compare(pdf, found.pages, signed)


def compare(pdf: bytes, pages: Sequence[Page], signed: SignedRecord) -> Report:
    """Hold a PDF against a record whose signature has been checked."""
    record = signed.record
    if is_exact(pdf, signed):
        return Report(Verdict.GENUINE, record=record)
    words = SequenceMatcher(
        None, [page.text for page in record.pages], [page.text for page in pages], autojunk=False
    )
    changed, redrawn = [], []
    for kind, first, last, low, high in words.get_opcodes():
        if kind == "equal":
            redrawn += [
                f"Halaman {low + n + 1}: tulisannya sama, tampilannya berbeda."
                for n in range(last - first)
                if record.pages[first + n].look != pages[low + n].look
            ]
        else:
            changed += _changes(first, last, low, high)
    if changed:
        return Report(Verdict.CHANGED, (*changed, *redrawn), record)
    return Report(Verdict.REDRAWN if redrawn else Verdict.SAVED_AGAIN, tuple(redrawn), record)


def is_exact(pdf: bytes, signed: SignedRecord) -> bool:
    """Whether these are the issued bytes: the signed base and the record, and nothing else."""
    record = signed.record
    base = pdf[: record.base_bytes]
    if hashlib.sha256(base).hexdigest() != record.base_sha256:
        return False
    return attach(base, signed.to_bytes(), pdf_date(record.issued_at)) == pdf


def _changes(first: int, last: int, low: int, high: int) -> list[str]:
    """Sentences for original pages [first, last) that became pages [low, high) of the file."""
    both = min(last - first, high - low)
    sentences = [f"Halaman {low + n + 1}: tulisannya berbeda dari aslinya." for n in range(both)]
    sentences += [
        f"Halaman {n + 1} dari dokumen asli tidak ada di berkas ini."
        for n in range(first + both, last)
    ]
    sentences += [
        f"Halaman {n + 1} berkas ini tidak ada di dokumen asli." for n in range(low + both, high)
    ]
    return sentences
