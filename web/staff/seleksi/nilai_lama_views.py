"""Reuse of an earlier SKD: on file by import, chosen once."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.operations.seleksi import nilai_lama
from web.operations.seleksi.lembar import Laporan
from web.staff.seleksi import queries
from web.staff.seleksi.blueprint import (
    YEAR,
    attempt,
    bp,
    find_peserta,
    is_valid,
    rules_of,
    signed,
    upload,
)
from web.staff.seleksi.forms import ChoiceForm, UploadForm


@bp.route(f"/{YEAR}/nilai-lama", methods=["GET", "POST"])
def reuse(tahun: int) -> ResponseReturnValue:
    """What is on file, and the import with its dry run."""
    rules, report, form = rules_of(tahun), Laporan(), UploadForm()
    refused = None
    if request.method == "POST" and form.validate():
        report, refused, stored = upload(
            lambda session, content, dry_run: nilai_lama.import_file(
                session, content, tahun, rules, dry_run=dry_run, **signed()
            )
        )
        if stored:
            return redirect(url_for(".reuse", tahun=tahun), 303)
    page = render_template(
        "staff/seleksi/nilai_lama.html",
        tahun=tahun,
        rules=rules,
        rows=queries.reuse_rows(tahun),
        columns=nilai_lama.COLUMNS,
        form=form,
        choice=ChoiceForm(formdata=None),
        report=report if request.method == "POST" else None,
        refused=refused,
    )
    return page, 422 if refused or report.problems else 200


@bp.post(f"/{YEAR}/nilai-lama/pilihan")
def choose_reuse(tahun: int) -> ResponseReturnValue:
    """Write down a participant's one choice."""
    rules, form = rules_of(tahun), ChoiceForm()
    peserta = find_peserta(form.nomor.data, tahun) if is_valid(form) else None
    if peserta is not None:
        chosen = form.pilihan.data
        attempt(
            lambda session: nilai_lama.choose(session, peserta, chosen, rules, **signed()),
            f"Pilihan {peserta.nomor} dicatat dan tidak dapat diubah.",
        )
    return redirect(url_for(".reuse", tahun=tahun), 303)
