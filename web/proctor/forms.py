"""Forms of the proctor."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length

from web.forms import Form


class PauseForm(Form):
    """Why a sitting is paused."""

    alasan = StringField(
        "Alasan",
        [Length(3, 200, "Tulis alasan 3 sampai 200 huruf.")],
        filters=[lambda text: (text or "").strip()],
    )
