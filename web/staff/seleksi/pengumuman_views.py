"""Announcements: draw up, look, approve, check."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from web import clock
from web.db import db, transaction
from web.operations import audit
from web.operations.seleksi import pengumuman, sanggah
from web.operations.seleksi.periksa import verify
from web.operations.signing import public_key
from web.pengumuman.queries import page_of, search_of
from web.staff.seleksi import queries
from web.staff.seleksi.blueprint import YEAR, attempt, bp, is_valid, rules_of, signed
from web.staff.seleksi.forms import DrawForm
from web.tables import Instansi, Pengumuman

SHOWN_FINDINGS = 200


@bp.route(f"/{YEAR}/pengumuman", methods=["GET", "POST"])
def announcements(tahun: int) -> ResponseReturnValue:
    """Every announcement of a year; a new draft."""
    rules, form = rules_of(tahun), DrawForm()
    form.offer([(str(row.instansi.id), row.instansi.nama) for row in queries.agencies(tahun)])
    if request.method == "POST":
        if is_valid(form):
            chosen = form.instansi.data
            agency = db.session.get(Instansi, int(chosen)) if chosen else None
            tahap, accept = form.tahap.data, form.terima_belum.data
            attempt(
                lambda session: pengumuman.draw_up(
                    session, tahap, tahun, agency, rules, accept_unfinished=accept, **signed()
                ),
                "Draf disusun. Orang kedua perlu memeriksa dan menyetujuinya.",
            )
        return redirect(url_for(".announcements", tahun=tahun), 303)
    return render_template(
        "staff/seleksi/pengumuman.html",
        tahun=tahun,
        form=form,
        rows=queries.announcements(tahun),
        agencies={row.instansi.id: row.instansi.nama for row in queries.agencies(tahun)},
        due=sanggah.awaiting_correction(db.session(), tahun),
    )


@bp.get("/pengumuman/<kode>")
def announcement(kode: str) -> ResponseReturnValue:
    """One announcement as it was frozen."""
    head = _head(kode)
    page = page_of(head, search_of(request.args))
    return render_template(
        "staff/seleksi/pengumuman_satu.html",
        tahun=head.tahun,
        head=head,
        page=page,
        instansi=db.session.get(Instansi, head.instansi_id) if head.instansi_id else None,
        replaces=db.session.get(Pengumuman, head.replaces_id) if head.replaces_id else None,
    )


@bp.post("/pengumuman/<kode>/setujui")
def approve(kode: str) -> ResponseReturnValue:
    """Sign a draft as the second person."""
    head_id, seed = _head(kode).id, current_app.config["KEYS"].signing
    attempt(
        lambda session: pengumuman.approve(session, head_id, seed=seed, **signed()),
        f"{kode} disetujui, ditandatangani, dan terbit.",
    )
    return redirect(url_for(".announcement", kode=kode), 303)


@bp.post("/pengumuman/<kode>/periksa")
def check(kode: str) -> ResponseReturnValue:
    """Recompute digest, signature and the whole list."""
    head = _head(kode)
    found = verify(db.session(), head, public_key(current_app.config["KEYS"].signing))
    with transaction() as session:
        told = {"at": clock.now(), "by": signed()["by"], "temuan": len(found)}
        audit.record(session, act="periksa pengumuman", subject=kode, **told)
    for finding in found[:SHOWN_FINDINGS]:
        flash(f"Tidak cocok. {finding}")
    if not found:
        flash(f"{kode} cocok: sidik jari, tanda tangan, banyak baris, dan setiap isi.")
    return redirect(url_for(".announcement", kode=kode), 303)


def _head(kode: str) -> Pengumuman:
    found: Pengumuman = db.first_or_404(select(Pengumuman).where(Pengumuman.kode == kode))
    return found
