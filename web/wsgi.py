"""What a web server loads: the application, with the pulse that shows the platform is alive."""

from __future__ import annotations

from web import create_app
from web.process import end_with_parent
from web.pulse import start

end_with_parent()
app = create_app()
start(app)
