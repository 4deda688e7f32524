"""What the person who started the demonstration needs to know."""

from __future__ import annotations

from seeds.demo.fleksibel import ACCOUNTS as EMPLOYEES
from seeds.demo.load import ACCOUNTS, ADMITTED_SEATS, PASSWORD, demo_pin, open_participants
from web.db import db


def text(url: str) -> str:
    """The banner: where to go and how to log in as each role."""
    people = open_participants(db.session())
    ready, netra, waiting = people[0], people[1], people[ADMITTED_SEATS]
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
  Petugas        {url}/petugas/masuk
{staff}
  ------------------------------------------------------------------------
  Semua orang, instansi, dan nomor di sini rekaan. Hentikan dengan Ctrl+C.
"""
