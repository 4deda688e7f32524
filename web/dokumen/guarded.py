"""Reading a PDF from a stranger: in a process of its own, with little memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from web.dokumen.inspection import ATTACHMENT, Inspection

PROGRAM = Path(__file__).resolve().parent / "pdf_reader.py"
SECONDS = 40
# So many files are read at once; whoever comes later waits a little, then is asked to come again.
_places = BoundedSemaphore(2)
WAIT_SECONDS = 20


def inspect_guarded(pdf: bytes) -> Inspection | None:
    """What `pdf_reader.read` finds; None for a file that is damaged, hostile or no PDF.

    Raises TimeoutError when too many files are being read already.
    """
    if not pdf.startswith(b"%PDF-"):
        return None
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise TimeoutError("too many files are being read")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM), ATTACHMENT],
            input=pdf,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        _places.release()
    if done.returncode:
        return None
    return Inspection.of(json.loads(done.stdout))
