"""How processes of the platform end together."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int | None = None, how: int = signal.SIGKILL) -> None:
    """Let this process end when the one that started it is killed.

    parent : its process id; given, a parent that is gone already counts as well.
    how : the signal to be ended with.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how)
    if parent is not None and os.getppid() != parent:
        raise SystemExit(0)
