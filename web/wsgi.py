"""What a web server loads: the application, with the pulse that shows the platform is alive."""

from __future__ import annotations

import os

from web import clock, create_app
from web.db import db, own_session
from web.layanan import kesiapan, metrik, peladen
from web.process import end_with_parent
from web.pulse import start

end_with_parent()
app = create_app()
with app.app_context(), own_session(db.engine) as session:
    kesiapan.prepare(session, clock.now())  # before anybody is let in: nobody waits for a pool
start(app)
if folder := os.environ.get("CATCPNS_METRIK_FOLDER"):
    metrik.share(app, folder)
peladen.note_ready()
