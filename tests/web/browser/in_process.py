"""The application on a port, in a thread of this very process: starts in a moment, and its clock
and database are those of the test.

For what pages look like and do. Whatever is about processes that die belongs on `catcpns serve`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Nothing: the tests look at the pages."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
