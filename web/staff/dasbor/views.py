"""The dashboard: attendance, nilai, pass rates and fairness, as they stand now."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from web import clock
from web.access import STAF, role_required
from web.db import db
from web.operations.dasbor import figures
from web.operations.dasbor.scope import Scope
from web.operations.pools import find_rules
from web.staff.dasbor import queries

bp = Blueprint("dasbor", __name__, url_prefix="/staf/dasbor")
bp.before_request(role_required(STAF))


@bp.get("/")
def index() -> ResponseReturnValue:
    """One year's selection, all agencies or one; `menurut` chooses the table of groups."""
    years = queries.years()
    if not years:
        return render_template("staff/dasbor/empty.html")
    tahun = request.args.get("tahun", type=int) or years[0]
    dimension = request.args.get("menurut", "formasi_id")
    if tahun not in years or dimension not in figures.DIMENSIONS:
        abort(404)
    agencies = queries.agencies(tahun)
    chosen = request.args.get("instansi", type=int)
    if chosen is not None and chosen not in {agency.id for agency in agencies}:
        abort(404)
    rules = find_rules(db.session(), f"cpns-{tahun}", clock.today())
    scope = Scope(tahun, chosen)
    return render_template(
        "staff/dasbor/index.html",
        years=years,
        agencies=agencies,
        scope=scope,
        dimension=dimension,
        dimensions=figures.DIMENSIONS,
        rules=rules,
        overall=queries.overall(scope, rules),
        groups=queries.breakdown(scope, rules, dimension),
        spreads=queries.spreads(scope, rules),
        fairness=queries.fairness(scope, rules),
        indicators=figures.indicators(),
        now=clock.now(),
    )
