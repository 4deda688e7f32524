"""The blueprint that the views of a selection share, and what all of them do alike."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, request
from flask_security import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadRules, DecisionError, FileRefused
from cat.ketentuan.integrasi import for_display
from cat.ketentuan.pasal import Integrasi
from cat.ketentuan.ruleset import RuleSet
from web import clock
from web.access import STAF, role_required
from web.db import db, transaction
from web.operations.pools import find_rules
from web.operations.seleksi.lembar import Laporan
from web.tables import Formasi, Peserta

YEAR = "<int(max=2147483647):tahun>"
bp = Blueprint("seleksi", __name__, url_prefix="/staf/seleksi")
bp.before_request(role_required(STAF))


def attempt(act: Callable[[Session], object], done: str) -> bool:
    """Do an act in one transaction and say how it went; False where it was refused."""
    try:
        with transaction() as session:
            act(session)
    except (DecisionError, BadRules) as error:
        flash(f"Tidak dilakukan. {error}")
        return False
    flash(done)
    return True


def upload(
    act: Callable[[Session, bytes, bool], Laporan],
) -> tuple[Laporan, str | None, bool]:
    """Check the uploaded file, and store it where `simpan` was pressed and nothing is wrong.

    act : reads a file; its last argument says whether only to check.

    Returns the report, why the file was refused or None, and whether it was stored.
    """
    file = request.files.get("berkas")
    content = file.read() if file else b""
    if not content:
        return Laporan(), "Pilih berkas yang akan diperiksa.", False
    only_check = "simpan" not in request.form
    try:
        with transaction() as session:
            report = act(session, content, only_check)
    except DecisionError as error:
        return error.evidence.get("laporan", Laporan()), str(error), False
    if not only_check:
        flash(f"{report.accepted} isian disimpan; {report.unchanged} sudah tercatat sama.")
    return report, None, not only_check


def complaint(error: FileRefused) -> str:
    """A refusal with each rule that was broken."""
    report: Laporan = error.evidence.get("laporan", Laporan())
    told = [f"{each.bagian or each.nomor} {each.nilai}: {each.aturan}" for each in report.problems]
    return "; ".join(told) or str(error)


def is_valid(form: FlaskForm) -> bool:
    """Whether a form is complete; says what is not."""
    if form.validate():
        return True
    for name, errors in form.errors.items():
        label = form[name].label.text if name in form else "Formulir"
        flash(f"Tidak dilakukan. {label}: {' '.join(map(str, errors))}")
    return False


def signed() -> dict[str, Any]:
    """By whom and when: the arguments that every act takes."""
    return {"by": current_user.username, "now": clock.now()}


def rules_of(tahun: int) -> RuleSet:
    """The rules of a year; 404 where nobody applied in it."""
    if db.session.scalar(select(Formasi.id).where(Formasi.tahun == tahun).limit(1)) is None:
        abort(404)
    return find_rules(db.session(), f"cpns-{tahun}", clock.today())


def find_peserta(nomor: str | None, tahun: int) -> Peserta | None:
    """The participant with this number in a year's selection; says so where there is none."""
    found: Peserta | None = db.session.scalar(
        select(Peserta)
        .join(Peserta.formasi)
        .where(Peserta.nomor == (nomor or "").strip(), Formasi.tahun == tahun)
    )
    if found is None:
        flash(f"Tidak dilakukan. Nomor peserta {nomor or '(kosong)'} tidak ada pada {tahun}.")
    return found


@bp.app_template_filter("nilai")
def nilai(value: Decimal | None, rule: Integrasi) -> str:
    """A value on the scale 0 to 100 with the year's decimals and a comma; "–" for none."""
    return "–" if value is None else str(for_display(value, rule)).replace(".", ",")


@bp.app_template_filter("poin")
def poin(value: Decimal | int | None) -> str:
    """Points without needless zeros, with a comma; "–" for none."""
    return "–" if value is None else f"{Decimal(value).normalize():f}".replace(".", ",")
