"""Files from strangers can neither crash the platform nor keep it busy."""

from __future__ import annotations

import zlib

import pytest

from tests.web.dokumen.conftest import three_pages
from web.dokumen import guarded
from web.dokumen.guarded import inspect_guarded
from web.dokumen.inspection import inspect


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def stream(data: bytes, keys: bytes = b"/Filter/FlateDecode") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), keys, data)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
BOMB = pdf_of(
    CATALOG,
    b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<<>>>>",
    stream(
        zlib.compress(zlib.compress(bytes(300_000_000), 1), 9),
        b"/Filter[/FlateDecode/FlateDecode]",
    ),
)
OWN_PARENT = pdf_of(CATALOG, b"<</Type/Pages/Count 9/Kids[2 0 R]>>")
DEEP = pdf_of(
    CATALOG,
    b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources%b>>" % (b"<</A" * 3000 + b">>" * 3000),
)


def test_reading_under_guard_finds_what_reading_openly_finds():
    pdf, _ = three_pages()

    assert inspect_guarded(pdf) == inspect(pdf)


@pytest.mark.parametrize(
    "pdf",
    [
        b"",
        b"bukan pdf",
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + bytes(range(256)) * 400,
        three_pages()[0][: len(three_pages()[0]) // 2],
        BOMB,
        OWN_PARENT,
        DEEP,
    ],
    ids=["empty", "text", "header", "noise", "half", "bomb", "own parent", "deep"],
)
def test_a_damaged_or_hostile_file_is_unreadable_and_nothing_more(pdf):
    assert inspect_guarded(pdf) is None or len(inspect_guarded(pdf).pages) <= 1


def test_a_file_that_takes_too_long_is_given_up(monkeypatch, tmp_path):
    slow = tmp_path / "lambat.py"
    slow.write_text("import time\ntime.sleep(30)\n")
    monkeypatch.setattr(guarded, "PROGRAM", slow)
    monkeypatch.setattr(guarded, "SECONDS", 0.5)

    assert inspect_guarded(b"%PDF-1.7") is None


def test_no_more_than_a_few_files_are_read_at_once(monkeypatch):
    from threading import BoundedSemaphore

    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(guarded, "_places", full)
    monkeypatch.setattr(guarded, "WAIT_SECONDS", 0.05)

    with pytest.raises(TimeoutError):
        inspect_guarded(b"%PDF-1.7")
