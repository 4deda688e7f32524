"""The berita acara as the proctor sees it: looked over at any time, issued after closing."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from cat.errors import CannotBePrinted, DecisionError
from web import clock
from web.db import db, transaction
from web.dokumen.kinds import Jenis
from web.operations import audit, jobs
from web.operations.dokumen import batches, berita_acara, issuing
from web.operations.dokumen.subjects import Subject
from web.proctor import queries
from web.proctor.blueprint import bp
from web.tables import Dokumen, DokumenPdf, Job

SHOWN = 10


@bp.get("/sesi/<int(max=2147483647):sesi_id>/berita-acara")
def paper(sesi_id: int) -> ResponseReturnValue:
    """What it says so far, and the documents that were issued."""
    sesi = queries.get_own_sesi(sesi_id)
    session = db.session()
    sheet = berita_acara.preview(session, sesi_id)
    rows = session.scalars(
        select(Dokumen)
        .where(Dokumen.sesi_id == sesi_id, Dokumen.jenis == Jenis.BERITA_ACARA.value)
        .order_by(Dokumen.id.desc())
        .limit(SHOWN)
    ).all()
    current = issuing.find_in_force(session, _subject(sesi_id))
    return render_template(
        "proctor/paper.html",
        sesi=sesi,
        zona=queries.zone_of(sesi),
        isi=sheet.data,
        rows=rows,
        current=current,
        job=_job(sesi_id),
    )


@bp.post("/sesi/<int(max=2147483647):sesi_id>/berita-acara")
def issue(sesi_id: int) -> ResponseReturnValue:
    """Issue it; asking again shows the one that is in force."""
    queries.get_own_sesi(sesi_id)
    session, config, back = db.session(), current_app.config, url_for(".paper", sesi_id=sesi_id)
    subject = _subject(sesi_id)
    if batches.is_long(session, subject):
        return _enqueue(subject, back)
    desk = issuing.Desk(
        by=current_user.username,
        now=clock.now(),
        address=config["PUBLIC_URL"],
        keys=config["KEYS"],
        transaction=transaction,
    )
    try:
        row = issuing.issue(desk, subject, issuing.compose(session, subject, desk.keys))
    except (DecisionError, CannotBePrinted) as error:
        flash(str(error))
        return redirect(back, 303)
    flash(f"Berita acara {row.nomor} berlaku.")
    return redirect(back, 303)


@bp.get("/sesi/<int(max=2147483647):sesi_id>/berita-acara/<int(max=2147483647):dokumen_id>")
def download(sesi_id: int, dokumen_id: int) -> ResponseReturnValue:
    """The PDF as it was issued."""
    queries.get_own_sesi(sesi_id)
    row = db.session.get(Dokumen, dokumen_id)
    if row is None or row.sesi_id != sesi_id or row.jenis != Jenis.BERITA_ACARA.value:
        raise NotFound
    pdf = db.session.get_one(DokumenPdf, dokumen_id).pdf
    with transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            by=current_user.username,
            act="unduh dokumen",
            subject=row.nomor,
        )
    reply = Response(pdf, mimetype="application/pdf")
    reply.headers["Content-Disposition"] = f'attachment; filename="{row.nomor}.pdf"'
    return reply


def _subject(sesi_id: int) -> Subject:
    return Subject(Jenis.BERITA_ACARA, sesi_id=sesi_id)


def _enqueue(subject: Subject, back: str) -> ResponseReturnValue:
    if not _job(subject.sesi_id or 0):
        params = {
            "pokok": subject.to_mapping(),
            "alamat": current_app.config["PUBLIC_URL"],
            "menggantikan": None,
            "alasan": None,
        }
        with transaction() as session:
            jobs.enqueue(session, batches.ONE, params, current_user.username, clock.now())
    flash("Berita acara sedang dibuat; rekaman semua peserta diputar ulang lebih dahulu.")
    return redirect(back, 303)


def _job(sesi_id: int) -> Job | None:
    """The work of making this document that waits or runs, or failed last."""
    rows = db.session.scalars(
        select(Job).where(Job.kind == batches.ONE).order_by(Job.created_at.desc()).limit(SHOWN * 5)
    )
    for job in rows:
        if job.params.get("pokok", {}).get("sesi_id") == sesi_id:
            return job if job.status in (*jobs.OPEN_STATUSES, jobs.Status.FAILED) else None
    return None
