"""The course of a year: overview, final lists, transfers, decisions, statuses, one person."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from web import clock
from web.db import db, transaction
from web.forms import ReasonForm, choices_of
from web.operations.pelindungan import access
from web.operations.seleksi import pengumuman, status, ujian, urutan
from web.operations.seleksi.akhir import final_lists
from web.operations.seleksi.keputusan import decide
from web.operations.seleksi.mengapa import trail
from web.operations.seleksi.optimalisasi import fill
from web.operations.seleksi.usul import pending
from web.staff.seleksi import queries
from web.staff.seleksi.blueprint import YEAR, attempt, bp, find_peserta, is_valid, rules_of, signed
from web.staff.seleksi.forms import StatusForm, WithdrawForm
from web.tables import Formasi, Instansi, Peserta, Sitting


@bp.get("/")
def index() -> ResponseReturnValue:
    """The years."""
    return render_template("staff/seleksi/index.html", years=queries.years())


@bp.get(f"/{YEAR}/")
def tahun(tahun: int) -> ResponseReturnValue:
    """How far a year's selection is, agency by agency."""
    return render_template(
        "staff/seleksi/tahun.html",
        tahun=tahun,
        rules=rules_of(tahun),
        counts=queries.counts(tahun),
        agencies=queries.agencies(tahun),
    )


@bp.get(f"/{YEAR}/instansi/<int(max=2147483647):instansi_id>")
def instansi(tahun: int, instansi_id: int) -> ResponseReturnValue:
    """The formasi of one agency after SKD."""
    rules, chosen = rules_of(tahun), db.get_or_404(Instansi, instansi_id)
    formasi = pengumuman.formasi_in(db.session(), tahun, chosen)
    final = final_lists(db.session(), formasi, rules)
    return render_template(
        "staff/seleksi/instansi.html",
        tahun=tahun,
        instansi=chosen,
        rows=queries.formasi_rows(final),
        obstacles=final.obstacles(),
    )


@bp.get(f"/{YEAR}/formasi/<int(max=2147483647):formasi_id>")
def formasi(tahun: int, formasi_id: int) -> ResponseReturnValue:
    """The final list of one formasi, every step in figures."""
    rules, chosen = rules_of(tahun), _formasi(formasi_id, tahun)
    final = final_lists(db.session(), [chosen], rules)
    return render_template(
        "staff/seleksi/formasi.html",
        tahun=tahun,
        formasi=chosen,
        rules=rules,
        plan=final.plans.get(formasi_id),
        rows=final.of_formasi[formasi_id],
        ties=final.undecided(formasi_id),
        form=ReasonForm(),
    )


@bp.post(f"/{YEAR}/formasi/<int(max=2147483647):formasi_id>/urutan")
def order(tahun: int, formasi_id: int) -> ResponseReturnValue:
    """Propose an order of people whom the rules cannot tell apart at the last post."""
    rules, chosen, form = rules_of(tahun), _formasi(formasi_id, tahun), ReasonForm()
    if is_valid(form):
        final = final_lists(db.session(), [chosen], rules)
        groups = [[row.peserta.id for row in group] for group in final.undecided(formasi_id)]
        _propose_order(chosen, groups, form.alasan.data or "")
    return redirect(url_for(".formasi", tahun=tahun, formasi_id=formasi_id), 303)


@bp.get(f"/{YEAR}/optimalisasi/<int(max=2147483647):instansi_id>")
def optimalisasi(tahun: int, instansi_id: int) -> ResponseReturnValue:
    """The transfers that fill an agency's empty posts."""
    rules, chosen = rules_of(tahun), db.get_or_404(Instansi, instansi_id)
    formasi = pengumuman.formasi_in(db.session(), tahun, chosen)
    return render_template(
        "staff/seleksi/optimalisasi.html",
        tahun=tahun,
        instansi=chosen,
        rules=rules,
        filled=fill(db.session(), formasi, rules),
        form=ReasonForm(),
    )


@bp.post(f"/{YEAR}/optimalisasi/<int(max=2147483647):instansi_id>/urutan")
def transfer_order(tahun: int, instansi_id: int) -> ResponseReturnValue:
    """Propose an order of people whom the rules cannot tell apart at an empty post."""
    rules, chosen, form = rules_of(tahun), db.get_or_404(Instansi, instansi_id), ReasonForm()
    if is_valid(form):
        everyone = pengumuman.formasi_in(db.session(), tahun, chosen)
        waiting = fill(db.session(), everyone, rules).undecided
        if waiting:
            groups = [[row.peserta.id for row in group] for group in waiting]
            _propose_order(waiting[0][0].skd.formasi, groups, form.alasan.data or "")
    return redirect(url_for(".optimalisasi", tahun=tahun, instansi_id=instansi_id), 303)


@bp.get(f"/{YEAR}/usul")
def usul(tahun: int) -> ResponseReturnValue:
    """What waits for a second person, and what was decided."""
    rules_of(tahun)
    return render_template(
        "staff/seleksi/usul.html",
        tahun=tahun,
        pending=queries.usul_rows(pending(db.session(), tahun)),
        decided=queries.usul_rows(queries.decided(tahun)),
    )


@bp.post(f"/{YEAR}/usul/<int(max=2147483647):usul_id>")
def decide_usul(tahun: int, usul_id: int) -> ResponseReturnValue:
    """Agree to a proposal, or refuse it."""
    chosen = request.form.get("putusan")
    if chosen not in ("setuju", "tolak"):
        abort(400)
    agree = chosen == "setuju"
    done = "Disetujui dan berlaku." if agree else "Ditolak; tidak ada yang berubah."
    attempt(lambda session: decide(session, usul_id, agree=agree, **signed()), done)
    return redirect(url_for(".usul", tahun=tahun), 303)


@bp.get(f"/{YEAR}/status")
def statuses(tahun: int) -> ResponseReturnValue:
    """Codes that people give."""
    rules, form = rules_of(tahun), StatusForm()
    form.kode.choices = choices_of(
        (row.kode, f"{row.kode}: {row.arti}") for row in status.codes(rules)
    )
    form.nomor.data = request.args.get("nomor", "")
    rows = queries.usul_rows(status.history(db.session(), tahun))
    return render_template(
        "staff/seleksi/status.html", tahun=tahun, form=form, withdraw=WithdrawForm(), rows=rows
    )


@bp.post(f"/{YEAR}/status")
def give_status(tahun: int) -> ResponseReturnValue:
    """Propose a code for a participant."""
    rules, form = rules_of(tahun), StatusForm()
    form.kode.choices = choices_of((row.kode, row.kode) for row in status.codes(rules))
    peserta = find_peserta(form.nomor.data, tahun) if is_valid(form) else None
    if peserta is not None:
        kode, tahap, alasan = form.kode.data, form.tahap.data, form.alasan.data or ""
        attempt(
            lambda session: status.give(
                session, peserta, kode, tahap, rules, alasan=alasan, **signed()
            ),
            f"Usul status {kode} untuk {peserta.nomor} menunggu orang kedua.",
        )
    return redirect(url_for(".statuses", tahun=tahun), 303)


@bp.post(f"/{YEAR}/status/cabut")
def withdraw_status(tahun: int) -> ResponseReturnValue:
    """Propose that a code no longer holds."""
    form = WithdrawForm()
    peserta = find_peserta(form.nomor.data, tahun) if is_valid(form) else None
    if peserta is not None:
        alasan = form.alasan.data or ""
        attempt(
            lambda session: status.withdraw(session, peserta, alasan=alasan, **signed()),
            f"Usul mencabut status {peserta.nomor} menunggu orang kedua.",
        )
    return redirect(url_for(".statuses", tahun=tahun), 303)


@bp.get("/peserta/<int(max=2147483647):peserta_id>")
def mengapa(peserta_id: int) -> ResponseReturnValue:
    """Everything that was decided about one participant, with the reasons."""
    peserta = db.get_or_404(Peserta, peserta_id)
    if peserta.formasi is None:
        abort(404)
    rules = rules_of(peserta.formasi.tahun)
    told = trail(db.session(), peserta, rules)
    with transaction() as session:
        by, now = current_user.username, clock.now()
        access.note(
            session,
            peserta.person_id,
            peserta.nomor,
            act="buka alasan hasil",
            activity="seleksi",
            by=by,
            at=now,
        )
    return render_template(
        "staff/seleksi/mengapa.html",
        tahun=peserta.formasi.tahun,
        jejak=told,
        rules=rules,
        rule_of_exams=ujian.RULE,
        usul=queries.usul_rows(told.usul),
        form=ReasonForm(),
    )


@bp.post("/ujian/<sitting_id>/batal")
def void(sitting_id: str) -> ResponseReturnValue:
    """Propose that an exam does not count."""
    sitting, form = db.get_or_404(Sitting, sitting_id), ReasonForm()
    if is_valid(form):
        alasan = form.alasan.data or ""
        attempt(
            lambda session: ujian.void_exam(session, sitting, alasan=alasan, **signed()),
            "Usul membatalkan ujian menunggu orang kedua.",
        )
    return redirect(url_for(".mengapa", peserta_id=sitting.peserta_id), 303)


def _formasi(formasi_id: int, tahun: int) -> Formasi:
    chosen: Formasi = db.get_or_404(Formasi, formasi_id)
    if chosen.tahun != tahun:
        abort(404)
    return chosen


def _propose_order(formasi: Formasi, groups: list[list[int]], alasan: str) -> None:
    """Propose the order typed as one number beside each participant."""
    typed = {
        int(name.removeprefix("urut-")): int(text)
        for name, text in request.form.items()
        if name.startswith("urut-") and name[5:].isdecimal() and text.isdecimal()
    }
    if len(set(typed.values())) < len(typed):
        flash("Tidak dilakukan. Setiap peserta harus mendapat nomor urut yang berbeda.")
        return
    chosen = sorted(typed, key=typed.__getitem__)
    attempt(
        lambda session: urutan.propose_order(
            session, formasi, chosen, groups, alasan=alasan, **signed()
        ),
        "Usul urutan menunggu orang kedua.",
    )
