"""Objections: windows, filing for a participant, answering."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from web import clock
from web.db import db
from web.forms import choices_of
from web.operations.seleksi import sanggah
from web.staff.seleksi.blueprint import YEAR, attempt, bp, find_peserta, is_valid, rules_of, signed
from web.staff.seleksi.forms import AnswerForm, ObjectionForm, WindowForm
from web.tables import Sanggah

_STAGES = {"administrasi": "Administrasi", "skd": "SKD", "akhir": "Hasil akhir"}


@bp.get(f"/{YEAR}/sanggah")
def objections(tahun: int) -> ResponseReturnValue:
    """Windows and objections of a year."""
    rules = rules_of(tahun)
    window, form = WindowForm(), ObjectionForm()
    window.tahap.choices = choices_of(
        (row.tahap, _STAGES[row.tahap]) for row in rules.masa_sanggah if row.ada
    )
    form.tahap.choices = window.tahap.choices
    form.nomor.data = request.args.get("nomor", "")
    return render_template(
        "staff/seleksi/sanggah.html",
        tahun=tahun,
        rules=rules,
        stages=_STAGES,
        windows={
            row.tahap: sanggah.find_window(db.session(), tahun, row.tahap)
            for row in rules.masa_sanggah
        },
        rows=sanggah.all_of(db.session(), tahun),
        window=window,
        form=form,
    )


@bp.post(f"/{YEAR}/sanggah/masa")
def set_window(tahun: int) -> ResponseReturnValue:
    """Set the days of a stage."""
    rules, form = rules_of(tahun), WindowForm()
    form.tahap.choices = choices_of(_STAGES.items())
    if is_valid(form):
        tahap, days = form.tahap.data, (form.mulai.data, form.sampai.data, form.jawab_sampai.data)
        attempt(
            lambda session: sanggah.set_window(session, tahun, tahap, days, rules, **signed()),
            f"Masa sanggah {_STAGES[tahap]} ditetapkan.",
        )
    return redirect(url_for(".objections", tahun=tahun), 303)


@bp.post(f"/{YEAR}/sanggah")
def file_objection(tahun: int) -> ResponseReturnValue:
    """File an objection for a participant."""
    form = ObjectionForm()
    form.tahap.choices = choices_of(_STAGES.items())
    peserta = find_peserta(form.nomor.data, tahun) if is_valid(form) else None
    if peserta is None:
        return redirect(url_for(".objections", tahun=tahun), 303)
    tahap, isi, today = form.tahap.data, form.isi.data or "", clock.today()
    filed = attempt(
        lambda session: sanggah.file(session, peserta, tahap, isi, today=today, **signed()),
        "Sanggah dicatat. Berikan tiketnya kepada peserta.",
    )
    row = sanggah.find(db.session(), peserta, tahap) if filed else None
    if row is None:
        return redirect(url_for(".objections", tahun=tahun), 303)
    return redirect(url_for(".objection", tiket=row.tiket), 303)


@bp.get("/sanggah/<tiket>")
def objection(tiket: str) -> ResponseReturnValue:
    """One objection beside what is printed, stored and on record."""
    row = _objection(tiket)
    compared = (
        []
        if row.tahap == sanggah.ADMINISTRASI
        else sanggah.comparison(db.session(), row.peserta, row.tahap)
    )
    return render_template(
        "staff/seleksi/sanggah_satu.html",
        tahun=row.tahun,
        row=row,
        stage=_STAGES[row.tahap],
        window=sanggah.find_window(db.session(), row.tahun, row.tahap),
        compared=compared,
        differs=any(each.differs for each in compared),
        form=AnswerForm(),
    )


@bp.post("/sanggah/<tiket>/jawab")
def answer(tiket: str) -> ResponseReturnValue:
    """Propose the answer to an objection."""
    row, form = _objection(tiket), AnswerForm()
    if is_valid(form):
        putusan, jawaban, alasan = (
            form.putusan.data,
            form.jawaban.data or "",
            form.alasan.data or "",
        )
        attempt(
            lambda session: sanggah.answer(
                session, row, putusan, jawaban, alasan=alasan, **signed()
            ),
            "Usul jawaban menunggu orang kedua.",
        )
    return redirect(url_for(".objection", tiket=tiket), 303)


def _objection(tiket: str) -> Sanggah:
    found: Sanggah = db.first_or_404(select(Sanggah).where(Sanggah.tiket == tiket))
    return found
