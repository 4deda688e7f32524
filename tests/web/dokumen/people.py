"""The public at the page that checks documents."""

from __future__ import annotations

import re
from io import BytesIO

from tests.web.conftest import Browser
from web.tables import Dokumen

ADDRESS = "https://cat.example"


def public(app) -> Browser:
    return Browser(app)


def check_page(dokumen: Dokumen) -> str:
    return f"/periksa/{dokumen.nomor}?k={dokumen.kode}"


def uploads(browser: Browser, pdf: bytes, **fields):
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', browser.get("/periksa/").text)[1]
    data = {"csrf_token": token, "berkas": (BytesIO(pdf), "hasil.pdf"), **fields}
    return browser._fresh(lambda: browser.client.post("/periksa/berkas", data=data))
