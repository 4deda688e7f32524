"""What a web server loads: the application, with the pulse that shows the platform is alive."""

from __future__ import annotations

import ctypes
import signal
import sys

from web import create_app
from web.pulse import start

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Let this worker end when the server that started it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


end_with_parent()
app = create_app()
start(app)
