"""The page of the bank's health."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from web import clock
from web.db import db
from web.operations.kisi_kisi.ambang import ambang_pool
from web.operations.kisi_kisi.kata import advice, band_names
from web.operations.kisi_kisi.kesehatan import health_of
from web.pools import charts, queries
from web.pools.blueprint import bp


@bp.get("/kesehatan")
def health() -> ResponseReturnValue:
    """What the bank can do for a blueprint, and what writers should write."""
    newest = [rows[0] for _, rows in queries.version_groups()]
    wanted = request.args.get("kisi_kisi")
    if wanted is not None:
        chosen = queries.get_version(wanted)
    elif newest:
        chosen = newest[0]
    else:
        return render_template("pools/kesehatan.html", newest=[], chosen=None)
    need = ambang_pool().kebutuhan
    parts = health_of(db.session(), chosen, clock.now())
    return render_template(
        "pools/kesehatan.html",
        newest=newest,
        chosen=chosen,
        parts=parts,
        need=need,
        ambang=ambang_pool(),
        bands=band_names(need.edges),
        advice={part.health.part: advice(part.health, need) for part in parts},
        charts={part.health.part: charts.information_chart(part.health) for part in parts},
        ages={part.health.part: charts.usage(part, clock.now()) for part in parts},
    )
