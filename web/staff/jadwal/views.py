"""Pages of the calendar: the list of sesi, one sesi, new ones alone or from a day's pattern."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from cat.errors import BadInput
from web import clock
from web.db import db
from web.formatting import tanggal
from web.operations.jadwal import sesi as calendar
from web.operations.jadwal.denah import denah_of
from web.operations.jadwal.lokasi import rooms_in, rooms_of
from web.operations.jadwal.pelaksanaan import aturan_pelaksanaan, versions
from web.operations.jadwal.perubahan import pending
from web.operations.jadwal.syarat import agree, longest_minutes, ujian_yang_ada
from web.operations.jadwal.waktu import jendela_of, moment
from web.operations.pools import get_pool, get_rules
from web.staff.jadwal import queries
from web.staff.jadwal.blueprint import ID, attempt, bp, sentence, signed
from web.staff.jadwal.forms import PatternForm, SesiForm, TermsForm
from web.tables import Ruang, Sesi, TitikLokasi

SHOWN_DAYS = 30


@bp.get("/")
def index() -> ResponseReturnValue:
    """The calendar, filtered."""
    wanted = _wanted()
    return render_template(
        "staff/jadwal/index.html",
        days=queries.calendar(wanted),
        wanted=wanted,
        sites=queries.sites(),
        states=queries.STATES,
        waiting=len(pending(db.session())),
    )


@bp.get(f"/sesi/{ID.format('sesi_id')}")
def sesi(sesi_id: int) -> ResponseReturnValue:
    """One sesi: terms, hours, rooms with their seats, people."""
    session, chosen = db.session(), db.get_or_404(Sesi, sesi_id)
    wanted = request.args.get("cari", "").strip()[:60]
    page = min(max(request.args.get("hal", 1, type=int), 1), 1000)
    people, found = queries.people(sesi_id, wanted, page)
    return render_template(
        "staff/jadwal/sesi.html",
        sesi=chosen,
        row=queries.with_counts([chosen])[0],
        states=queries.STATES,
        jendela=jendela_of(session, chosen),
        terms=_terms(session, chosen),
        rooms=[(room, denah_of(room)) for room in rooms_in(session, sesi_id)],
        taken=queries.taken_seats(sesi_id),
        people=people,
        found=found,
        wanted=wanted,
        page=page,
        pages=-(-found // queries.PER_PAGE),
        before=session.get(Sesi, chosen.pengganti_dari) if chosen.pengganti_dari else None,
    )


@bp.get("/sesi/baru")
def where() -> ResponseReturnValue:
    """At which site a sesi is to be made."""
    return render_template(
        "staff/jadwal/di_mana.html", sites=queries.sites(), sizes=queries.site_sizes()
    )


@bp.route(f"/lokasi/{ID.format('site_id')}/sesi-baru", methods=["GET", "POST"])
def new(site_id: int) -> ResponseReturnValue:
    """Make one sesi."""
    site, form = db.get_or_404(TitikLokasi, site_id), SesiForm()
    rooms = _offer(form, site)
    if form.is_submitted():

        def make(session: Session) -> Sesi:
            terms = agree(session, form.kunci, form.tanggal.data, pool_digest=form.pool)
            starts_at = moment(form.tanggal.data, form.jam.data, site.zona)
            return calendar.create(
                session,
                site,
                _chosen(session, form),
                terms,
                nama=form.nama.data,
                starts_at=starts_at,
                **signed(),
            )

        if (made := attempt(form, make)) is not None:
            flash(f"Sesi {made.nama} dibuat.")
            return redirect(url_for(".sesi", sesi_id=made.id), 303)
    page = render_template("staff/jadwal/baru.html", form=form, site=site, rooms=rooms)
    return page, 422 if form.errors else 200


@bp.route(f"/lokasi/{ID.format('site_id')}/pola", methods=["GET", "POST"])
def pattern(site_id: int) -> ResponseReturnValue:
    """Plan the sesi of many days from a pattern, look at them, make them."""
    site, form = db.get_or_404(TitikLokasi, site_id), PatternForm()
    rooms = _offer(form, site)
    rules = aturan_pelaksanaan(db.session(), form.dari.data or clock.today())
    form.pola.choices = [(each.kode, each.nama) for each in rules.pola]
    plans: list[calendar.Rencana] = []
    if form.is_submitted():
        found = attempt(form, lambda session: _plan(session, site, form))
        plans = found or []
        if plans and form.buat.data and not any(plan.bentrok for plan in plans):
            made = attempt(form, lambda session: _make(session, site, form, plans))
            if made:
                flash(f"{made} sesi dibuat.")
                target = {"site": site.id, "dari": form.dari.data, "sampai": form.sampai.data}
                return redirect(url_for(".index", **target), 303)
    page = render_template(
        "staff/jadwal/pola.html", form=form, site=site, rooms=rooms, rules=rules, plans=plans
    )
    return page, 422 if form.errors or any(plan.bentrok for plan in plans) else 200


@bp.get("/aturan")
def rules() -> ResponseReturnValue:
    """The figures and patterns of exam days, with their sources."""
    session = db.session()
    return render_template(
        "staff/jadwal/aturan.html",
        rules=aturan_pelaksanaan(session, clock.today()),
        versions=versions(session),
    )


def _wanted() -> queries.Saringan:
    today = clock.today()
    dari = _day(request.args.get("dari")) or today
    sampai = _day(request.args.get("sampai")) or max(dari, today) + timedelta(days=SHOWN_DAYS)
    keadaan = request.args.get("keadaan", "")
    return queries.Saringan(
        site=min(request.args.get("site", 0, type=int), 2_147_483_647),
        dari=min(dari, sampai),
        sampai=max(dari, sampai),
        keadaan=keadaan if keadaan in queries.STATES else "",
    )


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _offer(form: TermsForm, site: TitikLokasi) -> list[tuple[Ruang, int]]:
    """Fill the lists of a form; returns the rooms of the site with their seats."""
    session = db.session()
    rooms = rooms_of(session, site.id)
    form.offer(
        ujian_yang_ada(session, clock.today()), rooms, lambda pool: tanggal(pool.published_at)
    )
    return [(room, denah_of(room).kapasitas) for room in rooms]


def _chosen(session: Session, form: TermsForm) -> list[Ruang]:
    order = Ruang.kursi_awal, Ruang.nama
    return list(
        session.scalars(select(Ruang).where(Ruang.id.in_(form.ruang.data)).order_by(*order))
    )


def _plan(session: Session, site: TitikLokasi, form: PatternForm) -> list[calendar.Rencana]:
    terms = agree(session, form.kunci, form.dari.data, pool_digest=form.pool)
    return calendar.plan_days(
        session,
        site,
        _chosen(session, form),
        terms,
        pola=form.pola.data,
        first=form.dari.data,
        last=form.sampai.data,
        label=" ".join(form.label.data.split()),
        without=_days(form.kecuali.data or ""),
        now=clock.now(),
    )


def _make(
    session: Session, site: TitikLokasi, form: PatternForm, plans: list[calendar.Rencana]
) -> int:
    terms = agree(session, form.kunci, form.dari.data, pool_digest=form.pool)
    rooms = _chosen(session, form)
    for plan in plans:
        calendar.create(
            session, site, rooms, terms, nama=plan.nama, starts_at=plan.starts_at, **signed()
        )
    return len(plans)


def _days(text: str) -> list[date]:
    found = []
    for piece in re.split(r"[;,\s]+", text.strip()):
        if not piece:
            continue
        try:
            day, month, year = (int(part) for part in piece.split("-"))
            found.append(date(year, month, day))
        except (ValueError, OverflowError) as error:
            raise BadInput(f"kecuali tanggal {piece[:20]!r}: tulis hh-bb-tttt") from error
    return found


def _terms(session: Session, chosen: Sesi) -> dict[str, Any]:
    """Test, mode, pool and working time in words; empty for a sesi without terms of its own."""
    if chosen.rules_digest is None or chosen.pool_digest is None:
        return {}
    try:
        rules = get_rules(session, chosen.rules_digest)
        pool = get_pool(session, chosen.pool_digest)
    except BadInput as error:
        return {"problem": sentence(error)}
    return {"rules": rules, "pool": pool, "menit": longest_minutes(rules)}
