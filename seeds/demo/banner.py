"""What the person who started the demonstration needs to know."""

from __future__ import annotations

from seeds.demo.fleksibel import ACCOUNTS as EMPLOYEES
from seeds.demo.load import (
    ACCOUNTS,
    ADMITTED_SEATS,
    LINEAR_ADMITTED,
    OPEN_LINEAR,
    PASSWORD,
    demo_pin,
    open_participants,
)
from web.db import db


def text(url: str) -> str:
    """The banner: where to go and how to log in as each role."""
    people = open_participants(db.session())
    ready, netra, waiting = people[0], people[1], people[ADMITTED_SEATS]
    linear = open_participants(db.session(), OPEN_LINEAR)[:LINEAR_ADMITTED]
    ready_linear = "\n".join(
        f"    {each.nomor}  PIN {demo_pin(each.nomor)}   ujian linear, siap mulai (100 menit)"
        for each in linear
    )
    accounts = {**ACCOUNTS, **EMPLOYEES}
    staff = "\n".join(
        f"    {name:10} {PASSWORD}   ({nama})" for name, (nama, _) in accounts.items()
    )
    return f"""
  CAT CPNS, peragaan                                     {url}
  ------------------------------------------------------------------------
  Peserta        {url}/ujian/masuk
    {ready.nomor}  PIN {demo_pin(ready.nomor)}   siap mulai (100 menit)
    {netra.nomor}  PIN {demo_pin(netra.nomor)}   netra, formasi disabilitas (130 menit)
    {waiting.nomor}  PIN {demo_pin(waiting.nomor)}   menunggu izin pengawas
{ready_linear}
  Petugas        {url}/petugas/masuk
{staff}
  ------------------------------------------------------------------------
  Semua orang, instansi, dan nomor di sini rekaan. Hentikan dengan Ctrl+C.
"""
