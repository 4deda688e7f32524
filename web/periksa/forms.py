"""What the public sends beside a file to have it checked."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length

from web.forms import Form


class FileForm(Form):
    """The number and code printed on the document, for files that lost their record."""

    nomor = StringField("Nomor dokumen", [Length(max=40, message="Terlalu panjang.")])
    kode = StringField("Kode periksa", [Length(max=20, message="Terlalu panjang.")])
