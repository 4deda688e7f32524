"""What the web server loads: answers on their own short way, everything else by Flask."""

from __future__ import annotations

import ctypes
import gc
import os
from contextlib import suppress
from functools import partial

from web import clock
from web.db import db, own_session
from web.front.door import Door
from web.operations.jawaban.writer import Writer
from web.wsgi import app as flask_app

with flask_app.app_context():
    _open_session = partial(own_session, db.engine, writes=True)
    _writer = Writer(db.engine, _open_session, flask_app.config["KEYS"].record, clock.now)
app = Door(flask_app, _writer, threads=int(os.environ.get("CATCPNS_THREADS", "4")), now=clock.now)

# What has been loaded stays; to look through it at each collection would stop all answers for a
# tenth of a second.
gc.collect()
gc.freeze()
with suppress(AttributeError, OSError):  # only the GNU library has it
    ctypes.CDLL(None).malloc_trim(0)  # 10 MB that loading left over
