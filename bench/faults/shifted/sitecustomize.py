"""Loaded by every Python process of a server under test: lets its wall clock be set from outside.

The file that CATCPNS_BENCH_CLOCK names holds the seconds by which the clock is wrong. Only what
anybody could set is shifted: `time.time` and `time.time_ns`; what counts since the machine was
started is not.
"""

import os
import time

_path = os.environ.get("CATCPNS_BENCH_CLOCK")
if _path:
    _time, _time_ns = time.time, time.time_ns

    def _shift() -> int:
        with open(_path) as file:
            return int(file.read() or 0)

    time.time = lambda: _time() + _shift()
    time.time_ns = lambda: _time_ns() + _shift() * 1_000_000_000
